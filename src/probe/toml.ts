/**
 * Enough of TOML 1.0 to read the configurations of container runtimes: tables, arrays of tables, dotted and quoted keys, strings of all
 * four kinds, numbers, booleans, arrays and inline tables. Dates are kept as text. What isn't understood is an error, never skipped,
 * except that a key which is defined twice is no error here (the last counts): this is a reader, not a judge.
 */
import { HostfitError } from "../errors.ts";

export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;
/** A null-prototype map, so that keys such as `__proto__` are just keys. */
export interface TomlTable {
  [key: string]: TomlValue;
}

const MAX_DEPTH = 32;

/**
 * Parses a document of any length (bound it before).
 * @throws HostfitError `malformed-toml`, with the line.
 */
export function parseToml(text: string): TomlTable {
  return new TomlReader(text).document();
}

/** The table under a path of keys; undefined if there is none. */
export function tableAt(table: TomlTable, ...path: readonly string[]): TomlTable | undefined {
  let at: TomlValue | undefined = table;
  for (const key of path) at = isTable(at) ? at[key] : undefined;
  return isTable(at) ? at : undefined;
}

/** The string at a key; undefined for anything else. */
export function stringAt(table: TomlTable | undefined, key: string): string | undefined {
  const value = table?.[key];
  return typeof value === "string" ? value : undefined;
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value);
}

function newTable(): TomlTable {
  return Object.create(null) as TomlTable;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\u001b",
  '"': '"',
  "\\": "\\",
};

class TomlReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.replaceAll("\r\n", "\n");
  }

  document(): TomlTable {
    const root = newTable();
    let table = root;
    for (;;) {
      this.#skip("lines");
      if (this.#at >= this.#text.length) return root;
      if (this.#take("[[")) {
        const path = this.#key();
        this.#expect("]]");
        table = this.#append(root, path);
      } else if (this.#take("[")) {
        const path = this.#key();
        this.#expect("]");
        table = this.#descend(root, path);
      } else this.#assign(table, 0);
      this.#skip("blanks");
      if (this.#at < this.#text.length && !this.#take("\n")) this.#fail("one statement a line");
    }
  }

  #assign(table: TomlTable, depth: number): void {
    const path = this.#key();
    this.#expect("=");
    const value = this.#value(depth);
    const last = path.at(-1) as string;
    this.#descend(table, path.slice(0, -1))[last] = value;
  }

  /** The table at a path, made where it is missing; the last element of an array of tables stands for the array. */
  #descend(table: TomlTable, path: readonly string[]): TomlTable {
    if (path.length > MAX_DEPTH) this.#fail(`at most ${MAX_DEPTH} levels`);
    let at = table;
    for (const key of path) {
      const known = at[key];
      const next = Array.isArray(known) ? (known.at(-1) as TomlValue | undefined) : known;
      if (next === undefined) {
        const made = newTable();
        at[key] = made;
        at = made;
      } else if (isTable(next)) at = next;
      else this.#fail(`"${key}" to be a table`);
    }
    return at;
  }

  #append(root: TomlTable, path: readonly string[]): TomlTable {
    const parent = this.#descend(root, path.slice(0, -1));
    const key = path.at(-1) as string;
    const known = parent[key];
    const made = newTable();
    parent[key] = [...(Array.isArray(known) ? (known as TomlValue[]) : []), made];
    return made;
  }

  #key(): string[] {
    const path: string[] = [];
    do {
      this.#skip("blanks");
      const next = this.#text[this.#at];
      if (next === '"' || next === "'") path.push(this.#string());
      else {
        const bare = this.#match(/[A-Za-z0-9_-]+/y);
        if (bare === undefined) this.#fail("a key");
        path.push(bare);
      }
      this.#skip("blanks");
    } while (this.#take("."));
    return path;
  }

  #value(depth: number): TomlValue {
    if (depth > MAX_DEPTH) this.#fail(`at most ${MAX_DEPTH} levels`);
    this.#skip("blanks");
    const next = this.#text[this.#at];
    if (next === '"' || next === "'") return this.#string();
    if (next === "[") return this.#array(depth);
    if (next === "{") return this.#inlineTable(depth);
    const word = this.#match(/[A-Za-z0-9_.:+-]+(?: \d\d:[0-9:.Z+-]+)?/y);
    if (word === undefined) this.#fail("a value");
    if (word === "true" || word === "false") return word === "true";
    const plain = word.replaceAll("_", "");
    if (/^[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|inf|nan)$/.test(plain)) {
      return Number(plain.replace("inf", "Infinity").replace("nan", "NaN"));
    }
    if (/^0(?:x[0-9a-fA-F]+|o[0-7]+|b[01]+)$/.test(plain)) return Number(plain);
    if (/^\d{4}-\d\d-\d\d|^\d\d:\d\d/.test(word)) return word;
    return this.#fail("a value");
  }

  #array(depth: number): TomlValue[] {
    this.#expect("[");
    const values: TomlValue[] = [];
    for (;;) {
      this.#skip("lines");
      if (this.#take("]")) return values;
      values.push(this.#value(depth + 1));
      this.#skip("lines");
      if (this.#take("]")) return values;
      this.#expect(",");
    }
  }

  #inlineTable(depth: number): TomlTable {
    this.#expect("{");
    const table = newTable();
    for (;;) {
      this.#skip("lines");
      if (this.#take("}")) return table;
      this.#assign(table, depth + 1);
      this.#skip("lines");
      if (this.#take("}")) return table;
      this.#expect(",");
    }
  }

  #string(): string {
    for (const quotes of ["'''", "'"]) {
      if (!this.#take(quotes)) continue;
      const end = this.#text.indexOf(quotes, this.#at);
      const value = this.#text.slice(this.#at, end);
      if (end < 0 || (quotes === "'" && value.includes("\n"))) this.#fail(`the closing ${quotes}`);
      this.#at = end + quotes.length;
      return quotes === "'''" ? value.replace(/^\n/, "") : value;
    }
    const long = this.#take('"""');
    if (!long) this.#expect('"');
    const parts: string[] = [];
    for (;;) {
      const plain = this.#match(long ? /(?:[^"\\]|"(?!""))+/y : /[^"\\\n]+/y);
      if (plain !== undefined) parts.push(plain);
      if (this.#take(long ? '"""' : '"')) break;
      if (this.#take("\\")) parts.push(this.#escape());
      else this.#fail("the closing quote");
    }
    const value = parts.join("");
    return long ? value.replace(/^\n/, "") : value;
  }

  #escape(): string {
    if (this.#match(/[ \t]*\n\s*/y) !== undefined) return "";
    const code = this.#match(/u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}/y);
    if (code !== undefined) {
      const point = Number.parseInt(code.slice(1), 16);
      if (point > 0x10ffff) this.#fail("a character");
      return String.fromCodePoint(point);
    }
    const letter = this.#match(/[btnfre"\\]/y);
    return (letter === undefined ? undefined : ESCAPES[letter]) ?? this.#fail("an escape");
  }

  /** Skips blanks and a comment; with `lines`, any number of lines of them. */
  #skip(what: "blanks" | "lines"): void {
    this.#match(what === "blanks" ? /[ \t]*(?:#[^\n]*)?/y : /(?:[ \t\n]|#[^\n]*)*/y);
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    this.#skip("blanks");
    if (!this.#take(text)) this.#fail(text);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }

  #fail(expected: string): never {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    throw new HostfitError("malformed-toml", `line ${line}: expected ${expected}`, { details: { line } });
  }
}
