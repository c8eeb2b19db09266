import { existsSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { languagePages, loadPage, ROOT } from "./pages.ts";

const pages = [loadPage("docs/language.md"), loadPage("docs/bindings.md"), ...languagePages()];

describe.each(pages)("links of $file", ({ file, links, sections }) => {
  const inside = links.filter((link) => !/^[a-z]+:/.test(link));

  it.each(inside.length > 0 ? inside : ["#"])("%s leads somewhere", (link) => {
    if (link === "#") return;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : posix.join(posix.dirname(file), path);
    expect(existsSync(ROOT + target), target).toBe(true);
    if (anchor === undefined || !target.endsWith(".md")) return;
    const there = path === "" ? sections : loadPage(target).sections;
    expect(there.map((section) => section.anchor)).toContain(anchor);
  });
});

describe("the pages of the language", () => {
  it.each(languagePages())("$file is linked from the list of examples or the reference", ({ file }) => {
    const name = posix.basename(file);
    const linked = pages.some(
      (page) => page.file !== file && page.links.some((link) => link.split("#")[0]!.endsWith(name)),
    );
    expect(linked).toBe(true);
  });
});
