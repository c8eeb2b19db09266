/** Short byte strings: the runtime's bulk instructions cost more than these for a few bytes. No byte outside is read or written. */

/** Copies `length` bytes; the two places don't overlap. */
export function copyBytes(to: usize, from: usize, length: u32): void {
  if (length >= 64) {
    memory.copy(to, from, length);
    return;
  }
  while (length >= 8) {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
    length -= 8;
  }
  if (length & 4) {
    store<u32>(to, load<u32>(from));
    to += 4;
    from += 4;
  }
  if (length & 2) {
    store<u16>(to, load<u16>(from));
    to += 2;
    from += 2;
  }
  if (length & 1) store<u8>(to, load<u8>(from));
}

/** Whether two byte strings of one length are equal. */
export function sameBytes(p: usize, q: usize, length: u32): bool {
  while (length >= 8) {
    if (load<u64>(p) != load<u64>(q)) return false;
    p += 8;
    q += 8;
    length -= 8;
  }
  if (length & 4) {
    if (load<u32>(p) != load<u32>(q)) return false;
    p += 4;
    q += 4;
  }
  if (length & 2) {
    if (load<u16>(p) != load<u16>(q)) return false;
    p += 2;
    q += 2;
  }
  return !(length & 1) || load<u8>(p) == load<u8>(q);
}
