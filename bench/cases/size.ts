import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { BenchCase, CaseResult, Figure, Settings } from "../bench-case.ts";

/** Bytes of what is shipped. */
export const size: BenchCase = {
  name: "size",
  title: "Size",
  async run({ wasm, root }: Settings): Promise<CaseResult> {
    const figures: Figure[] = [];
    const files = {
      "the core": wasm,
      "the library without the core (index.js)": join(root, "dist/index.js"),
    };
    for (const [name, file] of Object.entries(files)) {
      if (!existsSync(file)) continue;
      const bytes = readFileSync(file);
      figures.push({ name, value: bytes.length, unit: "bytes" });
      figures.push({ name: `${name}, gzip`, value: gzipSync(bytes, { level: 9 }).length, unit: "bytes" });
      figures.push({ name: `${name}, brotli`, value: brotliCompressSync(bytes).length, unit: "bytes" });
    }
    return { comparisons: [], figures };
  },
};
