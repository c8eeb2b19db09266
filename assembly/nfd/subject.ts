/**
 * What is asked of what: the document that is being evaluated, the facts, and the feature of the term at hand. Globals of one
 * evaluation, set by beginSubject and openFeature.
 *
 * A key's value is one word:
 *
 *   0  missing   VALUELESS  there without a value (a flag)   UNKNOWN  not observed
 *   otherwise  a symbol of the facts, or with OWN one of the program (a variable's name or value)
 */
import { spend } from "../evaluate/attribute";
import { bound } from "../evaluate/bind";
import { COVERED, Facts, Feature, Observed, UNKNOWN, featureAt, featureOfSymbol, findSlot } from "../facts/facts";
import { factsInView, isViewing } from "../fleet/view";
import { Program } from "../program/program";
import { Expression, NfdProgram, Term, Variable, is } from "./program";

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
/** Whether features are taken as NFD sees them: whatever `scope`, `unknown`, `partial` and `closedWorld` say. Else as the verdict does. */
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

/** Begins an evaluation, whose work but for instances, names and long texts is charged: no rule was evaluated, no variable is set. */
export function beginSubject(ofProgram: Program, document: NfdProgram, host: Facts, asNfd: bool): void {
  program = ofProgram;
  nfd = document;
  facts = host;
  raw = asNfd;
  ruled = false;
  spend(document.work);
  for (let v = document.variables; is<Variable>(v); v = v.next) v.state = MISSING;
}

/** As beginSubject for a single term without variables, of which nothing is charged. */
export function turnSubject(ofProgram: Program, document: NfdProgram, host: Facts): void {
  program = ofProgram;
  nfd = document;
  facts = host;
  raw = false;
  ruled = false;
}

/** A rule was evaluated. */
export function markRuled(): void {
  ruled = true;
}

/** The facts' symbol for a symbol of the program, or 0. */
export function symbolFor(symbol: u32): u32 {
  return bound(program, symbol, facts, 0);
}

/** The slot of a name, a symbol of the program, under the feature. 0 if there is none. */
export function slotOfSymbol(name: u32): usize {
  const symbol = bound(program, name, facts, 0);
  return symbol == 0 || featureNumber == 0 ? 0 : findSlot(facts, featureNumber, symbol);
}

/** Turns to a term's feature. False if there is nothing of it: for NFD no kind is named, for the verdict none is observed. */
export function openFeature(term: Term): bool {
  const symbol = term.builtIn ? 0 : symbolFor(term.feature);
  featureNumber = symbol == 0 ? 0 : featureOfSymbol(facts, symbol);
  hasVariables = ruled && term.matched != 0;
  kinds = hasVariables ? Kinds.ATTRIBUTES : 0;
  factsAttributes = false;
  if (featureNumber == 0) return hasVariables;
  if (isDefined(FLEETS)) if (isViewing()) facts = factsInView(featureNumber);
  feature = featureAt(facts, featureNumber - 1);
  const observed = feature.observed;
  if (observed & Observed.FLAGS) kinds |= Kinds.FLAGS;
  if (observed & Observed.INSTANCES) kinds |= Kinds.INSTANCES;
  // An empty set is what NFD publishes after read errors: only where the world is closed it says something.
  if (observed & Observed.NFD_ATTRIBUTES && (raw || observed & (Observed.ATTRIBUTES | Observed.CLOSED))) {
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

/** The key of a flag. */
export function flagKey(slot: usize): u32 {
  const bits: u32 = slot == 0 ? 0 : load<u32>(slot, 12);
  if (bits & 1) return VALUELESS;
  return !raw && (feature.observed & Observed.SCOPED) != 0 && !(bits & 2) ? UNKNOWN : MISSING;
}

/** The key of an attribute. */
export function attributeKey(e: Expression, slot: usize): u32 {
  if (hasVariables && is<Variable>(e.variable) && e.variable.state != MISSING) return e.variable.state;
  return factsAttributes && slot != 0 ? attributeIn(slot) : MISSING;
}

/** The key of an attribute that the facts give. */
export function attributeIn(slot: usize): u32 {
  const value = load<u32>(slot, 8);
  return raw && value == UNKNOWN ? coveredBy(slot, 0) : value;
}

/** What a slot with COVERED keeps: the attribute's element, or the address of a column. 0 if there is none. */
export function coveredBy(slot: usize, offset: usize): u32 {
  const covered = findSlot(facts, featureNumber | COVERED, load<u32>(slot, 4));
  return covered == 0 ? 0 : load<u32>(covered + offset, 8);
}

/** Where the text of a key's value, or of a name, is told: { address, length }. */
export function textOfKey(key: u32): usize {
  return <usize>(key & ~OWN);
}
