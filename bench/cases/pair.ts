import { readFileSync } from "node:fs";
import { createMatcher } from "../../bindings/js/index.ts";
import type { VerdictValue } from "../../bindings/js/types.ts";
import {
  type BenchCase,
  type CaseResult,
  type Comparison,
  expectEqual,
  type Row,
  type Settings,
} from "../bench-case.ts";
import { NATIVE_EXAMPLE, NFD_EXAMPLE, NICS } from "../generate/documents.ts";
import { type NodeFeature, nodeFeature, withAdded } from "../generate/node-feature.ts";
import { LoadedCore } from "../loaded-core.ts";
import { inTurn } from "../measure/in-turn.ts";
import { type Contender, type Timing, timeTogether } from "../measure/timing.ts";
import { jsonSchema } from "../peers/json-schema.ts";
import { NfdEngine } from "../peers/nfd-engine.ts";
import type { Peer } from "../peers/peer.ts";
import { predicate } from "../peers/predicate.ts";
import { ruleEngines } from "../peers/rule-engines.ts";

const HOSTS = 1000;
const VALUES: readonly VerdictValue[] = ["incompatible", "undetermined", "compatible"];

/** NFD's documentation example against hosts with 250 modules and 61 PCI devices; compiled and loaded before. */
export const pair: BenchCase = {
  name: "pair",
  title: "One document, one host",
  async run(settings: Settings): Promise<CaseResult> {
    const hosts = makeHosts();
    const core = new LoadedCore(settings.wasm);
    const native = core.compile(NATIVE_EXAMPLE);
    const nfd = tryCompile(core);
    const handles = hosts.map((host) => core.facts(host));
    const { peers, missing } = await ruleEngines(settings.root);
    peers.unshift(predicate, jsonSchema());
    let engine: NfdEngine | null = null;
    try {
      engine = await NfdEngine.start(
        settings.root,
        NFD_EXAMPLE,
        hosts.map((host) => host.spec.features),
      );
    } catch (error) {
      missing.push(
        `NFD's engine: ${error instanceof Error ? error.message.split("\n").slice(0, 3).join(" ") : String(error)}`,
      );
    }
    if (nfd === null) missing.push("hostfit's dialect nfd: not in this core");
    try {
      await checkAnswers(core, { native, nfd }, handles, hosts, peers, engine);
      const comparisons = [
        await compareVerdicts(
          settings,
          "hot",
          core,
          { native, nfd },
          handles.slice(0, 1),
          hosts.slice(0, 1),
          peers,
          engine,
        ),
        await compareVerdicts(settings, "rotate", core, { native, nfd }, handles, hosts, peers, engine),
        ...(await explain(settings, core, { native, nfd }, handles, hosts)),
      ];
      return { comparisons, missing };
    } finally {
      engine?.stop();
    }
  },
};

/** A thousand nodes; the first fits by its last alternative, so that every term is evaluated. Of the rest, some fit. */
function makeHosts(): NodeFeature[] {
  return Array.from({ length: HOSTS }, (_, i) => {
    const node = nodeFeature(11, i === 0 ? HOSTS : i);
    if (i === 0)
      return withAdded(nodeOfVendor("Intel"), { modules: ["vfio-pci"], pciDevices: [NICS.second] });
    return i % 3 === 0 ? withAdded(node, { pciDevices: [i % 2 === 0 ? NICS.first : NICS.second] }) : node;
  });
}

function nodeOfVendor(vendor: string): NodeFeature {
  for (let i = 0; ; i++) {
    const node = nodeFeature(12, i);
    if (node.spec.features.attributes["cpu.model"]!.elements["vendor_id"] === vendor) return node;
  }
}

interface Documents {
  readonly native: number;
  readonly nfd: number | null;
}

function tryCompile(core: LoadedCore): number | null {
  try {
    return core.compile(NFD_EXAMPLE, "nfd");
  } catch {
    return null;
  }
}

async function checkAnswers(
  core: LoadedCore,
  documents: Documents,
  handles: readonly number[],
  hosts: readonly NodeFeature[],
  peers: readonly Peer[],
  engine: NfdEngine | null,
): Promise<void> {
  const decided = handles.map((host) => core.exports.hf_decide(documents.native, host));
  expectEqual("the first host", VALUES[decided[0]!], "compatible");
  const fits = decided.map((value) => value === 2);
  expectEqual("all in one call", [...core.core.decideMany(documents.native, handles)], decided);
  expectEqual("undetermined hosts", decided.filter((value) => value === 1).length, 0);
  if (documents.nfd !== null) {
    expectEqual(
      "the dialect nfd",
      handles.map((host) => core.exports.hf_decide(documents.nfd!, host)),
      decided,
    );
  }
  for (const peer of peers) {
    const answers = await Promise.all(
      hosts.map(({ spec }) => peer.decide(peer.prepare(spec.features) as never)),
    );
    expectEqual(peer.name, answers, fits);
  }
  if (engine !== null) expectEqual("NFD's engine", engine.answers, fits);
}

async function compareVerdicts(
  { effort }: Settings,
  mode: "hot" | "rotate",
  core: LoadedCore,
  documents: Documents,
  handles: readonly number[],
  hosts: readonly NodeFeature[],
  peers: readonly Peer[],
  engine: NfdEngine | null,
): Promise<Comparison> {
  const { hf_decide } = core.exports;
  const limit = mode === "hot" ? 300 : 600;
  const aimOf = (timing: Timing): Row["aim"] => ({ text: `${limit / 1000} us`, met: timing.median <= limit });
  const entries: { name: string; contender: Contender; lacks?: string; aimed?: true }[] = [
    {
      name: "hostfit, native",
      contender: inTurn(handles, hf_decide.bind(null, documents.native)),
      aimed: true,
    },
  ];
  const { nfd } = documents;
  if (nfd !== null)
    entries.push({
      name: "hostfit, dialect nfd",
      contender: inTurn(handles, hf_decide.bind(null, nfd)),
      aimed: true,
    });
  if (mode === "rotate")
    entries.push({
      name: "hostfit, native, all in one call",
      contender: allAtOnce(core, documents.native, handles),
    });
  for (const peer of peers) {
    const prepared = hosts.map(({ spec }) => peer.prepare(spec.features));
    entries.push({
      name: peer.name,
      contender: inTurn(prepared, peer.decide as (features: unknown) => unknown),
      lacks: peer.lacks,
    });
  }
  if (engine !== null) {
    const lacks =
      "what is not observed counts as false; no verdict for a set, no score; a Go process or a pod on the node";
    entries.push({
      name: "NFD's engine (Go), as `nfd compat` calls it",
      contender: engine.contender(mode),
      lacks,
    });
    entries.push({
      name: "NFD's engine (Go), stopping at the first failure",
      contender: engine.contender(`${mode}-fast`),
      lacks,
    });
  }
  const timings = await timeTogether(
    entries.map(({ contender }) => contender),
    effort,
  );
  return {
    id: `pair/${mode}`,
    title:
      mode === "hot" ? "the verdict for one host, again and again" : `the verdict for ${HOSTS} hosts in turn`,
    unit: "time",
    rows: entries.map(({ name, lacks, aimed }, i) => ({
      name,
      timing: timings[i]!,
      ...(lacks === undefined ? {} : { lacks }),
      ...(aimed === undefined ? {} : { aim: aimOf(timings[i]!)! }),
    })),
  };
}

/** The same with reasons: as bytes in the core's memory, and as an object of the bindings. */
async function explain(
  { effort, wasm }: Settings,
  core: LoadedCore,
  documents: Documents,
  handles: readonly number[],
  hosts: readonly NodeFeature[],
): Promise<Comparison[]> {
  const matcher = await createMatcher({ wasm: readFileSync(wasm) });
  const { hf_evaluate, hf_decide } = core.exports;
  const unfit = handles.findIndex((host) => hf_decide(documents.native, host) === 0);
  const comparisons: Comparison[] = [];
  for (const [dialect, number] of [
    ["native", documents.native],
    ["nfd", documents.nfd],
  ] as const) {
    if (number === null) continue;
    const requirements = matcher.compile(dialect === "native" ? NATIVE_EXAMPLE : NFD_EXAMPLE, { dialect });
    for (const place of [0, unfit]) {
      const host = matcher.facts(JSON.stringify(hosts[place]));
      const handle = handles[place]!;
      const verdict = place === 0 ? "compatible" : "incompatible";
      expectEqual(`explained, ${dialect}`, matcher.evaluate(requirements, host).verdict, verdict);
      const [alone, bytes, typed] = await timeTogether(
        [
          { run: () => hf_decide(number, handle) },
          { run: () => hf_evaluate(number, handle, 0, 0) },
          { run: () => matcher.evaluate(requirements, host) },
        ],
        effort,
      );
      comparisons.push({
        id: `pair/explained-${dialect}-${verdict}`,
        title: `the ${verdict} host, explained (${dialect})`,
        unit: "time",
        rows: [
          { name: "verdict alone", timing: alone! },
          {
            name: "with reasons, as bytes",
            timing: bytes!,
            aim: { text: "2 us", met: bytes!.median <= 2000 },
          },
          {
            name: "with reasons, as an object",
            timing: typed!,
            aim: { text: "6 us", met: typed!.median <= 6000 },
          },
        ],
      });
    }
  }
  matcher.dispose();
  return comparisons;
}

/** A batch: the handles are written as input, then all are decided. */
function allAtOnce(core: LoadedCore, requirements: number, handles: readonly number[]): Contender {
  const input = new Uint8Array(Uint32Array.from(handles).buffer);
  return {
    run: () => {
      core.write(input);
      return core.exports.hf_decide_many(requirements, handles.length);
    },
    operations: handles.length,
  };
}
