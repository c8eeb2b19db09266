/**
 * The command line as data: the parser, `--help`, the completions and the tests of docs/cli.md are all made from this
 * table. Options are declared in options.ts; what each command takes stands in the file of its subject.
 */
import type { CommandSpec } from "./command-spec.ts";
import { FLEETS } from "./table/fleets.ts";
import { JUDGING } from "./table/judging.ts";
import { PUBLISHING } from "./table/publishing.ts";
import { SHELL } from "./table/shell.ts";
import { VOCABULARIES } from "./table/vocabularies.ts";

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly CommandSpec[] = [
  ...JUDGING,
  ...FLEETS,
  ...PUBLISHING,
  ...VOCABULARIES,
  ...SHELL,
];
