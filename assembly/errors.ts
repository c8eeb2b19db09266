/**
 * What can go wrong, and the one place where the current call's error is kept. A function that fails records the error once
 * with `fail…` and returns false or 0; nothing else happens until the ABI turns it into an answer.
 */

/** Codes are part of the ABI: numbers and names never change their meaning within a major version (docs/abi.md). */
export namespace Code {
  export const NONE: i32 = 0;
  export const INVALID_JSON: i32 = 1;
  export const INVALID_UTF8: i32 = 2;
  export const DUPLICATE_KEY: i32 = 3;
  export const UNKNOWN_KEY: i32 = 4;
  export const WRONG_TYPE: i32 = 5;
  export const MISSING_KEY: i32 = 6;
  export const EMPTY: i32 = 7;
  export const BAD_VALUE: i32 = 8;
  export const BAD_RANGE: i32 = 9;
  export const BAD_PATTERN: i32 = 10;
  export const RESERVED_FEATURE: i32 = 11;
  export const UNSUPPORTED_VERSION: i32 = 12;
  export const BAD_API_VERSION: i32 = 13;
  export const TOO_DEEP: i32 = 14;
  export const TOO_LARGE: i32 = 15;
  export const LIMIT: i32 = 16;
  export const OUT_OF_MEMORY: i32 = 17;
  export const BUDGET: i32 = 18;
  export const STALE_HANDLE: i32 = 19;
  export const WRONG_HANDLE: i32 = 20;
  export const BAD_CALL: i32 = 21;
  export const UNSUPPORTED: i32 = 22;
}

/** No place: the error is not about a value of a document. */
export const NO_NODE: u32 = 0xffffffff;

let code: i32 = 0;
/** Which of the call's documents it is about. */
let document: u32 = 0;
/** The node of the document's tape, or NO_NODE: then `offset` says the place. */
let node: u32 = NO_NODE;
let offset: u32 = 0;
/** What is to be said of the place: an index into the phrases of answer/failure.ts. */
let phrase: i32 = 0;

export function clearError(): void {
  code = 0;
  document = 0;
  node = NO_NODE;
  offset = 0;
  phrase = 0;
}

export function setErrorDocument(index: u32): void {
  document = index;
}

/** Records an error at a node of the tape. The first error of a call stays. Always false. */
export function failAt(which: i32, tapeNode: u32, what: i32 = 0): bool {
  if (code == 0) {
    code = which;
    node = tapeNode;
    phrase = what;
  }
  return false;
}

/** Records an error at a byte of the document. Always false. */
export function failAtByte(which: i32, byte: u32, what: i32 = 0): bool {
  if (code == 0) {
    code = which;
    node = NO_NODE;
    offset = byte;
    phrase = what;
  }
  return false;
}

/** Records an error without a place. Always false. */
export function fail(which: i32): bool {
  return failAtByte(which, 0);
}

export function errorCode(): i32 {
  return code;
}
export function errorDocument(): u32 {
  return document;
}
export function errorNode(): u32 {
  return node;
}
export function errorOffset(): u32 {
  return offset;
}
export function errorPhrase(): i32 {
  return phrase;
}

/** What was expected at the place of an error; the texts are in answer/failure.ts. The scanner's own are below 20. */
export namespace Phrase {
  export const OBJECT: i32 = 20;
  export const ARRAY: i32 = 21;
  export const STRING: i32 = 22;
  export const BOOLEAN: i32 = 23;
  export const SCALAR: i32 = 24;
  export const INTEGER: i32 = 25;
  export const NAMES: i32 = 26;
  export const ELEMENTS: i32 = 27;
  export const CONDITION: i32 = 28;
  export const MATCHER: i32 = 29;
  export const TEST: i32 = 30;
  export const RANGE: i32 = 31;
  export const WEIGHT: i32 = 32;
  export const THEN: i32 = 33;
  export const IF: i32 = 34;
  export const FEATURE: i32 = 35;
  export const TWICE: i32 = 36;
  export const API_VERSION: i32 = 37;
  export const KIND: i32 = 38;
  export const OS: i32 = 39;
  export const ARCHITECTURE: i32 = 40;
  export const REQUIRED: i32 = 41;
  export const ON_MISSING: i32 = 42;
  export const HANDLE: i32 = 43;
  export const CELLS: i32 = 44;
  export const TERMS: i32 = 45;
  export const NFD_VERSION: i32 = 46;
}
