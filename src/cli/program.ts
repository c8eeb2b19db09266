/** Builds the parser from the command table. */
import { Command, CommanderError, Option } from "commander";
import type { CommandSpec } from "./command-spec.ts";
import { type ExitStatus, ExitStatus as Status, UsageError } from "./exit.ts";
import type { Io } from "./io.ts";
import { GLOBAL_OPTIONS, OPTIONS, type OptionSpec, type Options, readOptions } from "./options.ts";
import { COMMANDS } from "./table.ts";
import { VERSION } from "./version.ts";

/** What to do with a parsed command line. */
export type Dispatch = (
  spec: CommandSpec,
  argument: string | undefined,
  rest: readonly string[],
  options: Options,
) => Promise<ExitStatus>;

/**
 * Parses a command line and hands it to `dispatch`; help and version are answered here. Throws UsageError for
 * anything that can't be understood, and whatever `dispatch` throws.
 */
export async function parse(argv: readonly string[], io: Io, dispatch: Dispatch): Promise<ExitStatus> {
  if (argv.length === 0) {
    io.stdout.write(firstSteps());
    return Status.compatible;
  }
  let status: ExitStatus = Status.compatible;
  const program = newCommand("hostfit", io)
    .description("Does this container image fit this host, and which of its variants fits best?")
    .version(VERSION, "-V, --version", "print the version")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", EXIT_HELP);
  for (const spec of COMMANDS) {
    const command = newCommand(spec.name, io).summary(spec.summary).description(spec.description);
    if (spec.argument !== undefined) {
      const { name, required, summary } = spec.argument;
      command.argument(required ? `<${name}>` : `[${name}]`, summary);
    }
    if (spec.rest !== undefined) {
      const { name, required, summary } = spec.rest;
      command.argument(required ? `<${name}...>` : `[${name}...]`, summary);
    }
    for (const option of [...spec.options, ...GLOBAL_OPTIONS]) command.addOption(commanderOption(option));
    command.addHelpText("after", exampleHelp(spec));
    command.action(async (...given: unknown[]) => {
      const argument = spec.argument === undefined ? undefined : given[0];
      const raw: Record<string, unknown> = command.opts();
      refuseEmpty(spec, given, raw);
      const rest = spec.rest !== undefined && Array.isArray(given[1]) ? (given[1] as string[]) : [];
      status = await dispatch(
        spec,
        typeof argument === "string" ? argument : undefined,
        rest,
        readOptions(raw),
      );
    });
    program.addCommand(command);
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return Status.compatible;
    throw usageOf(error, argv);
  }
  return status;
}

function newCommand(name: string, io: Io): Command {
  return new Command(name)
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .configureHelp({
      helpWidth: Math.min(io.stdout.columns ?? 100, 110),
      minWidthToWrap: 20,
      // Each command's own help says what it takes.
      subcommandTerm: (command) => command.name(),
    })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // What commander would write here is thrown as a UsageError instead, and written once, in one form.
      writeErr: () => {},
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

function commanderOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.summary).helpGroup(`${spec.group}:`);
  if (spec.repeats === true) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  if (spec.choices !== undefined) option.choices([...spec.choices]);
  if (spec.fallback !== undefined) option.default(spec.fallback);
  return option;
}

/** An argument or a value that is empty comes from a shell's variable that isn't set, and means nothing. */
function refuseEmpty(
  spec: CommandSpec,
  given: readonly unknown[],
  raw: Readonly<Record<string, unknown>>,
): void {
  const help = "is the variable set? run: hostfit ";
  if (given.slice(0, 2).flat().includes("")) {
    throw new UsageError("an argument is empty", `${help}${spec.name} --help`);
  }
  for (const [name, value] of Object.entries(raw)) {
    if (![value].flat().includes("")) continue;
    const { flags }: OptionSpec = OPTIONS[name as keyof typeof OPTIONS];
    throw new UsageError(`the value of ${flags.split(" ").at(-2)} is empty`, `${help}${spec.name} --help`);
  }
}

/** The commander's words for a mistake, in ours. */
function usageOf(error: CommanderError, argv: readonly string[]): UsageError {
  const command = COMMANDS.find((spec) => argv.includes(spec.name));
  const where = command === undefined ? "hostfit --help" : `hostfit ${command.name} --help`;
  if (error.code === "commander.help") {
    const named = argv[0] === "help" ? argv[1] : undefined;
    const message =
      named === undefined ? "a command is needed" : `there is no command ${JSON.stringify(named)}`;
    return new UsageError(message, "run: hostfit --help");
  }
  const message = error.message
    .replace(/^error: /, "")
    .replace(/\n\(Did you mean (.*)\?\)$/s, "; did you mean $1?");
  const [example] = command?.examples ?? [];
  return new UsageError(
    message,
    example === undefined ? `run: ${where}` : `for example: ${example.line}; more: ${where}`,
  );
}

const EXIT_HELP = `
Exit status:
  0  compatible, chosen, or nothing wrong
  1  incompatible, nothing fits
  2  undetermined: facts are missing
  3  the command line is wrong
  4  a file, document or image is wrong or not there
  5  the registry can't be reached
  6  refused by the policy
  7  a document of an unsupported version

Help of one command, with examples: hostfit help select`;

function exampleHelp(spec: CommandSpec): string {
  return `\nExamples:\n${spec.examples.map(({ line, says }) => `  $ ${line}\n      ${says}`).join("\n")}`;
}

/** What `hostfit` alone shows: not everything that it can do, but what to do first. */
function firstSteps(): string {
  return `hostfit: does this container image fit this host, and which of its variants fits best?

  hostfit probe            what this machine is
  hostfit select IMAGE     which variant of an image to run here, and why that one
  hostfit check IMAGE      whether it fits here, and if not, what is missing
  hostfit inspect IMAGE    what an image says it needs
  hostfit lint FILE        whether a document is written as it should be

IMAGE is registry/repo:tag, or oci:DIR for an image layout in a folder.
All commands: hostfit --help. One command: hostfit help select.
`;
}
