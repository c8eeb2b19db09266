/** Ranges: docs/language.md, "Tests". A range is read to a predicate over the type's values. */
import { MAX_RANGE_TERMS } from "./limits.ts";
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

/** Why a range is refused. */
export type RangeRefusal = "bad-range" | "limit";

/** Reads `range` as one of the type's. */
export function readRangeTest(type: "version" | "number" | "size", range: string): RangeTest | RangeRefusal {
  if (type === "version") {
    const terms = readVersionRange(range);
    if (typeof terms === "string") return terms;
    return (text) => test(readVersion(text), (version) => versionInRange(version, terms));
  }
  if (type === "number") {
    const terms = readNumberRange(range);
    if (typeof terms === "string") return terms;
    return (text) => test(readNumber(text), (number) => numberInRange(number, terms));
  }
  const terms = readRange(range, readSize);
  if (typeof terms === "string") return terms;
  return (text) => test(readSize(text), (size) => inRange(terms, (bound) => compareSizes(size, bound)));
}

function test<Value>(value: Value | null, holds: (value: Value) => boolean): boolean | null {
  return value === null ? null : holds(value);
}

export function readNumberRange(range: string): Range<Decimal> | RangeRefusal {
  return readRange(range, readNumber);
}

export function numberInRange(number: Decimal, range: Range<Decimal>): boolean {
  return inRange(range, (bound) => compareNumbers(number, bound));
}

function readVersionRange(range: string): Range<VersionBound> | RangeRefusal {
  return readRange(range, (text, operator) => {
    const bound = readVersionBound(text);
    return bound?.prefix && operator !== "=" && operator !== "!=" ? null : bound;
  });
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

type BoundReader<Bound> = (text: string, operator: Operator) => Bound | null;

/** Reads from left to right; the first thing that is wrong is the answer. */
function readRange<Bound>(range: string, readBound: BoundReader<Bound>): Range<Bound> | RangeRefusal {
  const groups: Term<Bound>[][] = [];
  let count = 0;
  for (const group of range.split("||")) {
    const terms: Term<Bound>[] = [];
    let rest = trimSpaces(group);
    if (rest === "") return "bad-range";
    while (rest !== "") {
      if (count++ === MAX_RANGE_TERMS) return "limit";
      const match = /^(>=|>|<=|<|=|!=)? *([^ ]+)(?: +|$)/.exec(rest);
      if (match === null) return "bad-range";
      const operator = (match[1] ?? "=") as Operator;
      const bound = readBound(match[2] ?? "", operator);
      if (bound === null) return "bad-range";
      terms.push({ operator, bound });
      rest = rest.slice(match[0].length);
    }
    groups.push(terms);
  }
  return groups;
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
