import { join } from "node:path";
import {
  type BenchCase,
  type CaseResult,
  type Comparison,
  expectEqual,
  type Figure,
  type Settings,
} from "../bench-case.ts";
import { distinctTests, fleetDocuments } from "../generate/fleet-documents.ts";
import { type Alikeness, fleetNodes } from "../generate/fleets.ts";
import { LoadedFleet } from "../loaded-fleet.ts";
import { ratioOf, scaled, type Timing, timeFresh, timingOf } from "../measure/timing.ts";

const DOCUMENTS = 10_000;
const HOSTS = 10_000;
const SAMPLED_HOSTS = 100;
const SAMPLED_DOCUMENTS = 100;
const GIBIBYTE = 2 ** 30;

/** Ten thousand documents on ten thousand hosts; on a hundred thousand; and the worst case, in which nothing is alike. */
export const fleetMatrix: BenchCase = {
  name: "fleet-matrix",
  title: "Many documents, many hosts",
  async run({ root, effort }: Settings): Promise<CaseResult> {
    const wasm = join(root, "dist/hostfit-fleet.wasm");
    const rounds = effort.rounds;
    const usual = measure(wasm, { hosts: HOSTS, tests: 1500, alike: "clusters", rounds });
    const large = measure(wasm, { hosts: 10 * HOSTS, tests: 1500, alike: "clusters", rounds: 3 });
    const worst = measure(wasm, { hosts: HOSTS, tests: 60_000, alike: "distinct", rounds: 3 });
    const perPair = scaled(large.cached, 0.1);
    const growth = perPair.best / usual.cached.best;
    return {
      comparisons: [
        comparisonOf(
          "clusters",
          "10,000 documents x 10,000 hosts, 1,500 distinct tests, 80 profiles of nodes",
          usual,
          [25, 60],
        ),
        {
          id: "large",
          title: "A tenth of 10,000 documents x 100,000 hosts: what a pair costs there",
          unit: "time",
          rows: [
            { name: "10,000 hosts, tests cached", timing: usual.cached },
            {
              name: "100,000 hosts, tests cached",
              timing: perPair,
              aim: { text: "1.2 times", met: growth <= 1.2 },
            },
            { name: "10,000 hosts, from an empty cache", timing: usual.cold },
            { name: "100,000 hosts, from an empty cache", timing: scaled(large.cold, 0.1) },
          ],
        },
        comparisonOf(
          "distinct",
          "10,000 documents x 10,000 hosts, 60,000 distinct tests, every host distinct",
          worst,
          [undefined, 2000],
        ),
      ],
      figures: [
        ...figuresOf("10,000 alike hosts", usual),
        ...figuresOf("100,000 alike hosts", large),
        ...figuresOf("10,000 distinct hosts", worst),
      ],
      bounds: [
        {
          what: "pair by pair against the fleet, tests cached",
          value: ratioOf(usual.pairs, usual.cached),
          atLeast: 50,
        },
        {
          what: "pair by pair against the fleet, from an empty cache, nothing alike",
          value: ratioOf(worst.pairs, worst.cold),
          atLeast: 5,
        },
        { what: "a pair at 100,000 hosts against 10,000", value: growth, atMost: 3 },
      ],
    };
  },
};

interface Wanted {
  readonly hosts: number;
  readonly tests: number;
  readonly alike: Alikeness;
  readonly rounds: number;
}

interface Measured {
  readonly cached: Timing;
  readonly cold: Timing;
  /** As much, pair by pair: measured for a sample. */
  readonly pairs: Timing;
  readonly load: number;
  readonly hostBytes: number;
  readonly allBytes: number;
}

function measure(wasm: string, { hosts, tests, alike, rounds }: Wanted): Measured {
  const core = new LoadedFleet(wasm);
  const { exports, fleetExports } = core;
  const step = Math.floor(hosts / SAMPLED_HOSTS);
  const sample: { slot: number; text: string }[] = [];
  const empty = exports.hf_memory();
  let load = 0;
  for (const text of fleetNodes(5, hosts, alike)) {
    const begin = process.hrtime.bigint();
    const slot = core.put(-1, text);
    load += Number(process.hrtime.bigint() - begin);
    if (slot % step === 0) sample.push({ slot, text });
  }
  const hostBytes = exports.hf_memory() - empty;
  const documents = fleetDocuments(9, DOCUMENTS, distinctTests(7, tests)).map((document) =>
    core.compile(document),
  );
  core.allRows(documents);
  const pairs = checkPairs(core, documents, sample);
  const cached = timeFresh(
    () => {},
    () => core.allRows(documents),
    rounds,
  );
  const cold = timeFresh(
    () => core.checked(fleetExports.hf_fleet_trim(core.fleet)),
    () => core.allRows(documents),
    Math.min(rounds, 7),
  );
  return {
    cached,
    cold,
    pairs: scaled(pairs, (DOCUMENTS / SAMPLED_DOCUMENTS) * (hosts / SAMPLED_HOSTS)),
    load: load / hosts,
    hostBytes,
    allBytes: exports.hf_memory(),
  };
}

/** Compares a sample of cells with pairs, which are timed by the way. */
function checkPairs(
  core: LoadedFleet,
  documents: readonly number[],
  sample: readonly { slot: number; text: string }[],
): Timing {
  const facts = sample.map(({ text }) => core.facts(text));
  const slots = sample.map(({ slot }) => slot);
  const chosen = documents.filter((_, i) => i % (DOCUMENTS / SAMPLED_DOCUMENTS) === 0);
  const decide = () => chosen.map((document) => facts.map((host) => core.exports.hf_decide(document, host)));
  const expected = decide();
  for (const [i, document] of chosen.entries()) {
    expectEqual(`the row of document ${i}`, core.verdicts(document, slots), expected[i]);
  }
  const times = timeFresh(() => {}, decide, 5);
  for (const host of facts) core.exports.hf_free(host);
  return timingOf(times.rounds);
}

function comparisonOf(
  id: string,
  title: string,
  { cached, cold, pairs }: Measured,
  [cachedLimit, coldLimit]: readonly [number | undefined, number],
): Comparison {
  const aim = (timing: Timing, limit: number | undefined) =>
    limit === undefined ? {} : { aim: { text: `${limit} ms`, met: timing.median <= limit * 1e6 } };
  return {
    id,
    title,
    unit: "time",
    rows: [
      { name: "a fleet, tests cached", timing: cached, ...aim(cached, cachedLimit) },
      { name: "a fleet, from an empty cache", timing: cold, ...aim(cold, coldLimit) },
      { name: "pair by pair, facts loaded (from a sample)", timing: pairs },
    ],
  };
}

function figuresOf(what: string, { load, hostBytes, allBytes }: Measured): Figure[] {
  return [
    { name: `loading one of ${what} from JSON`, value: load, unit: "time" },
    { name: `in use for ${what}`, value: hostBytes, unit: "bytes" },
    {
      name: `in use for ${what}, 10,000 documents and all cached tests`,
      value: allBytes,
      unit: "bytes",
      aim: { text: "1 GB", met: allBytes < GIBIBYTE },
    },
  ];
}
