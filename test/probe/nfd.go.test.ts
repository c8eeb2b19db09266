/**
 * Side by side with Node Feature Discovery on the machine of the tests: what both give is equal, and what only one gives is on the short
 * lists below, which docs/facts.md explains.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { HostFeatures } from "../../src/probe/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import { describeWith } from "../tools.ts";

const MODULE = join(import.meta.dirname, "nfd");
const CACHE = join(import.meta.dirname, "../../.cache/nfd");

/** `nfd`, built once for a state of the module. */
function builtCommand(): string {
  const sum = createHash("sha256")
    .update(readFileSync(join(MODULE, "go.sum")))
    .digest("hex");
  const program = join(CACHE, sum.slice(0, 16), "nfd");
  if (existsSync(program)) return program;
  mkdirSync(join(program, ".."), { recursive: true });
  const made = join(mkdtempSync(join(program, "../build-")), "nfd");
  const argv = ["build", "-o", made, "sigs.k8s.io/node-feature-discovery/cmd/nfd"];
  execFileSync("go", argv, { cwd: MODULE, stdio: "pipe" });
  renameSync(made, program);
  return program;
}

interface Exported {
  readonly flags: Readonly<Record<string, { readonly elements: Readonly<Record<string, unknown>> }>>;
  readonly attributes: Readonly<Record<string, { readonly elements: Readonly<Record<string, string>> }>>;
  readonly instances: Readonly<
    Record<
      string,
      { readonly elements: readonly { readonly attributes: Readonly<Record<string, string>> }[] }
    >
  >;
}

/**
 * Processor features that only those who ask the processor know: no kernel prints them, or prints the word for something else. What the
 * kernel takes away because it doesn't let programs use it may stand here too, on a machine where it does so.
 */
const NOT_PRINTED: readonly RegExp[] = [
  /^(?:AESKLE|KEYLOCKERW?|HRESET|HYBRID_CPU|MCOMMIT|MOVU|MSRLIST|MSR_PAGEFLUSH|PREFETCHI|PSFD|STIBP_ALWAYSON|VTE|CETSS|IBRS)$/,
  /^FP(?:128|256)$/,
  /^(?:TSA|SRSO|TLB_FLUSH|PMU_FIXEDCOUNTER|SEV|IBS|IBRS|IBPB|BHI|IDPRED|RRSBA|SRBDS|MCDT)_/,
  /^IBS[A-Z]/,
  /^(?:AMX(?:COMPLEX|FP8|FP16|MOVRS|TF32|TRANSPOSE)|APX_F|AVX10|AVX10_\d+|AVXIFMA|AVXNECONVERT|AVXVNNIINT\d+|CMPCCXADD)$/,
  /^(?:CMPSB_SCADBS_SHORT|EFER_LMSLE_UNS|FSRC|FSRZ|FZRM|FSRS|MOVSB_ZL|STOSB_SHORT|INT_WBINVD|INVLPGB|NOPL?|SBPB|SHA512|SM[34]_X86|WRMSRNS)$/,
  // Disabled by the firmware or by a mitigation.
  /^(?:SGX|SGXLC|VMX|SVM|SEV|SME|RTM|HLE|TME|IA32_CORE_CAP|PPIN)$/,
];

/** What only NFD gives: with what is in it where it is empty for other reasons than that there is nothing. */
const ONLY_NFD: readonly string[] = ["attributes cpu.cpuid", "attributes cpu.sst", "attributes system.name"];
/** Features without a domain that only this probe gives. */
const ONLY_HERE: readonly string[] = ["attributes kernel.cmdline", "flags cpu.microarchitecture"];

describeWith("go", "the probe beside nfd export features", () => {
  let nfd: Exported;
  let own: HostFeatures;

  beforeAll(async () => {
    const text = execFileSync(builtCommand(), ["export", "features"], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
      env: { PATH: process.env.PATH },
    });
    nfd = JSON.parse(text) as Exported;
    own = (await probe({ surroundings: "host", env: {} })).host.features;
  }, 900_000);

  /** Feature files aren't probed and nothing is, if NFD could not read it either: its empty sets mean both. */
  const isEmpty = (kind: string, feature: string): boolean => {
    const elements = nfd[kind as keyof Exported]?.[feature]?.elements ?? {};
    return Object.values(elements).every((value) => value === "");
  };

  it("gives every feature that NFD gives, but for those that need more than files", () => {
    const missing = (["flags", "attributes", "instances"] as const).flatMap((kind) =>
      Object.keys(nfd[kind])
        .filter((feature) => own[kind][feature] === undefined)
        .map((feature) => `${kind} ${feature}`),
    );
    for (const one of missing) {
      const [kind = "", feature = ""] = one.split(" ");
      expect(ONLY_NFD.includes(one) || isEmpty(kind, feature), one).toBe(true);
    }
  });

  it("gives no features without a domain that NFD lacks, but for two", () => {
    const more = (["flags", "attributes", "instances"] as const).flatMap((kind) =>
      Object.keys(own[kind])
        .filter((feature) => !feature.includes("/") && nfd[kind][feature] === undefined)
        .map((feature) => `${kind} ${feature}`),
    );
    expect(more.sort()).toEqual([...ONLY_HERE].sort().filter((one) => more.includes(one)));
  });

  it("gives the same flags, and denies none that NFD has", () => {
    for (const [feature, { elements }] of Object.entries(nfd.flags)) {
      const set = own.flags[feature];
      if (set === undefined) continue;
      const beyond = Object.keys(set.elements).filter((name) => !Object.hasOwn(elements, name));
      expect(beyond, `${feature}: only here`).toEqual([]);
      const lacking = Object.keys(elements).filter((name) => !Object.hasOwn(set.elements, name));
      const denied = lacking.filter((name) => set.scope === undefined || set.scope.includes(name));
      expect(denied, `${feature}: denied`).toEqual([]);
      const explained = (name: string): boolean =>
        feature === "cpu.cpuid" && NOT_PRINTED.some((pattern) => pattern.test(name));
      expect(
        lacking.filter((name) => !explained(name)),
        feature,
      ).toEqual([]);
    }
  });

  it("gives the same attributes, except those that it says are unknown", () => {
    for (const [feature, { elements }] of Object.entries(nfd.attributes)) {
      const set = own.attributes[feature];
      if (set === undefined) continue;
      const unknown = new Set(set.unknown);
      const known = Object.entries(elements).filter(([name]) => !unknown.has(name));
      expect(set.elements, feature).toEqual(Object.fromEntries(known));
    }
  });

  it("gives the same instances", () => {
    const sorted = (
      elements: readonly { readonly attributes: Readonly<Record<string, string>> }[],
    ): string[] => elements.map(({ attributes }) => JSON.stringify(Object.entries(attributes).sort())).sort();
    for (const [feature, { elements }] of Object.entries(nfd.instances)) {
      const set = own.instances[feature];
      if (set !== undefined && set.partial !== true)
        expect(sorted(set.elements), feature).toEqual(sorted(elements));
    }
  });
});
