import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/table.ts";
import { describeWith } from "../tools.ts";
import { hostfit, ROOT } from "./harness.ts";

const script = async (shell: string): Promise<string> => {
  const { status, stdout } = await hostfit(["completion", shell]);
  expect(status).toBe(0);
  return stdout;
};

describe.each(["bash", "zsh", "fish"])("the completion for %s", (shell) => {
  test("names every command and every long option", async () => {
    const text = await script(shell);
    for (const spec of COMMANDS) {
      expect(text).toContain(spec.name);
      for (const { flags } of spec.options) {
        const long = /--([\w-]+)/.exec(flags)?.[1] ?? "";
        expect(text).toMatch(shell === "fish" ? new RegExp(`-l ${long}\\b`) : new RegExp(`--${long}\\b`));
      }
    }
  });
});

describeWith("bash", "bash", () => {
  const words = async (...line: string[]): Promise<string[]> => {
    const quoted = line.map((word) => `'${word}'`).join(" ");
    const out = execFileSync(
      "bash",
      [
        "-c",
        `${await script("bash")}\nCOMP_WORDS=(${quoted}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _hostfit 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ],
      { cwd: ROOT, encoding: "utf8" },
    );
    return out.split("\n").filter((word) => word !== "");
  };

  test("completes a command", async () => {
    expect(await words("hostfit", "se")).toEqual(["select"]);
    expect(await words("hostfit", "")).toEqual(expect.arrayContaining(COMMANDS.map((spec) => spec.name)));
  });
  test("completes options and their choices", async () => {
    expect(await words("hostfit", "select", "--allow")).toEqual(["--allow-undetermined"]);
    expect(await words("hostfit", "rank", "x", "--output", "")).toEqual(["text", "json", "yaml"]);
    expect(await words("hostfit", "rank", "-o", "j")).toEqual(["json"]);
  });
  test("completes files, and folders of image layouts", async () => {
    expect(await words("hostfit", "check", "--facts", "package.j")).toEqual(["package.json"]);
    expect(await words("hostfit", "select", "o")).toEqual(["oci:"]);
    expect(await words("hostfit", "select", "oci", ":", "examples/lammps-s")).toEqual([
      "examples/lammps-src",
    ]);
  });
  test("completes the shells", async () => {
    expect(await words("hostfit", "completion", "f")).toEqual(["fish"]);
  });
});

describeWith("zsh", "zsh", () => {
  test("accepts the script", async () => {
    execFileSync("zsh", ["-n"], { input: await script("zsh") });
  });
});

describeWith("fish", "fish", () => {
  test("completes commands and options", async () => {
    const ask = async (line: string): Promise<string> =>
      execFileSync(
        "fish",
        ["--no-config", "-c", `${await script("fish")}\ncomplete -C ${JSON.stringify(line)}`],
        {
          encoding: "utf8",
        },
      );
    expect(await ask("hostfit se")).toContain("select");
    expect(await ask("hostfit select --allow")).toContain("--allow-undetermined");
  });
});
