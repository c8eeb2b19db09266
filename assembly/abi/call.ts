/**
 * What every export does first and last: the input, the call's budget and error, the result block.
 *
 *   result block:  0 status   4 address of the answer's bytes   8 their length   12 code   16 byte offset of an error
 */
import { putFailure } from "../answer/failure";
import { beginOutput, endOutput, outputAddress, outputLength } from "../answer/writer";
import { Code, NO_NODE, clearError, errorCode, errorNode, errorOffset, fail } from "../errors";
import { clearEvaluationError, evaluationError } from "../evaluate/attribute";
import { partialJson, scan, trimScanner } from "../json/scan";
import { Json, PADDING, spanStart } from "../json/tape";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { expose, hide } from "../memory/shadow";
import { clearFailed, failedId, failedIdLength, failedJson, freeDiscarded, setFailed } from "../program/compile";
import { beginWork, endlessWork } from "../work";

/** Bytes of one input. */
const MAX_INPUT: u32 = 64 << 20;

export const input = changetype<Buffer>(memory.data(12, 8));
export const result: usize = memory.data(32, 8);
export const inputJson = changetype<Json>(memory.data(24, 8));

/** Makes room for `length` bytes of input: their address, or 0 with the error recorded. */
export function reserveInput(length: u32): usize {
  if (length > MAX_INPUT) {
    fail(Code.TOO_LARGE);
    return 0;
  }
  if (length < 1 << 18) bufferTrim(input, 1 << 20);
  input.length = 0;
  if (!bufferReserve(input, length + PADDING)) {
    fail(Code.OUT_OF_MEMORY);
    return 0;
  }
  boundInput(length);
  return input.address;
}

/** Begins a call. */
export function begin(): void {
  clearError();
  clearFailed();
  clearEvaluationError();
  beginWork();
  beginOutput();
}

/** Whether `length` bytes of input were reserved. */
export function checkInput(length: u32): bool {
  if (input.address == 0 || length + PADDING > input.capacity || length > MAX_INPUT)
    return fail(Code.BAD_CALL);
  boundInput(length);
  return true;
}

/** Ends the input with its padding. */
function boundInput(length: u32): void {
  if (isDefined(GUARDED)) {
    expose(input.address, input.capacity);
    hide(input.address + length + PADDING, (input.address + input.capacity + 7) & ~(<usize>7));
  }
  memory.fill(input.address + length, 0, PADDING);
}

export function scanInput(length: u32): bool {
  setFailed(inputJson);
  if (scan(input.address, length, inputJson)) return true;
  partialJson(input.address, length, inputJson);
  return false;
}

/** Whether evaluation and output went through; the error is recorded if not. */
export function answered(): bool {
  if (evaluationError != 0) return fail(evaluationError);
  return endOutput();
}

/** Ends a call that went well. */
export function finish(status: i32): i32 {
  trimScanner();
  store<i32>(result, status);
  store<u32>(result, <u32>outputAddress(), 4);
  store<u32>(result, outputLength(), 8);
  store<i32>(result, 0, 12);
  store<u32>(result, 0, 16);
  return status;
}

/** Ends a call that failed: the error as JSON. */
export function refuse(): i32 {
  const code = errorCode();
  beginOutput();
  // Telling an error must work when the budget is gone: it goes through a document once at most.
  endlessWork();
  putFailure(failedJson, failedId, failedIdLength);
  const told = endOutput();
  const node = errorNode();
  const place =
    node != NO_NODE && changetype<usize>(failedJson) != 0 ? spanStart(failedJson, node) : errorOffset();
  freeDiscarded();
  if (code == Code.OUT_OF_MEMORY) {
    // What the failed call has grown would stand in the way of the next one.
    bufferTrim(input, 0);
    trimScanner(0);
  } else trimScanner();
  store<i32>(result, -1);
  store<u32>(result, told ? <u32>outputAddress() : 0, 4);
  store<u32>(result, told ? outputLength() : 0, 8);
  store<i32>(result, code, 12);
  store<u32>(result, place, 16);
  return -1;
}
