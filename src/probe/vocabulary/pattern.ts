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
const MAX_PROGRAM = 2_000;
const MAX_REPEAT = 100;
const MAX_DEPTH = 16;

type CharTest = (code: number) => boolean;

type Node =
  | { readonly op: "char"; readonly test: CharTest }
  | { readonly op: "start" | "end" }
  | { readonly op: "join"; readonly parts: readonly Node[] }
  | { readonly op: "either"; readonly parts: readonly Node[] }
  | { readonly op: "group"; readonly name: string | undefined; readonly inner: Node }
  | {
      readonly op: "repeat";
      readonly inner: Node;
      readonly least: number;
      readonly most: number;
      readonly greed: "greedy" | "lazy";
    };

type Instruction =
  | { readonly op: "char"; readonly test: CharTest }
  | { readonly op: "start" | "end" | "match" }
  | { readonly op: "split"; first: number; second: number }
  | { readonly op: "jump"; to: number }
  | { readonly op: "save"; readonly slot: number };

/** A pattern that was read. */
export interface Pattern {
  /** Names of the groups, in order. */
  readonly groups: readonly string[];
  /**
   * The named groups of the leftmost match, the one that a backtracking matcher would find; undefined without a match. Counts its steps
   * on `budget` and gives up (as without a match) when they are used up.
   */
  readonly match: (line: string, budget: { steps: number }) => Readonly<Record<string, string>> | undefined;
}

/**
 * Reads a pattern.
 * @throws HostfitError `bad-pattern`, which says where and what.
 */
export function parsePattern(text: string): Pattern {
  if (text.length > MAX_LENGTH) throw badPattern(text, `it has more than ${MAX_LENGTH} characters`);
  const { root, groups } = new PatternReader(text).read();
  const program: Instruction[] = [];
  const slots = new Map(groups.map((name, index) => [name, index * 2]));
  emit(root, program, slots, text);
  program.push({ op: "match" });
  return { groups, match: (line, budget) => run(program, groups, line, budget) };
}

function badPattern(text: string, why: string): HostfitError {
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

  read(): { root: Node; groups: readonly string[] } {
    const root = this.#either();
    if (this.#at < this.#text.length) this.#fail("a ) without its (");
    return { root, groups: this.#groups };
  }

  #either(): Node {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail(`groups deeper than ${MAX_DEPTH}`);
    const parts = [this.#join()];
    while (this.#take("|")) parts.push(this.#join());
    this.#depth -= 1;
    return parts.length === 1 ? (parts[0] as Node) : { op: "either", parts };
  }

  #join(): Node {
    const parts: Node[] = [];
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined || next === "|" || next === ")") return { op: "join", parts };
      parts.push(this.#repeats(this.#atom()));
    }
  }

  #repeats(inner: Node): Node {
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

  #atom(): Node {
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

  #group(): Node {
    let name: string | undefined;
    if (this.#take("?")) {
      if (!this.#take(":")) {
        const named = /^P?<([A-Za-z_]\w{0,31})>/.exec(this.#text.slice(this.#at));
        if (named?.[1] === undefined) return this.#fail("a group is (...), (?:...) or (?<name>...)");
        this.#at += named[0].length;
        name = named[1];
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

function emit(node: Node, program: Instruction[], slots: ReadonlyMap<string, number>, text: string): void {
  if (program.length > MAX_PROGRAM) throw badPattern(text, "it repeats too much");
  switch (node.op) {
    case "char":
      program.push({ op: "char", test: node.test });
      return;
    case "start":
    case "end":
      program.push({ op: node.op });
      return;
    case "join":
      for (const part of node.parts) emit(part, program, slots, text);
      return;
    case "group": {
      const slot = node.name === undefined ? undefined : slots.get(node.name);
      if (slot !== undefined) program.push({ op: "save", slot });
      emit(node.inner, program, slots, text);
      if (slot !== undefined) program.push({ op: "save", slot: slot + 1 });
      return;
    }
    case "either":
      emitEither(node.parts, program, slots, text);
      return;
    case "repeat":
      emitRepeat(node, program, slots, text);
      return;
  }
}

function emitEither(
  parts: readonly Node[],
  program: Instruction[],
  slots: ReadonlyMap<string, number>,
  text: string,
): void {
  const jumps: { op: "jump"; to: number }[] = [];
  parts.forEach((part, index) => {
    if (index === parts.length - 1) {
      emit(part, program, slots, text);
      return;
    }
    const split = { op: "split" as const, first: program.length + 1, second: 0 };
    program.push(split);
    emit(part, program, slots, text);
    const jump = { op: "jump" as const, to: 0 };
    program.push(jump);
    jumps.push(jump);
    split.second = program.length;
  });
  for (const jump of jumps) jump.to = program.length;
}

function emitRepeat(
  node: Extract<Node, { op: "repeat" }>,
  program: Instruction[],
  slots: ReadonlyMap<string, number>,
  text: string,
): void {
  const { inner, least, most, greed } = node;
  for (let count = 0; count < least; count += 1) emit(inner, program, slots, text);
  const branch = (): (() => void) => {
    const at = program.length;
    const split = { op: "split" as const, first: at + 1, second: at + 1 };
    program.push(split);
    return () => {
      if (greed === "greedy") split.second = program.length;
      else split.first = program.length;
    };
  };
  if (most === Number.POSITIVE_INFINITY) {
    const at = program.length;
    const done = branch();
    emit(inner, program, slots, text);
    program.push({ op: "jump", to: at });
    done();
    return;
  }
  const ends: (() => void)[] = [];
  for (let count = least; count < most; count += 1) {
    ends.push(branch());
    emit(inner, program, slots, text);
  }
  for (const done of ends) done();
}

interface Thread {
  readonly at: number;
  readonly saved: readonly number[];
}

/** All threads of the program step through the line together: a program counter has at most one, the one of highest priority. */
function run(
  program: readonly Instruction[],
  groups: readonly string[],
  line: string,
  budget: { steps: number },
): Readonly<Record<string, string>> | undefined {
  let threads: Thread[] = [];
  let matched: readonly number[] | undefined;
  const seen = new Int32Array(program.length).fill(-1);
  for (let index = 0; index <= line.length; index += 1) {
    const next: Thread[] = [];
    if (matched === undefined) add(program, threads, seen, { at: 0, saved: [] }, index, line.length, budget);
    if (budget.steps <= 0) return undefined;
    const code = index < line.length ? line.charCodeAt(index) : -1;
    // `seen` holds the position after this one for the threads of the next list: the lists never mix, since positions grow.
    for (const thread of threads) {
      const instruction = program[thread.at] as Instruction;
      budget.steps -= 1;
      if (instruction.op === "match") {
        matched = thread.saved;
        break;
      }
      if (instruction.op === "char" && code >= 0 && instruction.test(code)) {
        add(program, next, seen, { at: thread.at + 1, saved: thread.saved }, index + 1, line.length, budget);
      }
    }
    threads = next;
    if (threads.length === 0 && matched !== undefined) break;
  }
  if (matched === undefined) return undefined;
  const found: Record<string, string> = Object.create(null);
  for (const [index, name] of groups.entries()) {
    const from = matched[index * 2];
    const to = matched[index * 2 + 1];
    if (from !== undefined && to !== undefined) found[name] = line.slice(from, to);
  }
  return found;
}

/** Adds a thread and all that it leads to without a character, in order of priority. */
function add(
  program: readonly Instruction[],
  threads: Thread[],
  seen: Int32Array,
  start: Thread,
  index: number,
  length: number,
  budget: { steps: number },
): void {
  const pending: Thread[] = [start];
  for (let thread = pending.pop(); thread !== undefined; thread = pending.pop()) {
    const { at, saved } = thread;
    if (seen[at] === index) continue;
    seen[at] = index;
    budget.steps -= 1;
    const instruction = program[at] as Instruction;
    switch (instruction.op) {
      case "jump":
        pending.push({ at: instruction.to, saved });
        break;
      case "split":
        pending.push({ at: instruction.second, saved }, { at: instruction.first, saved });
        break;
      case "save": {
        const copy = saved.slice();
        copy[instruction.slot] = index;
        pending.push({ at: at + 1, saved: copy });
        break;
      }
      case "start":
        if (index === 0) pending.push({ at: at + 1, saved });
        break;
      case "end":
        if (index === length) pending.push({ at: at + 1, saved });
        break;
      default:
        threads.push(thread);
    }
  }
}
