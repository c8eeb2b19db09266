/** `hostfit rank`: all variants in order. */
import { rankingJson } from "../answers.ts";
import type { CommandModule } from "../command.ts";
import { UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { rankingText } from "../render/ranking.ts";
import { judge } from "../session.ts";
import { choiceStatus } from "./select.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const answer = await judge(argument, options, io);
  if (options.quiet) {
    for (const { ranked, reference } of answer.candidates) {
      const usable =
        ranked.verdict === "compatible" || (ranked.verdict === "undetermined" && options.allowUndetermined);
      if (usable) io.stdout.write(`${reference}\n`);
    }
  } else {
    writeAnswer(io, options.output, rankingJson(answer), (paint) => rankingText(answer, paint));
  }
  return choiceStatus(answer);
};
