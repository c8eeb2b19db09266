/** Ranges of the native dialect as NFD's expressions: alternatives of expressions that must all hold. */
import { plainInteger, plainVersion } from "./nfd-bounds.ts";

/** An expression of NFD's rules. */
export interface NfdExpression {
  readonly op: string;
  readonly value?: readonly string[];
  readonly type?: "version";
}

type Operator = ">=" | ">" | "<=" | "<" | "=" | "!=";

interface Bound {
  readonly operator: Operator;
  readonly bound: string;
}

const OP: Readonly<Record<Exclude<Operator, "=" | "!=">, string>> = {
  ">=": "Ge",
  ">": "Gt",
  "<=": "Le",
  "<": "Lt",
};
const OPPOSITE: Readonly<Record<Operator, Operator>> = {
  ">=": "<",
  ">": "<=",
  "<=": ">",
  "<": ">=",
  "=": "!=",
  "!=": "=",
};

/**
 * The alternatives for a range, or for everything outside it; a text says why there are none.
 *
 * @param type whether bounds are versions or whole numbers: NFD knows no others
 */
export function rangeAlternatives(
  range: string,
  type: "version" | "number",
  side: "inside" | "outside",
): readonly (readonly NfdExpression[])[] | string {
  const groups: Bound[][] = [];
  for (const group of range.split("||")) {
    const bounds: Bound[] = [];
    for (const match of group.trim().matchAll(/(>=|>|<=|<|!=|=)?\s*([^\s<>=!]+)/g)) {
      const text = match[2] ?? "";
      const bound = type === "version" ? versionBound(text) : plainInteger(text);
      if (bound === null) return whyNot(text, type);
      bounds.push({ operator: (match[1] ?? "=") as Operator, bound });
    }
    groups.push(bounds);
  }
  if (side === "inside") return groups.flatMap((bounds) => expressionsOf(bounds, type));
  // Outside of all groups: of each, outside of one of its bounds.
  let outside: (readonly Bound[])[] = [[]];
  for (const bounds of groups) {
    outside = outside.flatMap((before) =>
      bounds.map(({ operator, bound }) => [...before, { operator: OPPOSITE[operator], bound }]),
    );
    if (outside.length > 64) return "there are too many alternatives";
  }
  return outside.flatMap((bounds) => expressionsOf(bounds, type));
}

function versionBound(text: string): string | null {
  return /^[0-9]+(?:\.[0-9]+){0,2}$/.test(text) ? plainVersion(text) : null;
}

function whyNot(bound: string, type: "version" | "number"): string {
  if (type === "number") return `NFD compares whole numbers of 64 bits, and ${bound} is none`;
  if (bound.includes("-"))
    return `NFD compares three numbers of a version, and ${bound} has more behind them`;
  if (bound.endsWith("*")) return `NFD has no prefixes such as ${bound}`;
  return `NFD compares three numbers of 64 bits of a version, and ${bound} has others`;
}

function expressionsOf(
  bounds: readonly Bound[],
  type: "version" | "number",
): readonly (readonly NfdExpression[])[] {
  const typed = type === "version" ? { type: "version" as const } : {};
  const one = (operator: Exclude<Operator, "=" | "!=">, bound: string): NfdExpression => ({
    op: OP[operator],
    value: [bound],
    ...typed,
  });
  const [first, second] = bounds;
  if (bounds.length === 2 && first !== undefined && second !== undefined) {
    const [low, high] = /^>/.test(first.operator) ? [first, second] : [second, first];
    const op = `${low.operator} ${high.operator}`;
    // With whole numbers NFD refuses an empty interval.
    const isInterval = type === "version" || BigInt(low.bound) < BigInt(high.bound);
    if (op === ">= <=" && isInterval) return [[{ op: "GeLe", value: [low.bound, high.bound], ...typed }]];
    if (op === "> <" && isInterval) return [[{ op: "GtLt", value: [low.bound, high.bound], ...typed }]];
  }
  let alternatives: (readonly NfdExpression[])[] = [[]];
  for (const { operator, bound } of bounds) {
    const said: readonly (readonly NfdExpression[])[] =
      operator === "!="
        ? [[one("<", bound)], [one(">", bound)]]
        : operator !== "="
          ? [[one(operator, bound)]]
          : type === "version"
            ? [[{ op: "GeLe", value: [bound, bound], ...typed }]]
            : [[one(">=", bound), one("<=", bound)]];
    alternatives = alternatives.flatMap((before) => said.map((more) => [...before, ...more]));
  }
  return alternatives;
}
