/** `cpu.cpuid`: processor features by NFD's names, from what the kernel prints of them; and x86-64's level. */
import type { Observations } from "../../observations.ts";
import { releaseNumbers } from "../kernel/release.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";
import { parseDecimal } from "../text.ts";
import {
  ARM64_FLAGS,
  AVX512_PREFIX,
  type FlagName,
  S390X_FLAGS,
  X86_64_LEVELS,
  X86_FLAGS,
  X86_VENDORS,
} from "./cpuid-names.ts";
import type { CpuInfo } from "./cpuinfo.ts";
import { powerFlags } from "./hwcap.ts";

/** The vector has some twenty entries of 16 bytes. */
const AUXILIARY_VECTOR_LIMIT = 4_096;

/** Names that are there, and names that would have been seen if they were. */
export interface CpuFlags {
  readonly present: ReadonlySet<string>;
  readonly scope: ReadonlySet<string>;
}

export type CpuFamily = "x86" | "arm" | "s390x" | "other";

/** Which architecture's /proc/cpuinfo this is. */
export function cpuFamily(info: CpuInfo): CpuFamily {
  if (info.first.has("CPU implementer") || info.first.has("CPU architecture")) return "arm";
  if (info.first.get("vendor_id")?.startsWith("IBM/S390") === true) return "s390x";
  return info.first.has("cpu family") || info.first.has("flags") ? "x86" : "other";
}

/** The features that a parsed /proc/cpuinfo gives under a kernel of this release; undefined if it has no line of features. */
export function cpuFlags(info: CpuInfo, release: string | undefined): CpuFlags | undefined {
  if (info.flags === undefined) return undefined;
  switch (cpuFamily(info)) {
    case "x86":
      return x86Flags(info, info.flags, release);
    case "arm":
      // 32-bit kernels have words of their own, of which no table is kept: those that are there are affirmed, none is denied.
      return upperCaseFlags(info.flags.has("thumb") ? [] : ARM64_FLAGS, info.flags, release);
    case "s390x":
      return upperCaseFlags(S390X_FLAGS, info.flags, release);
    case "other":
      return undefined;
  }
}

function knows(entry: FlagName, kernel: readonly [number, number] | undefined): boolean {
  if (entry.denies === "never") return false;
  if (entry.since === undefined) return true;
  if (kernel === undefined) return false;
  const [major, minor] = entry.since;
  return kernel[0] > major || (kernel[0] === major && kernel[1] >= minor);
}

function x86Flags(info: CpuInfo, flags: ReadonlySet<string>, release: string | undefined): CpuFlags {
  const kernel = release === undefined ? undefined : releaseNumbers(release);
  const vendor = X86_VENDORS[info.first.get("vendor_id") ?? ""] ?? "VendorUnknown";
  const present = new Set<string>();
  const scope = new Set<string>();
  for (const entry of X86_FLAGS) {
    if (entry.vendors !== undefined && !entry.vendors.includes(vendor)) continue;
    if (flags.has(entry.flag)) present.add(entry.name);
    if (knows(entry, kernel)) scope.add(entry.name);
  }
  if (!present.has("AVX512F")) {
    for (const { name } of X86_FLAGS) if (name.startsWith(AVX512_PREFIX)) scope.add(name);
  }
  addThreads(info, flags, vendor, present, scope);
  addSlowAvx(info, vendor, present, scope);
  addLevels(present, scope);
  return { present, scope: new Set([...scope, ...present]) };
}

/** HTT: the bit alone only says that there may be threads; the library asks for more than one a core. */
function addThreads(
  info: CpuInfo,
  flags: ReadonlySet<string>,
  vendor: string,
  present: Set<string>,
  scope: Set<string>,
): void {
  if (vendor !== "Intel" && vendor !== "AMD") return;
  const siblings = parseDecimal(info.first.get("siblings") ?? "");
  const cores = parseDecimal(info.first.get("cpu cores") ?? "");
  if (!flags.has("ht")) scope.add("HTT");
  else if (siblings !== undefined && cores !== undefined && cores > 0) {
    scope.add("HTT");
    if (siblings > cores) present.add("HTT");
  }
}

/** AVXSLOW: 256-bit operations in two halves, which the library tells from the model. */
function addSlowAvx(info: CpuInfo, vendor: string, present: Set<string>, scope: Set<string>): void {
  const family = parseDecimal(info.first.get("cpu family") ?? "");
  const model = parseDecimal(info.first.get("model") ?? "");
  if (family === undefined || model === undefined) return;
  scope.add("AVXSLOW");
  if (!present.has("AVX")) return;
  const intel = vendor === "Intel" && family === 6 && model < 60;
  const amd = vendor === "AMD" && (family < 23 || (family === 23 && model < 49));
  if (intel || amd) present.add("AVXSLOW");
}

/** `X86_64_V1` ...: each present if all its names are, denied if one of them is denied, else unknown. */
function addLevels(present: Set<string>, scope: Set<string>): void {
  const hasCall = present.has("SYSCALL") || present.has("SYSEE");
  let deniable = !hasCall;
  let reached = hasCall;
  X86_64_LEVELS.forEach((names, index) => {
    const level = `X86_64_V${index + 1}`;
    reached = reached && names.every((name) => present.has(name));
    deniable = deniable || names.some((name) => scope.has(name) && !present.has(name));
    if (reached) present.add(level);
    if (reached || deniable) scope.add(level);
  });
}

/** Whatever the kernel prints, in upper case; what NFD knows and the kernel would print is in scope. */
function upperCaseFlags(
  table: readonly FlagName[],
  flags: ReadonlySet<string>,
  release: string | undefined,
): CpuFlags {
  const kernel = release === undefined ? undefined : releaseNumbers(release);
  const present = new Set([...flags].map((flag) => flag.toUpperCase()));
  const scope = new Set(table.filter((entry) => knows(entry, kernel)).map((entry) => entry.name));
  return { present, scope: new Set([...scope, ...present]) };
}

/**
 * amd64's level, 1 to 4, or undefined if it isn't determined: the next one up must be denied, since a variant that is too low
 * would refuse images that run.
 */
export function amd64Level(flags: CpuFlags): number | undefined {
  const reached =
    X86_64_LEVELS.length - [4, 3, 2, 1].findIndex((level) => flags.present.has(`X86_64_V${level}`));
  if (reached > X86_64_LEVELS.length) return undefined;
  if (reached < X86_64_LEVELS.length && !flags.scope.has(`X86_64_V${reached + 1}`)) return undefined;
  return reached;
}

function observe(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.cpuid";
  if (sources.architecture.architecture === "ppc64le") {
    observePower(sources, observations, feature);
    return;
  }
  const file = "/proc/cpuinfo";
  const read = sources.cpuInfo();
  if (!read.ok) {
    observations.failure(feature, file, read);
    return;
  }
  const flags = sources.cpuFlags();
  if (flags === undefined) {
    observations.note(feature, file, "no-flags", `${file}: has no line of features that is understood`);
    return;
  }
  observations.flags(feature, flags.present, flags.scope);
}

/** The vector is the probe's own, but the processor it tells of is the host's. */
function observePower(sources: LinuxSources, observations: Observations, feature: string): void {
  const file = "/proc/self/auxv";
  const read = sources.files.read(file, AUXILIARY_VECTOR_LIMIT);
  if (!read.ok) {
    observations.failure(feature, file, read);
    return;
  }
  const flags = powerFlags(read.bytes);
  if (flags !== undefined) observations.flags(feature, flags.present, flags.scope);
  else observations.note(feature, file, "no-flags", `${file}: has no hardware capabilities`);
}

export const cpuid: Subject = { builtin: "cpuid", observe };
