#!/usr/bin/env node
/** The `hostfit` program: the one place that touches the process. */
import { reportFailure } from "./failure.ts";
import type { Io, Sink } from "./io.ts";
import { run } from "./run.ts";

/** A reader that has seen enough (`| head`) closes the pipe: that is no error, and nobody is left to be told. */
function endQuietlyOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    if (stream !== process.stderr) process.stderr.write(`hostfit: error output-failed: ${error.message}\n`);
    process.exit(74);
  });
}

function sink(stream: NodeJS.WriteStream): Sink {
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    ...(stream.isTTY === true ? { columns: stream.columns } : {}),
  };
}

/** The current folder; where it was removed meanwhile, the root: only absolute paths can be found then. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

async function readStdin(maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    chunks.push(bytes);
    // The reader of the bytes refuses what is too long; this only stops reading a stream without end.
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks);
}

endQuietlyOnClosedPipe(process.stdout);
endQuietlyOnClosedPipe(process.stderr);
const io: Io = {
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  env: process.env,
  cwd: currentFolder(),
  stdin: readStdin,
};
// A promise that nobody waits for is a defect like any other, and is told like one.
process.on("unhandledRejection", (error) => {
  process.exit(reportFailure(error, io, { debug: process.argv.includes("--debug"), output: "text" }));
});
process.exitCode = await run(process.argv.slice(2), io);
