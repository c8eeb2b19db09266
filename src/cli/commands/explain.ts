/** `hostfit explain`: what a word of a document means. */
import { printable } from "../../author/diagnostics.ts";
import { explainTerm } from "../../author/vocabulary/explain.ts";
import { catalogOf, shippedVocabularies } from "../../probe/vocabulary/catalog.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { explanationsText } from "../render/explanation.ts";
import { vocabulariesOf } from "../vocabularies.ts";

export const run: CommandModule["run"] = async ({ argument, rest, options, io }) => {
  if (argument === undefined) throw new UsageError("a term is needed");
  const catalog = catalogOf(await shippedVocabularies(), await vocabulariesOf(options, io));
  const term = [argument, ...rest].join(" ");
  const explanations = explainTerm(term, catalog);
  const answer = { apiVersion: "hostfit/v1.0", kind: "Explanation", term, explanations };
  writeAnswer(io, options, answer, {
    text: (paint) => explanationsText(explanations, paint),
    quiet: () => [...new Set(explanations.flatMap((one) => one.documentation ?? []))].map(printable),
  });
  return ExitStatus.compatible;
};
