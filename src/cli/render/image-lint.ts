/** What was found about an image, for people. */
import { printable } from "../../author/diagnostics.ts";
import type { ImageLint } from "../../select/lint-image.ts";
import { shortDigest, variantWords } from "../../select/variant-words.ts";
import { countFindings, countWords } from "../findings.ts";
import type { Paint } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";
import { diagnosticsText } from "./diagnostics.ts";
import { head } from "./ranking.ts";
import { reasonLines, verdictTone } from "./verdict.ts";

export function imageLintText(lint: ImageLint, paint: Paint): string {
  const { answer, diagnostics, subjects, findings, picks } = lint;
  const lines = [...head(answer, paint), "", "What each tool takes from this index on this host today:"];
  const rows = picks.map(({ tool, candidate, why }): Cell[] => {
    if (candidate === null)
      return [
        { text: tool, tone: "strong" },
        { text: "nothing", tone: "unsure" },
        { text: "" },
        { text: why, tone: "faint" },
      ];
    const { verdict } = candidate.ranked;
    return [
      { text: tool, tone: "strong" },
      { text: verdict, tone: verdictTone(verdict) },
      { text: shortDigest(candidate.digest), tone: "faint" },
      { text: variantWords(candidate) },
    ];
  });
  const { chosen } = answer;
  const own: Cell[] =
    chosen === null
      ? [
          { text: "hostfit", tone: "strong" },
          { text: "nothing", tone: "unsure" },
        ]
      : [
          { text: "hostfit", tone: "strong" },
          { text: chosen.ranked.verdict, tone: verdictTone(chosen.ranked.verdict) },
          { text: shortDigest(chosen.digest), tone: "faint" },
          { text: variantWords(chosen) },
        ];
  lines.push(...columns([...rows, own], paint, "  "));
  const said = new Set<string>();
  for (const { candidate } of picks) {
    if (candidate === null || candidate.ranked.verdict !== "incompatible" || said.has(candidate.digest))
      continue;
    said.add(candidate.digest);
    lines.push(
      "",
      `${variantWords(candidate)} ${paint("faint", shortDigest(candidate.digest))} does not fit:`,
    );
    lines.push(...reasonLines(candidate.ranked, paint, "  ", answer.policy));
  }
  lines.push("");
  for (const [digest, about] of subjects) {
    const own = diagnostics.filter(({ file }) => file === digest);
    if (own.length === 0) continue;
    lines.push(`${paint("strong", "the document of")} ${about}`, diagnosticsText(own, paint).trimEnd(), "");
  }
  for (const { severity, code, message, help } of findings) {
    lines.push(
      `${paint(severity === "error" ? "bad" : "unsure", `${severity} ${code}:`)} ${printable(message)}`,
    );
    if (help !== null) lines.push(`    help: ${printable(help)}`);
  }
  const counts = countFindings([...diagnostics, ...findings]);
  lines.push(paint(counts.errors > 0 ? "bad" : counts.warnings > 0 ? "unsure" : "good", countWords(counts)));
  return `${lines.join("\n")}\n`;
}
