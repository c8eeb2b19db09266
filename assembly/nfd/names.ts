/** `matchName`: an expression over the names of a feature's flags, of its attributes, and of its instances' attributes. */
import { spend, stopEvaluation } from "../evaluate/attribute";
import { Observed, UNKNOWN } from "../facts/facts";
import { endName, firstName, listNames } from "../facts/names";
import { NONE } from "../program/program";
import { Kleene } from "../values/range";
import { FAILED, evaluateKey } from "./holds";
import { columnIn } from "./instances";
import { compareTexts } from "./order";
import { Expression, NfdOp, Variable, is } from "./program";
import {
  Kinds,
  MISSING,
  OWN,
  attributeIn,
  coveredBy,
  facts,
  factsAttributes,
  feature,
  featureNumber,
  hasVariables,
  kinds,
  nfd,
  raw,
  slotOfSymbol,
  symbolFor,
  textOfKey } from "./subject";

/** Of the last evaluation that went through all names: the bytewise first for which the expression is true, or 0. */
export let firstMatch: u32 = 0;

let value: u32 = Kleene.FALSE;
/** NFD's order of names: flags have rank 0, attributes 1, those of instance i 2 + i; then by bytes. */
let failedRank: u32 = NONE;
let failedName: u32 = 0;

/**
 * *Any* over the names; or FAILED, for the first name at which NFD would end. `whole`: it doesn't end at the first that is true.
 */
export function nameValue(e: Expression, whole: bool): u32 {
  value = Kleene.FALSE;
  firstMatch = 0;
  failedRank = NONE;
  overNames(e, whole);
  // Once more, so that it is the one that is told.
  if (failedRank != NONE) return evaluateKey(e, failedName, true);
  return value != Kleene.TRUE && !raw && hasUnseen(e) ? Kleene.UNKNOWN : value;
}

/** Whether there may be a name that nobody observed and for which the expression is true. */
function hasUnseen(e: Expression): bool {
  const partial = kinds & Kinds.INSTANCES && feature.observed & Observed.PARTIAL;
  const scoped = kinds & Kinds.FLAGS && feature.observed & Observed.SCOPED;
  if ((!partial && !scoped) || e.op == NfdOp.DOES_NOT_EXIST) return false;
  if (e.op != NfdOp.IN) return true;
  for (let i: u32 = 0; i < e.count; i++) {
    const slot = slotOfValue(e, i);
    if (partial || slot == 0 || !(load<u32>(slot, 12) & 3)) return true;
  }
  return false;
}

/** The slot of the name that one of an expression's values is, or 0. */
function slotOfValue(e: Expression, index: u32): usize {
  return slotOfSymbol(load<u32>(e.values + (<usize>index << 2)));
}

function overNames(e: Expression, whole: bool): void {
  if (featureNumber != 0) {
    // Without error, In is false for every name but its values.
    const direct = e.op == NfdOp.IN && e.failsPresent == 0;
    const error = direct ? 0 : listNames(facts, featureNumber);
    if (error != 0) {
      stopEvaluation(error);
      return;
    }
    const count: u32 = direct ? e.count : <u32>(endName - firstName) >>> 2;
    const first = firstName;
    for (let i: u32 = 0; i < count; i++) {
      const slot = direct ? slotOfValue(e, i) : <usize>load<u32>(first + (<usize>i << 2));
      if (slot != 0) visit(e, slot);
      if (!spend(2 + e.count) || (!whole && value == Kleene.TRUE)) return;
    }
  }
  if (!hasVariables) return;
  for (let v = nfd.variables; is<Variable>(v) && spend(2 + e.count); v = v.next) {
    count(e, v.symbol | OWN, v.state == MISSING ? Kleene.FALSE : v.state == UNKNOWN ? Kleene.UNKNOWN : Kleene.TRUE, 1);
  }
}

/** One name of the facts. */
function visit(e: Expression, slot: usize): void {
  const name = load<u32>(slot, 4);
  let there = Kleene.FALSE;
  let rank: u32 = 0;
  if (kinds & Kinds.FLAGS && load<u32>(slot, 12) & 1) there = Kleene.TRUE;
  else {
    if (factsAttributes && !isVariable(name)) there = presence(attributeIn(slot));
    rank = 1;
    const column = kinds & Kinds.INSTANCES ? columnIn(slot) : 0;
    if (column != 0) {
      const covered: usize = raw ? <usize>coveredBy(slot, 4) : 0;
      for (let i: u32 = 0; i < feature.instanceCount && there != Kleene.TRUE && spend(1); i++) {
        let key = load<u32>(column + (<usize>i << 2));
        if (raw && key == UNKNOWN) key = covered == 0 ? MISSING : load<u32>(covered + (<usize>i << 2));
        there = max(there, presence(key));
        rank = 2 + i;
      }
    }
  }
  count(e, name, there, rank);
}

/** Whether a name is there that has this key. */
function presence(key: u32): u32 {
  return key == MISSING ? Kleene.FALSE : key == UNKNOWN ? Kleene.UNKNOWN : Kleene.TRUE;
}

/** Whether a variable that is set stands before the facts' own attribute of `rule.matched`. */
function isVariable(name: u32): bool {
  if (!hasVariables) return false;
  for (let v = nfd.variables; is<Variable>(v) && spend(1); v = v.next) {
    if (v.state != MISSING && symbolFor(v.symbol) == name) return true;
  }
  return false;
}

/** Counts a name that is there, as far as that is known. */
function count(e: Expression, name: u32, there: u32, rank: u32): void {
  if (there == Kleene.FALSE) return;
  const holds = evaluateKey(e, name, true);
  if (holds == FAILED) {
    if (rank > failedRank || (rank == failedRank && !isBefore(name, failedName))) return;
    failedRank = rank;
    failedName = name;
    return;
  }
  value = max(value, min(there, holds));
  if (min(there, holds) == Kleene.TRUE && (firstMatch == 0 || isBefore(name, firstMatch))) firstMatch = name;
}

function isBefore(name: u32, other: u32): bool {
  const a = textOfKey(name);
  const b = textOfKey(other);
  return compareTexts(<usize>load<u32>(a), load<u32>(a, 4), <usize>load<u32>(b), load<u32>(b, 4)) < 0;
}
