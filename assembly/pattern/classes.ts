/**
 * The class of code points that is being put together: a list of ranges, in any order while it grows, sorted and
 * disjoint after `tidy`. There is one such class at a time.
 *
 *   a range, as u64:   bits 63..32 first code point | bits 31..0 last code point
 *
 * so that ranges sort as numbers.
 */
import { MAX_RUNE } from "./runes";
import { allocate, enlarge, work } from "./scratch";

const FIRST_CAPACITY: u32 = 64;
/** More ranges than this are put in order between the parts of a class. */
const UNTIDIED: u32 = 1024;

let ranges: usize = 0;
let count: u32 = 0;
let capacity: u32 = 0;
/** Where the part begins that is being worked on: what lies before it is left alone. */
let base: u32 = 0;
let untidied: u32 = UNTIDIED;

/** Begins a compilation: the memory of the last one is gone. */
export function openClasses(): void {
  ranges = 0;
  count = 0;
  capacity = 0;
}

/** Begins a class: no code points. */
export function clearClass(): void {
  count = 0;
  base = 0;
  untidied = UNTIDIED;
}

/** Begins a part of the class that is folded or negated on its own, such as the `\W` of `[a\W]`. Parts do not nest. */
export function beginPart(): void {
  base = count;
}

/** Ends the part: its ranges belong to the class. */
export function endPart(): void {
  base = 0;
  // So that a class of many large parts, such as `[\pL\pL\pL]`, does not pile up.
  if (count > untidied) {
    tidy();
    untidied = max(UNTIDIED, count << 1);
  }
}

/** Where the part begins. */
export function partStart(): u32 {
  return base;
}

/** How many ranges there are. */
export function rangeCount(): u32 {
  return count;
}

/** Where the ranges lie; they move when ranges are added. */
export function rangeAddress(): usize {
  return ranges;
}

/** The first code point of the range at `index`. */
export function rangeFirst(index: u32): u32 {
  return load<u32>(ranges + (index << 3), 4);
}

/** The last code point of the range at `index`. */
export function rangeLast(index: u32): u32 {
  return load<u32>(ranges + (index << 3));
}

function setRange(index: u32, first: u32, last: u32): void {
  store<u64>(ranges + (index << 3), ((<u64>first) << 32) | last);
}

/** Makes room for one more range. False, with the error set, without memory. */
function makeRoom(): bool {
  const larger = capacity == 0 ? FIRST_CAPACITY : capacity << 1;
  const moved = capacity == 0 ? allocate(larger << 3) : enlarge(ranges, count << 3, larger << 3);
  if (moved == 0) return false;
  ranges = moved;
  capacity = larger;
  return true;
}

/** Adds the code points `first` to `last`. Without memory nothing is added and the error is set. */
export function addRange(first: u32, last: u32): void {
  if (count != base) {
    const previousFirst = rangeFirst(count - 1);
    const previousLast = rangeLast(count - 1);
    if (first <= previousLast + 1 && previousFirst <= last + 1) {
      setRange(count - 1, min(first, previousFirst), max(last, previousLast));
      return;
    }
  }
  if (count == capacity && !makeRoom()) return;
  setRange(count, first, last);
  count++;
}

/** Sorts the part's ranges (the whole class's, outside a part) and joins those that touch or overlap. */
export function tidy(): void {
  let sorted = true;
  for (let i = base + 1; i < count; i++) {
    if (rangeFirst(i) <= rangeLast(i - 1) + 1) {
      sorted = false;
      break;
    }
  }
  if (sorted) return;
  sortNumbers(ranges + (base << 3), count - base);
  let kept = base;
  for (let i = base + 1; i < count; i++) {
    const first = rangeFirst(i);
    const last = rangeLast(i);
    if (first <= rangeLast(kept) + 1) {
      if (last > rangeLast(kept)) setRange(kept, rangeFirst(kept), last);
    } else {
      kept++;
      setRange(kept, first, last);
    }
  }
  count = kept + 1;
}

/** Replaces the part's ranges with those between them, up to U+10FFFF. */
export function negate(): void {
  tidy();
  let next: u32 = 0;
  let kept = base;
  for (let i = base; i < count; i++) {
    const first = rangeFirst(i);
    const last = rangeLast(i);
    if (next < first) {
      setRange(kept, next, first - 1);
      kept++;
    }
    next = last + 1;
  }
  count = kept;
  if (next > MAX_RUNE) return;
  if (count == capacity && !makeRoom()) return;
  setRange(count, next, MAX_RUNE);
  count++;
}

/** Sorts `length` numbers of 64 bits, by heap: no recursion, no bad case. */
export function sortNumbers(at: usize, length: u32): void {
  let sorted: u32 = 1;
  while (sorted < length && load<u64>(at + (sorted << 3)) >= load<u64>(at + (sorted << 3) - 8)) sorted++;
  // Some twelve levels of the heap for each number, where there are many.
  if (!work(sorted >= length ? length : length * 24) || sorted >= length) return;
  let unsorted = length;
  let root = length >>> 1;
  while (true) {
    if (root > 0) {
      root--;
    } else {
      unsorted--;
      if (unsorted == 0) return;
      const greatest = load<u64>(at);
      store<u64>(at, load<u64>(at + (unsorted << 3)));
      store<u64>(at + (unsorted << 3), greatest);
    }
    const value = load<u64>(at + (root << 3));
    let hole = root;
    while (true) {
      let child = (hole << 1) + 1;
      if (child >= unsorted) break;
      let least = load<u64>(at + (child << 3));
      if (child + 1 < unsorted) {
        const other = load<u64>(at + (child << 3), 8);
        if (other > least) {
          child++;
          least = other;
        }
      }
      if (least <= value) break;
      store<u64>(at + (hole << 3), least);
      hole = child;
    }
    store<u64>(at + (hole << 3), value);
  }
}
