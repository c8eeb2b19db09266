/** Sizes in bytes: `digits [ Ki | Mi | Gi | Ti | K | M | G | T ]`, exact up to 2^64 - 1. */

/** The size that was read last. */
export let sizeValue: u64 = 0;

/** Reads a size into sizeValue; false if the text is none or too great. */
export function readSize(p: usize, length: u32): bool {
  const end = p + length;
  let value: u64 = 0;
  const first = p;
  while (p < end && <u32>load<u8>(p) - 0x30 < 10) {
    const d = <u64>(load<u8>(p) - 0x30);
    if (value > (u64.MAX_VALUE - d) / 10) return false;
    value = value * 10 + d;
    p++;
  }
  if (p == first) return false;
  if (p < end) {
    const c = load<u8>(p++);
    let power: u32 = 0;
    if (c == 0x4b) power = 1;
    else if (c == 0x4d) power = 2;
    else if (c == 0x47) power = 3;
    else if (c == 0x54) power = 4;
    else return false;
    let unit: u64 = 1000;
    if (p < end) {
      if (load<u8>(p++) != 0x69 || p != end) return false;
      unit = 1024;
    }
    for (let i: u32 = 0; i < power; i++) {
      if (value > u64.MAX_VALUE / unit) return false;
      value *= unit;
    }
  }
  sizeValue = value;
  return true;
}
