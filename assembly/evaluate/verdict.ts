/** The verdict of one pair: platform, documents, policy and runtimes, and the score. */
import { Facts } from "../facts/facts";
import { documentAt, DialectId, NONE, Program, Role, rootAt } from "../program/program";
import { matchCrossed, matchHost, matchOpen, matchPlatform, matchValue } from "../platform/match";
import { Platform } from "../platform/platform";
import { nfdMaxScore, nfdScore, nfdValue } from "../nfd/evaluate";
import { Kleene } from "../values/range";
import { spend } from "./attribute";
import { conditionValue, setFacts } from "./condition";
import { chosenHandler, chosenRuntime, runtimesValue } from "./runtimes";

/** What is judged: the core's globals of one call. */
@unmanaged
export class Pair {
  program: Program;
  host: Facts;
  policy: Program;
  /** The candidate's own facts, or 0: no candidate takes part. */
  candidate: Facts;
  platform: Platform;
  value: u32;
  platformValue: u32;
  platformHost: u32;
  platformCrossed: u32;
  documentsValue: u32;
  policyValue: u32;
  runtimesValue: u32;
  runtime: u32;
  handler: u32;
  /** Weights of the dialect nfd may be negative. */
  score: i64;
  maxScore: i64;
  policyScore: u32;
  /** The host platforms of which one will be taken (matchOpen). */
  platforms: u64;
}

/** *All* over the requirements of a program's documents. Short-circuited. */
export function requirementsValue(program: Program): u32 {
  let value = Kleene.TRUE;
  for (let i: u32 = 0; i < program.rootCount && value != Kleene.FALSE; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) <= Role.INCLUDES) value = min(value, conditionValue(program, load<u32>(root, 4), 0));
  }
  for (let d: u32 = 0; d < program.documentCount && value != Kleene.FALSE; d++) {
    const document = documentAt(program, d);
    if (document.dialect == DialectId.NFD) value = min(value, nfdValue(program, d));
  }
  return value;
}

/** Sum of the weights of the preferences that are true. */
function scoreOf(program: Program): u32 {
  let score: u32 = 0;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.PREFERS) continue;
    if (conditionValue(program, load<u32>(root, 4), 0) == Kleene.TRUE) score += load<u32>(root, 8);
  }
  return score;
}

function maxScoreOf(program: Program): u32 {
  let score: u32 = 0;
  for (let i: u32 = 0; i < program.rootCount; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) == Role.PREFERS) score += load<u32>(root, 8);
  }
  return score;
}

/** Adds the scores of documents of the dialect nfd. */
function addNfdScores(pair: Pair): void {
  const program = pair.program;
  for (let d: u32 = 0; d < program.documentCount; d++) {
    if (documentAt(program, d).dialect != DialectId.NFD) continue;
    pair.score += nfdScore(program, d);
    pair.maxScore += nfdMaxScore(program, d);
  }
}

/** Judges a pair; the parts of the answer are left in it. A program may be 0: no documents; so may a policy. */
export function judge(pair: Pair): void {
  const program = pair.program;
  setFacts(pair.host, pair.candidate);
  pair.platformValue = Kleene.TRUE;
  pair.platformHost = NONE;
  pair.platformCrossed = 0;
  pair.platforms = 0;
  if (changetype<usize>(pair.candidate) != 0) {
    matchPlatform(pair.host, pair.platform);
    pair.platformValue = matchValue;
    pair.platformHost = matchHost;
    pair.platformCrossed = matchCrossed ? 1 : 0;
    pair.platforms = matchOpen;
  }
  pair.documentsValue = Kleene.TRUE;
  pair.runtimesValue = Kleene.TRUE;
  pair.runtime = NONE;
  pair.handler = 0;
  pair.score = 0;
  pair.maxScore = 0;
  // Each of the parts below goes through all roots.
  if (changetype<usize>(program) != 0 && spend(program.rootCount << 1)) {
    pair.documentsValue = requirementsValue(program);
    pair.runtimesValue = runtimesValue(program, pair.host, pair.policy, pair.platforms);
    pair.runtime = chosenRuntime;
    pair.handler = chosenHandler;
    pair.score = scoreOf(program);
    pair.maxScore = maxScoreOf(program);
    addNfdScores(pair);
  }
  pair.policyValue = Kleene.TRUE;
  pair.policyScore = 0;
  if (changetype<usize>(pair.policy) != 0) {
    pair.policyValue = requirementsValue(pair.policy);
    pair.policyScore = scoreOf(pair.policy);
  }
  pair.value = min(min(pair.platformValue, pair.documentsValue), min(pair.policyValue, pair.runtimesValue));
}

/** The verdict alone: no candidate, no policy, no score. */
export function decide(program: Program, host: Facts): u32 {
  if (!spend(program.rootCount)) return Kleene.UNKNOWN;
  setFacts(host, changetype<Facts>(<usize>0));
  const value = requirementsValue(program);
  if (value == Kleene.FALSE) return value;
  return min(value, runtimesValue(program, host, changetype<Program>(<usize>0), 0));
}
