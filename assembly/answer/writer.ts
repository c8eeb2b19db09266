/** Writes JSON into the output buffer, which keeps its memory between calls. */
import { copyBytes } from "../bytes";
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { Code, fail } from "../errors";
import { Json, spanEnd, spanStart } from "../json/tape";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { charge } from "../work";

/** Bytes of one answer. */
export const MAX_OUTPUT: u32 = 64 << 20;

const buffer = changetype<Buffer>(memory.data(12, 8));
let failed: bool = false;

export function beginOutput(): void {
  bufferTrim(buffer, 1 << 20);
  failed = false;
}

export function outputAddress(): usize {
  return buffer.address;
}
export function outputLength(): u32 {
  return buffer.length;
}

/** Takes back what was written after the first `length` bytes. */
export function truncateOutput(length: u32): void {
  if (length < buffer.length) buffer.length = length;
}

/** Whether all was written; the error is recorded if not. */
export function endOutput(): bool {
  return !failed;
}

/** Takes work for what is gone through to know what to write; false if it is gone: then no more is written. */
export function pay(units: u32): bool {
  if (charge(units)) return true;
  failed = true;
  return fail(Code.BUDGET);
}

/** Room for `bytes` more; the address to write them to, or 0. */
function room(bytes: u32): usize {
  const length = buffer.length + bytes;
  if (failed) return 0;
  if (length > MAX_OUTPUT || !charge(bytes >>> 1) || !bufferReserve(buffer, length)) {
    failed = true;
    fail(length > MAX_OUTPUT ? Code.LIMIT : charge(1) ? Code.OUT_OF_MEMORY : Code.BUDGET);
    return 0;
  }
  const at = buffer.address + buffer.length;
  buffer.length = length;
  return at;
}

/** ASCII text as it is. */
export function put(s: Ascii): void {
  putBytes(asciiBytes(s), asciiLength(s));
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
  if (c == 0x22) put('\\"');
  else if (c == 0x5c) put("\\\\");
  else if (c == 8) put("\\b");
  else if (c == 9) put("\\t");
  else if (c == 10) put("\\n");
  else if (c == 12) put("\\f");
  else if (c == 13) put("\\r");
  else {
    put("\\u00");
    const at = room(2);
    if (at == 0) return;
    store<u8>(at, <u8>(0x30 + (c >>> 4)));
    const low = c & 15;
    store<u8>(at, <u8>(low < 10 ? 0x30 + low : 0x57 + low), 1);
  }
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
