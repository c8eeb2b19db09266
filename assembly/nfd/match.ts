/** NFD's own answer: docs/nfd-dialect.md, "NFD's answer". */
import { evaluationError } from "../evaluate/attribute";
import { hostFacts } from "../evaluate/condition";
import { Program } from "../program/program";
import { FAILED, failedExpression, failedKey, failure } from "./holds";
import { NfdProgram } from "./program";
import { beginSubject } from "./subject";
import { countingSet, walk } from "./walk";

/**
 * Finds NFD's answer for a document, and leaves it there: it depends on the document and the facts alone, so it stays as long as the
 * same facts come. False if the evaluation was stopped.
 */
export function answerNfd(program: Program, nfd: NfdProgram): bool {
  const facts = hostFacts();
  if (nfd.answeredFor == facts.serial) return true;
  nfd.answeredFor = 0;
  beginSubject(program, nfd, facts, true);
  const failed = walk(nfd.canFail != 0) == FAILED;
  if (evaluationError != 0) return false;
  nfd.failure = failed ? failure : 0;
  nfd.failedExpression = failedExpression;
  nfd.unreadable = failedKey;
  nfd.matchedSet = countingSet(nfd);
  nfd.answeredFor = facts.serial;
  return true;
}
