import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostfit, ROOT } from "../cli/harness.ts";
import { temporaryFolder } from "../registry/content.ts";

const folder = temporaryFolder();

/** A host's root with these files. */
function host(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  const always = {
    "/proc/sys/kernel/arch": "x86_64",
    "/proc/sys/kernel/osrelease": "6.1.0",
    "/usr/lib/os": "",
  };
  for (const [path, text] of Object.entries({ ...always, ...files })) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const facts = async (root: string, ...more: string[]): Promise<string> => {
  const { stdout, status } = await hostfit(["probe", "-q", "-o", "json", "--host-root", root, ...more]);
  expect(status).toBe(0);
  return written(
    `${createHash("sha256")
      .update(root + more.join())
      .digest("hex")}.json`,
    stdout,
  );
};

const check = async (requires: string, ...argv: string[]) =>
  hostfit([
    "check",
    "--requirements",
    written("needs.yaml", `apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: ${requires}\n`),
    ...argv,
  ]);

/** What an expert in telescopes writes; no program. */
const TELESCOPE = `apiVersion: hostfit/v1.0
kind: Vocabulary
domain: org.example.telescope
version: 1.0.0
features:
  correlator.board:
    kind: instances
    description: Correlator boards.
    documentation: https://example.org/boards
    names:
      model: { values: [C1, C2], description: the model }
      rate: { type: number, unit: Gbit/s, description: its rate }
    probe:
      each: /sys/class/correlator/{board}
      none: /sys/class
      attributes:
        model: /sys/class/correlator/{board}/model
        rate: /sys/class/correlator/{board}/rate
`;

describe("DA-1, DA-2: a domain architect shares what a niche knows, and writes no program", () => {
  const root = host("telescope", {
    "/sys/class/correlator/c0/model": "C2",
    "/sys/class/correlator/c0/rate": "40",
    "/sys/class/net/lo/mtu": "65536",
  });
  const file = written("telescope.yaml", TELESCOPE);
  const needs =
    '{ org.example.telescope/correlator.board: { some: { model: C2, rate: { number: ">=20" } } } }';

  test("the vocabulary is checked, and becomes a page for others", async () => {
    expect(await hostfit(["vocabulary", "check", file])).toMatchObject({ status: 0 });
    expect((await hostfit(["vocabulary", "docs", file])).stdout).toContain("`C1`, `C2`");
  });

  test("a host is probed by it, and an image's needs are judged", async () => {
    expect((await check(needs, "--facts", await facts(root, "--vocabulary", file))).status).toBe(0);
    const bare = host("without", { "/sys/class/net/lo/mtu": "65536" });
    expect((await check(needs, "--facts", await facts(bare, "--vocabulary", file))).status).toBe(1);
    expect((await check(needs, "--facts", await facts(root))).status).toBe(2);
  });

  test("it is published, and whoever names it probes, judges and lints by it", async () => {
    const reference = `oci:${join(folder, "group")}:telescope`;
    expect((await hostfit(["vocabulary", "publish", file, reference])).status).toBe(0);
    const pulled = join(folder, "pulled.json");
    expect((await hostfit(["vocabulary", "pull", reference, "--file", pulled])).status).toBe(0);
    for (const vocabulary of [file, reference, pulled]) {
      const given = ["--host-root", root, "--vocabulary", vocabulary];
      expect((await check(needs, ...given)).status).toBe(0);
      expect((await check(needs.replace("20", "50"), ...given)).status).toBe(1);
      const { stdout } = await hostfit(["explain", "correlator.board", "rate", "--vocabulary", vocabulary]);
      expect(stdout).toContain("https://example.org/boards");
    }
  });

  test("documents that use it are linted by it", async () => {
    const wrong = written(
      "wrong.yaml",
      `apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: ${needs.replace("C2", "C3")}\n`,
    );
    const { stdout } = await hostfit(["lint", wrong, "--vocabulary", file]);
    expect(stdout).toContain('impossible-value: org.example.telescope/correlator.board model is never "C3"');
  });
});

describe("SR-2: an administrator finds out what a document's settings are about", () => {
  test("a term has a meaning, a place where it is read, and a link", async () => {
    const { stdout } = await hostfit(["explain", "kernel.sysctl", "vm.max_map_count"]);
    expect(stdout).toContain("memory mappings of a process");
    expect(stdout).toContain("/proc/sys/vm/max_map_count");
    expect(stdout).toMatch(/https:\/\/docs\.kernel\.org/);
  });
});

describe("SR-7: a host's own facts are injected, and the runtime knows nothing of hardware kinds", () => {
  test("an administrator's file makes a fact, and it can be traced", async () => {
    const root = host("injected", {
      "/etc/hostfit/facts.d/licence.yaml":
        "features: { attributes: { com.acme/licence.solver: { elements: { seats: 12 } } } }",
    });
    expect(
      (await check('{ com.acme/licence.solver: { seats: { number: ">=10" } } }', "--host-root", root)).status,
    ).toBe(0);
    expect(
      (await check('{ com.acme/licence.solver: { seats: { number: ">=13" } } }', "--host-root", root)).status,
    ).toBe(1);
    const { stdout } = await hostfit(["probe", "-q", "--host-root", root, "--sources"]);
    const answer = await hostfit(["probe", "-q", "--host-root", root, "--sources", "-o", "json"]);
    const { notes } = JSON.parse(answer.stdout);
    expect(notes).toContainEqual(
      expect.objectContaining({ feature: "memory.swap", file: "/proc/swaps", code: "ENOENT" }),
    );
    expect(stdout).toMatch(/^com\.acme\/licence\.solver +seats +\/etc\/hostfit\/facts\.d\/licence\.yaml$/m);
  });
});

describe("SR-7: criteria of a host's own choose among images", () => {
  const facts = {
    "/etc/hostfit/facts.d/licence.yaml":
      "features: { flags: { com.acme/licence.owned: { elements: [cuda] } } }",
  };
  const policy = (text: string): string =>
    written("policy.yaml", `apiVersion: hostfit/v1.0\nkind: Policy\n${text}\n`);
  const check = (root: string, ...argv: string[]) =>
    hostfit(["check", "--requirements", "examples/lammps-src/amd64.yaml", "--host-root", root, ...argv]);

  test("a demand on an injected fact, without a word in any image", async () => {
    const demand = policy("requires: { com.acme/licence.owned: [cuda] }");
    const without = await check(host("no-licence", {}), "--policy", demand);
    const owned = await check(host("licence", facts), "--policy", demand);
    expect([without.status, without.stdout]).toEqual([2, expect.stringContaining("com.acme/licence.owned")]);
    expect(owned.status).toBe(0);
  });
});

describe("DE-4: versions and variants of software and its configuration can be named", () => {
  const openmpi = {
    "/usr/lib/x86_64-linux-gnu/libmpi.so.40.30.4": "",
    "/usr/lib/x86_64-linux-gnu/pkgconfig/ompi.pc": "Name: Open MPI\nVersion: 4.1.4",
  };

  test.each([
    ['{ implementation: openmpi, version: { version: ">=4.1 <5" } }', 0],
    ["{ implementation: openmpi, abi: { number: 40 } }", 0],
    ['{ implementation: openmpi, version: { version: ">=5" } }', 1],
    ["{ implementation: mpich }", 1],
  ])("an MPI as in %s", async (over, status) => {
    const root = host("openmpi", { ...openmpi, "/opt/x": "" });
    const needs = `{ org.supercontainers/mpi.installation: { some: ${over} } }`;
    expect((await check(needs, "--host-root", root)).status).toBe(status);
  });
});

describe("DE-7: what the communities call things is what hostfit calls them", () => {
  test("NFD's features and archspec's microarchitectures, ancestors included", async () => {
    const haswell =
      "fpu cx8 cmov mmx fxsr sse sse2 syscall lm pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c rdrand lahf_lm abm bmi1 avx2 bmi2";
    const root = host("haswell", {
      "/proc/cpuinfo": `processor : 0\nvendor_id : GenuineIntel\ncpu family : 6\nmodel : 63\nflags : ${haswell}`,
    });
    expect(
      (
        await check(
          "{ cpu.cpuid: [AVX2], cpu.microarchitecture: [haswell, sandybridge, x86_64_v3] }",
          "--host-root",
          root,
        )
      ).status,
    ).toBe(0);
    expect((await check("{ cpu.microarchitecture: [zen2] }", "--host-root", root)).status).toBe(1);
  });
});

describe("IA-2 (c): an author says it finer than OCI's platform object", () => {
  test("by microarchitecture, GPU interface and kernel setting", async () => {
    const root = host("gpu", {
      "/proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19",
      "/proc/driver/nvidia/gpus/0000:17:00.0/information": "Model: \t\t NVIDIA A100-SXM4-80GB",
      "/proc/sys/vm/max_map_count": "262144",
    });
    const needs =
      '{ org.hostfit/gpu.nvidia: { some: { cuda: { version: ">=12" } } }, org.hostfit/kernel.sysctl: { vm.max_map_count: { number: ">=262144" } } }';
    expect((await check(needs, "--host-root", root)).status).toBe(0);
    expect((await check(needs.replace(">=12", ">=12.4"), "--host-root", root)).status).toBe(1);
  });
});

describe("SM-2: new things are data, and the core doesn't change", () => {
  test("a device that nobody has heard of is probed and judged by the core's very bytes", async () => {
    const core = (): string =>
      createHash("sha256")
        .update(readFileSync(`${ROOT}dist/hostfit.wasm`))
        .digest("hex");
    const before = core();
    const file = written("new.yaml", TELESCOPE.replaceAll("correlator", "quantum"));
    const root = host("quantum", { "/sys/class/quantum/q0/model": "C1", "/sys/class/quantum/q0/rate": "1" });
    const needs = "{ org.example.telescope/quantum.board: { some: { model: C1 } } }";
    expect((await check(needs, "--facts", await facts(root, "--vocabulary", file))).status).toBe(0);
    expect(core()).toBe(before);
    // The core has no vocabulary: none of the names of one stands in it.
    const bytes = readFileSync(`${ROOT}dist/hostfit.wasm`).toString("latin1");
    for (const name of ["pci.device", "gpu.nvidia", "mpi.installation", "microarchitecture"])
      expect(bytes).not.toContain(name);
  });
});
