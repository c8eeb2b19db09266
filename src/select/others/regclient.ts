import {
  hostUnknown,
  type OtherPick,
  outcome,
  type PickQuestion,
  type PlatformText,
  platformText,
} from "./entry.ts";

const TOOL = "regclient";
const RULE =
  "of the compatible entries the best by os, architecture, the host's variant, the higher variant, then os.version; else the first; amd64 levels are detected";

/** A platform with nothing missing, as regclient normalises it. */
interface Plain {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly version: string;
  readonly features: readonly string[];
}

/** regclient's platform `local` (types/platform `Compatible`, `Better`); an entry without a platform never fits. */
export function regclient({ entries, host }: PickQuestion): OtherPick {
  const machine = host[0];
  if (machine === undefined) return hostUnknown(TOOL, RULE);
  // Linux calls every 64-bit Arm `8`, which normalises to none.
  const own = normalize(machine.architecture === "arm64" ? { ...machine, variant: "v8" } : machine);
  let picked: number | null = null;
  let held: Plain = { os: "", architecture: "", variant: "", version: "", features: [] };
  entries.forEach(({ platform }, index) => {
    if (platform === null) return;
    const target = normalize(platform);
    if (isCompatible(own, target) && isBetter(own, target, held)) {
      picked = index;
      held = target;
    }
  });
  const { os, architecture, variant, version } = own;
  const sought = platformText({ os, architecture, variant, "os.version": version });
  return { tool: TOOL, rule: RULE, picked, why: outcome(entries, picked, sought) };
}

function normalize(platform: PlatformText): Plain {
  const [architecture, variant] = normalizeArchitecture(platform.architecture, platform.variant ?? "");
  return {
    os: platform.os === "macos" ? "darwin" : platform.os,
    architecture,
    variant,
    version: platform["os.version"] ?? "",
    features: platform["os.features"] ?? [],
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
      return ["arm64", variant === "8" || variant === "v8" ? "" : variant];
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

function isCompatible(host: Plain, target: Plain): boolean {
  const cpu = host.architecture === target.architecture && variantFits(host.variant, target.variant);
  switch (host.os) {
    case "linux":
    case "freebsd":
      return host.os === target.os && cpu;
    case "windows":
      if (target.os === "linux") return cpu;
      return (
        target.os === "windows" &&
        cpu &&
        (host.version === "" || toBuild(host.version) === toBuild(target.version))
      );
    case "darwin":
      return (target.os === "darwin" || target.os === "linux") && cpu;
    default:
      return (
        host.os === target.os &&
        cpu &&
        host.version === target.version &&
        host.features.length === target.features.length &&
        host.features.every((feature, index) => feature === target.features[index])
      );
  }
}

function isBetter(host: Plain, target: Plain, held: Plain): boolean {
  for (const part of ["os", "architecture", "variant"] as const) {
    if (target[part] === held[part]) continue;
    if (target[part] === host[part]) return true;
    if (held[part] === host[part]) return false;
  }
  const levels = level(target.variant) - level(held.variant);
  if (levels !== 0) return levels > 0;
  if (target.version === held.version) return false;
  if (target.version === host.version) return true;
  if (held.version === host.version) return false;
  return compareVersions(held.version, target.version) < 0;
}

function variantFits(host: string, target: string): boolean {
  return (
    level(host) >= level(target) ||
    (level(host) === 1 && target === "") ||
    (host === "" && level(target) === 1)
  );
}

/** The number of `v3`; 0 for what is no number, `v8.2` among it. */
function level(variant: string): number {
  const digits = variant.replace(/^v/, "");
  return /^[-+]?[0-9]+$/.test(digits) ? Number(digits) : 0;
}

/** A Windows version without its revision. */
function toBuild(version: string): string {
  const parts = version.split(".");
  return parts.length < 4 ? version : parts.slice(0, 3).join(".");
}

function compareVersions(a: string, b: string): number {
  const theirs = b.split(".");
  for (const [index, text] of a.split(".").entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    const [left, right] = [text, other].map((part) => (/^[-+]?[0-9]+$/.test(part) ? Number(part) : null));
    if (left === null || left === undefined) return right === null || right === undefined ? 0 : -1;
    if (right === null || right === undefined) return 1;
    if (left !== right) return left - right;
  }
  return 0;
}
