/** The oracle against what containerd and NFD answered (test/oracle/fixtures/README.md). */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NfdAnswer, Platform } from "../../bindings/js/types.ts";
import { features, type JsonMap, platform } from "../conformance/arbitrary-facts.ts";
import { nfdDocument } from "../conformance/arbitrary-nfd.ts";
import { evaluateWithOracle } from "./oracle.ts";

const ENGINES = process.env.HOSTFIT_ENGINES;

interface PlatformCase {
  readonly host: Platform;
  readonly candidate: Platform;
  readonly takes: boolean;
}

interface NfdCase {
  readonly document: JsonMap;
  readonly features: JsonMap;
  /** Whether each set holds, or the error's text. */
  readonly answer: { readonly sets: readonly boolean[] | null } | { readonly error: string };
}

if (ENGINES !== undefined) record(ENGINES);

describe("containerd takes what the oracle says it takes", () => {
  const cases = read<PlatformCase>("containerd");
  it.each(cases)("$candidate on $host: $takes", ({ host, candidate, takes }) => {
    const facts = { kind: "Host", platforms: [host], features: {} };
    expect(evaluateWithOracle([], facts, { candidate: { platform: candidate } }).platform?.containerd).toBe(
      takes,
    );
  });
});

describe("NFD answers what the oracle says it answers", () => {
  const cases = read<NfdCase>("nfd").map((row, i) => ({ ...row, name: `document ${i}` }));
  it.each(cases)("$name", ({ document, features, answer }) => {
    const facts = { kind: "Host", features };
    const { nfd } = evaluateWithOracle([{ id: "nfd", dialect: "nfd", document }], facts);
    const own = nfd[0]!;
    if ("error" in answer) expect(own).toHaveProperty("error");
    else if (!isTemplate(own)) expect(own).toMatchObject(expected(document, answer.sets ?? []));
  });
});

/** NFD runs templates; hostfit says that it doesn't. */
function isTemplate(answer: NfdAnswer): boolean {
  return "error" in answer && answer.error.code === "unsupported-template";
}

function expected(document: JsonMap, sets: readonly boolean[]): object {
  const weights = (document.compatibilities as JsonMap[]).map(
    (set) => (set.weight as number | undefined) ?? 0,
  );
  const holding = sets.flatMap((holds, i) => (holds ? [i] : []));
  if (holding.length === 0) return { match: sets.length === 0, set: null };
  const index = holding.reduce((best, i) => (weights[i]! > weights[best]! ? i : best));
  return { match: true, set: { index, weight: weights[index] } };
}

function read<Case>(name: string): Case[] {
  return JSON.parse(readFileSync(fileOf(name), "utf8")) as Case[];
}

function fileOf(name: string): URL {
  return new URL(`fixtures/${name}.json`, import.meta.url);
}

function record(engines: string): void {
  const pairs = fc.sample(fc.tuple(platform, platform), { numRuns: 20_000, seed: 1 }) as unknown as [
    Platform,
    Platform,
  ][];
  const taken = ask(
    `${engines}/containerd`,
    pairs.map(([host, candidate]) => [asDetected(host), candidate]),
  ) as boolean[];
  const all = pairs.map(([host, candidate], i): PlatformCase => ({ host, candidate, takes: taken[i]! }));
  const some = [
    ...all.filter(({ takes }) => takes).slice(0, 200),
    ...all.filter(({ takes }) => !takes).slice(0, 200),
  ];
  write("containerd", some);

  const documents = fc.sample(fc.tuple(nfdDocument, features), { numRuns: 300, seed: 1 });
  const answers = ask(
    `${engines}/nfd`,
    documents.map(([document, set]) => ({ document, features: forNfd(set) })),
  );
  write(
    "nfd",
    documents.map(
      ([document, features], i): NfdCase => ({ document, features, answer: answers[i] as NfdCase["answer"] }),
    ),
  );
}

/** containerd detects no level of amd64 by itself. */
function asDetected(host: Platform): Platform {
  return ["amd64", "x86_64"].includes(host.architecture) ? { ...host, variant: "" } : host;
}

/** Features as NFD has them: maps of flags, attributes that are strings. */
function forNfd(features: JsonMap): JsonMap {
  const text = JSON.stringify(features, (key, value: unknown) => {
    if (key === "elements" && Array.isArray(value) && value.every((name) => typeof name === "string")) {
      return Object.fromEntries(value.map((name: string) => [name, {}]));
    }
    if (key === "partial") return undefined;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  });
  return JSON.parse(text, (key, value: unknown) =>
    key === "instances" ? withLists(value as JsonMap) : value,
  ) as JsonMap;
}

/** An empty list of instances looks like an empty list of flags: it stays a list. */
function withLists(instances: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(instances).map(([name, set]) => {
      const { elements } = set as { elements: unknown };
      return [name, { elements: elements === null || Array.isArray(elements) ? elements : [] }];
    }),
  );
}

function ask(program: string, cases: readonly unknown[]): unknown[] {
  const input = `${cases.map((value) => JSON.stringify(value)).join("\n")}\n`;
  const output = execFileSync(program, { input, maxBuffer: 1 << 28, stdio: ["pipe", "pipe", "ignore"] });
  return output
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

function write(name: string, cases: readonly unknown[]): void {
  writeFileSync(fileOf(name), `[\n${cases.map((value) => `  ${JSON.stringify(value)}`).join(",\n")}\n]\n`);
}
