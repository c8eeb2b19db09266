/** Ranks the candidates of one input for one host. */
import { checkPlatform } from "../facts/check";
import { candidateFacts } from "../facts/built-in";
import { requirementsOf } from "../abi/handles";
import { putVerdictBody, putVerdictName } from "../answer/verdict";
import { putText } from "../answer/reasons";
import { put, putBoolean, putNth, putNumber } from "../answer/writer";
import { Code, Phrase, fail, failAt } from "../errors";
import { evaluationError } from "../evaluate/attribute";
import { Pair, judge } from "../evaluate/verdict";
import { Facts } from "../facts/facts";
import { expectArray, expectBoolean, expectObject, expectString } from "../json/expect";
import {
  Json,
  Kind,
  kindOf,
  memberOf,
  nextOf,
  sizeOfContainer,
  textIs,
  textLengthOf,
  textOf,
} from "../json/tape";
import { regionAlloc, regionFree } from "../memory/region";
import { Platform, readPlatform } from "../platform/platform";
import { specificity } from "../platform/match";
import { PolicyBit } from "../program/policy";
import { DialectId, NONE, Program, documentAt } from "../program/program";
import { readUnsigned } from "../json/numeral";
import { charge } from "../work";
import { Entry, Step, entryAt, fits, orderEntries, sameGroup, stepBetween } from "./order";

/** Candidates of one ranking. */
export const MAX_CANDIDATES: u32 = 1024;

/** Whether the root is a candidate: an object with nothing but `platform` and `annotations`. */
export function checkCandidate(json: Json): bool {
  if (!expectObject(json, 0)) return false;
  const end = nextOf(json, 0);
  for (let key: u32 = 1; key < end; key = nextOf(json, key + 1)) {
    if (!textIs(json, key, "platform") && !textIs(json, key, "annotations")) return failAt(Code.UNKNOWN_KEY, key);
  }
  return true;
}

/** Reads a candidate's `platform` and `annotations` into a pair. */
export function readCandidate(region: usize, json: Json, node: u32, pair: Pair): bool {
  const platform = memberOf(json, node, "platform");
  const annotations = memberOf(json, node, "annotations");
  pair.platform = changetype<Platform>(<usize>0);
  if (platform != 0 && kindOf(json, platform) != Kind.NULL) {
    if (!checkPlatform(json, platform, false)) return false;
    pair.platform = readPlatform(region, json, platform);
    if (changetype<usize>(pair.platform) == 0) return false;
  }
  pair.candidate = candidateFacts(
    json,
    pair.platform,
    annotations != 0 && kindOf(json, annotations) == Kind.NULL ? 0 : annotations,
  );
  return changetype<usize>(pair.candidate) != 0;
}

/** The facts of candidates that the call made: freed when it ends. */
let entries: usize = 0;
let made: u32 = 0;

function freeCandidates(): void {
  for (let i: u32 = 0; i < made; i++) {
    const entry = entryAt(entries, i);
    if (changetype<usize>(entry.pair.candidate) != 0) regionFree(entry.pair.candidate.region);
  }
  made = 0;
}

/** Ranks and writes the answer. */
export function rank(region: usize, json: Json, host: Facts, policy: Program): bool {
  made = 0;
  const ok = rankAll(region, json, host, policy);
  freeCandidates();
  return ok;
}

function rankAll(region: usize, json: Json, host: Facts, policy: Program): bool {
  if (!expectObject(json, 0)) return false;
  const list = memberOf(json, 0, "candidates");
  if (list == 0) return failAt(Code.MISSING_KEY, 0, Phrase.REQUIRED);
  if (!expectArray(json, list)) return false;
  const count = sizeOfContainer(json, list);
  if (count > MAX_CANDIDATES) return failAt(Code.LIMIT, list);
  const allow = memberOf(json, 0, "allowUndetermined");
  if (allow != 0 && !expectBoolean(json, allow)) return false;
  const order = regionAlloc(region, (count + 1) << 2);
  const spare = regionAlloc(region, (count + 1) << 2);
  entries = regionAlloc(region, (count + 1) << 2);
  if (order == 0 || spare == 0 || entries == 0) return fail(Code.OUT_OF_MEMORY);
  let index: u32 = 0;
  const end = nextOf(json, list);
  for (let n = list + 1; n < end; n = nextOf(json, n)) {
    if (!addEntry(region, json, n, index++, host, policy)) return false;
  }
  let fitting: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const entry = entryAt(entries, i);
    if (fits(entry)) store<u32>(order + (fitting++ << 2), <u32>changetype<usize>(entry));
  }
  if (!charge(count * count * 4)) return fail(Code.BUDGET);
  orderEntries(order, spare, fitting);
  const undetermined =
    (allow != 0 && kindOf(json, allow) == Kind.TRUE) ||
    (changetype<usize>(policy) != 0 && (policy.policyBits & PolicyBit.ALLOW_UNDETERMINED) != 0);
  put('{"chosen":');
  if (fitting > 0 && (entryAt(order, 0).pair.value == 2 || undetermined)) putNumber(entryAt(order, 0).index);
  else put("null");
  put(',"candidates":[');
  for (let i: u32 = 0; i < fitting; i++) {
    if (i > 0) put(",");
    let step = Step.ONLY;
    if (i > 0) step = stepBetween(entryAt(order, i - 1), entryAt(order, i));
    else if (fitting > 1) step = stepBetween(entryAt(order, 0), entryAt(order, 1));
    putEntry(json, entryAt(order, i), step);
  }
  let written = fitting;
  for (let i: u32 = 0; i < count; i++) {
    const entry = entryAt(entries, i);
    if (fits(entry)) continue;
    if (written++ > 0) put(",");
    putEntry(json, entry, Step.INCOMPATIBLE);
  }
  put("]}");
  return true;
}

/** Reads and judges one candidate. */
function addEntry(region: usize, json: Json, node: u32, index: u32, host: Facts, policy: Program): bool {
  if (!expectObject(json, node)) return false;
  const entryAddress = regionAlloc(region, offsetof<Entry>());
  const pairAddress = regionAlloc(region, offsetof<Pair>());
  if (entryAddress == 0 || pairAddress == 0) return fail(Code.OUT_OF_MEMORY);
  const entry = changetype<Entry>(entryAddress);
  const pair = changetype<Pair>(pairAddress);
  entry.pair = pair;
  entry.tape = node;
  entry.index = index;
  pair.host = host;
  pair.policy = policy;
  store<u32>(entries + (made++ << 2), <u32>entryAddress);
  let requirements: u32 = 0;
  const last = nextOf(json, node);
  for (let key = node + 1; key < last; key = nextOf(json, key + 1)) {
    const value = key + 1;
    if (textIs(json, key, "id")) {
      if (!expectString(json, value)) return false;
    } else if (textIs(json, key, "author")) {
      if (!expectString(json, value)) return false;
      entry.author = textOf(json, value);
      entry.authorLength = textLengthOf(json, value);
    } else if (textIs(json, key, "requirements")) {
      if (kindOf(json, value) == Kind.NULL) continue;
      requirements = readUnsigned(json, value);
      if (requirements == 0) return failAt(Code.WRONG_TYPE, value, Phrase.HANDLE);
    } else if (!textIs(json, key, "platform") && !textIs(json, key, "annotations")) {
      return failAt(Code.UNKNOWN_KEY, key);
    }
  }
  if (memberOf(json, node, "id") == 0) return failAt(Code.MISSING_KEY, node, Phrase.REQUIRED);
  if (requirements != 0) {
    pair.program = requirementsOf(<i32>requirements);
    if (changetype<usize>(pair.program) == 0) return false;
    entry.documented = 1;
    for (let d: u32 = 0; d < pair.program.documentCount; d++) {
      entry.dialects |= documentAt(pair.program, d).dialect == DialectId.NFD ? 2 : 1;
    }
  }
  if (!readCandidate(region, json, node, pair)) return false;
  judge(pair);
  if (evaluationError != 0) return fail(evaluationError);
  // A comparison of authors with those of all candidates before.
  if (!charge(index + <u32>(((<u64>index) * entry.authorLength) >>> 2))) return fail(Code.BUDGET);
  // Where no host platform was taken there is no ladder to be high on.
  entry.specificity = pair.platformHost == NONE ? 0 : specificity(pair.platform);
  entry.group = index;
  for (let i: u32 = 0; i < index; i++) {
    if (sameGroup(entryAt(entries, i), entry)) {
      entry.group = i;
      break;
    }
  }
  return true;
}

/** The names of the steps, by their numbers. */
const STEPS = "verdict~platform~policy~documented~score~specificity~position~only~incompatible~";

function putEntry(json: Json, entry: Entry, step: u32): void {
  const pair = entry.pair;
  put('{"id":');
  putText(json, memberOf(json, entry.tape, "id"));
  put(',"index":');
  putNumber(entry.index);
  put(',"verdict":');
  putVerdictName(pair.value);
  put(',"decidedBy":"');
  putNth(STEPS, step);
  put('","policyScore":');
  putNumber(pair.policyScore);
  put(',"documented":');
  putBoolean(entry.documented != 0);
  put(",");
  putVerdictBody(pair);
  put("}");
}
