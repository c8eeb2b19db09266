/**
 * Interned strings of one object (a document, facts): equal texts have one number, from 1; 0 is no symbol. Tables are never
 * shared between objects, so that each is freed whole and nothing has to be counted.
 *
 *   entry, 16 bytes:  { address of the text, its length, hash, spare }
 *   index:            open addressing, linear probing, at most half full
 */
import { regionAlloc, regionAllocRaw } from "./memory/region";
import { sameBytes } from "./json/tape";
import { charge } from "./work";

@unmanaged export class Symbols {
  region: usize;
  entries: usize;
  index: usize;
  mask: u32;
  /** Symbols in use; they have the numbers 1 ... count. */
  count: u32;
  capacity: u32;
  /** Whether texts are copied into the region (facts), or stay where they are (documents keep their source). */
  copies: u32;
}

const ENTRY: u32 = 16;

/** A table with room for `capacity` symbols; 0 without memory. */
export function symbolsCreate(region: usize, capacity: u32, copies: bool): Symbols {
  const none = changetype<Symbols>(<usize>0);
  const address = regionAlloc(region, offsetof<Symbols>());
  if (address == 0) return none;
  const table = changetype<Symbols>(address);
  table.region = region;
  table.copies = copies ? 1 : 0;
  return resize(table, max(8, capacity)) ? table : none;
}

function resize(table: Symbols, capacity: u32): bool {
  if (capacity > 1 << 24) return false;
  const slots: u32 = 1 << (32 - clz((capacity << 1) - 1));
  const entries = regionAllocRaw(table.region, (capacity + 1) * ENTRY);
  const index = regionAlloc(table.region, slots << 2);
  if (entries == 0 || index == 0) return false;
  if (table.count > 0) memory.copy(entries, table.entries, (table.count + 1) * ENTRY);
  table.entries = entries;
  table.index = index;
  table.mask = slots - 1;
  table.capacity = capacity;
  for (let s: u32 = 1; s <= table.count; s++) {
    let slot = load<u32>(entries + s * ENTRY, 8) & table.mask;
    while (load<u32>(index + (<usize>slot << 2)) != 0) slot = (slot + 1) & table.mask;
    store<u32>(index + (<usize>slot << 2), s);
  }
  return true;
}

@inline export function symbolText(table: Symbols, symbol: u32): usize {
  return <usize>load<u32>(table.entries + symbol * ENTRY);
}
@inline export function symbolLength(table: Symbols, symbol: u32): u32 {
  return load<u32>(table.entries + symbol * ENTRY, 4);
}
/** Address of a word beside a symbol that whoever keeps the table may use. */
@inline export function symbolSpare(table: Symbols, symbol: u32): usize {
  return table.entries + symbol * ENTRY + 12;
}
@inline export function symbolHash(table: Symbols, symbol: u32): u32 {
  return load<u32>(table.entries + symbol * ENTRY, 8);
}

/** The number of a text; 0 if it isn't there, or if the work ran out (work.ts, exhausted) because too many collide. */
export function findSymbol(table: Symbols, text: usize, length: u32, hash: u32): u32 {
  let slot = hash & table.mask;
  while (true) {
    const s = load<u32>(table.index + (<usize>slot << 2));
    if (s == 0) return 0;
    const entry = table.entries + s * ENTRY;
    if (load<u32>(entry, 8) == hash && load<u32>(entry, 4) == length) {
      if (sameBytes(<usize>load<u32>(entry), text, length)) return s;
      if (!charge(length >>> 2)) return 0;
    }
    if (!charge(1)) return 0;
    slot = (slot + 1) & table.mask;
  }
}

/** The number of a text, which is added if it isn't there. 0 without memory or work left. */
export function intern(table: Symbols, text: usize, length: u32, hash: u32): u32 {
  const found = findSymbol(table, text, length, hash);
  if (found != 0) return found;
  if (!charge(8)) return 0;
  if (table.count == table.capacity && !resize(table, table.capacity << 1)) return 0;
  let kept = text;
  if (table.copies) {
    // Padded, since hashes and comparisons read whole words.
    kept = regionAllocRaw(table.region, length + 8);
    if (kept == 0) return 0;
    memory.copy(kept, text, length);
    store<u64>(kept + length, 0);
  }
  const s = ++table.count;
  const entry = table.entries + s * ENTRY;
  store<u32>(entry, <u32>kept);
  store<u32>(entry, length, 4);
  store<u32>(entry, hash, 8);
  store<u32>(entry, 0, 12);
  let slot = hash & table.mask;
  while (load<u32>(table.index + (<usize>slot << 2)) != 0) slot = (slot + 1) & table.mask;
  store<u32>(table.index + (<usize>slot << 2), s);
  return s;
}
