import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createMatcher } from "../../../bindings/js/index.ts";
import { convertFile, type Target } from "../../../src/author/convert/convert-file.ts";
import { DocumentError } from "../../../src/author/diagnostics.ts";
import { catalogOf, shippedVocabularies } from "../../../src/probe/vocabulary/catalog.ts";
import { compileWith } from "../../../src/select/compile-file.ts";

const catalog = catalogOf(await shippedVocabularies(), []);
const compile = compileWith(await createMatcher());

function convert(document: unknown, to?: Target) {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  return convertFile(new TextEncoder().encode(text), {
    file: "given",
    ...(to === undefined ? {} : { to }),
    catalog,
    compile,
  });
}

/** `code pointer` of every finding. */
async function told(document: unknown, to?: Target): Promise<readonly string[]> {
  try {
    return (await convert(document, to)).warnings.map(({ code, pointer }) => `${code} ${pointer}`);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.diagnostics.map(({ code, pointer, severity }) => `${severity} ${code} ${pointer ?? ""}`);
  }
}

const nfd = (...matchFeatures: unknown[]) => ({ compatibilities: [{ rules: [{ matchFeatures }] }] });
const T = "/compatibilities/0/rules/0/matchFeatures/0";
const kernel = (expression: unknown) =>
  nfd({ feature: "kernel.version", matchExpressions: { full: expression } });
const E = `${T}/matchExpressions/full`;

describe("what NFD's document says and a native one can't is told by place", () => {
  test.each([
    [
      "a feature of no vocabulary",
      nfd({ feature: "no.such", matchExpressions: { a: { op: "Exists" } } }),
      `error kind-unknown ${T}/feature`,
    ],
    ["a feature alone", nfd({ feature: "kernel.version" }), `error not-sayable ${T}`],
    [
      "what earlier rules found",
      nfd({ feature: "rule.matched", matchExpressions: { a: { op: "Exists" } } }),
      `error not-sayable ${T}/feature`,
    ],
    [
      "no feature's name",
      nfd({ feature: "kernel", matchExpressions: { a: { op: "Exists" } } }),
      `error not-sayable ${T}/feature`,
    ],
    [
      "a value of a flag",
      nfd({ feature: "cpu.cpuid", matchExpressions: { AVX2: { op: "In", value: ["x"] } } }),
      `error never-holds ${T}/matchExpressions/AVX2`,
    ],
    ["an unknown op", kernel({ op: "Like", value: ["x"] }), `error unknown-op ${E}`],
    ["no value", kernel({ op: "In" }), `error value-empty ${E}`],
    ["a value too many", kernel({ op: "Gt", value: ["1", "2"] }), `error value-count ${E}`],
    ["no whole number", kernel({ op: "Gt", value: ["1.0"] }), `error not-a-number ${E}`],
    ["no version", kernel({ op: "Ge", value: ["1.2.3.4"], type: "version" }), `error not-a-version ${E}`],
    ["an unknown type", kernel({ op: "Ge", value: ["1"], type: "number" }), `error bad-type ${E}`],
    ["an empty interval", kernel({ op: "GtLt", value: ["3", "3"] }), `error bad-interval ${E}`],
    ["a pattern that isn't one", kernel({ op: "InRegexp", value: ["("] }), `error bad-pattern ${E}`],
    [
      "names in general",
      nfd({ feature: "pci.device", matchName: { op: "InRegexp", value: ["^v"] } }),
      `error not-sayable ${T}/matchName`,
    ],
    [
      "a template",
      { compatibilities: [{ rules: [{ varsTemplate: "{{ . }}" }] }] },
      "error not-sayable /compatibilities/0/rules/0/varsTemplate",
    ],
    [
      "a weight below 0",
      { compatibilities: [{ weight: -1 }] },
      "error not-sayable /compatibilities/0/weight",
    ],
    [
      "a weight above 100",
      { compatibilities: [{ weight: 101, rules: [] }] },
      "error not-sayable /compatibilities/0/weight",
    ],
    [
      "a weight of what always holds",
      { compatibilities: [{ weight: 5 }] },
      "error not-sayable /compatibilities/0/weight",
    ],
    [
      "that a flag is missing",
      nfd({ feature: "cpu.cpuid", matchExpressions: { AVX2: { op: "DoesNotExist" } } }),
      `closed-world ${T}/matchExpressions/AVX2`,
    ],
  ])("%s", async (_what, document, expected) => {
    expect(await told(document)).toContain(expected);
  });

  test("an expression that is null", async () => {
    const text = `compatibilities: [{rules: [{matchFeatures: [{feature: kernel.version, matchExpressions: {full: null}}]}]}]`;
    expect(await told(text)).toContain(`error not-sayable ${E}`);
  });

  test("the place is that of the file", async () => {
    const text =
      "compatibilities:\n- rules:\n  - matchFeatures:\n    - feature: no.such\n      matchExpressions: {a: {op: Exists}}\n";
    const error = await convert(text).then(
      () => null,
      (thrown: unknown) => thrown as DocumentError,
    );
    expect(error?.diagnostics[0]).toMatchObject({ line: 4, column: 16, file: "given" });
  });
});

const native = (requires: unknown, more: object = {}) => ({
  apiVersion: "hostfit/v1.0",
  kind: "Requirements",
  requires,
  ...more,
});

describe("what a native document says and NFD's can't is told by place", () => {
  test.each([
    [
      "every instance",
      native({ "pci.device": { every: { vendor: "1" } } }),
      "error not-sayable /requires/pci.device/every",
    ],
    [
      "no instance",
      native({ "pci.device": { none: { vendor: "1" } } }),
      "error not-sayable /requires/pci.device/none",
    ],
    [
      "a count",
      native({ "pci.device": { count: { is: ">=2" } } }),
      "error not-sayable /requires/pci.device/count",
    ],
    [
      "a size",
      native({ "memory.numa": { x: { size: ">=1Gi" } } }),
      "error not-sayable /requires/memory.numa/x/size",
    ],
    [
      "a backport",
      native({ "kernel.version": { full: { version: ">=4.18.0-305" } } }),
      "error not-sayable /requires/kernel.version/full/version",
    ],
    [
      "a prefix",
      native({ "kernel.version": { full: { version: "4.18.*" } } }),
      "error not-sayable /requires/kernel.version/full/version",
    ],
    [
      "four numbers",
      native({ "kernel.version": { full: { version: ">=1.2.3.4" } } }),
      "error not-sayable /requires/kernel.version/full/version",
    ],
    [
      "a fraction",
      native({ "kernel.version": { full: { number: ">=0.5" } } }),
      "error not-sayable /requires/kernel.version/full/number",
    ],
    [
      "a pattern that must not match",
      native({ not: { "kernel.version": { full: { text: { matches: "a" } } } } }),
      "error not-sayable /requires/not/kernel.version/full/text/matches",
    ],
    [
      "two things of one instance",
      native({ "pci.device": { some: { vendor: { version: ">=1 !=2" } } } }),
      "error not-sayable /requires/pci.device/some/vendor",
    ],
    [
      "the host's platform",
      native({ "host.platform": { some: { os: "linux" } } }),
      "error not-sayable /requires/host.platform",
    ],
    ["capital letters", native({ "Org.x/a.b": ["c"] }), "error not-sayable /requires/Org.x~1a.b"],
    [
      "runtimes",
      native({ "cpu.cpuid": ["AVX2"] }, { runtimes: [{ type: "nvidia" }] }),
      "error not-sayable /runtimes",
    ],
    [
      "many preferences",
      native(
        { "cpu.cpuid": ["AVX2"] },
        { prefers: [1, 2, 3, 4, 5].map((weight) => ({ weight, when: { "cpu.cpuid": [`F${weight}`] } })) },
      ),
      "error not-sayable /prefers",
    ],
    ["annotations", native({ "cpu.cpuid": ["AVX2"] }, { annotations: { a: "b" } }), "left-out /annotations"],
    [
      "features that NFD doesn't know",
      native({ "org.hostfit/gpu.nvidia": { some: { driver: "5" } } }),
      "one-sided /requires/org.hostfit~1gpu.nvidia",
    ],
    [
      "that a flag is missing",
      native({ "cpu.cpuid": { flags: { none: ["AVX2"] } } }),
      "closed-world /requires/cpu.cpuid/flags",
    ],
  ])("%s", async (_what, document, expected) => {
    expect(await told(document)).toContain(expected);
  });

  test("too many alternatives", async () => {
    const any = Array.from({ length: 8 }, (_, at) => ({ "cpu.cpuid": [`F${at}`] }));
    const nested = {
      any: [{ all: [{ any }, { any: [...any].reverse() }, { any }] }, { "cpu.cpuid": ["X"] }],
    };
    expect(await told(native(nested))).toContain("error not-sayable /requires");
  });
});

describe("what is refused as a whole", () => {
  test.each([
    [
      "a document of the wanted dialect",
      native({ "cpu.cpuid": ["AVX2"] }),
      "native",
      "error nothing-to-convert ",
    ],
    [
      "a document that is wrong itself",
      native({ "cpu.cpuid": "AVX2" }),
      undefined,
      "error wrong-type /requires/cpu.cpuid",
    ],
  ] as const)("%s", async (_what, document, to, expected) => {
    expect(await told(document, to)).toContain(expected);
  });
});

test("NFD's own example becomes a native document, and back", async () => {
  const text = readFileSync(new URL("../../../examples/conversions/nfd.yaml", import.meta.url), "utf8");
  const there = await convert(text);
  expect(there).toMatchObject({ from: "nfd", to: "native" });
  const back = await convert(there.document);
  expect(back).toMatchObject({ from: "native", to: "nfd" });
});

test("numbers keep their spelling", async () => {
  const text =
    '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"system.osrelease":{"VERSION_ID":[1.10,22.04]}}}';
  const { document } = await convert(text);
  expect(JSON.stringify(document)).toContain('"value":["1.10","22.04"]');
});
