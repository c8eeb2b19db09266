/** `hostfit pull`: a document as a file. */
import { pullDocument } from "../../author/publish/pull.ts";
import { parseDigest } from "../../registry/digest.ts";
import { openSource } from "../../registry/open.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeFileWhole } from "../files.ts";
import { registryOf } from "../registry-access.ts";
import { platformOf } from "./attach.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  if (options.digest !== undefined && options.platform !== undefined) {
    throw new UsageError("--digest and --platform contradict each other", "give one of them");
  }
  const { source, reference } = openSource(argument, await registryOf(options, io, "read", [argument]));
  const pulled = await pullDocument(source, reference, {
    which: await platformOf(options.platform),
    ...(options.digest === undefined ? {} : { digest: parseDigest(options.digest, "--digest") }),
  });
  if (options.file === undefined || options.file === "-") {
    io.stdout.write(new TextDecoder("utf-8", { ignoreBOM: true }).decode(pulled.bytes));
  } else {
    await writeFileWhole(options.file, io.cwd, pulled.bytes);
    if (!options.quiet) io.stderr.write(`${options.file}: ${pulled.digest} (${pulled.dialect})\n`);
  }
  return ExitStatus.compatible;
};
