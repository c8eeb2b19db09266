import { join } from "node:path";
import {
  type BenchCase,
  type CaseResult,
  type Comparison,
  expectEqual,
  type Row,
  type Settings,
} from "../bench-case.ts";
import { NATIVE_EXAMPLE, NFD_EXAMPLE } from "../generate/documents.ts";
import { hostileDocuments } from "../generate/hostile-json.ts";
import { nodeFeature, nodeFeatureDump } from "../generate/node-feature.ts";
import { LoadedCore } from "../loaded-core.ts";
import { LoadedScanner } from "../loaded-scanner.ts";
import { inTurn } from "../measure/in-turn.ts";
import { ratioOf, scaled, timeTogether } from "../measure/timing.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const HOSTILE_BYTES = 1_000_000;

/**
 * The core's strict scan, from bytes in JavaScript's memory, which are copied first: alone, and as a call of the core's ABI that loads the
 * document as facts without features, which costs little more, and frees them.
 */
export const jsonScan: BenchCase = {
  name: "json-scan",
  title: "Reading JSON, strictly",
  async run(settings: Settings): Promise<CaseResult> {
    const core = new LoadedCore(settings.wasm);
    const scanner = new LoadedScanner(join(settings.root, ".cache/bench/scan.wasm"));
    const small = await compareScans(
      core,
      scanner,
      settings,
      "json-scan/small",
      "documents of 2 KB",
      smallDocuments(),
      3,
    );
    const dump = [nodeFeatureDump(1, 5_000_000)];
    const large = await compareScans(
      core,
      scanner,
      settings,
      "json-scan/dump",
      "a cluster's NodeFeature objects, 5 MB",
      dump,
      2.3,
    );
    const bound = (comparison: Comparison, atLeast: number) => ({
      what: `${comparison.title}: decoding and JSON.parse against the scan`,
      value: ratioOf(comparison.rows[2]!.timing, comparison.rows[0]!.timing),
      atLeast,
    });
    return {
      comparisons: [small, large, await compareHostile(core, scanner, settings)],
      bounds: [bound(small, 1.8), bound(large, 1.5)],
    };
  },
};

/** Sixteen documents of 2 KB, with requirements as they are written and a little of what hosts say. */
function smallDocuments(): string[] {
  return Array.from({ length: 16 }, (_, i) => {
    const { labels } = nodeFeature(3, i, {
      modules: 0,
      pciDevices: 0,
      kernelConfig: 0,
      managedFields: false,
    }).spec;
    const document = {
      kind: "NodeFeature",
      native: NATIVE_EXAMPLE,
      nfd: NFD_EXAMPLE,
      labels: Object.entries(labels).slice(0, 9),
    };
    return JSON.stringify({
      ...document,
      padding: "x".repeat(Math.max(0, 2034 - JSON.stringify(document).length)),
    });
  });
}

async function compareScans(
  core: LoadedCore,
  scanner: LoadedScanner,
  { effort }: Settings,
  id: string,
  title: string,
  texts: readonly string[],
  aim: number,
): Promise<Comparison> {
  const all = texts.map((text) => encoder.encode(text));
  for (const bytes of all) expectScans(core, scanner, bytes);
  const [scan, facts, decode, parse] = await timeTogether(
    [
      inTurn(all, (bytes) => scanner.scan(bytes)),
      inTurn(all, (bytes) => loadAndFree(core, bytes)),
      inTurn(all, (bytes) => JSON.parse(decoder.decode(bytes)) as unknown),
      inTurn(texts, (text) => JSON.parse(text) as unknown),
    ],
    effort,
  );
  const ratio = ratioOf(decode!, scan!);
  const rows: Row[] = [
    {
      name: "hostfit's scan, from bytes",
      timing: scan!,
      aim: { text: `${aim} times as fast as decoding and JSON.parse`, met: ratio >= aim },
    },
    { name: "hostfit, the core's call around it", timing: facts! },
    {
      name: "TextDecoder and JSON.parse",
      timing: decode!,
      lacks: "duplicate keys (the last wins), exact numbers, places of errors, malformed UTF-8",
    },
    {
      name: "JSON.parse of a string",
      timing: parse!,
      lacks: "the same; and the string must be there already",
    },
  ];
  const bytes = Math.round(all.reduce((sum, { length }) => sum + length, 0) / all.length);
  return { id, title, unit: "rate", bytes, rows };
}

/** One row for each way of being slow; ratios are to the first of them. */
async function compareHostile(
  core: LoadedCore,
  scanner: LoadedScanner,
  { effort }: Settings,
): Promise<Comparison> {
  const rows: Row[] = [];
  for (const [name, text] of Object.entries(hostileDocuments(HOSTILE_BYTES))) {
    const bytes = encoder.encode(text);
    expectScans(core, scanner, bytes);
    const [scan, decode] = await timeTogether(
      [{ run: () => scanner.scan(bytes) }, { run: () => JSON.parse(decoder.decode(bytes)) as unknown }],
      { ...effort, rounds: Math.max(3, effort.rounds >> 1), samples: 4 },
    );
    rows.push({
      name: `${name} (decoding and JSON.parse take ${ratioOf(decode!, scan!).toFixed(1)} times as long)`,
      timing: scaled(scan!, HOSTILE_BYTES / bytes.length),
      aim: { text: "50 MB/s", met: (bytes.length / scan!.median) * 1000 >= 50 },
    });
  }
  return {
    id: "json-scan/hostile",
    title: "1 MB that is made to be slow",
    unit: "rate",
    bytes: HOSTILE_BYTES,
    rows,
  };
}

/** Taken whole, refused without its end. */
function expectScans(core: LoadedCore, scanner: LoadedScanner, bytes: Uint8Array): void {
  expectEqual("a load", loadAndFree(core, bytes), 0);
  expectEqual("a scan", scanner.scan(bytes) > 0, true);
  expectEqual("a scan of what ends early", scanner.scan(bytes.subarray(0, -2)), 0);
}

/** 0, or negative. */
function loadAndFree(core: LoadedCore, bytes: Uint8Array): number {
  const handle = core.exports.hf_facts(core.write(bytes));
  return handle < 0 ? handle : core.exports.hf_free(handle);
}
