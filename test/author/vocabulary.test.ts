import { describe, expect, it } from "vitest";
import { renderDiagnostics } from "../../src/author/diagnostics.ts";
import { lintFile } from "../../src/author/lint-file.ts";
import { explainTerm } from "../../src/author/vocabulary/explain.ts";
import { vocabularyPage } from "../../src/author/vocabulary/page.ts";
import { readVocabulary } from "../../src/author/vocabulary/read.ts";
import { catalogOf, shippedVocabularies } from "../../src/probe/vocabulary/catalog.ts";

const HEAD = `apiVersion: hostfit/v1.0
kind: Vocabulary
domain: org.example.mpi
version: 1.0.0
features:
`;
const GOOD = `${HEAD}  library.mpich:
    kind: instances
    description: Installations of MPICH below /opt.
    documentation: https://example.org/mpich
    names:
      version: { type: version, description: the library's version }
      device: { values: ["ch3", "ch4:ofi"], description: the device }
    probe:
      each: /opt/mpich/{version}
      none: /opt
      attributes:
        version: "{version}"
        device: { read: "/opt/mpich/{version}/conf", key: device }
`;

async function findings(text: string): Promise<string[]> {
  const { diagnostics } = await lintFile(new TextEncoder().encode(text), { file: "v.yaml" }, () => ({
    ok: true,
  }));
  return renderDiagnostics(diagnostics, { excerpts: "none" })
    .split("\n")
    .filter((line) => line.startsWith("v.yaml"));
}

/** The good one with a part replaced, which must be there. */
function changed(part: string, by: string): string {
  expect(GOOD).toContain(part);
  return GOOD.replace(part, by);
}

describe("a vocabulary", () => {
  it("that is right has nothing to say about", async () => {
    expect(await findings(GOOD)).toEqual([]);
  });

  it.each([
    ["domain: org.example.mpi\n", "", "missing-key: a vocabulary needs a domain"],
    ["org.example.mpi", "MPI", 'bad-value: "MPI" is no domain'],
    ["org.example.mpi", "org.hostfit.x", "reserved-domain"],
    ["version: 1.0.0", "version: new", 'bad-value: "new" is no version'],
    ["library.mpich", "mpich", 'bad-value: "mpich" is not the name of a feature'],
    ["library.mpich", "host.mpich", "is not the name of a feature"],
    ["kind: instances", "kind: instance", 'bad-value: "kind" must be flags or attributes or instances'],
    ["names:", "nmaes:", 'unknown-key: "nmaes" is not a key of a feature'],
    ["https://example.org/mpich", "javascript:alert(1)", "bad-value"],
    ["type: version", "type: semver", "bad-value"],
    ['values: ["ch3", "ch4:ofi"]', 'type: number, values: ["ch3"]', 'wrong-type: "ch3" is no number'],
    ["each: /opt/mpich/{version}", "each: opt/mpich", "bad-path"],
    [
      "each: /opt/mpich/{version}",
      "each: /opt/../etc/{version}",
      "bad-path: /opt/../etc/{version}: .. leads",
    ],
    [
      "each: /opt/mpich/{version}",
      "each: /home/{version}",
      "not-allowed: a vocabulary may not read /home/{version}",
    ],
    ["each: /opt/mpich/{version}", "builtin: pci", "bad-recipe"],
    ['version: "{version}"', 'version: "{verison}"', "unknown-placeholder: nothing is called {verison} here"],
    ["key: device }", "key: device, pattern: '(' }", "bad-pattern"],
    ["key: device }", "key: device, pattern: 'x(?<v>.)' }", "bad-pattern: no group is called value"],
    ["key: device }", "item: /x }", "exactly one of text, read, exists, count, item, first and over"],
    ['version: "{version}"\n', 'vesrion: "{version}"\n', 'warning undescribed-name: the attribute "vesrion"'],
    [
      "      none: /opt\n",
      "      none: /opt\n      flag: x\n",
      "wrong-kind: flag means nothing for instances",
    ],
    ["      none: /opt\n", "      platforms: [windows]\n", "windows is no platform"],
    ["key: device }", "key: device, replace: { characters: 'ab', with: x } }", "bad-pattern"],
    ["key: device }", "key: device, steps: { ten: x } }", 'bad-value: "ten" is no number at which'],
    ["key: device }", "key: device, when: { read: /home/x } }", "not-allowed"],
    ["key: device }", "key: device, when: { text: x, is: [x], not: [y] } }", "is and not stand together"],
    ["key: device }", "key: device, times: 0 }", "bad-value: times is a whole number above 0"],
    [
      '{ read: "/opt/mpich/{version}/conf", key: device }',
      "{ over: { each: '/opt/x/{y}', value: '{z}', take: list } }",
      "nothing is called {z} here",
    ],
    [
      '{ read: "/opt/mpich/{version}/conf", key: device }',
      "{ over: { each: '/opt/x/{y}', value: '{y}', take: most } }",
      "bad-value",
    ],
    [
      "      none: /opt\n",
      "      none: /opt\n      name: x\n",
      "wrong-kind: name means nothing for instances",
    ],
    ["      none: /opt\n", "      none: /opt\n      by: version\n", "wrong-kind: by is the order"],
    [
      "      none: /opt\n",
      "      where: { text: '{verison}' }\n",
      "unknown-placeholder: nothing is called {verison}",
    ],
    ["      none: /opt\n", "      when: { exists: /opt/x }\n", "warning never-false"],
  ])("with %j as %j is told of it", async (part, by, said) => {
    const lines = await findings(changed(part, by));
    expect(lines.join("\n")).toContain(said);
  });

  it("with a wrong part can't be read", async () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    await expect(
      readVocabulary(bytes(changed("/opt/mpich/{version}\n", "/root/{version}\n")), { file: "v.yaml" }),
    ).rejects.toMatchObject({
      code: "not-allowed",
    });
    expect((await readVocabulary(bytes(GOOD), { file: "v.yaml" })).domain).toBe("org.example.mpi");
  });

  it("is a page, with what strangers wrote escaped", async () => {
    const hostile = changed("the library's version", "'<script>alert(1)</script> [x](javascript:y) |'");
    const page = vocabularyPage(await readVocabulary(new TextEncoder().encode(hostile), { file: "v.yaml" }));
    expect(page).toContain("## `org.example.mpi/library.mpich`");
    expect(page).toContain("Read from `/opt/mpich/{version}`, `/opt/mpich/{version}/conf`.");
    expect(page).not.toContain("<script>");
    expect(page).not.toContain("[x](");
  });
});

describe("a document is read by the vocabularies at hand", () => {
  async function warnings(requires: string): Promise<string[]> {
    const named = `${GOOD}  library.modules: { kind: flags, description: modules that users can load }\n`;
    const given = await readVocabulary(new TextEncoder().encode(named), { file: "v.yaml" });
    const catalog = catalogOf(await shippedVocabularies(), [given]);
    const text = `apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: ${requires}\n`;
    const { diagnostics } = await lintFile(
      new TextEncoder().encode(text),
      { file: "d", format: "yaml", catalog },
      () => ({ ok: true }),
    );
    return diagnostics.map(
      ({ severity, code, message, help }) => `${severity} ${code}: ${message} | ${help}`,
    );
  }

  it.each([
    "{ cpu.cpuid: [AVX2, NEW_FEATURE_OF_TOMORROW] }",
    "{ cpu.microarchitecture: [haswell] }",
    "{ kernel.version: { full: { version: '>=5.14' }, major: { version: '>=5' }, minor: { number: '>=1' } } }",
    "{ kernel.config: { HZ: { number: '>=250' }, BPF: 'y' } }",
    "{ pci.device: { count: { of: { vendor: '10de' }, is: '>=2' } } }",
    "{ org.hostfit/memory.total: { bytes: { size: '>=1Gi' } } }",
    "{ memory.hugepages: { hugepages-2Mi: { number: '>0' } } }",
    "{ org.nobody/knows.this: [x], acme.com/own.thing: { a: b } }",
    "{ any: [{ org.example.mpi/library.mpich: { some: { version: { version: '>=4' }, device: ch3 } } }] }",
    "{ candidate.annotations: { x: z }, host.platform: { os: linux } }",
    "{ storage.block: { some: { rotational: { number: 0 } } } }",
    "{ org.example.mpi/library.modules: [openmpi4] }",
  ])("%s is nothing to warn of", async (requires) => {
    expect(await warnings(requires)).toEqual([]);
  });

  it.each([
    ["{ cpu.cpuid: [avx2] }", 'unknown-flag: cpu.cpuid has no flag "avx2" | did you mean AVX2?'],
    ["{ cpu.microarchitecture: [haswel] }", "did you mean haswell?"],
    [
      "{ cpu.cpiud: [AVX2] }",
      "unknown-feature: no vocabulary at hand knows the feature cpu.cpiud | did you mean cpu.cpuid?",
    ],
    [
      "{ kernel.version: { ful: x } }",
      'unknown-attribute: kernel.version has no attribute "ful" | did you mean full?',
    ],
    [
      "{ not: { kernel.selinux: { enabled: yes-please } } }",
      'impossible-value: kernel.selinux enabled is never "yes-please" | it is true or false',
    ],
    [
      "{ kernel.selinux: { enabled: { version: '>=1' } } }",
      "wrong-type: kernel.selinux enabled is a boolean, not a version",
    ],
    [
      "{ kernel.version: { full: { number: '>=5' } } }",
      "wrong-type: kernel.version full is a version, not a number | compare it with version",
    ],
    ["{ kernel.version: [x] }", "wrong-kind: kernel.version has attributes, and a list of flags"],
    ["{ pci.device: { vendor: '10de' } }", "wrong-kind: pci.device has instances"],
    ["{ cpu.model: { some: { id: '1' } } }", "wrong-kind"],
    ["{ cpu.cpuid: { AVX2: 'true' } }", "wrong-kind: cpu.cpuid has flags"],
    [
      "{ all: [{ if: { pci.device: { some: { vednor: x } } }, then: { kernel.kvm: { enabled: 'true' } } }] }",
      "did you mean vendor?",
    ],
    ["{ pci.device: { count: { of: { not: { vednor: x } }, is: 1 } } }", "did you mean vendor?"],
    [
      "{ org.example.mpi/library.mpich: { some: { device: [ch3, ch4-ofi] } } }",
      'never "ch4-ofi" | did you mean ch4:ofi?',
    ],
    ["{ org.example.mpi/library.mpich: { some: { device: { text: { in: [ch5] } } } } }", 'never "ch5"'],
    [
      "{ org.example.mpi/library.mpihc: { some: { device: ch3 } } }",
      "did you mean org.example.mpi/library.mpich?",
    ],
  ])("%s: %s", async (requires, said) => {
    const found = await warnings(requires);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(said);
    expect(found[0]).toMatch(/^warning /);
  });
});

describe("other documents are read by the vocabularies at hand too", () => {
  async function warnings(text: string): Promise<string[]> {
    const catalog = catalogOf(await shippedVocabularies(), []);
    const { diagnostics } = await lintFile(
      new TextEncoder().encode(text),
      { file: "d.yaml", catalog },
      () => ({
        ok: true,
      }),
    );
    return diagnostics.map(
      ({ line, severity, code, message, help }) => `${line} ${severity} ${code}: ${message} | ${help}`,
    );
  }

  it("a policy's musts and preferences", async () => {
    const policy = `apiVersion: hostfit/v1.0
kind: Policy
requires: { kernel.version: { ful: x } }
prefers:
  - { weight: 3, when: { cpu.cpuid: [avx2] } }
`;
    expect(await warnings(policy)).toEqual([
      '3 warning unknown-attribute: kernel.version has no attribute "ful" | did you mean full?',
      '5 warning unknown-flag: cpu.cpuid has no flag "avx2" | did you mean AVX2?',
    ]);
  });

  const nfd = (term: string): string => `version: v1alpha1
compatibilities:
- rules:
  - name: one
    matchFeatures:
    - ${term}
`;

  it.each([
    "{ feature: cpu.cpuid, matchExpressions: { AVX2: { op: Exists }, TOMORROW: { op: Exists } } }",
    "{ feature: CPU.Model, matchExpressions: { vendor_id: { op: In, value: [Intel] }, id: { op: Gt, value: ['3'] } } }",
    "{ feature: kernel.version, matchExpressions: { full: { op: Ge, type: version, value: ['5.14'] } } }",
    "{ feature: kernel.selinux, matchExpressions: { enabled: { op: IsFalse } } }",
    "{ feature: rule.matched, matchExpressions: { mine: { op: Exists } } }",
    "{ feature: kernel.config, matchExpressions: { HZ: { op: Gt, value: ['100'] } } }",
    "{ feature: vendor.io/own.thing, matchExpressions: { x: { op: Exists } } }",
    "{ feature: pci.device, matchExpressions: { vendor: { op: InRegexp, value: ['^10'] } } }",
    "{ feature: kernel.loadedmodule, matchName: { op: In, value: [anything] } }",
  ])("NFD's %s is nothing to warn of", async (term) => {
    expect(await warnings(nfd(term))).toEqual([]);
  });

  it.each([
    [
      "{ feature: cpu.cpiud, matchExpressions: { AVX2: { op: Exists } } }",
      "unknown-feature: no vocabulary at hand knows the feature cpu.cpiud | did you mean cpu.cpuid?",
    ],
    [
      "{ feature: cpu.cpuid, matchExpressions: { avx2: { op: Exists } } }",
      'no flag "avx2" | did you mean AVX2?',
    ],
    ["{ feature: cpu.cpuid, matchName: { op: In, value: [avx2] } }", 'no flag "avx2" | did you mean AVX2?'],
    [
      "{ feature: pci.device, matchExpressions: { vednor: { op: In, value: ['10de'] } } }",
      'unknown-attribute: pci.device has no attribute "vednor" | did you mean vendor?',
    ],
    [
      "{ feature: kernel.selinux, matchExpressions: { enabled: { op: In, value: ['yes-please'] } } }",
      'impossible-value: kernel.selinux enabled is never "yes-please"',
    ],
    [
      "{ feature: kernel.version, matchExpressions: { full: { op: Gt, value: ['5'] } } }",
      "wrong-type: kernel.version full is a version, not a number",
    ],
    [
      "{ feature: network.device, matchExpressions: { operstate: { op: IsTrue } } }",
      'impossible-value: network.device operstate is never "true"',
    ],
  ])("NFD's %s: %s", async (term, said) => {
    const found = await warnings(nfd(term));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(said);
    expect(found[0]).toMatch(/^6 warning /);
  });

  it("in NFD's alternatives of a rule", async () => {
    const text = nfd("{ feature: cpu.cpuid, matchExpressions: { AVX2: { op: Exists } } }").concat(
      "    matchAny:\n    - matchFeatures:\n      - { feature: kernel.version, matchExpressions: { ful: { op: Exists } } }\n",
    );
    expect(await warnings(text)).toEqual([expect.stringMatching(/^9 warning unknown-attribute/)]);
  });
});

describe("a term is explained", () => {
  const explain = async (term: string) => explainTerm(term, catalogOf(await shippedVocabularies(), []));

  it("as a feature, with or without its domain", async () => {
    const [one] = await explain("org.hostfit/gpu.nvidia");
    expect(one).toMatchObject({
      what: "feature",
      kind: "instances",
      documentation: expect.stringContaining("nvidia"),
    });
    expect(one?.reads).toContain("/proc/driver/nvidia/version");
    expect((await explain("gpu.nvidia"))[0]).toEqual(one);
  });

  it("as an attribute or a flag of a feature", async () => {
    for (const term of ["kernel.version.full", "kernel.version full"]) {
      expect(await explain(term)).toMatchObject([
        {
          what: "attribute",
          feature: "kernel.version",
          name: "full",
          type: "version",
          reads: ["/proc/sys/kernel/osrelease"],
        },
      ]);
    }
    expect(await explain("cpu.cpuid.AVX2")).toMatchObject([
      { what: "flag", name: "AVX2", description: expect.stringContaining("Instructions and features") },
    ]);
    expect(await explain("kernel.config.HZ")).toMatchObject([{ what: "attribute", name: "HZ" }]);
  });

  it("as a source, a domain, or a bare name", async () => {
    expect((await explain("memory")).map((one) => one.feature)).toContain("memory.numa");
    expect((await explain("org.supercontainers")).map((one) => one.feature)).toContain(
      "org.supercontainers/mpi.installation",
    );
    expect((await explain("cuda")).map((one) => one.feature)).toEqual(["org.hostfit/gpu.nvidia"]);
  });

  it("or isn't, and then what was meant", async () => {
    await expect(explain("kernel.versoin")).rejects.toMatchObject({
      code: "unknown-term",
      help: "did you mean kernel.version?",
    });
  });
});
