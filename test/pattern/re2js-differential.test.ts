import fc from "fast-check";
import { RE2JS } from "re2js";
import { beforeAll, describe, expect, it } from "vitest";
import { familiarText, heap, pattern } from "./arbitraries.ts";
import { answers, type Engine, loadEngine, Pattern } from "./engine.ts";

const TIMEOUT = 120_000;

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
}, TIMEOUT);

/**
 * Where re2js 2.10 differs from Go 1.26, whose language the engine's is:
 * - it refuses two groups of one name;
 * - it knows general categories by their short names only (`\p{Lu}`, not `\p{Letter}` or `\p{l_u}`);
 * - it takes scripts, as Go does, and the engine does not;
 * - its Unicode is newer, so that code points without a category in 15.0.0 may have one (the texts here have none).
 */
function differsFromGo(source: string, refusal: string): boolean {
  return (
    /duplicate capture/.test(refusal) ||
    (/invalid character class range/.test(refusal) && /\\[pP]\{/.test(source)) ||
    (refusal === "unknown-unicode-class" && /\\[pP]\{\^?Greek\}/.test(source))
  );
}

/** The compiled pattern, or why it was refused. */
function compileWithRe2js(source: string): RE2JS | string {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    return String(error);
  }
}

describe("the engine and re2js give the same answers", () => {
  it.each([
    ["patterns built from the parts of the language", pattern],
    ["heaps of tokens", heap],
  ])("for %s", { timeout: TIMEOUT }, (_, sources) => {
    let compared = 0;
    fc.assert(
      fc.property(sources, fc.array(familiarText, { minLength: 4, maxLength: 4 }), (source, texts) => {
        const here = engine.compile(source);
        const there = compileWithRe2js(source);
        try {
          const [takenHere, takenThere] = [here instanceof Pattern, typeof there !== "string"];
          if (takenHere !== takenThere) {
            const refusal = typeof there === "string" ? there : "error" in here ? here.error : "";
            expect({ source, takenHere, differs: differsFromGo(source, refusal) }).toMatchObject({
              differs: true,
            });
          }
          if (!(here instanceof Pattern) || typeof there === "string") return;
          compared++;
          for (const text of texts) {
            expect({ text, matches: answers(here, text) }).toEqual({
              text,
              matches: there.matcher(text).find(),
            });
          }
        } finally {
          if (here instanceof Pattern) here.free();
        }
      }),
      { numRuns: 6000, seed: 20 },
    );
    expect(compared).toBeGreaterThan(800);
  });
});
