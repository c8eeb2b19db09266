/**
 * Ranges: `>=5.14 <7 || 4.18.*`, compiled to a list of terms.
 *
 *   range:  u32 count, u32 bytes of all bounds, then terms of 24 bytes:
 *     0  operator (bits 0..2), last of its group (bit 3), bound has a tail (bit 4), prefix (bit 5)
 *     4  address of the bound's text    8  its length    16  for sizes: the bound as u64
 */
import { regionAllocRaw } from "../memory/region";
import { Decimal, compareDecimal, integerPart, putInteger, readDecimal } from "./decimal";
import { readSize, sizeValue } from "./size";
import { compareVersion, orderVersions, versionStart } from "./version";

/** The type by which a range compares. */
export namespace Domain {
  export const VERSION: u32 = 0;
  export const NUMBER: u32 = 1;
  export const SIZE: u32 = 2;
}

/** Values of Kleene's logic, in an order in which *all* is the minimum, *any* the maximum and *not* is 2 - x. */
export namespace Kleene {
  export const FALSE: u32 = 0;
  export const UNKNOWN: u32 = 1;
  export const TRUE: u32 = 2;
}

const LESS: u32 = 1;
const EQUAL: u32 = 2;
const GREATER: u32 = 4;
const LAST: u32 = 8;
const TAIL: u32 = 16;
const PREFIX: u32 = 32;
const TERM: u32 = 24;
/** Terms that a range may have. */
export const MAX_TERMS: u32 = 64;

const staged: usize = memory.data(24 * 64, 8);
const left = changetype<Decimal>(memory.data(24, 8));
const right = changetype<Decimal>(memory.data(24, 8));
const digits: usize = memory.data(24, 8);

function isDigit(p: usize, end: usize): bool {
  return p < end && <u32>load<u8>(p) - 0x30 < 10;
}

/** Why a range was refused: 1 syntax, 2 too many terms, 3 no memory. */
export let rangeError: i32 = 0;

/**
 * Compiles a range. Bounds stay where they are in the text, which must live as long. 0 with rangeError set.
 */
export function compileRange(region: usize, text: usize, length: u32, domain: u32): usize {
  const end = text + length;
  let p = text;
  let count: u32 = 0;
  let bytes: u32 = 0;
  let inGroup = false;
  rangeError = 1;
  while (true) {
    while (p < end && load<u8>(p) == 0x20) p++;
    if (p >= end) break;
    if (load<u8>(p) == 0x7c) {
      if (!inGroup || p + 1 >= end || load<u8>(p, 1) != 0x7c) return 0;
      p += 2;
      store<u32>(staged + (count - 1) * TERM, load<u32>(staged + (count - 1) * TERM) | LAST);
      inGroup = false;
      continue;
    }
    // A bound ends at a space or a bar: terms of a group stand apart.
    let operator: u32 = EQUAL;
    const c = <u32>load<u8>(p);
    const d = p + 1 < end ? <u32>load<u8>(p, 1) : 0;
    if (c == 0x3e) operator = d == 0x3d ? GREATER | EQUAL : GREATER;
    else if (c == 0x3c) operator = d == 0x3d ? LESS | EQUAL : LESS;
    else if (c == 0x21 && d == 0x3d) operator = LESS | GREATER;
    if (c == 0x3e || c == 0x3c || c == 0x21) {
      if (c == 0x21 && d != 0x3d) return 0;
      p += d == 0x3d ? 2 : 1;
    } else if (c == 0x3d) p++;
    while (p < end && load<u8>(p) == 0x20) p++;
    const bound = p;
    while (p < end && load<u8>(p) != 0x20 && load<u8>(p) != 0x7c) p++;
    if (p == bound) return 0;
    if (count == MAX_TERMS) {
      rangeError = 2;
      return 0;
    }
    const term = staged + count * TERM;
    let size = <u32>(p - bound);
    let flags = operator;
    if (domain == Domain.VERSION) {
      if (size > 2 && load<u16>(p - 2) == 0x2a2e) {
        if (operator != EQUAL && operator != (LESS | GREATER)) return 0;
        flags |= PREFIX;
        size -= 2;
      }
      const shape = boundShape(bound, bound + size);
      if (shape < 0) return 0;
      if (shape == 1) flags |= TAIL;
    } else if (domain == Domain.NUMBER) {
      if (!readDecimal(bound, size, left)) return 0;
    } else {
      if (!readSize(bound, size)) return 0;
      store<u64>(term, sizeValue, 16);
    }
    store<u32>(term, flags);
    store<u32>(term, <u32>bound, 4);
    store<u32>(term, size, 8);
    bytes += size;
    count++;
    inGroup = true;
  }
  if (!inGroup) return 0;
  store<u32>(staged + (count - 1) * TERM, load<u32>(staged + (count - 1) * TERM) | LAST);
  rangeError = 3;
  const range = regionAllocRaw(region, 8 + count * TERM);
  if (range == 0) return 0;
  store<u32>(range, count);
  store<u32>(range, bytes, 4);
  memory.copy(range + 8, staged, count * TERM);
  return range;
}

/** Of a version bound: 0 without a tail, 1 with one, -1 if it is none. */
function boundShape(p: usize, end: usize): i32 {
  let tail = 0;
  while (true) {
    if (!isDigit(p, end)) return -1;
    while (isDigit(p, end)) p++;
    if (p == end) return tail;
    const c = <u32>load<u8>(p++);
    if (c == 0x2d) tail = 1;
    else if (c != 0x2e) return -1;
  }
}

/** Rough work of asking whether a text of `length` bytes lies in a range: bounds are as long as their document allows. */
export function rangeWork(range: usize, length: u32): u32 {
  const units = ((<u64>load<u32>(range)) * length + load<u32>(range, 4)) >>> 1;
  return 8 + <u32>min<u64>(units, i32.MAX_VALUE);
}

/** Rough work of intervalInRange. */
export function intervalWork(range: usize): u32 {
  const count = load<u32>(range);
  return (count + 2) * (load<u32>(range, 4) + (count << 3) + 8) * 2;
}

/** Whether a text lies in a range: UNKNOWN if it can't be read as the range's type. */
export function inRange(range: usize, domain: u32, text: usize, length: u32): u32 {
  const end = text + length;
  let start = text;
  let size: u64 = 0;
  if (domain == Domain.VERSION) {
    start = versionStart(text, length);
    if (start == 0) return Kleene.UNKNOWN;
  } else if (domain == Domain.NUMBER) {
    if (!readDecimal(text, length, left)) return Kleene.UNKNOWN;
  } else {
    if (!readSize(text, length)) return Kleene.UNKNOWN;
    size = sizeValue;
  }
  return termsHold(range, domain, start, end, size) ? Kleene.TRUE : Kleene.FALSE;
}

/** Whether a text can be read as a domain's type. */
export function isReadable(domain: u32, text: usize, length: u32): bool {
  if (domain == Domain.VERSION) return versionStart(text, length) != 0;
  return domain == Domain.NUMBER ? readDecimal(text, length, left) : readSize(text, length);
}

/** How two readable texts stand in the order of a domain: less than 0, 0, or more. */
export function orderTexts(domain: u32, a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  if (domain == Domain.VERSION) {
    return orderVersions(versionStart(a, aLength), a + aLength, versionStart(b, bLength), b + bLength);
  }
  if (domain == Domain.NUMBER) {
    readDecimal(a, aLength, left);
    readDecimal(b, bLength, right);
    return compareDecimal(left, right);
  }
  readSize(a, aLength);
  const size = sizeValue;
  readSize(b, bLength);
  return size < sizeValue ? -1 : size > sizeValue ? 1 : 0;
}

/** How a readable text stands to the bound of one of a range's terms: never less for a text that comes later in the domain's order. */
export function orderToTerm(range: usize, index: u32, domain: u32, text: usize, length: u32): i32 {
  const term = range + 8 + index * TERM;
  const flags = load<u32>(term);
  const bound = <usize>load<u32>(term, 4);
  const boundLength = load<u32>(term, 8);
  if (domain == Domain.VERSION) {
    const tail = (flags & TAIL) != 0;
    return compareVersion(versionStart(text, length), text + length, bound, bound + boundLength, tail, (flags & PREFIX) != 0);
  }
  if (domain == Domain.NUMBER) return orderTexts(domain, text, length, bound, boundLength);
  readSize(text, length);
  const other = load<u64>(term, 16);
  return sizeValue < other ? -1 : sizeValue > other ? 1 : 0;
}

/** How many terms a range has. */
export function termsOf(range: usize): u32 {
  return load<u32>(range);
}

/** Whether one group's terms hold for the value that was read: a version at `start`, the number in `left`, or `size`. */
function termsHold(range: usize, domain: u32, start: usize, end: usize, size: u64): bool {
  const count = load<u32>(range);
  let holds = true;
  for (let i: u32 = 0; i < count; i++) {
    const term = range + 8 + i * TERM;
    const flags = load<u32>(term);
    if (holds) {
      let order = 0;
      const bound = <usize>load<u32>(term, 4);
      const boundLength = load<u32>(term, 8);
      if (domain == Domain.VERSION) {
        order = compareVersion(start, end, bound, bound + boundLength, (flags & TAIL) != 0, (flags & PREFIX) != 0);
      } else if (domain == Domain.NUMBER) {
        readDecimal(bound, boundLength, right);
        order = compareDecimal(left, right);
      } else {
        const other = load<u64>(term, 16);
        order = size < other ? -1 : size > other ? 1 : 0;
      }
      holds = (flags & (order < 0 ? LESS : order > 0 ? GREATER : EQUAL)) != 0;
    }
    if (flags & LAST) {
      if (holds) return true;
      holds = true;
    }
  }
  return false;
}

/** The end of an interval that has none: no list of instances is longer (docs/language.md, "Instances"). */
export const ENDLESS: i64 = 1_000_000_000_000_000_000;

/**
 * Whether an integer that lies in `low` ... `high` (at most ENDLESS) lies in a range of numbers: TRUE if every one does, FALSE if none.
 * The answer changes at bounds only, so the ends and the neighbours of the bounds are tried.
 */
export function intervalInRange(range: usize, low: i64, high: i64): u32 {
  let all = true;
  let some = false;
  const count = load<u32>(range);
  for (let i: u32 = 0; i < count + 2; i++) {
    let middle = i == count ? low : high;
    if (i < count) {
      const term = range + 8 + i * TERM;
      readDecimal(<usize>load<u32>(term, 4), load<u32>(term, 8), right);
      if (right.negative) continue;
      middle = integerPart(right);
    }
    const last = min(middle + 1, high);
    for (let k = max(middle - 1, low); k <= last; k++) {
      readDecimal(digits, <u32>(putInteger(digits, k) - digits), left);
      if (termsHold(range, Domain.NUMBER, 0, 0, 0)) some = true;
      else all = false;
    }
  }
  return all ? Kleene.TRUE : some ? Kleene.UNKNOWN : Kleene.FALSE;
}
