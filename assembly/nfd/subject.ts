/**
 * What is asked of what: the document that is being evaluated, the facts, and the feature of the term at hand. Globals of one
 * evaluation, set by begin... and open...
 *
 * A key's value is one word:
 *
 *   0  missing   VALUELESS  there without a value (a flag)   UNKNOWN  not observed
 *   otherwise  a symbol of the facts, or with OWN one of the program (a variable's value)
 */
import { bound } from "../evaluate/bind";
import { stopEvaluation } from "../evaluate/attribute";
import { COVERED, Facts, Feature, Observed, UNKNOWN, featureAt, featureOfSymbol, findSlot } from "../facts/facts";
import { Program } from "../program/program";
import { symbolLength, symbolText } from "../symbols";
import { charge } from "../work";
import { Expression, NfdProgram, Term, is } from "./program";

export const MISSING: u32 = 0;
export const VALUELESS: u32 = 0xfffffffe;
export const OWN: u32 = 0x80000000;

/** The kinds of a feature that are there (for NFD), or observed (for the verdict). */
export namespace Kinds {
  export const FLAGS: u32 = 1;
  export const ATTRIBUTES: u32 = 2;
  export const INSTANCES: u32 = 4;
}

export let program: Program = changetype<Program>(<usize>0);
export let nfd: NfdProgram = changetype<NfdProgram>(<usize>0);
export let facts: Facts = changetype<Facts>(<usize>0);
/** Features as NFD sees them: whatever `scope`, `unknown`, `partial` and `closedWorld` say. Else as the verdict does. */
export let raw: bool = false;
/** Whether a rule was evaluated: from then on `rule.matched` is there. */
let ruled: bool = false;

/** The feature's number + 1 in the facts, or 0; then `feature` is nothing. */
export let featureNumber: u32 = 0;
export let feature: Feature = changetype<Feature>(<usize>0);
export let kinds: u32 = 0;
/** Whether the facts themselves give its attributes. */
export let factsAttributes: bool = false;
/** Whether it is `rule.matched` and there were rules. */
export let hasVariables: bool = false;

export function beginSubject(ofProgram: Program, document: NfdProgram, host: Facts, asNfd: bool): void {
  program = ofProgram;
  nfd = document;
  facts = host;
  raw = asNfd;
  ruled = false;
}

/** A rule was evaluated. */
export function markRuled(): void {
  ruled = true;
}

/** Takes work; false, with the evaluation stopped, if it is gone. */
export function work(units: u32): bool {
  if (charge(units)) return true;
  stopEvaluation(18);
  return false;
}

/** Turns to a term's feature. False if there is nothing of it: for NFD no kind is named, for the verdict none is observed. */
export function openFeature(term: Term): bool {
  const symbol = term.builtIn ? 0 : bound(program, term.feature, facts, 0);
  featureNumber = symbol == 0 ? 0 : featureOfSymbol(facts, symbol);
  hasVariables = ruled && term.matched != 0;
  kinds = hasVariables ? Kinds.ATTRIBUTES : 0;
  factsAttributes = false;
  if (featureNumber == 0) return hasVariables;
  feature = featureAt(facts, featureNumber - 1);
  const observed = feature.observed;
  if (observed & Observed.FLAGS) kinds |= Kinds.FLAGS;
  if (observed & Observed.INSTANCES) kinds |= Kinds.INSTANCES;
  // An empty set is what NFD publishes after read errors: only where the world is closed it says something.
  const wanted = Observed.ATTRIBUTES | Observed.CLOSED;
  if ((observed & Observed.NFD_ATTRIBUTES) != 0 && (raw || (observed & wanted) != 0)) {
    factsAttributes = true;
    kinds |= Kinds.ATTRIBUTES;
  }
  if (kinds != 0) return true;
  return raw && (observed & (Observed.HAS_FLAGS | Observed.HAS_ATTRIBUTES | Observed.HAS_INSTANCES)) != 0;
}

/** Whether the term's feature, of which nothing was observed, is known to be absent. */
export function isAbsent(): bool {
  return featureNumber != 0 && (feature.observed & Observed.CLOSED) != 0;
}

/** The slot of an expression's name, or 0. */
export function slotOf(e: Expression): usize {
  const name = featureNumber == 0 ? 0 : bound(program, e.name, facts, 0);
  return name == 0 ? 0 : findSlot(facts, featureNumber, name);
}

/** The key of a flag. */
export function flagKey(slot: usize): u32 {
  const bits: u32 = slot == 0 ? 0 : load<u32>(slot, 12);
  if (bits & 1) return VALUELESS;
  return !raw && (feature.observed & Observed.SCOPED) != 0 && !(bits & 2) ? UNKNOWN : MISSING;
}

/** The key of an attribute. */
export function attributeKey(e: Expression, slot: usize): u32 {
  if (hasVariables && is(e.variable) && e.variable.state != 0) return e.variable.state;
  return factsAttributes && slot != 0 ? attributeIn(slot) : MISSING;
}

/** The key of an attribute that the facts give. */
export function attributeIn(slot: usize): u32 {
  const value = load<u32>(slot, 8);
  if (!raw || value != UNKNOWN) return value;
  const covered = findSlot(facts, featureNumber | COVERED, load<u32>(slot, 4));
  return covered == 0 ? MISSING : load<u32>(covered, 8);
}

/** The values that `unknown` covers in a column of instances; 0 if it covers none. */
export function coveredColumn(name: u32): usize {
  const covered = findSlot(facts, featureNumber | COVERED, name);
  return covered == 0 ? 0 : <usize>load<u32>(covered, 12);
}

/** Text of a key's value, or of a name. */
@inline export function textOfKey(key: u32): usize {
  return key & OWN ? symbolText(program.symbols, key ^ OWN) : symbolText(facts.symbols, key);
}
@inline export function lengthOfKey(key: u32): u32 {
  return key & OWN ? symbolLength(program.symbols, key ^ OWN) : symbolLength(facts.symbols, key);
}
