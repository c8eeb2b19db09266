/**
 * A test of a document in words: `version >=5.14`, `ubuntu or debian`. It shows what the core named in a reason; a form
 * that it doesn't know is shown as the JSON that it is.
 */
import { printable } from "../../author/diagnostics.ts";

/** Longest text of one test, in characters; what is longer is cut. */
const MAX_LENGTH = 160;

/** An attribute's test, or what is wanted of a flag. */
export function testWords(wanted: unknown): string {
  return cut(printable(words(wanted)));
}

/** A condition over one instance: `vendor 10de, class 0300 or 0302`. */
export function overWords(over: unknown): string {
  return cut(printable(overText(over)));
}

function words(test: unknown): string {
  if (Array.isArray(test)) return anyOf(test.map(words));
  if (!isMap(test)) return scalarText(test);
  if (typeof test.op === "string") return expressionWords(test.op, test);
  const parts = Object.entries(test).map(([key, value]) => {
    switch (key) {
      case "version":
      case "number":
      case "size":
        return `${key} ${scalarText(value)}`;
      case "exists":
        return value === false ? "not there" : "there";
      case "text":
        return isMap(value) ? textWords(value) : json(value);
      default:
        return `${key} ${json(value)}`;
    }
  });
  return parts.join(" and ");
}

/** An expression of NFD's, in its own words: `Exists`, `In a, b`, `Ge 4.18.0 (version)`. */
function expressionWords(op: string, { value, type }: Readonly<Record<string, unknown>>): string {
  const values = Array.isArray(value) ? value.map(scalarText).join(", ") : "";
  return [op, values, typeof type === "string" ? `(${type})` : ""].filter((part) => part !== "").join(" ");
}

function textWords(test: Readonly<Record<string, unknown>>): string {
  return Object.entries(test)
    .map(([key, value]) => {
      switch (key) {
        case "in":
          return words(value);
        case "notIn":
          return `not ${words(value)}`;
        case "matches":
          return `like /${scalarText(value)}/`;
        default:
          return `${key} ${json(value)}`;
      }
    })
    .join(" and ");
}

function overText(over: unknown): string {
  if (Array.isArray(over)) return over.map(overText).join(", ");
  if (!isMap(over)) return json(over);
  return Object.entries(over)
    .map(([key, value]) => {
      switch (key) {
        case "all":
          return overText(value);
        case "attributes":
          return overText(value);
        case "any":
          return Array.isArray(value) ? `(${value.map(overText).join(" or ")})` : json(value);
        case "not":
          return `not (${overText(value)})`;
        default:
          return `${key} ${words(value)}`;
      }
    })
    .join(", ");
}

function anyOf(texts: readonly string[]): string {
  return texts.join(" or ");
}

function scalarText(value: unknown): string {
  return typeof value === "string" ? (value === "" ? '""' : value) : json(value);
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 3)}...` : text;
}
