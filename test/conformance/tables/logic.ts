/** Kleene tables: docs/language.md, "Three values". */
import {
  ATOM,
  ATOMS,
  F,
  requires,
  T,
  type Table,
  type TableCase,
  TRUTHS,
  type Truth,
  U,
  verdict,
} from "./table.ts";

const AND: Readonly<Record<string, Truth>> = {
  TT: "T",
  TF: "F",
  TU: "U",
  FT: "F",
  FF: "F",
  FU: "F",
  UT: "U",
  UF: "F",
  UU: "U",
};

const OR: Readonly<Record<string, Truth>> = {
  TT: "T",
  TF: "T",
  TU: "T",
  FT: "T",
  FF: "F",
  FU: "U",
  UT: "T",
  UF: "U",
  UU: "U",
};

function pairs(): [Truth, Truth][] {
  return TRUTHS.flatMap((a) => TRUTHS.map((b): [Truth, Truth] => [a, b]));
}

const THEN = "then";

/** `if`: by condition, then, else; `-` is a missing branch. */
const IF: Readonly<Record<string, Truth>> = {
  "T T T": "T",
  "T T F": "T",
  "T T U": "T",
  "T F T": "F",
  "T F F": "F",
  "T F U": "F",
  "T U T": "U",
  "T U F": "U",
  "T U U": "U",
  "F T T": "T",
  "F T F": "F",
  "F T U": "U",
  "F F T": "T",
  "F F F": "F",
  "F F U": "U",
  "F U T": "T",
  "F U F": "F",
  "F U U": "U",
  "U T T": "T",
  "U T F": "U",
  "U T U": "U",
  "U F T": "U",
  "U F F": "F",
  "U F U": "U",
  "U U T": "U",
  "U U F": "U",
  "U U U": "U",
  "T T -": "T",
  "T F -": "F",
  "T U -": "U",
  "F F -": "T",
  "F U -": "T",
  "U T -": "T",
  "U F -": "U",
  "U U -": "U",
  "T - F": "T",
  "T - U": "T",
  "F - T": "T",
  "F - F": "F",
  "F - U": "U",
  "U - T": "T",
  "U - F": "U",
  "U - U": "U",
};

function ifCase([key, expected]: [string, Truth]): TableCase {
  const [condition = "T", then = "-", otherwise = "-"] = key.split(" ");
  const branch = (name: string, value: string) => (value === "-" ? {} : { [name]: ATOM[value as Truth] });
  return {
    name: `if ${condition} then ${then} else ${otherwise} is ${expected}`,
    documents: [
      requires({ if: ATOM[condition as Truth], ...branch(THEN, then), ...branch("else", otherwise) }),
    ],
    facts: ATOMS,
    want: verdict(expected),
  };
}

function logicCase(name: string, condition: unknown, expected: Truth): TableCase {
  return {
    name: `${name} is ${expected}`,
    documents: [requires(condition)],
    facts: ATOMS,
    want: verdict(expected),
  };
}

export const logic: Table = {
  file: "logic",
  description:
    "Kleene's tables for all, any, not and if over true, false and unknown conditions; nesting of them.",
  cases: [
    ...TRUTHS.map((a) => logicCase(`the condition ${a} itself`, ATOM[a], a)),
    ...pairs().map(([a, b]) => logicCase(`all of ${a}, ${b} as a list`, [ATOM[a], ATOM[b]], AND[a + b]!)),
    ...pairs().map(([a, b]) => logicCase(`all: [${a}, ${b}]`, { all: [ATOM[a], ATOM[b]] }, AND[a + b]!)),
    ...pairs().map(([a, b]) => logicCase(`any: [${a}, ${b}]`, { any: [ATOM[a], ATOM[b]] }, OR[a + b]!)),
    ...pairs().map(([a, b]) =>
      logicCase(
        `entries any [${a}] and any [${b}]`,
        { any: [ATOM[a]], all: { any: [ATOM[b]] } },
        AND[a + b]!,
      ),
    ),
    logicCase("not T", { not: T }, "F"),
    logicCase("not F", { not: F }, "T"),
    logicCase("not U", { not: U }, "U"),
    logicCase("not not U", { not: { not: U } }, "U"),
    logicCase("not of a list of T and F", { not: [T, F] }, "T"),
    logicCase("not of a list of T and U", { not: [T, U] }, "U"),
    logicCase("not of any U or T", { not: { any: [U, T] } }, "F"),
    logicCase("all as a map of entries", { all: { ...T, not: F } }, "T"),
    logicCase("all of one", { all: T }, "T"),
    logicCase(
      "any of lists",
      {
        any: [
          [T, F],
          [T, U],
        ],
      },
      "U",
    ),
    logicCase("any of one U", { any: [U] }, "U"),
    // What stands behind a nested condition isn't its child.
    logicCase("any of [T, T] and F", { any: [[T, T], F] }, "T"),
    logicCase("any of [T, T] and U", { any: [[T, T], U] }, "T"),
    logicCase("any of [U, T] and F", { any: [[U, T], F] }, "U"),
    logicCase("any of F, [T, U] and F", { any: [F, [T, U], F] }, "U"),
    logicCase("all of any [F, F] and T", [{ any: [F, F] }, T], "F"),
    logicCase("all of any [F, U] and T", [{ any: [F, U] }, T], "U"),
    logicCase("all of any [T, F] and U", [{ any: [T, F] }, U], "U"),
    logicCase("all of any [F, T], T and any [F, T]", [{ any: [F, T] }, T, { any: [F, T] }], "T"),
    logicCase("all of not T and T", [{ not: [T, T] }, T], "F"),
    logicCase("any of not [T, T] and T", { any: [{ not: [T, T] }, T] }, "T"),
    logicCase(
      "any of [T, T] and [F, F] under not",
      {
        not: {
          any: [
            [T, T],
            [F, F],
          ],
        },
      },
      "F",
    ),
    logicCase("if with nested branches, then F", [{ if: [T, T], [THEN]: [T, T], else: [F, F] }, F], "F"),
    logicCase("any of if and T", { any: [{ if: [F, T], [THEN]: [T, T], else: [F, U] }, T] }, "T"),
    logicCase(
      "any of two ifs and F",
      { any: [{ if: U, [THEN]: [T, T], else: { any: [F, F] } }, { if: [T, U], [THEN]: F, else: F }, F] },
      "U",
    ),
    logicCase(
      "if U of equal branches that are nested",
      { if: { any: [U, F] }, [THEN]: [T, T], else: { any: [F, T] } },
      "T",
    ),
    logicCase(
      "names beside a condition don't count",
      { name: "x", description: "y", documentation: "z", ...F },
      "F",
    ),
    ...Object.entries(IF).map(ifCase),
    logicCase("if with other entries beside it", { if: T, [THEN]: T, ...F }, "F"),
    logicCase("else written before if", { else: F, if: T, [THEN]: T }, "T"),
    logicCase("a nested if in a branch", { if: F, else: { if: U, [THEN]: F, else: F } }, "F"),
    logicCase("a list of lists", [[[T]], [T, [T]]], "T"),
    {
      name: "a document without requires is compatible",

      facts: ATOMS,
      want: verdict("T", { reasons: [], score: 0, maxScore: 0 }),
    },
  ],
};
