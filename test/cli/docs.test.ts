import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/table.ts";
import { hostfit, ROOT } from "./harness.ts";

const PAGE = readFileSync(`${ROOT}docs/cli.md`, "utf8");
const README = readFileSync(`${ROOT}README.md`, "utf8");

interface Shown {
  readonly line: string;
  readonly output: string;
}

/** The commands in `console` blocks with the output below them; a status other than 0 is shown as `(exit status 1)`. */
function shownCommands(page: string): Shown[] {
  return [...page.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line = "", ...output] = part.split("\n");
        return { line, output: output.join("\n").trimEnd() };
      }),
  );
}

/** What a terminal would show. */
async function outputOf(line: string): Promise<string> {
  const [program, ...argv] = line.split(" ");
  expect(program).toBe("hostfit");
  const { status, stdout, stderr } = await hostfit(argv);
  const exit = status === 0 ? "" : `(exit status ${status})\n`;
  return `${stdout}${stderr}${exit}`.trimEnd();
}

/** A line `...` stands for any lines. */
function pattern(output: string): RegExp {
  const parts = output.split(/^\.\.\.$/m).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}

async function expectShown({ line, output }: Shown): Promise<void> {
  const real = await outputOf(line);
  if (output.includes("\n...\n")) expect(real).toMatch(pattern(output));
  else expect(real).toBe(output);
}

describe("README.md", () => {
  test.each(shownCommands(README))("shows what `$line` prints", expectShown);
});

describe("docs/cli.md", () => {
  test.each(shownCommands(PAGE))("shows what `$line` prints", expectShown);

  test("shows every command, every option and every exit status", () => {
    for (const { name, options } of COMMANDS) {
      expect(PAGE).toContain(`## hostfit ${name}`);
      for (const { flags } of options) expect(PAGE).toContain(/--[\w-]+/.exec(flags)?.[0]);
    }
    for (const status of [0, 1, 2, 3, 4, 5, 6, 7, 70])
      expect(PAGE).toMatch(new RegExp(`^\\| ${status} \\|`, "m"));
  });
});
