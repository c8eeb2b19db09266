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
import { inTurn } from "../measure/in-turn.ts";
import { ratioOf, timeTogether } from "../measure/timing.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The core's strict scan, from bytes in JavaScript's memory: copied into the core, scanned, and loaded as facts that have no
 * features, which costs next to nothing; then freed.
 */
export const jsonScan: BenchCase = {
  name: "json-scan",
  title: "Reading JSON, strictly",
  async run({ wasm, effort }: Settings): Promise<CaseResult> {
    const core = new LoadedCore(wasm);
    const small = smallDocuments();
    const dump = nodeFeatureDump(1, 5_000_000);
    const comparisons = [
      await compareScans(core, effort, "json-scan/small", "documents of 2 KB", small, 3),
      await compareScans(
        core,
        effort,
        "json-scan/dump",
        "a cluster's NodeFeature objects, 5 MB",
        [dump],
        2.3,
      ),
    ];
    const bounds = comparisons.map((comparison, i) => ({
      what: `${comparison.title}: JSON.parse after decoding, against the scan`,
      value: ratioOf(comparison.rows[1]!.timing, comparison.rows[0]!.timing),
      atLeast: i === 0 ? 1.8 : 1.5,
    }));
    comparisons.push(await compareHostile(core, effort));
    return { comparisons, bounds };
  },
};

/** Sixteen documents of about 2 KB, with requirements as they are written. */
function smallDocuments(): string[] {
  return Array.from({ length: 16 }, (_, i) => {
    const { labels, features } = nodeFeature(3, i, {
      modules: 0,
      pciDevices: 2,
      kernelConfig: 0,
      managedFields: false,
    }).spec;
    const text = JSON.stringify({
      kind: "NodeFeature",
      native: NATIVE_EXAMPLE,
      nfd: NFD_EXAMPLE,
      labels,
      pci: features.instances,
    });
    return `${text.slice(0, -1)},"note":"${"x".repeat(Math.max(0, 2048 - text.length - 10))}"}`;
  });
}

async function compareScans(
  core: LoadedCore,
  effort: Settings["effort"],
  id: string,
  title: string,
  texts: readonly string[],
  aim: number,
): Promise<Comparison> {
  const all = texts.map((text) => encoder.encode(text));
  for (const bytes of all) {
    expectScans(core, bytes);
    expectEqual(
      "a document that ends early",
      core.exports.hf_facts(core.write(bytes.subarray(0, -2))) < 0,
      true,
    );
  }
  const [scan, decode, parse] = await timeTogether(
    [
      inTurn(all, (bytes) => scanOnce(core, bytes)),
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

/** One row for each way of being slow; ratios are to the fastest of hostfit's own. */
async function compareHostile(core: LoadedCore, effort: Settings["effort"]): Promise<Comparison> {
  const documents = Object.entries(hostileDocuments(1_000_000));
  const rows: Row[] = [];
  for (const [name, text] of documents) {
    const bytes = encoder.encode(text);
    expectScans(core, bytes);
    const [scan, decode] = await timeTogether(
      [{ run: () => scanOnce(core, bytes) }, { run: () => JSON.parse(decoder.decode(bytes)) as unknown }],
      { ...effort, rounds: Math.max(3, effort.rounds >> 1), samples: 4 },
    );
    // Times are of 1,000,000 bytes, whatever a document's own length.
    const scale = 1_000_000 / bytes.length;
    const timing = {
      median: scan!.median * scale,
      best: scan!.best * scale,
      rounds: scan!.rounds.map((time) => time * scale),
    };
    rows.push({
      name: `${name} (${ratioOf(decode!, scan!).toFixed(1)} times as fast as JSON.parse)`,
      timing,
      aim: { text: "50 MB/s", met: 1e9 / scan!.median / (1e6 / bytes.length) >= 50 },
    });
  }
  return {
    id: "json-scan/hostile",
    title: "1 MB that is made to be slow",
    unit: "rate",
    bytes: 1_000_000,
    rows,
  };
}

function expectScans(core: LoadedCore, bytes: Uint8Array): void {
  expectEqual("a scan", scanOnce(core, bytes), 0);
}

/** 0, or negative. */
function scanOnce(core: LoadedCore, bytes: Uint8Array): number {
  const handle = core.exports.hf_facts(core.write(bytes));
  return handle < 0 ? handle : core.exports.hf_free(handle);
}
