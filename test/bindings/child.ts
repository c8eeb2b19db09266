/** Programs of other languages, run by tests. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface ChildOptions {
  /** From the project's folder, if it isn't absolute. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program that must end well: what it prints. Everything it said is in the error if it doesn't. */
export function runChild(program: string, args: readonly string[], options: ChildOptions = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: resolve(ROOT, options.cwd ?? "."),
    encoding: "utf8",
    env: { ...process.env, ...options.env },
    maxBuffer: 1 << 26,
  });
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(" ")}: status ${status}\n${error ?? ""}${stdout}${stderr}`);
}
