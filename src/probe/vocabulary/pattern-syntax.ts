/**
 * Patterns of recipes: the part of RE2's syntax that a line of a file needs, matched in time linear in the line, whatever the pattern.
 * A vocabulary comes from strangers, and JavaScript's own expressions can be made to run for hours.
 *
 *   pattern = branch *( "|" branch )          group = "(" [ "?:" / "?<" name ">" ] pattern ")"
 *   branch  = *( atom [ repeat ] )            repeat = ( "*" / "+" / "?" / "{" n [ "," [ m ] ] "}" ) [ "?" ]
 *   atom    = char / "." / class / "^" / "$" / group / "\" ( d D w W s S / punctuation / t )
 */
import { HostfitError } from "../../errors.ts";

const MAX_LENGTH = 256;
const MAX_REPEAT = 100;
const MAX_DEPTH = 16;

/** Whether a character (a UTF-16 unit) fits. */
export type CharTest = (code: number) => boolean;

/** A part of a pattern. */
export type PatternNode =
  | { readonly op: "char"; readonly test: CharTest }
  | { readonly op: "start" | "end" }
  | { readonly op: "join"; readonly parts: readonly PatternNode[] }
  | { readonly op: "either"; readonly parts: readonly PatternNode[] }
  | { readonly op: "group"; readonly name: string | undefined; readonly inner: PatternNode }
  | {
      readonly op: "repeat";
      readonly inner: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly greed: "greedy" | "lazy";
    };

/** A pattern as it is written, with the names of its groups in order. */
export interface PatternSyntax {
  readonly root: PatternNode;
  readonly groups: readonly string[];
}

/**
 * Reads a pattern's parts.
 * @throws HostfitError `bad-pattern`, which says where and what.
 */
export function readPattern(text: string): PatternSyntax {
  if (text.length > MAX_LENGTH) throw badPattern(text, `it has more than ${MAX_LENGTH} characters`);
  return new PatternReader(text).read();
}

/**
 * Reads a pattern for one character, such as `[^a-z]`, `\W` or `-`.
 * @throws HostfitError `bad-pattern` for any other.
 */
export function readCharacters(text: string): CharTest {
  const { root } = readPattern(text);
  const only = root.op === "join" && root.parts.length === 1 ? root.parts[0] : undefined;
  if (only?.op !== "char") throw badPattern(text, "it is no pattern for a single character, such as [^a-z]");
  return only.test;
}

/** An error about a pattern. */
export function badPattern(text: string, why: string): HostfitError {
  return new HostfitError("bad-pattern", `the pattern ${JSON.stringify(text.slice(0, 80))}: ${why}`, {
    help: "docs/vocabularies.md lists what a pattern may hold",
  });
}

const isDigit: CharTest = (code) => code >= 48 && code <= 57;
const isWord: CharTest = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: CharTest = (code) => code === 32 || (code >= 9 && code <= 13);
const not =
  (test: CharTest): CharTest =>
  (code) =>
    !test(code);

const CLASSES: ReadonlyMap<string, CharTest> = new Map([
  ["d", isDigit],
  ["D", not(isDigit)],
  ["w", isWord],
  ["W", not(isWord)],
  ["s", isSpace],
  ["S", not(isSpace)],
]);

class PatternReader {
  readonly #text: string;
  readonly #groups: string[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): { root: PatternNode; groups: readonly string[] } {
    const root = this.#either();
    if (this.#at < this.#text.length) this.#fail("a ) without its (");
    return { root, groups: this.#groups };
  }

  #either(): PatternNode {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail(`groups deeper than ${MAX_DEPTH}`);
    const parts = [this.#join()];
    while (this.#take("|")) parts.push(this.#join());
    this.#depth -= 1;
    return parts.length === 1 ? (parts[0] as PatternNode) : { op: "either", parts };
  }

  #join(): PatternNode {
    const parts: PatternNode[] = [];
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined || next === "|" || next === ")") return { op: "join", parts };
      parts.push(this.#repeats(this.#atom()));
    }
  }

  #repeats(inner: PatternNode): PatternNode {
    const bounds = this.#bounds();
    if (bounds === undefined) return inner;
    const [least, most] = bounds;
    const greed = this.#take("?") ? "lazy" : "greedy";
    if (this.#bounds() !== undefined) this.#fail("a repetition of a repetition");
    return { op: "repeat", inner, least, most, greed };
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#take("*")) return [0, Number.POSITIVE_INFINITY];
    if (this.#take("+")) return [1, Number.POSITIVE_INFINITY];
    if (this.#take("?")) return [0, 1];
    if (!this.#take("{")) return undefined;
    const found = /^(\d{1,3})(?:(,)(\d{1,3})?)?\}/.exec(this.#text.slice(this.#at));
    if (found === null) return this.#fail("a { that starts no {n,m}; write \\{ for the character");
    this.#at += found[0].length;
    const least = Number(found[1]);
    const most =
      found[2] === undefined ? least : found[3] === undefined ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (most < least || least > MAX_REPEAT || (most !== Number.POSITIVE_INFINITY && most > MAX_REPEAT))
      this.#fail(`repetitions are of at most ${MAX_REPEAT}, the smaller number first`);
    return [least, most];
  }

  #atom(): PatternNode {
    const char = this.#text[this.#at] as string;
    this.#at += 1;
    switch (char) {
      case ".":
        return { op: "char", test: () => true };
      case "^":
        return { op: "start" };
      case "$":
        return { op: "end" };
      case "[":
        return { op: "char", test: this.#class() };
      case "(":
        return this.#group();
      case "\\":
        return { op: "char", test: this.#escape() };
      case "*":
      case "+":
      case "?":
      case "{":
        return this.#fail(`a ${char} with nothing before it`);
      default:
        return { op: "char", test: (code) => code === char.charCodeAt(0) };
    }
  }

  #group(): PatternNode {
    let name: string | undefined;
    if (this.#take("?")) {
      if (!this.#take(":")) {
        const named = /^P?<([A-Za-z_]\w{0,31})>/.exec(this.#text.slice(this.#at));
        if (named?.[1] === undefined) return this.#fail("a group is (...), (?:...) or (?<name>...)");
        this.#at += named[0].length;
        name = named[1];
        if (name === "__proto__") this.#fail("a group has another name than __proto__");
        if (this.#groups.includes(name)) this.#fail(`two groups with the name ${name}`);
        this.#groups.push(name);
      }
    }
    const inner = this.#either();
    if (!this.#take(")")) this.#fail("a ( without its )");
    return { op: "group", name, inner };
  }

  #escape(): CharTest {
    const char = this.#text[this.#at];
    this.#at += 1;
    if (char === undefined) return this.#fail("a \\ at the end");
    const known = CLASSES.get(char);
    if (known !== undefined) return known;
    if (char === "t") return (code) => code === 9;
    if (/[A-Za-z0-9]/.test(char)) this.#fail(`\\${char} is not supported`);
    return (code) => code === char.charCodeAt(0);
  }

  #class(): CharTest {
    const negated = this.#take("^");
    const tests: CharTest[] = [];
    for (let first = true; ; first = false) {
      const char = this.#text[this.#at];
      if (char === undefined) this.#fail("a [ without its ]");
      this.#at += 1;
      if (char === "]" && !first) break;
      if (char === "\\") {
        tests.push(this.#escape());
        continue;
      }
      const from = (char as string).charCodeAt(0);
      const upper = this.#text[this.#at + 1];
      if (this.#text[this.#at] === "-" && upper !== undefined && upper !== "]") {
        this.#at += 2;
        const to = upper.charCodeAt(0);
        if (upper === "\\" || to < from) this.#fail("a range of characters whose ends are in order");
        tests.push((code) => code >= from && code <= to);
      } else tests.push((code) => code === from);
    }
    const any: CharTest = (code) => tests.some((test) => test(code));
    return negated ? not(any) : any;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #fail(why: string): never {
    throw badPattern(this.#text, `at character ${this.#at}: ${why}`);
  }
}
