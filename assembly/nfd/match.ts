/** NFD's own answer: docs/nfd-dialect.md, "NFD's answer". Nothing is cut short where it could end in an error. */
import { evaluationError } from "../evaluate/attribute";
import { Facts } from "../facts/facts";
import { Program } from "../program/program";
import { Kleene } from "../values/range";
import { FAILED, failure, holdsFor, isUnreadable } from "./holds";
import { failedExpression, failedKey, instanceFailure, instancesHold } from "./instances";
import { failedName, nameFailure, nameHolds } from "./names";
import { Expression, Failure, NfdOp, NfdProgram, Rule, RuleSet, Term, TermList, is, none } from "./program";
import {
  Kinds,
  MISSING,
  attributeKey,
  beginSubject,
  flagKey,
  kinds,
  markRuled,
  nfd,
  openFeature,
  slotOf,
  work,
} from "./subject";
import { resetVariables, setVariables } from "./vars";

/**
 * Finds NFD's answer for a document, and leaves it there: it depends on the document and the facts alone, so it stays as long as the same
 * facts come. False if the evaluation was stopped.
 */
export function answerNfd(program: Program, document: NfdProgram, facts: Facts): bool {
  if (document.answeredFor == facts.serial) return true;
  document.answeredFor = 0;
  beginSubject(program, document, facts, true);
  resetVariables(document);
  document.failure = 0;
  document.unreadable = 0;
  document.matchedSet = none<RuleSet>();
  for (let set = document.sets; is<RuleSet>(set) && document.failure == 0; set = set.next) {
    let holds = true;
    for (let rule = set.rules; is<Rule>(rule); rule = rule.next) {
      const value = ruleHolds(rule);
      if (evaluationError != 0) return false;
      if (value == FAILED) {
        document.failedSet = set;
        document.failedRule = rule;
        break;
      }
      if (value == Kleene.FALSE) holds = false;
    }
    if (holds && (!is(document.matchedSet) || set.weight > document.matchedSet.weight))
      document.matchedSet = set;
  }
  document.answeredFor = facts.serial;
  return true;
}

/** Notes the error that the answer is. */
function stop(why: u32, term: Term, expression: Expression, unreadable: u32): u32 {
  nfd.failure = why;
  nfd.failedTerm = term;
  nfd.failedExpression = expression;
  nfd.unreadable = unreadable;
  return FAILED;
}

function ruleHolds(rule: Rule): u32 {
  let any = is(rule.any) ? Kleene.FALSE : Kleene.TRUE;
  nfd.failedAny = rule.anyTape;
  for (let list = rule.any; is<TermList>(list); list = list.next) {
    let value = termsHold(list);
    if (value == Kleene.TRUE && rule.template != 0) value = stopAtTemplate();
    if (value == FAILED) return value;
    any = max(any, value);
  }
  nfd.failedAny = 0;
  let features = Kleene.TRUE;
  if (is(rule.features)) {
    features = termsHold(rule.features);
    if (features == Kleene.TRUE && rule.template != 0 && is(rule.features.terms)) features = stopAtTemplate();
    if (features == FAILED) return features;
  }
  markRuled();
  setVariables(rule, features);
  return min(any, features);
}

function stopAtTemplate(): u32 {
  return stop(Failure.UNSUPPORTED_TEMPLATE, none<Term>(), none<Expression>(), MISSING);
}

/**
 * *All* over the terms. NFD keeps the outcome of the last term that it evaluated in one variable for all terms of a list: so after
 * a term that is false, the `matchName` of a term without `matchExpressions` isn't evaluated.
 */
function termsHold(list: TermList): u32 {
  let holds = Kleene.TRUE;
  let last = Kleene.TRUE;
  for (let term = list.terms; is<Term>(term); term = term.next) {
    if (holds == Kleene.FALSE && !list.canFail) break;
    if (!work(2)) return Kleene.FALSE;
    if (!openFeature(term)) {
      holds = Kleene.FALSE;
      continue;
    }
    if (term.expressionsTape != 0) last = expressionsHold(term);
    if (last == Kleene.TRUE && is(term.nameExpression)) {
      last = nameHolds(term.nameExpression);
      if (last == FAILED) return stop(nameFailure, term, term.nameExpression, failedName);
    }
    if (last == FAILED) return last;
    holds = min(holds, last);
  }
  return holds;
}

function expressionsHold(term: Term): u32 {
  let holds = kinds & (Kinds.FLAGS | Kinds.ATTRIBUTES) ? Kleene.TRUE : Kleene.FALSE;
  if (holds == Kleene.TRUE) {
    for (let e = term.byName; is<Expression>(e); e = e.nextByName) {
      if (!work(2)) return Kleene.FALSE;
      const value = keyHolds(term, e);
      if (value == FAILED) return value;
      holds = min(holds, value);
    }
  }
  if (kinds & Kinds.INSTANCES) {
    const value = instancesHold(term.byName);
    if (value == FAILED) return stop(instanceFailure(), term, failedExpression, failedKey);
    holds = max(holds, value);
  }
  return holds;
}

/** One expression over the flags, then over the attributes. */
function keyHolds(term: Term, e: Expression): u32 {
  const slot = slotOf(e);
  const absence = e.op == NfdOp.DOES_NOT_EXIST;
  let value = absence ? Kleene.TRUE : Kleene.FALSE;
  if (kinds & Kinds.FLAGS) {
    value = holdsFor(e, flagKey(slot));
    if (value == FAILED) return stop(failure, term, e, MISSING);
    if (absence && value == Kleene.FALSE) return value;
  }
  if (kinds & Kinds.ATTRIBUTES) {
    const key = attributeKey(e, slot);
    const other = holdsFor(e, key);
    if (other == FAILED) return stop(failure, term, e, isUnreadable ? key : MISSING);
    value = absence ? other : max(value, other);
  }
  return value;
}
