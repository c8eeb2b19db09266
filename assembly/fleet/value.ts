/**
 * Values of columns: whole features, each kept once for all hosts that have it. A value lies in the fleet's storage:
 *
 *    0  next value of its chain   4 hash   8 number of its column   12 its own number there   16 hosts that have it
 *   20  bytes   24 birth: a number of the fleet's that no other value ever has
 *   32  Facts, with nothing but this feature; its number in them is the column's
 *  112  Feature   136  the feature's slots, columns of instances, and what covers them (facts/facts.ts); or what base.ts keeps
 *
 * Values are found by a hash of what they are made of, whatever the order in which facts say it, and compared in full.
 */
import { Code, fail } from "../errors";
import { Facts, Feature } from "../facts/facts";
import { bufferReserve } from "../memory/buffer";
import { regionAllocRaw } from "../memory/region";
import { dropBaseSymbols } from "./base";
import { forgetAll } from "./cache";
import { dropFeatureSymbols } from "./feature-value";
import { Column, Fleet, append, columnAt, numbersOf, reserve, valueAt } from "./fleet";

export const VALUE_FACTS: usize = 32;
export const VALUE_FEATURE: usize = 112;
export const VALUE_BODY: u32 = 136;
const FEATURE_BYTES: u32 = 20;
/** Births go with a code into one word (cache.ts). */
const MAX_BIRTHS: u32 = 0x3fffffff;

@inline export function nextOf(value: usize): usize {
  return <usize>load<u32>(value);
}
@inline export function hashOf(value: usize): u32 {
  return load<u32>(value, 4);
}
@inline export function columnOf(value: usize): u32 {
  return load<u32>(value, 8);
}
@inline export function numberOf(value: usize): u32 {
  return load<u32>(value, 12);
}
@inline export function usesOf(value: usize): u32 {
  return load<u32>(value, 16);
}
@inline export function bytesOf(value: usize): u32 {
  return load<u32>(value, 20);
}
@inline export function birthOf(value: usize): u32 {
  return load<u32>(value, 24);
}
@inline export function setBirth(value: usize, birth: u32): void {
  store<u32>(value, birth, 24);
}
@inline export function featureOfValue(value: usize): Feature {
  return changetype<Feature>(value + VALUE_FEATURE);
}

/** Facts that have nothing but a value; for as long as no symbol is added. */
@inline export function factsOfValue(fleet: Fleet, value: usize): Facts {
  const facts = changetype<Facts>(value + VALUE_FACTS);
  facts.serial = fleet.serial;
  return facts;
}

/** Facts that have nothing at all, in which a column's feature can be asked for. */
export function factsOfNothing(fleet: Fleet, column: u32): Facts {
  const facts = fleet.nothing;
  facts.symbols = fleet.symbols;
  facts.serial = fleet.serial;
  facts.features = fleet.nothingFeature - (column - 1) * FEATURE_BYTES;
  facts.featureCount = column;
  return facts;
}

/** Takes memory for a value of a column, its header made; 0 with the error recorded. What lies behind the header is not cleared. */
export function takeValue(fleet: Fleet, column: u32, hash: u32, bytes: u32): usize {
  const value = regionAllocRaw(fleet.storage, bytes);
  if (value == 0) {
    fail(Code.OUT_OF_MEMORY);
    return 0;
  }
  memory.fill(value, 0, VALUE_BODY);
  store<u32>(value, hash, 4);
  store<u32>(value, column, 8);
  store<u32>(value, bytes, 20);
  const facts = changetype<Facts>(value + VALUE_FACTS);
  facts.symbols = fleet.symbols;
  facts.features = value + VALUE_FEATURE - (column - 1) * FEATURE_BYTES;
  facts.featureCount = column;
  return value;
}

/** The first value of the chain that a hash leads to. */
export function chainOf(fleet: Fleet, hash: u32): usize {
  const slots = fleet.buckets.length >>> 2;
  return slots == 0 ? 0 : <usize>load<u32>(fleet.buckets.address + ((<usize>hash & (slots - 1)) << 2));
}

/** Gives a new value its number, and puts it where it is found. False with the error recorded; then the value is dead. */
export function enterValue(fleet: Fleet, column: Column, value: usize): bool {
  if (!growBuckets(fleet)) return false;
  let number = column.freeValue;
  if (number == 0) {
    if (!reserve(column.values, 4)) return false;
    number = numbersOf(column);
    column.values.length += 4;
  }
  if (column.index != 0) {
    if (!reserve(column.tail, 4)) {
      if (column.freeValue == 0) column.values.length -= 4;
      return false;
    }
    append(column.tail, number);
  }
  if (column.freeValue != 0) column.freeValue = load<u32>(column.values.address + ((<usize>number) << 2)) >>> 1;
  store<u32>(column.values.address + ((<usize>number) << 2), <u32>value);
  store<u32>(value, number, 12);
  if (fleet.births == MAX_BIRTHS) bearAnew(fleet);
  setBirth(value, ++fleet.births);
  linkValue(fleet, value);
  column.live++;
  fleet.valueCount++;
  fleet.liveBytes += bytesOf(value);
  return true;
}

/** No birth is left: values get others, and whoever remembers births forgets them. */
function bearAnew(fleet: Fleet): void {
  fleet.births = 0;
  for (let c: u32 = 0; c <= fleet.columnCount; c++) {
    const column = columnAt(fleet, c);
    for (let n: u32 = 1; n < numbersOf(column); n++) {
      const value = valueAt(column, n);
      if (isValue(value)) setBirth(value, ++fleet.births);
    }
  }
  forgetAll(fleet);
}

function linkValue(fleet: Fleet, value: usize): void {
  const head = fleet.buckets.address + ((<usize>hashOf(value) & ((fleet.buckets.length >>> 2) - 1)) << 2);
  store<u32>(value, load<u32>(head));
  store<u32>(head, <u32>value);
}

/** Sees to it that chains stay short. False with the error recorded. */
function growBuckets(fleet: Fleet): bool {
  const slots = fleet.buckets.length >>> 2;
  if (fleet.valueCount < slots) return true;
  const buffer = fleet.buckets;
  const bytes = max(1024, buffer.length << 1);
  if (!bufferReserve(buffer, bytes)) {
    // Longer chains serve as well.
    return slots > 0 || fail(Code.OUT_OF_MEMORY);
  }
  buffer.length = bytes;
  relinkValues(fleet);
  return true;
}

/** Makes the dictionary anew from the columns. */
export function relinkValues(fleet: Fleet): void {
  memory.fill(fleet.buckets.address, 0, fleet.buckets.length);
  for (let c: u32 = 0; c <= fleet.columnCount; c++) {
    const column = columnAt(fleet, c);
    for (let n: u32 = 1; n < numbersOf(column); n++) {
      const value = valueAt(column, n);
      if (isValue(value)) linkValue(fleet, value);
    }
  }
}

/** Whether what stands at a number is a value, not a link to the next free number. */
@inline export function isValue(word: usize): bool {
  return word != 0 && !(word & 1);
}

/** A value that no host has any more: its number is free, its memory dead. */
export function removeValue(fleet: Fleet, value: usize): void {
  const column = columnAt(fleet, columnOf(value));
  let at = fleet.buckets.address + ((<usize>hashOf(value) & ((fleet.buckets.length >>> 2) - 1)) << 2);
  while (<usize>load<u32>(at) != value) at = <usize>load<u32>(at);
  store<u32>(at, load<u32>(value));
  if (columnOf(value) == 0) dropBaseSymbols(fleet, value);
  else dropFeatureSymbols(fleet, value);
  store<u32>(column.values.address + ((<usize>numberOf(value)) << 2), (column.freeValue << 1) | 1);
  column.freeValue = numberOf(value);
  column.live--;
  fleet.valueCount--;
  fleet.liveBytes -= bytesOf(value);
  fleet.deadBytes += bytesOf(value);
}
