/**
 * Planes of bits over the hosts of a block, and what is done with them. A pair of planes, lower and upper, lies as in a cell (cache.ts):
 *
 *   0 lower, 512 bytes   512 upper, 512 bytes
 *
 * INVARIANT: lower is within upper. Operations go through as many bytes of a plane as hosts need, in whole vectors.
 */
import { BLOCK, PLANE_BYTES } from "./layout";

/** The planes in which every host has a value: address of one pair. Of Kleene's values 0, 1 and 2, one after the other. */
const constants: usize = memory.data(3 * 1024, 16);
let furnished: bool = false;

export function constantPlanes(value: u32): usize {
  if (!furnished) {
    memory.fill(constants + 1024 + PLANE_BYTES, 0xff, PLANE_BYTES);
    memory.fill(constants + 2048, 0xff, PLANE_BYTES << 1);
    furnished = true;
  }
  return constants + (value << 10);
}

/** A value of Kleene's as a byte: bit 0 is for the lower plane, bit 1 for the upper. */
@inline export function codeOf(value: u32): u8 {
  return <u8>(value == 0 ? 0 : value + 1);
}

/** Sets one host's bits. */
export function setBits(planes: usize, host: u32, code: u32): void {
  const at = planes + (host >>> 3);
  const bit = <u8>1 << <u8>(host & 7);
  store<u8>(at, (load<u8>(at) & ~bit) | (code & 1 ? bit : 0));
  store<u8>(at, (load<u8>(at, PLANE_BYTES) & ~bit) | (code & 2 ? bit : 0), PLANE_BYTES);
}

/** Fills the planes of a block by the codes of values, a byte by number, of the numbers in a column's block. */
export function fillPlanes(planes: usize, numbers: usize, codes: usize): void {
  let to = planes;
  const end = numbers + (BLOCK << 2);
  for (let at = numbers; at < end; at += 64) {
    const low = eightCodes(at, codes);
    const high = eightCodes(at + 32, codes);
    const both = i64x2.replace_lane(i64x2.splat(low), 1, high);
    // The highest bit of each byte is what a mask is made of.
    store<u16>(to, <u16>i8x16.bitmask(i16x8.shl(both, 7)));
    store<u16>(to, <u16>i8x16.bitmask(i16x8.shl(both, 6)), PLANE_BYTES);
    to += 2;
  }
}

@inline function eightCodes(at: usize, codes: usize): u64 {
  const a = <u64>load<u8>(codes + load<u32>(at)) | (<u64>load<u8>(codes + load<u32>(at, 4)) << 8);
  const b = <u64>load<u8>(codes + load<u32>(at, 8)) | (<u64>load<u8>(codes + load<u32>(at, 12)) << 8);
  const c = <u64>load<u8>(codes + load<u32>(at, 16)) | (<u64>load<u8>(codes + load<u32>(at, 20)) << 8);
  const d = <u64>load<u8>(codes + load<u32>(at, 24)) | (<u64>load<u8>(codes + load<u32>(at, 28)) << 8);
  return a | (b << 16) | (c << 32) | (d << 48);
}

export function copyPlanes(to: usize, from: usize, bytes: u32): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(to + i, v128.load(from + i));
    v128.store(to + i, v128.load(from + i, PLANE_BYTES), PLANE_BYTES);
  }
}

export function andPlanes(to: usize, from: usize, bytes: u32): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(to + i, v128.and(v128.load(to + i), v128.load(from + i)));
    v128.store(to + i, v128.and(v128.load(to + i, PLANE_BYTES), v128.load(from + i, PLANE_BYTES)), PLANE_BYTES);
  }
}

export function orPlanes(to: usize, from: usize, bytes: u32): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(to + i, v128.or(v128.load(to + i), v128.load(from + i)));
    v128.store(to + i, v128.or(v128.load(to + i, PLANE_BYTES), v128.load(from + i, PLANE_BYTES)), PLANE_BYTES);
  }
}

/** What is not surely true is possibly false, and the other way round. */
export function notPlanes(planes: usize, bytes: u32): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const lower = v128.load(planes + i);
    v128.store(planes + i, v128.not(v128.load(planes + i, PLANE_BYTES)));
    v128.store(planes + i, v128.not(lower), PLANE_BYTES);
  }
}

/** Condition, then and else, one after the other, into the first: the value of the branch, or of both where they are equal. */
export function ifPlanes(planes: usize, bytes: u32): void {
  const then = planes + (PLANE_BYTES << 1);
  const other = then + (PLANE_BYTES << 1);
  for (let i: usize = 0; i < bytes; i += 16) {
    const holds = v128.load(planes + i);
    const fails = v128.not(v128.load(planes + i, PLANE_BYTES));
    const thenLower = v128.load(then + i);
    const elseLower = v128.load(other + i);
    const thenFails = v128.not(v128.load(then + i, PLANE_BYTES));
    const elseFails = v128.not(v128.load(other + i, PLANE_BYTES));
    v128.store(planes + i, either(holds, thenLower, fails, elseLower));
    v128.store(planes + i, v128.not(either(holds, thenFails, fails, elseFails)), PLANE_BYTES);
  }
}

@inline function either(holds: v128, then: v128, fails: v128, other: v128): v128 {
  return v128.or(v128.or(v128.and(holds, then), v128.and(fails, other)), v128.and(then, other));
}

/** How many bits are set in so many bytes, a multiple of 8. */
export function countBits(plane: usize, bytes: u32): u32 {
  let count: u32 = 0;
  for (let i: usize = 0; i < bytes; i += 8) count += <u32>popcnt(load<u64>(plane + i));
  return count;
}
