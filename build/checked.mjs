/**
 * Builds dist/hostfit.checked.wasm, the core with fleets that proves about itself what the release relies on:
 *
 * - every load, store, copy and fill first asks the shadow (assembly/memory/shadow.ts) whether these very bytes may be touched:
 *   static data to the byte, pieces of regions to the byte with gaps between them, buffers up to their capacity, the input up
 *   to its padding; anything else is a trap, and so is everything in a run that was freed;
 * - every turn of a loop is counted, so that time can be bounded without a clock;
 * - the n-th allocation can be made to fail (hf_fail_allocation), and the heap can be walked (guard_heap).
 *
 * `node build/checked.mjs [--if-needed] [--out=folder] [--assembly=folder]`; with --if-needed nothing is done where the result was
 * made from the same sources. dist/hostfit.checked.json names the sources' digest and the instructions that were guarded.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { compileToGuard, guard } from "./guard.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const option = (name) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const out = option("out") ?? "dist";
const assembly = option("assembly") ?? "assembly";
const target = join(out, "hostfit.checked.wasm");
const note = join(out, "hostfit.checked.json");

const digest = digestOfSources();
if (process.argv.includes("--if-needed") && isCurrent()) process.exit(0);
mkdirSync(out, { recursive: true });
const { bytes, guarded } = guard(
  compileToGuard(assembly, join(out, `hostfit.raw.${process.pid}.wasm`), { fleets: true }),
);
write(target, optimise(bytes));
write(note, `${JSON.stringify({ digest, ...guarded }, null, 2)}\n`);
console.error(`built ${target}: ${JSON.stringify(guarded)}`);

function digestOfSources() {
  const hash = createHash("sha256");
  const filesIn = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".spec.ts"))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const sources = [...filesIn(assembly), ...filesIn("build/ascii-texts")].sort();
  for (const file of [
    ...sources,
    "build/checked.mjs",
    "build/guard.mjs",
    "build/wasm-module.mjs",
    "asconfig.json",
  ]) {
    const name = file.startsWith(assembly) ? relative(assembly, file) : file;
    hash.update(name).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function isCurrent() {
  if (!existsSync(target) || !existsSync(note)) return false;
  return JSON.parse(readFileSync(note, "utf8")).digest === digest;
}

/** Whole or not at all: several tests may build at one time. */
function write(file, content) {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

/** Guards are slow as they stand; names stay, so that a trap's stack can be read. */
function optimise(wasm) {
  const module = binaryen.readBinary(wasm);
  const { SIMD128, BulkMemory, BulkMemoryOpt, SignExt, MutableGlobals } = binaryen.Features;
  module.setFeatures(SIMD128 | BulkMemory | BulkMemoryOpt | SignExt | MutableGlobals);
  if (!module.validate()) throw new Error("the guarded module is not valid");
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(40);
  binaryen.setFlexibleInlineMaxSize(80);
  binaryen.setDebugInfo(true);
  module.optimize();
  const { binary } = module.emitBinary("hostfit.checked.map") ?? {};
  module.dispose();
  return binary;
}
