import { pickByLadder, rungsText } from "./containerd.ts";
import { isLess, ladder, normalizePlatform } from "./containerd-platforms.ts";
import {
  firstBest,
  hostUnknown,
  type IndexEntry,
  type OtherPick,
  outcome,
  type PickQuestion,
  type PlatformText,
  platformText,
} from "./entry.ts";

const TOOL = "docker (graph drivers)";
const RULE =
  "containerd's ladder from the host's highest level (amd64 by CPUID), a stable sort, and the first; entries without a platform come last";

/**
 * Docker's engine with its own image store (moby `distribution/pull_v2`): containerd's ladder, which starts at the level
 * that the engine detects. With the containerd image store it picks as containerd does.
 */
export function docker({ entries, host }: PickQuestion): OtherPick {
  const machine = host[0];
  if (machine === undefined) return hostUnknown(TOOL, RULE);
  if (machine.os.toLowerCase() === "windows") return onWindows(entries, machine);
  const own = normalizePlatform({ ...machine, "os.version": "", "os.features": [] }, machine.os);
  const rungs = ladder(own);
  const picked = pickByLadder(entries, rungs, (a, b) => isLess(rungs, a, b));
  const unsure =
    own.architecture === "amd64" && machine.variant === undefined
      ? " (the host's level is not known: none is assumed)"
      : "";
  return { tool: TOOL, rule: RULE, picked, why: `${outcome(entries, picked, rungsText(rungs))}${unsure}` };
}

/** On Windows: the host's architecture exactly, no later build than the host's, entries of the host's build first. */
function onWindows(entries: PickQuestion["entries"], machine: PlatformText): OtherPick {
  const [major = "", minor = "", build = ""] = (machine["os.version"] ?? "").split(".");
  const isOwnBuild = ({ platform }: IndexEntry): boolean =>
    build !== "" && (platform?.["os.version"] ?? "").startsWith(`${major}.${minor}.${build}.`);
  const picked = firstBest(
    entries,
    ({ platform }) =>
      platform !== null &&
      platform.os.toLowerCase() === "windows" &&
      platform.architecture === machine.architecture &&
      !isLater((platform["os.version"] ?? "").split(".")[2], build),
    (entry, than) => isOwnBuild(entry) && !isOwnBuild(than),
  );
  const own = platformText({
    os: "windows",
    architecture: machine.architecture,
    "os.version": machine["os.version"] ?? "",
  });
  return { tool: TOOL, rule: RULE, picked, why: outcome(entries, picked, own) };
}

/** A build that can't be read is no obstacle; nor is the host's, where it isn't known. */
function isLater(image: string | undefined, host: string): boolean {
  const number = /^[0-9]+$/;
  return image !== undefined && number.test(image) && number.test(host) && Number(image) > Number(host);
}
