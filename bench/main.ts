/**
 * Measures hostfit beside what a user would pick instead.
 *
 *   npm run bench [-- options] [-- names...]
 *
 * Every answer is checked before it is timed. Ratios come first; times mean something on one machine only.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { BenchCase, Bound, Settings } from "./bench-case.ts";
import { bindings } from "./cases/bindings.ts";
import { cliSelect } from "./cases/cli-select.ts";
import { firstVerdict } from "./cases/first-verdict.ts";
import { fleetMatrix } from "./cases/fleet-matrix.ts";
import { fleetQuestion } from "./cases/fleet-question.ts";
import { jsonScan } from "./cases/json-scan.ts";
import { memory } from "./cases/memory.ts";
import { pair } from "./cases/pair.ts";
import { pattern } from "./cases/pattern.ts";
import { registryCheck } from "./cases/registry-check.ts";
import { size } from "./cases/size.ts";
import { calibrate } from "./measure/calibration.ts";
import { QUICK_EFFORT, USUAL_EFFORT } from "./measure/timing.ts";
import { significant } from "./report/lines.ts";
import { markdown, quoted } from "./report/markdown.ts";
import { plot } from "./report/plot.ts";
import { type Run, thisMachine } from "./report/run.ts";
import { calibrationText, caseText } from "./report/text.ts";

const CASES: readonly BenchCase[] = [
  cliSelect,
  jsonScan,
  pair,
  pattern,
  firstVerdict,
  memory,
  registryCheck,
  fleetMatrix,
  fleetQuestion,
  size,
  bindings,
];

const USAGE = `usage: npm run bench -- [options] [names...]

  --quick        fewer and shorter rounds: for a look, not for a claim
  --assert       end with 1 if a ratio is outside its bound (bounds are wide; times are never asserted)
  --docs         put the tables into docs/performance.md
  --wasm <file>  measure this core in place of dist/hostfit.wasm

names: ${CASES.map(({ name }) => name).join(", ")}
`;

await main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      assert: { type: "boolean", default: false },
      docs: { type: "boolean", default: false },
      wasm: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const strangers = positionals.filter((name) => !CASES.some((known) => known.name === name));
  if (values.help || strangers.length > 0) {
    console.error(strangers.length > 0 ? `no such case: ${strangers.join(", ")}\n\n${USAGE}` : USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const root = process.cwd();
  const settings: Settings = {
    root,
    effort: values.quick ? QUICK_EFFORT : USUAL_EFFORT,
    wasm: resolve(values.wasm ?? join(root, "dist/hostfit.wasm")),
  };
  const chosen = positionals.length === 0 ? CASES : CASES.filter(({ name }) => positionals.includes(name));
  const run = await runCases(chosen, settings);
  writeResults(run, root, values.docs);
  const broken = boundsOf(run).filter((bound) => !holds(bound));
  for (const bound of boundsOf(run))
    console.log(`${holds(bound) ? "within" : "OUTSIDE"}: ${boundText(bound)}`);
  if (values.assert && broken.length > 0) process.exitCode = 1;
}

async function runCases(cases: readonly BenchCase[], settings: Settings): Promise<Run> {
  const machine = thisMachine(loadavg());
  console.log(
    `${machine.processor}, ${machine.cores} cores, load ${machine.load[0]!.toFixed(1)}, Node ${machine.node}`,
  );
  const calibration = await calibrate(settings.effort);
  console.log(calibrationText(calibration));
  console.log("ratio: times the first line's; steps: of the arithmetic loop");
  const results: Run["cases"][number][] = [];
  for (const { name, title, run } of cases) {
    const result = await run(settings);
    console.log(caseText(title, result, calibration));
    results.push({ name, title, ...result });
  }
  return { date: new Date().toISOString(), machine, calibration, cases: results };
}

function writeResults(run: Run, root: string, docs: boolean): void {
  const folder = join(root, "bench/results");
  mkdirSync(folder, { recursive: true });
  const tables = markdown(run);
  writeFileSync(join(folder, "latest.json"), `${JSON.stringify(run, null, 1)}\n`);
  writeFileSync(join(folder, "latest.md"), tables);
  writeFileSync(join(folder, "latest.svg"), plot(run));
  console.log(`\nwrote bench/results/latest.{json,md,svg}`);
  if (!docs) return;
  const page = join(root, "docs/performance.md");
  writeFileSync(page, quoted(readFileSync(page, "utf8"), tables));
  console.log("wrote docs/performance.md");
}

function boundsOf(run: Run): Bound[] {
  return run.cases.flatMap(({ bounds }) => bounds ?? []);
}

function holds({ value, atLeast, atMost }: Bound): boolean {
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}

function boundText({ what, value, atLeast, atMost }: Bound): string {
  const limit = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return `${what}: ${significant(value)} (${limit})`;
}
