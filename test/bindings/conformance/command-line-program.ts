/** Run by Node, Deno and Bun beside an installed hostfit: vectors.json in, what came of them on the standard output. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { createMatcher, createMatcherSync } from "hostfit";
import { misuseOf, reportOf, type VectorSet } from "./report.ts";

const { files, misuse } = JSON.parse(readFileSync("vectors.json", "utf8")) as VectorSet;
const core = readFileSync("node_modules/hostfit/dist/hostfit.wasm");
const report = await reportOf(await createMatcher(), files);
const atOnce = await reportOf(createMatcherSync(), files);
process.stdout.write(
  JSON.stringify({ reports: [report, atOnce], misuse: await misuseOf(createMatcher, core, misuse) }),
);
