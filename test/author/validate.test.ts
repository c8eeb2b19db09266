import { beforeAll, describe, expect, it } from "vitest";
import type { CompileFile } from "../../src/author/core-findings.ts";
import { lintFile } from "../../src/author/lint-file.ts";
import type { Validators } from "../../src/author/validate.ts";
import { generatedValidators } from "./validators.ts";

let validators: Validators;
beforeAll(async () => {
  validators = await generatedValidators();
}, 60_000);

const accept: CompileFile = () => ({ ok: true });

async function lint(text: string, core: CompileFile = accept): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const { diagnostics } = await lintFile(bytes, { file: "d.yaml", validators }, core);
  return diagnostics.map(
    (one) =>
      `${one.line}:${one.column} ${one.severity} ${one.code} ${one.message}${one.help === undefined ? "" : ` | ${one.help}`}`,
  );
}

const HEAD = "apiVersion: hostfit/v1.0\nkind: Requirements\n";

const DESIGN = `${HEAD}name: lammps-cuda
description: LAMMPS with CUDA, MPI over InfiniBand
documentation: https://example.org/lammps/hosts
annotations: { org.example.niche: "kept and shown, never evaluated" }
requires:
  kernel.version: { full: { version: ">=5.14" } }
  cpu.cpuid: [AVX2, FMA3]
  system.osrelease: { ID: [ubuntu, debian] }
  all:
    - name: gpu
      description: two data-centre GPUs
      documentation: https://example.org/gpus
      pci.device: { count: { of: { vendor: "10de", class: ["0300", "0302"] }, is: ">=2" } }
    - if:   { cpu.model: { vendor_id: AMD } }
      then: { kernel.cmdline: { amd_iommu: pt } }
      else: { kernel.cmdline: { intel_iommu: "on" } }
    - any:
        - org.supercontainers/mpi.installation: { some: { implementation: mpich, version: { version: ">=4.1 <5" } } }
        - not: { kernel.selinux: { enabled: true } }
prefers:
  - { name: numa, weight: 20, when: { memory.numa: { is_numa: true } } }
runtimes:
  - { type: nvidia, requires: { org.hostfit/gpu.nvidia: { some: { driver: { version: ">=535" } } } } }
  - { type: default }
`;

describe("the schema of requirements", () => {
  it("accepts the design's example", async () => {
    expect(await lint(DESIGN)).toEqual([]);
  });

  it.each([
    ["the shortest", HEAD],
    [
      "a list as a condition",
      `${HEAD}requires: [{ a.b: [x] }, { c.d/e.f: { flags: { all: [x], none: [z] } } }]\n`,
    ],
    ["if with only else", `${HEAD}requires: { if: { a.b: [x] }, else: { a.b: [z] } }\n`],
    ["attributes named as words", `${HEAD}requires: { a.b: { attributes: { some: 1, flags: "x" } } }\n`],
    ["an attribute called name over an instance", `${HEAD}requires: { a.b: { some: { name: x } } }\n`],
    [
      "all over an instance",
      `${HEAD}requires: { a.b: { every: [{ all: { x: 1 } }, { any: [{ z: { exists: false } }] }] } }\n`,
    ],
    [
      "every test",
      `${HEAD}requires: { a.b: { x: { version: 5, number: ">1", size: 1Ki, exists: true, text: { in: [1], notIn: [a], matches: b } } } }\n`,
    ],
    ["an include", `${HEAD}includes: [{ origin: x, requires: { a.b: [x] } }]\n`],
  ])("accepts %s", async (_, text) => {
    expect(await lint(text)).toEqual([]);
  });

  it.each([
    [
      "a mistyped key",
      `${HEAD}requiers: {}\n`,
      ['3:1 error unknown-key "requiers" is not a key of a requirements document | did you mean requires?'],
    ],
    [
      "a key without a dot in a condition",
      `${HEAD}requires: { kernel: [x] }\n`,
      [
        '3:13 error unknown-key "kernel" is not a key of a condition | keys are all, any, not, if, then, else, name, description, documentation, or a feature, whose name has a dot (source.feature)',
      ],
    ],
    [
      "a feature's name that ends in its dot",
      `${HEAD}requires: { a/b.: [x] }\n`,
      [
        '3:13 error bad-value "a/b." is not the name of a feature | a feature is source.feature or domain/source.feature, such as kernel.version',
      ],
    ],
    [
      "a mistyped test",
      `${HEAD}requires: { a.b: { x: { vresion: ">=5" } } }\n`,
      ['3:25 error unknown-key "vresion" is not a key of a test | did you mean version?'],
    ],
    [
      "an empty condition",
      `${HEAD}requires: {}\n`,
      ['3:11 error empty "requires" is empty | a condition that demands nothing is left out'],
    ],
    [
      "an empty any",
      `${HEAD}requires: { any: [] }\n`,
      ['3:18 error empty "any" is empty | a list of conditions that demands nothing is left out'],
    ],
    [
      "a condition that only explains",
      `${HEAD}requires: { name: x, description: z }\n`,
      [
        '3:11 error empty "requires" only explains: nothing is demanded | add a feature, or all, any, not or if',
      ],
    ],
    [
      "a value that is missing",
      `${HEAD}requires:\n  kernel.version:\n`,
      [
        '4:18 error wrong-type "kernel.version" has no value | give it a matcher: a list or a map, or remove it',
      ],
    ],
    [
      "a scalar where flags are a list",
      `${HEAD}requires: { cpu.cpuid: AVX2 }\n`,
      [
        '3:24 error wrong-type "cpu.cpuid" must be a matcher: a list or a map, but is the text "AVX2" | put it in brackets: [AVX2]',
      ],
    ],
    [
      "a number as a name",
      `${HEAD}name: 22\n`,
      ['3:7 error wrong-type "name" must be text, but is the number 22 | quote it: "22"'],
    ],
    [
      "a map among the values",
      `${HEAD}requires: { a.b: { x: [1, { w: z }] } }\n`,
      [
        '3:27 error wrong-type element 2 of "x" must be a value: text or a number or true or false, but is a map | compared as text; a number is taken as it is written',
      ],
    ],
    [
      "a weight out of range, and a preference without its condition",
      `${HEAD}prefers:\n  - weight: 0\n    when: { a.b: [x] }\n  - weight: 5\n`,
      [
        '4:13 error bad-value "weight" must be a whole number from 1 to 100, but is 0 | weigh the preferences against each other within 1 to 100',
        "6:5 error missing-key a preference needs when | add when",
      ],
    ],
    [
      "if alone",
      `${HEAD}requires: { if: { a.b: [x] } }\n`,
      ["3:11 error missing-key if stands without then and else | add then, else or both to the same map"],
    ],
    [
      "then alone",
      `${HEAD}requires: { then: { a.b: [x] } }\n`,
      [
        "3:13 error bad-value then stands without if | put the condition that decides under if, in the same map",
      ],
    ],
    [
      "a newer version, and then nothing else",
      "apiVersion: hostfit/v1.7\nkind: Requirements\nnewer: thing\n",
      [
        "1:13 error unsupported-version hostfit/v1.7 is another version of the language than this hostfit's, which is hostfit/v1.0 | use a newer hostfit; nothing is guessed",
      ],
    ],
    [
      "a count without its range",
      `${HEAD}requires: { a.b: { count: { of: { x: 1 } } } }\n`,
      ["3:27 error missing-key a count needs is | add is: a range of numbers"],
    ],
    [
      "several things at once, each at its place",
      `${HEAD}nmae: x\nrequires:\n  any:\n    - a.b: { some: { x: {} } }\n    - a.b: { flags: { al: [x] } }\n`,
      [
        '3:1 error unknown-key "nmae" is not a key of a requirements document | did you mean name?',
        '6:25 error empty "x" is empty | a test that demands nothing is left out',
        '7:23 error unknown-key "al" is not a key of a demand on flags | did you mean all?',
      ],
    ],
  ])("explains %s", async (_, text, expected) => {
    expect(await lint(text)).toEqual(expected);
  });
});

describe("the schema of host facts", () => {
  const HOST = "apiVersion: hostfit/v1.0\nkind: Host\n";

  it("accepts the design's example", async () => {
    expect(
      await lint(`${HOST}name: node-17
platforms:
  - { os: linux, architecture: amd64, variant: v4, handlers: [runc, nvidia] }
  - { os: linux, architecture: "386", handlers: [runc] }
runtimes: { default: runc, nvidia: nvidia }
features:
  flags:      { cpu.cpuid: { elements: { AVX2: {} }, scope: [AVX2, AVX512F] } }
  attributes: { kernel.version: { elements: { full: 5.14.0-427.13.1.el9_4.x86_64 } } }
  instances:  { pci.device: { elements: [ { attributes: { vendor: "10de" }, unknown: [numa_node] } ], partial: false } }
closedWorld: [kernel.loadedmodule]
`),
    ).toEqual([]);
  });

  it.each([
    [
      "an architecture that YAML reads as a number",
      `${HOST}platforms: [{ os: linux, architecture: 386 }]\n`,
      ['3:40 error wrong-type "architecture" must be text, but is the number 386 | quote it: "386"'],
    ],
    [
      "hostfit's own features",
      `${HOST}features: { attributes: { host.platform: { elements: {} } } }\nclosedWorld: [candidate.x]\n`,
      [
        `3:27 error reserved-feature "host.platform" can't be given: features that start with host. and candidate. are hostfit's own | say the host's platforms under platforms`,
        `4:15 error reserved-feature "candidate.x" can't be given: features that start with host. and candidate. are hostfit's own | say the host's platforms under platforms`,
      ],
    ],
    [
      "a feature without elements",
      `${HOST}features: { flags: { cpu.cpuid: { scope: [A] } } }\n`,
      [
        "3:33 error missing-key flags needs elements | add elements: a map with empty values or a list of names; null: not observed",
      ],
    ],
  ])("explains %s", async (_, text, expected) => {
    expect(await lint(text)).toEqual(expected);
  });
});

describe("the schema of a policy", () => {
  it("accepts every key, and explains a wrong choice", async () => {
    const policy = `apiVersion: hostfit/v1.0
kind: Policy
allowUndetermined: true
requires: { a.b: [x] }
prefers: [{ weight: 1, when: { candidate.annotations: { x: z } } }]
runtimes: { allow: [default] }
onMissing: refuse
`;
    expect(await lint(policy)).toEqual([]);
    expect(await lint(policy.replace("refuse", "refused"))).toEqual([
      '7:12 error bad-value "onMissing" must be accept or undetermined or refuse, but is "refused" | did you mean refuse?',
    ]);
  });
});

describe("linting a file", () => {
  it("shows the core's finding where the schema had none", async () => {
    const core: CompileFile = () => ({
      ok: false,
      code: "bad-range",
      message: "the range can't be read",
      help: "write >=5",
      offset: 0,
      pointer: "/requires/a.b/x/version",
    });
    expect(await lint(`${HEAD}requires:\n  a.b: { x: { version: ">>5" } }\n`, core)).toEqual([
      "4:24 error bad-range the range can't be read | write >=5",
    ]);
  });

  it("shows one finding where core and schema mean the same place", async () => {
    const core: CompileFile = () => ({
      ok: false,
      code: "unknown-key",
      message: "unknown key",
      help: "do this",
      offset: 60,
      pointer: "/nmae",
    });
    expect(await lint(`${HEAD}nmae: x\n`, core)).toHaveLength(1);
  });

  it("places a core's finding without a pointer by its offset in the JSON that was made of the YAML", async () => {
    const core: CompileFile = (json) => ({
      ok: false,
      code: "bad-value",
      message: "odd",
      help: "do this",
      offset: new TextDecoder().decode(json).indexOf('"odd one"'),
    });
    expect(await lint(`${HEAD}name: >\n  x\ndescription: odd one\n`, core)).toEqual([
      "5:14 error bad-value odd | do this",
    ]);
  });

  it("hands broken JSON to the core", async () => {
    const core: CompileFile = () => ({
      ok: false,
      code: "invalid-json",
      message: "a value is missing",
      help: "do this",
      offset: 12,
    });
    const bytes = new TextEncoder().encode('{"kind":\n  }');
    const { diagnostics } = await lintFile(bytes, { file: "d.json", validators }, core);
    expect(diagnostics).toMatchObject([{ code: "invalid-json", line: 2, column: 4 }]);
  });

  it("says so where a file doesn't say what it is", async () => {
    expect(await lint("a: b\n")).toEqual([
      "1:1 error missing-key the document doesn't say what it is | add apiVersion: hostfit/v1.0 and kind, one of Requirements, Host, Policy, Vocabulary, NodeFeature",
    ]);
    expect(await lint("kind: Hots\n")).toEqual([
      '1:7 error bad-value "Hots" is no kind that hostfit knows | write one of Requirements, Host, Policy, Vocabulary, NodeFeature',
    ]);
  });

  it("says once what is wrong with a value that YAML reads in two ways", async () => {
    expect(await lint(`${HEAD}requires: { a.b: { x: 0302 } }\n`)).toEqual([
      '3:23 error yaml-unquoted 0302 without quotes is the number 302 to YAML 1.2 and the number 194 to YAML 1.1, and its text is lost | quote it: "0302"',
    ]);
  });

  it("knows NFD's documents by what they hold, and asks the core about the JSON that NFD would see", async () => {
    const asked: string[] = [];
    const core: CompileFile = (json, kind) => {
      asked.push(`${kind} ${new TextDecoder().decode(json)}`);
      return { ok: true };
    };
    const text =
      "version: v1alpha1\ncompatibilities:\n- Rules:\n  - name: x\n    matchfeatures: [{ feature: pci.device, matchExpressions: { class: { op: In, value: [0300] } } }]\n";
    expect(await lint(text, core)).toEqual([
      '3:3 warning nfd-field-case NFD reads "Rules" as rules | write rules',
      '5:5 warning nfd-field-case NFD reads "matchfeatures" as matchFeatures | write matchFeatures',
      '5:89 warning nfd-unquoted 0300 without quotes is read as "192" | quote it if 0300 is meant: "0300"',
    ]);
    expect(asked).toEqual([
      'nfd {"version":"v1alpha1","compatibilities":[{"rules":[{"name":"x","matchFeatures":[{"feature":"pci.device","matchExpressions":{"class":{"op":"In","value":["192"]}}}]}]}]}',
    ]);
  });

  it("leaves a document with hundreds of thousands of mistakes to the core", async () => {
    const bytes = new TextEncoder().encode(`{"kind":"Requirements","requires":[${"1,".repeat(300_000)}1]}`);
    const core: CompileFile = () => ({
      ok: false,
      code: "wrong-type",
      message: "wrong",
      help: "do this",
      offset: 40,
      pointer: "/requires/0",
    });
    const { diagnostics } = await lintFile(bytes, { file: "d.json", validators }, core);
    expect(new Set(diagnostics.map((one) => one.code))).toEqual(new Set(["wrong-type"]));
    expect(diagnostics.length).toBeLessThan(100);
  });

  it("survives a document that is nested as deep as the core would refuse", async () => {
    const bytes = new TextEncoder().encode(
      `{"kind":"Requirements","requires":${'{"not":'.repeat(5000)}1${"}".repeat(5001)}`,
    );
    const core: CompileFile = () => ({
      ok: false,
      code: "too-deep",
      message: "too deep",
      help: "flatten",
      offset: 200,
    });
    const { diagnostics } = await lintFile(bytes, { file: "d.json", validators }, core);
    expect(diagnostics.map((one) => one.code)).toEqual(["too-deep"]);
  });
});
