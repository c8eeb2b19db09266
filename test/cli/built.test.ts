import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "./harness.ts";

const CLI = `${ROOT}dist/cli.js`;

function cli(argv: readonly string[], input = "", env: Record<string, string> = {}) {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...argv], {
    cwd: ROOT,
    encoding: "utf8",
    input,
    env: { ...inherited, ...env },
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  if (!existsSync(CLI)) throw new Error("dist/cli.js is not there: run npm run build");
});

describe("the built program", () => {
  test("has the version of the package", () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { version: string };
    expect(cli(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("selects from the example for this machine, plain in a pipe", () => {
    const { status, stdout, stderr } = cli(["select", "oci:examples/lammps"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^chosen {2}oci:examples\/lammps@sha256:/m);
    expect(stdout).not.toContain("\u001b");
  });

  test("has colour if it is told so", () => {
    expect(cli(["select", "oci:examples/lammps"], "", { FORCE_COLOR: "1" }).stdout).toContain("\u001b[32m");
  });

  test.each([
    [["check", "oci:examples/lammps", "--facts", "examples/hosts/gpu.yaml"], 0],
    [["check", "oci:examples/lammps", "--facts", "examples/hosts/old.yaml"], 1],
    [["check", "oci:examples/lammps", "--facts", "examples/hosts/unseen.yaml"], 2],
    [["check"], 3],
    [["lint", "package.json"], 4],
    [["select", "127.0.0.1:1/image"], 5],
    [["inspect", "oci:examples/lammps", "-o", "yaml"], 0],
    [["lint", "oci:examples/lammps"], 0],
    [["rank", "oci:examples/lammps", "-o", "yaml"], 0],
  ])("hostfit %j exits with %i", (argv, status) => {
    const outcome = cli(argv);
    expect([outcome.status, outcome.stderr.includes("internal error")]).toEqual([status, false]);
  });

  test("a probe's YAML is read back from stdin", () => {
    const facts = cli(["probe", "-q", "-o", "yaml"]).stdout;
    expect(cli(["select", "-q", "oci:examples/lammps", "--facts", "-"], facts)).toEqual(
      cli(["select", "-q", "oci:examples/lammps"]),
    );
  });

  test("a reader that closes the pipe is no error", async () => {
    const child = spawn(process.execPath, [CLI, "inspect", "oci:examples/lammps", "-o", "json"], {
      cwd: ROOT,
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("docker run $(hostfit select -q ...) gets one word, or nothing", () => {
    const shell = (host: string): string =>
      spawnSync(
        "sh",
        [
          "-c",
          `echo "<$(${process.execPath} ${CLI} select -q oci:examples/lammps --facts examples/hosts/${host}.yaml)>"`,
        ],
        {
          cwd: ROOT,
          encoding: "utf8",
        },
      ).stdout;
    expect(shell("gpu")).toMatch(/^<oci:examples\/lammps@sha256:[a-f0-9]{64}>\n$/);
    expect(shell("old")).toBe("<>\n");
    expect(shell("unseen")).toBe("<>\n");
  });
});
