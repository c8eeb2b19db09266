import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
    expect(await words("hostfit", "rank", "--output", "=", "j")).toEqual(["json"]);
    expect(await words("hostfit", "rank", "--output", "=")).toEqual(["text", "json", "yaml"]);
    expect(await words("hostfit", "embed", "x", "--as", "c")).toEqual(["consult"]);
  });
  test("completes files, and folders of image layouts", async () => {
    expect(await words("hostfit", "check", "--facts", "package.j")).toEqual(["package.json"]);
    expect(await words("hostfit", "select", "o")).toEqual(["oci:"]);
    expect(await words("hostfit", "select", "oci", ":", "examples/lammps-s")).toEqual([
      "examples/lammps-src",
    ]);
  });
  test("an option's value is no argument", async () => {
    expect(await words("hostfit", "--debug", "attach", "--layer", "select", "package.j")).toEqual([
      "package.json",
    ]);
    expect(await words("hostfit", "attach", "--created", "=", "x", "package.j")).toEqual(["package.json"]);
    expect(await words("hostfit", "attach", "--layer", "x", "needs.yaml", "oc")).toEqual(["oci:"]);
  });
  test("completes the shells", async () => {
    expect(await words("hostfit", "completion", "f")).toEqual(["fish"]);
  });
});

describeWith("zsh", "zsh", () => {
  /** What an interactive zsh makes of lines when the tab key is pressed at their end. */
  async function completed(lines: readonly string[], before: string): Promise<string[]> {
    const folder = mkdtempSync(join(tmpdir(), "hostfit-zsh-"));
    const [file, answers] = [join(folder, "hostfit.zsh"), join(folder, "answers")];
    try {
      writeFileSync(file, await script("zsh"));
      const setUp = [
        "PS1=",
        before,
        `source ${file}`,
        `report() { print -r -- "$BUFFER" >> ${answers}; BUFFER=""; }`,
        "zle -N report",
        "bindkey '^T' report",
      ].join("; ");
      const keys = lines.map((line) => `zpty -w -n z ${quoted(line)}$'\\t\\024'`);
      // The terminal is read all along, so that nothing waits for it; whoever waits in vain is ended by the timeout.
      const driver = `
        zmodload zsh/zpty
        zpty -b z zsh -f -i
        zpty -w z ${quoted(setUp)}
        ${keys.join("\n")}
        until [[ -f ${answers} && $(wc -l < ${answers}) -ge ${lines.length} ]]; do zpty -r -t z rest; sleep 0.05; done`;
      execFileSync("zsh", ["-f", "-c", driver], { cwd: ROOT, timeout: 50_000, stdio: "ignore" });
      return readFileSync(answers, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => line.trimEnd());
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

  test("accepts the script", async () => {
    execFileSync("zsh", ["-n"], { input: await script("zsh") });
  });

  test("completes commands, options, their values, files and folders of image layouts", async () => {
    const cases: [typed: string, completed: string][] = [
      ["hostfit se", "hostfit select"],
      ["hostfit select --allow", "hostfit select --allow-undetermined"],
      ["hostfit select x -o j", "hostfit select x -o json"],
      ["hostfit embed x --as inl", "hostfit embed x --as inline"],
      ["hostfit completion f", "hostfit completion fish"],
      ["hostfit check --facts package.j", "hostfit check --facts package.json"],
      ["hostfit select oci:examples/lammps-s", "hostfit select oci:examples/lammps-src/"],
    ];
    const typed = cases.map(([line]) => line);
    expect(await completed(typed, "autoload -U compinit && compinit -u -D")).toEqual(
      cases.map(([, line]) => line),
    );
  });

  test("without the completion system the script says what it needs", async () => {
    const outcome = spawnSync("zsh", ["-f"], { input: await script("zsh"), encoding: "utf8" });
    expect(outcome.stderr).toMatch(/^hostfit: .*autoload -U compinit && compinit\n$/);
  });
});

describeWith("fish", "fish", () => {
  const ask = async (line: string): Promise<string[]> =>
    execFileSync(
      "fish",
      ["--no-config", "-c", `${await script("fish")}\ncomplete -C ${JSON.stringify(line)}`],
      { cwd: ROOT, encoding: "utf8" },
    )
      .trimEnd()
      .split("\n")
      .map((answer) => answer.split("\t")[0] ?? "");

  test("completes commands and options", async () => {
    expect(await ask("hostfit se")).toContain("select");
    expect(await ask("hostfit ")).toEqual(expect.arrayContaining(COMMANDS.map(({ name }) => name)));
    expect(await ask("hostfit select --allow")).toEqual(["--allow-undetermined"]);
  });
  test("completes the values of options and arguments", async () => {
    expect(await ask("hostfit rank x --output ")).toEqual(["json", "text", "yaml"]);
    expect(await ask("hostfit rank x -o j")).toEqual(["json"]);
    expect(await ask("hostfit embed x --as c")).toEqual(["consult"]);
    expect(await ask("hostfit check --facts package.j")).toContain("package.json");
    expect(await ask("hostfit select oci:examples/lammps-s")).toEqual(["oci:examples/lammps-src/"]);
    expect(await ask("hostfit completion f")).toContain("fish");
  });
});

test("the help of completion says what each shell needs", async () => {
  const { stdout } = await hostfit(["completion", "--help"]);
  expect(stdout).toContain("source <(hostfit completion bash)");
  expect(stdout).toContain("autoload -U compinit && compinit");
  expect(stdout).toContain("~/.config/fish/completions/hostfit.fish");
});
