/**
 * Character classes: the coarsest division of all code points in which every set of the pattern is a union of classes.
 *
 * The ends of all ranges cut the code points into intervals. At first all intervals are of one class; each set then
 * splits every class of which it holds only a part.
 */
import { MAX_RUNE } from "./runes";
import { allocate, work } from "./scratch";
import { sortNumbers } from "./classes";
import { poolCount, setCount, setLength, setRanges } from "./sets";

/** What `setPlace` gives has this bit if the set is one class: the rest is its number, else that of a row. */
export const SOLE_CLASS: u32 = 0x80000000;

let starts: usize = 0;
let intervals: u32 = 0;
let intervalClasses: usize = 0;
let classes: u32 = 0;
let places: usize = 0;
let rows: u32 = 0;

/** How many intervals there are. */
export function intervalCount(): u32 {
  return intervals;
}

/** The first code point of an interval. */
export function intervalStart(interval: u32): u32 {
  return load<u32>(starts + (interval << 3));
}

/** The class of an interval. */
export function intervalClass(interval: u32): u32 {
  return load<u32>(intervalClasses + (interval << 2));
}

/** How many classes there are. */
export function classCount(): u32 {
  return classes;
}

/** How many sets are more than one class. */
export function rowCount(): u32 {
  return rows;
}

/** The class that a set is, with `SOLE_CLASS`, or the row that tells its classes. */
export function setPlace(set: u32): u32 {
  return load<u32>(places + (set << 2));
}

/** The interval in which a code point is. */
export function intervalOf(rune: u32): u32 {
  let low: u32 = 0;
  let high = intervals;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (load<u32>(starts + (middle << 3)) <= rune) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Divides the code points by the sets of sets.ts, whose ranges become ranges of intervals. False, with the error set,
 * without memory or work.
 */
export function divide(): bool {
  return cut() && refine() && renumber();
}

/** Finds the intervals. */
function cut(): bool {
  starts = allocate((poolCount() * 2 + 1) << 3);
  if (starts == 0) return false;
  // The code point 0 begins the first interval.
  let count: u32 = 1;
  const from = setRanges(0);
  for (let i: u32 = 0; i < poolCount(); i++) {
    const first = load<u32>(from + (i << 3), 4);
    const after = load<u32>(from + (i << 3)) + 1;
    store<u64>(starts + (count++ << 3), first);
    if (after <= MAX_RUNE) store<u64>(starts + (count++ << 3), after);
  }
  sortNumbers(starts, count);
  let kept: u32 = 0;
  for (let i: u32 = 1; i < count; i++) {
    const start = load<u64>(starts + (i << 3));
    if (start != load<u64>(starts + (kept << 3))) store<u64>(starts + (++kept << 3), start);
  }
  intervals = kept + 1;
  for (let i: u32 = 0; i < poolCount(); i++) {
    const range = from + (i << 3);
    store<u32>(range, intervalOf(load<u32>(range)));
    store<u32>(range, intervalOf(load<u32>(range, 4)), 4);
  }
  return work(poolCount() * 60);
}

/** Splits classes until each set is a union of them. */
function refine(): bool {
  intervalClasses = allocate(intervals << 2);
  // There are at most as many classes as intervals, but class 0 may end as none and its number is not used again.
  const numbers = (intervals + 1) << 2;
  const sizes = allocate(numbers);
  const splitBy = allocate(numbers);
  const splitOff = allocate(numbers);
  if (intervalClasses == 0 || sizes == 0 || splitBy == 0 || splitOff == 0) return false;
  store<u32>(sizes, intervals);
  let used: u32 = 1;
  // Numbers of classes that have nothing left, in a list through splitOff. 0 ends it: class 0 only gets there whole.
  let unused: u32 = 0;
  for (let set: u32 = 0; set < setCount(); set++) {
    const stamp = set + 1;
    const ranges = setRanges(set);
    for (let i: u32 = 0; i < setLength(set); i++) {
      const first = load<u32>(ranges + (i << 3), 4);
      const last = load<u32>(ranges + (i << 3));
      if (!work(10 + (last - first) * 4)) return false;
      for (let interval = first; interval <= last; interval++) {
        const old = load<u32>(intervalClasses + (interval << 2));
        const size = sizes + (old << 2);
        // A class of one interval is in the set as a whole.
        if (load<u32>(size) == 1 && load<u32>(splitBy + (old << 2)) != stamp) continue;
        if (load<u32>(splitBy + (old << 2)) != stamp) {
          store<u32>(splitBy + (old << 2), stamp);
          let fresh = unused;
          if (fresh != 0) unused = load<u32>(splitOff + (fresh << 2));
          else fresh = used++;
          store<u32>(splitOff + (old << 2), fresh);
        }
        const fresh = load<u32>(splitOff + (old << 2));
        store<u32>(intervalClasses + (interval << 2), fresh);
        store<u32>(sizes + (fresh << 2), load<u32>(sizes + (fresh << 2)) + 1);
        store<u32>(size, load<u32>(size) - 1);
        if (load<u32>(size) == 0 && old != 0) {
          store<u32>(splitOff + (old << 2), unused);
          unused = old;
        }
      }
    }
  }
  return true;
}

/** Numbers the classes in the order of their first code points, and finds for each set the class or row that it is. */
function renumber(): bool {
  const numbers = allocate((intervals + 1) << 2);
  places = allocate(max(setCount(), 1) << 2);
  if (numbers == 0 || places == 0) return false;
  classes = 0;
  for (let i: u32 = 0; i < intervals; i++) {
    const place = intervalClasses + (i << 2);
    const number = numbers + (load<u32>(place) << 2);
    if (load<u32>(number) == 0) store<u32>(number, ++classes);
    store<u32>(place, load<u32>(number) - 1);
  }
  rows = 0;
  for (let set: u32 = 0; set < setCount(); set++) store<u32>(places + (set << 2), placeOf(set));
  return true;
}

function placeOf(set: u32): u32 {
  const ranges = setRanges(set);
  if (setLength(set) == 0) return rows++;
  const sole = intervalClass(load<u32>(ranges, 4));
  for (let i: u32 = 0; i < setLength(set); i++) {
    const last = load<u32>(ranges + (i << 3));
    for (let interval = load<u32>(ranges + (i << 3), 4); interval <= last; interval++) {
      if (intervalClass(interval) != sole) return rows++;
    }
  }
  return sole | SOLE_CLASS;
}
