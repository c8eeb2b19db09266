/**
 * What an authoring tool says about a file: one finding, where it is, what to do; and the two forms in which findings
 * leave the program: text for people (`file:line:column: error code: message`) and JSON for programs.
 */
import { HostfitError } from "../errors.ts";

/** A place in a file: both numbers count from 1; columns are Unicode code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `error`: the file can't be used as it is. `warning`: it can, but probably not as its author meant it. */
export type Severity = "error" | "warning";

/** The line that a finding stands on, cut to a readable width, and where in the cut line the caret goes (from 0). */
export interface Excerpt {
  readonly text: string;
  readonly caret: number;
}

/** One finding about a file. */
export interface Diagnostic {
  readonly severity: Severity;
  /** Stable, kebab-case. */
  readonly code: string;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What to do about it. Never empty: a finding that leaves its reader without a next step isn't finished. */
  readonly help: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** RFC 6901; the empty string is the whole document. Absent where the file has no structure yet (syntax). */
  readonly pointer?: string;
  readonly excerpt?: Excerpt;
}

/** A document that can't be read: carries every finding about it. The code is that of the first error. */
export class DocumentError extends HostfitError {
  override readonly name: string = "DocumentError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const sorted = sortDiagnostics(diagnostics);
    const first = sorted.find((one) => one.severity === "error") ?? sorted[0];
    const code = first?.code ?? "document";
    const message =
      first === undefined
        ? "the document can't be read"
        : `${first.file}:${first.line}:${first.column}: ${first.message}`;
    super(code, message, {
      ...(first?.help === undefined ? {} : { help: first.help }),
      details: first === undefined ? {} : { file: first.file, line: first.line, column: first.column },
    });
    this.diagnostics = sorted;
  }
}

/** By file, line, column, errors before warnings, code, message: an order that depends on the findings alone. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareText(a.severity, b.severity) ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}

/** Options of {@link renderDiagnostics}. */
export interface RenderOptions {
  /** `none` leaves the excerpts out: one line a finding, one more for its help. Default `caret`. */
  readonly excerpts?: "caret" | "none";
}

/**
 * The findings as plain text, sorted, each ending in a line break; nothing gives the empty string. Control and
 * direction characters are shown as escapes, because messages quote what strangers wrote.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  const lines: string[] = [];
  for (const one of sortDiagnostics(diagnostics)) {
    lines.push(
      `${printable(one.file)}:${one.line}:${one.column}: ${one.severity} ${one.code}: ${printable(one.message)}`,
    );
    if (one.excerpt !== undefined && options.excerpts !== "none") {
      lines.push(`    ${one.excerpt.text}`, `    ${" ".repeat(one.excerpt.caret)}^`);
    }
    lines.push(`    help: ${printable(one.help)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** A finding as it leaves in JSON: keys in this order, absent ones null. */
export interface DiagnosticJson {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly pointer: string | null;
}

/** The findings for programs, sorted; excerpts are left to the reader, who has the file. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): DiagnosticJson[] {
  return sortDiagnostics(diagnostics).map((one) => ({
    severity: one.severity,
    code: one.code,
    message: one.message,
    help: one.help,
    file: one.file,
    line: one.line,
    column: one.column,
    pointer: one.pointer ?? null,
  }));
}

/** Text that can't move the cursor, colour the terminal or reorder the line: such characters become `\u{...}`. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
