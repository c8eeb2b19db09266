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
  const measured = { time: "time", rate: "rate", bytes: "memory" }[comparison.unit];
  const columns = [comparison.title, "ratio", "steps", measured, "best", "aim", "what it can't say"];
  const rows = linesOf(comparison, run.calibration).map(
    ({ name, ratio, steps, amount, best, aim, lacks }) => [name, ratio, steps, amount, best, aim, lacks],
  );
  const kept = columns.map((_, column) => rows.some((row) => row[column] !== ""));
  const rowOf = (row: readonly string[]): string =>
    `| ${row.filter((_, column) => kept[column]).join(" | ")} |`;
  const rule = rowOf(columns.map((_, column) => (column > 0 && column < 5 ? "---:" : "---")));
  return [rowOf(columns), rule, ...rows.map(rowOf)].join("\n");
}

/** A page with the part between its two marks replaced. */
export function quoted(page: string, tables: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks the marks ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n${tables}${page.slice(end)}`;
}
