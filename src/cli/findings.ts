/** What a linter's findings come to. */
import type { Severity } from "../author/diagnostics.ts";
import { ExitStatus } from "./exit.ts";

interface Finding {
  readonly severity: Severity;
  readonly code: string;
}

/** Findings by severity. */
export function countFindings(findings: readonly Finding[]): { errors: number; warnings: number } {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: findings.length - errors };
}

/** `2 errors, 1 warning`; nothing gives `nothing wrong`. */
export function countWords({ errors, warnings }: { errors: number; warnings: number }): string {
  const words = (count: number, what: string): string[] =>
    count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`];
  return [...words(errors, "error"), ...words(warnings, "warning")].join(", ") || "nothing wrong";
}

/** An unsupported version is told apart: there is nothing wrong with the document, this program is too old for it. */
export function lintStatus(findings: readonly Finding[], strict: boolean): ExitStatus {
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0 && errors.every(({ code }) => code === "unsupported-version")) {
    return ExitStatus.unsupportedVersion;
  }
  if (errors.length > 0 || (strict && findings.length > 0)) return ExitStatus.badInput;
  return ExitStatus.compatible;
}
