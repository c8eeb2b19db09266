import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchCase, type CaseResult, expectEqual, type Row, type Settings } from "../bench-case.ts";
import { NATIVE_EXAMPLE, NICS } from "../generate/documents.ts";
import { nodeFeature, withAdded } from "../generate/node-feature.ts";
import { outputOf } from "../measure/processes.ts";
import { type Timing, timingOf } from "../measure/timing.ts";
import { EXAMPLE_SCHEMA } from "../peers/json-schema.ts";

interface Told {
  readonly fits: boolean;
  readonly marks: readonly (readonly [step: string, nanoseconds: number])[];
}

/** From Node being up to a first verdict, in fresh processes. */
export const firstVerdict: BenchCase = {
  name: "first-verdict",
  title: "The first verdict of a process",
  async run({ root, wasm, effort }: Settings): Promise<CaseResult> {
    const library = join(root, "dist/index.js");
    const program = join(root, ".cache/bench/first-verdict-process.mjs");
    if (!existsSync(library) || !existsSync(program))
      return { comparisons: [], missing: ["first-verdict: run `npm run build`"] };
    const job = join(root, ".cache/bench/first-verdict.json");
    mkdirSync(join(root, ".cache/bench"), { recursive: true });
    const node = withAdded(nodeFeature(31, 0), { modules: ["vfio-pci"], pciDevices: [NICS.second] });
    writeFileSync(
      job,
      JSON.stringify({ library, wasm, document: NATIVE_EXAMPLE, schema: EXAMPLE_SCHEMA, node }),
    );
    const told: Record<string, Told[]> = { hostfit: [], ajv: [] };
    for (let round = 0; round < effort.rounds; round++) {
      for (const way of Object.keys(told)) {
        const answer = JSON.parse(outputOf({ args: [program, way, job] })) as Told;
        expectEqual(way, answer.fits, true);
        told[way]!.push(answer);
      }
    }
    const ours = told["hostfit"]!;
    const total = sumOf(ours, WORK);
    const rows: Row[] = [
      {
        name: "hostfit: instantiate, compile, load, evaluate",
        timing: total,
        aim: { text: "5 ms", met: total.best <= 5e6 },
      },
      ...Object.entries(STEPS).map(([step, name]) => ({
        name: `hostfit: ${name}`,
        timing: sumOf(ours, [step]),
      })),
      {
        name: "ajv: make it, compile the schema, parse the facts, validate",
        timing: sumOf(told["ajv"]!, WORK),
      },
      { name: "ajv: import the library", timing: sumOf(told["ajv"]!, ["import"]) },
    ];
    const notes = ["The aim is judged by the best round: on a busy machine every step may wait."];
    return { comparisons: [{ id: "first-verdict", title: "after Node is up", unit: "time", rows, notes }] };
  },
};

const STEPS: Readonly<Record<string, string>> = {
  import: "import the library",
  instantiate: "read and instantiate the core",
  compile: "compile the document",
  facts: "load the facts",
  evaluate: "evaluate, explained",
};

/** What a first verdict takes beside importing. */
const WORK = ["instantiate", "compile", "facts", "evaluate"];

function sumOf(told: readonly Told[], steps: readonly string[]): Timing {
  return timingOf(
    told.map(({ marks }) =>
      marks.filter(([step]) => steps.includes(step)).reduce((sum, [, took]) => sum + took, 0),
    ),
  );
}
