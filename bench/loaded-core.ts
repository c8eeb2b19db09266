import { readFileSync } from "node:fs";
import { layOutBundle } from "../bindings/js/bundle.ts";
import { Core, type CoreExports } from "../bindings/js/core.ts";
import type { Dialect } from "../bindings/js/types.ts";

const encoder = new TextEncoder();

/** An instance of the core with its exports at hand, as an embedder that doesn't use the bindings has it. */
export class LoadedCore {
  readonly exports: CoreExports;
  readonly core: Core;
  #bytes: Uint8Array;

  constructor(wasm: string, seed: readonly [number, number] = [0x51ed, 0x2705]) {
    const module = new WebAssembly.Module(readFileSync(wasm));
    this.exports = new WebAssembly.Instance(module, {}).exports as unknown as CoreExports;
    this.core = new Core(this.exports, seed);
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
  }

  compile(document: unknown, dialect: Dialect = "native"): number {
    return this.core.compile(layOutBundle([{ id: "document", dialect, bytes: json(document) }]));
  }

  facts(facts: unknown): number {
    return this.core.facts(json(facts));
  }

  /** Copies bytes into the core as input; their length. */
  write(bytes: Uint8Array): number {
    const address = this.exports.hf_input(bytes.length);
    if (address < 0) throw new Error("no room for the input");
    if (this.#bytes.buffer !== this.exports.memory.buffer)
      this.#bytes = new Uint8Array(this.exports.memory.buffer);
    this.#bytes.set(bytes, address);
    return bytes.length;
  }
}

function json(value: unknown): Uint8Array {
  return encoder.encode(typeof value === "string" ? value : JSON.stringify(value));
}
