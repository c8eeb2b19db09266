/** Features as values: taken out of facts, found or made, compared and moved. */
import { Code, fail } from "../errors";
import { COVERED, Facts, Feature, LANES, UNKNOWN, findSlot, mixSlot } from "../facts/facts";
import { Buffer, bufferTrim } from "../memory/buffer";
import { Symbols, intern, symbolHash, symbolLength, symbolText } from "../symbols";
import { charge } from "../work";
import { Column, Fleet, append, dropSymbol, reserve, useSymbol } from "./fleet";
import {
  VALUE_BODY,
  VALUE_FACTS,
  chainOf,
  columnOf,
  enterValue,
  featureOfValue,
  hashOf,
  nextOf,
  takeValue,
} from "./value";

/**
 * The draft of a value, in the symbols of the fleet. Slots are those of facts/facts.ts, but for
 *    0  COVERED or 0   12  of a covered slot, where its cells begin in the draft, in words + 1
 */
const slots = changetype<Buffer>(memory.data(12, 8));
const cells = changetype<Buffer>(memory.data(12, 8));
let observed: u32 = 0;
let instances: u32 = 0;
let columns: u32 = 0;
let hash: u32 = 0;

/** Memory that a draft keeps between calls. */
const KEPT: u32 = 1 << 18;

/** The symbol of the fleet for one of other facts; 0 with the error recorded. UNKNOWN and 0 stand for themselves. */
export function translate(symbols: Symbols, symbol: u32): u32 {
  if (symbol == 0 || symbol == UNKNOWN) return symbol;
  const found = intern(symbols, symbolText(symbol), symbolLength(symbol), symbolHash(symbol));
  if (found == 0) fail(charge(1) ? Code.OUT_OF_MEMORY : Code.BUDGET);
  return found;
}

/** Depends on all bits of both. */
@inline export function mix(a: u32, b: u32): u32 {
  const product = (<u64>(a ^ 0x9e3779b9) + 1) * ((<u64>b << 1) | 0x9e3779b97f4a7c15);
  return <u32>(product ^ (product >>> 32));
}

@inline function hashOfSymbol(symbol: u32): u32 {
  return symbol == 0 || symbol == UNKNOWN ? symbol : symbolHash(symbol);
}

/** Begins a draft. */
function beginDraft(feature: Feature): void {
  bufferTrim(slots, KEPT);
  bufferTrim(cells, KEPT);
  observed = feature.observed;
  instances = feature.instanceCount;
  columns = feature.columnCount;
  hash = mix(observed, mix(instances, columns));
}

/**
 * Drafts a feature whose slots (of its facts' table) lie in a list of addresses, `from` to `end`. Its symbols are of the facts, the
 * draft's of `symbols`. False with the error recorded.
 */
export function draftFeature(symbols: Symbols, feature: Feature, from: usize, end: usize): bool {
  beginDraft(feature);
  const padded = (instances + (LANES - 1)) & ~(LANES - 1);
  const count = <u32>(end - from) >>> 2;
  if (!charge(count << 3) || !charge(padded * columns)) return fail(Code.BUDGET);
  if (!reserve(slots, count << 4) || !reserve(cells, (padded * columns) << 2)) return false;
  memory.fill(cells.address, 0, (padded * columns) << 2);
  cells.length = (padded * columns) << 2;
  for (let at = from; at < end; at += 4) {
    if (!draftSlot(symbols, feature, <usize>load<u32>(at), padded)) return false;
  }
  return true;
}

function draftSlot(symbols: Symbols, feature: Feature, slot: usize, padded: u32): bool {
  const kind = load<u32>(slot) & COVERED;
  const name = translate(symbols, load<u32>(slot, 4));
  const value = translate(symbols, load<u32>(slot, 8));
  if (name == 0 || (value == 0 && load<u32>(slot, 8) != 0)) return false;
  let last = load<u32>(slot, 12);
  let own = mix(symbolHash(name), kind | (kind == 0 ? last & 3 : 0)) ^ mix(hashOfSymbol(value), 0x51ed);
  let source: usize = 0;
  let target: usize = 0;
  let count = instances;
  if (kind != 0) {
    source = <usize>last;
    if (source != 0) {
      if (!charge(instances) || !reserve(cells, instances << 2)) return charge(1) ? false : fail(Code.BUDGET);
      target = cells.address + cells.length;
      last = (cells.length >>> 2) + 1;
      cells.length += instances << 2;
    }
  } else if (last >>> 8 != 0) {
    const column = (last >>> 8) - 1;
    source = <usize>load<u32>(feature.columns + (column << 3), 4);
    target = cells.address + ((<usize>(column * padded)) << 2);
    count = padded;
  }
  if (source != 0) {
    own = mix(own, 0xce11);
    let previous: u32 = 0;
    let translated: u32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const cell = load<u32>(source + ((<usize>i) << 2));
      if (cell != previous) {
        previous = cell;
        translated = translate(symbols, cell);
        if (translated == 0 && cell != 0) return false;
      }
      store<u32>(target + ((<usize>i) << 2), translated);
      if (translated != 0) own += mix(hashOfSymbol(translated), mix(i, own ^ symbolHash(name)));
    }
  }
  hash += mix(own, symbolHash(name));
  const at = slots.address + slots.length;
  store<u32>(at, kind);
  store<u32>(at, name, 4);
  store<u32>(at, value, 8);
  store<u32>(at, last, 12);
  slots.length += 16;
  return true;
}

/** The column's value that is as drafted, found or made, with nobody that uses it yet if it was made; 0 with the error recorded. */
export function draftedValue(fleet: Fleet, column: Column, number: u32): usize {
  for (let value = chainOf(fleet, hash); value != 0; value = nextOf(value)) {
    if (!charge(2)) {
      fail(Code.BUDGET);
      return 0;
    }
    if (hashOf(value) == hash && columnOf(value) == number && isDrafted(value, number)) return value;
  }
  const value = makeDrafted(fleet, number);
  if (value == 0) return 0;
  if (!enterValue(fleet, column, value)) {
    fleet.deadBytes += load<u32>(value, 20);
    return 0;
  }
  useFeatureSymbols(fleet, value);
  return value;
}

/** Slots that a table of names has: at most half of them are taken. */
function tableSlots(names: u32): u32 {
  return 1 << (32 - clz((max(2, names) << 1) - 1));
}

/** Whether a value of the column is the drafted one. */
function isDrafted(value: usize, number: u32): bool {
  const feature = featureOfValue(value);
  const facts = changetype<Facts>(value + VALUE_FACTS);
  if (feature.observed != observed || feature.instanceCount != instances || feature.columnCount != columns) return false;
  if (load<u32>(value, 28) != slots.length >>> 4) return false;
  if (!charge((slots.length >>> 3) + (cells.length >>> 4))) return false;
  const padded = (instances + (LANES - 1)) & ~(LANES - 1);
  const end = slots.address + slots.length;
  for (let at = slots.address; at < end; at += 16) {
    const kind = load<u32>(at);
    const slot = findSlot(facts, number | kind, load<u32>(at, 4));
    if (slot == 0 || load<u32>(slot, 8) != load<u32>(at, 8)) return false;
    const mine = load<u32>(slot, 12);
    const other = load<u32>(at, 12);
    if (kind != 0) {
      if ((mine == 0) != (other == 0)) return false;
      if (mine == 0) continue;
      if (memory.compare(<usize>mine, cells.address + ((<usize>other - 1) << 2), instances << 2) != 0) return false;
      continue;
    }
    if ((mine & 3) != (other & 3) || mine >>> 8 == 0 != (other >>> 8 == 0)) return false;
    if (mine >>> 8 == 0) continue;
    const column = <usize>load<u32>(feature.columns + (((mine >>> 8) - 1) << 3), 4);
    const drafted = cells.address + ((<usize>(((other >>> 8) - 1) * padded)) << 2);
    if (memory.compare(column, drafted, instances << 2) != 0) return false;
  }
  return true;
}

/** Makes the drafted value in the fleet's storage; 0 with the error recorded. It has no number, and its symbols are not counted. */
export function makeDrafted(fleet: Fleet, number: u32): usize {
  const names = slots.length >>> 4;
  const table = tableSlots(names);
  const value = takeValue(fleet, number, hash, VALUE_BODY + (table << 4) + (columns << 3) + cells.length + 16);
  if (value == 0) return 0;
  const facts = changetype<Facts>(value + VALUE_FACTS);
  const feature = featureOfValue(value);
  feature.observed = observed;
  feature.instanceCount = instances;
  feature.columnCount = columns;
  store<u32>(value, names, 28);
  facts.slots = value + VALUE_BODY;
  facts.slotMask = table - 1;
  memory.fill(facts.slots, 0, table << 4);
  const body = facts.slots + ((<usize>table) << 4);
  feature.columns = body + ((cells.length + 7) & ~7);
  memory.copy(body, cells.address, cells.length);
  store<u32>(body + cells.length, 0);
  const padded = (instances + (LANES - 1)) & ~(LANES - 1);
  const end = slots.address + slots.length;
  for (let at = slots.address; at < end; at += 16) {
    const key = number | load<u32>(at);
    const name = load<u32>(at, 4);
    let slot = mixSlot(key, name) & facts.slotMask;
    while (load<u32>(facts.slots + ((<usize>slot) << 4)) != 0) slot = (slot + 1) & facts.slotMask;
    const to = facts.slots + ((<usize>slot) << 4);
    let last = load<u32>(at, 12);
    if (load<u32>(at) != 0) {
      if (last != 0) last = <u32>(body + ((<usize>last - 1) << 2));
    } else if (last >>> 8 != 0) {
      const entry = feature.columns + (((last >>> 8) - 1) << 3);
      store<u32>(entry, name);
      store<u32>(entry, <u32>(body + ((<usize>(((last >>> 8) - 1) * padded)) << 2)), 4);
    }
    store<u32>(to, key);
    store<u32>(to, name, 4);
    store<u32>(to, load<u32>(at, 8), 8);
    store<u32>(to, last, 12);
  }
  return value;
}

/** Lists the slots that a value's table has; false with the error recorded. */
export function listSlots(value: usize, list: Buffer): bool {
  const facts = changetype<Facts>(value + VALUE_FACTS);
  list.length = 0;
  if (!reserve(list, load<u32>(value, 28) << 2)) return false;
  const end = facts.slots + ((<usize>facts.slotMask + 1) << 4);
  for (let slot = facts.slots; slot < end; slot += 16) if (load<u32>(slot) != 0) append(list, <u32>slot);
  return true;
}

/** What a value's symbols are counted with: 1 a use more, 0 a use less. */
function countSymbols(fleet: Fleet, value: usize, more: bool): void {
  const facts = changetype<Facts>(value + VALUE_FACTS);
  const feature = featureOfValue(value);
  const end = facts.slots + ((<usize>facts.slotMask + 1) << 4);
  for (let slot = facts.slots; slot < end; slot += 16) {
    if (load<u32>(slot) == 0) continue;
    count(fleet, load<u32>(slot, 4), more);
    count(fleet, load<u32>(slot, 8), more);
  }
  // Cells of columns, then of what covers them, lie in one.
  const first = facts.slots + ((<usize>facts.slotMask + 1) << 4);
  for (let at = first; at < feature.columns; at += 4) count(fleet, load<u32>(at), more);
}

@inline function count(fleet: Fleet, symbol: u32, more: bool): void {
  if (symbol == 0 || symbol == UNKNOWN) return;
  if (more) useSymbol(fleet, symbol);
  else dropSymbol(fleet, symbol);
}

export function useFeatureSymbols(fleet: Fleet, value: usize): void {
  countSymbols(fleet, value, true);
}
export function dropFeatureSymbols(fleet: Fleet, value: usize): void {
  countSymbols(fleet, value, false);
}
