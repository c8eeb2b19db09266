/**
 * `cpu.microarchitecture`: the most specific target of the table that the processor is, and all of that target's ancestors, as flags.
 */
import type { Observations } from "../../observations.ts";
import { releaseNumbers } from "../kernel/release.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";
import { ARM64_FLAGS, X86_FLAGS } from "./cpuid-names.ts";
import type { CpuInfo } from "./cpuinfo.ts";
import { MICROARCHITECTURES, type Microarchitecture, PRINTED_SINCE } from "./microarchitecture-table.ts";

/** What is known of a processor, in the kernel's words. */
export interface Processor {
  /** OCI's. */
  readonly architecture: string;
  /** Who made it; undefined if that isn't known. */
  readonly vendor: string | undefined;
  /** arm64: all values of `CPU part`. */
  readonly parts: readonly string[];
  readonly words: ReadonlySet<string>;
  /** Whether a word that isn't there would be if the processor had what it means. */
  readonly denies: (word: string) => boolean;
}

/** Names that are there, and names that would have been seen if they were. */
export interface MicroarchitectureFlags {
  readonly best: string;
  readonly present: readonly string[];
  readonly scope: readonly string[];
}

type Standing = "holds" | "open" | "denied";

/** A target with what all of its ancestors need. */
class Target {
  readonly entry: Microarchitecture;
  readonly ancestors: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;

  constructor(entry: Microarchitecture, parents: readonly Target[]) {
    this.entry = entry;
    this.ancestors = new Set(parents.flatMap((parent) => [parent.entry.name, ...parent.ancestors]));
    this.words = new Set([...parents.flatMap((parent) => [...parent.words]), ...entry.adds]);
  }

  /** Whether a processor is this target, as far as it can be told. Those of a vendor hold for that vendor's alone. */
  standing(processor: Processor): Standing {
    const { vendor, parts } = this.entry;
    let standing: Standing = "holds";
    if (vendor !== undefined) {
      if (processor.vendor === undefined) standing = "open";
      else if (processor.vendor !== vendor) return "denied";
      if (parts !== undefined && !isOneOf(parts, processor.parts)) return "denied";
    }
    for (const word of this.words) {
      if (processor.words.has(word)) continue;
      if (processor.denies(word)) return "denied";
      standing = "open";
    }
    return standing;
  }
}

/** Cores of several kinds are one target only if all of them are. */
function isOneOf(parts: readonly string[], found: readonly string[]): boolean {
  return found.length > 0 && found.every((part) => parts.includes(part));
}

const targets = new Map<string, readonly Target[]>();

/** The targets of an architecture. INVARIANT: the table lists parents before their children. */
function targetsOf(architecture: string): readonly Target[] {
  const known = targets.get(architecture);
  if (known !== undefined) return known;
  const made = new Map<string, Target>();
  for (const entry of MICROARCHITECTURES) {
    if (entry.architecture !== architecture) continue;
    const parents = entry.parents.flatMap((name) => made.get(name) ?? []);
    made.set(entry.name, new Target(entry, parents));
  }
  const list = [...made.values()];
  targets.set(architecture, list);
  return list;
}

/** By how much they stand on, then by how much they need, then in the table's order: a total order. */
function best(candidates: readonly Target[]): Target | undefined {
  let found: Target | undefined;
  for (const target of candidates) {
    const more =
      found === undefined
        ? 1
        : target.ancestors.size - found.ancestors.size || target.words.size - found.words.size;
    if (more > 0) found = target;
  }
  return found;
}

/**
 * Two targets are found: the best of those that anybody's processor may be, and the best of its maker's. Mostly the second stands on
 * the first; where it doesn't (a hypervisor hides a word, a part is built out of order) both are true. A target is denied
 * unless it, or one that stands on it, might be the processor's if more of it could be seen.
 */
export function microarchitectures(processor: Processor): MicroarchitectureFlags | undefined {
  const all = targetsOf(processor.architecture);
  const standings = new Map(all.map((target) => [target, target.standing(processor)]));
  const holding = all.filter((target) => standings.get(target) === "holds");
  const base = best(holding.filter((target) => target.entry.vendor === undefined));
  if (base === undefined) return undefined;
  const own = best(holding.filter((target) => target.entry.vendor !== undefined)) ?? base;
  const isNamed = own.entry.parts !== undefined || own.ancestors.has(base.entry.name);
  const present = new Set([base, own].flatMap((target) => [target.entry.name, ...target.ancestors]));
  const open = new Set<string>();
  for (const target of all) {
    if (standings.get(target) !== "open") continue;
    for (const name of [target.entry.name, ...target.ancestors]) open.add(name);
  }
  const names = all.map((target) => target.entry.name);
  return {
    best: (isNamed ? own : base).entry.name,
    present: names.filter((name) => present.has(name)),
    scope: names.filter((name) => present.has(name) || !open.has(name)),
  };
}

/** All names of the table. */
export function microarchitectureNames(): string[] {
  return MICROARCHITECTURES.map((entry) => entry.name);
}

/** A word that isn't printed denies only under a kernel which would have printed it. */
function denialUnder(release: string | undefined): (word: string) => boolean {
  const kernel = release === undefined ? undefined : releaseNumbers(release);
  const since = new Map(Object.entries(PRINTED_SINCE));
  for (const entry of [...X86_FLAGS, ...ARM64_FLAGS]) {
    if (entry.since !== undefined) since.set(entry.flag, entry.since);
  }
  return (word) => {
    const first = since.get(word);
    if (first === undefined) return true;
    if (kernel === undefined) return false;
    return kernel[0] > first[0] || (kernel[0] === first[0] && kernel[1] >= first[1]);
  };
}

/** A parsed /proc/cpuinfo as a processor; undefined if it isn't understood. */
export function processorOf(
  info: CpuInfo,
  architecture: string,
  release: string | undefined,
): Processor | undefined {
  const denies = denialUnder(release);
  const one = (key: string): string | undefined => {
    const values = info.variants.get(key) ?? [];
    return values.length === 1 ? values[0] : undefined;
  };
  switch (architecture) {
    case "amd64":
      if (info.flags === undefined) return undefined;
      return { architecture, vendor: one("vendor_id"), parts: [], words: info.flags, denies };
    case "arm64": {
      if (info.flags === undefined) return undefined;
      const parts = info.variants.get("CPU part") ?? [];
      return { architecture, vendor: one("CPU implementer"), parts, words: info.flags, denies };
    }
    case "ppc64le": {
      const words = powerGenerations(info.first.get("cpu") ?? "");
      return words === undefined
        ? undefined
        : { architecture, vendor: undefined, parts: [], words, denies: () => true };
    }
    case "riscv64": {
      const words = riscvExtensions(info.variants.get("isa") ?? []);
      return words === undefined
        ? undefined
        : { architecture, vendor: one("uarch") ?? "", parts: [], words, denies };
    }
    default:
      return undefined;
  }
}

/** `POWER9 (architected), altivec supported` is a POWER9, and runs what is built for those before it. */
function powerGenerations(cpu: string): ReadonlySet<string> | undefined {
  const generation = Number(/^POWER(\d{1,2})(?:\D|$)/.exec(cpu)?.[1] ?? Number.NaN);
  if (!(generation >= 8)) return undefined;
  return new Set(Array.from({ length: generation - 7 }, (_, index) => `POWER${index + 8}`));
}

/** `rv64imafdcv_zicsr_zba` is its letters and its long names; of several kinds of core, what all of them have. */
function riscvExtensions(lines: readonly string[]): ReadonlySet<string> | undefined {
  let shared: Set<string> | undefined;
  for (const line of lines) {
    const [letters, ...names] = line.toLowerCase().split("_");
    const single = /^rv64([a-z]+)$/.exec(letters ?? "")?.[1];
    if (single === undefined) return undefined;
    const general = single.includes("g") ? [..."imafd"] : [];
    const found = new Set([...general, ...single, ...names]);
    shared = shared === undefined ? found : new Set([...shared].filter((name) => found.has(name)));
  }
  return shared;
}

/** The flags of a processor by the name under which it is sold; for systems that give no more. */
export function appleMicroarchitecture(model: string): MicroarchitectureFlags | undefined {
  const name = /^Apple (M\d+)\b/.exec(model)?.[1]?.toLowerCase();
  const all = targetsOf("arm64");
  const target = all.find((one) => one.entry.name === name && one.entry.vendor === "0x61");
  if (target === undefined) return undefined;
  const present = new Set([target.entry.name, ...target.ancestors]);
  const names = all.map((one) => one.entry.name);
  return { best: target.entry.name, present: names.filter((one) => present.has(one)), scope: names };
}

function observe(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.microarchitecture";
  const file = "/proc/cpuinfo";
  const read = sources.cpuInfo();
  if (!read.ok) {
    observations.failure(feature, file, read);
    return;
  }
  const release = sources.kernelRelease();
  const { architecture } = sources.architecture;
  const processor = processorOf(read.info, architecture, release.ok ? release.text : undefined);
  const flags = processor === undefined ? undefined : microarchitectures(processor);
  if (flags !== undefined) observations.flags(feature, flags.present, flags.scope);
  else {
    const message = `${file}: has nothing that tells a microarchitecture of ${architecture}`;
    observations.note(feature, file, "no-microarchitecture", message);
  }
}

export const microarchitecture: Subject = { builtin: "microarchitecture", observe };
