/**
 * Interned strings of one object (a document, facts): equal texts are one symbol, 0 is none. Tables are never shared between objects,
 * so that each is freed whole and nothing has to be counted.
 *
 * A symbol is the address of its entry, so that a lookup touches two places, the index and the entry:
 *
 *   entry:   0 address of the text   4 its length   8 hash   12 spare   then, in facts, the text itself;
 *            in documents, whose texts stay in their source, what bind.ts keeps (16 bytes)
 *   index:   { hash, symbol } of 8 bytes, open addressing, linear probing, at most half full
 */
import { sameBytes } from "./bytes";
import { regionAlloc, regionAllocRaw } from "./memory/region";
import { charge, chargeHere } from "./work";

@unmanaged export class Symbols {
  region: usize;
  index: usize;
  mask: u32;
  count: u32;
  capacity: u32;
  /** Whether texts are copied into the region (facts), or stay where they are (documents keep their source). */
  copies: u32;
  /** Of a fleet: whether the uses of each symbol are counted, in a word behind its text. */
  counted: u32;
}

const HEADER: u32 = 16;
/** Bytes beside a document's symbol that bind.ts uses. */
const BINDINGS: u32 = 16;

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
  const index = regionAlloc(table.region, slots << 3);
  if (index == 0) return false;
  const old = table.index;
  const oldEnd = old == 0 ? old : old + ((<usize>table.mask + 1) << 3);
  table.index = index;
  table.mask = slots - 1;
  table.capacity = capacity;
  for (let at = old; at < oldEnd; at += 8) {
    if (load<u32>(at, 4) != 0) place(table, load<u32>(at), load<u32>(at, 4));
  }
  return true;
}

/** Puts a symbol that is not there into the index. */
function place(table: Symbols, hash: u32, symbol: u32): void {
  let slot = hash & table.mask;
  while (load<u32>(table.index + ((<usize>slot) << 3), 4) != 0) slot = (slot + 1) & table.mask;
  const at = table.index + ((<usize>slot) << 3);
  store<u32>(at, hash);
  store<u32>(at, symbol, 4);
}

export function symbolText(symbol: u32): usize {
  return <usize>load<u32>(symbol);
}
export function symbolLength(symbol: u32): u32 {
  return load<u32>(symbol, 4);
}
export function symbolHash(symbol: u32): u32 {
  return load<u32>(symbol, 8);
}
/** Address of a word beside a symbol that whoever keeps the table may use. */
export function symbolSpare(symbol: u32): usize {
  return <usize>symbol + 12;
}
/** Address of the word behind a symbol whose uses are counted. */
export function symbolUses(symbol: u32): usize {
  return <usize>symbol + HEADER + ((symbolLength(symbol) + 15) & ~7);
}
/** Address of a word behind that one, in which whoever goes through many texts may mark them; 0 between such times. */
export function symbolMark(symbol: u32): usize {
  return symbolUses(symbol) + 4;
}
/** Address of the 16 bytes beside a document's symbol that bind.ts keeps. */
export function symbolBindings(symbol: u32): usize {
  return <usize>symbol + HEADER;
}

/** The symbol of a text; 0 if it isn't there, or if the work ran out (work.ts, exhausted) because too many collide. */
export function findSymbol(table: Symbols, text: usize, length: u32, hash: u32): u32 {
  let slot = hash & table.mask;
  while (true) {
    const at = table.index + ((<usize>slot) << 3);
    const s = load<u32>(at, 4);
    if (s == 0) return 0;
    if (load<u32>(at) == hash && symbolLength(s) == length) {
      if (sameBytes(symbolText(s), text, length)) return s;
      if (!charge(length >>> 2)) return 0;
    }
    if (!chargeHere(1)) return 0;
    slot = (slot + 1) & table.mask;
  }
}

/** The symbol of a text, which is added if it isn't there. 0 without memory or work left. */
export function intern(table: Symbols, text: usize, length: u32, hash: u32): u32 {
  const found = findSymbol(table, text, length, hash);
  if (found != 0) return found;
  if (!charge(8)) return 0;
  if (table.count == table.capacity && !resize(table, table.capacity << 1)) return 0;
  // Copied texts are padded, since hashes and comparisons read whole words.
  let extra = table.copies ? length + 8 : BINDINGS;
  if (isDefined(FLEETS)) if (table.counted) extra = ((length + 15) & ~7) + 8;
  const entry = regionAllocRaw(table.region, HEADER + extra);
  if (entry == 0) return 0;
  let kept = text;
  if (table.copies) {
    kept = entry + HEADER;
    memory.copy(kept, text, length);
    store<u64>(kept + length, 0);
    if (isDefined(FLEETS)) if (table.counted) store<u64>(entry + HEADER + ((length + 15) & ~7), 0);
  } else memory.fill(entry + HEADER, 0, BINDINGS);
  store<u32>(entry, <u32>kept);
  store<u32>(entry, length, 4);
  store<u32>(entry, hash, 8);
  store<u32>(entry, 0, 12);
  table.count++;
  place(table, hash, <u32>entry);
  return <u32>entry;
}

/** Clears what bind.ts keeps beside each of a document's symbols. */
export function forgetBindings(table: Symbols): void {
  const end = table.index + ((<usize>table.mask + 1) << 3);
  for (let at = table.index; at < end; at += 8) {
    const symbol = load<u32>(at, 4);
    if (symbol != 0) memory.fill(symbolBindings(symbol), 0, BINDINGS);
  }
}
