/** The form of the command table (table.ts): what is said of a command before its code is loaded. */
import type { CommandModule } from "./command.ts";
import type { OptionSpec, ValueKind } from "./options.ts";

export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly value: ValueKind;
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A paragraph, for the command's own help. */
  readonly description: string;
  readonly argument?: ArgumentSpec;
  /** Further arguments, any number of them. */
  readonly rest?: ArgumentSpec;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly CommandExample[];
  /** Loads the command's code, which nothing else needs. */
  load(): Promise<CommandModule>;
}

/** A command line, and what it is for. */
export interface CommandExample {
  readonly line: string;
  readonly says: string;
}
