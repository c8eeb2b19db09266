/** The simulations against the libraries of the tools themselves, over random indexes and hosts. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { IndexEntry, PlatformText } from "../../../src/select/others/entry.ts";
import { othersPick } from "../../../src/select/others/picks.ts";
import { seededRandom } from "../../author/random.ts";
import { describeWith } from "../../tools.ts";

describeWith("go", "what other tools take, against their own libraries", () => {
  let folder = "";
  let program = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "hostfit-others-"));
    program = join(folder, "others");
    execFileSync("go", ["build", "-o", program, "."], {
      cwd: join(import.meta.dirname, "go"),
      stdio: "pipe",
    });
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is the same for thousands of indexes", () => {
    const random = seededRandom(4711);
    const cases = Array.from({ length: 12000 }, () => ({
      host: randomHost(random),
      entries: randomIndex(random),
    }));
    const input = cases.map(({ host, entries }) => JSON.stringify({ entries, ...detected(host) })).join("\n");
    const lines = execFileSync(program, { input, encoding: "utf8", maxBuffer: 1 << 26 })
      .trimEnd()
      .split("\n");
    const wrong = cases.flatMap(({ host, entries }, index) => {
      const [containerd, docker, podman, crane, oras, regclient] = othersPick({ host: [host], entries }).map(
        ({ picked }) => picked ?? -1,
      );
      const ours = JSON.stringify({ containerd, docker, podman, crane, oras, regclient });
      return ours === lines[index]
        ? []
        : [{ host, entries: entries.map((entry) => entry.platform), ours, theirs: lines[index] }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  }, 120_000);
});

/** What each tool detects on the host, said to the libraries, which would look at this machine otherwise. */
function detected(host: PlatformText): Record<string, unknown> {
  const { os, architecture } = host;
  const variant = host.variant ?? "";
  const arm = architecture === "arm" ? variant : architecture === "arm64" ? "v8" : "";
  const own = { os, architecture, variant: arm };
  return {
    containerd: os === "freebsd" || os === "darwin" ? [own, { ...own, os: "linux" }] : [own],
    docker: { os, architecture, variant },
    podman: { os, architecture, variant: arm },
    oras: { os, architecture },
    regclient: {
      os,
      architecture,
      variant: architecture === "arm64" ? "v8" : variant,
      "os.version": host["os.version"] ?? "",
    },
  };
}

function randomHost(random: () => number): PlatformText {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const [architecture, variants] = pick<[string, readonly string[]]>([
    ["amd64", ["", "v1", "v2", "v3", "v4"]],
    ["arm64", ["", "v8", "v8.2", "v8.9", "v9", "v9.1", "v9.2", "v9.3", "v9.4", "v9.7", "v9.8"]],
    ["arm", ["v5", "v6", "v7", "v8"]],
    ["386", [""]],
    ["riscv64", [""]],
    ["ppc64le", ["", "power9"]],
  ]);
  const variant = pick(variants);
  return {
    os: pick(["linux", "linux", "linux", "freebsd"]),
    architecture,
    ...(variant === "" ? {} : { variant }),
  };
}

function randomIndex(random: () => number): IndexEntry[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = (chance: number): boolean => random() < chance;
  const variants = [
    "v1",
    "v2",
    "v3",
    "v4",
    "v5",
    "v6",
    "v7",
    "v8",
    "v8.1",
    "v8.4",
    "v8.5",
    "v8.7",
    "v8.8",
    "v8.0",
    "v8.6",
    "v8.9",
    "v9",
    "v9.0",
    "v9.1",
    "v9.7",
    "8",
    "7",
    "9",
    "V8",
    "power9",
  ];
  const platform = (): PlatformText => {
    const architecture = pick([
      "amd64",
      "amd64",
      "amd64",
      "arm64",
      "arm64",
      "arm64",
      "arm",
      "arm",
      "386",
      "x86_64",
      "aarch64",
      "armhf",
      "armel",
      "i386",
      "riscv64",
      "ppc64le",
      "AMD64",
      "unknown",
    ]);
    return {
      os: pick(["linux", "linux", "linux", "linux", "Linux", "freebsd", "windows", "unknown"]),
      architecture,
      ...(some(0.6) ? { variant: pick(variants) } : {}),
      ...(some(0.1) ? { "os.version": pick(["1.2.3", "1.10.0", "10.0.20348.1", "x"]) } : {}),
      ...(some(0.08) ? { "os.features": pick([["a"], ["a", "b"], ["b"]]) } : {}),
    };
  };
  return Array.from({ length: 1 + Math.floor(random() * 7) }, () => ({
    digest: "sha256:0",
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    platform: some(0.05) ? null : platform(),
    annotations: some(0.15) ? { "io.github.containers.compression.zstd": pick(["true", "false"]) } : {},
  }));
}
