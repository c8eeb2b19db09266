/** The order of candidates (docs/language.md, "Choosing"). */
import { sameBytes } from "../bytes";
import { Pair } from "../evaluate/verdict";
import { NONE } from "../program/program";
import { Kleene } from "../values/range";

/** A candidate of a ranking: its pair, and what orders it beside the pair's values. */
@unmanaged export class Entry {
  pair: Pair;
  /** Tape node of the candidate's object. */
  tape: u32;
  index: u32;
  documented: u32;
  author: usize;
  authorLength: u32;
  /** Bit 0 native, bit 1 nfd: the dialects of its documents. */
  dialects: u32;
  /** Index of the first candidate whose documents are of the same dialect and author. */
  group: u32;
  specificity: u64;
}

/** The steps, in the order in which they are asked. */
export namespace Step {
  export const VERDICT: u32 = 0;
  export const PLATFORM: u32 = 1;
  export const POLICY: u32 = 2;
  export const DOCUMENTED: u32 = 3;
  export const SCORE: u32 = 4;
  export const SPECIFICITY: u32 = 5;
  export const POSITION: u32 = 6;
  export const ONLY: u32 = 7;
  export const INCOMPATIBLE: u32 = 8;
}

/** The step that decided the last comparison. */
export let decidedBy: u32 = 0;

export function entryAt(order: usize, place: u32): Entry {
  return changetype<Entry>(<usize>load<u32>(order + (place << 2)));
}

function setEntry(order: usize, place: u32, entry: Entry): void {
  store<u32>(order + (place << 2), <u32>changetype<usize>(entry));
}

export function sameGroup(a: Entry, b: Entry): bool {
  return a.dialects == b.dialects && a.authorLength == b.authorLength && sameBytes(a.author, b.author, a.authorLength);
}

/** The place of the host platform that a candidate takes, its own architecture before a crossing; no platform known: last. */
function platformPlace(entry: Entry): u32 {
  const host = entry.pair.platformHost;
  return host == NONE ? NONE : (host << 1) | entry.pair.platformCrossed;
}

/** Steps 1 to 4: negative if `a` comes before `b`. */
function compareFirst(a: Entry, b: Entry): i32 {
  decidedBy = Step.VERDICT;
  if (a.pair.value != b.pair.value) return a.pair.value > b.pair.value ? -1 : 1;
  decidedBy = Step.PLATFORM;
  const p = platformPlace(a);
  const q = platformPlace(b);
  if (p != q) return p < q ? -1 : 1;
  decidedBy = Step.POLICY;
  if (a.pair.policyScore != b.pair.policyScore) return a.pair.policyScore > b.pair.policyScore ? -1 : 1;
  decidedBy = Step.DOCUMENTED;
  if (a.documented != b.documented) return a.documented > b.documented ? -1 : 1;
  return 0;
}

/** Steps 6 and 7. */
function compareLast(a: Entry, b: Entry): i32 {
  decidedBy = Step.SPECIFICITY;
  if (a.specificity != b.specificity) return a.specificity > b.specificity ? -1 : 1;
  decidedBy = Step.POSITION;
  return a.index < b.index ? -1 : 1;
}

/** Steps 5 to 7, within a group. */
function compareWithin(a: Entry, b: Entry): i32 {
  decidedBy = Step.SCORE;
  if (a.pair.score != b.pair.score) return a.pair.score > b.pair.score ? -1 : 1;
  return compareLast(a, b);
}

/** The order in which classes are laid out before their groups are merged. */
function compareLaid(a: Entry, b: Entry): i32 {
  const first = compareFirst(a, b);
  if (first != 0) return first;
  if (a.group != b.group) return a.group < b.group ? -1 : 1;
  return compareWithin(a, b);
}

/** The step that puts the second of two neighbours of the final order behind the first. */
export function stepBetween(a: Entry, b: Entry): u32 {
  if (compareFirst(a, b) == 0) {
    if (a.group == b.group) compareWithin(a, b);
    else compareLast(a, b);
  }
  return decidedBy;
}

/**
 * Puts `count` entries (addresses at `order`) in their order; `spare` is as large. Entries that don't fit must not be among them.
 */
export function orderEntries(order: usize, spare: usize, count: u32): void {
  for (let i: u32 = 1; i < count; i++) {
    const entry = entryAt(order, i);
    let j = i;
    while (j > 0 && compareLaid(entry, entryAt(order, j - 1)) < 0) {
      setEntry(order, j, entryAt(order, j - 1));
      j--;
    }
    setEntry(order, j, entry);
  }
  let start: u32 = 0;
  while (start < count) {
    let end = start + 1;
    while (end < count && compareFirst(entryAt(order, start), entryAt(order, end)) == 0) end++;
    mergeGroups(order, spare, start, end);
    start = end;
  }
}

/** Merges the groups of one class: always the best of the groups' first remaining ones, by steps 6 and 7. */
function mergeGroups(order: usize, spare: usize, start: u32, end: u32): void {
  let place = start;
  while (place < end) {
    let best: u32 = NONE;
    let group: u32 = NONE;
    for (let i = start; i < end; i++) {
      const entry = entryAt(order, i);
      if (changetype<usize>(entry) == 0 || entry.group == group) continue;
      group = entry.group;
      if (best == NONE || compareLast(entry, entryAt(order, best)) < 0) best = i;
    }
    setEntry(spare, place++, entryAt(order, best));
    store<u32>(order + (best << 2), 0);
  }
  memory.copy(order + (start << 2), spare + (start << 2), (end - start) << 2);
}

/** Whether an entry can be in the order at all. */
export function fits(entry: Entry): bool {
  return entry.pair.value != Kleene.FALSE;
}
