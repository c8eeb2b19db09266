/** Hosts: added, replaced, removed. What can fail comes first; then the fleet is changed. */
import { Code, fail } from "../errors";
import { evaluationError } from "../evaluate/attribute";
import { COVERED, Facts, featureAt } from "../facts/facts";
import { nextSerial } from "../facts/make";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { symbolSpare } from "../symbols";
import { charge } from "../work";
import { draftBase, draftedBase } from "./base";
import { draftFeature, draftedValue, translate } from "./feature-value";
import { Column, Fleet, addColumn, append, columnAt, hasHost, numberAt, reserve, reserveNumber, setNumber, valueAt } from "./fleet";
import { rebuildIfWorthwhile } from "./rebuild";
import { numberOf, removeValue, usesOf } from "./value";
import { BLOCK, BLOCK_SHIFT, MAX_HOSTS, PLANE_BYTES } from "./layout";

/** The number of the value that the host will have in each column. */
const numbers = changetype<Buffer>(memory.data(12, 8));
/** The facts' slots by feature: where each feature's begin, and their addresses. */
const starts = changetype<Buffer>(memory.data(12, 8));
const list = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 16;

/** Puts a host into a slot; with `slot` negative it is a new one. The slot, or -1 with the error recorded. */
export function putHost(fleet: Fleet, slot: i32, facts: Facts): i32 {
  const isNew = slot < 0;
  if (!isNew && !hasHost(fleet, <u32>slot)) {
    fail(Code.BAD_CALL);
    return -1;
  }
  const target = isNew ? nextSlot(fleet) : <u32>slot;
  if (target >= MAX_HOSTS) {
    fail(Code.LIMIT);
    return -1;
  }
  const symbols = fleet.symbols.count;
  const ready = reserveSlot(fleet, target) && findValues(fleet, facts) && reserveNumbers(fleet, target);
  // What programs have not found may be there now.
  if (fleet.symbols.count != symbols) fleet.serial = nextSerial();
  if (!ready) {
    dropUnused(fleet);
    return -1;
  }
  if (isNew) takeSlot(fleet, target);
  setNumbers(fleet, target);
  rebuildIfWorthwhile(fleet);
  return <i32>target;
}

/** Removes the host in a slot. False with the error recorded. */
export function removeHost(fleet: Fleet, slot: i32): bool {
  if (slot < 0 || !hasHost(fleet, <u32>slot)) return fail(Code.BAD_CALL);
  if (!charge(fleet.columnCount + 1)) return fail(Code.BUDGET);
  if (!clearNumbers(fleet)) return false;
  setNumbers(fleet, <u32>slot);
  const at = fleet.alive.address + ((<usize>slot) >>> 3);
  store<u8>(at, load<u8>(at) & ~(<u8>1 << <u8>(slot & 7)));
  append(fleet.freeSlots, <u32>slot);
  fleet.hosts--;
  rebuildIfWorthwhile(fleet);
  return true;
}

/** The slot that the next host gets: the one that was freed last, or a new one. */
function nextSlot(fleet: Fleet): u32 {
  const free = fleet.freeSlots;
  return free.length > 0 ? load<u32>(free.address + free.length - 4) : fleet.slots;
}

/** Makes sure that a slot can be taken, and freed again. */
function reserveSlot(fleet: Fleet, slot: u32): bool {
  // Every slot may be free one day.
  if (!bufferReserve(fleet.freeSlots, (fleet.slots + 1) << 2)) return fail(Code.OUT_OF_MEMORY);
  const bytes = ((slot >>> BLOCK_SHIFT) + 1) * PLANE_BYTES;
  if (fleet.alive.length >= bytes) return true;
  if (!bufferReserve(fleet.alive, bytes)) return fail(Code.OUT_OF_MEMORY);
  memory.fill(fleet.alive.address + fleet.alive.length, 0, bytes - fleet.alive.length);
  fleet.alive.length = bytes;
  return true;
}

function takeSlot(fleet: Fleet, slot: u32): void {
  if (slot == fleet.slots) fleet.slots++;
  else fleet.freeSlots.length -= 4;
  fleet.blocks = (fleet.slots + (BLOCK - 1)) >>> BLOCK_SHIFT;
  const at = fleet.alive.address + (slot >>> 3);
  store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(slot & 7)));
  fleet.hosts++;
}

/** Makes `numbers` say that there is no value. */
function clearNumbers(fleet: Fleet): bool {
  bufferTrim(numbers, KEPT);
  const bytes = (fleet.columnCount + 1) << 2;
  if (!bufferReserve(numbers, bytes)) return fail(Code.OUT_OF_MEMORY);
  memory.fill(numbers.address, 0, bytes);
  numbers.length = bytes;
  return true;
}

/** Finds or makes all values of a host. False with the error recorded; then values may be there that nobody uses. */
function findValues(fleet: Fleet, facts: Facts): bool {
  if (!clearNumbers(fleet) || !sortSlots(facts) || !draftBase(facts)) return false;
  if (evaluationError != 0) return fail(evaluationError);
  const base = draftedBase(fleet, columnAt(fleet, 0));
  if (base == 0) return false;
  store<u32>(numbers.address, numberOf(base));
  for (let f: u32 = 0; f < facts.featureCount; f++) {
    const feature = featureAt(facts, f);
    if (feature.observed == 0) continue;
    const number = columnFor(fleet, feature.symbol);
    if (number == 0) return false;
    const from = list.address + ((<usize>load<u32>(starts.address + ((<usize>f) << 2))) << 2);
    const end = list.address + ((<usize>load<u32>(starts.address + ((<usize>f + 1) << 2))) << 2);
    if (!draftFeature(fleet.symbols, feature, from, end)) return false;
    const value = draftedValue(fleet, columnAt(fleet, number), number);
    if (value == 0) return false;
    store<u32>(numbers.address + ((<usize>number) << 2), numberOf(value));
  }
  return true;
}

/** The number of the column for a feature's name, made if it is new; 0 with the error recorded. */
function columnFor(fleet: Fleet, name: u32): u32 {
  const symbol = translate(fleet.symbols, name);
  if (symbol == 0) return 0;
  const known = load<u32>(symbolSpare(symbol));
  if (known != 0) return known;
  if (!reserve(numbers, 4)) return 0;
  if (changetype<usize>(addColumn(fleet, symbol)) == 0) return 0;
  append(numbers, 0);
  return fleet.columnCount;
}

/** Sorts the slots of the facts' table by feature, counting; those that keep what is covered, too. */
function sortSlots(facts: Facts): bool {
  bufferTrim(starts, KEPT);
  bufferTrim(list, KEPT);
  const counts = (facts.featureCount + 2) << 2;
  if (!charge((facts.slotMask + 1) << 1)) return fail(Code.BUDGET);
  if (!reserve(starts, counts) || !reserve(list, (facts.slotMask + 1) << 2)) return false;
  memory.fill(starts.address, 0, counts);
  const end = facts.slots + ((<usize>facts.slotMask + 1) << 4);
  for (let slot = facts.slots; slot < end; slot += 16) {
    const feature = load<u32>(slot) & ~COVERED;
    if (feature == 0) continue;
    const at = starts.address + ((<usize>feature + 1) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  // Of feature f, one place further on, the sum of all before it: where its next slot goes.
  for (let f: u32 = 1; f <= facts.featureCount + 1; f++) {
    const at = starts.address + ((<usize>f) << 2);
    store<u32>(at, load<u32>(at) + load<u32>(at - 4));
  }
  for (let slot = facts.slots; slot < end; slot += 16) {
    const feature = load<u32>(slot) & ~COVERED;
    if (feature == 0) continue;
    const at = starts.address + ((<usize>feature) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u32>(list.address + ((<usize>place) << 2), <u32>slot);
  }
  return true;
}

/** Makes sure that the host's numbers can be set. False with the error recorded. */
function reserveNumbers(fleet: Fleet, slot: u32): bool {
  if (!charge(fleet.columnCount + 1)) return fail(Code.BUDGET);
  for (let c: u32 = 0; c <= fleet.columnCount; c++) {
    if (load<u32>(numbers.address + ((<usize>c) << 2)) == 0) continue;
    if (!reserveNumber(columnAt(fleet, c), slot)) return false;
  }
  return true;
}

/** Gives a host the values of `numbers`. */
function setNumbers(fleet: Fleet, slot: u32): void {
  for (let c: u32 = 0; c <= fleet.columnCount; c++) {
    const column = columnAt(fleet, c);
    const before = numberAt(column, slot);
    const number = load<u32>(numbers.address + ((<usize>c) << 2));
    if (number == before) continue;
    setNumber(column, slot, number);
    if (number != 0) use(valueAt(column, number));
    if (before != 0) drop(fleet, column, before);
  }
}

function use(value: usize): void {
  store<u32>(value, usesOf(value) + 1, 16);
}

function drop(fleet: Fleet, column: Column, number: u32): void {
  const value = valueAt(column, number);
  const uses = usesOf(value) - 1;
  store<u32>(value, uses, 16);
  if (uses == 0) removeValue(fleet, value);
}

/** Removes the values that a call has made before it failed. */
function dropUnused(fleet: Fleet): void {
  const known = numbers.length >>> 2;
  for (let c: u32 = 0; c < known; c++) {
    const number = load<u32>(numbers.address + ((<usize>c) << 2));
    if (number == 0) continue;
    const value = valueAt(columnAt(fleet, c), number);
    if (usesOf(value) == 0) removeValue(fleet, value);
  }
}
