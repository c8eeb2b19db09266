import { isLess, ladder, matches, type NormalPlatform, normalizePlatform } from "./containerd-platforms.ts";
import {
  firstBest,
  hostUnknown,
  type OtherPick,
  outcome,
  type PickQuestion,
  type PlatformText,
  platformText,
} from "./entry.ts";

const TOOL = "containerd";
const RULE =
  "the best on the ladder of the host's own platform, and the first of equals; levels of amd64 are never detected; entries without a platform come last, if their config fits";

/**
 * containerd's default: `platforms.Default()`, which is `Only` of the machine's os and architecture (and of arm's variant;
 * never a level of amd64), over the index as `images.Manifest` does. So do nerdctl, Kubernetes over containerd, and Docker
 * with the containerd image store.
 */
export function containerd({ entries, host }: PickQuestion): OtherPick {
  const machine = host[0];
  if (machine === undefined) return hostUnknown(TOOL, RULE);
  const detected = detect(machine);
  const rungs = defaultRungs(detected);
  const picked = pickByLadder(entries, rungs, (a, b) =>
    detected.os === "windows" ? (a["os.version"] ?? "") > (b["os.version"] ?? "") : isLess(rungs, a, b),
  );
  return { tool: TOOL, rule: RULE, picked, why: outcome(entries, picked, rungsText(rungs)) };
}

/**
 * `platforms.Default()`: a ladder; on Windows a single matcher, which prefers the higher version, compared as text; on
 * Darwin and FreeBSD the machine itself, then Linux.
 */
function defaultRungs(own: NormalPlatform): NormalPlatform[] {
  if (own.os === "windows") return [own];
  return own.os === "darwin" || own.os === "freebsd" ? [own, { ...own, os: "linux" }] : ladder(own);
}

/** What containerd sees of a machine: Linux calls every 64-bit Arm `8`; features of the os are not looked for. */
function detect(machine: PlatformText): NormalPlatform {
  const { os, architecture, variant } = normalizePlatform(machine, machine.os);
  return {
    os,
    architecture,
    variant: architecture === "arm" ? variant : "",
    version: os === "windows" ? (machine["os.version"] ?? "") : "",
    features: [],
  };
}

/** Filter, then a stable sort of which the first is taken; no platform fits every ladder, behind all that have one. */
export function pickByLadder(
  entries: PickQuestion["entries"],
  rungs: readonly NormalPlatform[],
  less: (a: PlatformText, b: PlatformText) => boolean,
): number | null {
  return firstBest(
    entries,
    ({ platform }) => platform === null || rungs.some((rung) => matches(rung, platform)),
    (entry, than) =>
      entry.platform !== null && (than.platform === null || less(entry.platform, than.platform)),
  );
}

/** A ladder in words: every rung if they are few. */
export function rungsText(rungs: readonly NormalPlatform[]): string {
  const names = rungs.map(({ os, architecture, variant, version }) =>
    platformText({ os, architecture, variant, "os.version": version }),
  );
  const unique = [...new Set(names)];
  if (unique.length === 0) return "nothing, as the variant is not in its table";
  return unique.length <= 6 ? unique.join(", ") : `${unique.slice(0, 3).join(", ")} ... ${unique.at(-1)}`;
}
