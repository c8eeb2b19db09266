/** Taking texts and documents of recipes apart: lines of pairs, elements of JSON and YAML, and what a value becomes at the end. */
import type { ValueSource } from "./model.ts";
import type { Names } from "./path-pattern.ts";

/** Rows of one recipe, and elements of one document. */
export const MAX_ROWS = 4_096;
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

export function mapped(map: Readonly<Record<string, string>> | undefined, text: string): string {
  if (map === undefined) return text;
  if (Object.hasOwn(map, text)) return map[text] as string;
  return Object.hasOwn(map, "*") ? (map["*"] as string) : text;
}

export function finish(value: ValueSource, given: string): Reading {
  let text = mapped(value.map, given);
  if (value.times !== undefined) {
    if (!/^\d{1,18}$/.test(text)) return UNKNOWN;
    text = String(BigInt(text) * BigInt(value.times));
  }
  return { state: "found", text: bounded(text) };
}

/** `key = value` lines; `#` starts a comment line, quotes around a value are taken off. The first of several wins in `key`. */
export function pairsOf(text: string, separator: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const line of text.split("\n")) {
    if (/^\s*#/.test(line)) continue;
    const at = line.indexOf(separator);
    if (at <= 0) continue;
    const value = line.slice(at + separator.length).trim();
    const unquoted = /^"(.*)"$|^'(.*)'$/.exec(value);
    pairs.push([line.slice(0, at).trim(), unquoted?.[1] ?? unquoted?.[2] ?? value]);
  }
  return pairs;
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
