/**
 * Code points out of UTF-8, as Go's `utf8.DecodeRune` gives them: a byte that begins no well-formed sequence counts as
 * U+FFFD of one byte, so that text that is not UTF-8 still has one meaning.
 *
 *   bits 31..21   how many bytes the code point took (1 to 4)
 *   bits 20..0    the code point
 */

/** How far to shift a decoded rune for its byte count. */
export const RUNE_BYTES_SHIFT: u32 = 21;
/** The bits of a decoded rune that hold the code point. */
export const RUNE_MASK: u32 = 0x1fffff;
/** The greatest code point. */
export const MAX_RUNE: u32 = 0x10ffff;
/** What a malformed byte decodes to; the genuine U+FFFD takes three bytes. */
export const MALFORMED: u32 = 0xfffd | (1 << RUNE_BYTES_SHIFT);

function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}

/** Decodes the code point at `at`, which must be before `end`. */
export function decodeRune(at: usize, end: usize): u32 {
  const first = <u32>load<u8>(at);
  if (first < 0x80) return first | (1 << RUNE_BYTES_SHIFT);
  const have = end - at;
  if (first < 0xc2 || have < 2) return MALFORMED;
  const second = <u32>load<u8>(at, 1);
  if (!isContinuation(second)) return MALFORMED;
  if (first < 0xe0) return ((first & 0x1f) << 6) | (second & 0x3f) | (2 << RUNE_BYTES_SHIFT);
  if (have < 3) return MALFORMED;
  const third = <u32>load<u8>(at, 2);
  if (!isContinuation(third)) return MALFORMED;
  if (first < 0xf0) {
    const rune = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
    if (rune < 0x800 || (rune & 0xf800) == 0xd800) return MALFORMED;
    return rune | (3 << RUNE_BYTES_SHIFT);
  }
  if (have < 4 || first > 0xf4) return MALFORMED;
  const fourth = <u32>load<u8>(at, 3);
  if (!isContinuation(fourth)) return MALFORMED;
  const rune = ((first & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f);
  if (rune < 0x10000 || rune > MAX_RUNE) return MALFORMED;
  return rune | (4 << RUNE_BYTES_SHIFT);
}
