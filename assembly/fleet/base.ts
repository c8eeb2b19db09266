/**
 * Values of column 0: what a host is beside its features. Its platforms with their handlers, its runtimes, and between which of amd64's
 * levels its processor's flags place it. Behind a value's header lie
 *
 *   the draft it was made of (its length is the header's last word), then Platform structs, lists of handlers and pairs of runtimes
 *
 *   draft:  6 words: platforms known, their number, runtimes known, their number, levels (low, high); then for each platform what was
 *           given, its 4 texts, its os.features (a number, and texts), its handlers (NONE, or a number and texts); pairs of texts
 *   text:   length (u32), bytes, padded to whole words
 */
import { Code, fail } from "../errors";
import { Facts } from "../facts/facts";
import { hashBytes } from "../hash";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { findLevels } from "../platform/level";
import { Platform } from "../platform/platform";
import { NONE } from "../program/program";
import { Symbols, intern, symbolLength, symbolText } from "../symbols";
import { charge } from "../work";
import { Column, Fleet, dropSymbol, useSymbol } from "./fleet";
import { VALUE_BODY, VALUE_FACTS, chainOf, columnOf, enterValue, hashOf, nextOf, takeValue } from "./value";

const draft = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 16;
/** Bytes that may be read behind a text. */
const PADDING: u32 = 16;

let failed: bool = false;

function room(bytes: u32): usize {
  if (failed || !bufferReserve(draft, draft.length + bytes + PADDING)) {
    failed = true;
    return 0;
  }
  const at = draft.address + draft.length;
  draft.length += bytes;
  return at;
}

function putWord(word: u32): void {
  const at = room(4);
  if (at != 0) store<u32>(at, word);
}

function putText(text: usize, length: u32): void {
  const padded = (length + 3) & ~3;
  const at = room(4 + padded);
  if (at == 0) return;
  store<u32>(at, length);
  if (padded > 0) store<u32>(at + padded, 0);
  memory.copy(at + 4, text, length);
}

function putSymbol(symbol: u32): void {
  putText(symbolText(symbol), symbolLength(symbol));
}

/** Writes a platform as it is after normalising: the key of what depends on it (cache.ts), too. */
function putPlatform(p: Platform): void {
  putWord(p.given);
  putText(p.os, p.osLength);
  putText(p.architecture, p.architectureLength);
  putText(p.variant, p.variantLength);
  putText(p.version, p.versionLength);
  putWord(p.featureCount);
  for (let i: u32 = 0; i < p.featureCount; i++) {
    const pair = p.features + ((<usize>i) << 3);
    putText(<usize>load<u32>(pair), load<u32>(pair, 4));
  }
}

/** The bytes of a platform, until the next draft: their address, or 0 without memory. */
export function draftPlatform(p: Platform): usize {
  bufferTrim(draft, KEPT);
  failed = false;
  putPlatform(p);
  return failed ? 0 : draft.address;
}
export function draftLength(): u32 {
  return draft.length;
}

/** Drafts what a host is beside its features. False with the error recorded. */
export function draftBase(facts: Facts): bool {
  // Another evaluation's error, which the caller looks for.
  findLevels(facts);
  bufferTrim(draft, KEPT);
  failed = false;
  putWord(facts.platformsKnown);
  putWord(facts.platformCount);
  putWord(facts.runtimesKnown);
  putWord(facts.runtimeCount);
  putWord(facts.levelLow);
  putWord(facts.levelHigh);
  for (let i: u32 = 0; i < facts.platformCount && !failed; i++) {
    putPlatform(changetype<Platform>(<usize>load<u32>(facts.platforms + (i << 2))));
    const handlers = <usize>load<u32>(facts.handlers + (i << 2));
    putWord(handlers == 0 ? NONE : load<u32>(handlers));
    if (handlers == 0) continue;
    for (let h: u32 = 1; h <= load<u32>(handlers); h++) putSymbol(load<u32>(handlers + ((<usize>h) << 2)));
  }
  for (let i: u32 = 0; i < facts.runtimeCount && !failed; i++) {
    putSymbol(load<u32>(facts.runtimes + ((<usize>i) << 3)));
    putSymbol(load<u32>(facts.runtimes + ((<usize>i) << 3), 4));
  }
  if (failed) return fail(Code.OUT_OF_MEMORY);
  return charge(draft.length >>> 1) || fail(Code.BUDGET);
}

/** The value of column 0 that is as drafted, found or made; 0 with the error recorded. */
export function draftedBase(fleet: Fleet, column: Column): usize {
  const hash = hashBytes(draft.address, draft.length);
  for (let value = chainOf(fleet, hash); value != 0; value = nextOf(value)) {
    if (!charge(2 + (draft.length >>> 3))) {
      fail(Code.BUDGET);
      return 0;
    }
    if (hashOf(value) != hash || columnOf(value) != 0 || load<u32>(value, 28) != draft.length) continue;
    if (memory.compare(value + VALUE_BODY, draft.address, draft.length) == 0) return value;
  }
  const value = makeBase(fleet, draft.address, draft.length, hash);
  if (value == 0) return 0;
  if (!enterValue(fleet, column, value)) {
    fleet.deadBytes += load<u32>(value, 20);
    return 0;
  }
  countBaseSymbols(fleet, value, true);
  return value;
}

/** Makes a value of a draft that lies somewhere; 0 with the error recorded. Its symbols are not counted. */
export function makeBase(fleet: Fleet, bytes: usize, length: u32, hash: u32): usize {
  const platforms = load<u32>(bytes, 4);
  const runtimes = load<u32>(bytes, 12);
  // Every text of a list of names has its length before it: no more entries than words.
  const size = VALUE_BODY + length + PADDING + 8 + platforms * (<u32>offsetof<Platform>() + 12) + (length << 1) + (runtimes << 3);
  const value = takeValue(fleet, 0, hash, size);
  if (value == 0) return 0;
  store<u32>(value, length, 28);
  const text = value + VALUE_BODY;
  memory.copy(text, bytes, length);
  memory.fill(text + length, 0, PADDING);
  if (readBase(fleet.symbols, value, (text + length + PADDING + 7) & ~7)) return value;
  fleet.deadBytes += size;
  return 0;
}

let cursor: usize = 0;
let free: usize = 0;

@inline function takeWord(): u32 {
  const word = load<u32>(cursor);
  cursor += 4;
  return word;
}
/** Goes past a text, whose length it gives. */
@inline function passText(): u32 {
  const length = takeWord();
  cursor += (length + 3) & ~3;
  return length;
}
function takeSymbol(symbols: Symbols): u32 {
  const text = cursor + 4;
  const length = passText();
  const symbol = intern(symbols, text, length, hashBytes(text, length));
  if (symbol == 0) fail(charge(1) ? Code.OUT_OF_MEMORY : Code.BUDGET);
  return symbol;
}
@inline function takeFree(bytes: u32): usize {
  const at = free;
  free += bytes;
  return at;
}

/** Lays out the facts that a draft says. False with the error recorded. */
function readBase(symbols: Symbols, value: usize, body: usize): bool {
  const facts = changetype<Facts>(value + VALUE_FACTS);
  cursor = value + VALUE_BODY;
  free = body;
  facts.platformsKnown = takeWord();
  facts.platformCount = takeWord();
  facts.runtimesKnown = takeWord();
  facts.runtimeCount = takeWord();
  facts.levelLow = takeWord();
  facts.levelHigh = takeWord();
  facts.platforms = takeFree(facts.platformCount << 2);
  facts.handlers = takeFree(facts.platformCount << 2);
  for (let i: u32 = 0; i < facts.platformCount; i++) {
    const p = changetype<Platform>(takeFree(offsetof<Platform>()));
    store<u32>(facts.platforms + (i << 2), <u32>changetype<usize>(p));
    readPlatform(p);
    const count = takeWord();
    store<u32>(facts.handlers + (i << 2), count == NONE ? 0 : <u32>free);
    if (count == NONE) continue;
    const list = takeFree((count + 1) << 2);
    store<u32>(list, count);
    for (let h: u32 = 1; h <= count; h++) {
      const symbol = takeSymbol(symbols);
      if (symbol == 0) return false;
      store<u32>(list + ((<usize>h) << 2), symbol);
    }
  }
  facts.runtimes = takeFree(facts.runtimeCount << 3);
  for (let i: u32 = 0; i < facts.runtimeCount << 1; i++) {
    const symbol = takeSymbol(symbols);
    if (symbol == 0) return false;
    store<u32>(facts.runtimes + ((<usize>i) << 2), symbol);
  }
  return true;
}

function readPlatform(p: Platform): void {
  p.given = takeWord();
  p.os = cursor + 4;
  p.osLength = passText();
  p.architecture = cursor + 4;
  p.architectureLength = passText();
  p.variant = cursor + 4;
  p.variantLength = passText();
  p.version = cursor + 4;
  p.versionLength = passText();
  p.featureCount = takeWord();
  p.featureBytes = 0;
  p.features = takeFree(p.featureCount << 3);
  for (let i: u32 = 0; i < p.featureCount; i++) {
    store<u32>(p.features + (i << 3), <u32>cursor + 4);
    const length = passText();
    store<u32>(p.features + (i << 3), length, 4);
    p.featureBytes += length;
  }
}

function countBaseSymbols(fleet: Fleet, value: usize, more: bool): void {
  const facts = changetype<Facts>(value + VALUE_FACTS);
  for (let i: u32 = 0; i < facts.platformCount; i++) {
    const list = <usize>load<u32>(facts.handlers + (i << 2));
    if (list == 0) continue;
    for (let h: u32 = 1; h <= load<u32>(list); h++) count(fleet, load<u32>(list + ((<usize>h) << 2)), more);
  }
  for (let i: u32 = 0; i < facts.runtimeCount << 1; i++) count(fleet, load<u32>(facts.runtimes + ((<usize>i) << 2)), more);
}

@inline function count(fleet: Fleet, symbol: u32, more: bool): void {
  if (more) useSymbol(fleet, symbol);
  else dropSymbol(fleet, symbol);
}

export function useBaseSymbols(fleet: Fleet, value: usize): void {
  countBaseSymbols(fleet, value, true);
}
export function dropBaseSymbols(fleet: Fleet, value: usize): void {
  countBaseSymbols(fleet, value, false);
}
