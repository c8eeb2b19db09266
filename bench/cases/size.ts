import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { BenchCase, CaseResult, Figure, Settings } from "../bench-case.ts";

/** Bytes of what is shipped. */
export const size: BenchCase = {
  name: "size",
  title: "Size",
  async run({ wasm, root }: Settings): Promise<CaseResult> {
    const figures = figuresOf("the core", readFileSync(wasm));
    const library = join(root, "dist/index.js");
    if (existsSync(library)) figures.push(...figuresOf("the library beside it", withImports(library)));
    return { comparisons: [], figures };
  },
};

function figuresOf(name: string, bytes: Buffer): Figure[] {
  return [
    { name, value: bytes.length, unit: "bytes" },
    { name: `${name}, gzip`, value: gzipSync(bytes, { level: 9 }).length, unit: "bytes" },
    { name: `${name}, brotli`, value: brotliCompressSync(bytes).length, unit: "bytes" },
  ];
}

/** A built file and the chunks that it imports, one after the other. */
function withImports(file: string, seen = new Set<string>()): Buffer {
  if (seen.has(file)) return Buffer.alloc(0);
  seen.add(file);
  const bytes = readFileSync(file);
  const imported = [...bytes.toString().matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g)];
  return Buffer.concat([bytes, ...imported.map(([, name]) => withImports(join(dirname(file), name!), seen))]);
}
