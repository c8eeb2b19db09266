/**
 * What is kept of tests that were evaluated: predicates. A predicate's answer is two planes of bits over the slots of hosts, the lower
 * bound (true whatever is unknown) and the upper bound (could be true), block by block:
 *
 *   chunk:   block 0 of cell 0: lower, 512 bytes; upper, 512 bytes   block 0 of cell 1 ... 63   block 1 of cell 0 ...
 *
 * so that what many predicates say of the hosts of one block lies together.
 *
 * A predicate is found by its key, the bytes that say what it asks (predicate-key.ts), so that equal tests of different documents are one.
 * It knows how many changes of its columns it has seen. Documents remember where they found it; a birth number, which no two predicates
 * of an instance ever share, says whether it is still there.
 *
 * When the ceiling is reached, those go first that were not used since the hand of a clock came by.
 */
import { sameBytes } from "../bytes";
import { Code, fail } from "../errors";
import { Buffer, bufferReserve } from "../memory/buffer";
import { allocateRun, freeRun } from "../memory/pages";
import { regionAlloc, regionAllocRaw, regionCreate, regionFree } from "../memory/region";
import { charge } from "../work";
import { Fleet, append, freeBuffer, makeIn, reserve } from "./fleet";
import { CELLS, CELL_STRIDE, PAIR_BYTES } from "./layout";

/** One predicate. */
@unmanaged export class Predicate {
  /** 0: it is free. */
  birth: u64;
  /** Sum of the changes of its columns that its planes have seen. */
  seen: u64;
  key: usize;
  keyLength: u32;
  hash: u32;
  /** The next of its chain, or of the free ones: its index + 1. */
  next: u32;
  cell: usize;
  /** The batch that needs it: until that ends it stays. */
  batch: u32;
  /** Used since the clock's hand came by. */
  used: u32;
  /** Whether the planes say anything. */
  filled: u32;
  /** The column that it asks, and its number; of what asks several: 0. */
  column: usize;
  number: u32;
  /** Codes of values that it was asked about last, once it was brought up to date: birth << 2 | code, by the number's last bits. */
  memo: usize;
}

const PREDICATE: u32 = 64;
/** Dead keys that are not worth a new region. */
const DEAD_KEYS: u32 = 1 << 18;

@unmanaged export class Cache {
  /** The keys; bytes of them, of those that are dead. */
  keys: usize;
  keyBytes: u32;
  deadKeys: u32;
  predicates: Buffer;
  free: u32;
  count: u32;
  buckets: Buffer;
  /** Addresses of runs of cells; the first free cell, linked; and how many blocks a cell has. */
  chunks: Buffer;
  freeCell: usize;
  blocks: u32;
  cells: u32;
  hand: u32;
  batch: u32;
  /** Predicates that this batch needs. */
  needed: u32;
}

let births: u64 = 0;
let ceiling: u32 = 1 << 28;

/** Sets how many bytes of planes every fleet keeps. */
export function setCacheCeiling(bytes: u32): void {
  ceiling = bytes;
}

/** A cache in a region; 0 without memory. */
export function createCache(home: usize): usize {
  const cache = makeIn<Cache>(home);
  if (changetype<usize>(cache) == 0) return 0;
  cache.predicates = makeIn<Buffer>(home);
  cache.buckets = makeIn<Buffer>(home);
  cache.chunks = makeIn<Buffer>(home);
  if (changetype<usize>(cache.chunks) == 0 || changetype<usize>(cache.buckets) == 0) return 0;
  if (changetype<usize>(cache.predicates) == 0) return 0;
  cache.keys = regionCreate(1024);
  return cache.keys == 0 ? 0 : changetype<usize>(cache);
}

export function freeCache(address: usize): void {
  const cache = changetype<Cache>(address);
  freeCells(cache);
  freeBuffer(cache.predicates);
  freeBuffer(cache.buckets);
  freeBuffer(cache.chunks);
  regionFree(cache.keys);
}

function freeCells(cache: Cache): void {
  for (let i: u32 = 0; i < cache.chunks.length; i += 4) freeRun(<usize>load<u32>(cache.chunks.address + i));
  cache.chunks.length = 0;
  cache.freeCell = 0;
}

@inline export function cacheOf(fleet: Fleet): Cache {
  return changetype<Cache>(fleet.cache);
}

/** Whether what a batch needs fills the cache: it is better ended. */
export function isFull(fleet: Fleet): bool {
  const cache = cacheOf(fleet);
  return <u64>cache.needed * (cache.blocks * PAIR_BYTES) > <u64>(ceiling >>> 1);
}

/** Bytes of planes that are kept. */
export function cachedBytes(fleet: Fleet): u32 {
  const cache = cacheOf(fleet);
  return cache.count * cache.blocks * PAIR_BYTES;
}

/** Begins a batch: what it uses stays until the next. */
export function beginBatch(fleet: Fleet): void {
  const cache = cacheOf(fleet);
  cache.batch++;
  cache.needed = 0;
  if (cache.blocks != fleet.blocks || (cache.deadKeys > DEAD_KEYS && cache.deadKeys > cache.keyBytes >>> 1)) {
    forgetAll(fleet);
  }
}

/** Forgets every predicate, and makes cells of another size. */
export function forgetAll(fleet: Fleet): void {
  const cache = cacheOf(fleet);
  freeCells(cache);
  cache.predicates.length = 0;
  cache.free = 0;
  cache.count = 0;
  cache.cells = 0;
  cache.hand = 0;
  cache.blocks = fleet.blocks;
  if (cache.buckets.address != 0) memory.fill(cache.buckets.address, 0, cache.buckets.length);
  if (cache.keyBytes == 0) return;
  // Without memory for another, the keys' region goes on.
  const keys = regionCreate(1024);
  if (keys == 0) {
    cache.deadKeys = cache.keyBytes;
    return;
  }
  regionFree(cache.keys);
  cache.keys = keys;
  cache.keyBytes = 0;
  cache.deadKeys = 0;
}

@inline export function predicateAt(cache: Cache, index: u32): Predicate {
  return changetype<Predicate>(cache.predicates.address + <usize>index * PREDICATE);
}

/** Whether the predicate at an index is still the one of that birth; then it stays for this batch. */
@inline export function isAlive(cache: Cache, index: u32, birth: u64): bool {
  return index < cache.predicates.length / PREDICATE && predicateAt(cache, index).birth == birth;
}

/** Keeps a predicate for this batch. */
@inline export function keep(cache: Cache, predicate: Predicate): void {
  if (predicate.batch != cache.batch) cache.needed++;
  predicate.batch = cache.batch;
  predicate.used = 1;
}

/** Index + 1 of the predicate with a key, or 0. */
export function findPredicate(cache: Cache, key: usize, length: u32, hash: u32): u32 {
  if (cache.buckets.length == 0) return 0;
  let next = load<u32>(bucketOf(cache, hash));
  while (next != 0) {
    const p = predicateAt(cache, next - 1);
    charge(1 + (length >>> 3));
    if (p.hash == hash && p.keyLength == length && sameBytes(p.key, key, length)) return next;
    next = p.next;
  }
  return 0;
}

@inline function bucketOf(cache: Cache, hash: u32): usize {
  return cache.buckets.address + ((<usize>hash & ((cache.buckets.length >>> 2) - 1)) << 2);
}

/** A predicate for a key that is not there yet, whose planes say nothing: its index + 1; 0 with the error recorded. */
export function addPredicate(fleet: Fleet, key: usize, length: u32, hash: u32): u32 {
  const cache = cacheOf(fleet);
  if (!growBuckets(cache)) return 0;
  const bytes = cache.blocks * PAIR_BYTES;
  if ((cache.count + 1) * <u64>bytes > <u64>ceiling) evict(cache);
  let index = cache.free;
  if (index == 0 && !reserve(cache.predicates, PREDICATE)) return 0;
  const text = regionAllocRaw(cache.keys, length + 8);
  if (text == 0) {
    fail(Code.OUT_OF_MEMORY);
    return 0;
  }
  memory.copy(text, key, length);
  cache.keyBytes += length;
  const cell = takeCell(cache);
  if (cell == 0) {
    cache.deadKeys += length;
    return 0;
  }
  if (index == 0) {
    index = cache.predicates.length / PREDICATE + 1;
    cache.predicates.length += PREDICATE;
  } else cache.free = predicateAt(cache, index - 1).next;
  const p = predicateAt(cache, index - 1);
  p.birth = ++births;
  p.batch = 0;
  p.used = 0;
  p.seen = 0;
  p.key = text;
  p.keyLength = length;
  p.hash = hash;
  p.cell = cell;
  p.filled = 0;
  p.memo = 0;
  const bucket = bucketOf(cache, hash);
  p.next = load<u32>(bucket);
  store<u32>(bucket, index);
  cache.count++;
  return index;
}

function growBuckets(cache: Cache): bool {
  const buffer = cache.buckets;
  if (cache.count < buffer.length >>> 2) return true;
  const bytes = max(1024, buffer.length << 1);
  if (!bufferReserve(buffer, bytes)) return buffer.length > 0 || fail(Code.OUT_OF_MEMORY);
  buffer.length = bytes;
  memory.fill(buffer.address, 0, bytes);
  for (let i: u32 = 1; i <= cache.predicates.length / PREDICATE; i++) {
    const p = predicateAt(cache, i - 1);
    if (p.birth == 0) continue;
    const bucket = bucketOf(cache, p.hash);
    p.next = load<u32>(bucket);
    store<u32>(bucket, i);
  }
  return true;
}

/** A cell; 0 with the error recorded. */
function takeCell(cache: Cache): usize {
  if (cache.freeCell == 0 && !addChunk(cache)) return 0;
  const cell = cache.freeCell;
  cache.freeCell = <usize>load<u32>(cell);
  return cell;
}

function addChunk(cache: Cache): bool {
  if (!reserve(cache.chunks, 4)) return false;
  const chunk = allocateRun(cache.blocks * CELL_STRIDE);
  if (chunk == 0) return fail(Code.OUT_OF_MEMORY);
  append(cache.chunks, <u32>chunk);
  for (let i = CELLS; i > 0; i--) {
    const cell = chunk + (i - 1) * PAIR_BYTES;
    store<u32>(cell, <u32>cache.freeCell);
    cache.freeCell = cell;
  }
  return true;
}

/** Makes room by one predicate that this batch doesn't need, if there is one. */
function evict(cache: Cache): void {
  if (cache.needed >= cache.count) return;
  const count = cache.predicates.length / PREDICATE;
  for (let turns: u32 = 0; turns < count << 1; turns++) {
    cache.hand = cache.hand + 1 < count ? cache.hand + 1 : 0;
    const p = predicateAt(cache, cache.hand);
    if (p.birth == 0 || p.batch == cache.batch) continue;
    if (p.used == 0) {
      forget(cache, cache.hand);
      return;
    }
    p.used = 0;
  }
}

/** Values that a predicate remembers. */
export const MEMO: u32 = 64;

/** A predicate's memory of values, made if there is none; 0 without memory. */
export function memoOf(cache: Cache, predicate: Predicate): usize {
  if (predicate.memo == 0) {
    predicate.memo = regionAlloc(cache.keys, MEMO << 2);
    if (predicate.memo != 0) cache.keyBytes += MEMO << 2;
  }
  return predicate.memo;
}

/** Forgets one predicate. */
export function forget(cache: Cache, index: u32): void {
  const p = predicateAt(cache, index);
  let at = bucketOf(cache, p.hash);
  while (load<u32>(at) != index + 1) at = changetype<usize>(predicateAt(cache, load<u32>(at) - 1)) + offsetof<Predicate>("next");
  store<u32>(at, p.next);
  p.birth = 0;
  p.next = cache.free;
  cache.free = index + 1;
  cache.deadKeys += p.keyLength + (p.memo == 0 ? 0 : MEMO << 2);
  store<u32>(p.cell, <u32>cache.freeCell);
  cache.freeCell = p.cell;
  cache.count--;
}
