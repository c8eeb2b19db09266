/**
 * Conditions over the instances of a feature, 64 instances at a time: a value is two planes of bits, the lower bound (true
 * whatever is unknown) and the upper bound (could be true).
 *
 *   instance      0 1 2 3 ...
 *   lower         1 0 0 1          1: true
 *   upper         1 0 1 1          0: false; lower 0 and upper 1: unknown
 *
 * INVARIANT: lower is within upper. *all* and *any* are the same operation on both planes; *not* swaps and complements.
 */
import { Facts, Feature, Observed, UNKNOWN, columnOf } from "../facts/facts";
import { Mode, Op, Program, TestKind, endOf, modeOf, opOf, programNode } from "../program/program";
import { ENDLESS, Kleene, intervalInRange, intervalWork } from "../values/range";
import { evaluationError, spend, testValue } from "./attribute";
import { bound } from "./bind";

/** Frames of 24 bytes: node, next child, lower, upper. */
const stack: usize = memory.data(24 * 520, 8);

/** What the last list of instances gave, for explanations. */
export let matching: u32 = 0;
export let unknown: u32 = 0;
export let listed: u32 = 0;
export let isPartial: bool = false;

/** Value of an INSTANCES node; `feature` may be 0: nothing was observed. */
export function instancesValue(program: Program, index: u32, facts: Facts, candidate: u32, featureIndex: u32): u32 {
  const node = programNode(program, index);
  const mode = modeOf(node);
  let count: u32 = 0;
  let partial = true;
  let feature = changetype<Feature>(<usize>0);
  if (featureIndex != 0) {
    feature = changetype<Feature>(facts.features + (featureIndex - 1) * <u32>offsetof<Feature>());
    if (feature.observed & Observed.INSTANCES) {
      count = feature.instanceCount;
      partial = (feature.observed & Observed.PARTIAL) != 0;
    } else if (feature.observed & Observed.CLOSED) partial = false;
  }
  let sure: u32 = 0;
  let possible: u32 = 0;
  const child = index + 1;
  for (let base: u32 = 0; base < count; base += 64) {
    const n = min(count - base, 64);
    const all = n == 64 ? <u64>-1 : ((<u64>1 << <u64>n) - 1);
    if (child == endOf(node)) {
      sure += n;
      possible += n;
      continue;
    }
    evaluateBlock(program, child, facts, candidate, feature, featureIndex, base, n);
    if (evaluationError != 0) return Kleene.UNKNOWN;
    sure += <u32>popcnt(lower & all);
    possible += <u32>popcnt(upper & all);
  }
  matching = sure;
  unknown = possible - sure;
  listed = count;
  isPartial = partial;
  if (mode == Mode.COUNT) return countValue(node, sure, possible, partial);
  if (mode == Mode.EVERY) {
    if (possible < count) return Kleene.FALSE;
    return sure < count || partial ? Kleene.UNKNOWN : Kleene.TRUE;
  }
  const some = sure > 0 ? Kleene.TRUE : possible > 0 || partial ? Kleene.UNKNOWN : Kleene.FALSE;
  return mode == Mode.NO ? 2 - some : some;
}

/** Value of a COUNT node for so many instances that surely match, and that possibly do. */
export function countValue(node: usize, sure: u32, possible: u32, partial: bool): u32 {
  const range = load<u32>(node, 16);
  return spend(intervalWork(range)) ? intervalInRange(range, sure, partial ? ENDLESS : possible) : Kleene.UNKNOWN;
}

/** What evaluateBlock gave; bits past its instances mean nothing. */
export let lower: u64 = 0;
export let upper: u64 = 0;

/** Evaluates the subtree at `root` for the instances `base` ... `base + n - 1` into lower and upper. */
export function evaluateBlock(program: Program, root: u32, facts: Facts, candidate: u32, feature: Feature, featureIndex: u32, base: u32, n: u32): void {
  const all = n == 64 ? <u64>-1 : (<u64>1 << <u64>n) - 1;
  let frame = stack;
  let index = root;
  while (true) {
    const node = programNode(program, index);
    const op = opOf(node);
    if (!spend(1)) return;
    if (op <= Op.NOT) {
      if (op != Op.NOT && endOf(programNode(program, index + 1)) == endOf(node)) {
        index++;
        continue;
      }
      frame += 24;
      store<u32>(frame, index);
      store<u64>(frame, op == Op.ALL ? <u64>-1 : 0, 8);
      store<u64>(frame, op == Op.ALL ? <u64>-1 : 0, 16);
      index++;
      continue;
    }
    attributeBlock(program, node, facts, candidate, feature, featureIndex, base, n);
    if (evaluationError != 0) return;
    // Hand the value up as long as it ends its parent.
    while (frame > stack) {
      const parent = programNode(program, load<u32>(frame));
      const parentOp = opOf(parent);
      if (parentOp == Op.NOT) {
        const l = lower;
        lower = ~upper;
        upper = ~l;
      } else {
        const next = endOf(programNode(program, index));
        const l = load<u64>(frame, 8);
        const u = load<u64>(frame, 16);
        lower = parentOp == Op.ALL ? l & lower : l | lower;
        upper = parentOp == Op.ALL ? u & upper : u | upper;
        // What is false for all of them, or true for all, stays so.
        const settled = parentOp == Op.ALL ? (upper & all) == 0 : (~lower & all) == 0;
        if (next < endOf(parent) && !settled) {
          store<u64>(frame, lower, 8);
          store<u64>(frame, upper, 16);
          index = next;
          break;
        }
      }
      index = load<u32>(frame);
      frame -= 24;
    }
    if (frame == stack) return;
  }
}

/** One attribute's tests over a block of a column. */
function attributeBlock(program: Program, node: usize, facts: Facts, candidate: u32, feature: Feature, featureIndex: u32, base: u32, n: u32): void {
  const tests = <usize>load<u32>(node, 16);
  const name = bound(program, load<u32>(node, 12), facts, candidate);
  const column = columnOf(facts, feature, featureIndex, name);
  lower = 0;
  upper = 0;
  if (!spend(n)) return;
  if (column == 0) {
    // Lacking in every instance.
    const v = testValue(program, tests, facts, candidate, 0);
    lower = v == Kleene.TRUE ? <u64>-1 : 0;
    upper = lower;
    return;
  }
  const values = column + (<usize>base << 2);
  if (load<u32>(tests) == 1 && load<u32>(tests, 4) == TestKind.IN) {
    const set = <usize>load<u32>(tests, 8);
    if (!spend(load<u32>(set) << 2)) return;
    const end = set + 4 + (<usize>load<u32>(set) << 2);
    for (let at = set + 4; at < end; at += 4) {
      const symbol = bound(program, load<u32>(at), facts, candidate);
      if (symbol != 0) lower |= equalTo(values, n, symbol);
    }
    upper = lower;
    if (feature.observed & Observed.UNKNOWN_CELLS) upper |= equalTo(values, n, UNKNOWN);
    return;
  }
  let last: u32 = 0;
  let result = testValue(program, tests, facts, candidate, 0);
  for (let i: u32 = 0; i < n; i++) {
    const value = load<u32>(values + (<usize>i << 2));
    if (value != last) {
      if (evaluationError != 0) return;
      last = value;
      result = testValue(program, tests, facts, candidate, value);
    }
    lower |= <u64>(result >>> 1) << <u64>i;
    upper |= <u64>(result != Kleene.FALSE) << <u64>i;
  }
}

/** Bits of the instances whose value is `symbol`. Columns are padded to whole vectors. */
export function equalTo(values: usize, n: u32, symbol: u32): u64 {
  const want = i32x4.splat(symbol);
  let bits: u64 = 0;
  let i: u32 = 0;
  // Four vectors at a time: a byte is left of each value.
  for (; i + 16 <= n; i += 16) {
    const at = values + (<usize>i << 2);
    const a = i32x4.eq(v128.load(at), want);
    const b = i32x4.eq(v128.load(at, 16), want);
    const c = i32x4.eq(v128.load(at, 32), want);
    const d = i32x4.eq(v128.load(at, 48), want);
    const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
    bits |= <u64>(<u32>i8x16.bitmask(bytes)) << <u64>i;
  }
  for (; i < n; i += 4) {
    bits |= <u64>i32x4.bitmask(i32x4.eq(v128.load(values + (<usize>i << 2)), want)) << <u64>i;
  }
  return bits;
}
