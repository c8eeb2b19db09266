/**
 * The index of a column that has many values: their names, texts and instances the other way round, so that a test is evaluated once for each
 * distinct text or instance, and what it gives is written for those values alone that have it.
 *
 *   flags        name -> the values in which it isn't what it is where it is never named
 *   attributes   name -> its distinct texts; the values that have one, each with its text's rank
 *   instances    instance-lists.ts
 *
 * An index is a snapshot: values that came later are in the column's tail, and are evaluated one by one; it is made anew when these
 * become many. Its memory is a region of its own.
 */
import { attributeOf, flagValue } from "../evaluate/condition";
import { Observed, UNKNOWN, mixSlot } from "../facts/facts";
import { Buffer, bufferTrim } from "../memory/buffer";
import { regionAlloc, regionAllocRaw, regionCreate, regionFree } from "../memory/region";
import { symbolMark } from "../symbols";
import { charge } from "../work";
import { Column, Fleet, makeIn, numbersOf, reserve, valueAt } from "./fleet";
import { codeOf } from "./planes";
import { factsOfValue, featureOfValue, isValue } from "./value";

/** A column with no more values is not worth an index. */
export const FEW: u32 = 24;

@unmanaged export class ColumnIndex {
  region: usize;
  /** Numbers that values had when it was made: from 0 to less than this. */
  numbers: u32;
  /** Table of names: { symbol, its number + 1 }, open addressing; and the names. */
  table: usize;
  tableMask: u32;
  names: usize;
  /** By number of a value, a byte: the code of a flag that is never named; 255 where an attribute that is never named is unknown, else 0;
      255 where the list of instances may lack some, else 0. */
  flagCodes: usize;
  openAttributes: usize;
  partialLists: usize;
  /** By number of a value: how many instances it has. */
  listLengths: usize;
  /** Attributes that instances have, and addresses of their names; instances in all; lists by sets of attributes (instance-lists.ts). */
  columnCount: u32;
  columns: usize;
  instances: u32;
  lists: usize;
}

/** A name, 64 bytes: what lies where. */
@unmanaged export class IndexedName {
  symbol: u32;
  /** Values with a flag: number << 2 | code. */
  flags: usize;
  flagCount: u32;
  /** Values with a text: numbers, and ranks in `texts`. */
  values: usize;
  ranks: usize;
  valueCount: u32;
  /** Symbols, or UNKNOWN. */
  texts: usize;
  textCount: u32;
  /** Its number + 1 among the attributes of instances; 0: none has it. */
  column: u32;
  reserved: u32;
  /** For each domain of ranges (texts-in-order.ts): ranks in its order, how many, or 0. */
  orders: u64;
  orderCounts: u64;
  order2: u32;
  orderCount2: u32;
}
const NAME: u32 = 64;

const names = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 16;

/** Frees the index of a column. */
export function freeIndex(column: Column): void {
  regionFree(changetype<ColumnIndex>(column.index).region);
  column.index = 0;
  column.tail.length = 0;
}

@inline function nameAt(list: usize, i: u32): IndexedName {
  return changetype<IndexedName>(list + <usize>i * NAME);
}

/** The name in an index that a symbol of the fleet is, or 0. */
export function indexedName(index: ColumnIndex, symbol: u32): IndexedName {
  let at = mixSlot(1, symbol) & index.tableMask;
  while (true) {
    const entry = index.table + ((<usize>at) << 3);
    const found = load<u32>(entry);
    if (found == symbol) return nameAt(index.names, load<u32>(entry, 4));
    if (found == 0) return changetype<IndexedName>(<usize>0);
    at = (at + 1) & index.tableMask;
  }
}

/**
 * Whether a column has an index that serves; one is made if it pays. Without memory or work for it there is none: everything goes without.
 */
export function hasIndex(fleet: Fleet, column: Column, number: u32): bool {
  if (column.index != 0) {
    if (column.tail.length >>> 2 < 64 + (column.live >>> 2)) return true;
    freeIndex(column);
  }
  if (number == 0 || column.live <= FEW) return false;
  const region = regionCreate(1 << 12);
  if (region == 0) return false;
  const index = makeIn<ColumnIndex>(region);
  if (changetype<usize>(index) != 0) {
    index.region = region;
    if (build(fleet, column, number, index)) {
      column.index = changetype<usize>(index);
      column.tail.length = 0;
      return true;
    }
  }
  regionFree(region);
  return false;
}

function build(fleet: Fleet, column: Column, number: u32, index: ColumnIndex): bool {
  const region = index.region;
  const count = numbersOf(column);
  index.numbers = count;
  index.flagCodes = regionAlloc(region, count + 16);
  index.openAttributes = regionAlloc(region, count + 16);
  index.partialLists = regionAlloc(region, count + 16);
  index.listLengths = regionAlloc(region, count << 2);
  if (index.flagCodes == 0 || index.openAttributes == 0 || index.partialLists == 0 || index.listLengths == 0) return false;
  bufferTrim(names, KEPT);
  const counted = countNames(fleet, column, number, index);
  // Marks are gone whatever comes.
  for (let i: u32 = 0; i < names.length / NAME; i++) store<u32>(symbolMark(nameAt(names.address, i).symbol), 0);
  return counted && placeNames(index) && fillNames(fleet, column, number, index) && rankTexts(index) && numberColumns(index);
}

/** Goes through all values: what each says of what it doesn't name, and how much there is of each name. */
function countNames(fleet: Fleet, column: Column, number: u32, index: ColumnIndex): bool {
  for (let n: u32 = 1; n < index.numbers; n++) {
    const value = valueAt(column, n);
    if (!isValue(value)) continue;
    const facts = factsOfValue(fleet, value);
    const feature = featureOfValue(value);
    // For all passes together.
    if (!charge((facts.slotMask << 2) + (feature.instanceCount * (feature.columnCount + 1) << 3))) return false;
    const flag = codeOf(flagValue(facts, number, 0));
    const attribute = attributeOf(facts, number, 0);
    store<u8>(index.flagCodes + n, flag);
    store<u8>(index.openAttributes + n, attribute == UNKNOWN ? 255 : 0);
    const seen = (feature.observed & Observed.INSTANCES) != 0;
    const partial = seen ? (feature.observed & Observed.PARTIAL) != 0 : !(feature.observed & Observed.CLOSED);
    store<u8>(index.partialLists + n, partial ? 255 : 0);
    store<u32>(index.listLengths + ((<usize>n) << 2), seen ? feature.instanceCount : 0);
    const end = facts.slots + ((<usize>facts.slotMask + 1) << 4);
    for (let slot = facts.slots; slot < end; slot += 16) {
      if (load<u32>(slot) != number) continue;
      const name = markedName(load<u32>(slot, 4));
      if (changetype<usize>(name) == 0) return false;
      if (load<u32>(slot, 12) & 3) if (codeOf(flagValue(facts, number, name.symbol)) != flag) name.flagCount++;
      if (load<u32>(slot, 8) != 0) if (attributeOf(facts, number, name.symbol) != attribute) name.valueCount++;
      if (load<u32>(slot, 12) >>> 8) name.column = 1;
    }
  }
  return true;
}

/** The name of a symbol, listed if it is new; 0 without memory. */
function markedName(symbol: u32): IndexedName {
  const mark = symbolMark(symbol);
  const known = load<u32>(mark);
  if (known != 0) return nameAt(names.address, known - 1);
  if (!reserve(names, NAME)) return changetype<IndexedName>(<usize>0);
  const name = changetype<IndexedName>(names.address + names.length);
  memory.fill(changetype<usize>(name), 0, NAME);
  name.symbol = symbol;
  names.length += NAME;
  store<u32>(mark, names.length / NAME);
  return name;
}

/** Takes the memory of what was counted, and makes the names' table. */
function placeNames(index: ColumnIndex): bool {
  const region = index.region;
  const count = names.length / NAME;
  const slots: u32 = 1 << (32 - clz((max(2, count) << 1) - 1));
  index.names = regionAllocRaw(region, names.length + 8);
  index.table = regionAlloc(region, slots << 3);
  if (index.names == 0 || index.table == 0) return false;
  index.tableMask = slots - 1;
  memory.copy(index.names, names.address, names.length);
  for (let i: u32 = 0; i < count; i++) {
    const name = nameAt(index.names, i);
    name.flags = regionAllocRaw(region, name.flagCount << 2);
    name.values = regionAllocRaw(region, name.valueCount << 2);
    name.ranks = regionAllocRaw(region, name.valueCount << 2);
    name.texts = regionAllocRaw(region, (name.valueCount << 2) + 16);
    if (name.flags == 0 || name.values == 0 || name.ranks == 0 || name.texts == 0) return false;
    name.flagCount = 0;
    name.valueCount = 0;
    let at = mixSlot(1, name.symbol) & index.tableMask;
    while (load<u32>(index.table + ((<usize>at) << 3)) != 0) at = (at + 1) & index.tableMask;
    store<u32>(index.table + ((<usize>at) << 3), name.symbol);
    store<u32>(index.table + ((<usize>at) << 3), i, 4);
  }
  return true;
}

/** Goes through all values once more, and writes down which has what. */
function fillNames(fleet: Fleet, column: Column, number: u32, index: ColumnIndex): bool {
  for (let n: u32 = 1; n < index.numbers; n++) {
    const value = valueAt(column, n);
    if (!isValue(value)) continue;
    const facts = factsOfValue(fleet, value);
    const flag = load<u8>(index.flagCodes + n);
    const attribute: u32 = load<u8>(index.openAttributes + n) != 0 ? UNKNOWN : 0;
    const end = facts.slots + ((<usize>facts.slotMask + 1) << 4);
    for (let slot = facts.slots; slot < end; slot += 16) {
      if (load<u32>(slot) != number) continue;
      const name = indexedName(index, load<u32>(slot, 4));
      if (load<u32>(slot, 12) & 3) {
        const code = codeOf(flagValue(facts, number, name.symbol));
        if (code != flag) store<u32>(name.flags + ((<usize>(name.flagCount++)) << 2), (n << 2) | code);
      }
      if (load<u32>(slot, 8) == 0) continue;
      const text = attributeOf(facts, number, name.symbol);
      if (text == attribute) continue;
      store<u32>(name.values + ((<usize>name.valueCount) << 2), n);
      store<u32>(name.ranks + ((<usize>(name.valueCount++)) << 2), text);
    }
  }
  return true;
}

/** Numbers the distinct texts of each attribute in the order in which they come. */
function rankTexts(index: ColumnIndex): bool {
  for (let i: u32 = 0; i < names.length / NAME; i++) {
    const name = nameAt(index.names, i);
    let unknown: u32 = 0;
    for (let v: u32 = 0; v < name.valueCount; v++) {
      const at = name.ranks + ((<usize>v) << 2);
      const text = load<u32>(at);
      let rank = text == UNKNOWN ? unknown : load<u32>(symbolMark(text));
      if (rank == 0) {
        store<u32>(name.texts + ((<usize>name.textCount) << 2), text);
        rank = ++name.textCount;
        if (text == UNKNOWN) unknown = rank;
        else store<u32>(symbolMark(text), rank);
      }
      store<u32>(at, rank - 1);
    }
    for (let t: u32 = 0; t < name.textCount; t++) {
      const text = load<u32>(name.texts + ((<usize>t) << 2));
      if (text != UNKNOWN) store<u32>(symbolMark(text), 0);
    }
  }
  return true;
}

/** Numbers the attributes that instances have, and counts instances. */
function numberColumns(index: ColumnIndex): bool {
  for (let i: u32 = 0; i < names.length / NAME; i++) {
    const name = nameAt(index.names, i);
    if (name.column != 0) name.column = ++index.columnCount;
  }
  index.columns = regionAllocRaw(index.region, (index.columnCount + 1) << 2);
  if (index.columns == 0) return false;
  for (let i: u32 = 0; i < names.length / NAME; i++) {
    const name = nameAt(index.names, i);
    if (name.column != 0) store<u32>(index.columns + ((<usize>name.column - 1) << 2), <u32>changetype<usize>(name));
  }
  let total: u64 = 0;
  for (let n: u32 = 1; n < index.numbers; n++) total += load<u32>(index.listLengths + ((<usize>n) << 2));
  index.instances = <u32>total;
  return total < 1 << 26;
}

/** The name of a column of instances by its number. */
export function namedColumn(index: ColumnIndex, column: u32): IndexedName {
  return changetype<IndexedName>(<usize>load<u32>(index.columns + ((<usize>column) << 2)));
}
