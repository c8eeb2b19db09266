/** `hostfit select`: the variant that fits best. */
import type { ImageAnswer } from "../../select/answer.ts";
import { selectionJson } from "../answers.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { writeHostNotes } from "../render/notes.ts";
import { selectionText } from "../render/ranking.ts";
import { judge, throwUnreadable } from "../session.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const answer = await judge(argument, options, io);
  if (answer.chosen === null) throwUnreadable(answer.candidates.slice(0, 1));
  writeAnswer(io, options, selectionJson(answer), {
    text: (paint) => selectionText(answer, paint),
    quiet: () => (answer.chosen === null ? [] : [answer.chosen.reference]),
  });
  const status = choiceStatus(answer);
  writeHostNotes(io, options, answer.host, status);
  return status;
};

/** Chosen; or nothing was, since nothing fits, or since nothing is known to. */
export function choiceStatus(answer: ImageAnswer): ExitStatus {
  if (answer.chosen !== null) return ExitStatus.compatible;
  const possible = answer.candidates.some(({ ranked }) => ranked.verdict === "undetermined");
  return possible ? ExitStatus.undetermined : ExitStatus.incompatible;
}
