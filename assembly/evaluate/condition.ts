/**
 * Evaluates a tree of conditions for one pair: host and candidate. Without recursion; short-circuited, or fully with the value of
 * every node kept for an explanation.
 */
import { Facts, Observed, UNKNOWN, featureAt, featureOfSymbol, slotHere } from "../facts/facts";
import { Op, Program, endOf, opOf, programNode } from "../program/program";
import { Kleene } from "../values/range";
import { chargeHere } from "../work";
import { stopEvaluation, testValue } from "./attribute";
import { bound } from "./bind";
import { instancesValue } from "./instances";

/** Frames of 12 bytes: node, value so far, how far an `if` is. */
const stack: usize = memory.data(12 * 520, 8);

let host: Facts = changetype<Facts>(<usize>0);
let candidate: Facts = changetype<Facts>(<usize>0);

/** Says against what conditions are evaluated from now on; `judged` may be 0: no candidate. */
export function setFacts(facts: Facts, judged: Facts): void {
  host = facts;
  candidate = judged;
}

/** The host's facts. */
export function hostFacts(): Facts {
  return host;
}

/** The facts that a leaf looks at; 0 if there is no candidate. */
export function factsOf(node: usize): Facts {
  return load<u32>(node, 28) ? candidate : host;
}

/** Number + 1 of the feature that a leaf names in its facts, or 0. */
export function featureIndexOf(program: Program, node: usize, facts: Facts): u32 {
  const symbol = bound(program, load<u32>(node, 8), facts, load<u32>(node, 28));
  return symbol == 0 ? 0 : featureOfSymbol(facts, symbol);
}

/** Value of the leaf at `index`. */
export function leafValue(program: Program, index: u32): u32 {
  const node = programNode(program, index);
  const op = opOf(node);
  if (op == Op.TRUE) return Kleene.TRUE;
  const facts = factsOf(node);
  if (changetype<usize>(facts) == 0) return Kleene.UNKNOWN;
  const feature = featureIndexOf(program, node, facts);
  if (op == Op.INSTANCES) return instancesValue(program, index, facts, load<u32>(node, 28), feature);
  if (feature == 0) return Kleene.UNKNOWN;
  const name = bound(program, load<u32>(node, 12), facts, load<u32>(node, 28));
  if (op == Op.FLAG) return flagValue(facts, feature, name);
  return testValue(
    program,
    load<u32>(node, 16),
    facts,
    load<u32>(node, 28),
    attributeOf(facts, feature, name),
  );
}

/** Value of a flag: a name that is in the facts nowhere has the symbol 0. */
export function flagValue(facts: Facts, feature: u32, name: u32): u32 {
  const f = featureAt(facts, feature - 1);
  const slot: usize = name == 0 ? 0 : slotHere(facts, feature, name);
  const bits = slot == 0 ? 0 : load<u32>(slot, 12);
  if (bits & 1) return Kleene.TRUE;
  if (!(f.observed & Observed.FLAGS)) return f.observed & Observed.CLOSED ? Kleene.FALSE : Kleene.UNKNOWN;
  return f.observed & Observed.SCOPED && !(bits & 2) ? Kleene.UNKNOWN : Kleene.FALSE;
}

/** An attribute's value: 0 lacking, UNKNOWN, or a symbol. */
export function attributeOf(facts: Facts, feature: u32, name: u32): u32 {
  const f = featureAt(facts, feature - 1);
  if (!(f.observed & Observed.ATTRIBUTES)) return f.observed & Observed.CLOSED ? 0 : UNKNOWN;
  const slot: usize = name == 0 ? 0 : slotHere(facts, feature, name);
  return slot == 0 ? 0 : load<u32>(slot, 8);
}

/**
 * Value of the subtree at `root`. With `values` (an address, one byte a node) every node is evaluated and its value stored;
 * with 0 what can't change the answer is passed over.
 */
export function conditionValue(program: Program, root: u32, values: usize): u32 {
  let frame = stack;
  let index = root;
  let value: u32 = 0;
  while (true) {
    const node = programNode(program, index);
    const op = opOf(node);
    if (!chargeHere(2)) {
      stopEvaluation(18);
      return Kleene.UNKNOWN;
    }
    if (op <= Op.IF) {
      if (values == 0 && op <= Op.ANY && endOf(programNode(program, index + 1)) == endOf(node)) {
        // One child: its value is the node's.
        index++;
        continue;
      }
      frame += 12;
      store<u32>(frame, index);
      store<u32>(frame, op == Op.ALL ? Kleene.TRUE : Kleene.FALSE, 4);
      store<u32>(frame, 0, 8);
      index++;
      continue;
    }
    value = leafValue(program, index);
    if (values != 0) store<u8>(values + index, <u8>value);
    // Hand the value up as long as it ends its parent.
    let done = true;
    while (frame > stack) {
      const parentIndex = load<u32>(frame);
      const parent = programNode(program, parentIndex);
      const parentOp = opOf(parent);
      const next = endOf(programNode(program, index));
      let open = false;
      if (parentOp == Op.ALL) {
        value = min(value, load<u32>(frame, 4));
        open = next < endOf(parent) && (values != 0 || value != Kleene.FALSE);
        if (open) store<u32>(frame, value, 4);
      } else if (parentOp == Op.ANY) {
        value = max(value, load<u32>(frame, 4));
        open = next < endOf(parent) && (values != 0 || value != Kleene.TRUE);
        if (open) store<u32>(frame, value, 4);
      } else if (parentOp == Op.NOT) {
        value = 2 - value;
      } else {
        const step = load<u32>(frame, 8);
        if (step == 0) {
          // The condition: kept in the first two bits; then comes its branch, or both.
          store<u32>(frame, value, 4);
          store<u32>(frame, 1, 8);
          open = true;
          index = value == Kleene.FALSE && values == 0 ? endOf(programNode(program, next)) : next;
        } else {
          const condition = load<u32>(frame, 4) & 3;
          const both = values != 0 || condition == Kleene.UNKNOWN;
          if (step == 1 && both) {
            store<u32>(frame, condition | (value << 2), 4);
            store<u32>(frame, 2, 8);
            open = true;
            index = next;
          } else if (step == 2) {
            const then = load<u32>(frame, 4) >>> 2;
            if (condition == Kleene.TRUE) value = then;
            else if (condition == Kleene.UNKNOWN && then != value) value = Kleene.UNKNOWN;
          }
        }
        if (open) {
          done = false;
          break;
        }
      }
      if (open) {
        index = next;
        done = false;
        break;
      }
      index = parentIndex;
      if (values != 0) store<u8>(values + index, <u8>value);
      frame -= 12;
    }
    if (done) break;
  }
  return value;
}
