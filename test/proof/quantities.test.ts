/**
 * Versions, numbers, sizes, ranges and lists of many instances: the core against the oracle over random texts of the very characters
 * that matter, where the conformance tests have a chosen few.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { createMatcher, type InputError, type Matcher } from "../../bindings/js/index.ts";
import { evaluateWithOracle, type Refusal } from "../oracle/oracle.ts";
import { Random } from "./random.ts";

/** Random cases of each kind. */
const cases = Number(process.env["HOSTFIT_QUANTITY_CASES"] ?? 6000);
/** Tests of one document. */
const BATCH = 60;

let matcher: Matcher;
beforeAll(async () => {
  matcher = await createMatcher();
});

const OPERATORS = ["", "", "=", "!=", ">", ">=", "<", "<=", "> ", ">=  "];

function digits(random: Random): string {
  const text = String(random.below(random.pick([3, 12, 120, 2 ** 31])));
  return random.chance(1, 8) ? text.padStart(text.length + random.below(3), "0") : text;
}

function joined(random: Random, most: number, separators: readonly string[]): string {
  let text = digits(random);
  for (let i = random.below(most); i > 0; i--) text += random.pick(separators) + digits(random);
  return text;
}

/** A text over a few characters, so that near misses are frequent. */
function letters(random: Random, alphabet: string, most: number): string {
  return Array.from({ length: random.below(most) }, () => alphabet[random.below(alphabet.length)]).join("");
}

interface Kind {
  readonly bound: (random: Random) => string;
  readonly text: (random: Random) => string;
  /** Of texts and of ranges that are mostly wrong. */
  readonly alphabet: string;
}

const version = (random: Random) =>
  joined(random, 4, ["."]) + (random.chance(1, 3) ? `-${joined(random, 3, [".", "-"])}` : "");

function decimal(random: Random): string {
  const sign = random.pick(["", "", "", "-", "+"]);
  const fraction = random.chance(1, 3) ? `.${digits(random)}` : "";
  const exponent = random.chance(1, 4)
    ? random.pick(["e", "E"]) + random.pick(["", "-", "+"]) + random.below(30)
    : "";
  return sign + digits(random) + fraction + exponent;
}

const size = (random: Random) =>
  digits(random) + random.pick(["", "", "Ki", "Mi", "Gi", "Ti", "K", "M", "G", "T"]);

const KINDS: Readonly<Record<"version" | "number" | "size", Kind>> = {
  version: {
    bound: (random) => version(random),
    text: (random) =>
      random.pick(["", "", "", "v", "V"]) +
      version(random) +
      random.pick(["", "", "-", ".", ".x", "-rc1", ".-3", "..4", "+5", "-el8.7"]),
    alphabet: "0019.-vV*x",
  },
  number: { bound: decimal, text: decimal, alphabet: "0019.-+eE" },
  // A bound past 2^64 - 1 would refuse the whole document.
  size: {
    bound: (random) =>
      (random.chance(1, 9) ? digits(random) : size(random).slice(-5)).replace(/^[A-Za-z]+/, "7"),
    text: size,
    alphabet: "0019KMGTi.",
  },
};

function range(random: Random, { bound }: Kind, name: string): string {
  const groups = Array.from({ length: 1 + random.small(4) }, () =>
    Array.from({ length: 1 + random.small(4) }, () => {
      const operator = random.pick(OPERATORS);
      const prefix = name === "version" && /^!?=?$/.test(operator) && random.chance(1, 4) ? ".*" : "";
      return operator + bound(random) + prefix;
    }).join(random.pick([" ", "  "])),
  );
  return groups.join(random.pick(["||", " || ", "|| "]));
}

const head = { apiVersion: "hostfit/v1.0" };

function values(document: object, facts: object): { readonly core: unknown; readonly oracle: unknown } {
  const requirements = matcher.compile(document as Record<string, unknown>);
  const host = matcher.facts(facts as Record<string, unknown>);
  const core = matcher.evaluate(requirements, host).preferences.map(({ value }) => value);
  requirements.dispose();
  host.dispose();
  const id = { id: "", document: document as Record<string, unknown> };
  const oracle = evaluateWithOracle([id], facts as Record<string, unknown>).preferences.map(
    ({ value }) => value,
  );
  return { core, oracle };
}

/** Compares each test of a batch, and prints the first that differs. */
function compare(tests: readonly unknown[], facts: object): void {
  const prefers = tests.map((when) => ({ weight: 1, when }));
  const { core, oracle } = values({ ...head, kind: "Requirements", prefers }, facts);
  (oracle as string[]).forEach((value, i) => {
    const found = (core as string[])[i];
    if (found !== value) {
      expect.fail(
        `the core says ${found}, the oracle ${value}: ${JSON.stringify(tests[i])} of ${JSON.stringify(facts)}`,
      );
    }
  });
}

describe("the core compares as the oracle does", () => {
  it.each(Object.entries(KINDS))("a %s", (name, kind) => {
    const random = new Random(name.length);
    for (let done = 0; done < cases; done += BATCH) {
      const elements: Record<string, string> = {};
      const tests = Array.from({ length: BATCH }, (_, i) => {
        const ranges = range(random, kind, name);
        // A text of its own, or one of the range's bounds, perhaps with something behind it.
        const bound = ranges.split(/[^0-9.\-+eEKMGTi]+/).filter((part) => part !== "");
        const near =
          random.chance(1, 2) && bound.length > 0
            ? random.pick(bound) + random.pick(["", "", "", ".0", "-0", "0", ".1"])
            : kind.text(random);
        elements[`n${i}`] = random.chance(1, 10) ? letters(random, kind.alphabet, 9) : near;
        return { "a.x": { [`n${i}`]: { [name]: ranges } } };
      });
      compare(tests, { kind: "Host", features: { attributes: { "a.x": { elements } } } });
    }
  });

  it("what a range is", () => {
    const random = new Random(77);
    const refused = { core: 0, oracle: 0 };
    for (let i = 0; i < cases; i++) {
      const name = random.pick(["version", "number", "size"] as const);
      const kind = KINDS[name];
      const valid = range(random, kind, name);
      const at = random.below(valid.length + 1);
      const text = random.chance(1, 2)
        ? letters(random, `${kind.alphabet}<>=!| |=`, 12)
        : valid.slice(0, at) + letters(random, "0.|=<>! *-", 3) + valid.slice(at + random.below(3));
      const document = { ...head, kind: "Requirements", requires: { "a.x": { n: { [name]: text } } } };
      const outcome = { core: "accepted", oracle: "accepted" };
      try {
        matcher.compile(document).dispose();
      } catch (error) {
        outcome.core = (error as InputError).code;
        refused.core++;
      }
      try {
        evaluateWithOracle([{ id: "", document }], { kind: "Host", features: {} });
      } catch (error) {
        outcome.oracle = (error as Refusal).code;
        refused.oracle++;
      }
      expect(outcome.core, JSON.stringify({ [name]: text })).toBe(outcome.oracle);
    }
    expect(refused.core).toBeGreaterThan(cases / 4);
    expect(refused.core).toBeLessThan(cases);
  });
});

describe("the core goes through instances as the oracle does", () => {
  const counts = [0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 33, 63, 64, 65, 66, 100, 127, 128, 129, 192, 200];
  const NAMES = ["n", "m", "k"];
  const TEXTS = ["1", "2", "3", "a", ""];

  function over(random: Random, depth: number): unknown {
    const way = depth === 0 ? 0 : random.below(6);
    if (way === 1) return { not: over(random, depth - 1) };
    if (way === 2) return { any: [over(random, depth - 1), over(random, depth - 1)] };
    if (way === 3) return [over(random, depth - 1), over(random, depth - 1)];
    const test = random.pick<unknown>([
      random.pick(TEXTS),
      [random.pick(TEXTS), random.pick(TEXTS)],
      { text: { notIn: [random.pick(TEXTS)] } },
      { number: `>${random.below(3)}` },
      { exists: random.chance(1, 2) },
      { text: { matches: "[12]" } },
      { number: "<=2", text: { in: ["1", "a"] } },
    ]);
    return { [random.pick([...NAMES, "nowhere"])]: test };
  }

  it.each(counts)("%i of them", (count) => {
    const random = new Random(1000 + count);
    for (let done = 0; done < Math.max(1, cases / 60); done += BATCH) {
      // Columns that are dense, sparse, all one text, or unknown in places.
      const rarity = random.pick([1, 2, 20, 300]);
      const elements = Array.from({ length: count }, () => {
        const attributes: Record<string, string> = {};
        for (const name of NAMES)
          if (random.chance(2, 3)) attributes[name] = TEXTS[random.below(rarity) % TEXTS.length]!;
        return { attributes, ...(random.chance(1, 2 * rarity) ? { unknown: [random.pick(NAMES)] } : {}) };
      });
      const partial = random.chance(1, 3) ? { partial: random.chance(1, 2) } : {};
      const tests = Array.from({ length: BATCH }, () => {
        const way = random.below(5);
        const condition = over(random, random.below(3));
        if (way < 3) return { "a.x": { [["some", "every", "none"][way]!]: condition } };
        const is = range(
          random,
          { ...KINDS.number, bound: (r) => String(Math.max(0, count + r.below(5) - 2)) },
          "number",
        );
        const huge = random.chance(1, 6) ? `${random.pick(OPERATORS)}${decimal(random)}` : is;
        return { "a.x": { count: { ...(way === 3 ? { of: condition } : {}), is: huge } } };
      });
      compare(tests, { kind: "Host", features: { instances: { "a.x": { elements, ...partial } } } });
    }
  });
});
