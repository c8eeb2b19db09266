/** The part of a verdict that a document of NFD's dialect decides: docs/nfd-dialect.md, "The verdict's part". */
import { hostFacts } from "../evaluate/condition";
import { Program, documentAt } from "../program/program";
import { Kleene } from "../values/range";
import { answerNfd } from "./match";
import { NfdProgram, RuleSet, is, none } from "./program";
import { beginSubject } from "./subject";
import { countingSet, walk } from "./walk";

/** The program of a document. */
export function nfdProgram(program: Program, document: u32): NfdProgram {
  return changetype<NfdProgram>(documentAt(program, document).nfd);
}

/** Value of a document of NFD's dialect. */
export function nfdValue(program: Program, document: u32): u32 {
  return evaluateNfd(program, nfdProgram(program, document), false);
}

/** The score of a document: the greatest weight among the sets that are true. */
export function nfdScore(program: Program, document: u32): i64 {
  const nfd = nfdProgram(program, document);
  const set = evaluateNfd(program, nfd, true) == Kleene.TRUE ? countingSet(nfd) : none<RuleSet>();
  return is(set) ? set.weight : 0;
}

/** The greatest score that a document can give. */
export function nfdMaxScore(program: Program, document: u32): i64 {
  return nfdProgram(program, document).maxScore;
}

/** Whether NFD's answer is an error. */
export function failsNfd(program: Program, nfd: NfdProgram): bool {
  return nfd.canFail != 0 && answerNfd(program, nfd) && nfd.failure != 0;
}

/** Value of a document. `full`: every part is evaluated and keeps its value; else what can't change the answer is passed over. */
export function evaluateNfd(program: Program, nfd: NfdProgram, full: bool): u32 {
  if (failsNfd(program, nfd)) return Kleene.UNKNOWN;
  if (!is<RuleSet>(nfd.sets)) return Kleene.TRUE;
  beginSubject(program, nfd, hostFacts(), false);
  return walk(full);
}
