/**
 * RFC 8259, strictly: one pass over UTF-8 bytes that leaves a tape. Duplicate keys are judged when their object closes. No
 * recursion: open containers lie on a stack of stated depth.
 */
import { sameBytes } from "../bytes";
import { Code, failAt, failAtByte } from "../errors";
import { hashBytes } from "../hash";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { charge } from "../work";
import { ESCAPED, Json, Kind, NODE, nextOf, nodeAt, textLengthOf, textOf } from "./tape";

/** Containers within containers. */
export const MAX_DEPTH: u32 = 128;
/** Values and keys of one document. */
export const MAX_NODES: u32 = 4 << 20;

const tapeBuffer = changetype<Buffer>(memory.data(12, 8));
const sideBuffer = changetype<Buffer>(memory.data(12, 8));
const keySet = changetype<Buffer>(memory.data(12, 8));
/** Frames of 16 bytes: container's node, bits of its keys' hashes (two words), members so far. */
const stack: usize = memory.data(16 * 130, 8);
/** The frame of a container that may have no other in it. */
const deepest: usize = stack + (<usize>MAX_DEPTH << 4);
/** In place of the byte that ends the open container: none is open. */
const NONE_OPEN: u32 = 0x100;

/** What may come. */
namespace Next {
  export const VALUE: u32 = 0;
  export const KEY: u32 = 1;
  export const KEY_OR_END: u32 = 2;
  export const VALUE_OR_END: u32 = 3;
  export const AFTER_VALUE: u32 = 4;
}

/** Of the open frame: bit 31 of the count says that two keys may be equal. */
const SUSPECT: u32 = 1 << 31;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/** Phrases of what was expected; see answer/failure.ts. */
export namespace Syntax {
  export const VALUE: i32 = 1;
  export const COMMA_OR_END: i32 = 2;
  export const KEY: i32 = 3;
  export const COLON: i32 = 4;
  export const END: i32 = 5;
  export const STRING_END: i32 = 6;
  export const CONTROL: i32 = 7;
  export const ESCAPE: i32 = 8;
  export const SURROGATE: i32 = 9;
  export const NUMBER: i32 = 10;
}

/** Frees what a large document left behind: of each buffer that takes more than about `keep` bytes, all. */
export function trimScanner(keep: u32 = 1 << 20): void {
  bufferTrim(tapeBuffer, keep);
  bufferTrim(sideBuffer, keep >>> 2);
  bufferTrim(keySet, keep >>> 2);
}

@inline function isSpace(c: u32): bool {
  return c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09;
}

/** The first byte at or after `p` that is not white space; runs of indentation go 16 bytes at a time. */
@inline function skipSpace(p: usize): usize {
  let c = <u32>load<u8>(p);
  if (c > 0x20) return p;
  if (!isSpace(c)) return p;
  p++;
  c = load<u8>(p);
  if (c > 0x20) return p;
  return skipLong(p);
}

function skipLong(p: usize): usize {
  while (true) {
    const v = v128.load(p);
    const space = v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(0x20)), i8x16.eq(v, i8x16.splat(0x0a))),
      v128.or(i8x16.eq(v, i8x16.splat(0x0d)), i8x16.eq(v, i8x16.splat(0x09))),
    );
    const other = ~i8x16.bitmask(space) & 0xffff;
    if (other != 0) return p + ctz(other);
    p += 16;
  }
}

/**
 * Scans `length` bytes at `source`, which PADDING zero bytes must follow (a zero byte ends every token). On success `json` is
 * filled with views that are valid until the next scan.
 */
export function scan(source: usize, length: u32, json: Json): bool {
  const end = source + length;
  if (!charge(length)) return failAtByte(Code.BUDGET, 0);
  sideBuffer.length = 0;
  // A first guess; the loop below grows it.
  if (!bufferReserve(tapeBuffer, max(4096, length))) return failAtByte(Code.OUT_OF_MEMORY, 0);
  let tape = tapeBuffer.address;
  let limit = tape + tapeBuffer.capacity - 2 * NODE;
  let at = tape;
  let frame = stack;
  let closer = NONE_OPEN;
  let p = source;
  let state = Next.VALUE;

  while (true) {
    if (at > limit) {
      tapeBuffer.length = <u32>(at - tape);
      if (tapeBuffer.length >= MAX_NODES * NODE) return failAtByte(Code.LIMIT, <u32>(p - source));
      if (!bufferReserve(tapeBuffer, tapeBuffer.capacity + NODE)) return failAtByte(Code.OUT_OF_MEMORY, 0);
      at = tapeBuffer.address + (at - tape);
      tape = tapeBuffer.address;
      limit = tape + tapeBuffer.capacity - 2 * NODE;
    }
    p = skipSpace(p);
    const c = <u32>load<u8>(p);
    if (c == closer && state >= Next.KEY_OR_END) {
      p = close(p, at, tape, <usize>load<u32>(frame) + tape, frame, source);
      if (p == 0) return false;
      frame -= 16;
      closer = frame == stack ? NONE_OPEN : closerOf(<usize>load<u32>(frame) + tape);
      state = Next.AFTER_VALUE;
      continue;
    }
    if (state == Next.AFTER_VALUE) {
      if (frame == stack) {
        if (p != end) return wrong(p, source, Syntax.END);
        break;
      }
      if (c != 0x2c) return wrong(p, source, Syntax.COMMA_OR_END);
      p++;
      state = closer == 0x7d ? Next.KEY : Next.VALUE;
      continue;
    }
    if (state == Next.KEY || state == Next.KEY_OR_END) {
      if (c != QUOTE) return wrong(p, source, Syntax.KEY);
      p = scanString(p + 1, end, source, at);
      if (p == 0) return false;
      const h = load<u32>(at, 8);
      const bits = load<u64>(frame, 4);
      const bit = <u64>1 << <u64>(h & 63);
      const count = load<u32>(frame, 12) + 1;
      store<u32>(frame, bits & bit ? count | SUSPECT : count, 12);
      store<u64>(frame, bits | bit, 4);
      at += NODE;
      p = skipSpace(p);
      if (load<u8>(p) != 0x3a) return wrong(p, source, Syntax.COLON);
      p++;
      state = Next.VALUE;
      continue;
    }
    // A value: one more element of the open array (members of objects are counted by their keys).
    if (closer == 0x5d) store<u32>(frame, load<u32>(frame, 12) + 1, 12);
    if (c == 0x7b || c == 0x5b) {
      if (frame == deepest) return failAtByte(Code.TOO_DEEP, <u32>(p - source));
      frame += 16;
      store<u32>(frame, <u32>(at - tape));
      store<u64>(frame, 0, 4);
      store<u32>(frame, 0, 12);
      store<u32>(at, <u32>(p - source));
      store<u32>(at, c == 0x7b ? Kind.OBJECT : Kind.ARRAY, 4);
      at += NODE;
      p++;
      // The brackets of each pair are two apart.
      closer = c + 2;
      state = c == 0x7b ? Next.KEY_OR_END : Next.VALUE_OR_END;
      continue;
    }
    if (c == QUOTE) {
      p = scanString(p + 1, end, source, at);
      if (p == 0) return false;
    } else {
      let kind = Kind.NUMBER;
      let q: usize = 0;
      if (c == 0x2d || c - 0x30 < 10) {
        q = scanNumber(p);
        if (q == 0) return wrong(p, source, Syntax.NUMBER);
      } else {
        const word = load<u32>(p);
        q = p + 4;
        if (word == 0x65757274) kind = Kind.TRUE;
        else if (word == 0x6c6c756e) kind = Kind.NULL;
        else if (word == 0x736c6166 && load<u8>(q++) == 0x65) kind = Kind.FALSE;
        else return wrong(min(p, end), source, Syntax.VALUE);
      }
      store<u32>(at, <u32>(p - source));
      store<u32>(at, kind | (<u32>(q - p) << 4), 4);
      p = q;
    }
    if (p > end) return wrong(end, source, Syntax.VALUE);
    at += NODE;
    state = Next.AFTER_VALUE;
  }
  json.source = source;
  json.length = length;
  json.tape = tape;
  json.count = <u32>(at - tape) / NODE;
  json.side = sideBuffer.address;
  json.sideLength = sideBuffer.length;
  return true;
}

/** The byte that ends a container. */
@inline function closerOf(container: usize): u32 {
  return (load<u32>(container, 4) & 7) == Kind.OBJECT ? 0x7d : 0x5d;
}

/** Ends the open container at `p`; the position after it, or 0. */
function close(p: usize, at: usize, tape: usize, container: usize, frame: usize, source: usize): usize {
  const count = load<u32>(frame, 12);
  store<u32>(container, (load<u32>(container, 4) & 7) | ((count & ~SUSPECT) << 4), 4);
  store<u32>(container, <u32>(at - tape) / NODE, 8);
  store<u32>(container, <u32>(p - source) + 1, 12);
  if (count & SUSPECT && !distinctKeys(source, tape, <u32>(container - tape) / NODE, count & ~SUSPECT)) {
    // The containers around it end here, so that the error's place can be found on the tape.
    for (let open = stack + 16; open < frame; open += 16) {
      store<u32>(tape + load<u32>(open), <u32>(at - tape) / NODE, 8);
    }
    scanned = <u32>(at - tape) / NODE;
    return 0;
  }
  return p + 1;
}

/** Nodes on the tape when a scan failed at a node. */
let scanned: u32 = 0;

const view = changetype<Json>(memory.data(24, 8));

/** Whether no two keys of the object at node `object` are equal. */
function distinctKeys(source: usize, tape: usize, object: u32, count: u32): bool {
  view.source = source;
  view.tape = tape;
  view.side = sideBuffer.address;
  const slots: u32 = 1 << (32 - clz(count << 1));
  if (!bufferReserve(keySet, slots << 2)) return failAtByte(Code.OUT_OF_MEMORY, 0);
  const set = keySet.address;
  memory.fill(set, 0, slots << 2);
  const mask = slots - 1;
  const end = nextOf(view, object);
  let key = object + 1;
  while (key < end) {
    const h = load<u32>(nodeAt(view, key), 8);
    let slot = h & mask;
    while (true) {
      const other = load<u32>(set + (<usize>slot << 2));
      if (other == 0) break;
      if (load<u32>(nodeAt(view, other), 8) == h) {
        const length = textLengthOf(view, key);
        if (textLengthOf(view, other) == length && sameBytes(textOf(view, other), textOf(view, key), length)) {
          return failAt(Code.DUPLICATE_KEY, key);
        }
      }
      if (!charge(1)) return failAtByte(Code.BUDGET, 0);
      slot = (slot + 1) & mask;
    }
    store<u32>(set + (<usize>slot << 2), key);
    key = nextOf(view, key + 1);
  }
  return true;
}

/** After a failure in the middle of a scan: views of what was scanned so far, for the error's place. */
export function partialJson(source: usize, length: u32, json: Json): void {
  json.source = source;
  json.length = length;
  json.tape = tapeBuffer.address;
  json.count = scanned;
  json.side = sideBuffer.address;
  json.sideLength = sideBuffer.length;
}

/** The end of a number that begins at `p`, or 0. */
function scanNumber(p: usize): usize {
  if (load<u8>(p) == 0x2d) p++;
  let c = <u32>load<u8>(p);
  if (c == 0x30) {
    p++;
  } else if (c - 0x31 < 9) {
    do p++;
    while (<u32>load<u8>(p) - 0x30 < 10);
  } else return 0;
  if (load<u8>(p) == 0x2e) {
    p++;
    if (<u32>load<u8>(p) - 0x30 >= 10) return 0;
    do p++;
    while (<u32>load<u8>(p) - 0x30 < 10);
  }
  c = load<u8>(p);
  if ((c | 0x20) == 0x65) {
    p++;
    c = load<u8>(p);
    if (c == 0x2b || c == 0x2d) p++;
    if (<u32>load<u8>(p) - 0x30 >= 10) return 0;
    do p++;
    while (<u32>load<u8>(p) - 0x30 < 10);
  }
  return p;
}

/** Scans a string whose first byte is at `p` and writes its node at `at`. The position after its quote, or 0. */
function scanString(p: usize, end: usize, source: usize, at: usize): usize {
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

/** Records what was expected at `p`. False. */
function wrong(p: usize, source: usize, phrase: i32): bool {
  return failAtByte(Code.INVALID_JSON, <u32>(p - source), phrase);
}

/** The same, for what gives a position: none. */
function bad(p: usize, source: usize, phrase: i32): usize {
  return <usize>wrong(p, source, phrase);
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
