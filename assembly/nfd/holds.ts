/** E(present, value) of docs/nfd-dialect.md: one expression and one key. */
import { evaluationError, spend, stopEvaluation } from "../evaluate/attribute";
import { UNKNOWN } from "../facts/facts";
import { patternMatches } from "../pattern/pattern";
import { Kleene } from "../values/range";
import { integer, readInteger } from "./atoi";
import { Expression, Failure, NfdOp, none } from "./program";
import { numbers, readVersion } from "./semver";
import { MISSING, OWN, VALUELESS, raw, symbolFor, textOfKey } from "./subject";

/** Beside Kleene's values: NFD ends here. `failure` and what follows say why and where. */
export const FAILED: u32 = 3;
export let failure: u32 = 0;
export let failedExpression: Expression = none<Expression>();
/** The key, if its own text is what can't be read; else MISSING. */
export let failedKey: u32 = 0;

function fails(e: Expression, why: u32, unreadable: u32): u32 {
  failure = why;
  failedExpression = e;
  failedKey = unreadable;
  return FAILED;
}

/** A rule's template would be run, which hostfit doesn't do. */
export function failsWithTemplate(): u32 {
  return fails(none<Expression>(), Failure.UNSUPPORTED_TEMPLATE, MISSING);
}

/**
 * E: for NFD true, false or FAILED; for the verdict in Kleene's sense, in which what would be an error is unknown. `hasValue`: whether
 * the key has a value if it is there. The caller charges the work of comparing it with the expression's values.
 */
export function evaluateKey(e: Expression, key: u32, hasValue: bool): u32 {
  if (!raw) {
    const op = e.op;
    if (op == NfdOp.NULL) return Kleene.UNKNOWN;
    if (key == UNKNOWN) {
      if (op == NfdOp.ANY) return Kleene.TRUE;
      return hasValue || op <= NfdOp.DOES_NOT_EXIST ? Kleene.UNKNOWN : Kleene.FALSE;
    }
  }
  const value = holdsFor(e, key);
  return value == FAILED && !raw ? Kleene.UNKNOWN : value;
}

/** A key that is known. */
@inline function holdsFor(e: Expression, key: u32): u32 {
  if (e.failsAlways != 0) return fails(e, e.failsAlways, MISSING);
  const op = e.op;
  let holds = false;
  if (op <= NfdOp.DOES_NOT_EXIST) holds = op == NfdOp.ANY || (op == NfdOp.EXISTS) == (key != MISSING);
  else if (key != MISSING && key != VALUELESS) {
    if (e.failsPresent != 0) return fails(e, e.failsPresent, MISSING);
    if (op <= NfdOp.NOT_IN) holds = isAmong(e, key) == (op != NfdOp.NOT_IN);
    else {
      const text = <usize>load<u32>(textOfKey(key));
      const length = load<u32>(textOfKey(key), 4);
      if (!spend(8 + length)) return Kleene.FALSE;
      if (op == NfdOp.IN_REGEXP) holds = matchesOne(e, text, length);
      else if (e.isVersion ? !readVersion(text, length) : !readInteger(text, length)) {
        return fails(e, e.isVersion ? Failure.NOT_A_VERSION : Failure.NOT_A_NUMBER, key);
      } else if (e.failsBound != 0) return fails(e, e.failsBound, MISSING);
      else holds = isWithin(e);
    }
  }
  return holds ? Kleene.TRUE : Kleene.FALSE;
}

/** Whether a key's value is one of an expression's. The work was charged. */
@inline function isAmong(e: Expression, key: u32): bool {
  const end = e.values + (<usize>e.count << 2);
  for (let at = e.values; at < end; at += 4) {
    const value = load<u32>(at);
    if ((key & OWN ? value | OWN : symbolFor(value)) == key) return true;
  }
  return false;
}

function matchesOne(e: Expression, text: usize, length: u32): bool {
  const end = e.values + (<usize>e.count << 2);
  for (let at = e.values; at < end && evaluationError == 0; at += 4) {
    const m = patternMatches(<usize>load<u32>(at), text, length);
    if (m == 1) return true;
    if (m < 0) stopEvaluation(m == -1 ? 17 : 18);
  }
  return false;
}

/** Whether what was read last is within the bounds. */
@inline function isWithin(e: Expression): bool {
  const version = e.isVersion != 0;
  const order = orderTo(e.bounds, version);
  const op = e.op;
  if (op == NfdOp.GT) return order > 0;
  if (op == NfdOp.GE) return order >= 0;
  if (op == NfdOp.LT) return order < 0;
  if (op == NfdOp.LE) return order <= 0;
  const upper = orderTo(e.bounds + (version ? 24 : 8), version);
  return op == NfdOp.GT_LT ? order > 0 && upper < 0 : order >= 0 && upper <= 0;
}

/** How it compares with a bound: less than 0, 0, or more. */
function orderTo(bound: usize, version: bool): i32 {
  if (!version) {
    const other = load<i64>(bound);
    return i32(integer > other) - i32(integer < other);
  }
  for (let i: usize = 0; i < 24; i += 8) {
    const number = load<u64>(numbers + i);
    const other = load<u64>(bound + i);
    if (number != other) return number < other ? -1 : 1;
  }
  return 0;
}
