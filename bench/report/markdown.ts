import type { Comparison } from "../bench-case.ts";
import { bytesText, figureText, linesOf, timeText } from "./lines.ts";
import type { Run } from "./run.ts";

const BEGIN = "<!-- measured: begin -->";
const END = "<!-- measured: end -->";

/** The tables that docs/performance.md quotes. */
export function markdown(run: Run): string {
  const { machine, calibration } = run;
  const parts = [
    `Measured on ${run.date.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores, ${bytesText(machine.memory)}, ${machine.system}, Node ${machine.node}; ` +
      `load before the run ${machine.load.map((load) => load.toFixed(1)).join(", ")}. Calibration: a step of arithmetic takes ${timeText(calibration.arithmetic.median)}, ` +
      `a step through 8 MB of memory ${timeText(calibration.memory.median)}.`,
  ];
  for (const { title, comparisons, figures, missing } of run.cases) {
    parts.push(`### ${title}`);
    for (const comparison of comparisons) parts.push(tableOf(comparison, run));
    if (figures !== undefined) {
      parts.push(
        [
          "| | |",
          "| --- | ---: |",
          ...figures.map((figure) => `| ${figure.name} | ${figureText(figure)} |`),
        ].join("\n"),
      );
    }
    for (const reason of missing ?? []) parts.push(`Not measured: ${reason}.`);
  }
  return `${parts.join("\n\n")}\n`;
}

function tableOf(comparison: Comparison, run: Run): string {
  const lines = linesOf(comparison, run.calibration);
  const measured = comparison.unit === "rate" ? "rate" : comparison.unit === "bytes" ? "memory" : "time";
  const columns = [comparison.title, "ratio", "steps", measured, "aim", "what it can't say"];
  const cells = lines.map(({ name, ratio, steps, amount, aim, lacks }) => [
    name,
    ratio,
    steps,
    amount,
    aim,
    lacks,
  ]);
  const kept = columns
    .map((_, i) => i < 4 || cells.some((row) => row[i] !== ""))
    .map((keep, i) => keep && !(i === 2 && comparison.unit === "bytes"));
  const rowOf = (row: readonly string[]): string => `| ${row.filter((_, i) => kept[i]).join(" | ")} |`;
  const rule = rowOf(columns.map((_, i) => (i > 0 && i < 4 ? "---:" : "---")));
  return [rowOf(columns), rule, ...cells.map(rowOf)].join("\n");
}

/** A page with the part between its two marks replaced. */
export function quoted(page: string, tables: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks the marks ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n${tables}${page.slice(end)}`;
}
