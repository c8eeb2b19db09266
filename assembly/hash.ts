/**
 * The seeded hash of byte strings. The binding sets the seed from the platform's randomness, so that a stranger can't
 * prepare names that collide; nothing that leaves the core depends on it.
 */

const K0: u64 = 0xa0761d6478bd642f;
const K1: u64 = 0xe7037ed1a0b428db;
const K2: u64 = 0x8ebc6af09c88c6e3;

let seed0: u64 = K0;
let seed1: u64 = K1;
/** Odd factors, for tables of numbers (facts/facts.ts). */
export let factor0: u32 = 0x9e3779b1;
export let factor1: u32 = 0x85ebca77;

export function setSeed(a: u32, b: u32): void {
  // A factor of 0 or 1 would mix nothing: the seed 0, 0 is none of these either.
  seed0 = mixed(((<u64>a << 32) | b) ^ K2, K0);
  seed1 = mixed(((<u64>b << 32) | a) ^ K2, K1) | 1;
  factor0 = <u32>(seed0 >>> 32) | 1;
  factor1 = <u32>(seed1 >>> 32) | 1;
}

/** Folded product of 64 x 64 bits: each bit of the answer depends on all bits of both. */
@inline function mix(a: u64, b: u64): u64 {
  const al = a & 0xffffffff;
  const ah = a >>> 32;
  const bl = b & 0xffffffff;
  const bh = b >>> 32;
  const ll = al * bl;
  const m1 = ah * bl + (ll >>> 32);
  const m2 = al * bh + (m1 & 0xffffffff);
  const low = (m2 << 32) | (ll & 0xffffffff);
  const high = ah * bh + (m1 >>> 32) + (m2 >>> 32);
  return low ^ high;
}

function mixed(a: u64, b: u64): u64 {
  return mix(a, b);
}

/** Bytes at `p`, at most 8 of them; reads up to 8 (buffers are padded). */
@inline function tail(p: usize, length: u32): u64 {
  return length == 0 ? 0 : load<u64>(p) & (<u64>-1 >>> (<u64>(8 - length) << 3));
}

/** Hash of a byte string. Reads up to 8 bytes past its end. */
export function hashBytes(p: usize, length: u32): u32 {
  let h = seed0;
  let n = length;
  while (true) {
    const last = n <= 16;
    const a = n >= 8 ? load<u64>(p) : tail(p, n);
    const b = !last ? load<u64>(p, 8) : n > 8 ? tail(p + 8, n - 8) : 0;
    h = mix(a ^ h, b ^ seed1);
    if (last) break;
    p += 16;
    n -= 16;
  }
  h = mix(h ^ <u64>length, K2 ^ seed0);
  return <u32>(h ^ (h >>> 32));
}
