/** Tests of one attribute: docs/language.md, "Tests". */
import { RE2JS } from "re2js";
import type { Found } from "../../bindings/js/types.ts";
import { type Json, type JsonObject, Refusal } from "./json.ts";
import { all, type Kleene, known } from "./kleene.ts";
import { MAX_PATTERN_BYTES } from "./limits.ts";
import { type RangeTest, readRangeTest } from "./range.ts";
import { array, boolean, nonEmpty, object, readMembers, scalar, string } from "./shape.ts";

/** What the facts say of an attribute. */
export type Attribute =
  | { readonly state: "present"; readonly text: string }
  | { readonly state: "lacking" }
  | { readonly state: "unknown" };

/** A test's value, and what was found. */
export interface Tested {
  readonly value: Kleene;
  readonly found: Found;
}

export type AttributeTest = (attribute: Attribute) => Tested;

/** One part of a test, for an attribute that is present: null where the text can't be read as the part's type. */
type Part = { readonly wantsPresence: boolean; readonly holds: (text: string) => boolean | null };

export function readAttributeTest(json: Json): AttributeTest {
  const parts = readParts(json);
  return (attribute) => {
    switch (attribute.state) {
      case "unknown":
        return { value: "unknown", found: { unknown: true } };
      case "lacking":
        return { value: known(parts.every((part) => !part.wantsPresence)), found: { absent: true } };
      case "present": {
        const value = all(parts.map((part) => read(part.holds(attribute.text))));
        // AMBIGUOUS: with several tests of one attribute, "unreadable" is said where it left the value unknown.
        return { value, found: value === "unknown" ? { unreadable: attribute.text } : attribute.text };
      }
    }
  };
}

function read(holds: boolean | null): Kleene {
  return holds === null ? "unknown" : known(holds);
}

function readParts(json: Json): Part[] {
  if (json.type === "array") return [oneOf(scalars(json))];
  if (json.type !== "object") return [oneOf([scalar(json)])];
  return readTestMap(json);
}

function readTestMap(json: JsonObject): Part[] {
  const parts: Part[] = [];
  const range = (type: "version" | "number" | "size") => (value: Json) => {
    parts.push({ wantsPresence: true, holds: readRange(type, value) });
  };
  readMembers(nonEmpty(json), {
    version: range("version"),
    number: range("number"),
    size: range("size"),
    exists: (value) => {
      const wanted = boolean(value);
      parts.push({ wantsPresence: wanted, holds: () => wanted });
    },
    text: (value) => {
      readMembers(nonEmpty(object(value)), {
        in: (list) => parts.push(oneOf(scalars(list))),
        notIn: (list) => {
          const texts = scalars(list);
          parts.push({ wantsPresence: true, holds: (text) => !texts.includes(text) });
        },
        matches: (pattern) => {
          const compiled = readPattern(pattern);
          parts.push({ wantsPresence: true, holds: (text) => compiled.matcher(text).find() });
        },
      });
    },
  });
  return parts;
}

function oneOf(texts: readonly string[]): Part {
  return { wantsPresence: true, holds: (text) => texts.includes(text) };
}

function scalars(json: Json): string[] {
  return nonEmpty(array(json)).elements.map(scalar);
}

/** Reads the range at `json`: a string, or a number by its text. */
export function readRange(type: "version" | "number" | "size", json: Json): RangeTest {
  const test = readRangeTest(type, rangeText(json));
  if (typeof test === "string") throw new Refusal(test, json.pointer);
  return test;
}

export function rangeText(json: Json): string {
  if (json.type === "string" || json.type === "number") return json.text;
  throw new Refusal("wrong-type", json.pointer);
}

/** Compiles the RE2 pattern at `json`. */
function readPattern(json: Json): RE2JS {
  const pattern = string(json);
  if (Buffer.byteLength(pattern) > MAX_PATTERN_BYTES) throw new Refusal("bad-pattern", json.pointer);
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw new Refusal("bad-pattern", json.pointer);
  }
}
