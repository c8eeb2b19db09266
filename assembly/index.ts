/**
 * The exports: docs/abi.md is their reference. All parameters and results are i32. A negative result is an error, told by the
 * result block; the instance then is as it was before the call.
 */
import { answered, begin, checkInput, finish, input, inputJson, refuse, reserveInput, result, scanInput } from "./abi/call";
import { clearedPair, evaluatePair } from "./abi/evaluation";
import {
  HandleKind,
  addHandle,
  factsOf,
  freeHandle,
  hasHandles,
  policyOf,
  requirementsOf,
  reserveHandle,
} from "./abi/handles";
import { putZeros } from "./answer/writer";
import { Code, fail } from "./errors";
import { evaluationError } from "./evaluate/attribute";
import { decide } from "./evaluate/verdict";
import { loadFacts } from "./facts/load";
import { Facts } from "./facts/facts";
import { setCacheCeiling } from "./fleet/cache";
import { setSeed } from "./hash";
import { failAllocation } from "./memory/faults";
import { pagesInUse, setCeiling } from "./memory/pages";
import { regionCreate, regionFree } from "./memory/region";
import { compileBundle } from "./program/compile";
import { compilePolicy } from "./program/policy";
import { Program } from "./program/program";
import { rank } from "./rank/rank";
import { setBudget } from "./work";

const ABI_MAJOR: i32 = 1;
const ABI_MINOR: i32 = 0;
/** Hosts of one batch. */
const MAX_BATCH: u32 = 1 << 20;

/** What a setting is about. */
namespace Setting {
  export const MEMORY: i32 = 0;
  export const WORK: i32 = 1;
  /** Of the module with fleets alone. */
  export const CACHE: i32 = 2;
}

/** ABI version: major << 16 | minor. An embedder refuses another major. */
export function hf_abi(): i32 {
  return (ABI_MAJOR << 16) | ABI_MINOR;
}

/** Address of the result block, for the instance's life. */
export function hf_result(): i32 {
  return <i32>result;
}

/** Seeds the hash. Before anything else: later, tables would be lost that were made with another seed. 0, or negative. */
export function hf_seed(a: i32, b: i32): i32 {
  if (hasHandles()) {
    begin();
    fail(Code.BAD_CALL);
    return refuse();
  }
  setSeed(<u32>a, <u32>b);
  return 0;
}

/**
 * Settings: 0 memory ceiling in bytes, 1 work budget of a call in units, of each at least 1; with fleets, 2 bytes of evaluated tests that each
 * keeps. 0, or negative.
 */
export function hf_set(setting: i32, value: i32): i32 {
  if (isDefined(FLEETS)) {
    if (value >= 0 && setting == Setting.CACHE) {
      setCacheCeiling(<u32>value);
      return 0;
    }
  }
  if (value > 0 && setting == Setting.MEMORY) setCeiling(<u32>value);
  else if (value > 0 && setting == Setting.WORK) setBudget(<u32>value);
  else {
    begin();
    fail(Code.BAD_CALL);
    return refuse();
  }
  return 0;
}

/** Bytes that are in use now. */
export function hf_memory(): i32 {
  return <i32>(pagesInUse() << 12);
}

/** Room for `length` bytes of input: its address, or negative. Write the bytes there before the call that reads them. */
export function hf_input(length: i32): i32 {
  begin();
  const address = reserveInput(<u32>length);
  return address == 0 ? refuse() : <i32>address;
}

/** Compiles the bundle of documents in the input: a requirements handle, or negative. */
export function hf_compile(length: i32): i32 {
  begin();
  if (!checkInput(length) || !reserveHandle()) return refuse();
  return made(HandleKind.REQUIREMENTS, changetype<usize>(compileBundle(input.address, <u32>length)));
}

/** Loads the host's facts in the input: a facts handle, or negative. */
export function hf_facts(length: i32): i32 {
  begin();
  if (!checkInput(length) || !reserveHandle() || !scanInput(<u32>length)) return refuse();
  return made(HandleKind.FACTS, changetype<usize>(loadFacts(inputJson)));
}

/** Loads the policy in the input: a policy handle, or negative. */
export function hf_policy(length: i32): i32 {
  begin();
  if (!checkInput(length) || !reserveHandle()) return refuse();
  return made(HandleKind.POLICY, changetype<usize>(compilePolicy(input.address, <u32>length)));
}

/** Frees a handle. 0, or negative. */
export function hf_free(handle: i32): i32 {
  begin();
  return freeHandle(handle) ? 0 : refuse();
}

/** The verdict alone: 2 compatible, 1 undetermined, 0 incompatible, or negative. No candidate, no policy. */
export function hf_decide(requirements: i32, facts: i32): i32 {
  begin();
  const program = requirementsOf(requirements);
  const host = changetype<usize>(program) == 0 ? changetype<Facts>(<usize>0) : factsOf(facts);
  if (changetype<usize>(host) == 0) return refuse();
  const value = <i32>decide(program, host);
  if (evaluationError != 0) {
    fail(evaluationError);
    return refuse();
  }
  return value;
}

/**
 * The verdicts of one requirements handle for many hosts: `count` facts handles (u32) are the input. 0 or negative; the answer is two
 * planes of bits, each of ceil(count / 32) words of 4 bytes: bit i of the first says that host i is compatible, of the second that it is
 * compatible or undetermined.
 */
export function hf_decide_many(requirements: i32, count: i32): i32 {
  begin();
  const program = requirementsOf(requirements);
  if (changetype<usize>(program) == 0) return refuse();
  if (<u32>count > MAX_BATCH) {
    fail(Code.LIMIT);
    return refuse();
  }
  if (!checkInput(<u32>count << 2)) return refuse();
  if (count == 0) return finish(0);
  const words = (<u32>count + 31) >>> 5;
  const planes = putZeros(words << 3);
  if (planes == 0) return refuse();
  for (let i: u32 = 0; i < <u32>count; i++) {
    const host = factsOf(load<i32>(input.address + ((<usize>i) << 2)));
    if (changetype<usize>(host) == 0) return refuse();
    const value = decide(program, host);
    if (evaluationError != 0) {
      fail(evaluationError);
      return refuse();
    }
    const at = planes + ((i >>> 5) << 2);
    const bit: u32 = 1 << (i & 31);
    if (value == 2) store<u32>(at, load<u32>(at) | bit);
    if (value != 0) store<u32>(at + (words << 2), load<u32>(at + (words << 2)) | bit);
  }
  return finish(0);
}

/**
 * The verdict with reasons, as JSON in the result: 2, 1 or 0 as hf_decide, or negative. `policy` may be 0. `length` bytes of the
 * input are the candidate, { "platform", "annotations" }; 0: no candidate takes part.
 */
export function hf_evaluate(requirements: i32, facts: i32, policy: i32, length: i32): i32 {
  begin();
  const pair = clearedPair();
  pair.program = requirementsOf(requirements);
  if (changetype<usize>(pair.program) == 0) return refuse();
  pair.host = factsOf(facts);
  if (changetype<usize>(pair.host) == 0) return refuse();
  if (policy != 0) {
    pair.policy = policyOf(policy);
    if (changetype<usize>(pair.policy) == 0) return refuse();
  }
  return evaluatePair(pair, <u32>length);
}

/** Ranks the candidates in the input (docs/abi.md, "Ranking") for a host: 0 with JSON in the result, or negative. `policy` may be 0. */
export function hf_rank(facts: i32, policy: i32, length: i32): i32 {
  begin();
  const host = factsOf(facts);
  if (changetype<usize>(host) == 0) return refuse();
  let rules = changetype<Program>(<usize>0);
  if (policy != 0) {
    rules = policyOf(policy);
    if (changetype<usize>(rules) == 0) return refuse();
  }
  if (!checkInput(length) || !scanInput(<u32>length)) return refuse();
  const scratch = regionCreate(16384);
  if (scratch == 0) {
    fail(Code.OUT_OF_MEMORY);
    return refuse();
  }
  const ok = rank(scratch, inputJson, host, rules) && answered();
  regionFree(scratch);
  return ok ? finish(0) : refuse();
}

/** Of a checked build: the n-th allocation from now fails. Does nothing in a release. */
export function hf_fail_allocation(n: i32): i32 {
  failAllocation(n);
  return 0;
}

/** Ends a call that made an object, or failed to (0). */
function made(kind: u32, object: usize): i32 {
  return object == 0 ? refuse() : finish(addHandle(kind, object));
}
