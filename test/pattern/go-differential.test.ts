import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { describeWith } from "../tools.ts";
import { heap, pattern, text } from "./arbitraries.ts";
import { type Engine, Pattern, answers, loadEngine } from "./engine.ts";
import { GO_ERRORS, type GoAnswer, type Question, askGo } from "./go.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Limits that Go does not have, or has far higher: what they refuse is not compared. */
const OWN_LIMITS = new Set(["expression-too-large", "unknown-unicode-class", "pattern-too-long"]);

function sampleOf(patterns: fc.Arbitrary<string>, count: number, texts: number, seed: number): Question[] {
  const arbitrary = fc.tuple(patterns, fc.array(text, { minLength: texts, maxLength: texts }));
  return fc.sample(arbitrary, { numRuns: count, seed }).map(([source, all]) => ({
    pattern: encoder.encode(source),
    texts: all.map((one) => encoder.encode(one)),
  }));
}

/** What differs between the engine's answers and Go's. */
function differences(questions: readonly Question[], expected: readonly GoAnswer[]) {
  const found: unknown[] = [];
  const counts = { compiled: 0, refused: 0, ownLimits: 0, matches: 0, misses: 0 };
  questions.forEach((question, index) => {
    const go = expected[index]!;
    const source = decoder.decode(question.pattern);
    const compiled = engine.compile(question.pattern);
    if (!(compiled instanceof Pattern)) {
      if (OWN_LIMITS.has(compiled.error)) {
        counts.ownLimits++;
        return;
      }
      counts.refused++;
      if (GO_ERRORS[go.error] !== compiled.error) found.push({ source, go: go.error, here: compiled });
      const shown = decoder.decode(go.shown);
      const here = decoder.decode(question.pattern.subarray(compiled.offset));
      if (shown !== source && !here.startsWith(shown)) found.push({ source, shown, here });
      return;
    }
    counts.compiled++;
    if (go.error !== "") found.push({ source, go: go.error, here: "compiles" });
    question.texts.forEach((one, place) => {
      const matches = answers(compiled, one);
      counts[matches ? "matches" : "misses"]++;
      if (go.error === "" && matches !== go.matches[place]) {
        found.push({ source, text: decoder.decode(one), go: go.matches[place], here: matches });
      }
    });
    compiled.free();
  });
  return { found, counts };
}

describeWith("go", "the engine and Go's regexp give the same answers", () => {
  it.each([1, 2, 3, 4])("for patterns built from the parts of the language (seed %i)", (seed) => {
    const questions = sampleOf(pattern, 2500, 8, seed);
    const { found, counts } = differences(questions, askGo(questions));
    expect(found).toEqual([]);
    // Both answers must have been put to the test.
    expect(counts.compiled).toBeGreaterThan(1500);
    expect(Math.min(counts.matches, counts.misses)).toBeGreaterThan(2000);
  });

  it.each([1, 2])("for heaps of tokens, errors and their places included (seed %i)", (seed) => {
    const questions = sampleOf(heap, 10_000, 2, seed);
    const { found, counts } = differences(questions, askGo(questions));
    expect(found).toEqual([]);
    expect(Math.min(counts.compiled, counts.refused)).toBeGreaterThan(1500);
  });
});
