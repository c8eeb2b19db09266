/** E(present, value) of docs/nfd-dialect.md: one expression and one key. */
import { evaluationError, stopEvaluation } from "../evaluate/attribute";
import { bound } from "../evaluate/bind";
import { UNKNOWN } from "../facts/facts";
import { patternMatches } from "../pattern/pattern";
import { Kleene } from "../values/range";
import { integer, readInteger } from "./atoi";
import { Expression, Failure, NfdOp } from "./program";
import { numbers, readVersion } from "./semver";
import { MISSING, OWN, VALUELESS, facts, lengthOfKey, program, textOfKey, work } from "./subject";

/** Beside Kleene's values: NFD would end here. `failure` says why, `isUnreadable` whether the key's own text is what is wrong. */
export const FAILED: u32 = 3;
export let failure: u32 = 0;
export let isUnreadable: bool = false;

function fails(why: u32, unreadable: bool = false): u32 {
  failure = why;
  isUnreadable = unreadable;
  return FAILED;
}

/** Whether the expression holds for a key that is known: TRUE, FALSE or FAILED. */
export function holdsFor(e: Expression, key: u32): u32 {
  if (e.failsAlways != 0) return fails(e.failsAlways);
  const op = e.op;
  if (op <= NfdOp.DOES_NOT_EXIST) {
    return op == NfdOp.ANY || (op == NfdOp.EXISTS) == (key != MISSING) ? Kleene.TRUE : Kleene.FALSE;
  }
  if (key == MISSING || key == VALUELESS) return Kleene.FALSE;
  if (e.failsPresent != 0) return fails(e.failsPresent);
  if (op <= NfdOp.NOT_IN) return isAmong(e, key) == (op != NfdOp.NOT_IN) ? Kleene.TRUE : Kleene.FALSE;
  const text = textOfKey(key);
  const length = lengthOfKey(key);
  if (!work(8 + (length >>> 2))) return Kleene.FALSE;
  if (op == NfdOp.IN_REGEXP) return matchesOne(e, text, length) ? Kleene.TRUE : Kleene.FALSE;
  return compares(e, text, length);
}

/** E in Kleene's sense; `hasValue`: whether the key has a value if it is there. What would be an error is unknown. */
export function kleeneOf(e: Expression, key: u32, hasValue: bool): u32 {
  const op = e.op;
  if (op == NfdOp.NULL) return Kleene.UNKNOWN;
  if (key == UNKNOWN) {
    if (op == NfdOp.ANY) return Kleene.TRUE;
    return hasValue || op <= NfdOp.DOES_NOT_EXIST ? Kleene.UNKNOWN : Kleene.FALSE;
  }
  const value = holdsFor(e, key);
  return value == FAILED ? Kleene.UNKNOWN : value;
}

/** Whether a key's value is one of an expression's. */
function isAmong(e: Expression, key: u32): bool {
  const end = e.values + ((<usize>e.count) << 2);
  if (!work(e.count)) return false;
  for (let at = e.values; at < end; at += 4) {
    const value = load<u32>(at);
    if ((key & OWN ? value | OWN : bound(program, value, facts, 0)) == key) return true;
  }
  return false;
}

function matchesOne(e: Expression, text: usize, length: u32): bool {
  const end = e.values + ((<usize>e.count) << 2);
  for (let at = e.values; at < end; at += 4) {
    const m = patternMatches(<usize>load<u32>(at), text, length);
    if (m == 1) return true;
    if (m < 0) stopEvaluation(m == -1 ? 17 : 18);
    if (evaluationError != 0) return false;
  }
  return false;
}

function compares(e: Expression, text: usize, length: u32): u32 {
  const version = e.isVersion != 0;
  if (version ? !readVersion(text, length) : !readInteger(text, length)) {
    return fails(version ? Failure.NOT_A_VERSION : Failure.NOT_A_NUMBER, true);
  }
  if (e.failsBound != 0) return fails(e.failsBound);
  const order = orderTo(e.bounds, version);
  const op = e.op;
  let holds = false;
  if (op >= NfdOp.GT_LT) {
    const upper = orderTo(e.bounds + (version ? 24 : 8), version);
    holds = op == NfdOp.GT_LT ? order > 0 && upper < 0 : order >= 0 && upper <= 0;
  } else if (op == NfdOp.GT) holds = order > 0;
  else if (op == NfdOp.GE) holds = order >= 0;
  else if (op == NfdOp.LT) holds = order < 0;
  else holds = order <= 0;
  return holds ? Kleene.TRUE : Kleene.FALSE;
}

/** How what was read last compares with a bound: less than 0, 0, or more. */
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
