import { fileURLToPath } from "node:url";
import type { Io } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

/** The repository: what paths in tests' command lines start from. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** The streams that are terminals. */
  readonly tty?: "both" | "none";
  /** Of the terminals; 100 by default. */
  readonly columns?: number;
}

/** Runs a command line in this process, as main.ts would. */
export async function hostfit(argv: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const isTTY = around.tty === "both";
  const sink = (name: "stdout" | "stderr") => ({
    isTTY,
    ...(isTTY ? { columns: around.columns ?? 100 } : {}),
    write: (text: string) => {
      written[name] += text;
    },
  });
  const io: Io = {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    env: around.env ?? {},
    cwd: around.cwd ?? ROOT,
    stdin: async () => new TextEncoder().encode(around.stdin ?? ""),
  };
  const status = await run(argv, io);
  return { status, ...written };
}
