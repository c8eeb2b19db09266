/** Classes in brackets: `[a-z]`, `[^\d.]`, `[[:alpha:]_]`. */
import { addAsciiGroup } from "./ascii-groups";
import { addRange, beginPart, clearClass, endPart, negate, tidy } from "./classes";
import { PatternError, fail } from "./errors";
import { readClassEscape, readEscape } from "./escapes";
import { foldPart } from "./fold";
import { NO_RUNE, addressOf, find, nextRune, offset, peek, remaining, skip } from "./reader";
import { failed, work } from "./scratch";

/** The shortest name in `[[:...:]]`, so that those of the Perl classes are not found. */
const SHORTEST_GROUP: u32 = 4;

/** Reads a class, from its bracket on, into the class at hand. False, with the error set, if it is none. */
export function readBrackets(folded: bool): bool {
  const start = offset();
  skip(1);
  clearClass();
  const negated = peek(0) == 0x5e;
  if (negated) skip(1);
  // A closing bracket that comes first stands for itself.
  for (let first = true; first || peek(0) != 0x5d; first = false) {
    if (remaining() > 2 && peek(0) == 0x5b && peek(1) == 0x3a && readGroup(folded)) continue;
    if (!failed() && readClassEscape(folded)) continue;
    if (failed()) return false;
    const place = offset();
    const low = readMember(start);
    if (low == NO_RUNE) return false;
    let high = low;
    if (remaining() >= 2 && peek(0) == 0x2d && peek(1) != 0x5d) {
      skip(1);
      high = readMember(start);
      if (high == NO_RUNE) return false;
      if (high < low) return fail(PatternError.InvalidCharacterRange, place);
    }
    if (folded) beginPart();
    addRange(low, high);
    if (folded) {
      foldPart();
      endPart();
    }
  }
  skip(1);
  tidy();
  if (negated) negate();
  return !failed();
}

/** Reads one code point of the class that began at `start`. */
function readMember(start: u32): u32 {
  if (remaining() == 0) {
    fail(PatternError.MissingClosingBracket, start);
    return NO_RUNE;
  }
  return peek(0) == 0x5c ? readEscape() : nextRune();
}

/** Reads `[:alpha:]`. False if there is none here, or one of an unknown name, which sets the error. */
function readGroup(folded: bool): bool {
  // The search may go to the pattern's end, once for each bracket.
  if (!work(remaining())) return false;
  let end = find(0x3a, 2);
  while (end != NO_RUNE && peek(end + 1) != 0x5d) end = find(0x3a, end + 1);
  if (end == NO_RUNE) return false;
  const negated = peek(2) == 0x5e;
  const name: u32 = negated ? 3 : 2;
  const known =
    end >= name + SHORTEST_GROUP && addAsciiGroup(addressOf(offset() + name), end - name, negated, folded);
  if (!known) return fail(PatternError.InvalidCharacterRange, offset());
  skip(end + 2);
  return true;
}
