/** What a command's module exports, and what it is given. */

import type { ExitStatus } from "./exit.ts";
import type { Io } from "./io.ts";

export type OutputFormat = "text" | "json" | "yaml";

/** The options of all commands, read and checked; a command looks at those that its table entry lists. */
export interface Options {
  readonly output: OutputFormat;
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly plainHttp: boolean;
  readonly allowUndetermined: boolean;
  readonly strict: boolean;
  readonly facts?: string;
  readonly hostRoot?: string;
  readonly platform?: string;
  readonly requirements?: string;
  readonly policy?: string;
  readonly allPlatforms: boolean;
  readonly all: boolean;
  readonly replace: boolean;
  readonly dryRun: boolean;
  readonly layer?: string;
  readonly created?: string;
  readonly file?: string;
  readonly digest?: string;
  readonly tag?: string;
  readonly as?: string;
  readonly to?: string;
  readonly include: readonly string[];
  readonly fromBase: boolean;
  readonly stale: boolean;
  readonly username?: string;
  readonly passwordStdin: boolean;
  readonly caFile?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure: boolean;
  readonly offline: boolean;
  readonly vocabulary: readonly string[];
  readonly from: readonly string[];
  readonly only: readonly string[];
  readonly except: readonly string[];
  readonly redact: boolean;
  readonly sources: boolean;
}

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
