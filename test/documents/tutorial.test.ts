/** docs/language/tutorial.md, read as its reader would: files are saved, commands typed, and their output compared. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hostfit } from "../cli/harness.ts";
import type { Fence } from "./markdown.ts";
import { loadPage } from "./pages.ts";

const page = loadPage("docs/language/tutorial.md");
const folder = mkdtempSync(join(tmpdir(), "hostfit-tutorial-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in the block's first line: its output, and its exit status if that isn't 0. */
async function typed({ text }: Fence): Promise<string> {
  const [prompt, program, ...argv] = text.slice(0, text.indexOf("\n")).split(" ");
  expect([prompt, program]).toEqual(["$", "hostfit"]);
  const { status, stdout, stderr } = await hostfit(argv, { cwd: folder });
  return `${stdout}${stderr}${status === 0 ? "" : `(exit status ${status})\n`}`;
}

describe("the tutorial", () => {
  const steps = page.sections.flatMap((section) => section.fences.map((fence) => ({ section, fence })));
  const shown = steps.map(({ section, fence }) => ({
    fence,
    title: section.title,
    what: fence.info[0] === "console" ? fence.text.slice(2, fence.text.indexOf("\n")) : fence.info.join(" "),
  }));

  it.each(shown)("$title: $what", async ({ fence }) => {
    const [language, role, name = ""] = fence.info;
    if (language === "console") {
      expect((await typed(fence)).trimEnd()).toBe(fence.text.slice(fence.text.indexOf("\n") + 1).trimEnd());
      return;
    }
    expect([language, role, basename(name)]).toEqual(["yaml", "file", name]);
    writeFileSync(join(folder, name), fence.text);
  });

  it("has commands and files", () => {
    const kinds = steps.map(({ fence }) => fence.info[0]);
    expect(kinds.filter((kind) => kind === "console").length).toBeGreaterThan(5);
    expect(kinds.filter((kind) => kind === "yaml").length).toBeGreaterThan(5);
  });
});
