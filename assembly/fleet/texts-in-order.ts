/**
 * The distinct texts of an attribute in the order of a domain (versions, numbers, sizes), and ranges over them. What a range says changes at
 * its terms' bounds only, so it is asked once between any two of them: a search for each bound, not a test for each text.
 */
import { regionAllocRaw } from "../memory/region";
import { symbolLength, symbolText } from "../symbols";
import { UNKNOWN } from "../facts/facts";
import { inRange, isReadable, orderTexts, orderToTerm, termsOf } from "../values/range";
import { charge } from "../work";
import { IndexedName } from "./column-index";
import { codeOf } from "./planes";

/** Ranks in order, a domain each: { address, count }, 8 bytes; address 0: not sorted yet. */
function orderOf(name: IndexedName, domain: u32): usize {
  return changetype<usize>(name) + offsetof<IndexedName>("orders") + (domain << 3);
}

/** Where the value of a range changes among the texts in order. */
const changes: usize = memory.data(4 * 132, 8);

@inline function textAt(name: IndexedName, rank: u32): u32 {
  return load<u32>(name.texts + ((<usize>rank) << 2));
}

/** Stores the code of a range for each of a name's texts that can be read, by rank. False without memory or work: then nothing is stored. */
export function codesInOrder(region: usize, name: IndexedName, range: usize, domain: u32, into: usize): bool {
  const order = orderOf(name, domain);
  if (load<u32>(order) == 0 && !sortTexts(region, name, domain, order)) return false;
  const ranks = <usize>load<u32>(order);
  const count = load<u32>(order, 4);
  if (!charge(count + (termsOf(range) << 9))) return false;
  let found: u32 = 0;
  for (let t: u32 = 0; t < termsOf(range); t++) {
    found = addChange(found, firstOver(name, ranks, count, range, t, domain, -1));
    found = addChange(found, firstOver(name, ranks, count, range, t, domain, 0));
  }
  found = addChange(found, count);
  let from: u32 = 0;
  for (let c: u32 = 0; c < found; c++) {
    const to = load<u32>(changes + ((<usize>c) << 2));
    if (to == from) continue;
    const text = textAt(name, load<u32>(ranks + ((<usize>from) << 2)));
    const code = codeOf(inRange(range, domain, symbolText(text), symbolLength(text)));
    for (; from < to; from++) store<u8>(into + load<u32>(ranks + ((<usize>from) << 2)), code);
  }
  return true;
}

/** Puts a place among the changes, which are in order; how many they are then. */
function addChange(count: u32, place: u32): u32 {
  let i = count;
  while (i > 0 && load<u32>(changes + ((<usize>i - 1) << 2)) > place) {
    store<u32>(changes + ((<usize>i) << 2), load<u32>(changes + ((<usize>i - 1) << 2)));
    i--;
  }
  store<u32>(changes + ((<usize>i) << 2), place);
  return count + 1;
}

/** The first text in order that stands to a term's bound as more than `than`. */
function firstOver(name: IndexedName, ranks: usize, count: u32, range: usize, term: u32, domain: u32, than: i32): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const text = textAt(name, load<u32>(ranks + ((<usize>middle) << 2)));
    const order = orderToTerm(range, term, domain, symbolText(text), symbolLength(text));
    if ((order > 0 ? 1 : order < 0 ? -1 : 0) > than) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorts the texts that can be read by merging runs of 1, 2, 4 ... False without memory or work. */
function sortTexts(region: usize, name: IndexedName, domain: u32, order: usize): bool {
  const most = name.textCount;
  // Comparing is about as much work as the texts are long; they are read here once more than they are compared.
  if (!charge(most << 4)) return false;
  let from = regionAllocRaw(region, (most + 1) << 2);
  let to = regionAllocRaw(region, (most + 1) << 2);
  if (from == 0 || to == 0) return false;
  let count: u32 = 0;
  let bytes: u64 = 0;
  for (let rank: u32 = 0; rank < most; rank++) {
    const text = textAt(name, rank);
    if (text == UNKNOWN) continue;
    bytes += symbolLength(text) + 32;
    if (isReadable(domain, symbolText(text), symbolLength(text))) store<u32>(from + ((<usize>(count++)) << 2), rank);
  }
  const work = bytes * (34 - <u64>clz(most));
  if (work > <u64>i32.MAX_VALUE || !charge(<u32>work)) return false;
  for (let width: u32 = 1; width < count; width <<= 1) {
    for (let start: u32 = 0; start < count; start += width << 1) mergeRuns(name, domain, from, to, start, width, count);
    const other = from;
    from = to;
    to = other;
  }
  store<u32>(order, <u32>from);
  store<u32>(order, count, 4);
  return true;
}

function mergeRuns(name: IndexedName, domain: u32, from: usize, to: usize, start: u32, width: u32, count: u32): void {
  let a = start;
  const aEnd = min(start + width, count);
  let b = aEnd;
  const bEnd = min(start + (width << 1), count);
  for (let i = start; i < bEnd; i++) {
    let first = a < aEnd;
    if (first && b < bEnd) {
      const x = textAt(name, load<u32>(from + ((<usize>a) << 2)));
      const y = textAt(name, load<u32>(from + ((<usize>b) << 2)));
      first = orderTexts(domain, symbolText(x), symbolLength(x), symbolText(y), symbolLength(y)) <= 0;
    }
    store<u32>(to + ((<usize>i) << 2), load<u32>(from + ((<usize>(first ? a++ : b++)) << 2)));
  }
}
