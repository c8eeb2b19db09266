/**
 * `matchExpressions` over the instances of a feature, 64 of them at a time, as planes of bits: true for sure, and possibly true
 * (evaluate/instances.ts has a picture).
 */
import { evaluationError } from "../evaluate/attribute";
import { bound } from "../evaluate/bind";
import { equalTo } from "../evaluate/instances";
import { Observed, UNKNOWN, columnOf } from "../facts/facts";
import { NONE } from "../program/program";
import { Kleene } from "../values/range";
import { FAILED, failure, holdsFor, isUnreadable, kleeneOf } from "./holds";
import { Expression, NfdOp, is } from "./program";
import { MISSING, coveredColumn, facts, feature, featureNumber, program, raw, work } from "./subject";

/** What instancesValue counted; all of it only if it was told to. */
export let matching: u32 = 0;
export let possible: u32 = 0;

let lower: u64 = 0;
let upper: u64 = 0;

/** Where NFD would end: the instance, the expression, its key. */
let failedAt: u32 = NONE;
export let failedExpression: Expression = changetype<Expression>(<usize>0);
export let failedKey: u32 = 0;
let failedWhy: u32 = 0;

/** Value of *any* over the instances, of *all* over the expressions. `counting`: it doesn't end at the first that is true. */
export function instancesValue(expressions: Expression, counting: bool): u32 {
  const count = feature.instanceCount;
  matching = 0;
  possible = 0;
  for (let base: u32 = 0; base < count; base += 64) {
    const n = min(count - base, 64);
    let surely: u64 = n == 64 ? <u64>-1 : ((<u64>1) << n) - 1;
    let possibly = surely;
    for (let e = expressions; is<Expression>(e) && possibly != 0; e = e.next) {
      evaluateBlock(e, base, n);
      surely &= lower;
      possibly &= upper;
    }
    if (evaluationError != 0) return Kleene.UNKNOWN;
    matching += <u32>popcnt(surely);
    possible += <u32>popcnt(possibly);
    if (surely != 0 && !counting) return Kleene.TRUE;
  }
  if (matching > 0) return Kleene.TRUE;
  return possible > 0 || feature.observed & Observed.PARTIAL ? Kleene.UNKNOWN : Kleene.FALSE;
}

/** Whether every expression holds for one instance, all of them evaluated: TRUE, FALSE or FAILED. */
export function instancesHold(byName: Expression): u32 {
  const count = feature.instanceCount;
  let holds = false;
  for (let base: u32 = 0; base < count; base += 64) {
    let n = min(count - base, 64);
    let surely: u64 = n == 64 ? <u64>-1 : ((<u64>1) << n) - 1;
    failedAt = NONE;
    for (let e = byName; is<Expression>(e) && n > 0; e = e.nextByName) {
      evaluateBlock(e, base, n);
      surely &= lower;
      // What fails later must do so at an earlier instance.
      if (failedAt != NONE) n = failedAt - base;
    }
    if (evaluationError != 0) return Kleene.FALSE;
    if (failedAt != NONE) return FAILED;
    if (surely != 0) holds = true;
  }
  return holds ? Kleene.TRUE : Kleene.FALSE;
}

/** Evaluates one expression for the instances `base` ... `base + n - 1` into lower and upper. */
function evaluateBlock(e: Expression, base: u32, n: u32): void {
  lower = 0;
  upper = 0;
  if (!work(n + 2)) return;
  const name = bound(program, e.name, facts, 0);
  const column = columnOf(facts, feature, featureNumber, name);
  if (column == 0) {
    const value = evaluateCell(e, MISSING, base);
    if (value == Kleene.TRUE) lower = <u64>-1;
    if (value != Kleene.FALSE) upper = <u64>-1;
    return;
  }
  const values = column + ((<usize>base) << 2);
  const plain = (e.op == NfdOp.IN || e.op == NfdOp.IS) && e.failsPresent == 0;
  const unknown = plain || raw ? equalTo(values, n, UNKNOWN) : 0;
  if (plain) {
    if (!work((e.count * n) >>> 2)) return;
    const end = e.values + ((<usize>e.count) << 2);
    for (let at = e.values; at < end; at += 4) {
      const symbol = bound(program, load<u32>(at), facts, 0);
      if (symbol != 0) lower |= equalTo(values, n, symbol);
    }
    upper = lower | unknown;
    if (!raw || unknown == 0) return;
    lower = 0;
    upper = 0;
  }
  const covered: usize = raw && unknown != 0 ? coveredColumn(name) : 0;
  let last = MISSING;
  let result = FAILED;
  for (let i: u32 = 0; i < n; i++) {
    let key = load<u32>(values + ((<usize>i) << 2));
    if (raw && key == UNKNOWN) key = covered == 0 ? MISSING : load<u32>(covered + ((<usize>(base + i)) << 2));
    if (key != last || result == FAILED) {
      last = key;
      result = evaluateCell(e, key, base + i);
      if (result == FAILED) return;
    }
    lower |= (<u64>(result >>> 1)) << i;
    upper |= (<u64>(result != Kleene.FALSE)) << i;
  }
}

/** One cell; notes where it fails. */
function evaluateCell(e: Expression, key: u32, instance: u32): u32 {
  if (!raw) return kleeneOf(e, key, true);
  const value = holdsFor(e, key);
  if (value == FAILED) {
    failedAt = instance;
    failedExpression = e;
    failedKey = isUnreadable ? key : MISSING;
    failedWhy = failure;
  }
  return value;
}

/** Why it failed. */
export function instanceFailure(): u32 {
  return failedWhy;
}
