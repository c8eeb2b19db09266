import {
  firstBest,
  hostUnknown,
  type IndexEntry,
  type OtherPick,
  outcome,
  type PickQuestion,
  type PlatformText,
} from "./entry.ts";

const TOOL = "podman, skopeo, CRI-O";
const RULE =
  "the first wanted platform that an entry has exactly (arm v8 to v5, arm64 v8, then no variant; no levels of amd64), zstd before gzip, then the order of the index; entries without a platform come last";

/** Variants that containers/image knows, most capable first. */
const COMPATIBILITY: Readonly<Record<string, readonly string[]>> = {
  arm: ["v8", "v7", "v6", "v5"],
  arm64: ["v8"],
};

const ZSTD = "io.github.containers.compression.zstd";
const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

/**
 * containers/image (`WantedPlatforms`, `chooseInstance`): a list of wanted platforms, compared exactly and without
 * normalising; `os.version` and `os.features` are ignored. In a Docker list compression isn't looked at, and an entry
 * without a platform fits nothing.
 */
export function podman({ entries, host, indexMediaType }: PickQuestion): OtherPick {
  const machine = host[0];
  if (machine === undefined) return hostUnknown(TOOL, RULE);
  const wanted = wantedPlatforms(machine);
  const rank = ({ platform }: IndexEntry): number => {
    if (platform === null) return indexMediaType === DOCKER_LIST ? -1 : wanted.length;
    return wanted.findIndex(
      (one) =>
        one.os === platform.os &&
        one.architecture === platform.architecture &&
        (one.variant ?? "") === (platform.variant ?? ""),
    );
  };
  const isZstd = ({ annotations }: IndexEntry): boolean => annotations[ZSTD] === "true";
  const picked = firstBest(
    entries,
    (entry) => rank(entry) !== -1,
    (entry, than) =>
      rank(entry) < rank(than) ||
      (rank(entry) === rank(than) && indexMediaType !== DOCKER_LIST && isZstd(entry) && !isZstd(than)),
  );
  const names = wanted.map((one) =>
    [one.os, one.architecture, one.variant ?? ""].filter((part) => part !== "").join("/"),
  );
  return { tool: TOOL, rule: RULE, picked, why: outcome(entries, picked, names.join(", ")) };
}

/** A variant is detected on Arm alone, where Linux calls every 64-bit machine `8`. */
function wantedPlatforms({ os, architecture, variant }: PlatformText): PlatformText[] {
  const detected = architecture === "arm64" ? "v8" : architecture === "arm" ? (variant ?? "") : "";
  const known = COMPATIBILITY[architecture] ?? [];
  const at = known.indexOf(detected);
  const variants = detected === "" ? ["", ...known] : [...(at === -1 ? [detected] : known.slice(at)), ""];
  return variants.map((one) => ({ os, architecture, variant: one }));
}
