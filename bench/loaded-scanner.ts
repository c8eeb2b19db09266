import { readFileSync } from "node:fs";

/** The exports of assembly/json/scan-entry.ts. */
interface ScannerExports {
  readonly memory: WebAssembly.Memory;
  inputAt(length: number): number;
  scanInput(length: number): number;
}

/** The core's scanner alone, compiled with the core's settings; build/bench.mjs makes it. */
export class LoadedScanner {
  readonly #exports: ScannerExports;
  #bytes: Uint8Array;

  constructor(wasm: string) {
    const module = new WebAssembly.Module(readFileSync(wasm));
    this.#exports = new WebAssembly.Instance(module, {}).exports as unknown as ScannerExports;
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
  }

  /** Copies a document into the scanner's memory and scans it: how many keys and values it has, 0 if it is refused. */
  scan(document: Uint8Array): number {
    const address = this.#exports.inputAt(document.length);
    if (address === 0) throw new Error("no room for the document");
    if (this.#bytes.buffer !== this.#exports.memory.buffer)
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#bytes.set(document, address);
    return this.#exports.scanInput(document.length);
  }
}
