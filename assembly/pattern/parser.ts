/**
 * Reads a pattern and writes its program as it goes, in the syntax of Go's `regexp/syntax` with the flags of
 * `regexp.Compile` (`syntax.Perl`), Go 1.26. No recursion: open groups are a list.
 */
import {
  clearClass,
  addRange,
  negate,
  rangeCount,
  rangeFirst,
  rangeLast,
  beginPart,
  endPart,
} from "./classes";
import { readBrackets } from "./brackets";
import { PatternError, fail } from "./errors";
import { isAlphanumeric, readClassEscape, readEscape } from "./escapes";
import { foldPart } from "./fold";
import {
  Shape,
  addPart,
  closeGroup,
  endAlternative,
  group,
  joinPart,
  openGroup,
  openGroups,
  repeatPart,
} from "./groups";
import {
  Assertion,
  Op,
  UNLIMITED,
  emit,
  joinAlternatives,
  programLength,
  repeatFrom,
  splitAlternative,
} from "./program";
import { NO_RUNE, checkUtf8, find, nextRune, offset, peek, remaining, skip } from "./reader";
import { failed } from "./scratch";
import { NO_SET, internClass } from "./sets";

/** `(?i)` */
const FOLD: u32 = 1;
/** `(?m)` */
const LINES: u32 = 2;
/** `(?s)` */
const DOT_NEWLINE: u32 = 4;
/** The most that a count may be. */
const MAX_COUNT: i32 = 1000;

let flags: u32 = 0;
/** There was no repetition. */
const NO_REPETITION: u32 = 0xffffffff;
/** Where the operator of a repetition is, if one came last: it must not be repeated, as in `a**`. */
let repetition: u32 = NO_REPETITION;

/** Reads the pattern that the reader was opened for. False, with the error set, if it is none. */
export function parsePattern(): bool {
  flags = 0;
  repetition = NO_REPETITION;
  openGroups();
  if (!openGroup(0, 0, 0, false)) return false;
  while (remaining() > 0) {
    if (!readNext()) return false;
  }
  if (!endAlternative(offset())) return false;
  const whole = group();
  if (whole.outer != 0) return fail(PatternError.MissingClosingParen, whole.offset);
  joinAlternatives(whole.jump);
  return emit(Op.Match, 0, offset());
}

function readNext(): bool {
  const start = offset();
  const before = repetition;
  repetition = NO_REPETITION;
  const byte = peek(0);
  switch (byte) {
    case 0x28: // (
      if (peek(1) == 0x3f) return readPerlGroup();
      break;
    case 0x5b: // [
      return readBrackets((flags & FOLD) != 0) && writeClass(start);
    case 0x7b: // {
      return readCounted(start, before);
    case 0x5c: // \
      return readBackslash(start);
    case 0x7c: // |
    case 0x29: // )
    case 0x5e: // ^
    case 0x24: // $
    case 0x2e: // .
    case 0x2a: // *
    case 0x2b: // +
    case 0x3f: // ?
      break;
    default: {
      const rune = nextRune();
      return rune != NO_RUNE && writeCharacter(rune, start);
    }
  }
  skip(1);
  switch (byte) {
    case 0x28: // (
      joinPart();
      return openGroup(start, programLength(), flags, true);
    case 0x7c: // |
      return readBar(start);
    case 0x29: // )
      return readClosingParen(start);
    case 0x5e: // ^
      return writeAssertion((flags & LINES) != 0 ? Assertion.BeginLine : Assertion.BeginText, start);
    case 0x24: // $
      return writeAssertion((flags & LINES) != 0 ? Assertion.EndLine : Assertion.EndText, start);
    case 0x2e: // .
      clearClass();
      if ((flags & DOT_NEWLINE) == 0) addRange(0x0a, 0x0a);
      negate();
      return writeClass(start);
    case 0x2a: // *
      return repeat(false, 0, UNLIMITED, start, before);
    case 0x2b: // +
      return repeat(false, 1, UNLIMITED, start, before);
    default: // ?
      return repeat(false, 0, 1, start, before);
  }
}

function readBackslash(start: u32): bool {
  const letter = peek(1);
  switch (letter) {
    case 0x41: // A
      skip(2);
      return writeAssertion(Assertion.BeginText, start);
    case 0x7a: // z
      skip(2);
      return writeAssertion(Assertion.EndText, start);
    case 0x62: // b
      skip(2);
      return writeAssertion(Assertion.WordBoundary, start);
    case 0x42: // B
      skip(2);
      return writeAssertion(Assertion.NoWordBoundary, start);
    case 0x51: // Q
      skip(2);
      return readQuoted();
  }
  clearClass();
  if (readClassEscape((flags & FOLD) != 0)) return writeClass(start);
  if (failed()) return false;
  const rune = readEscape();
  return rune != NO_RUNE && writeCharacter(rune, start);
}

/** Reads what stands between `\Q` and `\E`, or the end: characters, each for itself. */
function readQuoted(): bool {
  while (remaining() > 0) {
    if (peek(0) == 0x5c && peek(1) == 0x45) {
      skip(2);
      return true;
    }
    const start = offset();
    const rune = nextRune();
    if (rune == NO_RUNE || !writeCharacter(rune, start)) return false;
  }
  return true;
}

/** Writes one character; without regard to case if the flag is set. */
function writeCharacter(rune: u32, start: u32): bool {
  clearClass();
  beginPart();
  addRange(rune, rune);
  if ((flags & FOLD) != 0) foldPart();
  endPart();
  return writeSet(Shape.Character, (flags & FOLD) != 0, start);
}

/** Writes the class at hand. */
function writeClass(start: u32): bool {
  if (failed()) return false;
  // Go takes a class of one character for that character.
  const sole = rangeCount() == 1 && rangeFirst(0) == rangeLast(0);
  return writeSet(sole ? Shape.Character : Shape.Class, false, start);
}

function writeSet(shape: Shape, folded: bool, start: u32): bool {
  if (failed()) return false;
  const at = programLength();
  const set = internClass(start);
  return set != NO_SET && emit(Op.Set, <i32>set, start) && addPart(shape, folded, at, 1, 1, 1, start);
}

function writeAssertion(assertion: Assertion, start: u32): bool {
  const at = programLength();
  return emit(Op.Assert, <i32>assertion, start) && addPart(Shape.Other, false, at, 1, 1, 1, start);
}

function readBar(start: u32): bool {
  if (!endAlternative(start)) return false;
  const g = group();
  g.jump = splitAlternative(g.alternative, g.jump, start);
  g.alternative = programLength();
  return !failed();
}

function readClosingParen(start: u32): bool {
  if (!endAlternative(start)) return false;
  const g = group();
  if (g.outer == 0) return fail(PatternError.UnexpectedParen, start);
  joinAlternatives(g.jump);
  flags = g.flags;
  return closeGroup(start);
}

/**
 * Repeats the last part; its operator began at `start` and is read but for a `?` that makes it lazy. `before` is where
 * the operator of a repetition is that comes right before it.
 */
function repeat(counted: bool, min: i32, max: i32, start: u32, before: u32): bool {
  // Lazy or not makes no difference to whether a text matches.
  if (peek(0) == 0x3f) skip(1);
  if (before != NO_REPETITION) return fail(PatternError.InvalidNestedRepetition, before);
  const g = group();
  if (g.partShape == Shape.None) return fail(PatternError.MissingRepeatArgument, start);
  repetition = start;
  return repeatPart(counted, min, max, start) && repeatFrom(g.partStart, min, max, start);
}

/** Reads `{n}`, `{n,}` or `{n,m}`; anything else that begins with a brace begins with that character. */
function readCounted(start: u32, before: u32): bool {
  let ahead: u32 = 1;
  const min = countAt(ahead);
  ahead += digitsAt(ahead);
  let max = min;
  let counted = min != NO_COUNT;
  if (counted && peek(ahead) == 0x2c) {
    ahead++;
    if (peek(ahead) == 0x7d) {
      max = UNLIMITED;
    } else {
      max = countAt(ahead);
      ahead += digitsAt(ahead);
      counted = max != NO_COUNT;
    }
  }
  if (!counted || peek(ahead) != 0x7d) {
    skip(1);
    return writeCharacter(0x7b, start);
  }
  if (min > MAX_COUNT || max > MAX_COUNT || (max != UNLIMITED && min > max)) {
    return fail(PatternError.InvalidRepeatCount, start);
  }
  skip(ahead + 1);
  return repeat(true, min, max, start, before);
}

/** There is no number. */
const NO_COUNT: i32 = -2;

function isDigit(byte: u32): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** How many digits there are `ahead` bytes ahead. */
function digitsAt(ahead: u32): u32 {
  let digits: u32 = 0;
  while (isDigit(peek(ahead + digits))) digits++;
  return digits;
}

/** The number `ahead` bytes ahead, or one more than the greatest that is allowed; `NO_COUNT` if there is none. */
function countAt(ahead: u32): i32 {
  const digits = digitsAt(ahead);
  if (digits == 0 || (digits > 1 && peek(ahead) == 0x30)) return NO_COUNT;
  let value: i32 = 0;
  for (let i: u32 = 0; i < digits; i++) value = min(value * 10 + <i32>peek(ahead + i) - 0x30, MAX_COUNT + 1);
  return value;
}

/** Reads what begins with `(?`: a named group, flags, or a group with flags. */
function readPerlGroup(): bool {
  const start = offset();
  const second = peek(2);
  const python = remaining() > 4 && second == 0x50 && peek(3) == 0x3c;
  if (python || (remaining() > 3 && second == 0x3c)) return readNamedGroup(start, python ? 4 : 3);
  skip(2);
  let changed = flags;
  let negative = false;
  let sawFlag = false;
  while (remaining() > 0) {
    const rune = nextRune();
    if (rune == NO_RUNE) return false;
    let flag: u32 = 0;
    switch (rune) {
      case 0x69: // i
        flag = FOLD;
        break;
      case 0x6d: // m
        flag = LINES;
        break;
      case 0x73: // s
        flag = DOT_NEWLINE;
        break;
      case 0x55: // U: which repetitions are lazy makes no difference
        break;
      case 0x2d: // -
        if (negative) return fail(PatternError.InvalidPerlOperator, start);
        negative = true;
        sawFlag = false;
        continue;
      case 0x3a: // :
      case 0x29: // )
        if (negative && !sawFlag) return fail(PatternError.InvalidPerlOperator, start);
        if (rune == 0x3a) {
          joinPart();
          if (!openGroup(start, programLength(), flags, false)) return false;
        }
        flags = changed;
        return true;
      default:
        return fail(PatternError.InvalidPerlOperator, start);
    }
    sawFlag = true;
    changed = negative ? changed & ~flag : changed | flag;
  }
  return fail(PatternError.InvalidPerlOperator, start);
}

/** Reads `(?P<name>` or `(?<name>`; the name is `ahead` bytes ahead. */
function readNamedGroup(start: u32, ahead: u32): bool {
  const end = find(0x3e, 0);
  if (end == NO_RUNE) return checkUtf8(0, remaining()) && fail(PatternError.InvalidNamedCapture, start);
  if (!checkUtf8(ahead, end)) return false;
  if (end == ahead) return fail(PatternError.InvalidNamedCapture, start);
  for (let i = ahead; i < end; i++) {
    const byte = peek(i);
    if (byte != 0x5f && !isAlphanumeric(byte)) return fail(PatternError.InvalidNamedCapture, start);
  }
  skip(end + 1);
  joinPart();
  return openGroup(start, programLength(), flags, true);
}
