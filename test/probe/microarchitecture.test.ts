import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type CpuInfo, parseCpuInfo } from "../../src/probe/linux/cpu/cpuinfo.ts";
import {
  appleMicroarchitecture,
  type MicroarchitectureFlags,
  microarchitectures,
  processorOf,
} from "../../src/probe/linux/cpu/microarchitecture.ts";
import { MICROARCHITECTURES } from "../../src/probe/linux/cpu/microarchitecture-table.ts";
import { probe } from "../../src/probe/probe.ts";
import { withTree } from "./tree.ts";

interface Captured {
  readonly system: string;
  /** What archspec 0.2.5 calls the processor. */
  readonly target: string;
  readonly cpuinfo: Readonly<Record<string, string>>;
}

const CAPTURED: readonly Captured[] = JSON.parse(
  readFileSync(fileURLToPath(new URL("processors/captured.json", import.meta.url)), "utf8"),
);

function architectureOf(cpuinfo: Captured["cpuinfo"]): string {
  if (cpuinfo.vendor_id !== undefined) return "amd64";
  if (cpuinfo["CPU part"] !== undefined) return "arm64";
  return cpuinfo.isa === undefined ? "ppc64le" : "riscv64";
}

function cpuInfo(lines: Readonly<Record<string, string>>): CpuInfo {
  const text = Object.entries(lines).map(([key, value]) => `${key}\t: ${value}\n`);
  return parseCpuInfo(`processor\t: 0\n${text.join("")}`, "whole");
}

function flagsOf(
  architecture: string,
  lines: Readonly<Record<string, string>>,
  release?: string,
): MicroarchitectureFlags {
  const processor = processorOf(cpuInfo(lines), architecture, release);
  const flags = processor === undefined ? undefined : microarchitectures(processor);
  if (flags === undefined) throw new Error(`nothing is known of ${JSON.stringify(lines)}`);
  return flags;
}

const GENERATIONS: Readonly<Record<string, string>> = {
  power8le: "power8le",
  power9: "power9le",
  power10: "power10le",
};

describe("a processor is called what archspec calls it", () => {
  it.each(CAPTURED)("$target on $system", ({ target, cpuinfo }) => {
    expect(flagsOf(architectureOf(cpuinfo), cpuinfo).best).toBe(GENERATIONS[target] ?? target);
  });
});

describe("the table of microarchitectures", () => {
  it("lists parents before their children, of the same architecture, and each name once", () => {
    const known = new Map<string, string>();
    for (const { name, architecture, parents } of MICROARCHITECTURES) {
      expect(known.has(name), name).toBe(false);
      for (const parent of parents) expect(known.get(parent), `${name} < ${parent}`).toBe(architecture);
      known.set(name, architecture);
    }
  });

  it("has one root for each architecture, which is anybody's", () => {
    const roots = MICROARCHITECTURES.filter((entry) => entry.parents.length === 0);
    expect(roots.map((entry) => [entry.architecture, entry.vendor])).toEqual([
      ["amd64", undefined],
      ["arm64", undefined],
      ["ppc64le", undefined],
      ["riscv64", undefined],
    ]);
  });
});

describe("ancestors and what is denied", () => {
  const of = (target: string): MicroarchitectureFlags => {
    const found = CAPTURED.find((one) => one.target === target);
    if (found === undefined) throw new Error(target);
    return flagsOf(architectureOf(found.cpuinfo), found.cpuinfo, "6.12.0");
  };

  it("gives a target's ancestors as flags", () => {
    expect(of("haswell").present).toEqual([
      "x86_64",
      "x86_64_v2",
      "x86_64_v3",
      "nocona",
      "core2",
      "nehalem",
      "westmere",
      "sandybridge",
      "ivybridge",
      "haswell",
    ]);
  });

  it("denies another vendor's targets: a Zen 3 is no Haswell", () => {
    const zen3 = of("zen3");
    expect(zen3.present).not.toContain("haswell");
    expect(zen3.scope).toContain("haswell");
    expect(zen3.scope).toContain("zen4");
  });

  it("denies a later generation whose words this kernel would print", () => {
    expect(of("haswell").scope).toEqual(
      MICROARCHITECTURES.filter((entry) => entry.architecture === "amd64").map((entry) => entry.name),
    );
  });

  it("leaves open what an old kernel doesn't print, and all that this would stand on", () => {
    const found = CAPTURED.find((one) => one.target === "skylake_avx512");
    const { present, scope } = flagsOf("amd64", found?.cpuinfo ?? {}, "3.10.0-1160.el7.x86_64");
    expect(present).toContain("skylake_avx512");
    expect(scope).not.toContain("cascadelake");
    expect(scope).not.toContain("icelake");
    expect(scope).toContain("zen");
  });

  it("leaves every vendor's targets open where the vendor isn't known", () => {
    const found = CAPTURED.find((one) => one.target === "haswell")?.cpuinfo ?? {};
    const { vendor_id: _, ...anonymous } = found;
    const { best, scope } = flagsOf("amd64", anonymous, "6.12.0");
    expect(best).toBe("x86_64_v3");
    expect(scope).not.toContain("haswell");
    expect(scope).toContain("x86_64_v4");
  });

  it("takes cores of two kinds for what both are", () => {
    const text = ["0xd03", "0xd08"].map(
      (part, index) =>
        `processor : ${index}\nFeatures : fp asimd aes pmull sha1 sha2 crc32\nCPU implementer : 0x41\nCPU part : ${part}\n`,
    );
    const processor = processorOf(parseCpuInfo(text.join("\n"), "whole"), "arm64", "6.12.0");
    const flags = processor === undefined ? undefined : microarchitectures(processor);
    expect(flags?.present).toEqual(["aarch64"]);
    expect(flags?.scope).toContain("cortex_a72");
  });

  it.each([
    ["rv64imafdc_zicntr_zicsr", "6.12.0", "rva20u64"],
    ["rv64imac", "6.12.0", "riscv64"],
    ["rv64imafdcv_zicbom_zicboz_zicntr_zicsr_zihintpause_zfh_zfhmin_zba_zbb_zbs_zkt", "6.6.0", "rva22u64"],
  ])("the profile of %s is %s's", (isa, release, best) => {
    expect(flagsOf("riscv64", { isa }, release).best).toBe(best);
  });

  it("is given on macOS, and denies what it isn't", async () => {
    const system = {
      platform: "darwin",
      arch: "arm64",
      hostname: "mac",
      release: "23.5.0",
      version: "Darwin Kernel Version 23.5.0",
      cpuModel: "Apple M1 Pro",
      memoryBytes: 2 ** 34,
    };
    const set = (await probe({ system })).host.features.flags["cpu.microarchitecture"];
    expect(Object.keys(set?.elements ?? {})).toContain("m1");
    expect(set?.scope).toContain("m2");
  });

  it("knows Apple's processors by their name, where that is all there is", () => {
    expect(appleMicroarchitecture("Apple M2 Pro")?.present).toContain("m1");
    expect(appleMicroarchitecture("Apple M2 Pro")?.best).toBe("m2");
    expect(appleMicroarchitecture("Apple M99")).toBeUndefined();
    expect(appleMicroarchitecture("Intel(R) Core(TM) i7")).toBeUndefined();
  });
});

describe("cpu.microarchitecture in the facts", () => {
  it("stands with its scope, and a text that isn't understood gives a note", async () => {
    const cpuinfo = CAPTURED.find((one) => one.target === "zen4")?.cpuinfo ?? {};
    const lines = Object.entries(cpuinfo).map(([key, value]) => `${key}\t: ${value}\n`);
    const tree = (text: string): string =>
      `/proc/sys/kernel/arch = x86_64\n/proc/sys/kernel/osrelease = 6.12.0\n<<< /proc/cpuinfo\n${text}>>>\n`;
    const only = ["cpu.microarchitecture"];
    const { host } = await withTree(tree(lines.join("")), (root) => probe({ root, env: {}, only }));
    const set = host.features.flags["cpu.microarchitecture"];
    expect(Object.keys(set?.elements ?? {})).toEqual([
      "x86_64",
      "x86_64_v2",
      "x86_64_v3",
      "x86_64_v4",
      "zen",
      "zen2",
      "zen3",
      "zen4",
    ]);
    expect(set?.scope).toContain("zen5");
    const odd = await withTree(tree("what : ever\n"), (root) => probe({ root, env: {}, only }));
    expect(odd.host.features.flags).toEqual({});
    expect(odd.notes.map((note) => note.code)).toContain("no-microarchitecture");
  });
});
