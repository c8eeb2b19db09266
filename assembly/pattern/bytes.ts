/** Whether `length` bytes at two places are the same. One function, where `memory.compare` would be inlined each time. */
export function sameBytes(a: usize, b: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false;
  }
  return true;
}
