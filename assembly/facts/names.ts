/** The names that facts have under each feature: made when first asked for, since few questions need it. */
import { regionAlloc } from "../memory/region";
import { charge } from "../work";
import { COVERED, Facts } from "./facts";

/** Addresses of slots' addresses, from and to: what listNames found. */
export let firstName: usize = 0;
export let endName: usize = 0;

/** Finds the slots of a feature (its number + 1), in no order. 0, or the code of an error: there is no memory or no work left. */
export function listNames(facts: Facts, feature: u32): i32 {
  if (facts.nameSlots == 0) {
    const error = makeNames(facts);
    if (error != 0) return error;
  }
  const starts = facts.nameStarts + ((<usize>feature) << 2);
  firstName = facts.nameSlots + ((<usize>load<u32>(starts)) << 2);
  endName = facts.nameSlots + ((<usize>load<u32>(starts, 4)) << 2);
  return 0;
}

/** Sorts the table's slots by feature, counting. */
function makeNames(facts: Facts): i32 {
  if (!charge((facts.slotMask + 1) << 1)) return 18;
  // The table is at most half full.
  const heads = (facts.featureCount + 3) << 2;
  const starts = regionAlloc(facts.region, heads + ((facts.slotMask + 1) << 1));
  if (starts == 0) return 17;
  const list = starts + heads;
  const end = facts.slots + ((<usize>facts.slotMask + 1) << 4);
  for (let slot = facts.slots; slot < end; slot += 16) {
    const feature = load<u32>(slot);
    if (feature == 0 || feature & COVERED) continue;
    const count = starts + ((<usize>feature + 2) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  // Of each feature, two places further on, the count; then one place further on, where its next slot goes.
  for (let f: u32 = 1; f <= facts.featureCount + 2; f++) {
    const at = starts + ((<usize>f) << 2);
    store<u32>(at, load<u32>(at) + load<u32>(at - 4));
  }
  for (let slot = facts.slots; slot < end; slot += 16) {
    const feature = load<u32>(slot);
    if (feature == 0 || feature & COVERED) continue;
    const next = starts + ((<usize>feature + 1) << 2);
    const place = load<u32>(next);
    store<u32>(next, place + 1);
    store<u32>(list + ((<usize>place) << 2), <u32>slot);
  }
  facts.nameStarts = starts;
  facts.nameSlots = list;
  return 0;
}
