/**
 * Lists of instances the other way round. What a condition over instances asks depends on the attributes that it names: for each set of
 * attributes that is asked about, the distinct combinations of their texts are one long list, over which the condition is evaluated once;
 * and of each combination it is known which values have it in their lists, and how often.
 *
 *   pci.device, by { vendor, class }      value 1          value 2         combination    values, times
 *                                         10de 0302        8086 0200       10de 0302      1 x 2
 *                                         10de 0302        8086 0604       8086 0200      1 x 1, 2 x 1
 *                                         8086 0200                        8086 0604      2 x 1
 */
import { Facts, Feature, LANES, Observed, mixSlot } from "../facts/facts";
import { Buffer, bufferTrim } from "../memory/buffer";
import { regionAlloc, regionAllocRaw } from "../memory/region";
import { charge } from "../work";
import { ColumnIndex, IndexedName, indexedName, namedColumn } from "./column-index";
import { mix } from "./feature-value";
import { Column, Fleet, append, makeIn, reserve, valueAt } from "./fleet";
import { featureOfValue } from "./value";

/** Sets of attributes that an index keeps lists by; past that everything is asked of whole instances. */
const MOST_SETS: u32 = 24;
/** The set of all attributes. */
export const ALL_ATTRIBUTES: u64 = u64.MAX_VALUE;

@unmanaged export class InstanceLists {
  next: usize;
  count: u32;
  /** Bits of the attributes' columns, or ALL_ATTRIBUTES. */
  set: u64;
  /** Facts whose one feature lists the combinations. */
  facts: Facts;
  /** Where the values of each combination begin (one more than there are), their numbers, and how often each has it. */
  starts: usize;
  values: usize;
  times: usize;
}

/** The lists by a set of attributes, made if they are asked for the first time; 0 without memory or work. */
export function listsBy(fleet: Fleet, column: Column, number: u32, index: ColumnIndex, set: u64): InstanceLists {
  let wanted = set;
  let sets: u32 = 0;
  let lists = changetype<InstanceLists>(index.lists);
  while (changetype<usize>(lists) != 0) {
    if (lists.set == wanted) return lists;
    sets++;
    lists = changetype<InstanceLists>(lists.next);
  }
  if (sets >= MOST_SETS && set != ALL_ATTRIBUTES) {
    wanted = ALL_ATTRIBUTES;
    for (let l = index.lists; l != 0; l = changetype<InstanceLists>(l).next) {
      if (changetype<InstanceLists>(l).set == wanted) return changetype<InstanceLists>(l);
    }
  }
  lists = makeIn<InstanceLists>(index.region);
  if (changetype<usize>(lists) == 0) return lists;
  lists.set = wanted;
  const made = make(fleet, column, number, index, lists);
  bufferTrim(table, KEPT);
  bufferTrim(combinations, KEPT);
  bufferTrim(listed, KEPT);
  if (!made) return changetype<InstanceLists>(<usize>0);
  lists.next = index.lists;
  index.lists = changetype<usize>(lists);
  return lists;
}

/** Numbers of the columns in the set, and of a value their cells' addresses. */
const chosen = changetype<Buffer>(memory.data(12, 8));
const cells = changetype<Buffer>(memory.data(12, 8));
/** The dictionary of combinations: { hash, number + 1 }; the combinations, a word for each column. */
const table = changetype<Buffer>(memory.data(12, 8));
const combinations = changetype<Buffer>(memory.data(12, 8));
/** For each value and each combination that it has: number of the combination, of the value, times. */
const listed = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 16;
const LISTED: u32 = 12;

function make(fleet: Fleet, column: Column, number: u32, index: ColumnIndex, lists: InstanceLists): bool {
  bufferTrim(chosen, KEPT);
  bufferTrim(cells, KEPT);
  for (let c: u32 = 0; c < index.columnCount; c++) {
    if (lists.set != ALL_ATTRIBUTES && !((lists.set >>> c) & 1)) continue;
    if (!reserve(chosen, 4)) return false;
    append(chosen, c);
  }
  const width = chosen.length >>> 2;
  if (!reserve(cells, (width + 1) << 2)) return false;
  if (!charge(index.instances) || !charge(index.instances * (width << 2))) return false;
  for (let n: u32 = 1; n < index.numbers; n++) {
    const length = load<u32>(index.listLengths + ((<usize>n) << 2));
    if (length == 0) continue;
    const feature = featureOfValue(valueAt(column, n));
    findCells(index, feature, width);
    if (!addList(n, length, width)) return false;
  }
  const count = combinationCount(width);
  lists.count = count;
  return listCombinations(fleet, number, index, lists, width, count) && turnRound(index.region, lists, count);
}

@inline function combinationCount(width: u32): u32 {
  return width == 0 ? min(listed.length, 1) : combinations.length / (width << 2);
}

/** Finds the cells of a value's columns; 0 for those that it doesn't have. */
function findCells(index: ColumnIndex, feature: Feature, width: u32): void {
  memory.fill(cells.address, 0, width << 2);
  for (let c: u32 = 0; c < feature.columnCount; c++) {
    const entry = feature.columns + ((<usize>c) << 3);
    const own = indexedName(index, load<u32>(entry)).column;
    for (let w: u32 = 0; w < width; w++) {
      if (load<u32>(chosen.address + ((<usize>w) << 2)) == own - 1) {
        store<u32>(cells.address + ((<usize>w) << 2), load<u32>(entry, 4));
        break;
      }
    }
  }
}

/** Adds what a value's list has. */
function addList(n: u32, length: u32, width: u32): bool {
  const first = listed.length;
  for (let i: u32 = 0; i < length; i++) {
    const number = numberOfCombination(i, width);
    if (number == 0) return false;
    let at = listed.length;
    // A value has few combinations, and like ones mostly follow each other.
    while (at > first && load<u32>(listed.address + at - LISTED) != number - 1) at -= LISTED;
    if (at > first) {
      const times = listed.address + at - LISTED + 8;
      store<u32>(times, load<u32>(times) + 1);
      continue;
    }
    if (!charge(((listed.length - first) >>> 3) + 1) || !reserve(listed, LISTED)) return false;
    append(listed, number - 1);
    append(listed, n);
    append(listed, 1);
  }
  return true;
}

/** The number + 1 of the combination of instance `i` of the value at hand, listed if it is new; 0 without memory. */
function numberOfCombination(i: u32, width: u32): u32 {
  if (width == 0) return 1;
  let hash: u32 = 0;
  for (let w: u32 = 0; w < width; w++) {
    const column = <usize>load<u32>(cells.address + ((<usize>w) << 2));
    hash = mix(hash, column == 0 ? 0 : load<u32>(column + ((<usize>i) << 2)));
  }
  if (!growTable(width)) return 0;
  const mask = (table.length >>> 3) - 1;
  let at = hash & mask;
  while (true) {
    const entry = table.address + ((<usize>at) << 3);
    const known = load<u32>(entry, 4);
    if (known == 0) {
      if (!reserve(combinations, width << 2)) return 0;
      for (let w: u32 = 0; w < width; w++) append(combinations, cellAt(w, i));
      store<u32>(entry, hash);
      store<u32>(entry, combinationCount(width), 4);
      return load<u32>(entry, 4);
    }
    if (load<u32>(entry) == hash && isCombination(known - 1, i, width)) return known;
    if (!charge(1)) return 0;
    at = (at + 1) & mask;
  }
}

@inline function cellAt(w: u32, i: u32): u32 {
  const column = <usize>load<u32>(cells.address + ((<usize>w) << 2));
  return column == 0 ? 0 : load<u32>(column + ((<usize>i) << 2));
}

@inline function isCombination(number: u32, i: u32, width: u32): bool {
  const combination = combinations.address + ((<usize>(number * width)) << 2);
  for (let w: u32 = 0; w < width; w++) {
    if (load<u32>(combination + ((<usize>w) << 2)) != cellAt(w, i)) return false;
  }
  return true;
}

/** Keeps the dictionary at most half full. */
function growTable(width: u32): bool {
  const count = combinationCount(width);
  if (count == 0) {
    // Of another set.
    table.length = 0;
  } else if (count << 1 < table.length >>> 3) return true;
  const bytes = max(1 << 10, table.length << 1);
  const before = table.length;
  if (!reserve(table, bytes - before)) return false;
  if (before == 0) {
    table.length = bytes;
    memory.fill(table.address, 0, bytes);
    return true;
  }
  // Entries are put again: those of the old half first, then what fell behind.
  if (!reserve(table, (bytes - before) + before)) return false;
  const old = table.address + bytes;
  memory.copy(old, table.address, before);
  table.length = bytes;
  memory.fill(table.address, 0, bytes);
  const mask = (bytes >>> 3) - 1;
  for (let from = old; from < old + before; from += 8) {
    if (load<u32>(from, 4) == 0) continue;
    let at = load<u32>(from) & mask;
    while (load<u32>(table.address + ((<usize>at) << 3), 4) != 0) at = (at + 1) & mask;
    store<u64>(table.address + ((<usize>at) << 3), load<u64>(from));
  }
  return true;
}

/** Makes facts whose one feature lists the combinations. */
function listCombinations(fleet: Fleet, number: u32, index: ColumnIndex, lists: InstanceLists, width: u32, count: u32): bool {
  const region = index.region;
  const padded = (count + (LANES - 1)) & ~(LANES - 1);
  if (<u64>padded * width > 1 << 26) return false;
  const facts = makeIn<Facts>(region);
  const feature = makeIn<Feature>(region);
  const slots: u32 = 1 << (32 - clz((max(2, width) << 1) - 1));
  if (changetype<usize>(facts) == 0 || changetype<usize>(feature) == 0) return false;
  const all = regionAlloc(region, (padded * width) << 2);
  feature.columns = regionAlloc(region, width << 3);
  facts.slots = regionAlloc(region, slots << 4);
  if (all == 0 || feature.columns == 0 || facts.slots == 0) return false;
  lists.facts = facts;
  facts.symbols = fleet.symbols;
  facts.slotMask = slots - 1;
  facts.featureCount = number;
  facts.features = changetype<usize>(feature) - (number - 1) * <u32>offsetof<Feature>();
  feature.observed = Observed.INSTANCES | Observed.UNKNOWN_CELLS;
  feature.instanceCount = count;
  feature.columnCount = width;
  for (let w: u32 = 0; w < width; w++) {
    const name: IndexedName = namedColumn(index, load<u32>(chosen.address + ((<usize>w) << 2)));
    const to = all + ((<usize>(w * padded)) << 2);
    store<u32>(feature.columns + ((<usize>w) << 3), name.symbol);
    store<u32>(feature.columns + ((<usize>w) << 3), <u32>to, 4);
    let at = mixSlot(number, name.symbol) & facts.slotMask;
    while (load<u32>(facts.slots + ((<usize>at) << 4)) != 0) at = (at + 1) & facts.slotMask;
    const slot = facts.slots + ((<usize>at) << 4);
    store<u32>(slot, number);
    store<u32>(slot, name.symbol, 4);
    store<u32>(slot, (w + 1) << 8, 12);
    for (let d: u32 = 0; d < count; d++) {
      store<u32>(to + ((<usize>d) << 2), load<u32>(combinations.address + ((<usize>(d * width + w)) << 2)));
    }
  }
  return true;
}

/** Of each combination the values that have it, from what is listed by value. */
function turnRound(region: usize, lists: InstanceLists, count: u32): bool {
  const entries = listed.length / LISTED;
  lists.starts = regionAlloc(region, (count + 2) << 2);
  lists.values = regionAllocRaw(region, entries << 2);
  lists.times = regionAllocRaw(region, entries << 2);
  if (lists.starts == 0 || lists.values == 0 || lists.times == 0) return false;
  const end = listed.address + listed.length;
  // Of combination d, two places further on, the count; then one place further on, where its next entry goes.
  for (let at = listed.address; at < end; at += LISTED) {
    const start = lists.starts + ((<usize>load<u32>(at) + 2) << 2);
    store<u32>(start, load<u32>(start) + 1);
  }
  for (let d: u32 = 2; d < count + 2; d++) {
    const start = lists.starts + ((<usize>d) << 2);
    store<u32>(start, load<u32>(start) + load<u32>(start - 4));
  }
  for (let at = listed.address; at < end; at += LISTED) {
    const start = lists.starts + ((<usize>load<u32>(at) + 1) << 2);
    const place = load<u32>(start);
    store<u32>(start, place + 1);
    store<u32>(lists.values + ((<usize>place) << 2), load<u32>(at, 4));
    store<u32>(lists.times + ((<usize>place) << 2), load<u32>(at, 8));
  }
  return true;
}
