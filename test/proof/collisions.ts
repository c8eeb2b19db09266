/**
 * Strings whose hashes are equal (assembly/hash.ts), for who knows the seed. A string of 16 bytes whose second half is the half of
 * the seed that is mixed with it has the same hash whatever its first half is.
 */

const MASK = (1n << 64n) - 1n;
const K1 = 0xe7037ed1a0b428dbn;
const K2 = 0x8ebc6af09c88c6e3n;

/** The folded product of assembly/hash.ts. */
function mix(a: bigint, b: bigint): bigint {
  const product = (a & MASK) * (b & MASK);
  return (product ^ (product >> 64n)) & MASK;
}

/** The half of the seed that hf_seed(a, b) mixes with a string's second half. */
function secondHalf(a: number, b: number): bigint {
  return mix(((BigInt(b >>> 0) << 32n) | BigInt(a >>> 0)) ^ K2, K1) | 1n;
}

export interface Colliding {
  readonly seed: readonly [number, number];
  readonly strings: readonly string[];
}

/** `count` strings that collide under the seed (a, b), if UTF-8 can say what they need. */
function collidingFor(a: number, b: number, count: number): Colliding | undefined {
  const half = new Uint8Array(8);
  new DataView(half.buffer).setBigUint64(0, secondHalf(a, b), true);
  if (half.some((byte) => byte >= 0x80)) return undefined;
  const end = String.fromCharCode(...half);
  const strings = Array.from({ length: count }, (_, i) => i.toString(36).padStart(8, "0") + end);
  return { seed: [a, b], strings };
}

/** A seed for which plain texts collide, found by trying, and `count` of these. */
export function plainCollisions(count: number): Colliding {
  for (let a = 1; ; a++) {
    const found = collidingFor(a, 0x5eed, count);
    if (found !== undefined && /^[ !#-[\]-~]*$/.test(found.strings[0]!.slice(8))) return found;
  }
}

/** Texts for the seed 0, 0: they would collide if it left the hash without a seed. */
export function zeroSeedCollisions(count: number): Colliding {
  const end = `\u0001${"\u0000".repeat(7)}`;
  return {
    seed: [0, 0],
    strings: Array.from({ length: count }, (_, i) => i.toString(36).padStart(8, "0") + end),
  };
}
