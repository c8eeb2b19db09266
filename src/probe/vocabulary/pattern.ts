/**
 * Matching a pattern with a line: by backtracking that remembers. Each branch of the pattern is tried at most once at each character, since what
 * failed there once fails again; so the time is linear in the line, whatever the pattern.
 */
import { badPattern, type CharTest, type PatternNode, readPattern } from "./pattern-syntax.ts";

const MAX_PROGRAM = 2_000;

type Instruction =
  /** `ascii` remembers what the test said of the first 128 characters: 0 not asked yet, 1 no, 2 yes. */
  | { readonly op: "char"; readonly test: CharTest; readonly ascii: Uint8Array }
  | { readonly op: "start" | "end" | "match" }
  | { readonly op: "split"; first: number; second: number; readonly branch: number }
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
  const { root, groups } = readPattern(text);
  const program = new Program(text, new Map(groups.map((name, index) => [name, index * 2])));
  program.emit(root);
  const begins = root.op === "join" && root.parts[0]?.op === "start" ? "at-start" : "anywhere";
  const { code, branches } = program.finished();
  return { groups, match: (line, budget) => run({ code, branches, groups, begins }, line, budget) };
}

/** Puts instructions together. */
class Program {
  readonly #text: string;
  readonly #slots: ReadonlyMap<string, number>;
  readonly #code: Instruction[] = [];
  readonly #tables = new Map<CharTest, Uint8Array>();
  #branches = 0;

  constructor(text: string, slots: ReadonlyMap<string, number>) {
    this.#text = text;
    this.#slots = slots;
  }

  finished(): { readonly code: readonly Instruction[]; readonly branches: number } {
    this.#code.push({ op: "match" });
    return { code: this.#code, branches: this.#branches };
  }

  emit(node: PatternNode): void {
    if (this.#code.length > MAX_PROGRAM) throw badPattern(this.#text, "it repeats too much");
    switch (node.op) {
      case "char":
        this.#code.push({ op: "char", test: node.test, ascii: this.#tableOf(node.test) });
        return;
      case "start":
      case "end":
        this.#code.push({ op: node.op });
        return;
      case "join":
        for (const part of node.parts) this.emit(part);
        return;
      case "group": {
        const slot = node.name === undefined ? undefined : this.#slots.get(node.name);
        if (slot !== undefined) this.#code.push({ op: "save", slot });
        this.emit(node.inner);
        if (slot !== undefined) this.#code.push({ op: "save", slot: slot + 1 });
        return;
      }
      case "either":
        this.#either(node.parts);
        return;
      case "repeat":
        this.#repeat(node);
        return;
    }
  }

  /** Repetitions of one test share what it said. */
  #tableOf(test: CharTest): Uint8Array {
    const known = this.#tables.get(test) ?? new Uint8Array(128);
    this.#tables.set(test, known);
    return known;
  }

  /** A choice between what follows and a place that is set later. */
  #split(greed: "greedy" | "lazy"): () => void {
    const at = this.#code.length;
    const split = { op: "split" as const, first: at + 1, second: at + 1, branch: this.#branches };
    this.#branches += 1;
    this.#code.push(split);
    return () => {
      if (greed === "greedy") split.second = this.#code.length;
      else split.first = this.#code.length;
    };
  }

  #either(parts: readonly PatternNode[]): void {
    const jumps: { op: "jump"; to: number }[] = [];
    parts.forEach((part, index) => {
      if (index === parts.length - 1) {
        this.emit(part);
        return;
      }
      const done = this.#split("greedy");
      this.emit(part);
      const jump = { op: "jump" as const, to: 0 };
      this.#code.push(jump);
      jumps.push(jump);
      done();
    });
    for (const jump of jumps) jump.to = this.#code.length;
  }

  #repeat({ inner, least, most, greed }: Extract<PatternNode, { op: "repeat" }>): void {
    for (let count = 0; count < least; count += 1) this.emit(inner);
    if (most === Number.POSITIVE_INFINITY) {
      const at = this.#code.length;
      const done = this.#split(greed);
      this.emit(inner);
      this.#code.push({ op: "jump", to: at });
      done();
      return;
    }
    const ends: (() => void)[] = [];
    for (let count = least; count < most; count += 1) {
      ends.push(this.#split(greed));
      this.emit(inner);
    }
    for (const done of ends) done();
  }
}

interface Runnable {
  readonly code: readonly Instruction[];
  readonly branches: number;
  readonly groups: readonly string[];
  readonly begins: "at-start" | "anywhere";
}

/** What was tried: a bit for each branch at each character. Kept between lines, since most are short. */
let tried = new Uint32Array(1_024);
/** Places to return to: an instruction and a character, or a group's border (as -1 - slot) and what it was. */
const pending: number[] = [];

function run(
  { code, branches, groups, begins }: Runnable,
  line: string,
  budget: { steps: number },
): Readonly<Record<string, string>> | undefined {
  const width = line.length + 1;
  const words = Math.ceil((branches * width) / 32);
  if (words > tried.length) tried = new Uint32Array(words);
  else tried.fill(0, 0, words);
  budget.steps -= words;
  const saved: number[] = new Array<number>(groups.length * 2).fill(-1);
  const last = begins === "at-start" ? 0 : line.length;
  for (let start = 0; start <= last && budget.steps > 0; start += 1) {
    if (!matchesAt(code, line, start, saved, budget)) continue;
    const found: Record<string, string> = {};
    for (const [index, name] of groups.entries()) {
      const from = saved[index * 2] as number;
      const to = saved[index * 2 + 1] as number;
      if (from >= 0 && to >= 0) found[name] = line.slice(from, to);
    }
    return found;
  }
  return undefined;
}

function matchesAt(
  code: readonly Instruction[],
  line: string,
  start: number,
  saved: number[],
  budget: { steps: number },
): boolean {
  const width = line.length + 1;
  pending.length = 0;
  pending.push(0, start);
  while (pending.length > 0 && budget.steps > 0) {
    let index = pending.pop() as number;
    let at = pending.pop() as number;
    if (at < 0) {
      saved[-1 - at] = index;
      continue;
    }
    for (let open = true; open; ) {
      budget.steps -= 1;
      const instruction = code[at] as Instruction;
      switch (instruction.op) {
        case "char": {
          const char = index < line.length ? line.charCodeAt(index) : -1;
          open = char >= 0 && fits(instruction, char);
          at += 1;
          index += 1;
          break;
        }
        case "split": {
          const bit = instruction.branch * width + index;
          const mask = 1 << (bit & 31);
          const word = tried[bit >>> 5] as number;
          open = (word & mask) === 0;
          tried[bit >>> 5] = word | mask;
          if (open) pending.push(instruction.second, index);
          at = instruction.first;
          break;
        }
        case "jump":
          at = instruction.to;
          break;
        case "save":
          pending.push(-1 - instruction.slot, saved[instruction.slot] as number);
          saved[instruction.slot] = index;
          at += 1;
          break;
        case "start":
          open = index === 0;
          at += 1;
          break;
        case "end":
          open = index === line.length;
          at += 1;
          break;
        case "match":
          return true;
      }
    }
  }
  return false;
}

function fits({ test, ascii }: Extract<Instruction, { op: "char" }>, char: number): boolean {
  if (char >= 128) return test(char);
  if (ascii[char] === 0) ascii[char] = test(char) ? 2 : 1;
  return ascii[char] === 2;
}
