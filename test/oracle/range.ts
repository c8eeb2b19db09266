/** Ranges: docs/language.md, "Tests". A range is read to a predicate over the type's values. */
import { compareNumbers, type Decimal, readNumber } from "./number.ts";
import { readSize } from "./size.ts";
import {
  compareVersion,
  hasPrefix,
  readVersion,
  readVersionBound,
  type Version,
  type VersionBound,
} from "./version.ts";

type Operator = ">=" | ">" | "<=" | "<" | "=" | "!=";

interface Term<Bound> {
  readonly operator: Operator;
  readonly bound: Bound;
}

/** One of the groups must hold; in a group, every term. */
export type Range<Bound> = readonly (readonly Term<Bound>[])[];

/** Whether a text lies in a range of its type; null where the text can't be read as that type. */
export type RangeTest = (text: string) => boolean | null;

/** Reads `range` as one of the type's; null where it can't be read (`bad-range`). */
export function readRangeTest(type: "version" | "number" | "size", range: string): RangeTest | null {
  if (type === "version") {
    const terms = readVersionRange(range);
    return terms === null
      ? null
      : (text) => test(readVersion(text), (version) => versionInRange(version, terms));
  }
  if (type === "number") {
    const terms = readNumberRange(range);
    return terms === null ? null : (text) => test(readNumber(text), (number) => numberInRange(number, terms));
  }
  const terms = readRange(range, readSize);
  return terms === null
    ? null
    : (text) => test(readSize(text), (size) => inRange(terms, (bound) => compareSizes(size, bound)));
}

function test<Value>(value: Value | null, holds: (value: Value) => boolean): boolean | null {
  return value === null ? null : holds(value);
}

export function readNumberRange(range: string): Range<Decimal> | null {
  return readRange(range, readNumber);
}

export function numberInRange(number: Decimal, range: Range<Decimal>): boolean {
  return inRange(range, (bound) => compareNumbers(number, bound));
}

function readVersionRange(range: string): Range<VersionBound> | null {
  const terms = readRange(range, readVersionBound);
  if (terms === null) return null;
  const misused = terms
    .flat()
    .some(({ operator, bound }) => bound.prefix && operator !== "=" && operator !== "!=");
  return misused ? null : terms;
}

function versionInRange(version: Version, range: Range<VersionBound>): boolean {
  return inRange(range, (bound) => {
    if (bound.prefix) return hasPrefix(version, bound) ? 0 : 1;
    return compareVersion(version, bound);
  });
}

function compareSizes(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function readRange<Bound>(range: string, readBound: (text: string) => Bound | null): Range<Bound> | null {
  const groups: Term<Bound>[][] = [];
  for (const group of range.split("||")) {
    const terms = readGroup(group, readBound);
    if (terms === null) return null;
    groups.push(terms);
  }
  return groups;
}

// AMBIGUOUS: the grammar has no space around a group, the design's examples do (`">=5.14 <7 || 4.18.*"`): spaces are
// allowed at both ends of every group, so also at both ends of the range.
// AMBIGUOUS: "space" is U+0020 alone.
function readGroup<Bound>(group: string, readBound: (text: string) => Bound | null): Term<Bound>[] | null {
  const terms: Term<Bound>[] = [];
  let rest = trimSpaces(group);
  if (rest === "") return null;
  while (rest !== "") {
    const match = /^(>=|>|<=|<|=|!=)? *([^ ]+)(?: +|$)/.exec(rest);
    if (match === null) return null;
    const bound = readBound(match[2] ?? "");
    if (bound === null) return null;
    terms.push({ operator: (match[1] ?? "=") as Operator, bound });
    rest = rest.slice(match[0].length);
  }
  return terms;
}

function trimSpaces(text: string): string {
  return text.replace(/^ +/, "").replace(/ +$/, "");
}

function inRange<Bound>(range: Range<Bound>, compare: (bound: Bound) => number): boolean {
  return range.some((group) => group.every(({ operator, bound }) => holds(operator, compare(bound))));
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case ">=":
      return order >= 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    case "<":
      return order < 0;
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
  }
}
