/**
 * The work budget: every call may do so much and no more, counted in units of about a nanosecond's work, the same on every machine.
 */

/** Units that a call has unless the embedder sets another budget. */
export const DEFAULT_BUDGET: u32 = 2_000_000_000;

let budget: u32 = DEFAULT_BUDGET;
let left: u32 = DEFAULT_BUDGET;

/** Sets the budget of every later call. */
export function setBudget(units: u32): void {
  budget = units;
}

/** Begins a call: all of the budget is there. */
export function beginWork(): void {
  left = budget;
}

/** All that is done until the next call begins is free. */
export function endlessWork(): void {
  left = u32.MAX_VALUE;
}

/** From here on, until resumeWork, everything is free: what is left meanwhile. */
export function pauseWork(): u32 {
  const rest = left;
  left = u32.MAX_VALUE;
  return rest;
}

export function resumeWork(rest: u32): void {
  left = rest;
}

/** Takes `units` from the budget; false if it is gone, and then it stays gone until the call ends. */
export function charge(units: u32): bool {
  return chargeHere(units);
}

/** As charge, for the few places that every evaluation goes through. */
@inline export function chargeHere(units: u32): bool {
  if (isDefined(GUARDED)) spent += min(units, left);
  if (left < units) {
    left = 0;
    return false;
  }
  left -= units;
  return true;
}

let spent: u64 = 0;

/** Of the guarded build: units that were taken since the last time that this was asked. */
export function takeSpent(): i64 {
  const units = spent;
  spent = 0;
  return units;
}

/** Whether the budget is gone. */
export function exhausted(): bool {
  return left == 0;
}
