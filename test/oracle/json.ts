/**
 * A strict JSON reader (RFC 8259) that keeps what JSON.parse loses: the order and the repetition of members, the text of
 * numbers, and the place of every value. It is slow and recursive on purpose: it is part of the plain specification that
 * the core is compared with, and shares no code with it.
 */

import { MAX_DEPTH } from "./limits.ts";

/** What every value knows of its place and its spelling. */
interface Placed {
  /** JSON Pointer (RFC 6901). */
  readonly pointer: string;
}

export interface JsonMember {
  readonly key: string;
  /** The key as it stands, quotes and escapes included. */
  readonly rawKey: string;
  readonly value: Json;
}

export type JsonObject = Placed & { readonly type: "object"; readonly members: readonly JsonMember[] };
export type JsonArray = Placed & { readonly type: "array"; readonly elements: readonly Json[] };
export type JsonString = Placed & { readonly type: "string"; readonly text: string; readonly raw: string };
export type JsonNumber = Placed & { readonly type: "number"; readonly text: string };
export type JsonBoolean = Placed & { readonly type: "boolean"; readonly value: boolean };
export type JsonNull = Placed & { readonly type: "null" };
export type Json = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull;

export type RefusalCode =
  | "invalid-json"
  | "invalid-utf8"
  | "duplicate-key"
  | "unknown-key"
  | "wrong-type"
  | "missing-key"
  | "empty"
  | "bad-value"
  | "bad-range"
  | "bad-pattern"
  | "reserved-feature"
  | "unsupported-version"
  | "bad-api-version"
  | "too-deep"
  | "limit";

/** The document, facts or policy is refused: which rule it breaks, and where. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  readonly pointer: string;
  /** The id of the document, set by whoever knows it. */
  document = "";

  constructor(code: RefusalCode, pointer: string) {
    super(`${code} at ${JSON.stringify(pointer)}`);
    this.code = code;
    this.pointer = pointer;
  }
}

/**
 * Reads JSON text or its UTF-8 bytes. Throws Refusal: `invalid-json`, `invalid-utf8`, `too-deep`, `duplicate-key`; of several
 * errors the one that is met first, where a key that stands twice is met at the end of its object.
 */
export function readJson(source: string | Uint8Array): Json {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  const bad = firstIllFormedByte(bytes);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bad < 0 ? bytes : bytes.subarray(0, bad));
  const reader = new Reader(text, bad >= 0);
  return reader.document();
}

/** The value as it stands, without the white space around its tokens. */
export function compactText(json: Json): string {
  switch (json.type) {
    case "object":
      return `{${json.members.map((member) => `${member.rawKey}:${compactText(member.value)}`).join(",")}}`;
    case "array":
      return `[${json.elements.map(compactText).join(",")}]`;
    case "string":
      return json.raw;
    case "number":
      return json.text;
    case "boolean":
      return String(json.value);
    case "null":
      return "null";
  }
}

/** One more step of a JSON Pointer. */
export function pointerTo(parent: string, token: string | number): string {
  return `${parent}/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Reader {
  private at = 0;
  private depth = 0;
  private readonly text: string;
  /** The text ends where ill-formed UTF-8 begins: in a string, reaching its end is that error. */
  private readonly cut: boolean;

  constructor(text: string, cut: boolean) {
    this.text = text;
    this.cut = cut;
  }

  document(): Json {
    this.space();
    const value = this.value("");
    this.space();
    if (this.at < this.text.length || this.cut) throw this.syntaxError();
    return value;
  }

  private syntaxError(): Refusal {
    return new Refusal("invalid-json", "");
  }

  private space(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at++;
  }

  private expect(token: string): void {
    for (const character of token) {
      if (this.text[this.at] !== character) throw this.syntaxError();
      this.at++;
    }
  }

  private value(pointer: string): Json {
    const first = this.text[this.at];
    if (first === "{" || first === "[") {
      if (this.depth === MAX_DEPTH) throw new Refusal("too-deep", "");
      this.depth++;
      const container = first === "{" ? this.object(pointer) : this.array(pointer);
      this.depth--;
      return container;
    }
    if (first === '"') return { type: "string", pointer, ...this.string() };
    if (first === "t") {
      this.expect("true");
      return { type: "boolean", pointer, value: true };
    }
    if (first === "f") {
      this.expect("false");
      return { type: "boolean", pointer, value: false };
    }
    if (first === "n") {
      this.expect("null");
      return { type: "null", pointer };
    }
    return { type: "number", pointer, text: this.number() };
  }

  private object(pointer: string): JsonObject {
    const members: JsonMember[] = [];
    this.expect("{");
    this.space();
    if (this.text[this.at] === "}") {
      this.at++;
      return { type: "object", pointer, members };
    }
    while (true) {
      this.space();
      const { text: key, raw: rawKey } = this.string();
      this.space();
      this.expect(":");
      this.space();
      members.push({ key, rawKey, value: this.value(pointerTo(pointer, key)) });
      this.space();
      if (this.text[this.at] === "}") break;
      this.expect(",");
    }
    this.at++;
    refuseDuplicates(members);
    return { type: "object", pointer, members };
  }

  private array(pointer: string): JsonArray {
    const elements: Json[] = [];
    this.expect("[");
    this.space();
    if (this.text[this.at] === "]") {
      this.at++;
      return { type: "array", pointer, elements };
    }
    while (true) {
      this.space();
      elements.push(this.value(pointerTo(pointer, elements.length)));
      this.space();
      if (this.text[this.at] === "]") break;
      this.expect(",");
    }
    this.at++;
    return { type: "array", pointer, elements };
  }

  private string(): { text: string; raw: string } {
    const start = this.at;
    this.expect('"');
    let text = "";
    while (true) {
      const character = this.text[this.at];
      if (character === undefined && this.cut) throw new Refusal("invalid-utf8", "");
      if (character === undefined || character < " ") throw this.syntaxError();
      if (character === '"') break;
      if (character === "\\") text += this.escape();
      else {
        text += character;
        this.at++;
      }
    }
    this.at++;
    // A surrogate that stands alone is no character: it has no form in UTF-8.
    if (/\p{Surrogate}/u.test(text)) throw new Refusal("invalid-json", "");
    return { text, raw: this.text.slice(start, this.at) };
  }

  private escape(): string {
    this.expect("\\");
    const letter = this.text[this.at] ?? "";
    if (letter === "u") {
      this.at++;
      return String.fromCharCode(this.hexadecimal(4));
    }
    const character = ESCAPES[letter];
    if (character === undefined) throw this.syntaxError();
    this.at++;
    return character;
  }

  private hexadecimal(digits: number): number {
    let value = 0;
    for (let i = 0; i < digits; i++) {
      const digit = "0123456789abcdef".indexOf((this.text[this.at] ?? "x").toLowerCase());
      if (digit < 0) throw this.syntaxError();
      value = value * 16 + digit;
      this.at++;
    }
    return value;
  }

  private number(): string {
    const start = this.at;
    if (this.text[this.at] === "-") this.at++;
    if (this.text[this.at] === "0") this.at++;
    else this.digits();
    if (this.text[this.at] === ".") {
      this.at++;
      this.digits();
    }
    if (this.text[this.at] === "e" || this.text[this.at] === "E") {
      this.at++;
      if (this.text[this.at] === "+" || this.text[this.at] === "-") this.at++;
      this.digits();
    }
    return this.text.slice(start, this.at);
  }

  private digits(): void {
    const start = this.at;
    while (/^[0-9]$/.test(this.text[this.at] ?? "")) this.at++;
    if (this.at === start) throw this.syntaxError();
  }
}

function refuseDuplicates(members: readonly JsonMember[]): void {
  const seen = new Set<string>();
  for (const { key, value } of members) {
    if (seen.has(key)) throw new Refusal("duplicate-key", value.pointer);
    seen.add(key);
  }
}

/** The offset of the first byte of the first sequence that is not well-formed UTF-8 (Unicode, table 3-7), or -1. */
function firstIllFormedByte(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i);
    if (length === 0) return i;
    i += length;
  }
  return -1;
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  const continues = (offset: number, low = 0x80, high = 0xbf): boolean =>
    byte(offset) >= low && byte(offset) <= high;
  const first = byte(0);
  if (first <= 0x7f) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first === 0xe0) return continues(1, 0xa0) && continues(2) ? 3 : 0;
  if (first === 0xed) return continues(1, 0x80, 0x9f) && continues(2) ? 3 : 0;
  if (first >= 0xe1 && first <= 0xef) return continues(1) && continues(2) ? 3 : 0;
  if (first === 0xf0) return continues(1, 0x90) && continues(2) && continues(3) ? 4 : 0;
  if (first >= 0xf1 && first <= 0xf3) return continues(1) && continues(2) && continues(3) ? 4 : 0;
  if (first === 0xf4) return continues(1, 0x80, 0x8f) && continues(2) && continues(3) ? 4 : 0;
  return 0;
}
