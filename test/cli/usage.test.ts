import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/table.ts";
import { VERSION } from "../../src/cli/version.ts";
import { hostfit } from "./harness.ts";

describe("the command line", () => {
  test("alone shows what to do first", async () => {
    const { status, stdout, stderr } = await hostfit([]);
    expect(status).toBe(0);
    expect(stderr).toBe("");
    for (const command of ["probe", "select", "check", "inspect", "lint"]) {
      expect(stdout).toContain(`hostfit ${command}`);
    }
  });

  test("says its version", async () => {
    expect(await hostfit(["--version"])).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  test("--help lists every command and every exit status", async () => {
    const { status, stdout } = await hostfit(["--help"]);
    expect(status).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
      expect(stdout.replace(/\s+/g, " ")).toContain(summary);
    }
    for (const exit of ["0", "1", "2", "3", "4", "5", "6", "7"]) {
      expect(stdout).toMatch(new RegExp(`^.* ${exit}  \\w`, "m"));
    }
  });

  test.each(COMMANDS.map((spec) => [spec.name, spec] as const))(
    "%s --help shows options and examples",
    async (name, spec) => {
      const { status, stdout, stderr } = await hostfit([name, "--help"]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      for (const option of spec.options) expect(stdout).toContain(option.flags);
      expect(spec.examples.length).toBeGreaterThan(0);
      for (const example of spec.examples) expect(stdout).toContain(example.line);
      expect((await hostfit(["help", name])).stdout).toBe(stdout);
    },
  );

  test.each([
    [["selct", "x"], "unknown command 'selct'; did you mean select?"],
    [["select"], "missing required argument 'image'"],
    [["select", "a", "b"], "too many arguments"],
    [["select", "--fact", "x", "y"], "unknown option '--fact'; did you mean --facts?"],
    [["rank", "x", "--output", "xml"], "Allowed choices are text, json, yaml"],
    [["rank", "x", "--facts"], "argument missing"],
    [["completion", "tcsh"], 'there is no completion for "tcsh"'],
    [["--nonsense"], "unknown option '--nonsense'"],
    [["select", ""], "an argument is empty"],
    [["attach", "needs.yaml", ""], "an argument is empty"],
    [["check", "x", "--facts", ""], "the value of --facts is empty"],
    [["rank", "x", "--output", ""], "--output"],
    [["probe", "--vocabulary", "a", "--vocabulary", ""], "the value of --vocabulary is empty"],
    [["embed", "oci:examples/lammps", "--tag", "bad tag", "--dry-run"], '"bad tag" is no tag'],
    [["help", "selct"], "selct"],
  ])("%j is a mistake of usage", async (argv, message) => {
    const { status, stdout, stderr } = await hostfit(argv);
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toContain("hostfit: error usage:");
    expect(stderr).toContain(message);
    expect(stderr).toContain("help: ");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("a mistake of usage shows how it would be right", async () => {
    expect((await hostfit(["select"])).stderr).toContain(
      "help: for example: hostfit select oci:examples/lammps; more: hostfit select --help",
    );
  });

  test("shows a stack trace with --debug alone", async () => {
    expect((await hostfit(["completion", "tcsh", "--debug"])).stderr).toMatch(/\n\s+at /);
  });
});
