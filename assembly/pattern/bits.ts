/**
 * Reads the generated tables, which are rows of bits, the lowest bit of a byte first. A table has three bytes of padding,
 * so that any 25 bits of it can be loaded at once.
 */

let table: usize = 0;
let position: u32 = 0;

/** Begins to read at `address`. */
export function readBitsFrom(address: usize): void {
  table = address;
  position = 0;
}

function ahead(): u32 {
  return load<u32>(table + (position >>> 3)) >>> (position & 7);
}

/** A number of `count` bits, at most 25. */
export function nextBits(count: u32): u32 {
  const bits = ahead() & (((<u32>1) << count) - 1);
  position += count;
  return bits;
}

/**
 * A number that is mostly small, in an exponential Golomb code of the order `order`: n + 2^order, which has b bits after
 * its highest, as b - order zeros, a one, and those b bits.
 */
export function nextNumber(order: u32): u32 {
  const zeros = <u32>ctz(ahead());
  position += zeros + 1;
  const bits = zeros + order;
  return ((<u32>1) << bits) + nextBits(bits) - ((<u32>1) << order);
}
