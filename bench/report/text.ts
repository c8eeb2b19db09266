import type { CaseResult, Comparison, Figure } from "../bench-case.ts";
import type { Calibration } from "../measure/calibration.ts";
import { figureText, linesOf, timeText } from "./lines.ts";

/** For a terminal: ratios and calibrated numbers first, then times, which only mean something on one machine. */
export function calibrationText({ arithmetic, memory }: Calibration): string {
  return `calibration: a step of arithmetic ${timeText(arithmetic.median)}, a step through memory ${timeText(memory.median)}`;
}

export function caseText(title: string, result: CaseResult, calibration: Calibration): string {
  const parts = [`\n${title}`];
  for (const comparison of result.comparisons) parts.push(comparisonText(comparison, calibration));
  if (result.figures !== undefined) parts.push(figuresText(result.figures));
  for (const missing of result.missing ?? []) parts.push(`  missing: ${missing}`);
  return parts.join("\n");
}

function comparisonText(comparison: Comparison, calibration: Calibration): string {
  const header = ["ratio", "steps", comparison.unit, "best", "", ""];
  const rows = linesOf(comparison, calibration).map(({ ratio, steps, amount, best, name, aim }) => [
    ratio,
    steps,
    amount,
    best,
    name,
    aim,
  ]);
  return [
    `  ${comparison.title}`,
    ...aligned([header, ...rows], 4),
    ...(comparison.notes ?? []).map((note) => `    ${note}`),
  ].join("\n");
}

function figuresText(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figureText(figure), figure.name]);
  return aligned(rows, 1).join("\n");
}

/** Columns; the first `numbers` of them stand at the right. */
function aligned(rows: readonly (readonly string[])[], numbers: number): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column < numbers ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    );
    return `    ${cells.join("  ").trimEnd()}`;
  });
}
