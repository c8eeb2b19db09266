import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import { answerWithMatcher } from "./matcher-answers.ts";
import { answerWithOracle } from "./oracle-answers.ts";
import type { Answerer, VectorFile } from "./vector.ts";

const FOLDER = new URL("../vectors/", import.meta.url);
const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .sort();

const matcher = await createMatcher();

/** Everything that answers the vectors from JavaScript. */
const IMPLEMENTATIONS: Readonly<Record<string, Answerer>> = {
  "the core": (vector) => answerWithMatcher(matcher, vector),
  "the oracle": answerWithOracle,
};

for (const [implementation, answer] of Object.entries(IMPLEMENTATIONS)) {
  describe(`${implementation} answers the vectors`, () => {
    for (const file of FILES) {
      const { cases } = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as VectorFile;
      describe(file, () => {
        it.each(cases)("$name", ({ expect: expected, ...vector }) => {
          expect(JSON.stringify(answer(vector))).toBe(JSON.stringify(expected));
        });
      });
    }
  });
}

describe("the verdict alone", () => {
  const cases = FILES.flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as VectorFile;
    return cases.filter(
      (vector) => "verdict" in vector.expect && vector.candidate === undefined && vector.policy === undefined,
    );
  });

  it.each(cases)("is that of the answer: $name", ({ documents = [], facts, expect: expected }) => {
    const compiled = documents.map(({ id, dialect, ...source }) => ({
      id,
      dialect,
      document: sourceText(source),
    }));
    using requirements = matcher.compile(compiled);
    using host = matcher.facts(sourceText(facts));
    expect(matcher.decide(requirements, host)).toBe("verdict" in expected ? expected.verdict : null);
  });
});

function sourceText(source: { text: string } | { base64: string }): string | Uint8Array {
  return "text" in source ? source.text : new Uint8Array(Buffer.from(source.base64, "base64"));
}
