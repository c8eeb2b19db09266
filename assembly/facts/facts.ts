/**
 * A host's facts (or a candidate's own two features) inside the core: features by number, one hash table of names, columns of
 * instances. Built once by load.ts, never changed.
 *
 *   slot of the table, 16 bytes:
 *     0  feature + 1 (0: empty)   4  name (symbol)   8  attribute's value: 0 none, UNKNOWN, or a symbol
 *    12  bit 0 flag is present, bit 1 flag is in scope, bits 8.. column + 1 of instances
 *
 * An element whose name is also in `unknown` is unknown, but NFD counts it: what it said is kept in a slot of its own:
 *
 *     0  feature + 1, with COVERED   4  name   8  attribute's value, or 0   12  address of a column of instances' values, or 0
 */
import { factor0, factor1 } from "../hash";
import { Symbols, findSymbol, symbolSpare } from "../symbols";

/** An attribute's value that was not observed. */
export const UNKNOWN: u32 = 0xffffffff;

/** Set in a slot's feature: the slot keeps elements that `unknown` covers. */
export const COVERED: u32 = 0x80000000;

export namespace Observed {
  /** Flags were observed; what is not present and, if there is a scope, in scope, is false. */
  export const FLAGS: u32 = 1;
  export const SCOPED: u32 = 2;
  export const ATTRIBUTES: u32 = 4;
  export const INSTANCES: u32 = 8;
  /** The list of instances may lack some. */
  export const PARTIAL: u32 = 16;
  export const CLOSED: u32 = 32;
  /** What NFD sees: `elements` of this kind is not nil, even if it is empty. */
  export const NFD_FLAGS: u32 = 64;
  export const NFD_ATTRIBUTES: u32 = 128;
  /** The feature is a key of this kind at all. */
  export const HAS_FLAGS: u32 = 256;
  export const HAS_ATTRIBUTES: u32 = 512;
  export const HAS_INSTANCES: u32 = 1024;
  /** An instance has an unknown attribute. */
  export const UNKNOWN_CELLS: u32 = 2048;
}

@unmanaged export class Feature {
  symbol: u32;
  observed: u32;
  /** Instances, and their columns: { name, address of the values } of 8 bytes each. */
  instanceCount: u32;
  columnCount: u32;
  columns: usize;
}

@unmanaged export class Facts {
  region: usize;
  /** Differs between any two facts that an instance of the core has held: says whether a program's bindings still hold. */
  serial: u32;
  symbols: Symbols;
  features: usize;
  featureCount: u32;
  slots: usize;
  slotMask: u32;
  /** Addresses of Platform, in the host's order; platformsKnown 0 where the facts don't say. */
  platforms: usize;
  platformCount: u32;
  platformsKnown: u32;
  /** For each platform: address of { u32 count, handler symbols }, or 0 where it doesn't say. */
  handlers: usize;
  /** Pairs of symbols: type, handler. */
  runtimes: usize;
  runtimeCount: u32;
  runtimesKnown: u32;
  /** amd64's level by the cpu's flags: surely at least `levelLow`, possibly `levelHigh` (platform/level.ts); 0: not asked yet. */
  levelLow: u32;
  levelHigh: u32;
  /** The table's slots by feature, and where each feature's begin (names.ts); 0: not asked for yet. */
  nameSlots: usize;
  nameStarts: usize;
}

const FEATURE: u32 = 20;
/** Values of a column are padded to whole vectors. */
export const LANES: u32 = 4;

@inline export function featureAt(facts: Facts, index: u32): Feature {
  return changetype<Feature>(facts.features + index * FEATURE);
}

@inline export function mixSlot(feature: u32, name: u32): u32 {
  const h = feature * factor0 + name * factor1;
  return h ^ (h >>> 15);
}

/** The slot of a name under a feature (its number + 1), or 0. */
export function findSlot(facts: Facts, feature: u32, name: u32): usize {
  return slotHere(facts, feature, name);
}

/** As findSlot, for the places that every evaluation goes through. */
@inline export function slotHere(facts: Facts, feature: u32, name: u32): usize {
  let slot = mixSlot(feature, name) & facts.slotMask;
  while (true) {
    const at = facts.slots + (<usize>slot << 4);
    const key = load<u32>(at);
    if (key == 0) return 0;
    if (key == feature && load<u32>(at, 4) == name) return at;
    slot = (slot + 1) & facts.slotMask;
  }
}

/** The number + 1 of the feature that a symbol names, or 0: kept in the symbol's spare word. */
@inline export function featureOfSymbol(facts: Facts, symbol: u32): u32 {
  return load<u32>(symbolSpare(symbol));
}

/** The values of a column, or 0 if no instance has or lacks-unknown that attribute. */
export function columnOf(facts: Facts, feature: Feature, index: u32, name: u32): usize {
  if (name == 0) return 0;
  const slot = findSlot(facts, index, name);
  if (slot == 0) return 0;
  const column = load<u32>(slot, 12) >>> 8;
  return column == 0 ? 0 : <usize>load<u32>(feature.columns + ((column - 1) << 3), 4);
}

/** The symbol of a text in the facts, or 0. */
export function symbolIn(facts: Facts, text: usize, length: u32, hash: u32): u32 {
  return findSymbol(facts.symbols, text, length, hash);
}
