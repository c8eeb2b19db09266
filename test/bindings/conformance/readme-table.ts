/** The README's table of what ran where. Every run proves its own row; a row that no run proves is not in it. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

const README = new URL("../../../README.md", import.meta.url);
const BEGIN = "<!-- what ran where: made by test/bindings; HOSTFIT_WRITE_README=1 writes it -->\n";
const END = "<!-- end of what ran where -->\n";
const HEAD = "| binding | runs in | vectors | answers beside Node's |\n| --- | --- | --- | --- |\n";

/** What a run is called, in the order of the table. */
export const RUNS = [
  "Node 20",
  "Node 22",
  "Node 24",
  "Deno",
  "Bun",
  "workerd",
  "Chromium",
  "Firefox",
  "Go",
  "Python",
] as const;

export type Run = (typeof RUNS)[number];

export interface Proof {
  readonly run: Run;
  readonly binding: string;
  /** Where and how it ran. */
  readonly where: string;
  /** How many vectors were answered as they say, of how many. */
  readonly right: number;
  readonly total: number;
  /** What was compared with Node's answers, and was the same. */
  readonly same: string;
}

/** The table's lines by what they are called. */
export function readTable(): Map<string, string> {
  const text = readFileSync(README, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < 0) throw new Error("the README has no place for the table");
  const lines = text.slice(begin + BEGIN.length + HEAD.length, end).split("\n");
  return new Map(lines.filter((line) => line !== "").map((line) => [nameOf(line), line]));
}

/** A run that has just been seen is in the table, as it was. */
export function prove(proof: Proof): void {
  const { run, binding, where, right, total, same } = proof;
  const line = `| ${binding} | **${run}**, ${where} | ${right === total ? "all" : `${right} of ${total}`} | ${same} |`;
  const table = readTable();
  if (process.env["HOSTFIT_WRITE_README"] === "1") {
    table.set(run, line);
    const lines = RUNS.flatMap((name) => table.get(name) ?? []);
    const text = readFileSync(README, "utf8");
    const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
    writeFileSync(README, `${before}${HEAD}${lines.join("\n")}\n${text.slice(text.indexOf(END))}`);
    return;
  }
  expect(
    table.get(run),
    "the README's table is stale: run the bindings' tests with HOSTFIT_WRITE_README=1",
  ).toBe(line);
}

function nameOf(line: string): string {
  return /\*\*(.+?)\*\*/.exec(line)?.[1] ?? line;
}
