/** The pattern that is being read, and how far. Offsets are in bytes from its beginning. */
import { PatternError, fail } from "./errors";
import { MALFORMED, RUNE_BYTES_SHIFT, RUNE_MASK, decodeRune } from "./runes";

/** What reading gives where there is nothing to read, or nothing that is right; the error is then set. */
export const NO_RUNE: u32 = 0xffffffff;

let source: usize = 0;
let end: usize = 0;
let at: usize = 0;

/** Begins to read the `length` bytes at `text`. */
export function openReader(text: usize, length: u32): void {
  source = text;
  at = text;
  end = text + length;
}

/** How far the pattern is read. */
export function offset(): u32 {
  return <u32>(at - source);
}

/** Goes on reading at `place`. */
export function seek(place: u32): void {
  at = source + place;
}

/** Where the byte at `place` lies. */
export function addressOf(place: u32): usize {
  return source + place;
}

/** How many bytes are left. */
export function remaining(): u32 {
  return <u32>(end - at);
}

/** The byte that comes `ahead` bytes after the next; 0 where the pattern has ended. (A NUL in it is never asked for.) */
export function peek(ahead: u32): u32 {
  return at + ahead < end ? <u32>load<u8>(at + ahead) : 0;
}

/** Passes over `bytes` bytes. */
export function skip(bytes: u32): void {
  at += bytes;
}

/** Reads a code point, of which there must be one; `NO_RUNE` if it is not UTF-8. */
export function nextRune(): u32 {
  const rune = decodeRune(at, end);
  if (rune == MALFORMED) {
    fail(PatternError.InvalidUtf8, offset());
    return NO_RUNE;
  }
  at += rune >>> RUNE_BYTES_SHIFT;
  return rune & RUNE_MASK;
}

/** How many bytes ahead the byte `wanted` comes, beginning `ahead` bytes ahead; `NO_RUNE` if it does not. */
export function find(wanted: u32, ahead: u32): u32 {
  for (let place = at + ahead; place < end; place++) {
    if (<u32>load<u8>(place) == wanted) return <u32>(place - at);
  }
  return NO_RUNE;
}

/** Whether the bytes from `from` to `until` ahead are UTF-8; the error is set if not. */
export function checkUtf8(from: u32, until: u32): bool {
  const stop = at + until;
  for (let place = at + from; place < stop; ) {
    const rune = decodeRune(place, stop);
    if (rune == MALFORMED) return fail(PatternError.InvalidUtf8, <u32>(place - source));
    place += rune >>> RUNE_BYTES_SHIFT;
  }
  return true;
}
