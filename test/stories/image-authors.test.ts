import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { Content, temporaryFolder } from "../registry/content.ts";
import { requirements } from "./image.ts";

const folder = temporaryFolder();

describe("IA-3: an author verifies a document, and is shown where it is wrong", () => {
  const WRONG = `apiVersion: hostfit/v1.0
kind: Requirements
requires:
  kernel.version:
    full: { versoin: ">=5.14" }
  pci.device: { some: { vendor: 0x10de } }
prefers:
  - { weight: 200, when: { cpu.cpuid: [AVX2] } }
`;
  const RIGHT = WRONG.replace("versoin", "version").replace("0x10de", '"10de"').replace("200", "20");

  test("a document without mistakes passes", async () => {
    const { status, stdout } = await hostfit(["lint", "-"], { stdin: RIGHT });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "(stdin): nothing wrong\n" });
  });

  test.each([
    ["an unquoted number", WRONG, ["6:33", "yaml-unquoted"]],
    [
      "an unknown key",
      WRONG.replace("0x10de", '"10de"'),
      ["5:13", "unknown-key", "/requires/kernel.version/full/versoin", "did you mean version?"],
    ],
    ["a weight out of range", WRONG.replace("0x10de", '"10de"'), ["8:15", "/prefers/0/weight", "100"]],
  ])("%s is told with file, line, column, pointer and what to do", async (_what, text, says) => {
    const path = join(folder, "needs.yaml");
    writeFileSync(path, text);
    const { status, stdout } = await hostfit(["lint", path]);
    expect(status).toBe(4);
    for (const said of says) expect(stdout).toContain(said);
    expect(stdout).toContain(`${path}:`);
  });

  test("JSON is told in the same way, and so are facts and policies", async () => {
    const json = await hostfit(["lint", "-", "-o", "json"], {
      stdin: '{"apiVersion": "hostfit/v1.0",\n"kind": "Policy",\n"prefers": []}',
    });
    expect(json.status).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({
      documentKind: "policy",
      errors: 1,
      diagnostics: [{ line: 3, pointer: "/prefers" }],
    });
  });
});

describe("IA-7: tools that have never heard of hostfit run a usable image", () => {
  const FACTS = ["--facts", "examples/hosts/old.yaml"];

  /** Two variants of one platform in this order; the first of them needs a kernel that the host doesn't have. */
  function image(name: string, kernels: readonly string[]): string {
    const content = new Content();
    const { index } = content.platforms(
      kernels.map((kernel) => ({ os: "linux", architecture: "amd64", kernel })),
      (position) => ({
        platform: { os: "linux", architecture: "amd64" },
        annotations: { "io.hostfit.requirements": JSON.stringify(requirements(1, kernels[position])) },
      }),
    );
    content.tag("1", index);
    return `oci:${content.writeLayout(join(folder, name))}`;
  }

  test("lint shows what they take from the index on this host", async () => {
    const { status, stdout } = await hostfit(["lint", "oci:examples/lammps"]);
    expect(status).toBe(0);
    for (const tool of ["containerd", "docker", "podman", "crane"])
      expect(stdout).toMatch(new RegExp(`^ +${tool}.* compatible `, "m"));
  });

  test("lint warns where what they take does not fit, and why", async () => {
    const outcome = await hostfit(["lint", image("wrong-order", [">=6", ">=3"]), ...FACTS]);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toMatch(/^ +containerd +incompatible /m);
    expect(outcome.stdout).toMatch(/^ +hostfit +compatible /m);
    expect(outcome.stdout).toContain("warning pick-incompatible: containerd takes sha256:");
    expect(outcome.stdout).toContain("found 3.10.0-1160.el7.x86_64, wanted: version >=6");
    expect((await hostfit(["lint", "--strict", image("wrong-order", [">=6", ">=3"]), ...FACTS])).status).toBe(
      4,
    );
  });

  test("an index with the fallback first is nothing to warn of", async () => {
    const outcome = await hostfit(["lint", "--strict", image("right-order", [">=3", ">=6"]), ...FACTS]);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toMatch(/^nothing wrong$/m);
  });

  test("lint warns where only some of an index's manifests have documents", async () => {
    const content = new Content();
    const { index } = content.platforms(
      [
        { os: "linux", architecture: "amd64" },
        { os: "linux", architecture: "arm64" },
      ],
      (position) =>
        position === 0 ? { annotations: { "io.hostfit.requirements": JSON.stringify(requirements(1)) } } : {},
    );
    content.tag("1", index);
    const outcome = await hostfit([
      "lint",
      `oci:${content.writeLayout(join(folder, "partly"))}`,
      "--facts",
      "examples/hosts/gpu.yaml",
    ]);
    expect(outcome.stdout).toContain("warning partly-documented: only 1 of 2 variants");
  });

  test("an image without any document stays usable", async () => {
    const content = new Content();
    const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
    content.tag("1", index);
    const outcome = await hostfit(["select", `oci:${content.writeLayout(join(folder, "bare"))}`, ...FACTS]);
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain("judged by platform alone");
  });
});
