/** Columns of instances from their JSON: numbered first, so that their memory is taken in one, then filled. */
import { Code, failAt, Phrase } from "../errors";
import { Json, Kind, kindOf, memberOf, nextOf, sizeOfContainer } from "../json/tape";
import { regionAlloc, regionAllocRaw } from "../memory/region";
import { charge } from "../work";
import { COVERED, Facts, Feature, featureAt, LANES, Observed, slotHere, UNKNOWN } from "./facts";
import { slotFor, symbolOf } from "./make";

/** Cells of one feature: attributes x instances. */
export const MAX_CELLS: u32 = 16 << 20;

/** The `elements` of a feature if they are not null, else 0. */
export function elementsOf(json: Json, node: u32): u32 {
  const elements = memberOf(json, node, "elements");
  return elements != 0 && kindOf(json, elements) != Kind.NULL ? elements : 0;
}

/** Numbers a column for an attribute of instances if it has none yet. False only without memory or work. */
function columnFor(facts: Facts, json: Json, node: u32, feature: Feature, index: u32): bool {
  const name = symbolOf(facts, json, node);
  if (name == 0) return false;
  const slot = slotFor(facts, index, name);
  if (load<u32>(slot, 12) >>> 8 == 0) {
    store<u32>(slot, load<u32>(slot, 12) | (++feature.columnCount << 8), 12);
  }
  return true;
}

export function readInstances(facts: Facts, json: Json, node: u32, index: u32): bool {
  const feature = featureAt(facts, index - 1);
  feature.observed |= Observed.HAS_INSTANCES;
  const partial = memberOf(json, node, "partial");
  const elements = elementsOf(json, node);
  if (elements == 0) return true;
  feature.observed |= Observed.INSTANCES;
  if (partial != 0 && kindOf(json, partial) == Kind.TRUE) feature.observed |= Observed.PARTIAL;
  feature.instanceCount = sizeOfContainer(json, elements);
  return (
    readCells(facts, json, elements, feature, index, false) &&
    makeColumns(facts, feature, node) &&
    readCells(facts, json, elements, feature, index, true)
  );
}

/** Goes through what the instances have: first to number the columns, then to `fill` them. */
function readCells(facts: Facts, json: Json, elements: u32, feature: Feature, index: u32, fill: bool): bool {
  const end = nextOf(json, elements);
  let instance: u32 = 0;
  for (let n = elements + 1; n < end; n = nextOf(json, n)) {
    const attributes = memberOf(json, n, "attributes");
    const unknown = memberOf(json, n, "unknown");
    const ok =
      (attributes == 0 || readNames(facts, json, attributes, Kind.OBJECT, feature, index, instance, fill)) &&
      (unknown == 0 || readNames(facts, json, unknown, Kind.ARRAY, feature, index, instance, fill));
    if (!ok) return false;
    instance++;
  }
  return true;
}

/** The attributes of one instance (an object), or the names that are unknown of it (an array); another kind is null, and as good as none. */
function readNames(
  facts: Facts,
  json: Json,
  node: u32,
  kind: u32,
  feature: Feature,
  index: u32,
  instance: u32,
  fill: bool,
): bool {
  if (kindOf(json, node) != kind) return true;
  const end = nextOf(json, node);
  let n = node + 1;
  while (n < end) {
    if (!fill) {
      if (!columnFor(facts, json, n, feature, index)) return false;
    } else {
      const name = symbolOf(facts, json, n);
      if (name == 0) return false;
      if (kind == Kind.OBJECT) {
        const value = symbolOf(facts, json, n + 1);
        if (value == 0) return false;
        setCell(facts, feature, index, name, instance, value);
      } else if (!coverCell(facts, feature, index, name, instance, n)) return false;
    }
    n = nextOf(json, kind == Kind.OBJECT ? n + 1 : n);
  }
  return true;
}

/** Takes the memory of a feature's columns, all in one. */
export function makeColumns(facts: Facts, feature: Feature, node: u32): bool {
  const padded = (feature.instanceCount + (LANES - 1)) & ~(LANES - 1);
  const cells = <u64>padded * feature.columnCount;
  if (cells > <u64>MAX_CELLS) return failAt(Code.LIMIT, node, Phrase.CELLS);
  if (!charge(<u32>cells)) return failAt(Code.BUDGET, node);
  const columns = regionAllocRaw(facts.region, feature.columnCount << 3);
  const values = regionAlloc(facts.region, (<u32>cells) << 2);
  if (columns == 0 || values == 0) return failAt(Code.OUT_OF_MEMORY, node);
  feature.columns = columns;
  for (let c: u32 = 0; c < feature.columnCount; c++) {
    store<u32>(columns + (c << 3), <u32>(values + ((<usize>(c * padded)) << 2)), 4);
  }
  return true;
}

/** Where a cell lies. Names its column, too. */
function cellAt(facts: Facts, feature: Feature, index: u32, name: u32, instance: u32): usize {
  const column = (load<u32>(slotHere(facts, index, name), 12) >>> 8) - 1;
  const at = feature.columns + (column << 3);
  store<u32>(at, name);
  return <usize>load<u32>(at, 4) + ((<usize>instance) << 2);
}

export function setCell(facts: Facts, feature: Feature, index: u32, name: u32, instance: u32, value: u32): void {
  if (value == UNKNOWN) feature.observed |= Observed.UNKNOWN_CELLS;
  store<u32>(cellAt(facts, feature, index, name, instance), value);
}

/** Makes a cell unknown, and keeps what it said. False with the error recorded. */
function coverCell(facts: Facts, feature: Feature, index: u32, name: u32, instance: u32, node: u32): bool {
  const cell = cellAt(facts, feature, index, name, instance);
  const element = load<u32>(cell);
  if (element != 0 && element != UNKNOWN) {
    const slot = slotFor(facts, index | COVERED, name);
    if (load<u32>(slot, 12) == 0) {
      if (!charge(feature.instanceCount)) return failAt(Code.BUDGET, node);
      const column = regionAlloc(facts.region, feature.instanceCount << 2);
      if (column == 0) return failAt(Code.OUT_OF_MEMORY, node);
      store<u32>(slot, <u32>column, 12);
    }
    store<u32>(<usize>load<u32>(slot, 12) + ((<usize>instance) << 2), element);
  }
  feature.observed |= Observed.UNKNOWN_CELLS;
  store<u32>(cell, UNKNOWN);
  return true;
}
