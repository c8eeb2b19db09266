/** A host of a fleet as facts of its own, for as long as a call goes on: what an explanation needs. */
import { Code, fail } from "../errors";
import { Facts, Feature, featureAt, mixSlot } from "../facts/facts";
import { nextSerial } from "../facts/make";
import { regionAlloc } from "../memory/region";
import { symbolSpare } from "../symbols";
import { charge } from "../work";
import { Fleet, columnAt, makeIn, numberAt, valueAt } from "./fleet";
import { VALUE_FACTS, featureOfValue } from "./value";

/** Puts the host in a slot together, in a region; 0 with the error recorded. restoreColumns comes after. */
export function assembleHost(fleet: Fleet, slot: u32, region: usize): Facts {
  const none = changetype<Facts>(<usize>0);
  const facts = makeIn<Facts>(region);
  if (changetype<usize>(facts) == 0) return none;
  let names: u32 = 0;
  for (let c: u32 = 1; c <= fleet.columnCount; c++) {
    const number = numberAt(columnAt(fleet, c), slot);
    if (number != 0) names += load<u32>(valueAt(columnAt(fleet, c), number), 28);
  }
  if (!charge(fleet.columnCount + (names << 3))) {
    fail(Code.BUDGET);
    return none;
  }
  memory.copy(changetype<usize>(facts), valueAt(columnAt(fleet, 0), numberAt(columnAt(fleet, 0), slot)) + VALUE_FACTS, offsetof<Facts>());
  const table: u32 = 1 << (32 - clz((max(4, names) << 1) - 1));
  facts.region = region;
  facts.serial = nextSerial();
  facts.symbols = fleet.symbols;
  facts.featureCount = fleet.columnCount;
  facts.features = regionAlloc(region, (fleet.columnCount + 1) * <u32>offsetof<Feature>());
  facts.slots = regionAlloc(region, table << 4);
  facts.slotMask = table - 1;
  facts.nameSlots = 0;
  if (facts.features == 0 || facts.slots == 0) {
    fail(Code.OUT_OF_MEMORY);
    return none;
  }
  for (let c: u32 = 1; c <= fleet.columnCount; c++) {
    const column = columnAt(fleet, c);
    const number = numberAt(column, slot);
    if (number == 0) store<u32>(symbolSpare(column.symbol), 0);
    else addFeature(facts, c, valueAt(column, number));
  }
  return facts;
}

function addFeature(facts: Facts, number: u32, value: usize): void {
  const from = changetype<Facts>(value + VALUE_FACTS);
  memory.copy(changetype<usize>(featureAt(facts, number - 1)), changetype<usize>(featureOfValue(value)), offsetof<Feature>());
  const end = from.slots + ((<usize>from.slotMask + 1) << 4);
  for (let slot = from.slots; slot < end; slot += 16) {
    if (load<u32>(slot) == 0) continue;
    let at = mixSlot(load<u32>(slot), load<u32>(slot, 4)) & facts.slotMask;
    while (load<u32>(facts.slots + ((<usize>at) << 4)) != 0) at = (at + 1) & facts.slotMask;
    v128.store(facts.slots + ((<usize>at) << 4), v128.load(slot));
  }
}

/** Makes every feature's name tell its column again. */
export function restoreColumns(fleet: Fleet): void {
  for (let c: u32 = 1; c <= fleet.columnCount; c++) store<u32>(symbolSpare(columnAt(fleet, c).symbol), c);
}
