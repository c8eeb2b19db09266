/**
 * The program of a pattern, written while the pattern is read. An instruction is one u32:
 *
 *   bits 3..0    what to do (an `Op`)
 *   bits 31..4   operand, signed
 *
 *   Match            the text matches
 *   Set s            goes on with one code point that is in set s
 *   Class c          goes on with one code point of character class c (see alphabet.ts)
 *   Split d          goes on at the next instruction and at d from here
 *   Jump d           goes on at d from here
 *   Assert a         goes on if the assertion a (an `Assertion`) holds between two code points
 *
 * What is written for a part of a pattern goes on behind its own end, and all distances are relative: so it can be
 * moved and copied as it is, and repetition needs no tree.
 */
import { PatternError, fail } from "./errors";
import { allocate, enlarge, work } from "./scratch";

export const enum Op {
  Match = 0,
  Set = 1,
  Class = 2,
  Split = 3,
  Jump = 4,
  Assert = 5,
}

export const enum Assertion {
  BeginText = 0,
  BeginLine = 1,
  EndText = 2,
  EndLine = 3,
  WordBoundary = 4,
  NoWordBoundary = 5,
}

/** How far to shift an instruction for its operand. */
export const OPERAND_SHIFT: u32 = 4;
/** The bits of an instruction that hold its `Op`. */
export const OP_MASK: u32 = 15;
/** The most instructions of a program. */
export const MAX_INSTRUCTIONS: u32 = 16_384;
/** The `max` of a repetition without a limit. */
export const UNLIMITED: i32 = -1;

let code: usize = 0;
let length: u32 = 0;
let capacity: u32 = 0;

/** Begins a program with room for `instructions`. False, with the error set, without memory. */
export function openProgram(instructions: u32): bool {
  code = allocate(instructions << 2);
  capacity = code == 0 ? 0 : instructions;
  length = 0;
  return code != 0;
}

/** Where the program lies; it moves while it grows. */
export function programAddress(): usize {
  return code;
}

/** How many instructions there are: where the next will lie. */
export function programLength(): u32 {
  return length;
}

/** Room for `more` instructions, or the error is set. */
function reserve(more: u32, offset: u32): bool {
  const need = length + more;
  if (need > MAX_INSTRUCTIONS) return fail(PatternError.ExpressionTooLarge, offset);
  if (need <= capacity) return true;
  const larger = max(need, capacity << 1);
  const moved = enlarge(code, length << 2, larger << 2);
  if (moved == 0) return false;
  code = moved;
  capacity = larger;
  return true;
}

function put(at: u32, op: Op, operand: i32): void {
  store<u32>(code + (at << 2), ((<u32>operand) << OPERAND_SHIFT) | <u32>op);
}

/** Writes one instruction; `offset` is the place in the pattern, for the error. */
export function emit(op: Op, operand: i32, offset: u32): bool {
  if (!reserve(1, offset)) return false;
  put(length, op, operand);
  length++;
  return true;
}

/** Opens a gap of one instruction at `at`: what lies behind moves by one. */
function gap(at: u32): void {
  memory.copy(code + (at << 2) + 4, code + (at << 2), (length - at) << 2);
  length++;
}

/** Makes what was written from `start` on optional, or repeated: `min` to `max` times. */
export function repeatFrom(start: u32, min: i32, max: i32, offset: u32): bool {
  const block = length - start;
  // Nothing, however often, is nothing.
  if (block == 0) return true;
  if (max == 0) {
    length = start;
    return true;
  }
  if (max == UNLIMITED) {
    if (min == 0) {
      if (!reserve(2, offset) || !work(block)) return false;
      gap(start);
      put(start, Op.Split, <i32>block + 2);
      put(length, Op.Jump, -(<i32>block + 1));
    } else {
      const copied = <u32>(min - 1) * block;
      if (!reserve(copied + 1, offset) || !work(copied + 1)) return false;
      copyBlock(start, block, min - 1);
      put(length, Op.Split, -(<i32>block));
    }
    length++;
    return true;
  }
  // x{2,4} is x x (x (x)?)?, and both ends of the optional ones are the same place.
  const optional = max - min;
  const total = <u32>max * block + <u32>optional;
  if (!reserve(total - block, offset) || !work(total)) return false;
  let source = start;
  let left = <u32>optional;
  if (min == 0) {
    gap(start);
    put(start, Op.Split, <i32>(left * (block + 1)));
    left--;
    source++;
  } else {
    copyBlock(start, block, min - 1);
  }
  for (; left > 0; left--) {
    put(length, Op.Split, <i32>(left * (block + 1)));
    length++;
    copyBlock(source, block, 1);
  }
  return true;
}

/** Writes the block at `source` another `times` times at the end. */
function copyBlock(source: u32, block: u32, times: i32): void {
  for (let i = 0; i < times; i++) {
    memory.copy(code + (length << 2), code + (source << 2), block << 2);
    length += block;
  }
}

/**
 * Makes what was written from `start` on one of several alternatives, of which another follows. Gives the place of the
 * jump to the end of them all, which holds `previous` until `joinAlternatives` knows the distance.
 */
export function splitAlternative(start: u32, previous: u32, offset: u32): u32 {
  const block = length - start;
  if (!reserve(2, offset) || !work(block)) return previous;
  gap(start);
  put(start, Op.Split, <i32>block + 2);
  put(length, Op.Jump, <i32>previous);
  return length++;
}

/** Lets the jumps that `splitAlternative` wrote, of which `last` is the last, go to here. */
export function joinAlternatives(last: u32): void {
  while (last != 0) {
    const previous = load<u32>(code + (last << 2)) >>> OPERAND_SHIFT;
    put(last, Op.Jump, <i32>(length - last));
    last = previous;
  }
}
