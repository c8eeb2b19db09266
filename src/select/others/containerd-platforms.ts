/**
 * containerd's platforms package (v1.0.0-rc.4) as containerd and Docker use it: normalising, matching, and the ladder of
 * `Only`. Kept beside the core's own because what is simulated here is a tool, with what that tool detects of a host.
 */
import type { PlatformText } from "./entry.ts";

/** A normalised platform: no part is missing. */
export interface NormalPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly version: string;
  /** Sorted, each once. */
  readonly features: readonly string[];
}

/** `platforms.Normalize`; an empty os is that of the machine. */
export function normalizePlatform(platform: PlatformText, machineOs: string): NormalPlatform {
  const os = platform.os.toLowerCase();
  const [architecture, variant] = normalizeArchitecture(
    platform.architecture.toLowerCase(),
    (platform.variant ?? "").toLowerCase(),
  );
  return {
    os: os === "" ? machineOs : os === "macos" ? "darwin" : os,
    architecture,
    variant,
    version: platform["os.version"] ?? "",
    features: [...new Set(platform["os.features"] ?? [])].sort(),
  };
}

function normalizeArchitecture(architecture: string, variant: string): [string, string] {
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

/** Highest minor of each generation of arm64 that containerd's table knows. */
const ARM64_MINORS: Readonly<Record<string, number>> = { v8: 9, v9: 7 };

/** `platformVector`: the host's platform and those that it runs as well, best first. Normalised. */
export function ladder(host: NormalPlatform): NormalPlatform[] {
  const at = (architecture: string, variant: string): NormalPlatform =>
    normalizePlatform(
      { os: host.os, architecture, variant, "os.version": host.version, "os.features": host.features },
      host.os,
    );
  switch (host.architecture) {
    case "amd64":
      return [host, ...descend(levelOf(host.variant), 1).map((level) => at("amd64", level)), at("386", "")];
    case "arm":
      return [host, ...descend(levelOf(host.variant), 5).map((level) => at("arm", level))];
    case "arm64": {
      const variants = arm64Variants(host.variant === "" ? "v8" : host.variant);
      // A variant that the table doesn't know has no ladder at all, its own rung included.
      if (variants.length === 0) return [];
      return [...variants.map((variant) => at("arm64", variant)), ...ladder(at("arm", "v8"))];
    }
    default:
      return [host];
  }
}

/** The number of `v3`, or null; containerd takes it with or without the `v`. */
function levelOf(variant: string): number | null {
  const digits = variant.replace(/^v/, "");
  return /^[-+]?[0-9]+$/.test(digits) ? Number(digits) : null;
}

function descend(from: number | null, to: number): string[] {
  const levels: string[] = [];
  // The tables of real architectures end well below this.
  for (let level = Math.min((from ?? 0) - 1, 99); level >= to; level--) levels.push(`v${level}`);
  return levels;
}

function arm64Variants(variant: string): string[] {
  const parts = /^(v[89])(?:\.([0-9]))?$/.exec(variant);
  const [, generation = "", minorText = "0"] = parts ?? [];
  const minor = Number(minorText);
  const most = ARM64_MINORS[generation];
  if (most === undefined || minor > most) return [];
  const steps = (name: string, from: number): string[] =>
    Array.from({ length: from + 1 }, (_, index) => (from - index === 0 ? name : `${name}.${from - index}`));
  return generation === "v8"
    ? steps("v8", minor)
    : [...steps("v9", minor), ...steps("v8", Math.min(minor + 5, 9))];
}

/** `NewMatcher(wanted).Match(given)`. */
export function matches(wanted: NormalPlatform, given: PlatformText): boolean {
  const windows = wanted.os === "windows";
  const platform = normalizePlatform(given, wanted.os);
  const features = windows ? without(platform.features, "win32k") : platform.features;
  return (
    wanted.os === platform.os &&
    wanted.architecture === platform.architecture &&
    wanted.variant === platform.variant &&
    (!windows || windowsVersionMatches(wanted.version, platform.version)) &&
    features.every((feature) => wanted.features.includes(feature))
  );
}

function without(list: readonly string[], item: string): readonly string[] {
  return list.filter((one) => one !== item);
}

/** `Ordered(...).Less`: by the first rung that either stands on, then by the number of features of the os. */
export function isLess(rungs: readonly NormalPlatform[], a: PlatformText, b: PlatformText): boolean {
  for (const rung of rungs) {
    const aFits = matches(rung, a);
    const bFits = matches(rung, b);
    if (aFits && !bFits) return true;
    if (bFits) return aFits && (a["os.features"]?.length ?? 0) > (b["os.features"]?.length ?? 0);
  }
  return false;
}

interface WindowsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

/** Fewer than two dots, or a part that is too large, give 0.0.0. */
function readWindowsVersion(text: string): WindowsVersion {
  const none = { major: 0, minor: 0, build: 0 };
  const [major = "", minor = "", build = "", ...rest] = text.split(".");
  if (build === "" && rest.length === 0) return none;
  const numbers = [major, minor, build].map((part) => (/^[0-9]+$/.test(part) ? Number(part) : Number.NaN));
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = numbers;
  return a <= 255 && b <= 255 && c <= 65_535 ? { major: a, minor: b, build: c } : none;
}

/** Builds of Windows Server's long-term releases from which containers' ABI is stable. */
const LTSC = [20_348, 26_100] as const;

function windowsVersionMatches(hostText: string, imageText: string): boolean {
  const host = readWindowsVersion(hostText);
  if ((host.major === 0 && host.minor === 0 && host.build === 0) || imageText === "") return true;
  const image = readWindowsVersion(imageText);
  if (host.major !== image.major || host.minor !== image.minor) return false;
  if (host.build < LTSC[0]) return host.build === image.build;
  const oldest = host.build > LTSC[1] ? LTSC[1] : LTSC[0];
  return oldest <= image.build && image.build <= host.build;
}
