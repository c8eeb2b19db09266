/**
 * Versions: runs of digits, compared as integers of any length (docs/language.md, "version").
 *
 *   5.14.0-427.13.1.el9_4.x86_64
 *   |----| |------|
 *    main    tail
 */

function digit(p: usize, end: usize): bool {
  return p < end && <u32>load<u8>(p) - 0x30 < 10;
}

/** Where the text's first digit is, or 0 if it can't be read as a version. */
export function versionStart(p: usize, length: u32): usize {
  const end = p + length;
  if (p < end && (load<u8>(p) | 0x20) == 0x76) p++;
  return digit(p, end) ? p : 0;
}

/** The end of the digits that begin at `p`. */
function runEnd(p: usize, end: usize): usize {
  while (digit(p, end)) p++;
  return p;
}

/** Compares two runs of digits as integers: -1, 0, 1. Either may be empty, which is 0. */
function compareRuns(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  while (a < aEnd && load<u8>(a) == 0x30) a++;
  while (b < bEnd && load<u8>(b) == 0x30) b++;
  const aLength = <i32>(aEnd - a);
  const bLength = <i32>(bEnd - b);
  if (aLength != bLength) return aLength < bLength ? -1 : 1;
  const order = memory.compare(a, b, aLength);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/** The start of the next part after a run that ends at `p`, or 0 if the list ends there. */
function nextPart(p: usize, end: usize, dash: bool): usize {
  if (p >= end) return 0;
  const c = <u32>load<u8>(p);
  if (c != 0x2e && !(dash && c == 0x2d)) return 0;
  return digit(p + 1, end) ? p + 1 : 0;
}

/** Ends of the lists that were compared last. */
let aRest: usize = 0;
let bRest: usize = 0;

/** Compares two lists of parts; with `prefix` only as many as the bound `b` has. A list may be 0: no parts. */
function compareLists(a: usize, aEnd: usize, b: usize, bEnd: usize, dash: bool, prefix: bool): i32 {
  let order = 0;
  aRest = a;
  bRest = b;
  while (a != 0 || b != 0) {
    const aRun: usize = a == 0 ? 0 : runEnd(a, aEnd);
    const bRun: usize = b == 0 ? 0 : runEnd(b, bEnd);
    if (order == 0 && !(prefix && b == 0)) order = compareRuns(a, aRun, b, bRun);
    if (a != 0) {
      aRest = aRun;
      a = nextPart(aRun, aEnd, dash);
    }
    if (b != 0) {
      bRest = bRun;
      b = nextPart(bRun, bEnd, dash);
    }
  }
  return order;
}

/** Where the tail of the version that was compared up to `rest` begins, or 0. */
@inline function tailAt(rest: usize, end: usize): usize {
  return rest < end && load<u8>(rest) == 0x2d && digit(rest + 1, end) ? rest + 1 : 0;
}

/**
 * Compares the version at `a` (from versionStart) with a bound: -1, 0, 1. `tail` says that the bound has a `-`; `prefix` that
 * it ended in `.*` (which `bEnd` leaves out).
 */
export function compareVersion(a: usize, aEnd: usize, b: usize, bEnd: usize, tail: bool, prefix: bool): i32 {
  const order = compareLists(a, aEnd, b, bEnd, false, prefix && !tail);
  if (!tail || order != 0) return order;
  return compareLists(tailAt(aRest, aEnd), aEnd, bRest + 1, bEnd, true, prefix);
}

/**
 * How two versions (from versionStart) stand in the order of their main parts, then of their tails: -1, 0, 1. Whatever compareVersion gives for
 * one bound never falls as versions rise in this order: it compares the main part, or its beginning, and of equal ones the tail.
 */
export function orderVersions(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  const order = compareLists(a, aEnd, b, bEnd, false, false);
  return order != 0 ? order : compareLists(tailAt(aRest, aEnd), aEnd, tailAt(bRest, bEnd), bEnd, true, false);
}
