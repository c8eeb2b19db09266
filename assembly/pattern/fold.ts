/**
 * Simple case folding, as Go's `unicode.SimpleFold`: `k`, `K` and the Kelvin sign are one, so are `s`, `S` and the long
 * s, and at most four code points are one.
 */
import { nextBits, nextNumber, readBitsFrom } from "./bits";
import { addRange, partStart, rangeCount, rangeFirst, rangeLast, tidy } from "./classes";
import { failed, work } from "./scratch";
import { FOLD_PAIRS } from "./unicode-tables";

const KELVIN_SIGN: u32 = 0x212a;
const LONG_S: u32 = 0x17f;
/** Nothing before it or after it has a case. */
const FIRST_CASED: u32 = 0x41;
const LAST_CASED: u32 = 0x1e943;
/** Rough cost of one round over the table. */
const ROUND_UNITS: u32 = 6000;

/** Adds to the part of a class all code points that are equivalent to one of it. */
export function foldPart(): void {
  const start = partStart();
  if (rangeCount() == start) return;
  tidy();
  const first = rangeFirst(start);
  const last = rangeLast(rangeCount() - 1);
  if (last < FIRST_CASED || first > LAST_CASED) return;
  if (rangeCount() == start + 1) {
    if (first <= FIRST_CASED && last >= LAST_CASED) return;
    if (last < 0x80) {
      foldAscii(first, last);
      tidy();
      return;
    }
  }
  // One round adds direct neighbours. Four equivalent code points are a chain of three pairs, so this ends.
  let covered = coverage();
  while (!failed()) {
    if (!work(ROUND_UNITS + (rangeCount() - start) * 8)) return;
    addNeighbours();
    tidy();
    const now = coverage();
    if (now == covered) return;
    covered = now;
  }
}

/** How many code points the part has. */
function coverage(): u32 {
  let sum: u32 = 0;
  for (let i = partStart(); i < rangeCount(); i++) sum += rangeLast(i) - rangeFirst(i) + 1;
  return sum;
}

function foldAscii(first: u32, last: u32): void {
  for (let letter: u32 = 0x61; letter <= 0x7a; letter++) {
    const capital = letter - 0x20;
    if ((first > letter || last < letter) && (first > capital || last < capital)) continue;
    addRange(letter, letter);
    addRange(capital, capital);
    if (letter == 0x6b) addRange(KELVIN_SIGN, KELVIN_SIGN);
    if (letter == 0x73) addRange(LONG_S, LONG_S);
  }
}

/** Adds what is one pair of the table away from the part, in either direction. */
function addNeighbours(): void {
  // Only what was there before the round is looked up: it is sorted.
  const end = rangeCount();
  readBitsFrom(FOLD_PAIRS);
  let from: u32 = 0;
  while (true) {
    from += nextNumber(3);
    const distance = nextNumber(4);
    if (distance == 0) return;
    const stride = nextBits(1) + 1;
    const span = nextNumber(0) * stride;
    addShifted(end, from, from + span, stride, distance);
    addShifted(end, from + distance, from + distance + span, stride, 0 - distance);
  }
}

/** For each of the code points first, first + stride ... last that the part's ranges before `end` hold, adds it shifted. */
function addShifted(end: u32, first: u32, last: u32, stride: u32, shift: u32): void {
  let low = partStart();
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rangeLast(middle) < first) low = middle + 1;
    else high = middle;
  }
  for (; low < end; low++) {
    const from = rangeFirst(low);
    if (from > last) return;
    let begin = max(from, first);
    const until = min(rangeLast(low), last);
    if (stride == 1) {
      addRange(begin + shift, until + shift);
    } else {
      begin += (begin - first) & 1;
      for (let rune = begin; rune <= until; rune += 2) addRange(rune + shift, rune + shift);
    }
  }
}
