import { join } from "node:path";
import { type BenchCase, type CaseResult, expectEqual, type Row, type Settings } from "../bench-case.ts";
import { schedulingDocument } from "../generate/fleet-documents.ts";
import { fleetNodes } from "../generate/fleets.ts";
import { LoadedFleet } from "../loaded-fleet.ts";
import { type Timing, timingOf } from "../measure/timing.ts";

const HOSTS = 10_000;
const BEST = 50;
const CALLS = 20_000;
const ROUNDS = 10;
/** Hosts that change between calls, of a hundred. */
const CHANGED = HOSTS / 100;
const encoder = new TextEncoder();

/** What a scheduler asks: one document of 8 terms with 6 preferences, the best 50 of 10,000 nodes. */
export const fleetQuestion: BenchCase = {
  name: "fleet-question",
  title: "A scheduler's question",
  async run({ root, effort }: Settings): Promise<CaseResult> {
    const core = new LoadedFleet(join(root, "dist/hostfit-fleet.wasm"));
    const nodes = [...fleetNodes(5, HOSTS, "clusters")].map((text) => encoder.encode(text));
    for (const node of nodes) core.put(-1, node);
    const document = core.compile(schedulingDocument(3));
    const { hf_fleet_row, hf_fleet_trim } = core.fleetExports;
    const ask = () => hf_fleet_row(core.fleet, document, 0, 0, 0, BEST);
    checkAnswer(core, document, nodes);
    const calls = (CALLS / ROUNDS) * (effort.rounds >= ROUNDS ? 1 : 0.1);
    let next = 0;
    const update = () => {
      for (let i = 0; i < CHANGED; i++) {
        next = (next + 7919) % HOSTS;
        core.put(next, nodes[(next * 31 + i) % HOSTS]!);
      }
    };
    return {
      comparisons: [
        {
          id: "question",
          title: "one document of 8 terms and 6 preferences, the best 50 of 10,000 nodes",
          unit: "time",
          rows: [
            ...rowsOf(
              "tests cached",
              percentiles(ask, () => {}, calls),
              [50, 150],
            ),
            ...rowsOf(
              "1% of the nodes replaced before",
              percentiles(ask, update, Math.ceil(calls / 20)),
              [80, 250],
            ),
            ...rowsOf(
              "all tests cold",
              percentiles(ask, () => hf_fleet_trim(core.fleet), calls),
              [250, 500],
            ),
          ],
        },
      ],
    };
  },
};

/** Compares the best with what the pairs give. */
function checkAnswer(core: LoadedFleet, document: number, nodes: readonly Uint8Array[]): void {
  const expected = nodes.map((node, slot) => {
    const host = core.core.facts(node);
    const answer = JSON.parse(core.core.evaluate(document, host, 0, null)) as {
      verdict: string;
      score: number;
    };
    core.exports.hf_free(host);
    return { slot, ...answer };
  });
  const fitting = expected.filter(({ verdict }) => verdict === "compatible");
  fitting.sort((a, b) => b.score - a.score || a.slot - b.slot);
  core.checked(core.fleetExports.hf_fleet_row(core.fleet, document, 0, 0, 0, BEST));
  const view = new DataView(core.exports.memory.buffer as ArrayBuffer);
  const result = core.exports.hf_result();
  const end = view.getUint32(result + 4, true) + view.getUint32(result + 8, true);
  const best = Array.from({ length: BEST }, (_, i) => [
    view.getUint32(end - 12 * (BEST - i), true),
    view.getInt32(end - 12 * (BEST - i) + 8, true),
  ]);
  expectEqual(
    "the best hosts",
    best,
    fitting.slice(0, BEST).map(({ slot, score }) => [slot, score]),
  );
}

/** The median and the 99th percentile of single calls, of which each round makes so many; `prepare` is not timed. */
function percentiles(ask: () => number, prepare: () => unknown, calls: number): [Timing, Timing] {
  const medians: number[] = [];
  const highest: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[] = [];
    for (let i = 0; i < calls; i++) {
      prepare();
      const begin = process.hrtime.bigint();
      ask();
      times.push(Number(process.hrtime.bigint() - begin));
    }
    times.sort((a, b) => a - b);
    medians.push(times[Math.floor(calls / 2)]!);
    highest.push(times[Math.floor(calls * 0.99)]!);
  }
  return [timingOf(medians), timingOf(highest)];
}

function rowsOf(
  name: string,
  [middle, high]: [Timing, Timing],
  [first, second]: readonly [number, number],
): Row[] {
  const aim = (timing: Timing, limit: number) => ({
    text: `${limit} us`,
    met: timing.median <= limit * 1000,
  });
  return [
    { name: `${name}: median`, timing: middle, aim: aim(middle, first) },
    { name: `${name}: 99th percentile`, timing: high, aim: aim(high, second) },
  ];
}
