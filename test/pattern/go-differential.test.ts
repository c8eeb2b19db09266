import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { describeWith } from "../tools.ts";
import { explosive, heap, letters, longText, manyClasses, pattern, spoilt, text } from "./arbitraries.ts";
import { answers, type Engine, loadEngine, Pattern } from "./engine.ts";
import { askGo, GO_ERRORS, type GoAnswer, type Question } from "./go.ts";

const TIMEOUT = 120_000;

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
}, TIMEOUT);

const encoder = new TextEncoder();
const encode = (source: string | Uint8Array) =>
  typeof source === "string" ? encoder.encode(source) : source;
const decoder = new TextDecoder();

/** Limits that Go does not have, or has far higher: what they refuse is not compared. */
const OWN_LIMITS = new Set(["expression-too-large", "pattern-too-long"]);

type Source = string | Uint8Array;

function sampleOf(
  patterns: fc.Arbitrary<Source>,
  count: number,
  seed: number,
  texts: fc.Arbitrary<Source> = text,
  textCount = 8,
): Question[] {
  const arbitrary = fc.tuple(patterns, fc.array(texts, { minLength: textCount, maxLength: textCount }));
  return fc.sample(arbitrary, { numRuns: count, seed }).map(([source, all]) => ({
    pattern: encode(source),
    texts: all.map(encode),
  }));
}

interface Counts {
  compiled: number;
  refused: number;
  notCompared: number;
  matches: number;
  misses: number;
}

/** What differs between the engine's answers and Go's, and how much was compared. */
function compare(questions: readonly Question[], expected: readonly GoAnswer[] = askGo(questions)) {
  const found: unknown[] = [];
  const counts: Counts = { compiled: 0, refused: 0, notCompared: 0, matches: 0, misses: 0 };
  questions.forEach((question, index) => {
    const go = expected[index]!;
    const source = decoder.decode(question.pattern);
    const compiled = engine.compile(question.pattern);
    if (!(compiled instanceof Pattern)) {
      const rest = question.pattern.subarray(compiled.offset);
      const script = compiled.error === "unknown-unicode-class";
      if (OWN_LIMITS.has(compiled.error) || (script && /^\\[pP]\{\^?Greek\}/.test(decoder.decode(rest)))) {
        counts.notCompared++;
        return;
      }
      counts.refused++;
      // Go has no code of its own for a category that it does not know.
      const name = script ? "invalid-character-range" : compiled.error;
      if (GO_ERRORS[go.error] !== name) found.push({ source, go: go.error, here: compiled });
      const whole = Buffer.compare(go.shown, question.pattern) === 0;
      const begins = Buffer.compare(rest.subarray(0, go.shown.length), go.shown) === 0;
      if (!whole && !begins) found.push({ source, go, here: compiled });
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
  it.each([1, 2, 3, 4])(
    "for patterns built from the parts of the language (seed %i)",
    { timeout: TIMEOUT },
    (seed) => {
      const { found, counts } = compare(sampleOf(pattern, 5000, seed));
      expect(found).toEqual([]);
      // Both answers must have been put to the test.
      expect(counts.compiled).toBeGreaterThan(3000);
      expect(Math.min(counts.matches, counts.misses)).toBeGreaterThan(4000);
    },
  );

  it.each([1, 2])(
    "for heaps of tokens, errors and their places included (seed %i)",
    { timeout: TIMEOUT },
    (seed) => {
      const { found, counts } = compare(sampleOf(heap, 10_000, seed, text, 2));
      expect(found).toEqual([]);
      expect(Math.min(counts.compiled, counts.refused)).toBeGreaterThan(1500);
    },
  );

  it("for patterns of many states and long texts", { timeout: TIMEOUT }, () => {
    const { found, counts } = compare(sampleOf(explosive, 1500, 5, longText));
    expect(found).toEqual([]);
    expect(Math.min(counts.matches, counts.misses)).toBeGreaterThan(1000);
  });

  it("for patterns of many classes", { timeout: TIMEOUT }, () => {
    const { found, counts } = compare(sampleOf(manyClasses, 1500, 9, letters, 4));
    expect(found).toEqual([]);
    expect(Math.min(counts.matches, counts.misses)).toBeGreaterThan(500);
  });

  it("for patterns and texts that are not UTF-8", { timeout: TIMEOUT }, () => {
    const { found, counts } = compare([
      ...sampleOf(spoilt(pattern), 3000, 6, spoilt(text)),
      ...sampleOf(spoilt(heap), 3000, 7, spoilt(text), 2),
      ...sampleOf(pattern, 3000, 8, spoilt(text)),
    ]);
    expect(found).toEqual([]);
    expect(Math.min(counts.compiled, counts.refused)).toBeGreaterThan(1000);
  });

  it("where a pattern is as high as it may be", { timeout: TIMEOUT }, () => {
    const nested = (open: string, levels: number, inner: string, close: string) =>
      `${open.repeat(levels)}${inner}${close.repeat(levels)}`;
    const shapes: readonly ((levels: number) => string)[] = [
      (n) => nested("(", n, "a", ")"),
      (n) => nested("(", n, "", ")"),
      (n) => nested("(", n, "ab", ")"),
      (n) => nested("(", n, "a|b", ")"),
      (n) => nested("(", n, "ab|c", ")"),
      (n) => nested("(", n, "a*", ")"),
      (n) => nested("(", n, "a*b", ")"),
      (n) => nested("(", n, "(?i)a(?-i)b", ")"),
      (n) => nested("(", n, "|", ")"),
      (n) => nested("(", n, "(?:a*b)c*", ")"),
      (n) => nested("(", n, "(?:a*|bb)|c*", ")"),
      (n) => nested("(", n, "(?:a*)b|(?:c)", ")"),
      (n) => nested("(", n, "[a]b", ")"),
      (n) => nested("(?:", n >> 1, "a", "b*)*").slice(0, 4096),
      (n) => nested("(?:", n >> 1, "a", ")*"),
      (n) => nested("(a", n >> 1, "b", ")"),
      (n) => nested("(a|", n >> 1, "b", ")"),
      (n) => nested("((?:", n >> 1, "a", "))"),
      (n) => `${nested("(", n, "a", ")")}b*`,
      (n) => `x${nested("(", n, "a", ")")}|yz`,
    ];
    const questions = shapes.flatMap((shape) =>
      Array.from({ length: 12 }, (_, i) => ({
        pattern: encode(shape(992 + i)),
        texts: [encode("ab"), encode("aab")],
      })),
    );
    const { found, counts } = compare(questions);
    expect(found).toEqual([]);
    expect(Math.min(counts.compiled, counts.refused)).toBeGreaterThan(50);
  });

  it("where repetitions are as many as they may be", { timeout: TIMEOUT }, () => {
    const counts = [
      "{0}",
      "{1}",
      "{2}",
      "{10}",
      "{32}",
      "{0,}",
      "{1,}",
      "{2,}",
      "{31,}",
      "{0,1}",
      "{0,32}",
      "{3,33}",
      "*",
      "?",
    ];
    const sources = counts.flatMap((a) =>
      counts.flatMap((b) => counts.map((c) => `((?:a${a}){1}|(b${b})${c}(?:c|d{0,3})${a})${b}`)),
    );
    const { found, counts: compared } = compare(
      sources.map((source) => ({ pattern: encode(source), texts: ["", "a", "bbcd", "^"].map(encode) })),
    );
    expect(found).toEqual([]);
    expect(Math.min(compared.compiled, compared.refused)).toBeGreaterThan(300);
  });
});
