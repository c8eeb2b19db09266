/**
 * What an answer has said already: the texts that identify its reasons, so that a leaf that several branches share is given once.
 *
 *   entry, 16 bytes: hash, offset in the texts, length, mark        index: open addressing over entries, at most half full
 */
import { copyBytes, sameBytes } from "../bytes";
import { Code, fail } from "../errors";
import { hashBytes } from "../hash";
import { PADDING } from "../json/tape";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { charge } from "../work";

const texts = changetype<Buffer>(memory.data(12, 8));
const entries = changetype<Buffer>(memory.data(12, 8));
const index = changetype<Buffer>(memory.data(12, 8));
let mask: u32 = 0;

const FIRST_SLOTS: u32 = 128;

/** Begins an answer. The index is made for the first reason. */
export function beginSaid(): bool {
  bufferTrim(texts, 1 << 18);
  bufferTrim(entries, 1 << 16);
  bufferTrim(index, 1 << 16);
  mask = 0;
  return true;
}

function makeIndex(slots: u32): bool {
  if (!bufferReserve(index, slots << 2)) return fail(Code.OUT_OF_MEMORY);
  memory.fill(index.address, 0, slots << 2);
  mask = slots - 1;
  for (let e: u32 = 0; e < entries.length >>> 4; e++) place(e, load<u32>(entries.address + (e << 4)));
  return true;
}

function place(entry: u32, hash: u32): void {
  let slot = hash & mask;
  while (load<u32>(index.address + (slot << 2)) != 0) slot = (slot + 1) & mask;
  store<u32>(index.address + (slot << 2), entry + 1);
}

/** Whether the bytes, with a mark beside them, are new; they are kept. -1 with the error recorded. */
export function say(p: usize, length: u32, marked: u32): i32 {
  if (mask == 0 && !makeIndex(FIRST_SLOTS)) return -1;
  if (!bufferReserve(texts, texts.length + length + PADDING)) return fail(Code.OUT_OF_MEMORY) ? 0 : -1;
  const copy = texts.address + texts.length;
  copyBytes(copy, p, length);
  memory.fill(copy + length, 0, PADDING);
  const hash = hashBytes(copy, length);
  let slot = hash & mask;
  while (true) {
    const e = load<u32>(index.address + (slot << 2));
    if (e == 0) break;
    const entry = entries.address + ((e - 1) << 4);
    if (
      load<u32>(entry) == hash &&
      load<u32>(entry, 8) == length &&
      load<u32>(entry, 12) == marked &&
      sameBytes(texts.address + load<u32>(entry, 4), copy, length)
    ) {
      return 0;
    }
    if (!charge(1)) return fail(Code.BUDGET) ? 0 : -1;
    slot = (slot + 1) & mask;
  }
  if (!bufferReserve(entries, entries.length + 16)) return fail(Code.OUT_OF_MEMORY) ? 0 : -1;
  const entry = entries.address + entries.length;
  store<u32>(entry, hash);
  store<u32>(entry, texts.length, 4);
  store<u32>(entry, length, 8);
  store<u32>(entry, marked, 12);
  texts.length += length;
  const number = entries.length >>> 4;
  entries.length += 16;
  if (entries.length >>> 3 > mask) return makeIndex((mask + 1) << 1) ? 1 : -1;
  place(number, hash);
  return 1;
}
