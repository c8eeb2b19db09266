import type { Comparison } from "../bench-case.ts";
import { amountOf } from "./lines.ts";
import type { Run } from "./run.ts";

const ROW = 18;
const NAMES = 380;
const BARS = 420;
const WIDTH = NAMES + BARS + 110;

/** Bars on a logarithmic scale, one group a comparison; shorter is less time or memory. hostfit's own are dark. */
export function plot(run: Run): string {
  const shapes: string[] = [];
  let y = 24;
  for (const { title, comparisons } of run.cases) {
    for (const comparison of comparisons) {
      shapes.push(text(10, y, `${title}: ${comparison.title}`, 'font-weight="bold"'));
      y += 8;
      for (const [i, shape] of bars(comparison, y).entries()) {
        shapes.push(shape);
        if (i % 3 === 2) y += ROW;
      }
      y += 28;
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...shapes,
    "</svg>\n",
  ].join("\n");
}

/** Three shapes a row: its name, its bar, its amount. */
function bars(comparison: Comparison, top: number): string[] {
  const amounts = comparison.rows.map(({ timing }) => Math.max(timing.median, 1e-3));
  const least = Math.log10(Math.min(...amounts)) - 0.3;
  const span = Math.max(Math.log10(Math.max(...amounts)) - least, 0.3);
  return comparison.rows.flatMap((row, i) => {
    const y = top + i * ROW;
    const length = Math.max(2, ((Math.log10(amounts[i]!) - least) / span) * BARS);
    const own = i === 0 || row.name.startsWith("hostfit");
    return [
      text(NAMES - 6, y + 13, row.name, 'text-anchor="end"'),
      `<rect x="${NAMES}" y="${y + 2}" width="${length.toFixed(1)}" height="${ROW - 5}" fill="${own ? "#1b4f72" : "#b3bcc5"}"/>`,
      text(NAMES + length + 5, y + 13, amountOf(comparison, row.timing.median), 'fill="#444444"'),
    ];
  });
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escaped}</text>`;
}
