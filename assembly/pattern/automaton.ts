/**
 * A compiled pattern: one block of memory in its region, this record first.
 *
 *   | Automaton | program | masks | sets of instructions | stack | classes of code points | members |
 *
 * Text is never compared with ranges of code points. The code points fall into character classes, within which no
 * instruction of the pattern tells one from another; a text is read as a row of class numbers.
 *
 * A set of instructions is `words` u64, bit i of word w for instruction 64 w + i.
 */

@unmanaged
export class Automaton {
  region: usize;
  /** Instructions, as in program.ts; `Op.Set` has the number of a row of `members`. */
  program: usize;
  instructions: u32;
  words: u32;
  /** Set of instructions: those that go on with a code point. */
  consuming: usize;
  /** Set of instructions: the assertions that look at the code point that follows. */
  pending: usize;
  /** Two sets of instructions to work in, and the stack of `follow`: one u16 an instruction. */
  now: usize;
  then: usize;
  stack: usize;

  /** How many character classes there are; the number after the last stands for the end of the text. */
  classes: u32;
  /** The class of each ASCII character: 128 u16. */
  ascii: usize;
  /** The first code points of the runs of one class from U+0080 on, u32, and their classes, u16. */
  bounds: usize;
  boundClasses: usize;
  boundCount: u32;
  /** The `Neighbour` that each class is, and `Neighbour.Edge` for the end: one byte a class. */
  neighbours: usize;
  /** Rows of one bit a class. */
  members: usize;
  memberBytes: u32;

  /** Whether some instruction is in `pending`. */
  hasPending: bool;
  /** Whether no match can begin after the text's first position. */
  anchored: bool;
  /** Whether the table of states is of no use to this pattern: it grows too fast or its rows are too long. */
  withoutTable: bool;
  /** The table of states (dfa.ts): 0 until first used. */
  table: usize;
  tableBytes: u32;
  tableUsed: u32;
  tableStates: u32;
  /** The state in which a text begins; 0 if it is not in the table. */
  tableStart: u32;
  /** Set when the table is cleared: what was found in it before is gone. */
  tableCleared: bool;
  /** Bytes of text that were read since the table was last cleared, and how often reading so few was worth no table. */
  tableRead: u32;
  tableStrikes: u32;
}

/** What an assertion sees on one side of it. */
export const enum Neighbour {
  Other = 0,
  /** A letter, digit or underscore of ASCII. */
  Word = 1,
  Newline = 2,
  /** The text's beginning or end. */
  Edge = 3,
  /** Not known yet. */
  Unknown = 4,
}

/** The class of a code point from U+0080 on. */
export function classOf(a: Automaton, rune: u32): u32 {
  let low: u32 = 0;
  let high = a.boundCount;
  // INVARIANT: bounds[low] <= rune < bounds[high]; the first bound is at most U+0080.
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (load<u32>(a.bounds + (middle << 2)) <= rune) low = middle;
    else high = middle;
  }
  return load<u16>(a.boundClasses + (low << 1));
}
