/**
 * Runs an automaton over a text by keeping the set of all instructions that are reached (Thompson's simulation): the
 * work for a code point is at most one visit to each instruction, whatever the pattern is.
 */
import { charge } from "../work";
import { Automaton, Neighbour, classOf } from "./automaton";
import { Assertion, OPERAND_SHIFT, OP_MASK, Op } from "./program";
import { RUNE_BYTES_SHIFT, RUNE_MASK, decodeRune } from "./runes";

/** What matching gives. */
export const MATCH: i32 = 1;
export const NO_MATCH: i32 = 0;
export const BUDGET_GONE: i32 = -2;

/** Work of one visit to an instruction. */
const VISIT_UNITS: u32 = 4;

let visits: u32 = 0;

/** Whether an assertion holds between two neighbours; `after` may be unknown only where it does not matter. */
function holds(assertion: u32, before: Neighbour, after: Neighbour): bool {
  switch (assertion) {
    case Assertion.BeginText:
      return before == Neighbour.Edge;
    case Assertion.BeginLine:
      return before >= Neighbour.Newline;
    case Assertion.EndText:
      return after == Neighbour.Edge;
    case Assertion.EndLine:
      return after >= Neighbour.Newline;
    case Assertion.WordBoundary:
      return (before == Neighbour.Word) != (after == Neighbour.Word);
    default:
      return (before == Neighbour.Word) == (after == Neighbour.Word);
  }
}

/** Puts an instruction into a set; if it is new there, on the stack too. Gives the stack's new height. */
function reach(a: Automaton, bits: usize, pc: u32, height: u32): u32 {
  const word = bits + ((pc >>> 6) << 3);
  const bit = (<u64>1) << (pc & 63);
  if ((load<u64>(word) & bit) != 0) return height;
  store<u64>(word, load<u64>(word) | bit);
  store<u16>(a.stack + (height << 1), <u16>pc);
  return height + 1;
}

/**
 * Adds to a set all that is reached without a code point from the instructions on the stack. True if that is a match.
 * While `after` is unknown, assertions that look at it stay in the set and are not passed.
 */
function follow(a: Automaton, bits: usize, height: u32, before: Neighbour, after: Neighbour): bool {
  while (height > 0) {
    visits++;
    height--;
    const pc = <u32>load<u16>(a.stack + (height << 1));
    const instruction = load<u32>(a.program + (pc << 2));
    switch (instruction & OP_MASK) {
      case Op.Match:
        return true;
      case Op.Split:
        height = reach(a, bits, pc + 1, height);
        height = reach(a, bits, pc + (<i32>instruction >> OPERAND_SHIFT), height);
        break;
      case Op.Jump:
        height = reach(a, bits, pc + (<i32>instruction >> OPERAND_SHIFT), height);
        break;
      case Op.Assert: {
        const assertion = instruction >>> OPERAND_SHIFT;
        if (after == Neighbour.Unknown && assertion >= <u32>Assertion.EndText) break;
        if (holds(assertion, before, after)) height = reach(a, bits, pc + 1, height);
        break;
      }
    }
  }
  return false;
}

/** Makes `bits` the set in which a text begins. True if that is a match already. */
export function begin(a: Automaton, bits: usize, before: Neighbour): bool {
  memory.fill(bits, 0, a.words << 3);
  return follow(a, bits, reach(a, bits, 0, 0), before, Neighbour.Unknown);
}

/** Whether a match can begin at the text's first position only. */
export function beginsNowhere(a: Automaton): bool {
  // After a newline everything is reached that is reached after any other code point.
  return !begin(a, a.then, Neighbour.Newline) && isEmpty(a, a.then);
}

/** Whether no instruction of a set can go on. */
export function isEmpty(a: Automaton, bits: usize): bool {
  for (let at: u32 = 0; at < a.words << 3; at += 8) {
    if ((load<u64>(bits + at) & (load<u64>(a.consuming + at) | load<u64>(a.pending + at))) != 0) return false;
  }
  return true;
}

/** Passes the assertions in the set `now` that hold, now that what follows is known. True if that is a match. */
function settle(a: Automaton, now: usize, before: Neighbour, after: Neighbour): bool {
  let height: u32 = 0;
  for (let word: u32 = 0; word < a.words; word++) {
    const at = word << 3;
    for (let left = load<u64>(now + at) & load<u64>(a.pending + at); left != 0; left &= left - 1) {
      const pc = (word << 6) + <u32>ctz(left);
      const assertion = load<u32>(a.program + (pc << 2)) >>> OPERAND_SHIFT;
      if (holds(assertion, before, after)) height = reach(a, now, pc + 1, height);
    }
  }
  return follow(a, now, height, before, after);
}

/** Whether an instruction goes on with a code point of that class. */
function accepts(a: Automaton, instruction: u32, number: u32): bool {
  const operand = instruction >>> OPERAND_SHIFT;
  if ((instruction & OP_MASK) == Op.Class) return operand == number;
  return ((<u32>load<u8>(a.members + operand * a.memberBytes + (number >>> 3)) >>> (number & 7)) & 1) != 0;
}

/**
 * Reads a code point of the class `number`, or the text's end, from the set `a.now` on, and makes `a.then` the set after
 * it; `before` is the code point before. True if the text matches whatever follows.
 */
export function step(a: Automaton, number: u32, before: Neighbour): bool {
  const after = <Neighbour>load<u8>(a.neighbours + number);
  const now = a.now;
  if (a.hasPending && settle(a, now, before, after)) return true;
  if (number == a.classes) return false;
  const then = a.then;
  memory.fill(then, 0, a.words << 3);
  let height: u32 = 0;
  for (let word: u32 = 0; word < a.words; word++) {
    const at = word << 3;
    for (let left = load<u64>(now + at) & load<u64>(a.consuming + at); left != 0; left &= left - 1) {
      visits++;
      const pc = (word << 6) + <u32>ctz(left);
      if (accepts(a, load<u32>(a.program + (pc << 2)), number)) height = reach(a, then, pc + 1, height);
    }
  }
  // A match may begin here too.
  if (!a.anchored) height = reach(a, then, 0, height);
  return follow(a, then, height, after, Neighbour.Unknown);
}

/** Charges what `begin` and `step` have done since the last time. False if the budget is gone. */
export function chargeSteps(a: Automaton): bool {
  const units = visits * VISIT_UNITS + a.words * 2 + 4;
  visits = 0;
  return charge(units);
}

/** Whether the text matches, without a table of states. */
export function simulate(a: Automaton, text: usize, length: u32): i32 {
  let before = Neighbour.Edge;
  if (begin(a, a.now, before)) return MATCH;
  const end = text + length;
  for (let at = text; at < end; ) {
    const first = <u32>load<u8>(at);
    let number: u32;
    if (first < 0x80) {
      number = load<u16>(a.ascii + (first << 1));
      at++;
    } else {
      const rune = decodeRune(at, end);
      at += rune >>> RUNE_BYTES_SHIFT;
      number = classOf(a, rune & RUNE_MASK);
    }
    if (step(a, number, before)) return MATCH;
    if (!chargeSteps(a)) return BUDGET_GONE;
    if (a.anchored && isEmpty(a, a.then)) return NO_MATCH;
    before = <Neighbour>load<u8>(a.neighbours + number);
    const then = a.then;
    a.then = a.now;
    a.now = then;
  }
  return step(a, a.classes, before) ? MATCH : NO_MATCH;
}
