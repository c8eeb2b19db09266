/**
 * The published schemas against the core, over documents that are nearly right: what a schema refuses the core refuses,
 * and what only the core refuses is nothing that a schema could say.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import type { Matcher } from "../../bindings/js/matcher.ts";
import { lintFile } from "../../src/author/lint-file.ts";
import type { SchemaKind } from "../../src/author/schema-messages.ts";
import { type Validators, validate } from "../../src/author/validate.ts";
import { compileWith } from "../../src/select/compile-file.ts";
import { seededRandom } from "./random.ts";
import { generatedValidators } from "./validators.ts";

let validators: Validators;
let matcher: Matcher;
beforeAll(async () => {
  validators = await generatedValidators();
  matcher = await createMatcher();
}, 60_000);

const REQUIREMENTS = {
  apiVersion: "hostfit/v1.0",
  kind: "Requirements",
  name: "n",
  annotations: { a: "b" },
  requires: {
    "kernel.version": { full: { version: ">=5.14" }, attributes: { some: "x" } },
    "cpu.cpuid": ["AVX2", "FMA3"],
    "a/b.c": { flags: { all: ["x"], any: ["y"], none: ["z"] } },
    all: [
      {
        name: "gpu",
        "pci.device": { count: { of: { vendor: "10de", class: ["0300", 2, true] }, is: ">=2" } },
      },
      {
        if: { "cpu.model": { vendor_id: "AMD" } },
        // biome-ignore lint/suspicious/noThenProperty: a word of the language
        then: { "a.b": ["c"] },
        else: { "a.b": { x: { exists: false } } },
      },
      {
        any: [
          { "m.n": { some: { i: "m", any: [{ v: { number: 1 } }], not: { w: { size: "1Gi" } } } } },
          { not: { "k.s": { e: true } } },
        ],
      },
      {
        "p.q": {
          every: [{ all: { x: "y" } }, { attributes: { all: 1 } }],
          none: { y: { text: { in: ["a"], notIn: [1], matches: "^a" } } },
        },
      },
    ],
  },
  includes: [{ origin: "o", digest: "sha256:0", requires: { "a.b": ["c"] } }],
  prefers: [{ weight: 20, when: { "a.b": ["c"] }, description: "d", documentation: "u" }],
  runtimes: [{ type: "nvidia", requires: { "a.b": ["c"] } }, { type: "default" }],
};

const HOST = {
  apiVersion: "hostfit/v1.0",
  kind: "Host",
  name: "n",
  annotations: { a: "b" },
  platforms: [
    { os: "linux", architecture: "amd64", variant: "v3", handlers: ["runc"] },
    { os: "windows", architecture: "amd64", "os.version": "10.0.1.1", "os.features": ["win32k"] },
  ],
  runtimes: { default: "runc" },
  features: {
    flags: {
      "a.b": { elements: { x: {} }, scope: ["x", "y"] },
      "a.c": { elements: ["x"] },
      "a.d": { elements: null },
    },
    attributes: { "k.v": { elements: { full: "5", major: 5, on: true }, unknown: ["x"] } },
    instances: { "p.d": { elements: [{ attributes: { v: "1" }, unknown: ["n"] }], partial: true } },
  },
  closedWorld: ["a.b"],
};

const POLICY = {
  apiVersion: "hostfit/v1.0",
  kind: "Policy",
  name: "n",
  annotations: {},
  allowUndetermined: true,
  requires: { "a.b": ["c"] },
  prefers: [{ weight: 1, when: { "a.b": ["c"] } }],
  runtimes: { allow: ["default"] },
  onMissing: "refuse",
  bases: { allow: ["registry.example/base"] },
};

/** What only the core can know. */
const CORE_ONLY = new Set(["bad-range", "bad-pattern", "reserved-feature", "limit", "budget"]);

describe.each<[SchemaKind, unknown]>([
  ["requirements", REQUIREMENTS],
  ["host", HOST],
  ["policy", POLICY],
])("the schema of %s and the core", (kind, base) => {
  it("both accept the document that the cases start from", async () => {
    expect(validate(kind, base, validators)).toEqual([]);
    expect(await compileWith(matcher)(new TextEncoder().encode(JSON.stringify(base)), kind)).toEqual({
      ok: true,
    });
  });

  it("agree on documents that are nearly right", async () => {
    const random = seededRandom(kind.length * 1000);
    const compile = compileWith(matcher);
    const wrong: unknown[] = [];
    let refused = 0;
    for (let round = 0; round < 6000; round++) {
      const value = mutate(structuredClone(base), random);
      const findings = validate(kind, value, validators);
      const answer = await compile(new TextEncoder().encode(JSON.stringify(value)), kind);
      if (findings.length > 0) refused++;
      const agree = answer.ok
        ? findings.length === 0
        : findings.length > 0 || CORE_ONLY.has(answer.code) || isTwice(value);
      if (!agree) wrong.push({ findings, answer, value });
    }
    expect(JSON.stringify(wrong.slice(0, 3), null, 1)).toBe("[]");
    expect(refused).toBeGreaterThan(2000);
  }, 60_000);

  it("mean the same place by the same code, where the core's finding is one of the schema's", async () => {
    const random = seededRandom(kind.length * 77);
    const compile = compileWith(matcher);
    const elsewhere: unknown[] = [];
    for (let round = 0; round < 2000; round++) {
      const value = mutate(structuredClone(base), random);
      const findings = validate(kind, value, validators);
      const answer = await compile(new TextEncoder().encode(JSON.stringify(value)), kind);
      if (answer.ok || findings.length === 0 || CORE_ONLY.has(answer.code) || isTwice(value)) continue;
      // Of a platform without a name the core doesn't say the place.
      if (findings.some((one) => one.message.endsWith("is an empty text"))) continue;
      const { code, pointer } = answer;
      if (!findings.some((one) => one.pointer === pointer && one.code === code))
        elsewhere.push({ answer, findings });
    }
    expect(JSON.stringify(elsewhere.slice(0, 5), null, 1)).toBe("[]");
  }, 60_000);
});

it("one mistake is one finding, whoever else sees it too", async () => {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...REQUIREMENTS, requiers: {} }));
  const { diagnostics } = await lintFile(bytes, { file: "d.json", validators }, compileWith(matcher));
  expect(diagnostics.map((one) => one.code)).toEqual(["unknown-key"]);
});

/** Two runtimes of one type: nothing that a schema can say. */
function isTwice(value: unknown): boolean {
  const runtimes = (value as { runtimes?: unknown } | null)?.runtimes;
  if (!Array.isArray(runtimes)) return false;
  const types = runtimes.map((one) => (one as { type?: unknown } | null)?.type);
  return new Set(types).size < types.length;
}

const SPARE = [
  null,
  true,
  "text",
  "",
  5,
  0.5,
  200,
  [],
  {},
  ["x"],
  { x: "y" },
  { "a.b": ["c"] },
  { version: "1" },
  [null],
  { name: "x" },
];
const KEYS = [
  "a.b",
  "a",
  "x.",
  ".x",
  "/a.b",
  "d/a.b",
  "host.x",
  "host.platform",
  "some",
  "all",
  "if",
  "then",
  "else",
  "not",
  "any",
  "name",
  "version",
  "is",
  "of",
  "flags",
  "elements",
  "os",
];

/** One to three changes at random places. */
function mutate(value: unknown, random: () => number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const root = { value };
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--) {
    const places: { holder: Record<string, unknown>; key: string }[] = [];
    const walk = (holder: Record<string, unknown>): void => {
      for (const key of Object.keys(holder)) {
        places.push({ holder, key });
        const child = holder[key];
        if (typeof child === "object" && child !== null) walk(child as Record<string, unknown>);
      }
    };
    walk(root as Record<string, unknown>);
    const { holder, key } = pick(places);
    const list = Array.isArray(holder);
    switch (Math.floor(random() * 4)) {
      case 0:
        holder[key] = structuredClone(pick(SPARE));
        break;
      case 1:
        if (list) holder.splice(Number(key), 1);
        else if (holder !== (root as Record<string, unknown>)) delete holder[key];
        break;
      case 2:
        if (!list && holder !== (root as Record<string, unknown>)) {
          const held = holder[key];
          delete holder[key];
          holder[pick(KEYS)] = held;
        }
        break;
      default:
        if (list) holder.push(structuredClone(pick(SPARE)));
        else if (holder !== (root as Record<string, unknown>))
          holder[pick(KEYS)] = structuredClone(pick(SPARE));
    }
  }
  return root.value;
}
