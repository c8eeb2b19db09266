/** An attribute's tests against the value that facts have for it. */
import { Facts, UNKNOWN } from "../facts/facts";
import { Program, TestKind } from "../program/program";
import { patternMatches } from "../pattern/pattern";
import { symbolLength, symbolText } from "../symbols";
import { Kleene, inRange, rangeWork } from "../values/range";
import { chargeHere } from "../work";
import { bound } from "./bind";

/** Why an evaluation could not be ended; 0 if it was. See errors.ts for the codes. */
export let evaluationError: i32 = 0;

export function clearEvaluationError(): void {
  evaluationError = 0;
}

export function stopEvaluation(code: i32): void {
  if (evaluationError == 0) evaluationError = code;
}

/** Takes work from the budget; false if it is gone: then the evaluation ends. */
export function spend(units: u32): bool {
  if (chargeHere(units)) return true;
  stopEvaluation(18);
  return false;
}

/**
 * Value of a list of tests (program/tests.ts) for an attribute: `value` is 0 where it is lacking, UNKNOWN, or a symbol of
 * the facts.
 */
export function testValue(program: Program, tests: usize, facts: Facts, candidate: u32, value: u32): u32 {
  const count = load<u32>(tests);
  if (value == UNKNOWN) return Kleene.UNKNOWN;
  let result = Kleene.TRUE;
  for (let i: u32 = 0; i < count; i++) {
    const test = tests + 4 + i * 12;
    const v = testOne(program, load<u32>(test), load<u32>(test, 4), facts, candidate, value);
    if (v == Kleene.FALSE) return v;
    result = min(result, v);
  }
  return result;
}

function testOne(program: Program, kind: u32, operand: usize, facts: Facts, candidate: u32, value: u32): u32 {
  if (value == 0) return kind == TestKind.EXISTS && operand == 0 ? Kleene.TRUE : Kleene.FALSE;
  if (kind <= TestKind.NOT_IN) {
    if (!spend(load<u32>(operand))) return Kleene.UNKNOWN;
    const end = operand + 4 + ((<usize>load<u32>(operand)) << 2);
    for (let at = operand + 4; at < end; at += 4) {
      if (bound(program, load<u32>(at), facts, candidate) == value) {
        return kind == TestKind.IN ? Kleene.TRUE : Kleene.FALSE;
      }
    }
    return kind == TestKind.IN ? Kleene.FALSE : Kleene.TRUE;
  }
  if (kind == TestKind.EXISTS) return operand == 0 ? Kleene.FALSE : Kleene.TRUE;
  const text = symbolText(value);
  const length = symbolLength(value);
  if (kind == TestKind.MATCHES) {
    if (!spend(8 + (length >>> 2))) return Kleene.UNKNOWN;
    const m = patternMatches(operand, text, length);
    if (m < 0) stopEvaluation(m == -1 ? 17 : 18);
    return m == 1 ? Kleene.TRUE : m == 0 ? Kleene.FALSE : Kleene.UNKNOWN;
  }
  return spend(rangeWork(operand, length)) ? inRange(operand, kind - TestKind.VERSION, text, length) : Kleene.UNKNOWN;
}

/** Whether the value is there and some test can't read it as its type. */
export function isUnreadable(program: Program, tests: usize, facts: Facts, candidate: u32, value: u32): bool {
  if (value == 0 || value == UNKNOWN) return false;
  return testValue(program, tests, facts, candidate, value) == Kleene.UNKNOWN;
}
