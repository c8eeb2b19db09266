/** `hostfit probe`: this machine's facts. */
import { printable } from "../../author/diagnostics.ts";
import { probe } from "../../probe/probe.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { painterFor } from "../paint.ts";
import { factsText } from "../render/facts.ts";

export const run: CommandModule["run"] = async ({ options, io }) => {
  const { host, notes } = await probe({ root: options.hostRoot ?? "/" });
  writeAnswer(io, options.output, host, (paint) => factsText(host, paint));
  if (!options.quiet) {
    const paint = painterFor(io.stderr, io.env);
    for (const note of notes) {
      const file = note.file === "" ? "" : ` ${printable(note.file)}:`;
      io.stderr.write(
        `${paint("faint", `note: ${printable(note.feature)}:`)}${file} ${printable(note.message)}\n`,
      );
    }
  }
  return ExitStatus.compatible;
};
