import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { plain } from "../../src/cli/paint.ts";
import { columns } from "../../src/cli/render/columns.ts";
import { toYaml } from "../../src/cli/render/yaml.ts";
import { hostfit } from "./harness.ts";

/** The lines that `check` prints for one condition, without head and verdict. */
async function said(requires: string, more = ""): Promise<string[]> {
  const { stdout, stderr } = await hostfit(
    ["check", "--requirements", "-", "--facts", "test/cli/render-host.yaml"],
    {
      stdin: `apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: ${requires}\n${more}`,
    },
  );
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n").slice(3);
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
      "  of these alternatives none holds:",
      "    cpu.cpuid AVX is missing",
      "    system.osrelease ID: found debian, wanted: rhel",
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
