/** Which terms of a tree are reasons. */
import { ATOMS, F, host, requires, T, type TableCase, type Truth, U, verdict } from "./table.ts";

const THEN = "then";

/** The reasons as `pointer value`, nothing else is compared. */
export function reasons(truth: Truth, ...expected: readonly string[]) {
  return verdict(truth, {
    omitted: 0,
    reasons: expected.map((line) => {
      const [pointer, value] = line.split(" ");
      return { pointer: `/requires${pointer}`, value };
    }),
  });
}

export function one(name: string, condition: unknown, want: TableCase["want"]): TableCase {
  return { name, documents: [requires(condition)], facts: ATOMS, want };
}

export const flag = (...names: string[]) => ({ "s.flags": names });

export const unseen = (name: string) => ({ "s.unseen": [name] });

export const FACTS = host({
  flags: { "cpu.cpuid": { elements: ["AVX"] } },
  attributes: { "kernel.version": { elements: { full: "5.4.0-1", bad: "five" }, unknown: ["lost"] } },
  instances: {
    "pci.device": {
      elements: [{ attributes: { vendor: "10de" } }, { attributes: { class: "03" }, unknown: ["vendor"] }],
    },
  },
});

export const TREE: readonly TableCase[] = [
  one(
    "a false all gives its false children",
    [T, flag("f"), U, flag("g")],
    reasons("F", "/1/s.flags/0 false", "/3/s.flags/0 false"),
  ),
  one(
    "an unknown all gives its unknown children",
    [T, unseen("u"), T, unseen("v")],
    reasons("U", "/1/s.unseen/0 unknown", "/3/s.unseen/0 unknown"),
  ),
  one(
    "a false any gives every child",
    { any: [flag("f"), flag("g")] },
    reasons("F", "/any/0/s.flags/0 false", "/any/1/s.flags/0 false"),
  ),
  one(
    "an unknown any gives its unknown children",
    { any: [flag("f"), unseen("u"), unseen("v")] },
    reasons("U", "/any/1/s.unseen/0 unknown", "/any/2/s.unseen/0 unknown"),
  ),
  one("a compatible verdict without alternatives has no reasons", [T, { not: F }, { all: T }], reasons("T")),
  one(
    "a compatible verdict gives the first true child of each any",
    [T, { any: [F, U, flag("t"), { not: F }] }],
    reasons("T", "/1/any/2/s.flags/0 true"),
  ),
  one(
    "a compatible verdict: an any within the taken child",
    { any: [F, [{ not: flag("g") }, { any: [F, T] }]] },
    reasons("T", "/any/1/0/not/s.flags/0 false", "/any/1/1/any/1/s.flags/0 true"),
  ),
  one(
    "a compatible verdict: an any under not not",
    { not: { not: { any: [F, T] } } },
    reasons("T", "/not/not/any/1/s.flags/0 true"),
  ),
  one(
    "a compatible verdict: a false any under not took no alternative",
    { not: { any: [F, flag("g")] } },
    reasons("T"),
  ),
  one(
    "a compatible verdict: if takes then",
    { if: T, [THEN]: { not: flag("g") } },
    reasons("T", "/then/not/s.flags/0 false"),
  ),
  one(
    "a compatible verdict: if takes else",
    { if: F, [THEN]: F, else: T },
    reasons("T", "/else/s.flags/0 true"),
  ),
  one("a compatible verdict: if takes a missing branch", { if: F, [THEN]: F }, reasons("T")),
  one(
    "a compatible verdict: if with an unknown condition takes both",
    { if: U, [THEN]: T, else: { not: flag("g") } },
    reasons("T", "/then/s.flags/0 true", "/else/not/s.flags/0 false"),
  ),
  one(
    "a compatible verdict: an if in an alternative gives its condition too",
    { any: [{ if: T, [THEN]: { not: flag("g") } }] },
    reasons("T", "/any/0/if/s.flags/0 true", "/any/0/then/not/s.flags/0 false"),
  ),
  one("a false not gives a true child", { not: T }, reasons("F", "/not/s.flags/0 true")),
  one(
    "a false not of a true all gives every child",
    { not: [T, { not: flag("g") }] },
    reasons("F", "/not/0/s.flags/0 true", "/not/1/not/s.flags/0 false"),
  ),
  one(
    "a false not of a true any gives the first true child",
    { not: { any: [F, T, { not: F }] } },
    reasons("F", "/not/any/1/s.flags/0 true"),
  ),
  one(
    "an unknown not of an unknown all",
    { not: [T, unseen("u"), unseen("v")] },
    reasons("U", "/not/1/s.unseen/0 unknown", "/not/2/s.unseen/0 unknown"),
  ),
  one(
    "if with a true condition: its reasons and those of then",
    { if: T, [THEN]: flag("f"), else: unseen("u") },
    reasons("F", "/if/s.flags/0 true", "/then/s.flags/0 false"),
  ),
  one(
    "if with a false condition: its reasons and those of else",
    { if: flag("g"), [THEN]: T, else: flag("f") },
    reasons("F", "/if/s.flags/0 false", "/else/s.flags/0 false"),
  ),
  one(
    "if with an unknown condition: its reasons and those of each branch",
    { if: unseen("u"), [THEN]: T, else: flag("f") },
    reasons("U", "/if/s.unseen/0 unknown", "/then/s.flags/0 true", "/else/s.flags/0 false"),
  ),
  one(
    "if with an unknown condition and equal branches",
    { if: unseen("u"), [THEN]: flag("f"), else: flag("g") },
    reasons("F", "/if/s.unseen/0 unknown", "/then/s.flags/0 false", "/else/s.flags/0 false"),
  ),
  one(
    "if with an unknown condition and one branch",
    { if: unseen("u"), else: flag("f") },
    reasons("U", "/if/s.unseen/0 unknown", "/else/s.flags/0 false"),
  ),
  one(
    "reasons come in document order",
    { ...flag("f"), any: [flag("g")], not: T },
    reasons("F", "/s.flags/0 false", "/any/0/s.flags/0 false", "/not/s.flags/0 true"),
  ),
  one(
    "if stands where its first member stands",
    { [THEN]: flag("f"), ...flag("g"), if: T },
    reasons("F", "/if/s.flags/0 true", "/then/s.flags/0 false", "/s.flags/0 false"),
  ),
  one(
    "a leaf that was given isn't repeated",
    [flag("f"), { any: [flag("f"), flag("g", "f")] }],
    reasons("F", "/0/s.flags/0 false", "/1/any/1/s.flags/0 false"),
  ),
  one(
    "a leaf that was given isn't repeated in another alternative",
    { any: [[F, unseen("u")], F] },
    reasons("F", "/any/0/0/s.flags/0 false"),
  ),
  one(
    "flags.any gives every flag",
    { "s.flags": { flags: { any: ["f", "g"] } } },
    reasons("F", "/s.flags/flags/any/0 false", "/s.flags/flags/any/1 false"),
  ),
  one(
    "flags.none gives the flags that are present",
    { "s.flags": { flags: { none: ["f", "t"] } } },
    reasons("F", "/s.flags/flags/none/1 true"),
  ),
  one(
    "flags.all gives the flags that are absent",
    { "s.flags": { flags: { all: ["f", "t", "g"] } } },
    reasons("F", "/s.flags/flags/all/0 false", "/s.flags/flags/all/2 false"),
  ),
  one(
    "a compatible verdict: flags.any gives the first that is present",
    { "s.flags": { flags: { any: ["f", "t"] } } },
    reasons("T", "/s.flags/flags/any/1 true"),
  ),
  one(
    "a pointer's tokens are escaped",
    { "a/b.c~d": { "x/y~z": "1" } },
    reasons("U", "/a~1b.c~0d/x~1y~0z unknown"),
  ),
];
