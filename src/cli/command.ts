/** What a command's module exports, and what it is given. */

import type { ExitStatus } from "./exit.ts";
import type { Io } from "./io.ts";
import type { Options } from "./options.ts";

export interface Invocation {
  readonly argument?: string;
  /** What stands after the first argument; empty where a command takes one only. */
  readonly rest: readonly string[];
  readonly options: Options;
  readonly io: Io;
}

/** One module of commands/. Throws HostfitError; the caller writes it to stderr and finds the exit status. */
export interface CommandModule {
  run(invocation: Invocation): Promise<ExitStatus>;
}
