/**
 * Memory that one compilation needs only until it is over: a region of its own, freed whole at the end, so that the
 * caller's region holds nothing but finished patterns.
 */
import { regionAlloc, regionCreate, regionFree } from "../memory/region";
import { charge } from "../work";
import { PatternError, fail, patternError } from "./errors";

/** Enough for nearly every pattern that people write. */
const SCRATCH_BYTES: u32 = 16_000;

let scratch: usize = 0;

/** Begins a compilation. False, with the error set, without memory. */
export function openScratch(): bool {
  scratch = regionCreate(SCRATCH_BYTES);
  return scratch != 0 || fail(PatternError.OutOfMemory, 0);
}

/** Ends it and frees all that `allocate` and `enlarge` gave. */
export function closeScratch(): void {
  if (scratch != 0) regionFree(scratch);
  scratch = 0;
}

/** Cleared memory until the end of the compilation; 0, with the error set, without memory. */
export function allocate(bytes: u32): usize {
  const address = regionAlloc(scratch, bytes);
  if (address == 0) fail(PatternError.OutOfMemory, 0);
  return address;
}

/** A larger copy of `bytes` bytes at `address`; 0, with the error set, without memory. */
export function enlarge(address: usize, bytes: u32, newBytes: u32): usize {
  const larger = allocate(newBytes);
  if (larger != 0) memory.copy(larger, address, bytes);
  return larger;
}

/** Takes work from the call's budget; false, with the error set, if it is gone. */
export function work(units: u32): bool {
  return charge(units) || fail(PatternError.BudgetExhausted, 0);
}

/** Whether the compilation has failed. */
export function failed(): bool {
  return patternError != 0;
}
