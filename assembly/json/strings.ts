/** Strings: their end, their escapes, UTF-8. The texts of those with escapes lie in a buffer beside the tape. */
import { Code, failAtByte } from "../errors";
import { hashBytes } from "../hash";
import { Buffer, bufferReserve } from "../memory/buffer";
import { bad, Syntax } from "./syntax";
import { ESCAPED, Kind } from "./tape";

export const sideBuffer = changetype<Buffer>(memory.data(12, 8));

export const QUOTE: u32 = 0x22;

const BACKSLASH: u32 = 0x5c;

/** Scans a string whose first byte is at `p` and writes its node at `at`. The position after its quote, or 0. */
export function scanString(p: usize, end: usize, source: usize, at: usize): usize {
  const begin = p;
  let escaped: u32 = 0;
  while (true) {
    const v = v128.load(p);
    const special =
      i8x16.bitmask(
        v128.or(
          v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
          i8x16.lt_s(v, i8x16.splat(0x20)),
        ),
      );
    // Signed comparison: bytes from 0x80 on count as below 0x20, and so does the zero after the end.
    if (special == 0) {
      p += 16;
      if (p > end) return unended(end, source);
      continue;
    }
    p += ctz(special);
    const c = <u32>load<u8>(p);
    if (p >= end) return unended(end, source);
    if (c == QUOTE) break;
    if (c == BACKSLASH) {
      escaped = ESCAPED;
      const e = <u32>load<u8>(p, 1);
      if (p + 1 >= end) return unended(end, source);
      if (e == 0x75) {
        const unit = hex4(p + 2, end);
        if (unit < 0) return bad(p, source, Syntax.ESCAPE);
        if (unit >= 0xdc00 && unit < 0xe000) return bad(p, source, Syntax.SURROGATE);
        if (unit >= 0xd800 && unit < 0xdc00) {
          if (load<u16>(p, 6) != 0x755c) return bad(p, source, Syntax.SURROGATE);
          const low = hex4(p + 8, end);
          if (low < 0xdc00 || low >= 0xe000) return bad(p, source, Syntax.SURROGATE);
          p += 12;
        } else p += 6;
      } else {
        if (!simpleEscape(e)) return bad(p, source, Syntax.ESCAPE);
        p += 2;
      }
      continue;
    }
    if (c < 0x20) return bad(p, source, Syntax.CONTROL);
    const size = utf8Size(p, end);
    if (size == 0) return <usize>failAtByte(Code.INVALID_UTF8, <u32>(p - source));
    p += size;
  }
  const length = <u32>(p - begin);
  if (length >= 1 << 27) return <usize>failAtByte(Code.LIMIT, <u32>(begin - source));
  store<u32>(at, <u32>(begin - source));
  store<u32>(at, Kind.STRING | escaped | (length << 4), 4);
  if (escaped) {
    if (!unescape(begin, length, at)) return 0;
  } else store<u32>(at, hashBytes(begin, length), 8);
  return p + 1;
}

function unended(end: usize, source: usize): usize {
  return bad(end, source, Syntax.STRING_END);
}

@inline function simpleEscape(c: u32): bool {
  return (
    c == 0x22 || c == 0x5c || c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74
  );
}

@inline function hexDigit(c: u32): i32 {
  if (c - 0x30 < 10) return c - 0x30;
  const l = c | 0x20;
  return l - 0x61 < 6 ? l - 0x61 + 10 : -1;
}

/** Four hexadecimal digits, or -1. */
function hex4(p: usize, end: usize): i32 {
  if (p + 4 > end) return -1;
  let value: i32 = 0;
  for (let i = 0; i < 4; i++) {
    const d = hexDigit(load<u8>(p + i));
    if (d < 0) return -1;
    value = (value << 4) | d;
  }
  return value;
}

/** Whether `length` bytes, which PADDING follows, are UTF-8. */
export function isUtf8(p: usize, length: u32): bool {
  const end = p + length;
  while (p < end) {
    const size: u32 = load<u8>(p) < 0x80 ? 1 : utf8Size(p, end);
    if (size == 0) return false;
    p += size;
  }
  return true;
}

/** Bytes of the well-formed UTF-8 sequence (Unicode 15, table 3-7) at `p`, or 0. */
function utf8Size(p: usize, end: usize): u32 {
  const a = <u32>load<u8>(p);
  const b = <u32>load<u8>(p, 1);
  let size: u32 = 0;
  if (a >= 0xc2 && a <= 0xdf) {
    if ((b & 0xc0) == 0x80) size = 2;
  } else if (a >= 0xe0 && a <= 0xef) {
    const low: u32 = a == 0xe0 ? 0xa0 : 0x80;
    const high: u32 = a == 0xed ? 0x9f : 0xbf;
    if (b >= low && b <= high && (load<u8>(p, 2) & 0xc0) == 0x80) size = 3;
  } else if (a >= 0xf0 && a <= 0xf4) {
    const low: u32 = a == 0xf0 ? 0x90 : 0x80;
    const high: u32 = a == 0xf4 ? 0x8f : 0xbf;
    if (b >= low && b <= high && (load<u8>(p, 2) & 0xc0) == 0x80 && (load<u8>(p, 3) & 0xc0) == 0x80) size = 4;
  }
  return p + size > end ? 0 : size;
}

/** Writes the text of an escaped string into the side buffer. The escapes were checked. */
function unescape(p: usize, length: u32, at: usize): bool {
  const used = (sideBuffer.length + 3) & ~3;
  // Text never grows by unescaping.
  if (!bufferReserve(sideBuffer, used + 4 + length + 32)) return failAtByte(Code.OUT_OF_MEMORY, 0);
  const start = sideBuffer.address + used + 4;
  let out = start;
  const end = p + length;
  while (p < end) {
    const c = <u32>load<u8>(p);
    if (c != BACKSLASH) {
      store<u8>(out++, <u8>c);
      p++;
      continue;
    }
    const e = <u32>load<u8>(p, 1);
    if (e != 0x75) {
      let v = e;
      if (e == 0x62) v = 8;
      else if (e == 0x66) v = 12;
      else if (e == 0x6e) v = 10;
      else if (e == 0x72) v = 13;
      else if (e == 0x74) v = 9;
      store<u8>(out++, <u8>v);
      p += 2;
      continue;
    }
    let unit = <u32>hex4(p + 2, end);
    p += 6;
    if (unit >= 0xd800 && unit < 0xdc00) {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (<u32>hex4(p + 2, end) - 0xdc00);
      p += 6;
    }
    out = putUtf8(out, unit);
  }
  const size = <u32>(out - start);
  memory.fill(out, 0, 16);
  store<u32>(start - 4, size);
  store<u32>(at, hashBytes(start, size), 8);
  store<u32>(at, used, 12);
  sideBuffer.length = used + 4 + size;
  return true;
}

/** Writes a code point; the place after it. */
export function putUtf8(out: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(out, <u8>code);
    return out + 1;
  }
  // Bytes after the first, which has as many bits set and one more.
  let more: u32 = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  store<u8>(out++, <u8>((-0x80 >> more) | (code >>> (6 * more))));
  while (more > 0) {
    more--;
    store<u8>(out++, <u8>(0x80 | ((code >>> (6 * more)) & 0x3f)));
  }
  return out;
}
