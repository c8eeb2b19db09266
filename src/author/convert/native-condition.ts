/** Conditions of the native dialect, put together: what always holds is left out, what is alone stands alone. */
import type { JsonMap } from "./conversion.ts";

/** A condition, or `true` for one that always holds. */
export type Condition = true | JsonMap;

/** What explains a condition. Empty texts say nothing. */
export interface Titles {
  readonly name?: string;
  readonly description?: string;
}

/** A condition that holds if all of these do. */
export function allOf(conditions: readonly Condition[], titles: Titles = {}): Condition {
  const real = distinct(conditions.filter((one) => one !== true));
  const [only] = real;
  if (only === undefined) return true;
  return titled(real.length === 1 ? only : { all: real }, titles);
}

/** A condition that holds if one of these does. There is at least one. */
export function anyOf(conditions: readonly Condition[], titles: Titles = {}): Condition {
  const real = distinct(conditions.filter((one) => one !== true));
  const [only] = real;
  if (real.length < conditions.length && conditions.includes(true)) return true;
  if (only === undefined) return true;
  return titled(real.length === 1 ? only : { any: real }, titles);
}

const TITLES = ["name", "description", "documentation"];

function titled(condition: JsonMap, { name = "", description = "" }: Titles): JsonMap {
  if (name === "" && description === "") return condition;
  const own = Object.keys(condition).some((key) => TITLES.includes(key));
  return {
    ...(name === "" ? {} : { name }),
    ...(description === "" ? {} : { description }),
    ...(own ? { all: [condition] } : condition),
  };
}

/** Conditions that are written alike are one. */
function distinct(conditions: readonly JsonMap[]): readonly JsonMap[] {
  return [...new Map(conditions.map((one) => [JSON.stringify(one), one])).values()];
}

const MATCHER_WORDS = new Set(["flags", "attributes", "some", "every", "none", "count"]);
const OVER_WORDS = new Set(["all", "any", "not", "attributes"]);

/** Tests by attribute: in the long form where a name would be taken for a word of the language. */
export function attributeTests(tests: JsonMap, place: "matcher" | "over"): JsonMap {
  const words = place === "matcher" ? MATCHER_WORDS : OVER_WORDS;
  return Object.keys(tests).some((name) => words.has(name)) ? { attributes: tests } : tests;
}

/** Whether a text is a feature's name (docs/language.md, "The requirements document") of those that facts can have. */
export function isFeatureName(name: string): boolean {
  if (/^(?:host|candidate)\./.test(name)) return false;
  return /^(?:[^/]+\/)?[^./]+\.[^/]+$/.test(name);
}
