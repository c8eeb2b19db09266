/** A check for people: the verdict first, then why. */
import type { Verdict } from "../../../bindings/js/types.ts";
import { printable } from "../../author/diagnostics.ts";
import type { ImageAnswer, JudgedCandidate } from "../../select/answer.ts";
import type { LoadedHost } from "../../select/host.ts";
import type { ShownPolicy } from "../../select/policy.ts";
import { variantWords } from "../../select/variant-words.ts";
import type { Paint } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";
import { headCells, hostLine, noteLines, policyLine, preferenceLines } from "./ranking.ts";
import { reasonLines, verdictTone } from "./verdict.ts";

const WHY = { platform: "the best of that platform", only: "the only one" } as const;

const CHOICE = {
  compatible: "the one that would be chosen",
  undetermined: "the nearest, as nothing is known to fit",
  incompatible: "the nearest, as nothing fits",
} as const;

/** `check IMAGE`. */
export function checkText(
  answer: ImageAnswer,
  candidate: JudgedCandidate,
  by: "platform" | "choice" | "only",
  paint: Paint,
): string {
  const { ranked } = candidate;
  const why = by === "choice" ? CHOICE[ranked.verdict] : WHY[by];
  const lines = [
    ...columns(
      [
        ...headCells(answer),
        [
          { text: "judged", tone: "faint" },
          { text: `${variantWords(candidate)}, ${why}` },
          { text: candidate.digest, tone: "faint" },
        ],
      ],
      paint,
    ),
    "",
    ...verdictLines(ranked, answer.policy, paint),
    ...noteLines(answer.notes, paint),
  ];
  return `${lines.join("\n")}\n`;
}

/** `check --requirements`. */
export function documentCheckText(
  verdict: Verdict,
  { host, policy, file }: { host: LoadedHost; policy: ShownPolicy | null; file: string },
  paint: Paint,
): string {
  const document: Cell[] = [{ text: "document", tone: "faint" }, { text: printable(file) }];
  const lines = [
    ...columns([document, hostLine(host), ...policyLine(policy)], paint),
    "",
    ...verdictLines(verdict, policy, paint),
  ];
  return `${lines.join("\n")}\n`;
}

function verdictLines(verdict: Verdict, policy: ShownPolicy | null, paint: Paint): string[] {
  const score = verdict.maxScore > 0 ? ` (score ${verdict.score} of ${verdict.maxScore})` : "";
  const runtime =
    verdict.runtime === null || verdict.verdict === "incompatible"
      ? ""
      : `, runtime ${printable(verdict.runtime.type)}`;
  return [
    `${paint(verdictTone(verdict.verdict), verdict.verdict)}${score}${runtime}`,
    ...reasonLines(verdict, paint, "  ", policy),
    ...preferenceLines(verdict, paint, "  "),
  ];
}
