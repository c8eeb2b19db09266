import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { plain } from "../../src/cli/paint.ts";
import { columns } from "../../src/cli/render/columns.ts";
import { toYaml } from "../../src/cli/render/yaml.ts";
import { hostfit, ROOT } from "./harness.ts";

const HOST = join(ROOT, "test/cli/render-host.yaml");
const folder = mkdtempSync(join(tmpdir(), "hostfit-render-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines that `check` prints for one condition, without head; a policy stands in the head. */
async function said(requires: string, more = "", policy?: object): Promise<string[]> {
  const text = `apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: ${requires}\n${more}`;
  const file = join(folder, "needs.yaml");
  writeFileSync(file, text);
  const under = policy === undefined ? [] : ["--policy", "-"];
  const { stdout, stderr } = await hostfit(["check", "--requirements", file, "--facts", HOST, ...under], {
    stdin: JSON.stringify({ apiVersion: "hostfit/v1.0", kind: "Policy", ...policy }),
  });
  expect(stderr).toBe("");
  return stdout
    .trimEnd()
    .split("\n")
    .slice(policy === undefined ? 3 : 2);
}

const CASES: [requires: string, lines: string[]][] = [
  ["{ cpu.cpuid: [AVX, AVX2, SSE3] }", ["incompatible", "  cpu.cpuid AVX, AVX2 are missing"]],
  ["{ cpu.cpuid: [AVX] }", ["incompatible", "  cpu.cpuid AVX is missing"]],
  ["{ cpu.cpuid: [SHA] }", ["undetermined", "  cpu.cpuid SHA: not known whether it is there"]],
  [
    "{ cpu.cpuid: { flags: { none: [SSE3] } } }",
    ["incompatible", "  cpu.cpuid SSE3 is there and may not be"],
  ],
  [
    '{ kernel.version: { full: { version: ">=5.14" } } }',
    ["incompatible", "  kernel.version full: found 5.4.0, wanted: version >=5.14"],
  ],
  [
    '{ kernel.version: { odd: { version: ">=5" } } }',
    ["undetermined", "  kernel.version odd: found x (can't be read), wanted: version >=5"],
  ],
  [
    "{ kernel.version: { nosuch: a } }",
    ["incompatible", "  kernel.version nosuch: found nothing, wanted: a"],
  ],
  [
    "{ system.osrelease: { ID: [ubuntu, rhel] } }",
    ["incompatible", "  system.osrelease ID: found debian, wanted: ubuntu or rhel"],
  ],
  [
    "{ system.osrelease: { VERSION_ID: { exists: true } } }",
    ["undetermined", "  system.osrelease VERSION_ID: not known, wanted: there"],
  ],
  [
    '{ system.osrelease: { ID: { text: { notIn: [debian], matches: "^u" } } } }',
    ["incompatible", "  system.osrelease ID: found debian, wanted: not debian and like /^u/"],
  ],
  [
    "{ not: { kernel.selinux: { enabled: true } } }",
    ["incompatible", "  kernel.selinux enabled: found true, wanted: not true"],
  ],
  [
    '{ pci.device: { some: { vendor: "10de", any: [{ class: "0300" }, { class: "0302" }] } } }',
    [
      "incompatible",
      "  pci.device: 0 of 2 have vendor 10de, (class 0300 or class 0302), wanted: at least one",
    ],
  ],
  [
    '{ pci.device: { some: { class: "0300", vendor: "1af4" } } }',
    ["undetermined", "  pci.device: 0 of 2 have class 0300, vendor 1af4 (and 1 may), wanted: at least one"],
  ],
  [
    '{ pci.device: { every: { vendor: "8086" } } }',
    ["incompatible", "  pci.device: 1 of 2 has vendor 8086, wanted: all"],
  ],
  [
    '{ pci.device: { none: { vendor: "8086" } } }',
    ["incompatible", "  pci.device: 1 of 2 has vendor 8086, wanted: none"],
  ],
  ['{ pci.device: { count: { is: ">=3" } } }', ["incompatible", "  pci.device: 2 are there, wanted: >=3"]],
  [
    '{ pci.device: { count: { of: { vendor: "8086" }, is: "2" } } }',
    ["incompatible", "  pci.device: 1 of 2 has vendor 8086, wanted: 2"],
  ],
  [
    '{ usb.device: { some: { class: "03" } } }',
    ["incompatible", "  usb.device: there is none, wanted: at least one with class 03"],
  ],
  [
    '{ memory.nv: { count: { is: ">=2" } } }',
    ["undetermined", "  memory.nv: 1 or more is there, wanted: >=2"],
  ],
  [
    '{ storage.block: { some: { dax: "1" } } }',
    ["undetermined", "  storage.block: not known how many there are, wanted: at least one with dax 1"],
  ],
  [
    "{ any: [{ cpu.cpuid: [AVX] }, { system.osrelease: { ID: rhel } }] }",
    [
      "incompatible",
      "  none of these alternatives holds:",
      "    1. cpu.cpuid AVX is missing",
      "    2. system.osrelease ID: found debian, wanted: rhel",
    ],
  ],
  [
    "{ any: [{ cpu.cpuid: [AVX] }, { system.osrelease: { ID: debian } }] }",
    ["compatible", "  system.osrelease ID: found debian, which is debian"],
  ],
  [
    '{ name: os, description: "only \\u001b[31mred", documentation: "https://x.example", system.osrelease: { ID: rhel } }',
    [
      "incompatible",
      "  os: system.osrelease ID: found debian, wanted: rhel",
      "    only \\u{1b}[31mred",
      "    https://x.example",
    ],
  ],
];

describe("reasons in words", () => {
  test.each(CASES)("%s", async (requires, lines) => {
    expect(await said(requires)).toEqual(lines);
  });

  test("alternatives within alternatives are numbered, and say what each of them lacks", async () => {
    const requires = `
  any:
    - name: cuda
      description: an NVIDIA GPU
      all:
        - pci.device: { some: { vendor: "10de" } }
        - kernel.version: { full: { version: ">=99" } }
    - any:
        - { name: old, cpu.cpuid: [AVX, AVX2], kernel.version: { full: { version: ">=98" } } }
        - { name: new, not: { any: [{ cpu.cpuid: [SSE3] }] } }
    - system.osrelease: { ID: rhel }
`;
    expect(await said(requires)).toEqual([
      "incompatible",
      "  none of these alternatives holds:",
      "    1. cuda: pci.device: 0 of 2 have vendor 10de, wanted: at least one",
      "         an NVIDIA GPU",
      "       cuda: kernel.version full: found 5.4.0, wanted: version >=99",
      "    2. none of these alternatives holds:",
      "         2.1 old: cpu.cpuid AVX, AVX2 are missing",
      "             old: kernel.version full: found 5.4.0, wanted: version >=98",
      "         2.2 new: cpu.cpuid SSE3 is there and may not be",
      "    3. system.osrelease ID: found debian, wanted: rhel",
    ]);
  });

  test("a name and a description around alternatives are told once, above them", async () => {
    const requires = `
  name: simd
  description: wide vectors
  any: [{ cpu.cpuid: [AVX] }, { cpu.cpuid: [AVX2] }]
`;
    expect(await said(requires)).toEqual([
      "incompatible",
      "  simd: none of these alternatives holds:",
      "    wide vectors",
      "    1. cpu.cpuid AVX is missing",
      "    2. cpu.cpuid AVX2 is missing",
    ]);
  });

  test("alternatives of which none is known to hold claim no more than that", async () => {
    expect(
      await said("{ any: [{ cpu.cpuid: [SHA] }, { kernel.version: { odd: { version: '>=5' } } }] }"),
    ).toEqual([
      "undetermined",
      "  which of these alternatives holds is not known:",
      "    1. cpu.cpuid SHA: not known whether it is there",
      "    2. kernel.version odd: found x (can't be read), wanted: version >=5",
    ]);
  });

  test("two flags of an alternative that may not hold are no alternatives", async () => {
    expect(
      await said("{ not: { any: [{ system.osrelease: { ID: rhel } }, { cpu.cpuid: [SSE3, SSE4] }] } }"),
    ).toEqual(["incompatible", "  cpu.cpuid SSE3, SSE4 are there and may not be"]);
  });

  test("one of several flags", async () => {
    expect(await said("{ cpu.cpuid: { flags: { any: [AVX, AVX2] } } }")).toEqual([
      "incompatible",
      "  none of these alternatives holds:",
      "    1. cpu.cpuid AVX is missing",
      "    2. cpu.cpuid AVX2 is missing",
    ]);
  });

  test("runtimes of which the host has none", async () => {
    expect(await said("{ cpu.cpuid: [SSE3] }", "runtimes: [{ type: nvidia }, { type: wasm }]\n")).toEqual([
      "incompatible",
      "  runtime: none of these runtimes can be used:",
      "    1. nvidia: the host has default",
      "    2. wasm: the host has default",
    ]);
  });

  test("what the policy demands is told as the policy's, not as the image's", async () => {
    const lines = await said("{ name: os, system.osrelease: { ID: rhel } }", "", {
      name: "site",
      requires: { name: "os", description: "our own kernels", "kernel.version": { full: "5.15.1" } },
      prefers: [{ name: "cheap", weight: 5, when: { "cpu.cpuid": ["AVX"] } }],
    });
    expect(lines).toEqual([
      "policy    (stdin) (site)",
      "",
      "incompatible",
      "  os: system.osrelease ID: found debian, wanted: rhel",
      "  the administrator's policy demands:",
      "    os: kernel.version full: found 5.4.0, wanted: 5.15.1",
      "      our own kernels",
      "  the policy prefers cheap +0",
    ]);
  });

  test("a runtime that the policy forbids is not told as one that the host lacks", async () => {
    const lines = await said("{ cpu.cpuid: [SSE3] }", "runtimes: [{ type: default }]\n", {
      runtimes: { allow: ["nvidia"] },
    });
    expect(lines.slice(2)).toEqual([
      "incompatible",
      "  runtime: default: the administrator's policy allows nvidia",
    ]);
  });

  test("a document in a file called policy is not taken for the policy", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "hostfit-render-"));
    writeFileSync(
      join(cwd, "policy"),
      "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { cpu.cpuid: [AVX] }\n",
    );
    const { stdout } = await hostfit(["check", "--requirements", "policy", "--facts", HOST], { cwd });
    rmSync(cwd, { recursive: true });
    expect(stdout).not.toContain("administrator");
    expect(stdout).toContain("\n  cpu.cpuid AVX is missing\n");
  });

  test("NFD's sets and alternatives are numbered too, and its expressions told in its own words", async () => {
    const file = join(folder, "nfd.yaml");
    writeFileSync(
      file,
      `version: v1alpha1
compatibilities:
  - rules:
      - name: a
        matchAny:
          - matchFeatures: [{ feature: cpu.cpuid, matchExpressions: { AVX: { op: Exists } } }]
          - matchFeatures: [{ feature: kernel.version, matchExpressions: { full: { op: In, value: ["6.1", "6.2"] } } }]
  - rules:
      - name: b
        matchFeatures: [{ feature: cpu.cpuid, matchExpressions: { SSE3: { op: DoesNotExist } } }]
`,
    );
    const { stdout } = await hostfit(["check", "--requirements", file, "--facts", HOST]);
    expect(stdout.trimEnd().split("\n").slice(3)).toEqual([
      "incompatible",
      "  none of these sets holds:",
      "    1. a: none of these alternatives holds:",
      "         1.1 cpu.cpuid AVX: found nothing, wanted: Exists",
      "         1.2 kernel.version full: found 5.4.0, wanted: In 6.1, 6.2",
      "    2. b: cpu.cpuid SSE3: found present, wanted: DoesNotExist",
    ]);
  });

  test.each([
    [
      "{ if: { system.osrelease: { ID: debian }, cpu.cpuid: [SSE3] }, then: { cpu.cpuid: [AVX] } }",
      [
        "incompatible",
        "  as system.osrelease ID: found debian, which is debian",
        "  as cpu.cpuid SSE3 is there",
        "  cpu.cpuid AVX is missing",
      ],
    ],
    [
      "{ if: { system.osrelease: { ID: rhel } }, then: { cpu.cpuid: [AVX] }, else: { cpu.cpuid: [AVX2] } }",
      [
        "incompatible",
        "  as system.osrelease ID: found debian, which is not rhel",
        "  cpu.cpuid AVX2 is missing",
      ],
    ],
    [
      '{ if: { pci.device: { some: { vendor: "8086" } } }, then: { cpu.cpuid: [AVX] } }',
      ["incompatible", "  as pci.device: 1 of 2 has vendor 8086", "  cpu.cpuid AVX is missing"],
    ],
    [
      "{ if: { system.osrelease: { VERSION_ID: '12' } }, then: { cpu.cpuid: [AVX] } }",
      [
        "undetermined",
        "  it depends on system.osrelease VERSION_ID: not known, wanted: 12",
        "  cpu.cpuid AVX is missing",
      ],
    ],
  ])("a condition is told as what it is, not as something wanted: %s", async (requires, lines) => {
    expect(await said(requires)).toEqual(lines);
  });

  test("a runtime that the host lacks", async () => {
    expect(await said("{ cpu.cpuid: [SSE3] }", "runtimes: [{ type: nvidia }]\n")).toEqual([
      "incompatible",
      "  runtime: nvidia: the host has default",
    ]);
  });
});

describe("YAML output", () => {
  test.each([
    [{ a: "0302", b: "on", c: "1e3", d: "", e: "~", f: "2026-01-01", g: "a: b #c" }],
    [{ "10de": 1, on: 2, "a b": 3, "": 4, "a/b.c-d": 5, "x: y": 6 }],
    [[[1, [2, []], {}], { a: [], b: {}, c: [{ d: [[{ e: null }]] }] }]],
    [{ text: 'line\nbreak\ttab \u2028 \u0085 \u007f \ufeff "quoted" \\ back', on: true }],
    ["scalar"],
    [[]],
    [{}],
    [null],
  ])("%j is read back as it was", (value) => {
    expect(parse(toYaml(value))).toEqual(value);
  });
});

describe("columns", () => {
  test("are as wide as their widest cell, and leave no blanks at the end", () => {
    const rows = [
      [{ text: "a" }, { text: "bbb" }, { text: "" }],
      [{ text: "aaaa" }, { text: "" }, { text: "c" }],
    ];
    expect(columns(rows, plain, " ")).toEqual([" a     bbb", " aaaa       c"]);
  });
});
