/** What decides, besides whether an image fits: the runtime that it is run with, and annotations. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { Content, temporaryFolder } from "../registry/content.ts";

const folder = temporaryFolder();

function file(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const head = (kind: string): object => ({ apiVersion: "hostfit/v1.0", kind });

describe("DE-5: the best runtime on a node is chosen", () => {
  const document = file("app.json", {
    ...head("Requirements"),
    runtimes: [
      { type: "nvidia", requires: { "org.hostfit/gpu.nvidia": { some: { driver: { version: ">=535" } } } } },
      { type: "wasm" },
      { type: "default" },
    ],
  });
  const node = (runtimes: object, driver: string): string =>
    file(`node-${driver}-${Object.keys(runtimes).join("-")}.json`, {
      ...head("Host"),
      runtimes,
      features: {
        instances: { "org.hostfit/gpu.nvidia": { elements: [{ attributes: { driver } }] } },
      },
    });

  async function runtimeOn(host: string, policy?: object): Promise<unknown> {
    const argv = ["check", "--requirements", document, "--facts", host, "-o", "json"];
    const given =
      policy === undefined ? [] : ["--policy", file("policy.json", { ...head("Policy"), ...policy })];
    const { stdout } = await hostfit([...argv, ...given]);
    return (JSON.parse(stdout) as { runtime: unknown }).runtime;
  }

  const ALL = { default: "runc", nvidia: "nvidia", wasm: "wasmtime" };

  test.each([
    ["the author's first that the node has and whose requirements hold", ALL, "550.54", "nvidia", "nvidia"],
    ["the next, where the driver is too old", ALL, "470.1", "wasm", "wasmtime"],
    ["the default, where the node has no other", { default: "crun" }, "550.54", "default", "crun"],
  ])("it is %s", async (_, runtimes, driver, type, handler) => {
    expect(await runtimeOn(node(runtimes, driver))).toMatchObject({ type, handler });
  });

  test("never one that the policy doesn't allow", async () => {
    const policy = { runtimes: { allow: ["wasm", "default"] } };
    expect(await runtimeOn(node(ALL, "550.54"), policy)).toMatchObject({ type: "wasm" });
  });
});

describe("SR-6: annotations schedule onto the right resources", () => {
  const content = new Content();
  const platform = { os: "linux", architecture: "amd64" };
  const tiers = ["spot", "reserved"];
  const { index, images } = content.platforms([platform, platform], (position) => ({
    annotations: { "org.example.tier": tiers[position] ?? "" },
  }));
  content.tag("1", index);
  const image = `oci:${content.writeLayout(join(folder, "tiers"))}`;

  test.each([
    ["spot", 0],
    ["reserved", 1],
  ])("a policy that prefers the tier %s has variant %i chosen", async (tier, position) => {
    const policy = file(`${tier}.json`, {
      ...head("Policy"),
      prefers: [{ weight: 10, when: { "candidate.annotations": { "org.example.tier": tier } } }],
    });
    const argv = ["select", "-q", image, "--facts", "examples/hosts/gpu.yaml", "--policy", policy];
    expect((await hostfit(argv)).stdout.trim()).toMatch(new RegExp(`@${images[position]?.digest}$`));
  });

  test("a document's own annotations are kept and never evaluated", async () => {
    const document = file("kept.json", {
      ...head("Requirements"),
      annotations: { requires: "everything", "org.example.tier": "none" },
    });
    expect(
      (await hostfit(["check", "--requirements", document, "--facts", "examples/hosts/gpu.yaml"])).status,
    ).toBe(0);
  });
});

describe("SM-3: there is no overlap with other specifications", () => {
  test.each([
    "packages",
    "components",
    "sbom",
    "licenses",
    "files",
    "mounts",
    "devices",
    "privileged",
    "command",
  ])("a document says nothing of %s: the key is refused", async (key) => {
    const document = file(`${key}.json`, { ...head("Requirements"), [key]: [] });
    const { status, stdout } = await hostfit(["lint", document]);
    expect(status).toBe(4);
    expect(stdout).toContain(
      `error unknown-key: ${JSON.stringify(key)} is not a key of a requirements document`,
    );
  });
});
