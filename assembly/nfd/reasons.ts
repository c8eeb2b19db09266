/** Which terms of a document decided, and how they are said: docs/nfd-dialect.md, "Reasons". */
import {
  NOT_KEPT,
  beginConstants,
  endFirstPart,
  endSecondPart,
  keepConstants,
  putFirstPart,
  putSecondPart,
  putThirdPart,
} from "../answer/constants";
import { putPointerString } from "../answer/pointer";
import { beginIdentity, beginReason, endIdentity, isOnlyCounted, putSymbol, putText } from "../answer/reasons";
import { put, putBoolean, putNumber, putString, putValue } from "../answer/writer";
import { evaluationError } from "../evaluate/attribute";
import { hostFacts } from "../evaluate/condition";
import { Observed, UNKNOWN } from "../facts/facts";
import { Document, Program, documentAt } from "../program/program";
import { Kleene } from "../values/range";
import { failedTape } from "./answer";
import { evaluateNfd, failsNfd, nfdProgram } from "./evaluate";
import { instancesValue, matching, possible } from "./instances";
import { firstMatch, nameValue } from "./names";
import { Expression, NfdProgram, Rule, RuleSet, Term, TermList, is, none } from "./program";
import {
  Kinds,
  MISSING,
  VALUELESS,
  attributeKey,
  beginSubject,
  feature,
  flagKey,
  isAbsent,
  kinds,
  openFeature,
  program,
  slotOfSymbol,
  textOfKey,
} from "./subject";
import { countingSet, endRule } from "./walk";

let document: Document = none<Document>();
let set: RuleSet = none<RuleSet>();
let rule: Rule = none<Rule>();
/** Tape node of the *any* around the terms at hand. */
let within: u32 = 0;

/** Writes the reasons of a document of NFD's dialect if its value is `value`, the whole's. */
export function putNfdReasons(ofProgram: Program, index: u32, value: u32): void {
  const nfd = nfdProgram(ofProgram, index);
  if (evaluateNfd(ofProgram, nfd, true) != value) return;
  document = documentAt(ofProgram, index);
  if (failsNfd(ofProgram, nfd)) {
    putFailedTerm(ofProgram, nfd);
    return;
  }
  // Once more from the beginning, since what is found in rule.matched depends on the place.
  beginSubject(ofProgram, nfd, hostFacts(), false);
  const counting = countingSet(nfd);
  for (set = nfd.sets; is<RuleSet>(set); set = set.next) {
    const chosen = value == Kleene.TRUE ? set == counting : set.value == value;
    for (rule = set.rules; is<Rule>(rule); rule = rule.next) {
      if (chosen && rule.value == set.value) putRule(nfd);
      endRule(rule, is<TermList>(rule.features) ? rule.features.value : Kleene.TRUE);
      if (evaluationError != 0) return;
    }
  }
}

/** A rule is *all* over its `matchAny`, which is an *any*, and its `matchFeatures`. */
function putRule(nfd: NfdProgram): void {
  const value = rule.value;
  if (is<TermList>(rule.any) && rule.anyValue == value) {
    within = rule.anyTape;
    for (let list = rule.any; is<TermList>(list); list = list.next) {
      if (list.value != value) continue;
      putTerms(list);
      if (value == Kleene.TRUE) break;
    }
  }
  within = nfd.setsTape;
  if (is<TermList>(rule.features) && rule.features.value == value) putTerms(rule.features);
}

function putTerms(list: TermList): void {
  for (let term = list.terms; is<Term>(term); term = term.next) {
    if (term.value == list.value) putTerm(term);
  }
}

function putTerm(term: Term): void {
  const value = term.value;
  if (!openFeature(term)) {
    beginLeaf(cellOf(term, offsetof<Term>("constants")), term.tape, value, term.feature, 0, term.tape);
    put(isAbsent() ? '{"absent":true}' : '{"unknown":true}');
    endLeaf();
    return;
  }
  const named = is<Expression>(term.nameExpression);
  if (term.expressionsTape == 0 && !named) {
    beginLeaf(cellOf(term, offsetof<Term>("constants")), term.tape, value, term.feature, 0, term.tape);
    put('"present"');
    endLeaf();
    return;
  }
  if (term.expressionsTape != 0 && term.expressionsValue == value) putExpressions(term);
  if (named && term.nameExpression.value == value) putName(term, term.nameExpression);
}

function putExpressions(term: Term): void {
  const value = term.expressionsValue;
  const tape = term.expressionsTape;
  if (kinds & Kinds.INSTANCES || !is<Expression>(term.expressions)) {
    beginLeaf(cellOf(term, offsetof<Term>("expressionsConstants")), tape, value, term.feature, 0, tape);
    if (kinds & Kinds.INSTANCES) {
      instancesValue(term.byName, true);
      put('{"instances":');
      putNumber(feature.instanceCount);
      put(',"matching":');
      putNumber(matching);
      put(',"unknown":');
      putNumber(possible - matching);
      put(',"partial":');
      putBoolean((feature.observed & Observed.PARTIAL) != 0);
      put("}");
    } else put('"present"');
    endLeaf();
    return;
  }
  for (let e = term.expressions; is<Expression>(e); e = e.next) {
    if (e.value != value) continue;
    beginLeaf(cellOf(e, offsetof<Expression>("constants")), e.tape, value, term.feature, e.name, e.tape);
    putFoundKey(e);
    endLeaf();
  }
}

/** The attribute's text, or the flag, or what is known of both. */
function putFoundKey(e: Expression): void {
  const slot = slotOfSymbol(e.name);
  const attribute = kinds & Kinds.ATTRIBUTES ? attributeKey(e, slot) : MISSING;
  const flag = kinds & Kinds.FLAGS ? flagKey(slot) : MISSING;
  if (attribute != MISSING && attribute != UNKNOWN) putKey(attribute);
  else if (flag == VALUELESS) put('"present"');
  else put(attribute == UNKNOWN || flag == UNKNOWN ? '{"unknown":true}' : '{"absent":true}');
}

function putName(term: Term, e: Expression): void {
  beginLeaf(cellOf(e, offsetof<Expression>("constants")), e.tape, e.value, term.feature, 0, e.tape);
  nameValue(e, true);
  if (firstMatch != 0) putKey(firstMatch);
  else put(e.value == Kleene.UNKNOWN ? '{"unknown":true}' : '{"absent":true}');
  endLeaf();
}

function putKey(key: u32): void {
  const at = textOfKey(key);
  putString(<usize>load<u32>(at), load<u32>(at, 4));
}

/** The one reason of a document whose answer is an error. */
function putFailedTerm(ofProgram: Program, nfd: NfdProgram): void {
  beginSubject(ofProgram, nfd, hostFacts(), true);
  set = nfd.failedSet;
  rule = nfd.failedRule;
  within = nfd.failedAny != 0 ? nfd.failedAny : nfd.setsTape;
  const tape = failedTape(nfd);
  const e = nfd.failedExpression;
  beginLeaf(0, tape, Kleene.UNKNOWN, is<Expression>(e) ? nfd.failedTerm.feature : 0, is<Expression>(e) ? e.name : 0, tape);
  if (nfd.unreadable == MISSING) put("null");
  else {
    put('{"unreadable":');
    putKey(nfd.unreadable);
    put("}");
  }
  endLeaf();
}

/** What is kept of the leaf at hand (answer/constants.ts), or 0. */
let kept: usize = 0;

/**
 * Writes a reason up to what was found, which comes next. Feature and name are symbols, or 0. `cell`: of answer/constants.ts, or 0.
 */
function beginLeaf(cell: usize, pointer: u32, value: u32, featureName: u32, name: u32, wanted: u32): void {
  const counted = isOnlyCounted();
  kept = cell == 0 || counted ? 0 : constantsOf(cell, pointer, featureName, name, wanted);
  beginReason();
  if (kept != 0) putFirstPart(kept);
  else if (!counted) putPlace(pointer);
  beginIdentity("nfd", value);
  if (kept != 0) putSecondPart(kept);
  else putWanted(featureName, name, wanted);
}

function constantsOf(cell: usize, pointer: u32, featureName: u32, name: u32, wanted: u32): usize {
  const known = load<u32>(cell);
  if (known != 0) return known == NOT_KEPT ? 0 : known;
  beginConstants();
  putPlace(pointer);
  endFirstPart();
  putWanted(featureName, name, wanted);
  endSecondPart();
  putSurroundings();
  return keepConstants(program, cell);
}

function putPlace(pointer: u32): void {
  putString(document.id, document.idLength);
  put(',"pointer":');
  putPointerString(document.json, pointer);
}

function putWanted(featureName: u32, name: u32, wanted: u32): void {
  put(',"feature":');
  putSymbol(program, featureName);
  put(',"name":');
  putSymbol(program, name);
  put(',"wanted":');
  putValue(document.json, wanted);
  put(',"found":');
}

function endLeaf(): void {
  if (!endIdentity(0)) return;
  if (kept != 0) putThirdPart(kept);
  else putSurroundings();
}

function putSurroundings(): void {
  put(',"within":');
  putPointerString(document.json, within);
  put(',"title":');
  putText(document.json, rule.title);
  put(',"description":');
  putText(document.json, set.description);
  put(',"documentation":null,"origin":null}');
}

@inline function cellOf<T>(node: T, field: usize): usize {
  return changetype<usize>(node) + field;
}
