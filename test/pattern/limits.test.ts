import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { heap, pattern } from "./arbitraries.ts";
import { answers, type Compiled, type Engine, loadEngine, Pattern } from "./engine.ts";

const DEFAULT_BUDGET = 2_000_000_000;

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
}, 120_000);
afterEach(() => {
  engine.exports.setBudget(DEFAULT_BUDGET);
  engine.exports.beginWork();
});

/** What compiling gives, in short; a pattern is freed. */
function outcome(compiled: Compiled): string {
  if (!(compiled instanceof Pattern)) return compiled.error;
  compiled.free();
  return "compiles";
}
const compile = (source: string) => outcome(engine.compile(source));

describe("limits, each at the last that is taken and the first that is not", () => {
  it.each([
    ["4,096 bytes", "a".repeat(4096), "a".repeat(4097), "pattern-too-long"],
    ["1,000 repetitions", "a{1000}", "a{1001}", "invalid-repeat-count"],
    ["1,000 repetitions of repetitions", "(a{10}){100}", "(a{11}){100}", "invalid-repeat-count"],
    [
      "1,000 levels",
      `${"(".repeat(999)}a${")".repeat(999)}`,
      `${"(".repeat(1000)}a${")".repeat(1000)}`,
      "nesting-too-deep",
    ],
    ["16,384 instructions", "a{1000}".repeat(16), "a{1000}".repeat(17), "expression-too-large"],
    // (...){0} leaves nothing of them, but they are read.
    [
      "16,384 instructions that are dropped",
      "(?:(?:ab){1000}){0}",
      `(?:${"(?:ab){1000}".repeat(9)}){0}`,
      "expression-too-large",
    ],
    // A capture is no instruction here, but it is two of Go's.
    ["16,384 captures", "(){1000}".repeat(5), "(){1000}".repeat(6), "expression-too-large"],
    ["32,768 ranges", rangesOf(48), rangesOf(52), "expression-too-large"],
  ])("%s", (_, taken, refused, error) => {
    expect(compile(taken)).toBe("compiles");
    expect(compile(refused)).toBe(error);
  });

  /** As many different classes of letters, each of about 650 ranges. */
  function rangesOf(count: number): string {
    return Array.from({ length: count }, (_, i) => `[\\pL\\x{${(0x2190 + 2 * i).toString(16)}}]`).join("");
  }

  it("open groups without an end are no more than a missing parenthesis", () => {
    expect(engine.compile("(".repeat(4096))).toEqual({ error: "missing-closing-paren", offset: 4095 });
  });
});

describe("hostile patterns", () => {
  /** Units of work are about a nanosecond each: the whole budget is two seconds. */
  const MODEST = 400_000_000;
  const hostile: readonly (readonly [string, string])[] = [
    ["many categories in one class", `[${"\\pL".repeat(1300)}]`],
    ["many folded negated categories", `(?i)[${"\\PL".repeat(1300)}]`],
    ["many categories", "\\pL".repeat(1300)],
    [
      "many characters",
      Array.from({ length: 1360 }, (_, i) => String.fromCodePoint(0x4e00 + 2 * i)).join(""),
    ],
    [
      "many folded characters",
      `(?i)${Array.from({ length: 2000 }, (_, i) => String.fromCodePoint(0x100 + (i % 500))).join("")}`,
    ],
    ["nested stars", `${"(?:".repeat(400)}a${")*".repeat(400)}`],
    ["nested optional copies", `${"(?:".repeat(9)}a{2}${"){0,2}".repeat(8)})`],
    ["many alternatives", "a|".repeat(2047)],
    ["many unfinished groups in a class", `[${"[:a".repeat(1300)}]`],
    ["deep alternatives", `${"(?:a|".repeat(600)}b${")".repeat(600)}`],
    ["stars around much", `${"(?:".repeat(300)}${"a{1000}".repeat(15)}${")*".repeat(300)}`],
  ];

  it.each(hostile)("%s end within a fifth of the budget", (_, source) => {
    engine.exports.setBudget(MODEST);
    const compiled = engine.compile(source);
    if (compiled instanceof Pattern) {
      engine.exports.beginWork();
      expect([0, 1]).toContain(compiled.matches("a".repeat(500)));
      compiled.free();
    } else {
      expect(["expression-too-large", "missing-closing-bracket"]).toContain(compiled.error);
    }
  });

  it("do not make a table of states that outgrows its bounds, and match as simulation does", () => {
    const compiled = engine.compile("(a|b)*a(a|b){14}c|^d");
    if (!(compiled instanceof Pattern)) throw new Error(compiled.error);
    const pages = engine.exports.pagesInUse();
    const texts = fc.sample(fc.array(fc.constantFrom("a", "b"), { minLength: 2000, maxLength: 4000 }), {
      numRuns: 20,
      seed: 7,
    });
    for (const letters of texts) {
      const text = letters.join("");
      expect(answers(compiled, text)).toBe(false);
      expect(answers(compiled, `${text}a${text.slice(0, 14)}c`)).toBe(true);
    }
    expect(compiled.tableGivenUp).toBe(true);
    // 64 KiB, and what the region's chunk rounds up to.
    expect(engine.exports.pagesInUse() - pages).toBeLessThanOrEqual(33);
    compiled.free();
  });

  it("lose nothing when the table of states is cleared, at whatever place in a text", () => {
    const letters = fc.sample(fc.constantFrom("a", "b"), { numRuns: 400, seed: 3 }).join("");
    const lost: string[] = [];
    // More classes make longer rows, so that the table's last state ends in ever other places.
    for (let more = 0; more < 10; more++) {
      const source = `(a|b)*a(a|b){12}c|P(P|q|r|s|t|u|v)x|[${"ABCDEFGHIJ".slice(0, more)}?]${"ABCDEFGHIJ".slice(0, more)}`;
      for (let length = 100; length < letters.length; length++) {
        // After the newline the state is the first of the table; from there the text goes where none went before.
        const text = `\n${letters.slice(0, length)}\nPPx`;
        if (!engine.matches(source, text)) lost.push(`${source} ${length}`);
      }
    }
    expect(lost).toEqual([]);
  });

  it("may divide the code points into classes again and again", () => {
    const pair = (i: number) => String.fromCodePoint(0x4e00 + 4 * i, 0x4e02 + 4 * i);
    const single = (i: number) => String.fromCodePoint(0x6000 + 2 * i);
    const pairs = Array.from({ length: 60 }, (_, i) => i);
    const singles = Array.from({ length: 200 }, (_, i) => i);
    const source = [
      ...pairs.map((i) => `[${pair(i)}]p${i}`),
      ...singles.map((i) => `[^${single(i)}]s${i}`),
    ].join("|");
    const compiled = engine.compile(`^(?:${source})$`);
    if (!(compiled instanceof Pattern)) throw new Error(compiled.error);
    // Two characters of a pair are one class, each single is one, and so is all the rest and each of p, s and ten digits.
    expect(compiled.classes).toBe(60 + 200 + 1 + 12);
    const wrong: string[] = [];
    const check = (text: string, expected: boolean) => {
      if (answers(compiled, text) !== expected) wrong.push(text);
    };
    for (const i of pairs) {
      for (const character of pair(i)) {
        for (const j of pairs) check(`${character}p${j}`, i === j);
        check(`${character}s${i}`, true);
      }
    }
    for (const i of singles) for (const j of singles) check(`${single(i)}s${j}`, i !== j);
    expect(wrong).toEqual([]);
    compiled.free();
  });

  it("that have more classes than a row may have are simulated", () => {
    const text = Array.from({ length: 1300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
    const compiled = engine.compile(text);
    if (!(compiled instanceof Pattern)) throw new Error(compiled.error);
    expect(compiled.classes).toBe(1301);
    expect([answers(compiled, `x${text}y`), answers(compiled, text.slice(1))]).toEqual([true, false]);
    expect(compiled.tableGivenUp).toBe(true);
    compiled.free();
  });
});

describe("without memory", () => {
  const sources = [
    "abc",
    "(?i)[a-z\\pL]+(foo|bar){3,20}",
    "\\bx\\b|\\pN",
    "(".repeat(300),
    `(?:${"[^a]b|".repeat(200)})`,
  ];

  it.each(sources)("%s either compiles or says so, and nothing leaks", (source) => {
    const usual = compile(source);
    const pages = engine.exports.pagesInUse();
    let failures = 0;
    for (let n = 1; n < 100; n++) {
      const got = outcome(engine.compile(source, n));
      expect(engine.exports.pagesInUse()).toBe(pages);
      if (got === usual) break;
      expect(got).toBe("out-of-memory");
      failures++;
    }
    expect(failures).toBeGreaterThan(0);
    expect(compile(source)).toBe(usual);
  });

  it("for the table of states, texts are simulated and the answer is the same", () => {
    const source = "^(a|b)*[cd]\\w{2,300}$";
    const compiled = engine.compile(source);
    if (!(compiled instanceof Pattern)) throw new Error(compiled.error);
    const text = new TextEncoder().encode("ababcxyz");
    const pages = engine.exports.pagesInUse();
    expect(compiled.matches(text, 1)).toBe(1);
    expect(engine.exports.pagesInUse()).toBe(pages);
    expect(compiled.matches(text)).toBe(1);
    expect(engine.exports.pagesInUse()).toBeGreaterThan(pages);
    compiled.free();
  });
});

describe("without budget", () => {
  it("a compilation says so, whenever the budget ends, and nothing leaks", () => {
    const source = "(?i)[^\\pL]+(\\bfoo|bar){3,20}$";
    const pages = engine.exports.pagesInUse();
    let units = 1;
    for (; units < 10_000_000; units = Math.ceil(units * 1.3)) {
      engine.exports.setBudget(units);
      const got = compile(source);
      expect(engine.exports.pagesInUse()).toBe(pages);
      if (got === "compiles") break;
      expect(got).toBe("budget-exhausted");
    }
    expect(units).toBeGreaterThan(1000);
    expect(units).toBeLessThan(10_000_000);
  });

  it("a match gives -2, with the table of states and without it", () => {
    const compiled = engine.compile("(a|b)*a(a|b){12}c");
    if (!(compiled instanceof Pattern)) throw new Error(compiled.error);
    const text = "abba".repeat(500);
    for (const units of [1, 50, 500, 2000]) {
      engine.exports.setBudget(units);
      engine.exports.beginWork();
      expect(compiled.matches(text)).toBe(-2);
      engine.exports.beginWork();
      expect(compiled.simulates(text)).toBe(-2);
    }
    engine.exports.setBudget(DEFAULT_BUDGET);
    engine.exports.beginWork();
    expect(answers(compiled, text)).toBe(false);
    compiled.free();
  });

  it("work is in proportion to the text's length", () => {
    const compiled = engine.compile("(a|b)*a(a|b){12}c");
    if (!(compiled instanceof Pattern)) throw new Error(compiled.error);
    const least = (length: number) => {
      const text = "abba".repeat(length / 4);
      let [low, high] = [0, 1 << 28];
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        engine.exports.setBudget(middle);
        engine.exports.beginWork();
        if (compiled.simulates(text) === -2) low = middle;
        else high = middle;
      }
      return high;
    };
    const ratio = least(4000) / least(1000);
    expect(ratio).toBeGreaterThan(3.5);
    expect(ratio).toBeLessThan(4.5);
    compiled.free();
  });
});

describe("memory", () => {
  it("is all given back after any patterns and texts", () => {
    const pages = engine.exports.pagesInUse();
    fc.assert(
      fc.property(fc.oneof(pattern, heap), fc.string(), (source, text) => {
        const compiled = engine.compile(source);
        if (compiled instanceof Pattern) {
          answers(compiled, text);
          compiled.free();
        }
        return engine.exports.pagesInUse() === pages;
      }),
      { numRuns: 2000, seed: 11 },
    );
  });
});
