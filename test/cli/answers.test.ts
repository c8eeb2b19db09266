import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { expectValid } from "./answer-schemas.ts";
import { hostfit } from "./harness.ts";

const IMAGE = "oci:examples/lammps";
const facts = (host: string): string[] => ["--facts", `examples/hosts/${host}.yaml`];

const ANSWERS: [schema: string, argv: string[], status: number][] = [
  ["selection", ["select", IMAGE, ...facts("gpu")], 0],
  ["selection", ["select", IMAGE, ...facts("old")], 1],
  ["selection", ["select", IMAGE, ...facts("unseen")], 2],
  ["selection", ["select", IMAGE, ...facts("unseen"), "--allow-undetermined"], 0],
  ["ranking", ["rank", IMAGE, ...facts("arm")], 0],
  ["ranking", ["rank", IMAGE, ...facts("old")], 1],
  ["check", ["check", IMAGE, ...facts("gpu")], 0],
  ["check", ["check", IMAGE, ...facts("gpu"), "--platform", "linux/arm64"], 1],
  ["check", ["check", IMAGE, ...facts("unseen")], 2],
  ["check", ["check", "--requirements", "examples/lammps-src/amd64-cuda.yaml", ...facts("gpu")], 0],
  ["inspection", ["inspect", IMAGE], 0],
  ["lint", ["lint", IMAGE, ...facts("gpu")], 0],
  ["lint", ["lint", "examples/lammps-src/amd64.yaml"], 0],
  ["lint", ["lint", "package.json"], 4],
  ["lint", ["lint", "examples/hosts/gpu.yaml"], 0],
  ["lint", ["lint", "examples/vocabularies/mpich.yaml"], 0],
  ["explanation", ["explain", "org.hostfit/gpu.nvidia", "cuda"], 0],
  ["explanation", ["explain", "memory"], 0],
  ["vocabulary-check", ["vocabulary", "check", "examples/vocabularies/mpich.yaml"], 0],
  ["vocabulary-check", ["vocabulary", "check", "package.json"], 4],
  ["vocabularies", ["vocabulary", "show"], 0],
  ["vocabularies", ["vocabulary", "show", "examples/vocabularies/mpich.yaml"], 0],
  ["sources", ["probe", "--quiet", "--sources"], 0],
];

describe("JSON and YAML answers", () => {
  test.each(ANSWERS)(
    "%s: hostfit %j has the schema's form and exits with %i",
    async (schema, argv, status) => {
      const json = await hostfit([...argv, "-o", "json"]);
      expect({ status: json.status, stderr: json.stderr }).toEqual({ status, stderr: "" });
      const answer: unknown = JSON.parse(json.stdout);
      expectValid(schema, answer);
      const quiet = await hostfit([...argv, "-o", "json", "--quiet"]);
      expect(quiet).toEqual(json);
      const yaml = await hostfit([...argv, "-o", "yaml"]);
      expect(yaml.status).toBe(status);
      expect(parse(yaml.stdout)).toEqual(answer);
    },
  );

  test.each([
    [["select", "oci:nowhere"], 4],
    [["check", "--requirements", "nowhere.yaml"], 4],
    [["check", "--requirements", "-"], 4],
    [["select", IMAGE, "--platform", "linux/s390x"], 1],
    [["select", IMAGE, "--nonsense"], 3],
  ])("error: hostfit %j is one line of JSON on stderr", async (argv, status) => {
    const outcome = await hostfit([...argv, "--output", "json"], {
      stdin: "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { a.b: 3 }",
    });
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr.split("\n")).toHaveLength(2);
    const error = JSON.parse(outcome.stderr) as { exit: number };
    expectValid("error", error);
    expect([outcome.status, error.exit]).toEqual([status, status]);
  });

  test("a probe's answer is a Host document that --facts reads, in JSON and in YAML", async () => {
    for (const format of ["json", "yaml"]) {
      const probed = await hostfit(["probe", "-q", "-o", format]);
      expect({ status: probed.status, stderr: probed.stderr }).toEqual({ status: 0, stderr: "" });
      const linted = await hostfit(["lint", "-"], { stdin: probed.stdout });
      expect(linted.stdout).toBe("(stdin): nothing wrong\n");
      const live = JSON.parse((await hostfit(["rank", IMAGE, "-o", "json"])).stdout) as {
        candidates: object[];
      };
      const given = JSON.parse(
        (await hostfit(["rank", IMAGE, "-o", "json", "--facts", "-"], { stdin: probed.stdout })).stdout,
      ) as { candidates: object[] };
      expect(given.candidates).toEqual(live.candidates);
    }
  });
});
