/** Writes JSON into the output buffer, which keeps its memory between calls. */
import { copyBytes } from "../bytes";
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { Code, fail } from "../errors";
import { Json, spanEnd, spanStart } from "../json/tape";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { charge, chargeHere } from "../work";

/** Bytes of one answer. */
export const MAX_OUTPUT: u32 = 64 << 20;

const buffer = changetype<Buffer>(memory.data(12, 8));
/** Where the next byte goes, and where the room ends; nothing is left of it once something failed. */
let cursor: usize = 0;
let limit: usize = 0;
let failed: bool = false;

export function beginOutput(): void {
  bufferTrim(buffer, 1 << 20);
  failed = false;
  openAt(0);
}

export function outputAddress(): usize {
  return buffer.address;
}
export function outputLength(): u32 {
  return <u32>(cursor - buffer.address);
}

/** Takes back what was written after the first `length` bytes. */
export function truncateOutput(length: u32): void {
  if (length < outputLength()) openAt(length);
}

/** Goes on after the first `length` bytes. */
function openAt(length: u32): void {
  cursor = buffer.address + length;
  limit = failed ? cursor : buffer.address + min(buffer.capacity, MAX_OUTPUT);
}

/** Whether all was written; the error is recorded if not. */
export function endOutput(): bool {
  return !failed;
}

/** Takes work for what is gone through to know what to write; false if it is gone: then no more is written. */
export function pay(units: u32): bool {
  return chargeHere(units) || stop(Code.BUDGET);
}

/** Ends the output: no more is written. False. */
function stop(code: i32): bool {
  failed = true;
  limit = cursor;
  return fail(code);
}

/** Room for `bytes` more; the address to write them to, or 0. */
function room(bytes: u32): usize {
  const at = cursor;
  if (bytes > <u32>(limit - at) || !chargeHere(bytes >>> 1)) return moreRoom(bytes);
  cursor = at + bytes;
  return at;
}

/** The same where the buffer ends, or the work. */
function moreRoom(bytes: u32): usize {
  if (failed) return 0;
  const length = outputLength();
  buffer.length = length;
  if (length + bytes > MAX_OUTPUT || !charge(bytes >>> 1) || !bufferReserve(buffer, length + bytes)) {
    stop(length + bytes > MAX_OUTPUT ? Code.LIMIT : charge(1) ? Code.OUT_OF_MEMORY : Code.BUDGET);
    return 0;
  }
  openAt(length + bytes);
  return cursor - bytes;
}

/** ASCII text as it is. */
export function put(s: Ascii): void {
  putBytes(asciiBytes(s), asciiLength(s));
}

/**
 * The text of a number in a list, from 0, each ended by `~`; false if it is empty. INVARIANT: the list has that number, since nothing says where it
 * ends.
 */
export function putNth(list: Ascii, n: u32): bool {
  let p = asciiBytes(list);
  for (; n > 0; p++) if (load<u8>(p) == 0x7e) n--;
  const start = p;
  while (load<u8>(p) != 0x7e) p++;
  putBytes(start, <u32>(p - start));
  return p > start;
}

/** Bytes as they are. */
export function putBytes(p: usize, length: u32): void {
  const at = room(length);
  if (at != 0) copyBytes(at, p, length);
}

/** `length` zero bytes: their address, to be filled at once; 0 if there is no room. */
export function putZeros(length: u32): usize {
  const at = room(length);
  if (at != 0) memory.fill(at, 0, length);
  return at;
}

/** Room for `length` bytes, to be written at once: its address, or 0. */
export function putRoom(length: u32): usize {
  return room(length);
}

export function putNumber(value: u32): void {
  putDigits(value);
}

export function putInteger(value: i64): void {
  if (value < 0) put("-");
  putDigits(value < 0 ? 0 - <u64>value : <u64>value);
}

function putDigits(value: u64): void {
  if (value < 10) {
    putByte(0x30 + <u8>value);
    return;
  }
  let digits: u32 = 1;
  for (let v = value; v >= 10; v /= 10) digits++;
  let at = room(digits);
  if (at == 0) return;
  at += digits;
  do {
    store<u8>(--at, <u8>(0x30 + (value % 10)));
    value /= 10;
  } while (value != 0);
}

export function putBoolean(value: bool): void {
  put(value ? "true" : "false");
}

/** A JSON string of UTF-8 text, escaped as JSON.stringify does. */
export function putString(p: usize, length: u32): void {
  putByte(0x22);
  putEscaped(p, length);
  putByte(0x22);
}

/** One ASCII character. */
export function putByte(c: u8): void {
  const at = room(1);
  if (at != 0) store<u8>(at, c);
}

/** The inside of a JSON string. */
export function putEscaped(p: usize, length: u32): void {
  while (true) {
    const plain = firstSpecial(p, length);
    putBytes(p, plain);
    if (plain == length) return;
    putEscape(load<u8>(p + plain));
    p += plain + 1;
    length -= plain + 1;
  }
}

/** Bytes before the first that JSON has to escape. */
function firstSpecial(p: usize, length: u32): u32 {
  let i: u32 = 0;
  // Eight at a time: a top bit is set where a byte is below 0x20, a quote or a backslash; after such a byte perhaps elsewhere, too.
  for (; i + 8 <= length; i += 8) {
    const v = load<u64>(p + i);
    const quote = (v ^ 0x2222222222222222) - 0x0101010101010101;
    const slash = (v ^ 0x5c5c5c5c5c5c5c5c) - 0x0101010101010101;
    if (((v - 0x2020202020202020) | quote | slash) & ~v & 0x8080808080808080) break;
  }
  for (; i < length; i++) {
    const c = <u32>load<u8>(p + i);
    if (c < 0x20 || c == 0x22 || c == 0x5c) break;
  }
  return i;
}

function putEscape(c: u32): void {
  const letter: u32 =
    c >= 0x20 ? c : c >= 8 && c <= 13 && c != 11 ? load<u8>(asciiBytes("btn?fr") + c - 8) : 0;
  const at = room(letter == 0 ? 6 : 2);
  if (at == 0) return;
  store<u8>(at, 0x5c);
  if (letter != 0) {
    store<u8>(at, <u8>letter, 1);
    return;
  }
  store<u8>(at, 0x75, 1);
  store<u16>(at, 0x3030, 2);
  store<u8>(at, <u8>(0x30 + (c >>> 4)), 4);
  const low = c & 15;
  store<u8>(at, <u8>(low < 10 ? 0x30 + low : 0x57 + low), 5);
}

/** A value of a document as it stands there, without white space between its tokens. */
export function putValue(json: Json, node: u32): void {
  const start = json.source + spanStart(json, node);
  const end = json.source + spanEnd(json, node);
  // White space costs as well.
  if (!pay(<u32>(end - start) >>> 2)) return;
  let plain = start;
  let inString = false;
  for (let p = start; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (inString) {
      if (c == 0x5c) p++;
      else if (c == 0x22) inString = false;
    } else if (c == 0x22) inString = true;
    else if (c <= 0x20) {
      putBytes(plain, <u32>(p - plain));
      plain = p + 1;
    }
  }
  putBytes(plain, <u32>(end - plain));
}
