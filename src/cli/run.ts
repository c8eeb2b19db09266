/** The command line from arguments to exit status, without the process: what tests call. */

import type { ExitStatus } from "./exit.ts";
import { reportFailure } from "./failure.ts";
import type { Io } from "./io.ts";
import { withPathAdvice } from "./local-path.ts";
import type { Options } from "./options.ts";
import { parse } from "./program.ts";

/**
 * Runs one command line (`argv` without node and script). Never throws: what goes wrong is written to stderr in one
 * form, and comes back as the exit status.
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitStatus> {
  let options: Options | undefined;
  try {
    return await parse(argv, io, async (spec, argument, rest, given) => {
      options = given;
      const command = await spec.load();
      try {
        return await command.run({
          ...(argument === undefined ? {} : { argument }),
          rest,
          options: given,
          io,
        });
      } catch (error) {
        throw await withPathAdvice(
          error,
          spec,
          [...(argument === undefined ? [] : [argument]), ...rest],
          io.cwd,
        );
      }
    });
  } catch (error) {
    return reportFailure(error, io, options ?? optionsBeforeParsing(argv));
  }
}

/** A command line that could not be parsed may still have said in which form it wants to hear of it. */
function optionsBeforeParsing(argv: readonly string[]): Pick<Options, "debug" | "output"> {
  const json = /(?:^| )(?:-o|--output)[ =]?json(?: |$)/.test(argv.join(" "));
  return { debug: argv.includes("--debug"), output: json ? "json" : "text" };
}
