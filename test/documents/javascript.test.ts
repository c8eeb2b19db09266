/** The JavaScript of README.md and docs/bindings.md, run as it stands there. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { loadPage, ROOT } from "./pages.ts";

// Within the package, so that "hostfit" is what its exports say.
const folder = `${ROOT}.cache/documents-${process.pid}`;
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blocks = ["README.md", "docs/bindings.md"].flatMap((file) =>
  loadPage(file).sections.flatMap(({ fences }) =>
    fences.filter(({ info }) => info[0] === "js").map(({ text, line }) => ({ file, line, text })),
  ),
);

test.each(blocks)("$file:$line prints what its comments say", ({ text }) => {
  const program = `${folder}/program.mjs`;
  writeFileSync(program, text);
  const printed = execFileSync(process.execPath, [program], { encoding: "utf8" });
  const said = [...text.matchAll(/console\.log\(.*\);? \/\/ (.*)$/gm)].map(([, output]) => `${output}\n`);
  expect(said.length).toBeGreaterThan(0);
  expect(printed).toBe(said.join(""));
});

test("both pages have JavaScript", () => {
  expect(new Set(blocks.map(({ file }) => file)).size).toBe(2);
});
