import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../tools.ts";
import { type Engine, loadEngine, Pattern } from "./engine.ts";
import { askGo, type Orbits, readOrbits } from "./go.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
}, 120_000);

/** For slow machines; nothing here is about time. */
const TIMEOUT = { timeout: 120_000 };
const LAST_RUNE = 0x10ffff;

/** Runs `body` with a pattern that must compile. */
function withPattern<T>(source: string, body: (pattern: Pattern) => T): T {
  const compiled = engine.compile(source);
  if (!(compiled instanceof Pattern)) throw new Error(`${source}: ${compiled.error}`);
  try {
    return body(compiled);
  } finally {
    compiled.free();
  }
}

/** The code points that `source`, a pattern of one code point, matches. */
const membersOf = (source: string) => withPattern(`^${source}$`, (pattern) => pattern.members());

const textOf = (runes: readonly number[]) => runes.map((rune) => String.fromCodePoint(rune)).join("");

const CATEGORIES =
  "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split(" ");

describeWith("go", "general categories are those of Go", () => {
  // Each is a part of Go's, and together they are all there is: so each is Go's.
  it("each category is one of Go's, and they leave nothing out", TIMEOUT, () => {
    const members = CATEGORIES.map((name) => membersOf(`\\p{${name}}`));
    const bytes = members.map((runes) => new TextEncoder().encode(textOf(runes)));
    const questions = CATEGORIES.map((name, at) => ({
      pattern: new TextEncoder().encode(`\\A\\p{${name}}*\\z`),
      texts: [bytes[at]!],
    }));
    const wrong = askGo(questions).flatMap((answer, at) => (answer.matches[0] ? [] : [CATEGORIES[at]]));
    expect(wrong).toEqual([]);
    const total = members.reduce((sum, runes) => sum + runes.length, 0);
    expect(total).toBe(LAST_RUNE + 1 - 0x800);
  });

  it("names and aliases stand for what they stand for in Go", TIMEOUT, () => {
    const names = (
      "Any Assigned ASCII L LC M N P S Z C Cased_Letter Close_Punctuation Combining_Mark Connector_Punctuation Control " +
      "Currency_Symbol Dash_Punctuation Decimal_Number Enclosing_Mark Final_Punctuation Format Initial_Punctuation Letter " +
      "Letter_Number Line_Separator Lowercase_Letter Mark Math_Symbol Modifier_Letter Modifier_Symbol Nonspacing_Mark " +
      "Number Open_Punctuation Other Other_Letter Other_Number Other_Punctuation Other_Symbol Paragraph_Separator " +
      "Private_Use Punctuation Separator Space_Separator Spacing_Mark Surrogate Symbol Titlecase_Letter Unassigned " +
      "Uppercase_Letter cntrl digit punct lu LU l_u L-u Lower Foo lowercaseletter"
    ).split(" ");
    // One code point of each category: names are unions of categories.
    const texts = ["\u00e9", ...CATEGORIES.filter((name) => name !== "Cs").map((name) => firstOf(name))];
    const patterns = names.flatMap((name) => [`\\p{${name}}`, `(?i)\\p{${name}}`, `(?i)\\P{ ${name}_}`]);
    const encode = (text: string) => new TextEncoder().encode(text);
    const answers = askGo(patterns.map((source) => ({ pattern: encode(source), texts: texts.map(encode) })));
    const here = patterns.map((source) => {
      const compiled = engine.compile(source);
      if (!(compiled instanceof Pattern)) return [];
      const matches = texts.map((text) => compiled.matches(text) === 1);
      compiled.free();
      return matches;
    });
    expect(here).toEqual(answers.map((answer) => answer.matches));
  });

  function firstOf(category: string): string {
    return textOf(membersOf(`\\p{${category}}`).slice(0, 1));
  }
});

describeWith("go", "case folding is that of Go", () => {
  let orbits: Orbits;
  beforeAll(() => {
    orbits = readOrbits();
  });

  it(
    "each code point with a case matches those that Go folds it to, and no others with a case",
    TIMEOUT,
    () => {
      const all = orbits.flat();
      expect(all.length).toBeGreaterThan(2500);
      const wrong: string[] = [];
      for (const orbit of orbits) {
        const others = all.filter((rune) => !orbit.includes(rune));
        const othersText = String.fromCodePoint(...others);
        for (const rune of orbit) {
          const name = `\\x{${rune.toString(16)}}`;
          withPattern(`(?i)${name}`, (pattern) => {
            const missing = orbit.filter((other) => pattern.matches(String.fromCodePoint(other)) !== 1);
            if (missing.length > 0 || pattern.matches(othersText) !== 0) wrong.push(name);
          });
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  it("a folded range holds what Go folds its members to", TIMEOUT, () => {
    const wrong: string[] = [];
    const all = orbits.flat().sort((a, b) => a - b);
    for (let at = 0; at + 40 < all.length; at += 17) {
      const [low, high] = [all[at]!, all[at + 1 + (at % 40)]!];
      const within = (rune: number) => rune >= low && rune <= high;
      const expected = orbits.filter((orbit) => orbit.some(within)).flat();
      const rest = all.filter((rune) => !expected.includes(rune));
      const source = `(?i)^[\\x{${low.toString(16)}}-\\x{${high.toString(16)}}]+$`;
      const [holds, holdsMore] = withPattern(source, (pattern) => [
        pattern.matches(String.fromCodePoint(...expected)),
        withPattern(source.replace("^", "").replace("+$", ""), (loose) =>
          loose.matches(String.fromCodePoint(...rest)),
        ),
      ]);
      if (holds !== 1 || holdsMore !== 0) wrong.push(source);
    }
    expect(wrong).toEqual([]);
  });

  it("code points without a case match only themselves", TIMEOUT, () => {
    const all = String.fromCodePoint(...orbits.flat());
    for (const rune of [0x30, 0x5b, 0x60, 0x7b, 0xaa, 0x300, 0x4e00, 0x1e944, LAST_RUNE]) {
      withPattern(`(?i)\\x{${rune.toString(16)}}`, (pattern) => {
        expect([pattern.matches(String.fromCodePoint(rune)), pattern.matches(all)]).toEqual([1, 0]);
      });
    }
  });
});

describe("the tables", () => {
  const source = fileURLToPath(new URL("../../assembly/pattern/unicode-tables.ts", import.meta.url));

  it("name the version of Unicode that they are of", () => {
    expect(readFileSync(source, "utf8")).toContain("whose Unicode is 15.0.0");
  });

  describeWith("go", "when they are generated again", () => {
    it("are the same, byte for byte", TIMEOUT, () => {
      const folder = mkdtempSync(join(tmpdir(), "tables-"));
      try {
        const script = fileURLToPath(new URL("../../assembly/pattern/generate-tables.mjs", import.meta.url));
        execFileSync(process.execPath, [script, join(folder, "tables.ts")]);
        // The line that names the release of Go may differ in its patch.
        const withoutFirstLine = (file: string) => readFileSync(file, "utf8").split("\n").slice(1).join("\n");
        expect(withoutFirstLine(join(folder, "tables.ts"))).toBe(withoutFirstLine(source));
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
