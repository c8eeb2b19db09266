/** Compiles lists of terms: `matchFeatures`. */
import { expectArray, expectObject, expectString } from "../json/expect";
import { Json, Kind, kindOf, nextOf, textLengthOf, textOf } from "../json/tape";
import { sameAscii } from "../json/tape";
import { currentJson, currentSymbols, symbolOf, take, takeCleared, symbolAt } from "../program/emit";
import { compileExpression } from "./expression";
import { fieldOf, lowerCase } from "./fields";
import { orderByName } from "./order";
import { Expression, NfdProgram, Term, TermList, canFail, is, none } from "./program";

/** Zeros that follow a text. */
const PADDING: u32 = 8;

/** Compiles the list at a node; 0 stands for one without terms. Nothing, with the error recorded, if it can't. */
export function compileTerms(nfd: NfdProgram, node: u32): TermList {
  const json = currentJson();
  const nothing = none<TermList>();
  const list = changetype<TermList>(takeCleared(offsetof<TermList>(), node));
  if (!is(list) || node == 0) return list;
  if (!expectArray(json, node)) return nothing;
  let last = none<Term>();
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    const term = changetype<Term>(takeCleared(offsetof<Term>(), n));
    if (!is(term) || !compileTerm(json, n, term)) return nothing;
    if (is(last)) last.next = term;
    else list.terms = term;
    last = term;
    if (termCanFail(term)) list.canFail = 1;
  }
  if (list.canFail) nfd.canFail = 1;
  return list;
}

function termCanFail(term: Term): bool {
  for (let e = term.expressions; is<Expression>(e); e = e.next) if (canFail(e)) return true;
  return is(term.nameExpression) && canFail(term.nameExpression);
}

function compileTerm(json: Json, node: u32, term: Term): bool {
  term.tape = node;
  let feature: u32 = 0;
  if (kindOf(json, node) != Kind.NULL) {
    if (!expectObject(json, node)) return false;
    feature = fieldOf(json, node, "feature");
    const expressions = fieldOf(json, node, "matchexpressions");
    const name = fieldOf(json, node, "matchname");
    const end = nextOf(json, node);
    for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
      const value = key + 1;
      if (kindOf(json, value) == Kind.NULL) {
        if (key == feature) feature = 0;
        continue;
      }
      if (key == feature) {
        if (!expectString(json, value)) return false;
      } else if (key == expressions) {
        if (!compileExpressions(json, value, term)) return false;
      } else if (key == name) {
        term.nameExpression = compileExpression(value);
        if (!is(term.nameExpression)) return false;
      }
    }
  }
  return nameFeature(json, feature == 0 ? 0 : feature + 1, term);
}

function compileExpressions(json: Json, node: u32, term: Term): bool {
  if (!expectObject(json, node)) return false;
  term.expressionsTape = node;
  let last = none<Expression>();
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const e = compileExpression(key + 1);
    if (!is(e)) return false;
    e.name = symbolAt(key);
    if (e.name == 0) return false;
    if (is(last)) last.next = e;
    else term.expressions = e;
    last = e;
  }
  term.byName = orderByName(currentSymbols(), term.expressions);
  return true;
}

/** The feature of a term, in lower case; without `node` it is empty. */
function nameFeature(json: Json, node: u32, term: Term): bool {
  const length: u32 = node == 0 ? 0 : textLengthOf(json, node);
  const text = take(length + PADDING, term.tape);
  if (text == 0) return false;
  if (length > 0) {
    const from = textOf(json, node);
    for (let i: u32 = 0; i < length; i++) store<u8>(text + i, <u8>lowerCase(load<u8>(from + i)));
  }
  store<u64>(text + length, 0);
  term.feature = symbolOf(text, length, term.tape);
  term.builtIn = sameAscii(text, length, "host.platform") ? 1 : 0;
  term.matched = sameAscii(text, length, "rule.matched") ? 1 : 0;
  return term.feature != 0;
}
