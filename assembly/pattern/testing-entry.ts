/** The pattern engine as a module of its own, for its tests. */
import { failAllocation } from "../memory/faults";
import { pagesInUse, setCeiling } from "../memory/pages";
import { regionAlloc, regionCreate, regionFree } from "../memory/region";
import { Automaton } from "./automaton";
import { patternCompile, patternError, patternErrorOffset, patternMatches } from "./pattern";
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
