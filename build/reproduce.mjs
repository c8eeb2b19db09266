/**
 * That the same sources give the same bytes: builds the release twice, in two folders of different names and depths, and compares.
 *
 *   node build/reproduce.mjs            compares the two, and dist/hostfit.wasm where it is of the same sources
 *   node build/reproduce.mjs --record   writes the digest to build/hostfit.wasm.sha256 as well: for a release
 *   node build/reproduce.mjs --check    the digest must be the recorded one: for a release's tag
 *
 * Between releases the core changes daily, and a recorded digest would only say that it did; so none is kept then.
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildRelease } from "./release.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const record = join(root, "build", "hostfit.wasm.sha256");

/** Builds the sources of `root` in a copy of their own: the release's bytes. */
async function buildIn(folder) {
  mkdirSync(folder, { recursive: true });
  for (const source of ["assembly", "build", "asconfig.json", "package.json"]) {
    cpSync(join(root, source), join(folder, source), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  await buildRelease({ root: folder, file: "hostfit.wasm" });
  return readFileSync(join(folder, "hostfit.wasm"));
}

const temporary = mkdtempSync(join(tmpdir(), "hostfit-"));
try {
  const folders = [join(temporary, "a"), join(temporary, "another folder", "of another depth")];
  const [first, second] = await Promise.all(folders.map(buildIn));
  if (!first.equals(second)) throw new Error("two builds of the same sources differ");
  const digest = createHash("sha256").update(first).digest("hex");
  const line = `${digest}  hostfit.wasm\n`;
  if (process.argv.includes("--record")) writeFileSync(record, line);
  if (process.argv.includes("--check")) {
    if (!existsSync(record)) throw new Error("no digest is recorded: node build/reproduce.mjs --record");
    if (readFileSync(record, "utf8") !== line)
      throw new Error(`these sources give ${digest}, which is not the recorded digest`);
  }
  process.stdout.write(line);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
