import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hostfit } from "./harness.ts";

const folder = mkdtempSync(join(tmpdir(), "hostfit-convert-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("DE-7: NFD's document becomes a native one that gives the same verdict", async () => {
  const file = join(folder, "native.yaml");
  const made = await hostfit(["convert", "examples/conversions/nfd.yaml", "--file", file]);
  expect(made).toMatchObject({ status: 0, stdout: "" });
  for (const host of ["gpu", "old", "unseen", "arm"]) {
    const judge = async (document: string) => {
      const { status, stdout } = await hostfit([
        "check",
        "--requirements",
        document,
        "--facts",
        `examples/hosts/${host}.yaml`,
        "-o",
        "json",
      ]);
      const { verdict, score } = JSON.parse(stdout).candidate ?? JSON.parse(stdout);
      return { status, verdict, score };
    };
    expect(await judge(file), host).toEqual(await judge("examples/conversions/nfd.yaml"));
  }
});

test("what is converted back is NFD's again, and lint finds nothing wrong with either", async () => {
  const native = join(folder, "there.yaml");
  const nfd = join(folder, "back.yaml");
  expect(
    (await hostfit(["convert", "examples/conversions/nfd.yaml", "--to", "native", "--file", native])).status,
  ).toBe(0);
  expect((await hostfit(["convert", native, "--to", "nfd", "--file", nfd])).status).toBe(0);
  for (const file of [native, nfd]) {
    expect(await hostfit(["lint", file, "--strict"])).toMatchObject({ status: 0 });
  }
  expect(readFileSync(nfd, "utf8")).toContain('version: "v1alpha1"');
});

test("what can't be said is told by place, and nothing is written", async () => {
  const { status, stdout, stderr } = await hostfit(["convert", "examples/conversions/nfd-only.yaml"]);
  expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
  expect(stderr).toContain("examples/conversions/nfd-only.yaml:5:13: error not-sayable");
  expect(stderr).toContain("examples/conversions/nfd-only.yaml:7:24: error not-sayable");
});

test("a flat list from standard input, as JSON", async () => {
  const stdin = '{"org.supercontainers.mpi": {"implementation": "mpich"}}';
  const { status, stdout } = await hostfit(["convert", "-", "-o", "json"], { stdin });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: "Requirements",
    requires: { "org.supercontainers/mpi.installation": { some: { implementation: "mpich" } } },
  });
});
