/**
 * The different classes that a pattern's instructions ask for, each kept once.
 *
 *   set:   { where its ranges begin in the pool, how many, hash of them }   three u32
 *   pool:  ranges as in classes.ts
 */
import { clearClass, rangeAddress, rangeCount } from "./classes";
import { PatternError, fail } from "./errors";
import { allocate, enlarge, work } from "./scratch";

/** The most ranges that all sets of one pattern may have together. */
export const MAX_RANGES: u32 = 32_768;
/** What `internClass` gives when it fails. */
export const NO_SET: u32 = 0xffffffff;

const SET_BYTES: u32 = 12;

let sets: usize = 0;
let setCapacity: u32 = 0;
let setsUsed: u32 = 0;
let pool: usize = 0;
let poolCapacity: u32 = 0;
let poolUsed: u32 = 0;

/** Begins a compilation: no sets. */
export function openSets(): void {
  setCapacity = 0;
  setsUsed = 0;
  poolCapacity = 0;
  poolUsed = 0;
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
  for (let i: u32 = 0; i < length << 1; i++) hash = rotl((hash ^ load<u32>(from + (i << 2))) * 0x9e3779b1, 13);
  if (!work(20 + setsUsed + length)) return NO_SET;
  for (let set: u32 = 0; set < setsUsed; set++) {
    const entry = sets + set * SET_BYTES;
    if (load<u32>(entry, 8) != hash || load<u32>(entry, 4) != length) continue;
    if (memory.compare(setRanges(set), from, length << 3) == 0) return set;
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

/** Makes room for one more set of `length` ranges. */
function reserve(length: u32): bool {
  if (setsUsed == setCapacity) {
    const larger = setCapacity == 0 ? 32 : setCapacity << 1;
    const moved = enlarge(sets, setsUsed * SET_BYTES, larger * SET_BYTES);
    if (moved == 0) return false;
    sets = moved;
    setCapacity = larger;
  }
  const need = poolUsed + length;
  if (need > poolCapacity) {
    const larger = max(need, max(poolCapacity << 1, 64));
    const moved = enlarge(pool, poolUsed << 3, larger << 3);
    if (moved == 0) return false;
    pool = moved;
    poolCapacity = larger;
  }
  return true;
}
