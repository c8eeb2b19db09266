/**
 * Decimal numbers, compared exactly from their text: sign, position of the first digit that counts, digits. Nothing is
 * rounded and no floating point is used.
 *
 *   [+-] digits [ . digits ] [ (e|E) [+-] digits ]
 */

/** A number that was read: views into its text. */
@unmanaged
export class Decimal {
  negative: u32;
  /** First digit that isn't 0, or 0 for zero. */
  first: usize;
  /** The byte after the last digit of the mantissa. */
  end: usize;
  /** The value is 0.d1d2d3... times 10 to this, d1 being the digit at `first`. */
  exponent: i64;
}

/** Digits that an exponent may have. */
const EXPONENT_DIGITS: u32 = 9;

/** Reads a number; false if the text is none. */
export function readDecimal(p: usize, length: u32, out: Decimal): bool {
  const end = p + length;
  out.negative = 0;
  if (p < end && (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d)) {
    out.negative = load<u8>(p) == 0x2d ? 1 : 0;
    p++;
  }
  let first: usize = 0;
  // Digits of the integer part from the first that isn't 0; then, if there are none, zeros after the point count down.
  let places: i64 = 0;
  let digits: u32 = 0;
  while (p < end && <u32>load<u8>(p) - 0x30 < 10) {
    if (first == 0 && load<u8>(p) != 0x30) first = p;
    if (first != 0) places++;
    digits++;
    p++;
  }
  if (digits == 0) return false;
  if (p < end && load<u8>(p) == 0x2e) {
    p++;
    digits = 0;
    while (p < end && <u32>load<u8>(p) - 0x30 < 10) {
      if (first == 0) {
        if (load<u8>(p) != 0x30) first = p;
        else places--;
      }
      digits++;
      p++;
    }
    if (digits == 0) return false;
  }
  out.first = first;
  out.end = p;
  if (p < end && (load<u8>(p) | 0x20) == 0x65) {
    p++;
    let minus = false;
    if (p < end && (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d)) {
      minus = load<u8>(p) == 0x2d;
      p++;
    }
    digits = 0;
    let e: i64 = 0;
    while (p < end && <u32>load<u8>(p) - 0x30 < 10) {
      if (++digits > EXPONENT_DIGITS) return false;
      e = e * 10 + <i64>(load<u8>(p) - 0x30);
      p++;
    }
    if (digits == 0) return false;
    places += minus ? -e : e;
  }
  out.exponent = places;
  if (first == 0) out.negative = 0;
  return p == end;
}

/** Compares two numbers: -1, 0, 1. */
export function compareDecimal(a: Decimal, b: Decimal): i32 {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  const order = compareMagnitude(a, b);
  return a.negative ? -order : order;
}

function compareMagnitude(a: Decimal, b: Decimal): i32 {
  if (a.first == 0 || b.first == 0) return (a.first == 0 ? 0 : 1) - (b.first == 0 ? 0 : 1);
  if (a.exponent != b.exponent) return a.exponent < b.exponent ? -1 : 1;
  let p = a.first;
  let q = b.first;
  while (p < a.end || q < b.end) {
    if (p < a.end && load<u8>(p) == 0x2e) p++;
    if (q < b.end && load<u8>(q) == 0x2e) q++;
    const d = p < a.end ? <i32>load<u8>(p) : 0x30;
    const e = q < b.end ? <i32>load<u8>(q) : 0x30;
    if (d != e) return d < e ? -1 : 1;
    p++;
    q++;
  }
  return 0;
}

/** Of a number that isn't negative: its integer part, at most 10^18. */
export function integerPart(a: Decimal): i64 {
  if (a.first == 0 || a.exponent <= 0) return 0;
  if (a.exponent > 18) return 1_000_000_000_000_000_000;
  let value: i64 = 0;
  let p = a.first;
  for (let i: i64 = 0; i < a.exponent; i++) {
    if (p < a.end && load<u8>(p) == 0x2e) p++;
    value = value * 10 + (p < a.end ? <i64>(load<u8>(p) - 0x30) : 0);
    p++;
  }
  return value;
}

/** Writes an integer that isn't negative as text (at most 20 bytes): the place after it. */
export function putInteger(out: usize, value: i64): usize {
  let p = out + 20;
  const end = p;
  do {
    store<u8>(--p, <u8>(0x30 + (value % 10)));
    value /= 10;
  } while (value != 0);
  memory.copy(out, p, end - p);
  return out + (end - p);
}
