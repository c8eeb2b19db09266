/** The core's own bytes for every vector, of refusals too: what bindings that hand them on are compared with. */
import { readFileSync } from "node:fs";
import { layOutBundle } from "../../../bindings/js/bundle.ts";
import type { CoreExports } from "../../../bindings/js/core.ts";
import {
  sourceOf,
  type VectorCase,
  type VectorDocument,
  type VectorSource,
} from "../../conformance/vector.ts";
import { vectorFiles } from "./reference.ts";

/** Raised by a call that the core refuses. */
class Refused extends Error {}

/** Calls the exports as docs/abi.md says, without the library: its own results are already parsed. */
class BareCore {
  readonly #exports: CoreExports;

  constructor() {
    const module = new WebAssembly.Module(
      readFileSync(new URL("../../../dist/hostfit.wasm", import.meta.url)),
    );
    this.#exports = new WebAssembly.Instance(module, {}).exports as unknown as CoreExports;
  }

  /** What the last call answered. */
  answer(): string {
    const { memory } = this.#exports;
    const view = new DataView(memory.buffer, this.#exports.hf_result());
    const bytes = new Uint8Array(memory.buffer, view.getUint32(4, true), view.getUint32(8, true));
    return new TextDecoder().decode(bytes);
  }

  call(input: Uint8Array, call: (core: CoreExports, length: number) => number): number {
    const address = this.#exports.hf_input(input.length);
    if (address < 0) throw new Refused();
    new Uint8Array(this.#exports.memory.buffer).set(input, address);
    const status = call(this.#exports, input.length);
    if (status < 0) throw new Refused();
    return status;
  }

  free(handle: number): void {
    this.#exports.hf_free(handle);
  }
}

/** One line for each vector, in the order of the files' names. */
export function rawAnswers(): string[] {
  const core = new BareCore();
  const files = vectorFiles();
  return Object.keys(files)
    .sort()
    .flatMap((name) => files[name]!.cases.map((vector) => rawAnswer(core, vector)));
}

function rawAnswer(core: BareCore, vector: VectorCase): string {
  const handles: number[] = [];
  const keep = (handle: number) => {
    handles.push(handle);
    return handle;
  };
  try {
    ask(core, vector, keep);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  const answer = core.answer();
  for (const handle of handles) core.free(handle);
  return answer;
}

function ask(core: BareCore, vector: VectorCase, keep: (handle: number) => number): void {
  const compile = (documents: readonly VectorDocument[]) =>
    keep(core.call(bundleOf(documents), (exports, length) => exports.hf_compile(length)));
  const { candidates, candidate } = vector;
  const compiled =
    candidates === undefined
      ? [compile(vector.documents ?? [])]
      : candidates.map(({ documents = [] }) => (documents.length === 0 ? null : compile(documents)));
  const host = keep(core.call(bytesOf(vector.facts), (exports, length) => exports.hf_facts(length)));
  const policy =
    vector.policy === undefined
      ? 0
      : keep(core.call(bytesOf(vector.policy), (exports, length) => exports.hf_policy(length)));
  if (candidates !== undefined) {
    const input = {
      candidates: candidates.map(({ id = "", platform = null, annotations = {}, author = "" }, i) => ({
        id,
        platform,
        annotations,
        requirements: compiled[i] ?? null,
        author,
      })),
      allowUndetermined: vector.allowUndetermined ?? false,
    };
    core.call(json(input), (exports, length) => exports.hf_rank(host, policy, length));
    return;
  }
  const asked =
    candidate === undefined
      ? new Uint8Array()
      : json({ platform: candidate.platform ?? null, annotations: candidate.annotations ?? {} });
  core.call(asked, (exports, length) => exports.hf_evaluate(compiled[0]!, host, policy, length));
}

function bundleOf(documents: readonly VectorDocument[]): Uint8Array {
  return layOutBundle(documents.map((one) => ({ id: one.id, dialect: one.dialect, bytes: bytesOf(one) })));
}

function bytesOf(source: VectorSource): Uint8Array {
  const bytes = sourceOf(source);
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
