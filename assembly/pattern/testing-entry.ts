/** The pattern engine as a module of its own, for its tests. */
import { failAllocation } from "../memory/faults";
import { pagesInUse, setCeiling } from "../memory/pages";
import { regionAlloc, regionCreate, regionFree } from "../memory/region";
import { Automaton } from "./automaton";
import { patternCompile, patternError, patternErrorOffset, patternMatches } from "./pattern";
import { MAX_RUNE } from "./runes";
import { simulate } from "./simulate";
import { beginWork, setBudget } from "../work";

export { regionAlloc, regionCreate, regionFree, patternCompile, patternMatches };
export { beginWork, failAllocation, pagesInUse, setBudget, setCeiling };

/** The error of the last compilation in the low 16 bits, its offset above. */
export function lastError(): u32 {
  return (patternErrorOffset << 16) | <u32>patternError;
}

/** As patternMatches, but never with a table of states. */
export function simulates(pattern: usize, text: usize, length: u32): i32 {
  return simulate(changetype<Automaton>(pattern), text, length);
}

/** How many instructions a pattern has. */
export function instructionCount(pattern: usize): u32 {
  return changetype<Automaton>(pattern).instructions;
}

/** How many character classes it has. */
export function classesOf(pattern: usize): u32 {
  return changetype<Automaton>(pattern).classes;
}

/** Whether the table of states was given up for a pattern. */
export function tableGivenUp(pattern: usize): bool {
  return changetype<Automaton>(pattern).withoutTable;
}

/** How many of `count` texts match: each a u32 of length and its bytes, one after another. */
export function countMatches(pattern: usize, texts: usize, count: u32): u32 {
  let matching: u32 = 0;
  let at = texts;
  for (let i: u32 = 0; i < count; i++) {
    const length = load<u32>(at);
    matching += patternMatches(pattern, at + 4, length) == 1 ? 1 : 0;
    at += 4 + length;
  }
  return matching;
}

/** Sets the bit of each code point that, alone, is a text which the pattern matches; `bits` are 0x22000 bytes of zeros. */
export function markMembers(pattern: usize, bits: usize): void {
  for (let rune: u32 = 0; rune <= MAX_RUNE; rune++) {
    if ((rune & 0x1ff800) == 0xd800) continue;
    if (patternMatches(pattern, encoded, encode(rune)) != 1) continue;
    const byte = <u32>load<u8>(bits + (rune >>> 3)) | ((<u32>1) << (rune & 7));
    store<u8>(bits + (rune >>> 3), <u8>byte);
  }
}

const encoded: usize = memory.data(8);

/** Writes a code point as UTF-8; gives how many bytes it takes. */
function encode(rune: u32): u32 {
  if (rune < 0x80) {
    store<u8>(encoded, <u8>rune);
    return 1;
  }
  const bytes: u32 = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
  for (let i: u32 = bytes - 1; i > 0; i--) {
    store<u8>(encoded + i, <u8>(0x80 | (rune & 0x3f)));
    rune >>>= 6;
  }
  store<u8>(encoded, <u8>((0xf00 >>> bytes) | rune));
  return bytes;
}
