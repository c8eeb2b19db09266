/** Checks of a value's type that leave an error with its place. */
import { Code, Phrase, failAt } from "../errors";
import { Json, Kind, kindOf, nextOf, sizeOfContainer } from "./tape";

export function expectObject(json: Json, node: u32): bool {
  return kindOf(json, node) == Kind.OBJECT || failAt(Code.WRONG_TYPE, node, Phrase.OBJECT);
}

export function expectArray(json: Json, node: u32): bool {
  return kindOf(json, node) == Kind.ARRAY || failAt(Code.WRONG_TYPE, node, Phrase.ARRAY);
}

export function expectString(json: Json, node: u32): bool {
  return kindOf(json, node) == Kind.STRING || failAt(Code.WRONG_TYPE, node, Phrase.STRING);
}

export function expectBoolean(json: Json, node: u32): bool {
  const kind = kindOf(json, node);
  return kind == Kind.TRUE || kind == Kind.FALSE || failAt(Code.WRONG_TYPE, node, Phrase.BOOLEAN);
}

/** A string, a number or a boolean. */
export function isScalar(json: Json, node: u32): bool {
  const kind = kindOf(json, node);
  return kind >= Kind.FALSE && kind <= Kind.STRING;
}

export function expectScalar(json: Json, node: u32): bool {
  return isScalar(json, node) || failAt(Code.WRONG_TYPE, node, Phrase.SCALAR);
}

/** A container that has something in it. */
export function expectFilled(json: Json, node: u32): bool {
  return sizeOfContainer(json, node) > 0 || failAt(Code.EMPTY, node);
}

/** An array of strings, empty or not. */
export function expectStrings(json: Json, node: u32): bool {
  if (!expectArray(json, node)) return false;
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    if (!expectString(json, n)) return false;
  }
  return true;
}

/** An object whose values are strings: annotations. */
export function expectTexts(json: Json, node: u32): bool {
  if (!expectObject(json, node)) return false;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (!expectString(json, key + 1)) return false;
  }
  return true;
}
