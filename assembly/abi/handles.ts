/**
 * Handles: an index and a generation, so that one that was freed is an error and never another object.
 *
 *   bits 0..19   index      bits 20..30   generation, from 1      bit 31   0
 *
 *   slot, 8 bytes:  address of the object (0: free, then the generation counts on)   kind | generation << 8
 */
import { Code, fail } from "../errors";
import { Facts } from "../facts/facts";
import { Fleet, freeFleet, regionsOf } from "../fleet/fleet";
import { Buffer, bufferReserve } from "../memory/buffer";
import { regionFree } from "../memory/region";
import { Program, forgetFacts } from "../program/program";

export namespace HandleKind {
  export const REQUIREMENTS: u32 = 1;
  export const FACTS: u32 = 2;
  export const POLICY: u32 = 3;
  /** Of the module with fleets alone. */
  export const FLEET: u32 = 4;
}

const MAX_HANDLES: u32 = 1 << 20;
const GENERATIONS: u32 = 0x7ff;
const slots = changetype<Buffer>(memory.data(12, 8));
/** First free slot + 1, linked through the address word. */
let free: u32 = 0;

/** Whether there was ever a handle. */
export function hasHandles(): bool {
  return slots.length > 0;
}

/** Makes sure that the next addHandle works; false with the error recorded. */
export function reserveHandle(): bool {
  if (free != 0) return true;
  if (slots.length >> 3 == MAX_HANDLES) return fail(Code.LIMIT);
  return bufferReserve(slots, slots.length + 8) || fail(Code.OUT_OF_MEMORY);
}

/** A handle for an object. reserveHandle came before. */
export function addHandle(kind: u32, object: usize): i32 {
  let index: u32 = 0;
  if (free != 0) {
    index = free - 1;
    free = load<u32>(slots.address + (index << 3));
  } else {
    index = slots.length >> 3;
    slots.length += 8;
    store<u32>(slots.address + (index << 3), 1 << 8, 4);
  }
  const at = slots.address + (index << 3);
  const generation = load<u32>(at, 4) >>> 8;
  store<u32>(at, <u32>object);
  store<u32>(at, kind | (generation << 8), 4);
  return <i32>(index | (generation << 20));
}

/** The slot of a live handle, or 0 with the error recorded. */
function slotOf(handle: i32): usize {
  const index = <u32>handle & 0xfffff;
  if (handle <= 0 || index >= slots.length >> 3) {
    fail(Code.STALE_HANDLE);
    return 0;
  }
  const at = slots.address + (index << 3);
  const word = load<u32>(at, 4);
  if ((word & 0xff) == 0 || word >>> 8 != <u32>handle >>> 20) {
    fail(Code.STALE_HANDLE);
    return 0;
  }
  return at;
}

function objectOf(handle: i32, kind: u32): usize {
  const at = slotOf(handle);
  if (at == 0) return 0;
  if ((load<u32>(at, 4) & 0xff) != kind) {
    fail(Code.WRONG_HANDLE);
    return 0;
  }
  return <usize>load<u32>(at);
}

/** The object behind a handle, or 0 with the error recorded. */
export function requirementsOf(handle: i32): Program {
  return changetype<Program>(objectOf(handle, HandleKind.REQUIREMENTS));
}
export function factsOf(handle: i32): Facts {
  return changetype<Facts>(objectOf(handle, HandleKind.FACTS));
}
export function fleetOf(handle: i32): Fleet {
  return changetype<Fleet>(objectOf(handle, HandleKind.FLEET));
}
export function policyOf(handle: i32): Program {
  return changetype<Program>(objectOf(handle, HandleKind.POLICY));
}

/**
 * No serial is left that no facts have had: live facts are numbered anew, and programs forget what they bound to others. The last
 * serial in use.
 */
export function renumberFacts(): u32 {
  let serial: u32 = 0;
  const end = slots.address + slots.length;
  for (let at = slots.address; at < end; at += 8) {
    const kind = load<u32>(at, 4) & 0xff;
    const object = <usize>load<u32>(at);
    if (isDefined(FLEETS)) {
      if (kind == HandleKind.FLEET) {
        changetype<Fleet>(object).serial = ++serial;
        continue;
      }
    }
    if (kind == HandleKind.FACTS) changetype<Facts>(object).serial = ++serial;
    else if (kind != 0) forgetFacts(changetype<Program>(object));
  }
  return serial;
}

/** Of the guarded build: how many regions all objects have. */
export function regionsOfHandles(): u32 {
  let count: u32 = 0;
  const end = slots.address + slots.length;
  for (let at = slots.address; at < end; at += 8) {
    const kind = load<u32>(at, 4) & 0xff;
    if (kind == 0) continue;
    count++;
    if (isDefined(FLEETS)) if (kind == HandleKind.FLEET) count += regionsOf(changetype<Fleet>(<usize>load<u32>(at))) - 1;
  }
  return count;
}

function freeObject(kind: u32, object: usize): void {
  if (isDefined(FLEETS)) {
    if (kind == HandleKind.FLEET) {
      freeFleet(changetype<Fleet>(object));
      return;
    }
  }
  regionFree(kind == HandleKind.FACTS ? changetype<Facts>(object).region : changetype<Program>(object).region);
}

/** Frees what a handle stands for. False with the error recorded. */
export function freeHandle(handle: i32): bool {
  const at = slotOf(handle);
  if (at == 0) return false;
  const kind = load<u32>(at, 4) & 0xff;
  const object = <usize>load<u32>(at);
  freeObject(kind, object);
  const generation = load<u32>(at, 4) >>> 8;
  store<u32>(at, (generation == GENERATIONS ? 1 : generation + 1) << 8, 4);
  store<u32>(at, free);
  free = (<u32>handle & 0xfffff) + 1;
  return true;
}
