/** Platforms: docs/language.md, "Platforms"; containerd's rules, with three values where the host's side is not known. */
import type { Platform } from "../../bindings/js/types.ts";
import { all, type Kleene, known } from "./kleene.ts";

/** A platform as it is written; an absent text is empty, absent `osFeatures` are null. */
export interface PlatformFields {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly osVersion: string;
  readonly osFeatures: readonly string[] | null;
}

/** Asks the host's `cpu.cpuid` for a flag. */
export type CpuFlag = (name: string) => Kleene;

/** containerd's normal form: lower case, one name for each architecture, a baseline variant is empty (arm's is v7). */
export function normalize(platform: PlatformFields): PlatformFields {
  const os = platform.os.toLowerCase();
  const [architecture, variant] = normalArchitecture(
    platform.architecture.toLowerCase(),
    platform.variant.toLowerCase(),
  );
  const osFeatures = platform.osFeatures === null ? null : [...new Set(platform.osFeatures)].sort(byBytes);
  return {
    os: os === "macos" ? "darwin" : os,
    architecture,
    variant,
    osVersion: platform.osVersion,
    osFeatures,
  };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function normalArchitecture(architecture: string, variant: string): [string, string] {
  switch (architecture) {
    case "i386":
      return ["386", ""];
    case "x86_64":
    case "x86-64":
    case "amd64":
      return ["amd64", variant === "v1" ? "" : variant];
    case "aarch64":
    case "arm64":
      if (["8", "v8", "v8.0"].includes(variant)) return ["arm64", ""];
      return ["arm64", ["9", "9.0", "v9.0"].includes(variant) ? "v9" : variant];
    case "armhf":
      return ["arm", "v7"];
    case "armel":
      return ["arm", "v6"];
    case "arm":
      if (variant === "" || variant === "7") return ["arm", "v7"];
      return ["arm", ["5", "6", "8"].includes(variant) ? `v${variant}` : variant];
    default:
      return [architecture, variant];
  }
}

/** The platform object of the answers: what is empty is left out. */
export function platformObject(platform: PlatformFields): Platform {
  return {
    os: platform.os,
    architecture: platform.architecture,
    ...(platform.variant === "" ? {} : { variant: platform.variant }),
    ...(platform.osVersion === "" ? {} : { "os.version": platform.osVersion }),
    ...(countedFeatures(platform).length === 0 ? {} : { "os.features": countedFeatures(platform) }),
  };
}

/** Whether the host platform leaves its variant open. A spelling that settles it (`armhf`) doesn't. */
// A variant that is written and normalises to nothing (amd64/v1, arm64/v8) is known: the baseline.
export function variantIsOpen(host: PlatformFields): boolean {
  return host.variant === "" && !["i386", "armhf", "armel"].includes(host.architecture.toLowerCase());
}

export interface PlatformMatch {
  readonly value: Kleene;
  /** Whether the architectures differ and the host's ladder crosses over. */
  readonly crossing: boolean;
}

/** Whether a host platform takes a candidate's. Both as they are written. */
export function matchPlatform(
  host: PlatformFields,
  candidate: PlatformFields,
  cpuFlag: CpuFlag,
): PlatformMatch {
  const from = normalize(host);
  const to = normalize(candidate);
  const crossing = from.architecture !== to.architecture;
  if (from.os !== to.os) return { value: "false", crossing };
  const value = all([
    crossing ? crossed(from, to) : variantMatches(host, to, cpuFlag),
    osVersionMatches(from, to),
    osFeaturesMatch(from, to),
  ]);
  return { value, crossing };
}

/** Whether containerd, which knows no third value and detects no level of amd64, takes a platform on a host whose first one is given. */
export function containerdTakes(host: PlatformFields | undefined, candidate: PlatformFields): boolean {
  if (host === undefined) return false;
  const asWritten = normalize(host);
  const from = asWritten.architecture === "amd64" ? { ...asWritten, variant: "" } : asWritten;
  const to = normalize(candidate);
  if (from.os !== to.os) return false;
  const onLadder = ladder(from).some(
    ([architecture, variant]) => architecture === to.architecture && variant === to.variant,
  );
  const osVersion = osVersionMatches(from, to) !== "false";
  const osFeatures = osFeaturesMatch({ ...from, osFeatures: from.osFeatures ?? [] }, to) === "true";
  return onLadder && osVersion && osFeatures;
}

/** Whether the host's ladder reaches another architecture: every amd64 runs 386, every arm64 the variants of arm. */
function crossed(from: PlatformFields, to: PlatformFields): Kleene {
  if (from.architecture === "amd64") return known(to.architecture === "386" && to.variant === "");
  const variants = ["v5", "v6", "v7", "v8"];
  return known(from.architecture === "arm64" && to.architecture === "arm" && variants.includes(to.variant));
}

function variantMatches(host: PlatformFields, to: PlatformFields, cpuFlag: CpuFlag): Kleene {
  const { architecture } = to;
  // The baseline runs on every host of the architecture: learning the host's variant can't take it back.
  if (to.variant === (architecture === "arm" ? "v5" : "")) return "true";
  if (!variantIsOpen(host)) {
    return known(
      ladder(normalize(host)).some(([name, variant]) => name === architecture && variant === to.variant),
    );
  }
  return architecture === "amd64" ? amd64Level(to.variant, cpuFlag) : "unknown";
}

/** What runs on a normalised platform, its own first: pairs of architecture and normalised variant. */
export function ladder(host: PlatformFields): readonly (readonly [string, string])[] {
  const { architecture, variant } = host;
  switch (architecture) {
    case "amd64":
      return [[architecture, variant], ...below(architecture, variant, 1).map(withoutV1), ["386", ""]];
    case "arm":
      return [[architecture, variant], ...below(architecture, variant, 5)];
    case "arm64": {
      const variants = arm64Variants(variant);
      return variants.length === 0 ? [] : [...variants, ["arm", "v8"], ...below("arm", "v8", 5)];
    }
    default:
      return [[architecture, variant]];
  }
}

function withoutV1([architecture, variant]: readonly [string, string]): readonly [string, string] {
  return [architecture, variant === "v1" ? "" : variant];
}

/** vN-1 ... v`least`, if the variant is a vN above it. */
function below(architecture: string, variant: string, least: number): (readonly [string, string])[] {
  const number = /^v?\+?([0-9]{1,6})$/.exec(variant);
  const steps: (readonly [string, string])[] = [];
  for (let n = Number(number?.[1] ?? 0) - 1; n >= least; n--) steps.push([architecture, `v${n}`]);
  return steps;
}

/** The 64-bit part of the ladder, or nothing for a variant that is in none of containerd's tables. */
function arm64Variants(variant: string): (readonly [string, string])[] {
  const version = /^v([89])(?:\.([1-9]))?$/.exec(variant === "" ? "v8" : variant);
  if (version === null) return [];
  const major = Number(version[1]);
  const minor = Number(version[2] ?? 0);
  if (major === 9 && minor > 7) return [];
  const v8 = major === 8 ? minor : Math.min(minor + 5, 9);
  const steps: (readonly [string, string])[] = [];
  if (major === 9) for (let n = minor; n >= 0; n--) steps.push(["arm64", n === 0 ? "v9" : `v9.${n}`]);
  for (let n = v8; n >= 0; n--) steps.push(["arm64", n === 0 ? "" : `v8.${n}`]);
  return steps;
}

/** The flags of each level of the x86-64 psABI beyond those of the level below, by NFD's names. */
const LEVEL_FLAGS: Readonly<Record<number, readonly string[]>> = {
  2: ["CX16", "LAHF", "POPCNT", "SSE3", "SSE4", "SSE42", "SSSE3"],
  3: ["AVX", "AVX2", "BMI1", "BMI2", "F16C", "FMA3", "LZCNT", "MOVBE", "OSXSAVE"],
  4: ["AVX512F", "AVX512BW", "AVX512CD", "AVX512DQ", "AVX512VL"],
};

// A variant of amd64 that is no level from v1 to v4 is unknown where the host's variant is open.
function amd64Level(variant: string, cpuFlag: CpuFlag): Kleene {
  const level = ["", "v1", "v2", "v3", "v4"].indexOf(variant);
  return level < 0 ? "unknown" : levelHolds(level, cpuFlag);
}

/** A level's own flag, or a higher level's, counts only where it is present. */
function levelHolds(level: number, cpuFlag: CpuFlag): Kleene {
  if (level <= 1) return "true";
  for (let present = level; present <= 4; present++) {
    if (cpuFlag(`X86_64_V${present}`) === "true") return "true";
  }
  return all([levelHolds(level - 1, cpuFlag), ...(LEVEL_FLAGS[level] ?? []).map(cpuFlag)]);
}

interface WindowsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

/** Reads `major.minor.build[...]`; what can't be read is 0.0.0, as in containerd. */
export function windowsVersion(text: string): WindowsVersion {
  const version = /^([0-9]+)\.([0-9]+)\.([0-9]+)(?:\.|$)/.exec(text);
  const [major, minor, build] = [
    Number(version?.[1] ?? 0),
    Number(version?.[2] ?? 0),
    Number(version?.[3] ?? 0),
  ];
  return major > 255 || minor > 255 || build > 65535
    ? { major: 0, minor: 0, build: 0 }
    : { major, minor, build };
}

const LTSC_2022 = 20348;
const LTSC_2025 = 26100;

// A host's os.version that can't be read counts as empty, as in containerd: so unknown.
function osVersionMatches(from: PlatformFields, to: PlatformFields): Kleene {
  if (from.os !== "windows" || to.osVersion === "") return "true";
  const host = windowsVersion(from.osVersion);
  if (host.major === 0 && host.minor === 0 && host.build === 0) return "unknown";
  const image = windowsVersion(to.osVersion);
  if (host.major !== image.major || host.minor !== image.minor) return "false";
  if (host.build < LTSC_2022) return known(host.build === image.build);
  const oldest = host.build > LTSC_2025 ? LTSC_2025 : LTSC_2022;
  return known(oldest <= image.build && image.build <= host.build);
}

// `win32k` is dropped on Windows only, as in containerd.
export function countedFeatures(platform: PlatformFields): readonly string[] {
  const features = platform.osFeatures ?? [];
  return platform.os === "windows" ? features.filter((feature) => feature !== "win32k") : features;
}

function osFeaturesMatch(from: PlatformFields, to: PlatformFields): Kleene {
  const wanted = countedFeatures(to);
  if (wanted.length === 0) return "true";
  const present = from.osFeatures;
  if (present === null) return "unknown";
  return known(wanted.every((feature) => present.includes(feature)));
}

export interface Taken {
  readonly value: Kleene;
  /** Index of the host platform, or null if none was taken. */
  readonly host: number | null;
  readonly crossing: boolean;
  /** Indexes of the host platforms of which one will be taken once everything is known. */
  readonly open: readonly number[];
}

/** Which of the host's platforms the candidate takes. */
// An empty list of platforms is known to be empty: false, unlike an absent one.
// AMBIGUOUS: read as written, an unknown platform of the own architecture goes before a crossing that is true.
export function takePlatform(
  hosts: readonly PlatformFields[] | null,
  candidate: PlatformFields | null,
  cpuFlag: CpuFlag,
): Taken {
  if (hosts === null || candidate === null)
    return { value: "unknown", host: null, crossing: false, open: [] };
  const matches = hosts.map((host) => matchPlatform(host, candidate, cpuFlag));
  const open = openOf(matches);
  for (const crossing of [false, true]) {
    for (const value of ["true", "unknown"] as const) {
      const host = matches.findIndex((match) => match.crossing === crossing && match.value === value);
      if (host >= 0) return { value, host, crossing, open };
    }
  }
  return { value: "false", host: null, crossing: false, open };
}

/** Which will be taken: those that are not false, of the own architecture before crossings, as far as the first that is true. */
function openOf(matches: readonly PlatformMatch[]): readonly number[] {
  const inOrder = [false, true].flatMap((crossing) =>
    matches.map((match, index) => ({ ...match, index })).filter((match) => match.crossing === crossing),
  );
  const first = inOrder.findIndex(({ value }) => value === "true");
  const tried = first < 0 ? inOrder : inOrder.slice(0, first + 1);
  return tried.filter(({ value }) => value !== "false").map(({ index }) => index);
}
