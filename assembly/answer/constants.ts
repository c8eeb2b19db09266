/**
 * What a reason says whatever the facts are: its place, what was wanted, what stands around it. Written once for a leaf of a program and
 * kept in the program's region, up to a bound.
 *
 *   kept:  | u32 length of each part, 3 | bytes of the first part | of the second | of the third |
 *
 * A cell (a word of the program) holds the address, 0 as long as nothing was written, or NOT_KEPT.
 */
import { regionAllocRaw } from "../memory/region";
import { Program } from "../program/program";
import { endOutput, outputAddress, outputLength, putBytes, truncateOutput } from "./writer";

/** Bytes that one program keeps in all, and of one leaf at most. */
export const MAX_KEPT: u32 = 65_536;
const MAX_LEAF: u32 = 2048;
/** It is too long to be kept. */
export const NOT_KEPT: u32 = 1;
const HEADER: u32 = 12;

let begin: u32 = 0;
let first: u32 = 0;
let second: u32 = 0;

/** Begins to write the parts of a leaf, one after the other, into the output; keepConstants takes them out again. */
export function beginConstants(): void {
  begin = outputLength();
}
export function endFirstPart(): void {
  first = outputLength();
}
export function endSecondPart(): void {
  second = outputLength();
}

/** Keeps what was written, for the cell at `cell`. 0 where it is not kept. */
export function keepConstants(program: Program, cell: usize): usize {
  if (!endOutput()) return 0;
  const end = outputLength();
  const bytes = end - begin;
  truncateOutput(begin);
  if (bytes > MAX_LEAF || program.kept + bytes > MAX_KEPT) {
    store<u32>(cell, NOT_KEPT);
    return 0;
  }
  const kept = regionAllocRaw(program.region, HEADER + bytes);
  if (kept != 0) {
    program.kept += bytes;
    store<u32>(kept, first - begin);
    store<u32>(kept, second - first, 4);
    store<u32>(kept, end - second, 8);
    memory.copy(kept + HEADER, outputAddress() + begin, bytes);
    store<u32>(cell, <u32>kept);
  }
  return kept;
}

export function putFirstPart(kept: usize): void {
  putBytes(kept + HEADER, load<u32>(kept));
}
export function putSecondPart(kept: usize): void {
  putBytes(kept + HEADER + load<u32>(kept), load<u32>(kept, 4));
}
export function putThirdPart(kept: usize): void {
  putBytes(kept + HEADER + load<u32>(kept) + load<u32>(kept, 4), load<u32>(kept, 8));
}
