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
 * `any` are what its alternatives lack: one alternative would do, and may lack several things.
 */
export function reasonLines(
  answer: Pick<Verdict, "verdict" | "reasons" | "omitted">,
  paint: Paint,
  indent: string,
): string[] {
  const lines: string[] = [];
  const said = new Set<string>();
  let group: string | null = null;
  const all = reasonWords(answer.reasons, answer.verdict);
  for (const { within, label, text, notes } of all) {
    const alternatives = within === null ? 0 : all.filter((other) => other.within === within).length;
    const grouped = alternatives > 1 && answer.verdict !== "compatible";
    if (grouped && within !== group)
      lines.push(`${indent}${paint("faint", "of these alternatives none holds:")}`);
    group = within;
    const inner = grouped ? `${indent}  ` : indent;
    lines.push(`${inner}${label === null ? "" : `${paint("strong", `${label}:`)} `}${text}`);
    for (const note of notes) {
      if (!said.has(note)) lines.push(`${inner}  ${paint("faint", note)}`);
      said.add(note);
    }
  }
  if (answer.omitted > 0) lines.push(`${indent}and ${answer.omitted} more`);
  return lines;
}
