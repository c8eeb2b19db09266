/** What begins with a backslash: one code point (`\n`, `\x7F`, `\123`, `\.`), a Perl class or a Unicode category. */
import { addAsciiGroup } from "./ascii-groups";
import { UNKNOWN_CATEGORY, addCategories, categoryRange } from "./categories";
import { beginPart, endPart, negate } from "./classes";
import { PatternError, fail } from "./errors";
import { foldPart } from "./fold";
import { NO_RUNE, addressOf, checkUtf8, find, nextRune, offset, peek, remaining, skip } from "./reader";
import { MAX_RUNE } from "./runes";
import { failed } from "./scratch";

function isOctal(byte: u32): bool {
  return byte >= 0x30 && byte <= 0x37;
}

/** The value of a hexadecimal digit, or -1. */
function hexValue(rune: u32): i32 {
  if (rune >= 0x30 && rune <= 0x39) return <i32>rune - 0x30;
  const letter = rune | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? <i32>letter - 0x57 : -1;
}

/** Whether the code point is an ASCII letter or digit. */
export function isAlphanumeric(rune: u32): bool {
  const letter = rune | 0x20;
  return (rune >= 0x30 && rune <= 0x39) || (letter >= 0x61 && letter <= 0x7a);
}

function invalidEscape(start: u32): u32 {
  fail(PatternError.InvalidEscape, start);
  return NO_RUNE;
}

/** Reads the escape of one code point, from its backslash on. `NO_RUNE`, with the error set, if it is none. */
export function readEscape(): u32 {
  const start = offset();
  skip(1);
  if (remaining() == 0) {
    fail(PatternError.TrailingBackslash, start);
    return NO_RUNE;
  }
  const rune = nextRune();
  if (rune == NO_RUNE) return NO_RUNE;
  switch (rune) {
    case 0x61: // a
      return 0x07;
    case 0x66: // f
      return 0x0c;
    case 0x6e: // n
      return 0x0a;
    case 0x72: // r
      return 0x0d;
    case 0x74: // t
      return 0x09;
    case 0x76: // v
      return 0x0b;
    case 0x78: // x
      return readHexadecimal(start);
  }
  if (isOctal(rune)) {
    // A single digit other than 0 would be a back-reference.
    if (rune != 0x30 && !isOctal(peek(0))) return invalidEscape(start);
    let value = rune - 0x30;
    for (let digits = 1; digits < 3 && isOctal(peek(0)); digits++) {
      value = value * 8 + peek(0) - 0x30;
      skip(1);
    }
    return value;
  }
  return rune < 0x80 && !isAlphanumeric(rune) ? rune : invalidEscape(start);
}

/** Reads what follows `\x`: two digits, or any number of them in braces. */
function readHexadecimal(start: u32): u32 {
  if (remaining() == 0) return invalidEscape(start);
  let rune = nextRune();
  if (rune == NO_RUNE) return NO_RUNE;
  if (rune != 0x7b) {
    const high = hexValue(rune);
    if (remaining() == 0) return invalidEscape(start);
    rune = nextRune();
    if (rune == NO_RUNE) return NO_RUNE;
    const low = hexValue(rune);
    return high < 0 || low < 0 ? invalidEscape(start) : <u32>(high * 16 + low);
  }
  let value: u32 = 0;
  let digits = 0;
  while (true) {
    if (remaining() == 0) return invalidEscape(start);
    rune = nextRune();
    if (rune == NO_RUNE) return NO_RUNE;
    if (rune == 0x7d) break;
    const digit = hexValue(rune);
    if (digit < 0) return invalidEscape(start);
    value = value * 16 + <u32>digit;
    if (value > MAX_RUNE) return invalidEscape(start);
    digits++;
  }
  return digits == 0 ? invalidEscape(start) : value;
}

/** The name of a Perl class, for the table: its small letter. */
const letterName: usize = memory.data(8);

/**
 * Reads `\d`, `\pL` or another escape that stands for a class, and adds it to the class at hand. False if there is none
 * here, or if there is one with an error, which is then set.
 */
export function readClassEscape(folded: bool): bool {
  if (peek(0) != 0x5c) return false;
  const letter = peek(1);
  if (letter == 0x70 || letter == 0x50) return readCategory(letter == 0x50, folded);
  const group = letter | 0x20;
  if (group != 0x64 && group != 0x73 && group != 0x77) return false;
  const capital = letter != group;
  store<u8>(letterName, <u8>group);
  addAsciiGroup(letterName, 1, capital, folded);
  skip(2);
  return true;
}

/** Reads a category, from its backslash on. */
function readCategory(capital: bool, folded: bool): bool {
  const start = offset();
  if (remaining() == 2) return fail(PatternError.InvalidCharacterRange, start);
  let negated = capital;
  let name: u32 = 2;
  let end: u32;
  let after: u32;
  if (peek(2) == 0x7b) {
    end = find(0x7d, 0);
    if (end == NO_RUNE) {
      return checkUtf8(0, remaining()) && fail(PatternError.InvalidCharacterRange, start);
    }
    name = 3;
    after = end + 1;
    if (!checkUtf8(name, end)) return false;
  } else {
    skip(2);
    if (nextRune() == NO_RUNE) return false;
    after = offset() - start;
    end = after;
    skip(0 - after);
  }
  if (name < end && peek(name) == 0x5e) {
    negated = !negated;
    name++;
  }
  const range = categoryRange(addressOf(start + name), end - name);
  if (range == UNKNOWN_CATEGORY) return fail(PatternError.UnknownUnicodeClass, start);
  skip(after);
  beginPart();
  addCategories(range);
  if (folded) foldPart();
  if (negated) negate();
  endPart();
  return !failed();
}
