/** `hostfit probe`: this machine's facts, or where each of them comes from. */
import { printable } from "../../author/diagnostics.ts";
import { probe } from "../../probe/probe.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus } from "../exit.ts";
import { readVocabularies } from "../files.ts";
import { writeAnswer } from "../output.ts";
import { painterFor } from "../paint.ts";
import { factsText } from "../render/facts.ts";

export const run: CommandModule["run"] = async ({ options, io }) => {
  const { host, sources, notes } = await probe({
    root: options.hostRoot ?? "/",
    redact: options.redact,
    ...(options.only.length === 0 ? {} : { only: options.only }),
    ...(options.except.length === 0 ? {} : { except: options.except }),
    vocabularies: await readVocabularies(options.vocabulary, io),
  });
  if (options.sources) {
    const { sourcesText } = await import("../render/sources.ts");
    const answer = { apiVersion: "hostfit/v1.0", kind: "Sources", host: host.name, sources };
    writeAnswer(io, options.output, answer, (paint) => sourcesText(sources, paint));
  } else writeAnswer(io, options.output, host, (paint) => factsText(host, paint));
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
