/** Taking texts and documents of recipes apart: lines of pairs, elements of JSON and YAML, and what a value becomes at the end. */
import type { Replacement, ValueSteps, WordMap } from "./model.ts";
import type { Names } from "./path-pattern.ts";
import { type CharTest, readCharacters } from "./pattern-syntax.ts";

/** Rows of one recipe, and elements of one document. */
export const MAX_ROWS = 16_384;
/** Largest text of one value. */
const VALUE_LIMIT = 4_096;

/** What is known of one value. */
export type Reading =
  | { readonly state: "found"; readonly text: string }
  | { readonly state: "absent" }
  | { readonly state: "unknown" };

export const ABSENT: Reading = { state: "absent" };
export const UNKNOWN: Reading = { state: "unknown" };

export function onlyName(names: Names): string | undefined {
  const values = Object.values(names);
  return values.length === 1 ? values[0] : names.word;
}

export function bounded(text: string): string {
  return text.length > VALUE_LIMIT ? text.slice(0, VALUE_LIMIT) : text;
}

/** The word for a text; null where the map says that there is none. */
export function mapped(map: WordMap | undefined, text: string): string | null {
  if (map === undefined) return text;
  if (Object.hasOwn(map, text)) return map[text] as string | null;
  return Object.hasOwn(map, "*") ? (map["*"] as string | null) : text;
}

/** What a value's steps make of a text. */
export function finish(steps: ValueSteps, given: string): Reading {
  let text = given;
  if (steps.has !== undefined) {
    const words = new Set(text.split(/\s+/));
    text = String(steps.has.every((word) => words.has(word)));
  }
  if (steps.replace !== undefined) text = replaced(text, steps.replace);
  if (steps.trim !== undefined) text = trimmed(text, steps.trim);
  const word = mapped(steps.map, text);
  if (word === null) return ABSENT;
  text = word;
  if (steps.steps !== undefined) {
    const step = stepOf(text, steps.steps);
    if (step === undefined) return UNKNOWN;
    text = step;
  }
  if (steps.times !== undefined || steps.plus !== undefined) {
    if (!/^\d{1,18}$/.test(text)) return UNKNOWN;
    const number = BigInt(text) * BigInt(steps.times ?? 1) + BigInt(steps.plus ?? 0);
    if (number < 0n) return UNKNOWN;
    text = String(number);
  }
  return { state: "found", text: bounded(text) };
}

const characterTests = new WeakMap<Replacement, CharTest>();

function replaced(text: string, replacement: Replacement): string {
  const test = characterTests.get(replacement) ?? readCharacters(replacement.characters);
  characterTests.set(replacement, test);
  let at = 0;
  while (at < text.length && !test(text.charCodeAt(at))) at += 1;
  if (at === text.length) return text;
  let made = text.slice(0, at);
  for (const char of text.slice(at)) made += test(char.charCodeAt(0)) ? replacement.with : char;
  return made;
}

function trimmed(text: string, characters: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && characters.includes(text[from] as string)) from += 1;
  while (to > from && characters.includes(text[to - 1] as string)) to -= 1;
  return text.slice(from, to);
}

/** The text of the last number that isn't above this one; undefined if there is none, or nobody knows. */
function stepOf(text: string, steps: WordMap): string | undefined {
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const number = Number(text);
  let found: string | null = null;
  let last = -1;
  for (const [step, word] of Object.entries(steps)) {
    const from = Number(step);
    if (from <= number && from > last) {
      last = from;
      found = word;
    }
  }
  return found ?? undefined;
}

/** `key = value` lines; `#` starts a comment line, quotes around a value are taken off. */
export function* pairsOf(text: string, separator: string): Generator<[string, string]> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length : end + 1;
    const at = line.indexOf(separator);
    if (at <= 0 || /^\s*#/.test(line)) continue;
    const value = line.slice(at + separator.length).trim();
    const unquoted = /^"(.*)"$|^'(.*)'$/.exec(value);
    yield [line.slice(0, at).trim(), unquoted?.[1] ?? unquoted?.[2] ?? value];
  }
}

/** The value of a key's first line; the lines before it are counted on `budget`. */
export function pairOf(
  text: string,
  separator: string,
  key: string,
  budget: { steps: number },
): string | undefined {
  for (const [name, value] of pairsOf(text, separator)) {
    budget.steps -= name.length + value.length + 8;
    if (name === key) return value;
  }
  return undefined;
}

export function scalarName(value: unknown): Names {
  const text = scalarText(value);
  return text === undefined ? {} : { value: text };
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Every element that a pointer with `*` names, in the document's order. */
export function elementsAt(
  document: unknown,
  pointer: string,
): { key: string | undefined; value: unknown }[] {
  let found: { key: string | undefined; value: unknown }[] = [{ key: undefined, value: document }];
  for (const token of tokensOf(pointer)) {
    const next: { key: string | undefined; value: unknown }[] = [];
    for (const { value } of found) {
      if (typeof value !== "object" || value === null) continue;
      if (token === "*") {
        for (const [key, child] of Object.entries(value)) next.push({ key, value: child });
      } else if (Object.hasOwn(value, token)) {
        next.push({ key: token, value: (value as Readonly<Record<string, unknown>>)[token] });
      }
      if (next.length > MAX_ROWS) break;
    }
    found = next;
  }
  return found;
}

export function itemAt(document: unknown, pointer: string): Reading {
  const found = elementsAt(document, pointer)[0];
  if (found === undefined || found.value === null) return ABSENT;
  const text = scalarText(found.value);
  return text === undefined ? UNKNOWN : { state: "found", text: bounded(text) };
}

function tokensOf(pointer: string): string[] {
  return pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
