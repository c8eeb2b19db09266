import { describe, expect, it } from "vitest";
import type { IndexEntry, PlatformText } from "../../../src/select/others/entry.ts";
import { othersPick } from "../../../src/select/others/picks.ts";

/** `linux/arm64/v8`, `windows(10.0.20348.1)/amd64`, `linux+x+y/amd64` (os.features), `-` for none, `... zstd`. */
function entry(text: string): IndexEntry {
  const [name = "", ...marks] = text.split(" ");
  return {
    digest: `sha256:${"0".repeat(64)}`,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    platform: name === "-" ? null : platform(name),
    annotations: marks.includes("zstd") ? { "io.github.containers.compression.zstd": "true" } : {},
  };
}

function platform(text: string): PlatformText {
  const [os = "", architecture = "", variant] = text.split("/");
  const [, name = "", version, features = ""] = /^([^(+]*)(?:\(([^)]*)\))?((?:\+[^+]+)*)$/.exec(os) ?? [];
  return {
    os: name,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { "os.version": version }),
    ...(features === "" ? {} : { "os.features": features.slice(1).split("+") }),
  };
}

function picks(
  host: readonly string[],
  entries: readonly string[],
  indexMediaType?: string,
): (number | null)[] {
  const question = { host: host.map(platform), entries: entries.map(entry) };
  return othersPick(indexMediaType === undefined ? question : { ...question, indexMediaType }).map(
    (pick) => pick.picked,
  );
}

const NONE = null;

describe("other tools take from an index", () => {
  it.each<[string, string[], string[], (number | null)[]]>([
    //                                                                     containerd, docker, podman, crane, oras, regclient
    [
      "the plain entry of one platform, first of two",
      ["linux/amd64/v3"],
      ["linux/amd64", "linux/amd64"],
      [0, 0, 0, 0, 0, 0],
    ],
    [
      "levels of amd64: only those that detect them",
      ["linux/amd64/v3"],
      ["linux/amd64", "linux/amd64/v2", "linux/amd64/v3", "linux/amd64/v4"],
      [0, 2, 0, 0, 0, 2],
    ],
    [
      "amd64 with the levels first",
      ["linux/amd64/v3"],
      ["linux/amd64/v4", "linux/amd64/v2", "linux/amd64"],
      [2, 1, 2, 0, 0, 1],
    ],
    [
      "nothing but levels",
      ["linux/amd64/v3"],
      ["linux/amd64/v3", "linux/amd64/v2"],
      [NONE, 0, NONE, 0, 0, 0],
    ],
    ["v1, which normalises to none", ["linux/amd64"], ["linux/amd64/v1"], [0, 0, NONE, 0, 0, 0]],
    ["386 on amd64", ["linux/amd64"], ["linux/arm64", "linux/386"], [1, 1, NONE, NONE, NONE, NONE]],
    [
      "amd64 before 386, whatever the order",
      ["linux/amd64"],
      ["linux/386", "linux/amd64"],
      [1, 1, 1, 1, 1, 1],
    ],
    [
      "arm64 for an Arm host; crane stays with amd64",
      ["linux/arm64"],
      ["linux/amd64", "linux/arm64/v8"],
      [1, 1, 1, 0, 1, 1],
    ],
    [
      "arm64 v8 and none are one to those that normalise",
      ["linux/arm64"],
      ["linux/arm64", "linux/arm64/v8"],
      [0, 0, 1, NONE, 0, 0],
    ],
    [
      "arm's ladder down from v7",
      ["linux/arm/v7"],
      ["linux/arm/v5", "linux/arm/v6", "linux/arm/v8"],
      [1, 1, 1, NONE, 0, 1],
    ],
    [
      "32-bit Arm on a 64-bit host",
      ["linux/arm64/v8"],
      ["linux/arm/v6", "linux/arm/v7"],
      [1, 1, NONE, NONE, NONE, NONE],
    ],
    ["names that have to be normalised", ["linux/amd64"], ["linux/x86_64"], [0, 0, NONE, NONE, NONE, 0]],
    ["an entry without a platform, alone", ["linux/amd64"], ["-"], [0, 0, 0, 0, NONE, NONE]],
    [
      "an entry without a platform before one that fits",
      ["linux/amd64"],
      ["-", "linux/amd64"],
      [1, 1, 1, 0, 1, 1],
    ],
    ["an attestation", ["linux/amd64"], ["unknown/unknown", "linux/amd64"], [1, 1, 1, 1, 1, 1]],
    [
      "features of the os that the image needs",
      ["linux/amd64"],
      ["linux+gpu/amd64", "linux/amd64"],
      [1, 1, 0, 0, 0, 0],
    ],
    ["zstd before gzip for podman", ["linux/amd64"], ["linux/amd64", "linux/amd64 zstd"], [0, 0, 1, 0, 0, 0]],
    [
      "variants of other architectures",
      ["linux/riscv64"],
      ["linux/riscv64/rva22u64"],
      [NONE, NONE, NONE, NONE, 0, 0],
    ],
    [
      "Windows builds: exactly below 2022",
      ["windows(10.0.17763.1)/amd64"],
      ["windows(10.0.14393.1)/amd64", "windows(10.0.17763.9)/amd64", "windows(10.0.20348.1)/amd64"],
      [1, 1, 0, NONE, 0, 1],
    ],
    [
      "Windows builds: down to the long-term release before",
      ["windows(10.0.26100.1)/amd64"],
      ["windows(10.0.20348.1)/amd64", "windows(10.0.25398.1)/amd64", "windows(10.0.17763.1)/amd64"],
      [1, 0, 0, NONE, 0, NONE],
    ],
    ["Linux images on a Mac", ["darwin/arm64"], ["linux/amd64", "linux/arm64"], [1, NONE, NONE, 0, NONE, 1]],
    ["nothing at all", ["linux/amd64"], [], [NONE, NONE, NONE, NONE, NONE, NONE]],
    [
      "only the host's first platform",
      ["linux/arm64", "linux/amd64"],
      ["linux/amd64"],
      [NONE, NONE, NONE, 0, NONE, NONE],
    ],
    ["a host whose platforms aren't known", [], ["linux/amd64"], [NONE, NONE, NONE, 0, NONE, NONE]],
  ])("%s", (_, host, entries, expected) => {
    expect(picks(host, entries)).toEqual(expected);
  });

  it("in a Docker list podman doesn't look at compression, nor at entries without a platform", () => {
    const list = "application/vnd.docker.distribution.manifest.list.v2+json";
    expect(picks(["linux/amd64"], ["linux/amd64", "linux/amd64 zstd"], list)[2]).toBe(0);
    expect(picks(["linux/amd64"], ["-"], list)[2]).toBeNull();
  });

  it("and say what they looked for and which entry that met", () => {
    const host = [platform("linux/amd64/v3")];
    const all = othersPick({ host, entries: ["linux/amd64/v2", "linux/386"].map(entry) });
    expect(all.map(({ tool, why }) => `${tool}: ${why}`)).toEqual([
      "containerd: looks for linux/amd64, linux/386: takes entry 2, linux/386",
      "docker (graph drivers): looks for linux/amd64/v3, linux/amd64/v2, linux/amd64, linux/386: takes entry 1, linux/amd64/v2",
      "podman, skopeo, CRI-O: looks for linux/amd64: no entry fits",
      "crane: looks for linux/amd64: takes entry 1, linux/amd64/v2",
      "oras: looks for linux/amd64: takes entry 1, linux/amd64/v2",
      "regclient: looks for linux/amd64/v3: takes entry 1, linux/amd64/v2",
    ]);
  });

  it("say so where the host's level isn't known", () => {
    const [, docker] = othersPick({ host: [platform("linux/amd64")], entries: [entry("linux/amd64")] });
    expect(docker?.why).toContain("the host's level is not known: none is assumed");
  });
});
