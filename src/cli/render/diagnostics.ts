/** Findings about a file in the form `file:line:column: error code: message`, which editors read, with colour. */
import { type Diagnostic, printable, sortDiagnostics } from "../../author/diagnostics.ts";
import { countFindings, countWords } from "../findings.ts";
import type { Paint } from "../paint.ts";

/** All findings about a file, and how many there are. */
export function findingsText(file: string, diagnostics: readonly Diagnostic[], paint: Paint): string {
  const counts = countFindings(diagnostics);
  const tone = counts.errors > 0 ? "bad" : counts.warnings > 0 ? "unsure" : "good";
  return `${diagnosticsText(diagnostics, paint)}${printable(file)}: ${paint(tone, countWords(counts))}\n`;
}

/** Every finding with its place, the line it stands on, its JSON Pointer and what to do; nothing gives "". */
export function diagnosticsText(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const lines: string[] = [];
  for (const one of sortDiagnostics(diagnostics)) {
    const place = paint("strong", `${printable(one.file)}:${one.line}:${one.column}:`);
    const kind = paint(one.severity === "error" ? "bad" : "unsure", `${one.severity} ${one.code}:`);
    lines.push(`${place} ${kind} ${printable(one.message)}`);
    if (one.excerpt !== undefined) {
      lines.push(`    ${one.excerpt.text}`, `    ${" ".repeat(one.excerpt.caret)}${paint("bad", "^")}`);
    }
    if (one.pointer !== undefined && one.pointer !== "") {
      lines.push(`    ${paint("faint", "at")}   ${printable(one.pointer)}`);
    }
    lines.push(`    ${paint("faint", "help")} ${printable(one.help)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
