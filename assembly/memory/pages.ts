/**
 * The page allocator: the only owner of `memory.grow` and of everything past the static data.
 *
 * Memory is handed out in runs of 4 KiB pages, each run a power of two long and aligned to its length (a buddy system):
 *
 *   | static data | map: 1 byte a page | page 0 | page 1 | ...                         | top
 *                                      ^ heapStart
 *
 * A map byte says what begins at its page:
 *
 *   0x00          nothing: inside a run
 *   0x40 | order  a free run of 2^order pages; its first 8 bytes are the links of a list (next, previous)
 *   0x80 | order  a run in use
 *
 * INVARIANT: no two free buddies of one order exist at the same time; a free run is in the list of its order.
 * Growth that fails gives 0, never a trap, and changes nothing.
 */
import { allocationFails } from "./faults";
import { GUARDED_END, SHADOW_END, exposeRun, hideRun } from "./shadow";

/** Bytes of a page. */
export const PAGE: u32 = 4096;
const PAGE_SHIFT: u32 = 12;
/** The most that this allocator can ever manage: 2 GiB less one order. */
const MAX_ORDER: u32 = 18;
const MAX_PAGES: u32 = 1 << 19;
const FREE: u8 = 0x40;
const USED: u8 = 0x80;
/** Under a managed runtime (as-pect) the heap is somebody else's: one block of it is managed here. */
const HOSTED_BYTES: usize = 64 << 20;

const lists: usize = memory.data(4 * 20);
let map: usize = 0;
let heapStart: usize = 0;
let top: u32 = 0;
let ceiling: u32 = (1 << 30) >>> PAGE_SHIFT;
let used: u32 = 0;
let hostedPages: u32 = 0;

/** Pages in use, for tests of leaks and for the memory ceiling. */
export function pagesInUse(): u32 {
  return used;
}

/** Sets the ceiling in bytes (at most 2 GiB). What is already in use stays. */
export function setCeiling(bytes: u32): void {
  ceiling = min(bytes >>> PAGE_SHIFT, MAX_PAGES);
}

function start(): bool {
  if (ASC_RUNTIME == 0) {
    map = isDefined(GUARDED) ? SHADOW_END : (__heap_base + 15) & ~(<usize>15);
    heapStart = (map + MAX_PAGES + (PAGE - 1)) & ~(<usize>(PAGE - 1));
    if (!ensure(heapStart)) {
      map = 0;
      return false;
    }
  } else {
    const block = heap.alloc(HOSTED_BYTES);
    map = block;
    heapStart = (map + MAX_PAGES + (PAGE - 1)) & ~(<usize>(PAGE - 1));
    hostedPages = <u32>((block + HOSTED_BYTES - heapStart) >>> PAGE_SHIFT);
    memory.fill(map, 0, MAX_PAGES);
  }
  return true;
}

/** Grows linear memory so that addresses below `end` exist. */
function ensure(end: usize): bool {
  if (ASC_RUNTIME != 0) return end <= heapStart + ((<usize>hostedPages) << PAGE_SHIFT);
  // An address is an i32 in the ABI, and its highest bit tells symbols apart (nfd/subject.ts).
  if (<i32>end < 0) return false;
  const have = (<usize>memory.size()) << 16;
  if (end <= have) return true;
  // In steps of 1 MiB at least, and of a sixteenth of what there is, so that growth is rare: it costs a runtime's collector dearly.
  const need = <i32>((end - have + 0xffff) >>> 16);
  const step = max(16, <i32>(have >>> 20));
  if (memory.grow(max(need, step)) >= 0) return true;
  return need < step && memory.grow(need) >= 0;
}

function pageAddress(page: u32): usize {
  return heapStart + ((<usize>page) << PAGE_SHIFT);
}

function listHead(order: u32): usize {
  return lists + (order << 2);
}

function link(page: u32, order: u32): void {
  const address = pageAddress(page);
  const head = load<u32>(listHead(order));
  store<u32>(address, head);
  store<u32>(address, 0, 4);
  if (head != 0) store<u32>(head, <u32>address, 4);
  store<u32>(listHead(order), <u32>address);
  store<u8>(map + page, FREE | <u8>order);
}

function unlink(page: u32, order: u32): void {
  const address = pageAddress(page);
  const next = load<u32>(address);
  const previous = load<u32>(address, 4);
  if (previous != 0) store<u32>(previous, next);
  else store<u32>(listHead(order), next);
  if (next != 0) store<u32>(next, previous, 4);
  store<u8>(map + page, 0);
}

/** Makes a run free and joins it with its free buddies. */
function release(page: u32, order: u32): void {
  while (order < MAX_ORDER) {
    const buddy = page ^ (1 << order);
    if (buddy >= top || load<u8>(map + buddy) != (FREE | <u8>order)) break;
    unlink(buddy, order);
    if (buddy < page) page = buddy;
    order++;
  }
  link(page, order);
}

/** Adds pages at the top until a free run of `order` exists. */
function extend(order: u32): bool {
  const size: u32 = 1 << order;
  const aligned = (top + size - 1) & ~(size - 1);
  const end = aligned + size;
  if (end > ceiling || end < top) return false;
  if (isDefined(GUARDED)) if (pageAddress(end) > GUARDED_END) return false;
  if (!ensure(pageAddress(end))) return false;
  while (top < end) {
    let o: u32 = min(<u32>ctz(top), MAX_ORDER);
    while (top + (<u32>1 << o) > end) o--;
    const page = top;
    top += 1 << o;
    release(page, o);
  }
  return true;
}

/** The order of the smallest run that holds `bytes`. */
export function orderOf(bytes: u32): u32 {
  const pages = (bytes + (PAGE - 1)) >>> PAGE_SHIFT;
  return pages <= 1 ? 0 : 32 - clz(pages - 1);
}

/** Takes a run of at least `bytes` (not cleared). 0 if there is no memory for it. */
export function allocateRun(bytes: u32): usize {
  if (bytes > ((<u32>1 << MAX_ORDER) << PAGE_SHIFT)) return 0;
  if (allocationFails()) return 0;
  if (map == 0 && !start()) return 0;
  const wanted = orderOf(bytes);
  let order = wanted;
  while (order <= MAX_ORDER && load<u32>(listHead(order)) == 0) order++;
  if (order > MAX_ORDER) {
    if (!extend(wanted)) return 0;
    order = wanted;
    while (load<u32>(listHead(order)) == 0) order++;
  }
  const address = <usize>load<u32>(listHead(order));
  const page = <u32>((address - heapStart) >>> PAGE_SHIFT);
  unlink(page, order);
  while (order > wanted) {
    order--;
    link(page + (1 << order), order);
  }
  store<u8>(map + page, USED | <u8>wanted);
  used += 1 << wanted;
  if (isDefined(GUARDED)) exposeRun(address, PAGE << wanted);
  return address;
}

/** Bytes of the run that begins at `address`. */
export function runBytes(address: usize): u32 {
  const page = <u32>((address - heapStart) >>> PAGE_SHIFT);
  return (<u32>1 << (load<u8>(map + page) & 0x3f)) << PAGE_SHIFT;
}

/** Gives a run back. `address` must be one that allocateRun gave. */
export function freeRun(address: usize): void {
  const page = <u32>((address - heapStart) >>> PAGE_SHIFT);
  const order = <u32>(load<u8>(map + page) & 0x3f);
  used -= 1 << order;
  if (isDefined(GUARDED)) hideRun(address, PAGE << order);
  store<u8>(map + page, 0);
  release(page, order);
}

/** Free runs of each order that the walk of the map has met. */
const met: usize = isDefined(GUARDED) ? memory.data(4 * 20) : 0;

/**
 * Of the guarded build: walks the map and the lists. 0 if they agree with each other and with the invariants above; else what
 * is wrong: 1 a run that begins nowhere, 2 a run that is not aligned or passes the top, 3 something inside a run, 4 two free
 * buddies, 5 the count of pages in use, 6 a list's node that is not free, 7 a broken link back, 8 a free run in no list.
 */
export function heapFault(): i32 {
  memory.fill(met, 0, 4 * 20);
  let page: u32 = 0;
  let pages: u32 = 0;
  while (page < top) {
    const what = <u32>load<u8>(map + page);
    const order = what & 0x3f;
    const size: u32 = 1 << order;
    if (what < FREE || order > MAX_ORDER) return 1;
    if (page & (size - 1) || page + size > top) return 2;
    for (let i: u32 = 1; i < size; i++) if (load<u8>(map + page + i) != 0) return 3;
    if (what & USED) pages += size;
    else {
      const buddy = page ^ size;
      if (order < MAX_ORDER && buddy < top && load<u8>(map + buddy) == what) return 4;
      store<u32>(met + (order << 2), load<u32>(met + (order << 2)) + 1);
    }
    page += size;
  }
  if (pages != used) return 5;
  for (let order: u32 = 0; order <= MAX_ORDER; order++) {
    let previous: usize = 0;
    let left = load<u32>(met + (order << 2));
    let run = <usize>load<u32>(listHead(order));
    while (run != 0) {
      const at = <u32>((run - heapStart) >>> PAGE_SHIFT);
      if (at >= top || left == 0 || load<u8>(map + at) != (FREE | <u8>order)) return 6;
      if (<usize>load<u32>(run, 4) != previous) return 7;
      previous = run;
      run = load<u32>(run);
      left--;
    }
    if (left != 0) return 8;
  }
  return 0;
}
