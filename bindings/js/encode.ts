import { MisuseError } from "./errors.ts";
import type { JsonInput } from "./types.ts";

const encoder = new TextEncoder();

/**
 * The bytes that the core reads. Bytes and text pass as they are (the core judges them); an object is written as JSON, and refused
 * where JSON can't say it exactly: integers past 2^53, NaN, infinities, bigints, functions, symbols, lone surrogates, cycles.
 */
export function encodeInput(input: JsonInput): Uint8Array {
  if (input instanceof Uint8Array) return input;
  if (typeof input === "string") {
    if (!isWellFormed(input)) throw inexact("the text has a lone surrogate, which UTF-8 can't say");
    return encoder.encode(input);
  }
  if (typeof input !== "object" || input === null) {
    throw new MisuseError("bad-input", `a document must be an object, text or bytes, not ${typeof input}`, {
      help: "pass an object, JSON text, or JSON bytes in UTF-8",
    });
  }
  return encoder.encode(stringifyExactly(input));
}

/** JSON of a value, or a MisuseError where JSON would say something else. */
export function stringifyExactly(value: unknown): string {
  try {
    const text = JSON.stringify(value, function (this: unknown, key: string, part: unknown) {
      // What JSON.stringify turns into something else (a Date, a Map) is seen before it does.
      return checkPart(key, part, (this as Readonly<Record<string, unknown>>)[key]);
    });
    if (text === undefined) throw inexact("the value is not one that JSON can say");
    return text;
  } catch (error) {
    if (error instanceof MisuseError) throw error;
    if (error instanceof RangeError) throw inexact("the object is nested too deeply");
    if (error instanceof TypeError && /circular|cyclic/i.test(error.message))
      throw inexact("the object has a cycle");
    throw new MisuseError("bad-input", "the object can't be read", {
      help: "pass plain data: objects, arrays, strings, numbers, booleans",
      cause: error,
    });
  }
}

function checkPart(key: string, part: unknown, original: unknown): unknown {
  if (!isPlain(original)) throw inexact(`${place(key)} is no plain object, array, string, number or boolean`);
  if (!isWellFormed(key)) throw inexact("a key has a lone surrogate");
  switch (typeof part) {
    case "number":
      if (!Number.isFinite(part)) throw inexact(`${place(key)} is ${part}`);
      if (Number.isInteger(part) && !Number.isSafeInteger(part)) {
        throw inexact(`${place(key)} is an integer past 2^53, which a JavaScript number can't hold exactly`);
      }
      return part;
    case "string":
      if (!isWellFormed(part)) throw inexact(`${place(key)} has a lone surrogate`);
      return part;
    case "undefined":
    case "bigint":
    case "function":
    case "symbol":
      throw inexact(`${place(key)} is a ${typeof part}`);
    default:
      return part;
  }
}

/** Whether a value is of those that JSON has, or of a primitive type (judged by checkPart). */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function place(key: string): string {
  return key === "" ? "the value" : JSON.stringify(key);
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

function inexact(what: string): MisuseError {
  return new MisuseError("not-json", `${what}: JSON can't say it exactly`, {
    help: "pass the document as JSON text or bytes, or change the value to a string",
  });
}
