/**
 * What the evaluators see while values are evaluated in place of a host: each feature in the value that stands for it. Names that are
 * listed of a value (facts/names.ts) lie in scratch memory, and are forgotten when the value is turned to again.
 */
import { Facts } from "../facts/facts";
import { Column, Fleet, columnAt, numberAt, valueAt } from "./fleet";
import { factsOfNothing, factsOfValue } from "./value";

let fleet: Fleet = changetype<Fleet>(<usize>0);
/** The host whose values are seen, if it is a whole host. */
let slot: u32 = 0;
/** Or the only value that is seen, and its column. */
let alone: Facts = changetype<Facts>(<usize>0);
let scratch: usize = 0;

/** Facts are seen as they are. */
export function closeView(): void {
  fleet = changetype<Fleet>(<usize>0);
}

export function isViewing(): bool {
  return changetype<usize>(fleet) != 0;
}

/** Sees one value. */
export function viewValue(owner: Fleet, facts: Facts, region: usize): void {
  fleet = owner;
  alone = facts;
  scratch = region;
}

/** Sees the host in a slot. */
export function viewHost(owner: Fleet, host: u32, region: usize): void {
  fleet = owner;
  alone = changetype<Facts>(<usize>0);
  slot = host;
  scratch = region;
}

/** The facts in which the feature with a number is seen. */
export function factsInView(number: u32): Facts {
  let facts = alone;
  if (changetype<usize>(facts) == 0) {
    const column: Column = columnAt(fleet, number);
    const value = numberAt(column, slot);
    facts = value == 0 ? factsOfNothing(fleet, number) : factsOfValue(fleet, valueAt(column, value));
  }
  facts.region = scratch;
  facts.nameSlots = 0;
  return facts;
}
