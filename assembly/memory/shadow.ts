/**
 * Of the guarded build (build/checked.mjs) alone: which bytes may be touched. Every load and store of that build asks here first.
 *
 *   shadow byte, one for each 8 bytes of address space:  how many of them, from the first on, may be touched: 0 ... 8
 *
 * Static data is exposed by build/checked.mjs, runs by the page allocator; a region's unused tail and the gaps between what lies
 * in it are hidden again. `GUARDED` is not defined in any other build, and the compiler removes all of this.
 */

/** Where the shadow lies: behind all static data, before the map of pages. */
export const SHADOW: usize = 1 << 20;
/** For the first GiB of addresses: the guarded build's memory ends there. What was never written costs nothing. */
export const SHADOW_END: usize = (1 << 20) + (1 << 27);
export const GUARDED_END: usize = 1 << 30;
/** Bytes that nobody may touch after each piece of a region. */
export const GAP: u32 = 16;

/** What freshly given memory holds, and what memory that was given back holds. */
const FRESH: u8 = 0xa5;
const STALE: u8 = 0xdb;

/** Allows `bytes` at an address that is a multiple of 8. */
export function expose(address: usize, bytes: u32): void {
  memory.fill(SHADOW + (address >>> 3), 8, bytes >>> 3);
  if (bytes & 7) store<u8>(SHADOW + ((address + bytes) >>> 3), <u8>(bytes & 7));
}

/** Forbids what lies between `address` and `end`, a multiple of 8. */
export function hide(address: usize, end: usize): void {
  let at = SHADOW + (address >>> 3);
  if (address & 7) {
    store<u8>(at, min(load<u8>(at), <u8>(address & 7)));
    at++;
  }
  const last = SHADOW + (end >>> 3);
  if (last > at) memory.fill(at, 0, last - at);
}

/** A run was given out. */
export function exposeRun(address: usize, bytes: u32): void {
  expose(address, bytes);
  memory.fill(address, FRESH, bytes);
}

/** A run was given back. */
export function hideRun(address: usize, bytes: u32): void {
  memory.fill(address, STALE, bytes);
  hide(address, address + bytes);
}

/** Whether `bytes` from `address` on may be touched. */
function allowed(address: usize, bytes: u32): bool {
  if (bytes == 0) return true;
  const last = address + bytes - 1;
  if (last < address || last >= GUARDED_END) return false;
  let at = SHADOW + (address >>> 3);
  const end = SHADOW + (last >>> 3);
  while (at < end) {
    if (load<u8>(at) != 8) return false;
    at++;
  }
  return (<u32>last & 7) < load<u8>(at);
}

/** Asked before a load or a store of `bytes` at `address + offset`: the address, or a trap. */
export function guard_access(address: usize, offset: u32, bytes: u32): usize {
  const at = address + offset;
  if (at >= address && at < GUARDED_END && (<u32>at & 7) + bytes <= load<u8>(SHADOW + (at >>> 3))) return address;
  return askAccess(address, at, bytes);
}

/** What touches more than one shadow byte's bytes, or must not. */
function askAccess(address: usize, at: usize, bytes: u32): usize {
  if (at < address || !allowed(at, bytes)) unreachable();
  return address;
}

/** memory.copy, asked about both ends. */
export function guard_copy(to: usize, from: usize, bytes: u32): void {
  if (!allowed(to, bytes) || !allowed(from, bytes)) unreachable();
  steps += bytes >>> 4;
  memory.copy(to, from, bytes);
}

/** memory.fill, asked. */
export function guard_fill(to: usize, value: i32, bytes: u32): void {
  if (!allowed(to, bytes)) unreachable();
  steps += bytes >>> 4;
  memory.fill(to, <u8>value, bytes);
}

let steps: u64 = 0;
let limit: u64 = u64.MAX_VALUE;

/** Called at the head of every loop: a trap past the limit. */
export function guard_step(): void {
  if (++steps > limit) unreachable();
}

/** Turns of loops, and 16 bytes of a copy or a fill for one, since the last time that this was asked. */
export function guard_steps(): i64 {
  const taken = steps;
  steps = 0;
  return taken;
}

/** Sets after how many steps a call is a trap. */
export function guard_limit(steps: i64): void {
  limit = steps;
}
