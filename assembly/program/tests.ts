/** Compiles the tests of an attribute (docs/language.md, "Tests"). */
import { Code, Phrase, failAt } from "../errors";
import {
  expectArray,
  expectBoolean,
  expectFilled,
  expectObject,
  expectScalar,
  expectString,
  isScalar,
} from "../json/expect";
import { Json, Kind, kindOf, nextOf, sizeOfContainer, textIs, textLengthOf, textOf } from "../json/tape";
import { patternCompile, patternError } from "../pattern/pattern";
import { compileRange, rangeError } from "../values/range";
import { currentJson, currentRegion, symbolAt, take } from "./emit";
import { TestKind } from "./program";

const TEST: u32 = 12;
/** A test object's keys: version, number, size, exists, and text's three. */
const MOST: u32 = 8;

let list: usize = 0;

/** Compiles the test at a node: address of { u32 count, tests }, or 0 with the error recorded. */
export function compileTests(node: u32): usize {
  const json = currentJson();
  list = take(4 + MOST * TEST, node);
  if (list == 0) return 0;
  store<u32>(list, 0);
  const kind = kindOf(json, node);
  const ok =
    kind == Kind.OBJECT
      ? compileParts(json, node)
      : kind == Kind.ARRAY
        ? addSet(json, TestKind.IN, node)
        : isScalar(json, node)
          ? addScalar(node)
          : failAt(Code.WRONG_TYPE, node, Phrase.TEST);
  return ok ? list : 0;
}

function add(kind: u32, operand: usize): bool {
  const count = load<u32>(list);
  const at = list + 4 + count * TEST;
  store<u32>(at, kind);
  store<u32>(at, <u32>operand, 4);
  store<u32>(at, 0, 8);
  store<u32>(list, count + 1);
  return true;
}

function addScalar(node: u32): bool {
  const set = take(8, node);
  const symbol = symbolAt(node);
  if (set == 0 || symbol == 0) return false;
  store<u32>(set, 1);
  store<u32>(set, symbol, 4);
  return add(TestKind.IN, set);
}

function addSet(json: Json, kind: u32, node: u32): bool {
  if (!expectArray(json, node) || !expectFilled(json, node)) return false;
  const count = sizeOfContainer(json, node);
  const set = take(4 + (count << 2), node);
  if (set == 0) return false;
  store<u32>(set, count);
  let at = set + 4;
  const end = nextOf(json, node);
  for (let n = node + 1; n < end; n = nextOf(json, n)) {
    if (!expectScalar(json, n)) return false;
    const symbol = symbolAt(n);
    if (symbol == 0) return false;
    store<u32>(at, symbol);
    at += 4;
  }
  return add(kind, set);
}

/** Compiles a range that stands as a string or as a number. 0 with the error recorded. */
export function compileRangeAt(json: Json, node: u32, domain: u32): usize {
  const kind = kindOf(json, node);
  if (kind != Kind.STRING && kind != Kind.NUMBER) {
    failAt(Code.WRONG_TYPE, node, Phrase.RANGE);
    return 0;
  }
  const range = compileRange(currentRegion(), textOf(json, node), textLengthOf(json, node), domain);
  if (range == 0) {
    if (rangeError == 1) failAt(Code.BAD_RANGE, node);
    else if (rangeError == 2) failAt(Code.LIMIT, node, Phrase.TERMS);
    else failAt(Code.OUT_OF_MEMORY, node);
  }
  return range;
}

function addRange(json: Json, node: u32, kind: u32): bool {
  const range = compileRangeAt(json, node, kind - TestKind.VERSION);
  return range != 0 && add(kind, range);
}

function compileParts(json: Json, node: u32): bool {
  if (!expectFilled(json, node)) return false;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    let ok = false;
    if (textIs(json, key, "version")) ok = addRange(json, value, TestKind.VERSION);
    else if (textIs(json, key, "number")) ok = addRange(json, value, TestKind.NUMBER);
    else if (textIs(json, key, "size")) ok = addRange(json, value, TestKind.SIZE);
    else if (textIs(json, key, "exists")) {
      ok = expectBoolean(json, value) && add(TestKind.EXISTS, kindOf(json, value) == Kind.TRUE ? 1 : 0);
    } else if (textIs(json, key, "text")) ok = compileText(json, value);
    else ok = failAt(Code.UNKNOWN_KEY, key);
    if (!ok) return false;
  }
  return true;
}

function compileText(json: Json, node: u32): bool {
  if (!expectObject(json, node) || !expectFilled(json, node)) return false;
  const end = nextOf(json, node);
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    let ok = false;
    if (textIs(json, key, "in")) ok = addSet(json, TestKind.IN, key + 1);
    else if (textIs(json, key, "notIn")) ok = addSet(json, TestKind.NOT_IN, key + 1);
    else if (textIs(json, key, "matches")) ok = addPattern(json, key + 1);
    else ok = failAt(Code.UNKNOWN_KEY, key);
    if (!ok) return false;
  }
  return true;
}

function addPattern(json: Json, node: u32): bool {
  if (!expectString(json, node)) return false;
  const pattern = compilePatternAt(json, node);
  return pattern != 0 && add(TestKind.MATCHES, pattern);
}

/** Compiles the pattern that a string node holds. 0 with the error recorded. */
export function compilePatternAt(json: Json, node: u32): usize {
  const pattern = patternCompile(currentRegion(), textOf(json, node), textLengthOf(json, node));
  if (pattern == 0) {
    failAt(patternFailure(patternError), node);
  }
  return pattern;
}

/** The core's code for an error of the pattern compiler. */
function patternFailure(error: i32): i32 {
  return error == 17 ? Code.OUT_OF_MEMORY : error == 18 ? Code.BUDGET : Code.BAD_PATTERN;
}
