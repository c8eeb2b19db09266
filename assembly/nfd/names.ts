/** `matchName`: an expression over the names of a feature's flags, of its attributes, and of its instances' attributes. */
import { evaluationError, stopEvaluation } from "../evaluate/attribute";
import { bound } from "../evaluate/bind";
import { Observed, UNKNOWN, columnOf, findSlot } from "../facts/facts";
import { endName, firstName, listNames } from "../facts/names";
import { NONE } from "../program/program";
import { Kleene } from "../values/range";
import { FAILED, failure, holdsFor, isUnreadable, kleeneOf } from "./holds";
import { compareTexts } from "./order";
import { Expression, NfdOp, Variable, canFail, is } from "./program";
import {
  Kinds,
  MISSING,
  OWN,
  attributeIn,
  coveredColumn,
  facts,
  factsAttributes,
  feature,
  featureNumber,
  hasVariables,
  kinds,
  lengthOfKey,
  nfd,
  program,
  raw,
  textOfKey,
  work,
} from "./subject";

/** Of the last evaluation: the bytewise first name for which the expression is true, or 0. */
export let firstMatch: u32 = 0;
/** Where NFD would end: the name if it can't be read, else 0, and why. */
export let failedName: u32 = 0;
export let nameFailure: u32 = 0;

let value: u32 = Kleene.FALSE;
/** NFD's order of names: flags have rank 0, attributes 1, those of instance i 2 + i; then by bytes. */
let failedRank: u32 = NONE;
let failedFirst: u32 = 0;

/** In the verdict: *any* over the names. `searching`: it doesn't end at the first that is true, so that firstMatch is the first. */
export function nameValue(e: Expression, searching: bool): u32 {
  overNames(e, !searching);
  if (value == Kleene.TRUE || e.op == NfdOp.DOES_NOT_EXIST) return value;
  // Names that nobody observed and that may be there.
  const partial = kinds & Kinds.INSTANCES && feature.observed & Observed.PARTIAL;
  const scoped = kinds & Kinds.FLAGS && feature.observed & Observed.SCOPED;
  if (!partial && !scoped) return value;
  let unseen = e.op != NfdOp.IN;
  for (let i: u32 = 0; i < e.count && !unseen; i++) {
    const name = bound(program, load<u32>(e.values + ((<usize>i) << 2)), facts, 0);
    const slot: usize = name == 0 ? 0 : findSlot(facts, featureNumber, name);
    unseen = partial != 0 || slot == 0 || !(load<u32>(slot, 12) & 3);
  }
  return unseen ? Kleene.UNKNOWN : value;
}

/** For NFD: whether the expression holds for a name, all of them evaluated: TRUE, FALSE or FAILED. */
export function nameHolds(e: Expression): u32 {
  overNames(e, !canFail(e));
  return failedRank != NONE ? FAILED : value;
}

/** Goes through the names; `brief`: until one is true. */
function overNames(e: Expression, brief: bool): void {
  value = Kleene.FALSE;
  firstMatch = 0;
  failedRank = NONE;
  if (featureNumber != 0) {
    // For these ops every other name is false.
    if (e.op == NfdOp.IN && e.failsPresent == 0) {
      for (let i: u32 = 0; i < e.count; i++) {
        const name = bound(program, load<u32>(e.values + ((<usize>i) << 2)), facts, 0);
        const slot: usize = name == 0 ? 0 : findSlot(facts, featureNumber, name);
        if (!work(2)) return;
        if (slot != 0) visit(e, slot);
        if (brief && value == Kleene.TRUE) return;
      }
    } else {
      const error = listNames(facts, featureNumber);
      if (error != 0) {
        stopEvaluation(error);
        return;
      }
      for (let at = firstName; at < endName; at += 4) {
        visit(e, <usize>load<u32>(at));
        if (evaluationError != 0 || (brief && value == Kleene.TRUE)) return;
      }
    }
  }
  if (!hasVariables) return;
  for (let v = nfd.variables; is<Variable>(v); v = v.next) {
    if (!work(2)) return;
    if (v.state == MISSING) continue;
    count(e, v.symbol | OWN, v.state == UNKNOWN ? Kleene.UNKNOWN : Kleene.TRUE, 1);
  }
}

/** One name of the facts. */
function visit(e: Expression, slot: usize): void {
  const name = load<u32>(slot, 4);
  if (!work(2)) return;
  let there = Kleene.FALSE;
  let rank: u32 = 0;
  if (kinds & Kinds.FLAGS && load<u32>(slot, 12) & 1) there = Kleene.TRUE;
  if (there != Kleene.TRUE && factsAttributes && !isVariable(name)) {
    const key = attributeIn(slot);
    rank = 1;
    if (key != MISSING) there = key == UNKNOWN ? Kleene.UNKNOWN : Kleene.TRUE;
  }
  if (there != Kleene.TRUE && kinds & Kinds.INSTANCES) {
    const column = columnOf(facts, feature, featureNumber, name);
    const count = feature.instanceCount;
    if (column != 0) {
      const covered: usize = raw ? coveredColumn(name) : 0;
      let i: u32 = 0;
      for (; i < count && there != Kleene.TRUE; i++) {
        let key = load<u32>(column + ((<usize>i) << 2));
        if (raw && key == UNKNOWN) key = covered == 0 ? MISSING : load<u32>(covered + ((<usize>i) << 2));
        if (key != MISSING) there = key == UNKNOWN ? Kleene.UNKNOWN : Kleene.TRUE;
      }
      rank = 1 + i;
      if (!work(i)) return;
    }
  }
  count(e, name, there, rank);
}

/** Whether a variable that is set stands before the facts' own attribute of `rule.matched`. */
function isVariable(name: u32): bool {
  if (!hasVariables) return false;
  for (let v = nfd.variables; is<Variable>(v); v = v.next) {
    if (!work(1)) return false;
    if (v.state != MISSING && bound(program, v.symbol, facts, 0) == name) return true;
  }
  return false;
}

/** Counts a name that is there, as far as that is known. */
function count(e: Expression, name: u32, there: u32, rank: u32): void {
  if (there == Kleene.FALSE) return;
  if (!raw) {
    const holds = min(there, kleeneOf(e, name, true));
    value = max(value, holds);
    if (holds == Kleene.TRUE && (firstMatch == 0 || isBefore(name, firstMatch))) firstMatch = name;
    return;
  }
  const holds = holdsFor(e, name);
  if (holds != FAILED) {
    value = max(value, holds);
    return;
  }
  if (rank > failedRank || (rank == failedRank && !isBefore(name, failedFirst))) return;
  failedRank = rank;
  failedFirst = name;
  failedName = isUnreadable ? name : MISSING;
  nameFailure = failure;
}

function isBefore(name: u32, other: u32): bool {
  return compareTexts(textOfKey(name), lengthOfKey(name), textOfKey(other), lengthOfKey(other)) < 0;
}
