/**
 * A fleet's storage grows only: what is dead stays until, when it is more than a quarter of what lives, everything that lives is moved into
 * fresh storage. So the memory after any number of updates is that of a fleet made anew and not much more, and each byte is moved a
 * bounded number of times for a byte that died. Slots, columns and the numbers of values stay, and with them all predicates.
 */
import { nextSerial } from "../facts/make";
import { Buffer, bufferTrim } from "../memory/buffer";
import { regionCreate, regionFree } from "../memory/region";
import { symbolSpare } from "../symbols";
import { pauseWork, resumeWork } from "../work";
import { makeBase, useBaseSymbols } from "./base";
import { freeIndex } from "./column-index";
import { draftFeature, listSlots, makeDrafted, translate, useFeatureSymbols } from "./feature-value";
import { Fleet, append, columnAt, countedSymbols, numbersOf, reserve, useSymbol, valueAt } from "./fleet";
import {
  VALUE_BODY,
  birthOf,
  columnOf,
  featureOfValue,
  hashOf,
  isValue,
  numberOf,
  relinkValues,
  setBirth,
  usesOf,
} from "./value";

/** Less isn't worth it. */
const LEAST: u32 = 1 << 16;

/** New places, in the order in which the fleet is gone through: of each column its symbol, then its values. */
const moved = changetype<Buffer>(memory.data(12, 8));
const slots = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 16;

/** Moves what lives if there is enough that is dead. Without memory for it the fleet stays as it is, until the next time. */
export function rebuildIfWorthwhile(fleet: Fleet): void {
  if (fleet.deadBytes < LEAST || fleet.deadBytes < fleet.liveBytes >>> 2) return;
  // It is paid for by the calls that made the garbage: none of them is to end for want of work.
  const left = pauseWork();
  rebuild(fleet);
  resumeWork(left);
  bufferTrim(moved, KEPT);
  bufferTrim(slots, KEPT);
}

function rebuild(fleet: Fleet): void {
  const storage = fleet.storage;
  const symbols = fleet.symbols;
  const live = fleet.liveBytes;
  const dead = fleet.deadBytes;
  fleet.storage = regionCreate(live);
  if (fleet.storage != 0) {
    fleet.symbols = countedSymbols(fleet.storage, symbols.count);
    fleet.liveBytes = 0;
    fleet.deadBytes = 0;
    if (changetype<usize>(fleet.symbols) != 0 && moveAll(fleet)) {
      takeOver(fleet);
      regionFree(storage);
      fleet.serial = nextSerial();
      return;
    }
    regionFree(fleet.storage);
  }
  fleet.storage = storage;
  fleet.symbols = symbols;
  fleet.liveBytes = live;
  fleet.deadBytes = dead;
}

function moveAll(fleet: Fleet): bool {
  moved.length = 0;
  for (let c: u32 = 0; c <= fleet.columnCount; c++) {
    const column = columnAt(fleet, c);
    if (!reserve(moved, (numbersOf(column) + 1) << 2)) return false;
    const symbol = translate(fleet.symbols, column.symbol);
    if (symbol == 0 && c != 0) return false;
    append(moved, symbol);
    for (let n: u32 = 1; n < numbersOf(column); n++) {
      const value = valueAt(column, n);
      if (!isValue(value)) continue;
      const to = move(fleet, value);
      if (to == 0) return false;
      append(moved, <u32>to);
    }
  }
  return true;
}

/** A value in the fleet's new storage; 0 without memory. */
function move(fleet: Fleet, value: usize): usize {
  const number = columnOf(value);
  let to: usize = 0;
  if (number == 0) to = makeBase(fleet, value + VALUE_BODY, load<u32>(value, 28), hashOf(value));
  else {
    if (!listSlots(value, slots)) return 0;
    if (!draftFeature(fleet.symbols, featureOfValue(value), slots.address, slots.address + slots.length)) return 0;
    to = makeDrafted(fleet, number);
  }
  if (to == 0) return 0;
  store<u32>(to, numberOf(value), 12);
  store<u32>(to, usesOf(value), 16);
  setBirth(to, birthOf(value));
  fleet.liveBytes += load<u32>(to, 20);
  if (number == 0) useBaseSymbols(fleet, to);
  else useFeatureSymbols(fleet, to);
  return to;
}

/** Everything has moved: the fleet turns to it. */
function takeOver(fleet: Fleet): void {
  let at = moved.address;
  for (let c: u32 = 0; c <= fleet.columnCount; c++) {
    const column = columnAt(fleet, c);
    column.symbol = load<u32>(at);
    at += 4;
    if (c != 0) {
      store<u32>(symbolSpare(column.symbol), c);
      useSymbol(fleet, column.symbol);
    }
    if (column.index != 0) freeIndex(column);
    for (let n: u32 = 1; n < numbersOf(column); n++) {
      if (!isValue(valueAt(column, n))) continue;
      store<u32>(column.values.address + ((<usize>n) << 2), load<u32>(at));
      at += 4;
    }
  }
  relinkValues(fleet);
}
