/**
 * The different classes that a pattern's instructions ask for, each kept once.
 *
 *   set:   { where its ranges begin in the pool, how many, hash of them }   three u32
 *   pool:  ranges as in classes.ts, of code points; in the end of intervals (alphabet.ts)
 */
import { sameBytes } from "./bytes";
import { clearClass, rangeAddress, rangeCount } from "./classes";
import { PatternError, fail } from "./errors";
import { allocate, enlarge, work } from "./scratch";

/** The most ranges that all sets of one pattern may have together. */
export const MAX_RANGES: u32 = 32_768;
/** What `internClass` gives when it fails. */
export const NO_SET: u32 = 0xffffffff;

const SET_BYTES: u32 = 12;

let sets: usize = 0;
let setsUsed: u32 = 0;
let pool: usize = 0;
let poolCapacity: u32 = 0;
let poolUsed: u32 = 0;

/** Begins a compilation that will have `most` sets at most. False, with the error set, without memory. */
export function openSets(most: u32): bool {
  setsUsed = 0;
  poolUsed = 0;
  poolCapacity = most;
  sets = allocate(most * SET_BYTES);
  pool = allocate(most << 3);
  return sets != 0 && pool != 0;
}

/** How many different sets there are. */
export function setCount(): u32 {
  return setsUsed;
}

/** How many ranges they have in all. */
export function poolCount(): u32 {
  return poolUsed;
}

/** Where the ranges of a set lie; they move when sets are added. */
export function setRanges(set: u32): usize {
  return pool + (load<u32>(sets + set * SET_BYTES) << 3);
}

/** How many ranges a set has. */
export function setLength(set: u32): u32 {
  return load<u32>(sets + set * SET_BYTES, 4);
}

/** The number of the set that is equal to the class at hand, which must be tidy. `offset` is for the error. */
export function internClass(offset: u32): u32 {
  const length = rangeCount();
  const from = rangeAddress();
  let hash: u32 = length;
  for (let i: u32 = 0; i < length << 1; i++)
    hash = rotl((hash ^ load<u32>(from + (i << 2))) * 0x9e3779b1, 13);
  if (!work(20 + setsUsed + length * 12)) return NO_SET;
  for (let set: u32 = 0; set < setsUsed; set++) {
    const entry = sets + set * SET_BYTES;
    if (load<u32>(entry, 8) != hash || load<u32>(entry, 4) != length) continue;
    if (sameBytes(setRanges(set), from, length << 3)) return set;
  }
  if (poolUsed + length > MAX_RANGES) {
    fail(PatternError.ExpressionTooLarge, offset);
    return NO_SET;
  }
  if (!reserve(length)) return NO_SET;
  const entry = sets + setsUsed * SET_BYTES;
  store<u32>(entry, poolUsed);
  store<u32>(entry, length, 4);
  store<u32>(entry, hash, 8);
  memory.copy(pool + (poolUsed << 3), from, length << 3);
  poolUsed += length;
  clearClass();
  return setsUsed++;
}

/** Makes room for `length` more ranges. */
function reserve(length: u32): bool {
  const need = poolUsed + length;
  if (need <= poolCapacity) return true;
  const larger = max(need, poolCapacity << 1);
  const moved = enlarge(pool, poolUsed << 3, larger << 3);
  if (moved == 0) return false;
  pool = moved;
  poolCapacity = larger;
  return true;
}
