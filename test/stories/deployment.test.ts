import { describe, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";

const IMAGE = "oci:examples/lammps";

describe("SR-1: an administrator checks an image against the nodes that it is going to run on", () => {
  test.each([
    ["gpu", 0, "compatible"],
    ["arm", 0, "compatible"],
    ["old", 1, "incompatible"],
    ["unseen", 2, "undetermined"],
  ])("the node %s ends with %i: %s", async (node, status, verdict) => {
    const outcome = await hostfit(["check", IMAGE, "--facts", `examples/hosts/${node}.yaml`]);
    expect(outcome.status).toBe(status);
    expect(outcome.stdout).toMatch(new RegExp(`^${verdict}`, "m"));
  });

  test("this machine is a node too", async () => {
    const { status, stdout } = await hostfit(["check", IMAGE, "-o", "json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "compatible", host: { origin: "probe" } });
  });

  test("what is not known is named, so that it can be found out", async () => {
    const { stdout } = await hostfit(["check", IMAGE, "--facts", "examples/hosts/unseen.yaml", "-o", "json"]);
    const { reasons } = JSON.parse(stdout) as { reasons: { value: string; feature: string | null }[] };
    expect(new Set(reasons.map(({ value }) => value))).toEqual(new Set(["unknown"]));
    expect(reasons.map(({ feature }) => feature)).toContain("kernel.version");
  });
});

describe("DE-1: the optimal image for a node is found in an index", () => {
  test.each([
    ["gpu", "lammps amd64-cuda"],
    ["arm", "lammps arm64"],
  ])("for the node %s it is %s", async (node, title) => {
    const { stdout } = await hostfit([
      "select",
      IMAGE,
      "--facts",
      `examples/hosts/${node}.yaml`,
      "-o",
      "json",
    ]);
    const answer = JSON.parse(stdout) as {
      digest: string;
      candidates: { digest: string; annotations: object }[];
    };
    expect(answer.candidates.find(({ digest }) => digest === answer.digest)?.annotations).toMatchObject({
      "org.opencontainers.image.title": title,
    });
  });

  test("nothing fits: that is told, with what each variant lacks", async () => {
    const { status, stdout } = await hostfit(["select", IMAGE, "--facts", "examples/hosts/old.yaml"]);
    expect(status).toBe(1);
    expect(stdout).toContain("nothing in this image fits this host");
    expect(stdout.match(/ incompatible/g)).toHaveLength(6);
    expect(stdout.match(/^ {6}\S/gm)?.length).toBeGreaterThanOrEqual(6);
  });
});

describe("DE-6: an index's images are ranked when several are compatible", () => {
  test("each place has the step that decided it", async () => {
    const { stdout } = await hostfit(["rank", IMAGE, "--facts", "examples/hosts/gpu.yaml", "-o", "json"]);
    const { candidates } = JSON.parse(stdout) as {
      candidates: { verdict: string; decidedBy: string; score: number }[];
    };
    expect(candidates.map(({ verdict, decidedBy, score }) => [verdict, decidedBy, score])).toEqual([
      ["compatible", "score", 80],
      ["compatible", "score", 20],
      ["compatible", "score", 10],
      ["compatible", "score", 0],
      ["incompatible", "incompatible", 0],
      ["incompatible", "incompatible", 0],
    ]);
  });

  test("people read the step in words", async () => {
    const { stdout } = await hostfit(["rank", IMAGE, "--facts", "examples/hosts/gpu.yaml"]);
    expect(stdout).toMatch(/^ 1 .*score: 80, the one after has 20$/m);
    expect(stdout).toMatch(/^ 2 .*score: 20, the one before has 80$/m);
  });
});
