/**
 * `matchExpressions` over the instances of a feature, 64 of them at a time, as planes of bits: true for sure, and possibly true
 * (evaluate/instances.ts has a picture).
 */
import { evaluationError, spend } from "../evaluate/attribute";
import { equalTo } from "../evaluate/instances";
import { Observed, UNKNOWN } from "../facts/facts";
import { NONE } from "../program/program";
import { Kleene } from "../values/range";
import { FAILED, evaluateKey } from "./holds";
import { Expression, NfdOp, is } from "./program";
import { MISSING, coveredBy, feature, raw, slotOfSymbol, symbolFor } from "./subject";

/** What instancesValue counted, if it was told to go through all. */
export let matching: u32 = 0;
export let possible: u32 = 0;

let lower: u64 = 0;
let upper: u64 = 0;
/** The instance at which the block failed, or NONE. */
let failedAt: u32 = NONE;

/**
 * *Any* over the instances, of *all* over the expressions; or FAILED, for the first instance at which NFD would end, and there for the
 * first expression by name. `whole`: it doesn't end at the first instance that is true.
 */
export function instancesValue(byName: Expression, whole: bool): u32 {
  const count = feature.instanceCount;
  matching = 0;
  possible = 0;
  for (let base: u32 = 0; base < count; base += 64) {
    let n = min(count - base, 64);
    let surely: u64 = (<u64>-1) >>> (64 - n);
    let possibly = surely;
    failedAt = NONE;
    for (let e = byName; is<Expression>(e) && n > 0 && (raw || possibly != 0); e = e.nextByName) {
      evaluateBlock(e, base, n);
      surely &= lower;
      possibly &= upper;
      // What fails now must do so at an earlier instance.
      if (failedAt != NONE) n = failedAt - base;
    }
    if (evaluationError != 0) return Kleene.UNKNOWN;
    if (failedAt != NONE) return FAILED;
    matching += <u32>popcnt(surely);
    possible += <u32>popcnt(possibly);
    if (surely != 0 && !whole) break;
  }
  if (matching > 0) return Kleene.TRUE;
  return possible > 0 || (!raw && feature.observed & Observed.PARTIAL) ? Kleene.UNKNOWN : Kleene.FALSE;
}

/** Evaluates one expression for the instances `base` ... `base + n - 1` into lower and upper. */
@inline function evaluateBlock(e: Expression, base: u32, n: u32): void {
  lower = 0;
  upper = 0;
  if (!spend(n + ((n * e.count) >>> 3))) return;
  const slot = slotOfSymbol(e.name);
  const column = columnIn(slot);
  if (column == 0) {
    // Lacking in every instance.
    const value = evaluateKey(e, MISSING, true);
    if (value == FAILED) failedAt = base;
    if (value >= Kleene.TRUE) lower = -1;
    if (value != Kleene.FALSE) upper = -1;
    return;
  }
  const values = column + (<usize>base << 2);
  const unknown: u64 = feature.observed & Observed.UNKNOWN_CELLS ? equalTo(values, n, UNKNOWN) : 0;
  if ((e.op == NfdOp.IN || e.op == NfdOp.IS) && (!raw || unknown == 0)) {
    const end = e.values + (<usize>e.count << 2);
    for (let at = e.values; at < end; at += 4) {
      const symbol = symbolFor(load<u32>(at));
      if (symbol != 0) lower |= equalTo(values, n, symbol);
    }
    upper = lower | unknown;
    if (e.failsPresent == 0) return;
    lower = 0;
  }
  const covered: usize = unknown == 0 ? 0 : <usize>coveredBy(slot, 4);
  if (!spend(n * e.count)) return;
  let last = MISSING;
  let result = FAILED;
  upper = 0;
  for (let i: u32 = 0; i < n; i++) {
    let key = load<u32>(values + (<usize>i << 2));
    if (raw && key == UNKNOWN) key = covered == 0 ? MISSING : load<u32>(covered + (<usize>(base + i) << 2));
    if (key != last || result == FAILED) {
      last = key;
      result = evaluateKey(e, key, true);
      if (result == FAILED) {
        failedAt = base + i;
        return;
      }
    }
    lower |= (<u64>(result >>> 1)) << i;
    upper |= (<u64>(result != Kleene.FALSE)) << i;
  }
}

/** The values of a slot's column, or 0. */
export function columnIn(slot: usize): usize {
  const column: u32 = slot == 0 ? 0 : load<u32>(slot, 12) >>> 8;
  return column == 0 ? 0 : <usize>load<u32>(feature.columns + ((column - 1) << 3), 4);
}
