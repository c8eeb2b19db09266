/** Reads the generated tables: numbers of seven bits a byte, the lowest first, the top bit on all bytes but the last. */

let at: usize = 0;

/** Goes on reading at `address`. */
export function varintFrom(address: usize): void {
  at = address;
}

/** The next number. */
export function nextVarint(): u32 {
  let value: u32 = 0;
  let shift: u32 = 0;
  while (true) {
    const byte = <u32>load<u8>(at);
    at++;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
    shift += 7;
  }
}

/** The next byte, as it is. */
export function nextByte(): u32 {
  const byte = <u32>load<u8>(at);
  at++;
  return byte;
}
