/**
 * Evaluates a document of NFD's dialect. One walk serves both answers, which differ in what is seen of a feature (subject.ts) and in
 * what a key gives (holds.ts): "NFD's answer" and "The verdict's part" of docs/nfd-dialect.md.
 */
import { evaluationError } from "../evaluate/attribute";
import { UNKNOWN } from "../facts/facts";
import { Kleene } from "../values/range";
import { FAILED, evaluateKey, failsWithTemplate } from "./holds";
import { instancesValue } from "./instances";
import { nameValue } from "./names";
import { Expression, NfdOp, NfdProgram, Rule, RuleSet, Setting, Term, TermList, is, none } from "./program";
import { Kinds, OWN, attributeKey, flagKey, isAbsent, kinds, markRuled, nfd, openFeature, raw, slotOfSymbol } from "./subject";

/** *Any* over the sets, each *all* over its rules; or FAILED. */
export function walk(full: bool): u32 {
  // Every rule's variables count for later ones.
  const all = full || nfd.usesVariables != 0;
  let value = Kleene.FALSE;
  for (let set = nfd.sets; is<RuleSet>(set); set = set.next) {
    let holds = Kleene.TRUE;
    for (let rule = set.rules; is<Rule>(rule) && (all || holds != Kleene.FALSE); rule = rule.next) {
      const one = ruleValue(rule, full, all);
      if (evaluationError != 0) return Kleene.UNKNOWN;
      if (one == FAILED) {
        nfd.failedSet = set;
        nfd.failedRule = rule;
        return one;
      }
      holds = min(holds, one);
    }
    set.value = holds;
    value = max(value, holds);
    if (value == Kleene.TRUE && !full && !raw) break;
  }
  return value;
}

/** *Any* over `matchAny`, and `matchFeatures`. */
@inline function ruleValue(rule: Rule, full: bool, all: bool): u32 {
  let any = is<TermList>(rule.any) ? Kleene.FALSE : Kleene.TRUE;
  for (let list = rule.any; is<TermList>(list) && (full || any != Kleene.TRUE); list = list.next) {
    let value = listValue(list, full);
    if (raw && value == Kleene.TRUE && rule.template != 0) value = failsWithTemplate();
    if (value == FAILED) {
      nfd.failedAny = rule.anyTape;
      return value;
    }
    any = max(any, value);
  }
  rule.anyValue = any;
  let features = Kleene.TRUE;
  if (is<TermList>(rule.features) && (all || any != Kleene.FALSE)) {
    features = listValue(rule.features, full);
    if (raw && features == Kleene.TRUE && rule.template != 0 && is<Term>(rule.features.terms)) features = failsWithTemplate();
    if (features == FAILED) {
      nfd.failedAny = 0;
      return features;
    }
  }
  endRule(rule, features);
  rule.value = min(any, features);
  return rule.value;
}

/** What comes after a rule's terms: from now on `rule.matched` is there, and the rule's variables are in it. */
export function endRule(rule: Rule, features: u32): void {
  markRuled();
  if (features == Kleene.FALSE) return;
  for (let s = rule.settings; is<Setting>(s); s = s.next) {
    s.variable.state = features == Kleene.TRUE ? s.value | OWN : UNKNOWN;
  }
}

/** NFD keeps what it evaluated last in one variable for all terms of a list, and evaluates a name only if that holds. */
let last: u32 = Kleene.TRUE;

/** *All* over the terms. */
function listValue(list: TermList, full: bool): u32 {
  let value = Kleene.TRUE;
  last = Kleene.TRUE;
  for (let term = list.terms; is<Term>(term) && (full || value != Kleene.FALSE); term = term.next) {
    const holds = termValue(term, full);
    if (holds == FAILED) {
      nfd.failedTerm = term;
      return holds;
    }
    term.value = holds;
    value = min(value, holds);
  }
  list.value = value;
  return value;
}

/** One term: its expressions, and its name. For the verdict it depends on its feature alone. */
export function termValue(term: Term, full: bool): u32 {
  if (!openFeature(term)) return raw || isAbsent() ? Kleene.FALSE : Kleene.UNKNOWN;
  let holds = Kleene.TRUE;
  if (term.expressionsTape != 0) {
    holds = expressionsValue(term, full);
    term.expressionsValue = holds;
    last = holds;
  }
  const name = term.nameExpression;
  if (is<Expression>(name) && (raw ? last == Kleene.TRUE : full || holds != Kleene.FALSE)) {
    last = nameValue(name, raw && full);
    name.value = last;
    return last == FAILED ? last : min(holds, last);
  }
  return holds;
}

/** *All* over the keys, or *any* over the instances. */
@inline function expressionsValue(term: Term, full: bool): u32 {
  let value = kinds & (Kinds.FLAGS | Kinds.ATTRIBUTES) ? Kleene.TRUE : Kleene.FALSE;
  const keyed = value == Kleene.TRUE;
  for (let e = term.byName; keyed && is<Expression>(e) && (full || value != Kleene.FALSE); e = e.nextByName) {
    e.value = keyValue(e);
    if (e.value == FAILED) return FAILED;
    value = min(value, e.value);
  }
  if (kinds & Kinds.INSTANCES && (full || value != Kleene.TRUE)) value = max(value, instancesValue(term.byName, raw && full));
  return value;
}

/** One expression over the flags, then over the attributes. */
@inline function keyValue(e: Expression): u32 {
  const slot = slotOfSymbol(e.name);
  const absence = e.op == NfdOp.DOES_NOT_EXIST;
  let value = absence ? Kleene.TRUE : Kleene.FALSE;
  if (kinds & Kinds.FLAGS) {
    value = evaluateKey(e, flagKey(slot), false);
    if (value == FAILED) return value;
  }
  if (kinds & Kinds.ATTRIBUTES) {
    const other = evaluateKey(e, attributeKey(e, slot), true);
    value = absence && other != FAILED ? min(value, other) : max(value, other);
  }
  return value;
}

/** Of the sets that are true, the first of the greatest weight; nothing if there is none. After every set was evaluated. */
export function countingSet(nfd: NfdProgram): RuleSet {
  let best = none<RuleSet>();
  for (let set = nfd.sets; is<RuleSet>(set); set = set.next) {
    if (set.value == Kleene.TRUE && (!is(best) || set.weight > best.weight)) best = set;
  }
  return best;
}
