/**
 * A fleet: many hosts in columns. Each feature is a column over the slots of hosts; in it stands, for each host, the number of the
 * feature's value. A value is a whole feature (its flags, attributes, instances, and what is said of their completeness), kept once
 * for all hosts that have it (value.ts). Column 0 is for what is no feature: platforms and runtimes (base.ts).
 *
 *   slot            0  1  2  3  4  5          values of kernel.version
 *   kernel.version  1  1  2  0  1  2          1: { full: 5.14.0-427 }   2: { full: 6.8.0-31 }
 *   cpu.cpuid       3  7  3  0  4  3          0: the host doesn't have the feature
 *
 * Columns lie in blocks of 4,096 hosts; a block in which no host has the feature takes no memory. In a fleet a feature's number is its
 * column's, so that everything that evaluates facts works on a value as on a host that has nothing else.
 *
 * INVARIANT: a host is in a slot if and only if its number in column 0 is not 0.
 */
import { Code, fail } from "../errors";
import { Facts, Feature } from "../facts/facts";
import { nextSerial } from "../facts/make";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { allocateRun, freeRun } from "../memory/pages";
import { regionAlloc, regionCreate, regionFree } from "../memory/region";
import { Symbols, symbolLength, symbolSpare, symbolUses, symbolsCreate } from "../symbols";
import { createCache, freeCache } from "./cache";
import { freeIndex } from "./column-index";
import { BLOCK, BLOCK_SHIFT, COLUMN_BYTES, LOG, MAX_COLUMNS } from "./layout";

@unmanaged export class Column {
  /** The feature's name, of the fleet's symbols; 0 for column 0. */
  symbol: u32;
  /** How many values there are. */
  live: u32;
  /** How often a host's value was changed. */
  changes: u64;
  /** The slots of the last changes, a ring. 0: none yet. */
  log: usize;
  /** First free number of a value, linked through `values`: next << 1 | 1. */
  freeValue: u32;
  /** Addresses of blocks, or 0. */
  blocks: Buffer;
  /** Addresses of values, by their numbers. */
  values: Buffer;
  /** Numbers of values that came after the index was made. */
  tail: Buffer;
  /** What makes tests over many values fast (column-index.ts), or 0. */
  index: usize;
}

@unmanaged export class Fleet {
  /** What this lies in, with all columns. */
  home: usize;
  /** Symbols and values. */
  storage: usize;
  symbols: Symbols;
  /** As a host's facts have one: another whenever symbols were added or moved. */
  serial: u32;
  /** Bytes of storage by what lives and what is dead: see rebuild.ts. */
  liveBytes: u32;
  deadBytes: u32;
  hosts: u32;
  slots: u32;
  /** Blocks that slots reach into. */
  blocks: u32;
  /** Columns beside column 0. */
  columnCount: u32;
  valueCount: u32;
  /** The last birth of a value. */
  births: u32;
  /** Addresses of columns. */
  columns: Buffer;
  /** Slots that were freed, the last first. INVARIANT: it has room for all slots. */
  freeSlots: Buffer;
  /** Plane of the slots that have a host. */
  alive: Buffer;
  /** Dictionary of values: heads of chains. */
  buckets: Buffer;
  /** Stands for what a host doesn't have: facts with one feature of which nothing was observed. */
  nothing: Facts;
  nothingFeature: usize;
  /** Of cache.ts. */
  cache: usize;
}

/** A cleared object in a region; 0 with the error recorded. */
export function makeIn<T>(region: usize): T {
  const address = regionAlloc(region, offsetof<T>());
  if (address == 0) fail(Code.OUT_OF_MEMORY);
  return changetype<T>(address);
}

/** An empty fleet; 0 with the error recorded. */
export function createFleet(): Fleet {
  const none = changetype<Fleet>(<usize>0);
  const home = regionCreate(1 << 12);
  if (home == 0) {
    fail(Code.OUT_OF_MEMORY);
    return none;
  }
  const fleet = makeIn<Fleet>(home);
  if (changetype<usize>(fleet) != 0) {
    fleet.home = home;
    if (furnish(fleet)) return fleet;
    freeFleet(fleet);
  } else regionFree(home);
  fail(Code.OUT_OF_MEMORY);
  return none;
}

/** Makes what every fleet has. False without memory: what was made by then is freed with the fleet. */
function furnish(fleet: Fleet): bool {
  const home = fleet.home;
  fleet.columns = makeIn<Buffer>(home);
  fleet.freeSlots = makeIn<Buffer>(home);
  fleet.alive = makeIn<Buffer>(home);
  fleet.buckets = makeIn<Buffer>(home);
  fleet.nothing = makeIn<Facts>(home);
  fleet.nothingFeature = changetype<usize>(makeIn<Feature>(home));
  const slots = regionAlloc(home, 16);
  if (slots == 0 || fleet.nothingFeature == 0 || changetype<usize>(fleet.nothing) == 0) return false;
  fleet.nothing.slots = slots;
  if (changetype<usize>(fleet.buckets) == 0 || changetype<usize>(fleet.alive) == 0) return false;
  if (changetype<usize>(fleet.freeSlots) == 0 || changetype<usize>(fleet.columns) == 0) return false;
  fleet.storage = regionCreate(1 << 12);
  if (fleet.storage == 0) return false;
  fleet.symbols = countedSymbols(fleet.storage, 64);
  if (changetype<usize>(fleet.symbols) == 0) return false;
  fleet.serial = nextSerial();
  fleet.cache = createCache(home);
  return fleet.cache != 0 && changetype<usize>(addColumn(fleet, 0)) != 0;
}

/** Frees a fleet, also one that was furnished in part. */
export function freeFleet(fleet: Fleet): void {
  if (fleet.cache != 0) freeCache(fleet.cache);
  if (changetype<usize>(fleet.columns) != 0) {
    for (let c: u32 = 0; c < fleet.columns.length >>> 2; c++) freeColumn(columnAt(fleet, c));
    freeBuffer(fleet.columns);
  }
  if (changetype<usize>(fleet.freeSlots) != 0) freeBuffer(fleet.freeSlots);
  if (changetype<usize>(fleet.alive) != 0) freeBuffer(fleet.alive);
  if (changetype<usize>(fleet.buckets) != 0) freeBuffer(fleet.buckets);
  if (fleet.storage != 0) regionFree(fleet.storage);
  regionFree(fleet.home);
}

/** Of the guarded build: how many regions a fleet has. */
export function regionsOf(fleet: Fleet): u32 {
  // Its own, its storage, and its cache's keys.
  let count: u32 = 3;
  for (let c: u32 = 0; c <= fleet.columnCount; c++) if (columnAt(fleet, c).index != 0) count++;
  return count;
}

/** Gives a buffer's memory back. */
export function freeBuffer(buffer: Buffer): void {
  if (buffer.address != 0) bufferTrim(buffer, 0);
}

/** Symbols whose uses are counted; 0 without memory. */
export function countedSymbols(region: usize, capacity: u32): Symbols {
  const symbols = symbolsCreate(region, capacity, true);
  if (changetype<usize>(symbols) != 0) symbols.counted = 1;
  return symbols;
}

@inline export function columnAt(fleet: Fleet, number: u32): Column {
  return changetype<Column>(<usize>load<u32>(fleet.columns.address + ((<usize>number) << 2)));
}

/** Number of a host's value in a column; 0: it has none. */
@inline export function numberAt(column: Column, slot: u32): u32 {
  const at = (slot >>> BLOCK_SHIFT) << 2;
  if (at >= column.blocks.length) return 0;
  const block = <usize>load<u32>(column.blocks.address + at);
  return block == 0 ? 0 : load<u32>(block + ((<usize>slot & (BLOCK - 1)) << 2));
}

/** A block of a column, or 0 where no host has had a value. */
@inline export function blockOf(column: Column, block: u32): usize {
  return block << 2 >= column.blocks.length ? 0 : <usize>load<u32>(column.blocks.address + (block << 2));
}

/** The address of the value with a number that is in use. */
@inline export function valueAt(column: Column, number: u32): usize {
  return <usize>load<u32>(column.values.address + ((<usize>number) << 2));
}

/** How many numbers of values a column has, in use or not, and 0. */
@inline export function numbersOf(column: Column): u32 {
  return column.values.length >>> 2;
}

/** Whether a host is in a slot. */
export function hasHost(fleet: Fleet, slot: u32): bool {
  return slot < fleet.slots && numberAt(columnAt(fleet, 0), slot) != 0;
}

/** A column for a feature's name (a symbol of the fleet that has none yet), or column 0 for 0. 0 with the error recorded. */
export function addColumn(fleet: Fleet, symbol: u32): Column {
  const none = changetype<Column>(<usize>0);
  const number = fleet.columns.length >>> 2;
  if (number > MAX_COLUMNS) {
    fail(Code.LIMIT);
    return none;
  }
  const column = makeIn<Column>(fleet.home);
  if (changetype<usize>(column) == 0) return none;
  column.symbol = symbol;
  column.blocks = makeIn<Buffer>(fleet.home);
  column.values = makeIn<Buffer>(fleet.home);
  column.tail = makeIn<Buffer>(fleet.home);
  if (changetype<usize>(column.tail) == 0) return none;
  if (changetype<usize>(column.values) == 0 || changetype<usize>(column.blocks) == 0) return none;
  if (!reserve(fleet.columns, 4) || !reserve(column.values, 64)) return none;
  // Number 0 is no value's.
  store<u32>(column.values.address, 0);
  column.values.length = 4;
  store<u32>(fleet.columns.address + fleet.columns.length, <u32>changetype<usize>(column));
  fleet.columns.length += 4;
  if (symbol != 0) {
    fleet.columnCount++;
    store<u32>(symbolSpare(symbol), number);
    useSymbol(fleet, symbol);
  }
  return column;
}

/** Room for so many bytes more. False with the error recorded. */
export function reserve(buffer: Buffer, bytes: u32): bool {
  return bufferReserve(buffer, buffer.length + bytes) || fail(Code.OUT_OF_MEMORY);
}

/** Appends a word; there is room. */
export function append(buffer: Buffer, word: u32): void {
  store<u32>(buffer.address + buffer.length, word);
  buffer.length += 4;
}

function freeColumn(column: Column): void {
  if (changetype<usize>(column.blocks) != 0) {
    for (let i: u32 = 0; i < column.blocks.length; i += 4) {
      const block = <usize>load<u32>(column.blocks.address + i);
      if (block != 0) freeRun(block);
    }
    freeBuffer(column.blocks);
  }
  if (changetype<usize>(column.values) != 0) freeBuffer(column.values);
  if (changetype<usize>(column.tail) != 0) freeBuffer(column.tail);
  if (column.log != 0) freeRun(column.log);
  if (column.index != 0) freeIndex(column);
}

/** Makes sure that a slot's number can be set, and the change noted. False with the error recorded. */
export function reserveNumber(column: Column, slot: u32): bool {
  const at = (slot >>> BLOCK_SHIFT) << 2;
  while (column.blocks.length <= at) {
    if (!reserve(column.blocks, 4)) return false;
    append(column.blocks, 0);
  }
  const entry = column.blocks.address + at;
  if (load<u32>(entry) == 0) {
    const block = allocateRun(COLUMN_BYTES);
    if (block == 0) return fail(Code.OUT_OF_MEMORY);
    memory.fill(block, 0, COLUMN_BYTES);
    store<u32>(entry, <u32>block);
  }
  if (column.log == 0) column.log = allocateRun(LOG << 2);
  return column.log != 0 || fail(Code.OUT_OF_MEMORY);
}

/** Sets a host's number in a column, and notes the change. reserveNumber came before, once in the slot's life. */
export function setNumber(column: Column, slot: u32, number: u32): void {
  store<u32>(blockOf(column, slot >>> BLOCK_SHIFT) + ((<usize>slot & (BLOCK - 1)) << 2), number);
  store<u32>(column.log + ((<usize>column.changes & (LOG - 1)) << 2), slot);
  column.changes++;
}

/** Bytes of a counted symbol, with its share of the table. */
@inline function symbolBytes(symbol: u32): u32 {
  return 48 + ((symbolLength(symbol) + 15) & ~7);
}

/** Counts a use of a symbol. */
export function useSymbol(fleet: Fleet, symbol: u32): void {
  const count = symbolUses(symbol);
  const uses = load<u32>(count);
  store<u32>(count, uses + 1);
  if (uses == 0) fleet.liveBytes += symbolBytes(symbol);
}

/** Counts a use less. */
export function dropSymbol(fleet: Fleet, symbol: u32): void {
  const count = symbolUses(symbol);
  const uses = load<u32>(count) - 1;
  store<u32>(count, uses);
  if (uses > 0) return;
  fleet.liveBytes -= symbolBytes(symbol);
  fleet.deadBytes += symbolBytes(symbol);
}
