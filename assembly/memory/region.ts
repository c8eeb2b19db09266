/**
 * A region: the memory of one object (a document, facts, one call's scratch), taken in chunks and freed whole.
 *
 *   chunk:   | next chunk | reserved | payload ...
 *   region:  lies at the beginning of its first chunk's payload: { cursor, end, last chunk }
 */
import { allocationFails } from "./faults";
import { PAGE, allocateRun, freeRun, runBytes } from "./pages";
import { GAP, expose, hide } from "./shadow";

@unmanaged
class Region {
  cursor: usize;
  end: usize;
  last: usize;
  reserved: u32;
}

const CHUNK_HEADER: u32 = 8;
/** Chunks double up to this. */
const CHUNK_LIMIT: u32 = 1 << 20;

/** Makes a region with room for `bytes` at first. 0 without memory. */
export function regionCreate(bytes: u32): usize {
  const want = bytes + CHUNK_HEADER + <u32>offsetof<Region>() + 16;
  if (want < bytes) return 0;
  const chunk = allocateRun(want);
  if (chunk == 0) return 0;
  store<u32>(chunk, 0);
  const region = changetype<Region>(chunk + CHUNK_HEADER);
  region.cursor = chunk + CHUNK_HEADER + offsetof<Region>();
  region.end = chunk + runBytes(chunk);
  region.last = chunk;
  if (isDefined(GUARDED)) {
    hide(region.cursor, region.end);
    live++;
  }
  return changetype<usize>(region);
}

let live: u32 = 0;

/** Of the guarded build: how many regions there are. */
export function regionsInUse(): u32 {
  return live;
}

/** `bytes` of cleared memory, aligned to 8; 0 without memory. It lives as long as the region. */
export function regionAlloc(region: usize, bytes: u32): usize {
  const address = regionAllocRaw(region, bytes);
  if (address != 0) memory.fill(address, 0, bytes);
  return address;
}

/** As regionAlloc, but not cleared. */
export function regionAllocRaw(region: usize, bytes: u32): usize {
  const r = changetype<Region>(region);
  let size = (bytes + 7) & ~7;
  if (size < bytes) return 0;
  if (isDefined(GUARDED)) {
    if (allocationFails()) return 0;
    size += GAP;
    if (size < bytes) return 0;
  }
  const address = r.cursor;
  if (size <= <u32>(r.end - address)) {
    r.cursor = address + size;
    if (isDefined(GUARDED)) expose(address, bytes);
    return address;
  }
  const grown = min(runBytes(r.last) << 1, CHUNK_LIMIT);
  const need = size + CHUNK_HEADER;
  if (need < size) return 0;
  const chunk = allocateRun(max(need, max(grown, PAGE)));
  if (chunk == 0) return 0;
  store<u32>(chunk, 0);
  store<u32>(r.last, <u32>chunk);
  r.last = chunk;
  r.cursor = chunk + CHUNK_HEADER + size;
  r.end = chunk + runBytes(chunk);
  if (isDefined(GUARDED)) hide(chunk + CHUNK_HEADER + bytes, r.end);
  return chunk + CHUNK_HEADER;
}

/** Frees the region and all that lies in it. */
export function regionFree(region: usize): void {
  if (isDefined(GUARDED)) live--;
  let chunk = region - CHUNK_HEADER;
  while (chunk != 0) {
    const next = <usize>load<u32>(chunk);
    freeRun(chunk);
    chunk = next;
  }
}

/** Frees all that lies in the region, but keeps it with its first chunk. */
export function regionReset(region: usize): void {
  const r = changetype<Region>(region);
  const first = region - CHUNK_HEADER;
  let chunk = <usize>load<u32>(first);
  while (chunk != 0) {
    const next = <usize>load<u32>(chunk);
    freeRun(chunk);
    chunk = next;
  }
  store<u32>(first, 0);
  r.cursor = region + offsetof<Region>();
  r.end = first + runBytes(first);
  r.last = first;
  if (isDefined(GUARDED)) hide(r.cursor, r.end);
}
