/** Compiles lists of terms: `matchFeatures`. */
import { expectArray, expectObject, expectString } from "../json/expect";
import { Json, Kind, kindOf, nextOf, sameAscii, textLengthOf, textOf } from "../json/tape";
import { currentJson, currentSymbols, symbolAt, symbolOf, take } from "../program/emit";
import { compileExpression } from "./expression";
import { fieldOf, lowerCase } from "./fields";
import { orderByName } from "./order";
import { Expression, Head, NfdProgram, Term, TermList, canFail, is, link, make, none } from "./program";

/** Zeros that follow a text. */
const PADDING: u32 = 8;

/** Compiles the list at a node; 0 stands for one without terms. Nothing, with the error recorded, if it can't. */
export function compileTerms(nfd: NfdProgram, node: u32): TermList {
  const json = currentJson();
  const list = make<TermList>(node);
  if (node == 0 || !is(list)) return list;
  if (!expectArray(json, node)) return none<TermList>();
  let at = changetype<usize>(list) + Head.TERMS;
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    const term = make<Term>(n);
    if (!is(term) || !compileTerm(json, n, term)) return none<TermList>();
    at = link(at, term);
    if (termCanFail(term)) {
      list.canFail = 1;
      nfd.canFail = 1;
    }
  }
  return list;
}

function termCanFail(term: Term): bool {
  for (let e = term.expressions; is<Expression>(e); e = e.next) if (canFail(e)) return true;
  return is<Expression>(term.nameExpression) && canFail(term.nameExpression);
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
      if (key == feature) {
        if (!expectString(json, value)) return false;
      } else if (key == expressions) {
        if (!compileExpressions(json, value, term)) return false;
      } else if (key == name) {
        term.nameExpression = compileExpression(value);
        if (!is<Expression>(term.nameExpression)) return false;
      }
    }
  }
  return nameFeature(json, feature, term);
}

function compileExpressions(json: Json, node: u32, term: Term): bool {
  if (!expectObject(json, node)) return false;
  term.expressionsTape = node;
  let at = changetype<usize>(term) + Head.EXPRESSIONS;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const e = compileExpression(key + 1);
    if (!is(e)) return false;
    e.name = symbolAt(key);
    if (e.name == 0) return false;
    at = link(at, e);
  }
  term.byName = orderByName(currentSymbols(), term.expressions);
  return true;
}

/** The feature of a term, in lower case; without the field it is empty. */
function nameFeature(json: Json, key: u32, term: Term): bool {
  const length: u32 = key == 0 ? 0 : textLengthOf(json, key + 1);
  const text = take(length + PADDING, term.tape);
  if (text == 0) return false;
  const from = textOf(json, key + 1);
  for (let i: u32 = 0; i < length; i++) store<u8>(text + i, <u8>lowerCase(load<u8>(from + i)));
  store<u64>(text + length, 0);
  term.feature = symbolOf(text, length, term.tape);
  term.builtIn = sameAscii(text, length, "host.platform") ? 1 : 0;
  term.matched = sameAscii(text, length, "rule.matched") ? 1 : 0;
  return term.feature != 0;
}
