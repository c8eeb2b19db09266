/** The words for a verdict, and the lines for its reasons. */
import type { Verdict, VerdictValue } from "../../../bindings/js/types.ts";
import type { Paint, Tone } from "../paint.ts";
import { reasonWords } from "./reason.ts";

/** The tone of a verdict. */
export function verdictTone(verdict: VerdictValue): Tone {
  return verdict === "compatible" ? "good" : verdict === "incompatible" ? "bad" : "unsure";
}

/**
 * One line for each reason, and the author's notes below it (once, where several reasons share them). Reasons of one
 * `any` are alternatives: it would be enough to mend one of them.
 */
export function reasonLines(
  answer: Pick<Verdict, "verdict" | "reasons" | "omitted">,
  paint: Paint,
  indent: string,
): string[] {
  const lines: string[] = [];
  let within: string | null = null;
  let said = "";
  for (const reason of answer.reasons) {
    const words = reasonWords(reason, answer.verdict);
    const group = reason.within === null ? null : `${reason.document} ${reason.within}`;
    if (group !== null && group !== within)
      lines.push(
        `${indent}${paint("faint", answer.verdict === "compatible" ? "of alternatives:" : "one of these would do:")}`,
      );
    within = group;
    const inner = group === null ? indent : `${indent}  `;
    const label = words.label === null ? "" : `${paint("strong", `${words.label}:`)} `;
    lines.push(`${inner}${label}${words.text}`);
    const notes = words.notes.join(" ");
    if (notes !== said) {
      for (const note of words.notes) lines.push(`${inner}  ${paint("faint", note)}`);
    }
    said = notes;
  }
  if (answer.omitted > 0) lines.push(`${indent}and ${answer.omitted} more`);
  return lines;
}
