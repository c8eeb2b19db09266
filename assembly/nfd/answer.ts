/** Writes what NFD itself answers (docs/nfd-dialect.md, "The answer"). */
import { Ascii } from "../ascii";
import { putPointerString } from "../answer/pointer";
import { putText } from "../answer/reasons";
import { put, putInteger, putNumber, putString } from "../answer/writer";
import { Json } from "../json/tape";
import { DialectId, Document, Program, documentAt } from "../program/program";
import { nfdProgram } from "./evaluate";
import { answerNfd } from "./match";
import { Expression, Failure, NfdProgram, RuleSet, is } from "./program";

/** Writes the answers of all documents of the dialect, in their order. */
export function putNfdAnswers(program: Program): void {
  let first = true;
  for (let d: u32 = 0; d < program.documentCount; d++) {
    const document = documentAt(program, d);
    if (document.dialect != DialectId.NFD) continue;
    const nfd = nfdProgram(program, d);
    if (!answerNfd(program, nfd)) return;
    if (!first) put(",");
    first = false;
    putAnswer(document, nfd);
  }
}

function putAnswer(document: Document, nfd: NfdProgram): void {
  const json = document.json;
  put('{"document":');
  putString(document.id, document.idLength);
  if (nfd.failure != 0) {
    put(',"error":{"code":"');
    put(failureName(nfd.failure));
    put('","pointer":');
    putPointerString(json, failedTape(nfd));
    put("}}");
    return;
  }
  const matches = is<RuleSet>(nfd.matchedSet);
  put(matches || !is<RuleSet>(nfd.sets) ? ',"match":true,"set":' : ',"match":false,"set":');
  if (matches) putSet(json, nfd.matchedSet);
  else put("null");
  put("}");
}

function putSet(json: Json, set: RuleSet): void {
  put('{"index":');
  putNumber(set.index);
  put(',"weight":');
  putInteger(set.weight);
  put(',"tag":');
  putText(json, set.tag);
  put(',"description":');
  putText(json, set.description);
  put("}");
}

/** The tape node of the expression, or of the template, at which the answer is an error. */
export function failedTape(nfd: NfdProgram): u32 {
  return is<Expression>(nfd.failedExpression) ? nfd.failedExpression.tape : nfd.failedRule.template;
}

function failureName(failure: u32): Ascii {
  if (failure == Failure.UNKNOWN_OP) return "unknown-op";
  if (failure == Failure.VALUE_NOT_EMPTY) return "value-not-empty";
  if (failure == Failure.VALUE_EMPTY) return "value-empty";
  if (failure == Failure.VALUE_COUNT) return "value-count";
  if (failure == Failure.BAD_PATTERN) return "bad-pattern";
  if (failure == Failure.NOT_A_NUMBER) return "not-a-number";
  if (failure == Failure.NOT_A_VERSION) return "not-a-version";
  if (failure == Failure.BAD_INTERVAL) return "bad-interval";
  if (failure == Failure.BAD_TYPE) return "bad-type";
  return failure == Failure.NULL_EXPRESSION ? "null-expression" : "unsupported-template";
}
