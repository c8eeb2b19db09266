/** Text in columns. */
import type { Paint, Tone } from "../paint.ts";

/** One cell: text without colour, and its tone. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

/** Lines with cells padded to the widest of their column, two blanks between; no blanks at the end of a line. */
export function columns(rows: readonly (readonly Cell[])[], paint: Paint, indent = ""): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, width(cell.text));
    });
  }
  return rows.map((row) => {
    const last = row.findLastIndex((cell) => cell.text !== "");
    const cells = row.slice(0, last + 1).map((cell, at) => {
      const painted = paint(cell.tone ?? "plain", cell.text);
      return at === last ? painted : painted + " ".repeat((widths[at] ?? 0) - width(cell.text));
    });
    return `${indent}${cells.join("  ")}`;
  });
}

/** Code points: names in images are Latin as a rule, and a column that is off by some blanks is no harm. */
function width(text: string): number {
  return [...text].length;
}
