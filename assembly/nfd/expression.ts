/** Compiles an expression. Whatever is wrong in it but its types is found when it is evaluated, as NFD does. */
import { asciiBytes } from "../ascii";
import { Code, failAt } from "../errors";
import { expectArray, expectObject, expectString } from "../json/expect";
import { Json, Kind, kindOf, nextOf, sizeOfContainer, textIs, textLengthOf, textOf } from "../json/tape";
import { patternCompile, patternError } from "../pattern/pattern";
import { currentJson, currentRegion, symbolAt, symbolOf, take } from "../program/emit";
import { integer, readInteger } from "./atoi";
import { fieldOf } from "./fields";
import { Expression, Failure, NfdOp, is, make, none } from "./program";
import { numbers, readVersion } from "./semver";

/** Compiles the expression at a node. Nothing, with the error recorded, if it can't. */
export function compileExpression(node: u32): Expression {
  const e = make<Expression>(node);
  if (!is(e)) return e;
  e.tape = node;
  const json = currentJson();
  if (kindOf(json, node) == Kind.NULL) {
    e.op = NfdOp.NULL;
    e.failsAlways = Failure.NULL_EXPRESSION;
    return e;
  }
  if (!expectObject(json, node)) return none<Expression>();
  const op = fieldOf(json, node, "op");
  const value = fieldOf(json, node, "value");
  const type = fieldOf(json, node, "type");
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (key == op || key == type) {
      if (!expectString(json, key + 1)) return none<Expression>();
    } else if (key == value && !checkValues(json, key + 1)) return none<Expression>();
  }
  const count: u32 = value == 0 ? 0 : sizeOfContainer(json, value + 1);
  e.op = op == 0 ? NfdOp.ANY : opOf(json, op + 1);
  return compileOperands(json, e, value + 2, count, type) ? e : none<Expression>();
}

/** A list of texts, in which null is an empty one. */
function checkValues(json: Json, list: u32): bool {
  if (!expectArray(json, list)) return false;
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    if (kindOf(json, n) != Kind.NULL && !expectString(json, n)) return false;
  }
  return true;
}

/** Become NfdOp.IS. */
const IS_TRUE: u32 = 20;
const IS_FALSE: u32 = 21;

function opOf(json: Json, node: u32): u32 {
  if (textIs(json, node, "")) return NfdOp.ANY;
  if (textIs(json, node, "Exists")) return NfdOp.EXISTS;
  if (textIs(json, node, "DoesNotExist")) return NfdOp.DOES_NOT_EXIST;
  if (textIs(json, node, "In")) return NfdOp.IN;
  if (textIs(json, node, "NotIn")) return NfdOp.NOT_IN;
  if (textIs(json, node, "InRegexp")) return NfdOp.IN_REGEXP;
  if (textIs(json, node, "Gt")) return NfdOp.GT;
  if (textIs(json, node, "Ge")) return NfdOp.GE;
  if (textIs(json, node, "Lt")) return NfdOp.LT;
  if (textIs(json, node, "Le")) return NfdOp.LE;
  if (textIs(json, node, "GtLt")) return NfdOp.GT_LT;
  if (textIs(json, node, "GeLe")) return NfdOp.GE_LE;
  if (textIs(json, node, "IsTrue")) return IS_TRUE;
  return textIs(json, node, "IsFalse") ? IS_FALSE : NfdOp.OTHER;
}

/** Compiles the `count` values from `first` on. */
function compileOperands(json: Json, e: Expression, first: u32, count: u32, type: u32): bool {
  const op = e.op;
  if (op == NfdOp.OTHER) e.failsAlways = Failure.UNKNOWN_OP;
  else if (op <= NfdOp.DOES_NOT_EXIST) {
    if (count > 0) e.failsAlways = Failure.VALUE_NOT_EMPTY;
  } else if (op >= IS_TRUE) {
    e.op = NfdOp.IS;
    if (count > 0) e.failsPresent = Failure.VALUE_NOT_EMPTY;
    const symbol = op == IS_TRUE ? symbolOf(asciiBytes("true"), 4, e.tape) : symbolOf(asciiBytes("false"), 5, e.tape);
    if (symbol == 0 || !takeValues(e, 1)) return false;
    store<u32>(e.values, symbol);
  } else if (op <= NfdOp.IN_REGEXP) {
    if (count == 0) e.failsPresent = Failure.VALUE_EMPTY;
    if (!takeValues(e, count)) return false;
    let node = first;
    for (let i: u32 = 0; i < count; i++) {
      const value = op == NfdOp.IN_REGEXP ? patternOf(json, e, node) : textSymbol(json, node);
      // A pattern that is bad ends the evaluation before any is matched.
      if (e.failsPresent != 0) break;
      if (value == 0) return false;
      store<u32>(e.values + (<usize>i << 2), value);
      node++;
    }
  } else if (count != <u32>(op >= NfdOp.GT_LT ? 2 : 1)) e.failsPresent = Failure.VALUE_COUNT;
  else {
    e.isVersion = type != 0 && textIs(json, type + 1, "version") ? 1 : 0;
    if (type == 0 || e.isVersion || textIs(json, type + 1, "")) return compileBounds(json, e, first, count);
    e.failsPresent = Failure.BAD_TYPE;
  }
  return true;
}

function takeValues(e: Expression, count: u32): bool {
  e.values = take(count << 2, e.tape);
  e.count = count;
  return e.values != 0;
}

function lengthOf(json: Json, node: u32): u32 {
  return kindOf(json, node) == Kind.NULL ? 0 : textLengthOf(json, node);
}

/** The symbol of a text, or of null: the empty one. 0 with the error recorded. */
export function textSymbol(json: Json, node: u32): u32 {
  return kindOf(json, node) == Kind.NULL ? symbolOf(textOf(json, node), 0, node) : symbolAt(node);
}

/** The pattern of a text; 0 with the error recorded, or with `bad-pattern` noted for when it is evaluated. */
function patternOf(json: Json, e: Expression, node: u32): u32 {
  const pattern = patternCompile(currentRegion(), textOf(json, node), lengthOf(json, node));
  if (pattern == 0) {
    if (patternError == 17) failAt(Code.OUT_OF_MEMORY, node);
    else if (patternError == 18) failAt(Code.BUDGET, node);
    else e.failsPresent = Failure.BAD_PATTERN;
  }
  return <u32>pattern;
}

/** Reads what values are compared with; what can't be read is an error once a key's value was. */
function compileBounds(json: Json, e: Expression, first: u32, count: u32): bool {
  const version = e.isVersion != 0;
  const size: u32 = version ? 24 : 8;
  e.bounds = take(size * count, e.tape);
  if (e.bounds == 0) return false;
  for (let i: u32 = 0; i < count; i++) {
    const text = textOf(json, first + i);
    const length = lengthOf(json, first + i);
    if (version ? !readVersion(text, length) : !readInteger(text, length)) {
      e.failsBound = version ? Failure.NOT_A_VERSION : Failure.NOT_A_NUMBER;
      return true;
    }
    if (version) memory.copy(e.bounds + i * 24, numbers, 24);
    else store<i64>(e.bounds + (i << 3), integer);
  }
  if (!version && count == 2 && load<i64>(e.bounds) >= load<i64>(e.bounds, 8)) e.failsBound = Failure.BAD_INTERVAL;
  return true;
}
