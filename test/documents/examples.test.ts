import { describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import { answerTo } from "./answer.ts";
import { differences } from "./difference.ts";
import { examplesOf } from "./example.ts";
import { languagePages } from "./pages.ts";

const matcher = await createMatcher();

for (const page of languagePages()) {
  const examples = examplesOf(page);
  if (examples.length === 0) continue;
  describe(`${page.file}: every answer is the core's`, () => {
    it.each(examples)("line $line, $title", async (example) => {
      const answer = await answerTo(example, matcher);
      const found = differences(example.expected, answer);
      expect(found, JSON.stringify(answer, null, 1)).toEqual([]);
    });
  });
}
