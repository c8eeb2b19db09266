/**
 * RFC 8259, strictly: one pass over UTF-8 bytes that leaves a tape. Duplicate keys are judged when their object closes. No
 * recursion: open containers lie on a stack of stated depth.
 */
import { sameBytes } from "../bytes";
import { Code, failAt, failAtByte } from "../errors";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { charge } from "../work";
import { QUOTE, scanString, sideBuffer } from "./strings";
import { Syntax, wrong } from "./syntax";
import { Json, Kind, nextOf, NODE, nodeAt, textLengthOf, textOf } from "./tape";

/** Containers within containers. */
export const MAX_DEPTH: u32 = 128;

/** Values and keys of one document. */
export const MAX_NODES: u32 = 4 << 20;

const tapeBuffer = changetype<Buffer>(memory.data(12, 8));

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
