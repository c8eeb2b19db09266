/** Every example of docs/language gives the answer that its page shows, from the real core. */
import { describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import { answerTo } from "./answer.ts";
import { differences } from "./difference.ts";
import { type Example, examplesOf } from "./example.ts";
import { languagePages } from "./pages.ts";

const matcher = await createMatcher();
const pages = languagePages().map((page) => ({ page, examples: examplesOf(page) }));
const answered = new Set<Example>();

for (const { page, examples } of pages.filter((one) => one.examples.length > 0)) {
  describe(`${page.file}: every answer is the core's`, () => {
    it.each(examples)("line $line, $title", async (example) => {
      answered.add(example);
      const answer = await answerTo(example, matcher);
      expect(differences(example.expected, answer), JSON.stringify(answer, null, 1)).toEqual([]);
    });
  });
}

describe("docs/language", () => {
  it("has no answer that was not compared", () => {
    const fences = pages.flatMap(({ page }) => page.sections.flatMap((section) => section.fences));
    expect(answered.size).toBe(
      fences.filter(({ info }) => info[0] === "json" && info[1] !== "facts" && info[1] !== "requirements")
        .length,
    );
    expect(answered.size).toBeGreaterThan(150);
  });
});
