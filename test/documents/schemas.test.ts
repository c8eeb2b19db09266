/**
 * The published schemas and the core, over every document, host and policy that the project has: what the core accepts, a
 * schema accepts; what the core refuses, a schema refuses, but for what a schema can't say.
 */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import type { CompileAnswer } from "../../src/author/core-findings.ts";
import type { SchemaKind } from "../../src/author/schema-messages.ts";
import { type Validators, validate } from "../../src/author/validate.ts";
import { compileWith } from "../../src/select/compile-file.ts";
import { generatedValidators } from "../author/validators.ts";
import type { VectorFile, VectorSource } from "../conformance/vector.ts";
import { read } from "./answer.ts";
import { examplesOf, type Input } from "./example.ts";
import { languagePages, ROOT } from "./pages.ts";

const compile = compileWith(await createMatcher());
let validators: Validators;
beforeAll(async () => {
  validators = await generatedValidators();
});

/** One document, facts or policy, as JSON. */
interface Sample {
  readonly name: string;
  readonly kind: SchemaKind;
  readonly json: Uint8Array;
}

/**
 * Refusals of the core that no JSON Schema can say, with why. `places` limits one to where it is so: elsewhere the same code is
 * something that the schema must see.
 */
const BEYOND_SCHEMAS: readonly { readonly code: string; readonly places?: RegExp; readonly why: string }[] = [
  { code: "invalid-json", why: "a schema sees values, not text" },
  { code: "invalid-utf8", why: "a schema sees values, not bytes" },
  { code: "duplicate-key", why: "a parser has dropped the first of them" },
  { code: "too-deep", why: "depth isn't a keyword" },
  { code: "too-large", why: "bytes aren't seen" },
  { code: "limit", why: "sums over a document aren't a keyword" },
  { code: "budget-exceeded", why: "work isn't seen" },
  { code: "bad-range", why: "the grammar of ranges is told better by the core" },
  { code: "bad-pattern", why: "RE2's grammar isn't regular" },
  { code: "reserved-feature", why: "which built-in features exist is told better by the core" },
  { code: "bad-value", places: /^\/runtimes\/\d+\/type$/, why: "uniqueness by one member isn't a keyword" },
  { code: "bad-value", places: /\/weight$/, why: "20.0 and 2e1 are the integer 20 to a schema" },
];

/** Where the two differ and shouldn't. What is mended must be taken off this list. */
const TO_BE_MENDED: readonly {
  readonly kind: SchemaKind;
  readonly difference: RegExp;
  readonly why: string;
}[] = [];

function isBeyond({ code, pointer = "" }: Extract<CompileAnswer, { readonly ok: false }>): boolean {
  return BEYOND_SCHEMAS.some((one) => one.code === code && (one.places?.test(pointer) ?? true));
}

/** `undefined` for what is no JSON. */
function parsedJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json)) as unknown;
  } catch {
    return undefined;
  }
}

/** How the two differ about a sample; null if they don't. */
async function difference({ kind, json }: Sample): Promise<string | null> {
  const core = await compile(json, kind);
  const value = parsedJson(json);
  const findings = value === undefined ? [] : validate(kind, value, validators);
  const schema = findings[0];
  const said = schema === undefined ? "" : `${schema.code} at ${schema.pointer}: ${schema.message}`;
  if (core.ok) return schema === undefined ? null : `the core accepts it, the schema says ${said}`;
  if (schema !== undefined || isBeyond(core)) return null;
  return `the core says ${core.code} at ${core.pointer}, the schema accepts it`;
}

function isNodeFeature(json: Uint8Array): boolean {
  return (parsedJson(json) as { readonly kind?: unknown } | null | undefined)?.kind === "NodeFeature";
}

/** Every document, facts and policy of test/vectors: those of refused cases too. */
function vectorSamples(): Sample[] {
  const folder = `${ROOT}test/vectors/`;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((file) => {
      const { cases } = JSON.parse(readFileSync(folder + file, "utf8")) as VectorFile;
      return cases.flatMap((one) => {
        const documents = [
          ...(one.documents ?? []),
          ...(one.candidates ?? []).flatMap((c) => c.documents ?? []),
        ];
        const native = documents.filter(({ dialect }) => dialect === "native");
        return [
          ...native.map((source) => sample(`${file}: ${one.name}: document`, "requirements", source)),
          sample(`${file}: ${one.name}: facts`, "host", one.facts),
          ...(one.policy === undefined ? [] : [sample(`${file}: ${one.name}: policy`, "policy", one.policy)]),
        ];
      });
    });
}

function sample(name: string, kind: SchemaKind, source: VectorSource): Sample {
  const json =
    "text" in source
      ? new TextEncoder().encode(source.text)
      : new Uint8Array(Buffer.from(source.base64, "base64"));
  return { name, kind, json };
}

/** Every input of the examples that a reader of YAML takes. */
async function exampleSamples(): Promise<Sample[]> {
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const { file, documents, facts, policy } of languagePages().flatMap(examplesOf)) {
    const take = async (kind: SchemaKind, input: Input): Promise<void> => {
      const name = `${file}:${input.line}`;
      if (seen.has(name)) return;
      seen.add(name);
      const source = await read(input).catch(() => null);
      if (source !== null) samples.push({ name, kind, json: source.json });
    };
    for (const one of documents) if (one.dialect === "native") await take("requirements", one);
    if (facts !== null) await take("host", facts);
    if (policy !== null) await take("policy", policy);
  }
  return samples;
}

/** Every YAML file of the examples that says what it is. */
async function fileSamples(): Promise<Sample[]> {
  const kinds: Readonly<Record<string, SchemaKind>> = {
    Requirements: "requirements",
    Host: "host",
    Policy: "policy",
  };
  const files = readdirSync(`${ROOT}examples`, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".yaml"),
  );
  const samples: Sample[] = [];
  for (const name of files.sort()) {
    const text = readFileSync(`${ROOT}examples/${name}`, "utf8");
    const { json } = await read({ text, format: "yaml", line: 1 });
    const kind = kinds[String((parsedJson(json) as { readonly kind?: unknown } | null)?.kind)];
    if (kind !== undefined) samples.push({ name, kind, json });
  }
  return samples;
}

/** NodeFeature objects are NFD's: no schema of this project describes them. */
const samples = [...vectorSamples(), ...(await exampleSamples()), ...(await fileSamples())].filter(
  ({ kind, json }) => kind !== "host" || !isNodeFeature(json),
);

describe("the schemas and the core agree", () => {
  it.each(["requirements", "host", "policy"] as const)("about every sample of %s", async (kind) => {
    const disagreements: string[] = [];
    const known = TO_BE_MENDED.filter((one) => one.kind === kind);
    const met = new Set<string>();
    for (const one of samples.filter((sample) => sample.kind === kind)) {
      const found = await difference(one);
      const entry = known.find((one) => one.difference.test(found ?? ""));
      if (entry !== undefined) met.add(entry.why);
      else if (found !== null) {
        disagreements.push(`${one.name}: ${found}: ${new TextDecoder().decode(one.json).slice(0, 300)}`);
      }
    }
    expect(disagreements).toEqual([]);
    expect([...met], "mended: take it off the list").toEqual(known.map(({ why }) => why));
  });

  it("over samples of both sorts", async () => {
    const counts = { accepted: 0, refused: 0 };
    for (const { kind, json } of samples) counts[(await compile(json, kind)).ok ? "accepted" : "refused"]++;
    expect(counts.accepted).toBeGreaterThan(1000);
    expect(counts.refused).toBeGreaterThan(200);
  });
});

describe("what schemas can't say", () => {
  it.each(BEYOND_SCHEMAS)("$code $places: $why", async ({ code, places }) => {
    // Kept honest: where a sample has it, some such sample must pass the schema, or the entry is idle.
    const missed: string[] = [];
    let met = 0;
    for (const { kind, json, name } of samples) {
      const core = await compile(json, kind);
      if (core.ok || core.code !== code || !(places?.test(core.pointer ?? "") ?? true)) continue;
      met++;
      const value = parsedJson(json);
      if (value === undefined || validate(kind, value, validators).length === 0) missed.push(name);
    }
    expect(missed.length > 0 || met === 0).toBe(true);
  });
});
