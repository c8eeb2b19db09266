/** The exports of hostfit-fleet.wasm: all of hostfit.wasm, and those for fleets (docs/abi.md, "Fleets"). */
import { answered, begin, checkInput, finish, input, inputJson, refuse, scanInput } from "../abi/call";
import { clearedPair, evaluatePair, readInputCandidate } from "../abi/evaluation";
import { HandleKind, addHandle, factsOf, fleetOf, policyOf, requirementsOf, reserveHandle } from "../abi/handles";
import { putRoom } from "../answer/writer";
import { Code, fail } from "../errors";
import { Pair } from "../evaluate/verdict";
import { loadFacts } from "../facts/load";
import { Facts } from "../facts/facts";
import { Buffer, bufferTrim } from "../memory/buffer";
import { regionCreate, regionFree } from "../memory/region";
import { Program } from "../program/program";
import { assembleHost, restoreColumns } from "./assemble";
import { writeBest } from "./best";
import { cachedBytes, forgetAll } from "./cache";
import { Fleet, createFleet, hasHost, reserve } from "./fleet";
import { putHost, removeHost } from "./hosts";
import { beginQuestion, endQuestion } from "./predicate";
import { ROW_HEADER, evaluateRow, evaluateRows, wordsOf } from "./row";

export * from "../index";

/** Documents of one call for rows. */
const MAX_ROWS: u32 = 65_536;
/** Bytes of one of the best hosts. */
const RANKED: u32 = 12;

/** What hf_fleet_size can tell. */
namespace Size {
  export const HOSTS: i32 = 0;
  export const SLOTS: i32 = 1;
  export const CACHE: i32 = 2;
}

/** What a row has beside its planes. */
namespace Part {
  export const SCORES: i32 = 1;
  export const UNDETERMINED: i32 = 2;
  export const ALL: i32 = 3;
}

const scores = changetype<Buffer>(memory.data(12, 8));
const programs = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 18;

/** Makes an empty fleet: a handle, or negative. */
export function hf_fleet(): i32 {
  begin();
  if (!reserveHandle()) return refuse();
  const fleet = createFleet();
  return changetype<usize>(fleet) == 0 ? refuse() : finish(addHandle(HandleKind.FLEET, changetype<usize>(fleet)));
}

/** Puts a host into a slot, or with slot -1 into a free one: the slot, or negative. With `facts` 0 the host is in the input. */
export function hf_fleet_put(fleet: i32, slot: i32, facts: i32, length: i32): i32 {
  begin();
  const f = fleetOf(fleet);
  if (changetype<usize>(f) == 0) return refuse();
  let host = changetype<Facts>(<usize>0);
  if (facts != 0) host = factsOf(facts);
  else if (checkInput(length) && scanInput(<u32>length)) host = loadFacts(inputJson);
  if (changetype<usize>(host) == 0) return refuse();
  const taken = slot < -1 ? (fail(Code.BAD_CALL) ? 0 : -1) : putHost(f, slot, host);
  if (facts == 0) regionFree(host.region);
  return taken < 0 ? refuse() : finish(taken);
}

/** Removes the host in a slot. 0, or negative. */
export function hf_fleet_remove(fleet: i32, slot: i32): i32 {
  begin();
  const f = fleetOf(fleet);
  return changetype<usize>(f) != 0 && removeHost(f, slot) ? finish(0) : refuse();
}

/** 0 how many hosts there are, 1 how many slots, 2 bytes of evaluated tests that are kept; or negative. */
export function hf_fleet_size(fleet: i32, what: i32): i32 {
  begin();
  const f = fleetOf(fleet);
  if (changetype<usize>(f) == 0) return refuse();
  if (what == Size.HOSTS) return finish(<i32>f.hosts);
  if (what == Size.SLOTS) return finish(<i32>f.slots);
  if (what == Size.CACHE) return finish(<i32>cachedBytes(f));
  fail(Code.BAD_CALL);
  return refuse();
}

/** Forgets the evaluated tests that are kept. 0, or negative. */
export function hf_fleet_trim(fleet: i32): i32 {
  begin();
  const f = fleetOf(fleet);
  if (changetype<usize>(f) == 0) return refuse();
  forgetAll(f);
  return finish(0);
}

/** The row of a document, with a policy (or 0) and, for length > 0, the candidate in the input: 0 with the row in the result, or negative. */
export function hf_fleet_row(fleet: i32, requirements: i32, policy: i32, length: i32, parts: i32, best: i32): i32 {
  begin();
  const f = fleetOf(fleet);
  const pair = clearedPair();
  pair.program = changetype<usize>(f) == 0 ? changetype<Program>(<usize>0) : requirementsOf(requirements);
  if (changetype<usize>(pair.program) == 0) return refuse();
  if (policy != 0) {
    pair.policy = policyOf(policy);
    if (changetype<usize>(pair.policy) == 0) return refuse();
  }
  if (parts & ~Part.ALL) {
    fail(Code.BAD_CALL);
    return refuse();
  }
  if (length == 0) return answerRow(f, pair, parts, <u32>best) ? finish(0) : refuse();
  const scratch = regionCreate(4096);
  if (scratch == 0) {
    fail(Code.OUT_OF_MEMORY);
    return refuse();
  }
  const ok = readInputCandidate(scratch, <u32>length, pair) && answerRow(f, pair, parts, <u32>best);
  if (changetype<usize>(pair.candidate) != 0) regionFree(pair.candidate.region);
  regionFree(scratch);
  return ok ? finish(0) : refuse();
}

function answerRow(fleet: Fleet, pair: Pair, parts: i32, best: u32): bool {
  const words = wordsOf(fleet);
  const size = ROW_HEADER + (words << 3);
  const wantsScores = parts & Part.SCORES || best > 0;
  bufferTrim(scores, KEPT);
  if (wantsScores && !reserve(scores, words << 7)) return false;
  const row = putRoom(size);
  if (row == 0) return false;
  const address = wantsScores ? scores.address : 0;
  beginQuestion(fleet, pair.candidate, pair.platform, pair.policy);
  const ok = evaluateRow(fleet, pair.program, pair.policy, changetype<usize>(pair.candidate) != 0, row, address);
  endQuestion();
  if (!ok) return false;
  const compatible = load<u32>(row, 4);
  const undetermined = parts & Part.UNDETERMINED ? load<u32>(row, 8) : 0;
  const first = min(best, compatible);
  const second = min(best - first, undetermined);
  store<u32>(row, first + second, 16);
  const all: u32 = parts & Part.SCORES ? fleet.slots << 2 : 0;
  const more = putRoom(all + (first + second) * RANKED);
  if (more == 0) return false;
  memory.copy(more, scores.address, all);
  // What was written before has moved, maybe.
  const lower = more - (words << 3);
  const upper = lower + (words << 2);
  const at = more + all;
  if (writeBest(lower, 0, words, address, first, 2, at) < 0) return false;
  return writeBest(lower, upper, words, address, second, 1, at + first * RANKED) >= 0 && answered();
}

/** Rows for `count` documents, whose handles (u32) are the input: 0 with the rows in the result, or negative. */
export function hf_fleet_rows(fleet: i32, count: i32): i32 {
  begin();
  const f = fleetOf(fleet);
  if (changetype<usize>(f) == 0) return refuse();
  if (<u32>count > MAX_ROWS) {
    fail(Code.LIMIT);
    return refuse();
  }
  bufferTrim(programs, KEPT);
  if (!checkInput(<u32>count << 2) || !reserve(programs, <u32>count << 2)) return refuse();
  for (let i: u32 = 0; i < <u32>count; i++) {
    const program = requirementsOf(load<i32>(input.address + ((<usize>i) << 2)));
    if (changetype<usize>(program) == 0) return refuse();
    store<u32>(programs.address + ((<usize>i) << 2), <u32>changetype<usize>(program));
  }
  const size = <u64>count * (ROW_HEADER + (wordsOf(f) << 3));
  if (size > <u64>u32.MAX_VALUE) {
    fail(Code.LIMIT);
    return refuse();
  }
  const rows: usize = count == 0 ? 0 : putRoom(<u32>size);
  if (count != 0 && rows == 0) return refuse();
  const none = changetype<Facts>(<usize>0);
  beginQuestion(f, none, clearedPair().platform, clearedPair().program);
  const ok = evaluateRows(f, programs.address, <u32>count, rows);
  endQuestion();
  return ok && answered() ? finish(0) : refuse();
}

/** hf_evaluate with the host in a slot. */
export function hf_fleet_evaluate(fleet: i32, slot: i32, requirements: i32, policy: i32, length: i32): i32 {
  begin();
  const f = fleetOf(fleet);
  const pair = clearedPair();
  pair.program = changetype<usize>(f) == 0 ? changetype<Program>(<usize>0) : requirementsOf(requirements);
  if (changetype<usize>(pair.program) == 0) return refuse();
  if (policy != 0) {
    pair.policy = policyOf(policy);
    if (changetype<usize>(pair.policy) == 0) return refuse();
  }
  if (slot < 0 || !hasHost(f, <u32>slot)) {
    fail(Code.BAD_CALL);
    return refuse();
  }
  const region = regionCreate(1 << 14);
  if (region == 0) {
    fail(Code.OUT_OF_MEMORY);
    return refuse();
  }
  pair.host = assembleHost(f, <u32>slot, region);
  const value = changetype<usize>(pair.host) == 0 ? refuse() : evaluatePair(pair, <u32>length);
  restoreColumns(f);
  regionFree(region);
  return value;
}
