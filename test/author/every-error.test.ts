/** Linting a file shows all that is wrong with it at once: what YAML, the schema and the core find, each place once. */
import { beforeAll, describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import type { CompileFile } from "../../src/author/core-findings.ts";
import { lintFile } from "../../src/author/lint-file.ts";
import type { Validators } from "../../src/author/validate.ts";
import { compileWith } from "../../src/select/compile-file.ts";
import { generatedValidators } from "./validators.ts";

let validators: Validators;
let core: CompileFile;
beforeAll(async () => {
  validators = await generatedValidators();
  core = compileWith(await createMatcher());
}, 60_000);

async function lint(text: string, file = "d.yaml"): Promise<string[]> {
  const { diagnostics, document } = await lintFile(
    new TextEncoder().encode(text),
    { file, validators },
    core,
  );
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  // What was guessed must never be taken for the document.
  if (errors.some(({ code }) => code.startsWith("yaml-") || code.startsWith("nfd-")))
    expect(document).toBeNull();
  return errors.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

const HEAD = "apiVersion: hostfit/v1.0\nkind: Requirements\n";

describe("a native document in YAML", () => {
  it.each<[string, string, string[]]>([
    [
      "two unquoted numbers, and what is wrong besides",
      `nmae: x
requires:
  pci.device: { some: { class: 0302, device: 22.10, vendor: { vresion: ">1" } } }
  kernel.version: { full: { version: ">>5" }, major: { number: "x" } }
`,
      [
        "3:1 unknown-key",
        "5:32 yaml-unquoted",
        "5:46 yaml-unquoted",
        "5:63 unknown-key",
        "6:38 bad-range",
        "6:64 bad-range",
      ],
    ],
    [
      "every range and every pattern that can't be read",
      `requires:
  a.b:
    one: { version: ">>1" }
    two: { text: { matches: "(" } }
    three: { size: 3Q }
  any:
    - c.d: { count: { of: { x: z }, is: many } }
    - c.d: { some: { x: { number: ">=" } } }
    - host.kernel: { a: b }
prefers:
  - { weight: 3, when: { a.b: { x: { text: { matches: "[" } } } } }
`,
      [
        "5:21 bad-range",
        "6:29 bad-pattern",
        "7:20 bad-range",
        "9:41 bad-range",
        "10:35 bad-range",
        "11:7 reserved-feature",
        "13:55 bad-pattern",
      ],
    ],
    [
      "runtimes that stand twice",
      `runtimes:
  - { type: nvidia }
  - { type: nvidia, requires: { a.b: { x: { version: "?" } } } }
  - { type: default }
  - { type: default }
`,
      ["5:13 bad-value", "5:54 bad-range", "7:13 bad-value"],
    ],
    [
      "a tag, a duplicate and a second document",
      `requires:
  a.b: { x: !!str 5 }
  a.b: { x: 6 }
  c.d: { z: { version: ">>" } }
---
more: 1
`,
      ["4:19 yaml-tag", "5:3 yaml-duplicate-key", "6:24 bad-range", "7:1 yaml-documents"],
    ],
    [
      "a key that YAML reads in two ways",
      "requires:\n  a.b: { on: { version: '>>' }, off: x }\n",
      ["4:10 yaml-unquoted", "4:25 bad-range", "4:33 yaml-unquoted"],
    ],
  ])("%s", async (_, text, expected) => {
    expect(await lint(HEAD + text)).toEqual(expected);
  });

  it("an emptied condition is not called empty: what emptied it is said once", async () => {
    expect(
      await lint(`${HEAD}requires: { host.kernel: [x] }\nprefers: [{ weight: 1, when: { host.x: [x] } }]\n`),
    ).toEqual(["3:13 reserved-feature", "4:32 reserved-feature"]);
  });

  it("another version of the language is all that is said", async () => {
    expect(await lint("apiVersion: hostfit/v9.0\nkind: Requirements\nrequires: { x: 1 }\n")).toEqual([
      "1:13 unsupported-version",
    ]);
  });
});

describe("a native document in JSON", () => {
  it("shows the first key that stands twice, and every error after it", async () => {
    const text = `{ "apiVersion": "hostfit/v1.0", "kind": "Requirements",
  "requires": { "a.b": { "x": { "number": ">>" }, "y": "z", "y": "z" },
    "c.d": { "e": { "version": "<" } } } }`;
    expect(await lint(text, "d.json")).toEqual(["2:43 bad-range", "2:61 duplicate-key", "3:32 bad-range"]);
  });

  it("keeps the digits of numbers while it looks for more", async () => {
    const text = `{ "apiVersion": "hostfit/v1.0", "kind": "Requirements",
  "requires": { "a.b": { "x": { "number": ">>" } } },
  "prefers": [ { "weight": 2e1, "when": { "a.b": { "x": 1 } } } ] }`;
    expect(await lint(text, "d.json")).toEqual(["2:43 bad-range", "3:28 bad-value"]);
  });
});

describe("facts and policies", () => {
  it("facts: every wrong place", async () => {
    const text = `apiVersion: hostfit/v1.0
kind: Host
features:
  flags: { a.b: { elements: 5 }, host.platform: { elements: { z: {} } } }
  attributes: { c.d: { elements: { version: 5.10 } } }
`;
    expect(await lint(text)).toEqual(["4:29 wrong-type", "4:34 reserved-feature", "5:45 yaml-unquoted"]);
  });
});

describe("NFD's documents", () => {
  const rule = (expression: string): string => `          x: ${expression}\n`;
  const nfd = (...expressions: string[]): string =>
    `version: v1alpha1
compatibilities:
- rules:
  - name: r
    matchFeatures:
      - feature: cpu.model
        matchExpressions:
${expressions.map((one, index) => rule(one).replace("x:", `x${index}:`)).join("")}`;

  it.each<[string, string]>([
    ["{ op: Inn, value: [a] }", "unknown-op"],
    ["{ op: In }", "value-empty"],
    ["{ op: Exists, value: [a] }", "value-not-empty"],
    ['{ op: Gt, value: ["1", "2"] }', "value-count"],
    ["{ op: Gt, value: [a] }", "not-a-number"],
    ['{ op: GtLt, value: ["2", "1"] }', "bad-interval"],
    ['{ op: InRegexp, value: ["("] }', "bad-pattern"],
    ['{ op: Ge, type: version, value: ["x"] }', "not-a-version"],
    ['{ op: Ge, type: semver, value: ["1"] }', "bad-type"],
  ])("%s is %s", async (expression, code) => {
    expect(await lint(nfd(expression))).toEqual([`8:15 ${code}`]);
  });

  it.each([
    "{ op: In, value: [a] }",
    "{ op: Exists }",
    "{}",
    '{ op: Gt, value: ["1"] }',
    '{ op: GeLe, type: version, value: ["1.2", "1.3.4"] }',
    "{ op: IsTrue }",
    "",
  ])("%s is not wrong", async (expression) => {
    expect(await lint(nfd(expression))).toEqual([]);
  });

  it("shows every wrong value and every wrong expression", async () => {
    const text = nfd("{ op: In, value: a }", "{ op: Is }", "{ op: Gt, value: [] }", "{ op: [] }");
    expect(await lint(text)).toEqual([
      "8:32 nfd-type",
      "9:15 unknown-op",
      "10:15 value-count",
      "11:21 nfd-type",
    ]);
  });

  it("looks at matchName and matchAny too", async () => {
    const text = `compatibilities:
- rules:
  - matchAny:
    - matchFeatures:
      - { feature: a.b, matchName: { op: Im } }
`;
    expect(await lint(text)).toEqual(["5:36 unknown-op"]);
  });
});
