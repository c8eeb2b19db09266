import { MisuseError } from "./errors.ts";
import type { Candidate } from "./matcher.ts";
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

/** JSON of a value, or a MisuseError where JSON would say something else; `details.pointer` is the place. */
export function stringifyExactly(value: unknown): string {
  const path = new Path();
  try {
    const text = JSON.stringify(value, function (this: object, key: string, part: unknown) {
      path.enter(this, key, part);
      // What JSON.stringify turns into something else (a Date, a Map) is seen before it does.
      return checkPart(path, key, part, (this as Readonly<Record<string, unknown>>)[key]);
    });
    if (text === undefined) throw inexact("the value is not one that JSON can say");
    return text;
  } catch (error) {
    if (error instanceof MisuseError) throw error;
    if (error instanceof RangeError) throw inexact("the object is nested too deeply");
    // Every engine has its own words for it; nothing else that JSON.stringify itself finds is left.
    if (error instanceof TypeError && path.isCycle)
      throw inexact(`${path} is an object that contains it`, path);
    throw new MisuseError("bad-input", "the object can't be read", {
      help: "pass plain data: objects, arrays, strings, numbers, booleans",
      cause: error,
    });
  }
}

/** Where JSON.stringify is, as a JSON Pointer (RFC 6901): it tells a replacer only the last key, and the object that has it. */
class Path {
  /** The objects around the value at hand, from the one that JSON.stringify puts around the whole; `#keys[i]` is one of `#holders[i]`. */
  readonly #holders: object[] = [];
  readonly #keys: string[] = [];
  #isCycle = false;

  /** `holder[key]`, which is `part`, comes next: what isn't around it has been left. */
  enter(holder: object, key: string, part: unknown): void {
    const at = Math.max(0, this.#holders.lastIndexOf(holder));
    this.#holders.length = at;
    this.#keys.length = at;
    this.#holders.push(holder);
    this.#keys.push(key);
    if (typeof part !== "object" || part === null) return;
    this.#isCycle = this.#holders.includes(part);
    this.#holders.push(part);
  }

  /** Whether the value at hand is one of those around it. */
  get isCycle(): boolean {
    return this.#isCycle;
  }

  get pointer(): string {
    return this.#keys
      .slice(1)
      .map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)
      .join("");
  }

  toString(): string {
    return this.pointer === "" ? "the value" : this.pointer;
  }
}

function checkPart(path: Path, key: string, part: unknown, original: unknown): unknown {
  if (!isWellFormed(key)) throw inexact(`a key in ${path} has a lone surrogate`, path);
  if (!isPlain(original) || (typeof original === "object" && part !== original))
    throw inexact(`${path} is no plain object, array, string, number or boolean`, path);
  switch (typeof part) {
    case "number":
      if (!Number.isFinite(part)) throw inexact(`${path} is ${part}`, path);
      if (Number.isInteger(part) && !Number.isSafeInteger(part)) {
        throw inexact(`${path} is an integer past 2^53, which a JavaScript number can't hold exactly`, path);
      }
      return part;
    case "string":
      if (!isWellFormed(part)) throw inexact(`${path} has a lone surrogate`, path);
      return part;
    case "undefined":
    case "bigint":
    case "function":
    case "symbol":
      throw inexact(`${path} is of type ${typeof part}`, path);
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

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

function inexact(what: string, path?: Path): MisuseError {
  return new MisuseError("not-json", `${what}: JSON can't say it exactly`, {
    help: "pass the document as JSON text or bytes, or change the value to a string",
    ...(path === undefined ? {} : { details: { pointer: path.pointer } }),
  });
}

/** A candidate as the core reads it. */
export function encodeCandidate(candidate: Pick<Candidate, "platform" | "annotations">): Uint8Array {
  const { platform, annotations } = candidate;
  return encoder.encode(stringifyExactly({ platform: platform ?? null, annotations: annotations ?? {} }));
}
