/** `hostfit rank`: all variants in order. */
import type { ImageAnswer, JudgedCandidate } from "../../select/answer.ts";
import { rankingJson } from "../answers.ts";
import type { CommandModule } from "../command.ts";
import { UsageError } from "../exit.ts";
import type { Options } from "../options.ts";
import { writeAnswer } from "../output.ts";
import { writeHostNotes } from "../render/notes.ts";
import { rankingText } from "../render/ranking.ts";
import { judge } from "../session.ts";
import { choiceStatus } from "./select.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const answer = await judge(argument, options, io);
  writeAnswer(io, options, rankingJson(answer), {
    text: (paint) => rankingText(answer, paint),
    quiet: () => usable(answer, options).map(({ reference }) => reference),
  });
  const status = choiceStatus(answer);
  writeHostNotes(io, options, answer.host, status);
  return status;
};

/** Those that can be run: the ones that fit, and if it is allowed the ones that may. */
function usable({ candidates }: ImageAnswer, { allowUndetermined }: Options): readonly JudgedCandidate[] {
  return candidates.filter(
    ({ ranked: { verdict } }) =>
      verdict === "compatible" || (verdict === "undetermined" && allowUndetermined),
  );
}
