/** Compiles an expression. Whatever is wrong in it but its types is found when it is evaluated, as NFD does. */
import { Code, failAt } from "../errors";
import { expectArray, expectObject, expectString } from "../json/expect";
import { Json, Kind, kindOf, nextOf, sizeOfContainer, textIs, textLengthOf, textOf } from "../json/tape";
import { currentJson, currentRegion, symbolAt, symbolOf, take, takeCleared } from "../program/emit";
import { patternCompile, patternError } from "../pattern/pattern";
import { integer, readInteger } from "./atoi";
import { fieldOf } from "./fields";
import { Expression, Failure, NfdOp, none } from "./program";
import { numbers, readVersion } from "./semver";

/** The texts "true" and "false", padded. */
const TRUE_TEXT: usize = memory.data<u8>([0x74, 0x72, 0x75, 0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const FALSE_TEXT: usize = memory.data<u8>([0x66, 0x61, 0x6c, 0x73, 0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** Compiles the expression at a node. Nothing, with the error recorded, if it can't. */
export function compileExpression(node: u32): Expression {
  const json = currentJson();
  const none_ = none<Expression>();
  const e = changetype<Expression>(takeCleared(offsetof<Expression>(), node));
  if (changetype<usize>(e) == 0) return none_;
  e.tape = node;
  if (kindOf(json, node) == Kind.NULL) {
    e.op = NfdOp.NULL;
    e.failsAlways = Failure.NULL_EXPRESSION;
    return e;
  }
  if (!expectObject(json, node)) return none_;
  const op = fieldOf(json, node, "op");
  const value = fieldOf(json, node, "value");
  const type = fieldOf(json, node, "type");
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (kindOf(json, key + 1) == Kind.NULL) continue;
    if (key == op || key == type) {
      if (!expectString(json, key + 1)) return none_;
    } else if (key == value && !checkValues(json, key + 1)) return none_;
  }
  e.op = opOf(json, op);
  const list = value == 0 || kindOf(json, value + 1) == Kind.NULL ? 0 : value + 1;
  const count: u32 = list == 0 ? 0 : sizeOfContainer(json, list);
  return compileOperands(json, e, list, count, type) ? e : none_;
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

/** The op that a key's value names; `op` may be 0. */
function opOf(json: Json, op: u32): u32 {
  const node = op + 1;
  if (op == 0 || kindOf(json, node) == Kind.NULL || textLengthOf(json, node) == 0) return NfdOp.ANY;
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
  if (textIs(json, node, "IsFalse")) return IS_FALSE;
  return NfdOp.OTHER;
}

/** Become NfdOp.IS. */
const IS_TRUE: u32 = 20;
const IS_FALSE: u32 = 21;

function compileOperands(json: Json, e: Expression, list: u32, count: u32, type: u32): bool {
  const op = e.op;
  if (op == NfdOp.OTHER) {
    e.failsAlways = Failure.UNKNOWN_OP;
    return true;
  }
  if (op <= NfdOp.DOES_NOT_EXIST) {
    if (count > 0) e.failsAlways = Failure.VALUE_NOT_EMPTY;
    return true;
  }
  if (op >= IS_TRUE) {
    e.op = NfdOp.IS;
    if (count > 0) e.failsPresent = Failure.VALUE_NOT_EMPTY;
    const symbol = op == IS_TRUE ? symbolOf(TRUE_TEXT, 4, e.tape) : symbolOf(FALSE_TEXT, 5, e.tape);
    return symbol != 0 && takeValues(e, 1) && setValue(e, 0, symbol);
  }
  if (op <= NfdOp.IN_REGEXP) {
    if (count == 0) e.failsPresent = Failure.VALUE_EMPTY;
    if (!takeValues(e, count)) return false;
    let i: u32 = 0;
    for (let n = list + 1; i < count; n = nextOf(json, n)) {
      const value = op == NfdOp.IN_REGEXP ? patternOf(json, e, n) : textSymbol(json, n);
      // A pattern that is bad ends the evaluation before any is matched.
      if (e.failsPresent != 0) break;
      if (value == 0) return false;
      setValue(e, i++, value);
    }
    return true;
  }
  if (count != <u32>(op >= NfdOp.GT_LT ? 2 : 1)) {
    e.failsPresent = Failure.VALUE_COUNT;
    return true;
  }
  if (type != 0 && kindOf(json, type + 1) != Kind.NULL && textLengthOf(json, type + 1) > 0) {
    if (textIs(json, type + 1, "version")) e.isVersion = 1;
    else {
      e.failsPresent = Failure.BAD_TYPE;
      return true;
    }
  }
  return compileBounds(json, e, list, count);
}

function takeValues(e: Expression, count: u32): bool {
  e.values = take(count << 2, e.tape);
  e.count = count;
  return e.values != 0;
}

@inline function setValue(e: Expression, index: u32, value: u32): bool {
  store<u32>(e.values + (<usize>index << 2), value);
  return true;
}

/** The symbol of a text, or of null: the empty one. 0 with the error recorded. */
export function textSymbol(json: Json, node: u32): u32 {
  return kindOf(json, node) == Kind.NULL ? symbolOf(FALSE_TEXT, 0, node) : symbolAt(node);
}

/** The pattern of a text; 0 with the error recorded, or with `bad-pattern` noted for when it is evaluated. */
function patternOf(json: Json, e: Expression, node: u32): u32 {
  const length: u32 = kindOf(json, node) == Kind.NULL ? 0 : textLengthOf(json, node);
  const pattern = patternCompile(currentRegion(), textOf(json, node), length);
  if (pattern == 0) {
    if (patternError == 17) failAt(Code.OUT_OF_MEMORY, node);
    else if (patternError == 18) failAt(Code.BUDGET, node);
    else e.failsPresent = Failure.BAD_PATTERN;
  }
  return <u32>pattern;
}

/** Reads what values are compared with; what can't be read is an error once a key's value was. */
function compileBounds(json: Json, e: Expression, list: u32, count: u32): bool {
  const version = e.isVersion != 0;
  const size: u32 = version ? 24 : 8;
  e.bounds = take(size * count, e.tape);
  if (e.bounds == 0) return false;
  let n = list + 1;
  for (let i: u32 = 0; i < count; i++) {
    const text = textOf(json, n);
    const length: u32 = kindOf(json, n) == Kind.NULL ? 0 : textLengthOf(json, n);
    if (version ? !readVersion(text, length) : !readInteger(text, length)) {
      e.failsBound = version ? Failure.NOT_A_VERSION : Failure.NOT_A_NUMBER;
      return true;
    }
    if (version) memory.copy(e.bounds + i * 24, numbers, 24);
    else store<i64>(e.bounds + (i << 3), integer);
    n = nextOf(json, n);
  }
  if (!version && count == 2 && load<i64>(e.bounds) >= load<i64>(e.bounds, 8)) e.failsBound = Failure.BAD_INTERVAL;
  return true;
}
