/** The part of a verdict that a document of NFD's dialect decides: docs/nfd-dialect.md, "The verdict's part". */
import { evaluationError } from "../evaluate/attribute";
import { hostFacts } from "../evaluate/condition";
import { Program, documentAt } from "../program/program";
import { Kleene } from "../values/range";
import { kleeneOf } from "./holds";
import { instancesValue } from "./instances";
import { answerNfd } from "./match";
import { nameValue } from "./names";
import { Expression, NfdOp, NfdProgram, Rule, RuleSet, Term, TermList, is } from "./program";
import {
  Kinds,
  attributeKey,
  beginSubject,
  flagKey,
  isAbsent,
  kinds,
  markRuled,
  openFeature,
  slotOf,
  work,
} from "./subject";
import { resetVariables, setVariables } from "./vars";

/** The program of a document. */
export function nfdProgram(program: Program, document: u32): NfdProgram {
  return changetype<NfdProgram>(documentAt(program, document).nfd);
}

/** Value of a document of NFD's dialect. */
export function nfdValue(program: Program, document: u32): u32 {
  return evaluateNfd(program, nfdProgram(program, document), false);
}

/** The score of a document: the greatest weight among the sets that are true. */
export function nfdScore(program: Program, document: u32): i64 {
  const nfd = nfdProgram(program, document);
  if (evaluateNfd(program, nfd, true) != Kleene.TRUE) return 0;
  const set = countingSet(nfd);
  return is(set) ? set.weight : 0;
}

/** The greatest score that a document can give. */
export function nfdMaxScore(program: Program, document: u32): i64 {
  return nfdProgram(program, document).maxScore;
}

/** Of the sets that are true, the first of the greatest weight; nothing if there is none. After a full evaluation. */
export function countingSet(nfd: NfdProgram): RuleSet {
  let best = changetype<RuleSet>(<usize>0);
  for (let set = nfd.sets; is<RuleSet>(set); set = set.next) {
    if (set.value == Kleene.TRUE && (!is(best) || set.weight > best.weight)) best = set;
  }
  return best;
}

/** Whether NFD's answer is an error. */
export function failsNfd(program: Program, nfd: NfdProgram): bool {
  return nfd.canFail != 0 && answerNfd(program, nfd, hostFacts()) && nfd.failure != 0;
}

/** Value of a document. `full`: every part is evaluated and keeps its value; else what can't change the answer is passed over. */
export function evaluateNfd(program: Program, nfd: NfdProgram, full: bool): u32 {
  if (failsNfd(program, nfd)) return Kleene.UNKNOWN;
  if (!is(nfd.sets)) return Kleene.TRUE;
  beginSubject(program, nfd, hostFacts(), false);
  resetVariables(nfd);
  // Every rule's variables count for later ones.
  const all = full || nfd.usesVariables != 0;
  let value = Kleene.FALSE;
  for (let set = nfd.sets; is<RuleSet>(set); set = set.next) {
    let holds = Kleene.TRUE;
    for (let rule = set.rules; is<Rule>(rule); rule = rule.next) {
      if (holds == Kleene.FALSE && !all) break;
      holds = min(holds, ruleValue(rule, full, all));
      if (evaluationError != 0) return Kleene.UNKNOWN;
    }
    set.value = holds;
    value = max(value, holds);
    if (value == Kleene.TRUE && !full) break;
  }
  return value;
}

function ruleValue(rule: Rule, full: bool, all: bool): u32 {
  let any = is(rule.any) ? Kleene.FALSE : Kleene.TRUE;
  for (let list = rule.any; is<TermList>(list); list = list.next) {
    any = max(any, listValue(list, full));
    if (any == Kleene.TRUE && !full) break;
  }
  rule.anyValue = any;
  let features = Kleene.TRUE;
  if (is(rule.features) && (all || any != Kleene.FALSE)) features = listValue(rule.features, full);
  endRule(rule, features);
  rule.value = min(any, features);
  return rule.value;
}

/** What comes after a rule's terms: from now on `rule.matched` is there, and the rule's variables are in it. */
export function endRule(rule: Rule, features: u32): void {
  markRuled();
  setVariables(rule, features);
}

function listValue(list: TermList, full: bool): u32 {
  let value = Kleene.TRUE;
  for (let term = list.terms; is<Term>(term); term = term.next) {
    if (!work(2)) return Kleene.UNKNOWN;
    value = min(value, termValue(term, full));
    if (value == Kleene.FALSE && !full) break;
  }
  list.value = value;
  return value;
}

function termValue(term: Term, full: bool): u32 {
  let value = Kleene.TRUE;
  if (!openFeature(term)) value = isAbsent() ? Kleene.FALSE : Kleene.UNKNOWN;
  else {
    if (term.expressionsTape != 0) {
      value = expressionsValue(term, full);
      term.expressionsValue = value;
    }
    if (is(term.nameExpression) && (full || value != Kleene.FALSE)) {
      const name = nameValue(term.nameExpression, false);
      term.nameExpression.value = name;
      value = min(value, name);
    }
  }
  term.value = value;
  return value;
}

function expressionsValue(term: Term, full: bool): u32 {
  let value = kinds & (Kinds.FLAGS | Kinds.ATTRIBUTES) ? Kleene.TRUE : Kleene.FALSE;
  if (value == Kleene.TRUE) {
    for (let e = term.expressions; is<Expression>(e); e = e.next) {
      if (!work(2)) return Kleene.UNKNOWN;
      e.value = keyValue(e);
      value = min(value, e.value);
      if (value == Kleene.FALSE && !full) break;
    }
  }
  if (kinds & Kinds.INSTANCES && value != Kleene.TRUE)
    value = max(value, instancesValue(term.expressions, false));
  return value;
}

/** One expression over the flags and the attributes. */
function keyValue(e: Expression): u32 {
  const slot = slotOf(e);
  const absence = e.op == NfdOp.DOES_NOT_EXIST;
  let value = absence ? Kleene.TRUE : Kleene.FALSE;
  if (kinds & Kinds.FLAGS) value = kleeneOf(e, flagKey(slot), false);
  if (kinds & Kinds.ATTRIBUTES) {
    const other = kleeneOf(e, attributeKey(e, slot), true);
    value = absence ? min(value, other) : max(value, other);
  }
  return value;
}
