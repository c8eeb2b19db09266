/** Run by Node, Deno and Bun beside an installed hostfit: vectors.json in, a report on the standard output. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { createMatcher, createMatcherSync } from "hostfit";
import { reportOf, type VectorFiles } from "./report.ts";

const files = JSON.parse(readFileSync("vectors.json", "utf8")) as VectorFiles;
const report = await reportOf(await createMatcher(), files);
const atOnce = await reportOf(createMatcherSync(), files);
process.stdout.write(JSON.stringify([report, atOnce]));
