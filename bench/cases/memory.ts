import { type BenchCase, type CaseResult, expectEqual, type Settings } from "../bench-case.ts";
import { NATIVE_EXAMPLE } from "../generate/documents.ts";
import { nodeFeature } from "../generate/node-feature.ts";
import { LoadedCore } from "../loaded-core.ts";

const EVALUATIONS = 1_000_000;
const REPLACEMENTS = 5_000;
const HOSTS = 200;

/** What the core holds before and after long use. Not timed, so what must stay equal is checked always. */
export const memory: BenchCase = {
  name: "memory",
  title: "Memory",
  async run({ wasm }: Settings): Promise<CaseResult> {
    const core = new LoadedCore(wasm);
    const { exports } = core;
    const empty = exports.hf_memory();
    const requirements = core.compile(NATIVE_EXAMPLE);
    const document = exports.hf_memory() - empty;
    const texts = Array.from({ length: HOSTS }, (_, i) => JSON.stringify(nodeFeature(21, i)));
    const handles = texts.map((text) => core.facts(text));
    const loaded = exports.hf_memory();
    // One explained evaluation first: what answers are written into is taken then, and kept.
    exports.hf_evaluate(requirements, handles[0]!, 0, 0);
    const before = exports.hf_memory();
    for (let i = 0; i < EVALUATIONS; i++) exports.hf_decide(requirements, handles[i % HOSTS]!);
    for (let i = 0; i < EVALUATIONS / 20; i++) exports.hf_evaluate(requirements, handles[i % HOSTS]!, 0, 0);
    expectEqual("memory after evaluations", exports.hf_memory(), before);
    const linear = exports.memory.buffer.byteLength;
    for (let i = 0; i < REPLACEMENTS; i++) {
      exports.hf_free(handles[i % HOSTS]!);
      handles[i % HOSTS] = core.facts(texts[i % HOSTS]!);
    }
    expectEqual("memory after replacing facts", exports.hf_memory(), before);
    for (const handle of handles) exports.hf_free(handle);
    exports.hf_free(requirements);
    return {
      comparisons: [],
      figures: [
        { name: "in use, empty", value: empty, unit: "bytes" },
        { name: "NFD's example, compiled", value: document, unit: "bytes" },
        {
          name: "a host of 250 modules and 61 PCI devices",
          value: (loaded - empty - document) / HOSTS,
          unit: "bytes",
        },
        {
          name: "the same as JSON",
          value: texts.reduce((sum, { length }) => sum + length, 0) / HOSTS,
          unit: "bytes",
        },
        {
          name: `more in use after ${EVALUATIONS.toLocaleString("en")} verdicts and ${(EVALUATIONS / 20).toLocaleString("en")} explained ones`,
          value: 0,
          unit: "bytes",
        },
        {
          name: `more in use after ${REPLACEMENTS.toLocaleString("en")} replacements of facts`,
          value: 0,
          unit: "bytes",
        },
        {
          name: "linear memory grown by these replacements",
          value: exports.memory.buffer.byteLength - linear,
          unit: "bytes",
        },
        {
          name: "left in use after freeing everything, beyond empty",
          value: exports.hf_memory() - empty,
          unit: "bytes",
        },
      ],
    };
  },
};
