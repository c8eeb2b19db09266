/**
 * Which terms decided, and how they are said. A tree that was evaluated fully is gone through once, forwards: a node that is
 * chosen marks those of its children that account for its value.
 */
import { Code, fail } from "../errors";
import { leafValue, factsOf, featureIndexOf, attributeOf } from "../evaluate/condition";
import { isPartial, listed, matching, unknown } from "../evaluate/instances";
import { UNKNOWN } from "../facts/facts";
import { bound } from "../evaluate/bind";
import { Json, Kind, kindOf, memberOf, spanEnd, spanStart, textLengthOf, textOf } from "../json/tape";
import { Buffer, bufferReserve } from "../memory/buffer";
import { Mode, NONE, Op, Program, Role, documentAt, documentOf, endOf, modeOf, opOf, parentOf, programNode, rootAt, tapeOf } from "../program/program";
import { symbolLength, symbolText } from "../symbols";
import { Kleene } from "../values/range";
import { charge } from "../work";
import { putPointerString } from "./pointer";
import { put, putBoolean, putNumber, putString, putValue } from "./writer";

/** Reasons that an answer gives; what is past them is counted. */
export const MAX_REASONS: u32 = 64;

const VALUE: u32 = 3;
/** The node accounts for the answer; or, under a compatible answer, alternatives below it do. */
const CHOSEN: u32 = 4;
const ALTERNATIVES: u32 = 8;

/** Reasons that were found: program, node, root, hash, 16 bytes each. */
const found = changetype<Buffer>(memory.data(12, 8));
let written: u32 = 0;
let separator: bool = false;

export function beginReasons(): void {
  found.length = 0;
  written = 0;
  separator = false;
}

/** How many reasons were found past the cap. */
export function omittedReasons(): u32 {
  return written > MAX_REASONS ? written - MAX_REASONS : 0;
}

/** Room for one more reason; false past the cap. Writes the comma. */
export function nextReason(): bool {
  written++;
  if (written > MAX_REASONS) return false;
  if (separator) put(",");
  separator = true;
  return true;
}

@inline function valueOf(program: Program, index: u32): u32 {
  return load<u8>(program.values + index) & VALUE;
}

@inline function mark(program: Program, index: u32, how: u32): void {
  store<u8>(program.values + index, load<u8>(program.values + index) | <u8>how);
}

/** Marks of a node's children the ones that account for its value. */
function markChildren(program: Program, index: u32, how: u32): void {
  const node = programNode(program, index);
  const op = opOf(node);
  const value = valueOf(program, index);
  const end = endOf(node);
  let child = index + 1;
  if (op == Op.NOT) {
    if (how == CHOSEN) mark(program, child, how);
    return;
  }
  if (op == Op.IF) {
    const condition = valueOf(program, child);
    const then = endOf(programNode(program, child));
    const otherwise = endOf(programNode(program, then));
    mark(program, child, CHOSEN);
    if (condition != Kleene.FALSE) mark(program, then, CHOSEN);
    if (condition != Kleene.TRUE) mark(program, otherwise, CHOSEN);
    return;
  }
  const first = op == Op.ANY && value == Kleene.TRUE;
  const every = op == Op.ALL ? value == Kleene.TRUE : value == Kleene.FALSE;
  if (op == Op.ANY) how = CHOSEN;
  while (child < end) {
    if (every || valueOf(program, child) == value) {
      mark(program, child, how);
      if (first) return;
    }
    child = endOf(programNode(program, child));
  }
}

/**
 * Writes the reasons of one root, whose nodes' values are in program.values. `compatible`: only its alternatives. `policy`: the program is a policy's.
 */
export function putReasons(program: Program, root: u32, compatible: bool, policy: u32): bool {
  const start = load<u32>(rootAt(program, root), 4);
  const end = endOf(programNode(program, start));
  mark(program, start, compatible ? ALTERNATIVES : CHOSEN);
  let index = start;
  while (index < end) {
    const node = programNode(program, index);
    const marks = load<u8>(program.values + index);
    if (!charge(1)) return fail(Code.BUDGET);
    if (!(marks & (CHOSEN | ALTERNATIVES))) {
      index = endOf(node);
      continue;
    }
    if (opOf(node) <= Op.IF) {
      markChildren(program, index, marks & CHOSEN ? CHOSEN : ALTERNATIVES);
      index++;
      continue;
    }
    if (marks & CHOSEN && opOf(node) != Op.TRUE) {
      if (!putLeaf(program, index, root, policy)) return false;
    }
    index = endOf(node);
  }
  return true;
}

/** Whether a leaf says what another, found before, has said. Keeps it if not. */
function isRepeated(program: Program, index: u32, root: u32, policy: u32): bool {
  const node = programNode(program, index);
  const json = documentAt(program, documentOf(node)).json;
  const key = load<u32>(node, 8) * 31 + load<u32>(node, 12) * 131 + valueOf(program, index) + policy * 7 + opOf(node) * 17;
  const end = found.address + found.length;
  for (let at = found.address; at < end; at += 16) {
    if (load<u32>(at) != policy || load<u32>(at, 12) != key) continue;
    const otherIndex = load<u32>(at, 4);
    const other = programNode(program, otherIndex);
    if (
      load<u32>(other, 8) == load<u32>(node, 8) &&
      load<u32>(other, 12) == load<u32>(node, 12) &&
      opOf(other) == opOf(node) &&
      modeOf(other) == modeOf(node) &&
      valueOf(program, otherIndex) == valueOf(program, index) &&
      sameWanted(documentAt(program, documentOf(other)).json, tapeOf(other), json, tapeOf(node))
    ) {
      return true;
    }
    if (!charge(2)) {
      fail(Code.BUDGET);
      return true;
    }
  }
  if (found.length >= (<u32>1 << 20) * 16) return false;
  if (!bufferReserve(found, found.length + 16)) {
    fail(Code.OUT_OF_MEMORY);
    return true;
  }
  const at = found.address + found.length;
  store<u32>(at, policy);
  store<u32>(at, index, 4);
  store<u32>(at, root, 8);
  store<u32>(at, key, 12);
  found.length += 16;
  return false;
}

/** Whether two values are equal but for white space between tokens. */
function sameWanted(a: Json, aNode: u32, b: Json, bNode: u32): bool {
  let p = a.source + spanStart(a, aNode);
  let q = b.source + spanStart(b, bNode);
  const pEnd = a.source + spanEnd(a, aNode);
  const qEnd = b.source + spanEnd(b, bNode);
  let inString = false;
  while (true) {
    if (!inString) {
      while (p < pEnd && load<u8>(p) <= 0x20) p++;
      while (q < qEnd && load<u8>(q) <= 0x20) q++;
    }
    if (p >= pEnd || q >= qEnd) return p >= pEnd && q >= qEnd;
    const c = load<u8>(p);
    if (c != load<u8>(q)) return false;
    if (inString && c == 0x5c) {
      p++;
      q++;
      if (load<u8>(p) != load<u8>(q)) return false;
    } else if (c == 0x22) inString = !inString;
    p++;
    q++;
  }
}

export function putKleene(value: u32): void {
  put(value == Kleene.TRUE ? '"true"' : value == Kleene.FALSE ? '"false"' : '"unknown"');
}

function putLeaf(program: Program, index: u32, root: u32, policy: u32): bool {
  if (isRepeated(program, index, root, policy)) return true;
  if (!nextReason()) return true;
  const node = programNode(program, index);
  const document = documentAt(program, documentOf(node));
  const json = document.json;
  const op = opOf(node);
  put('{"document":');
  putString(document.id, document.idLength);
  put(',"pointer":');
  putPointerString(json, tapeOf(node));
  put(',"kind":');
  if (op == Op.FLAG) put('"flag"');
  else if (op == Op.ATTRIBUTE) put('"attribute"');
  else if (modeOf(node) == Mode.COUNT) put('"count"');
  else put('"instances"');
  put(',"value":');
  putKleene(valueOf(program, index));
  put(',"feature":');
  putSymbol(program, load<u32>(node, 8));
  put(',"name":');
  putSymbol(program, load<u32>(node, 12));
  put(',"wanted":');
  putValue(json, tapeOf(node));
  put(',"found":');
  putFound(program, index);
  putSurroundings(program, index, root);
  put("}");
  return true;
}

function putSymbol(program: Program, symbol: u32): void {
  if (symbol == 0) put("null");
  else putString(symbolText(program.symbols, symbol), symbolLength(program.symbols, symbol));
}

function putFound(program: Program, index: u32): void {
  const node = programNode(program, index);
  const value = valueOf(program, index);
  const op = opOf(node);
  if (op == Op.FLAG) {
    put(value == Kleene.TRUE ? '"present"' : value == Kleene.FALSE ? '"absent"' : "null");
    return;
  }
  const facts = factsOf(node);
  const none = changetype<usize>(facts) == 0;
  if (op == Op.INSTANCES) {
    if (!none) leafValue(program, index);
    put('{"instances":');
    putNumber(none ? 0 : listed);
    put(',"matching":');
    putNumber(none ? 0 : matching);
    put(',"unknown":');
    putNumber(none ? 0 : unknown);
    put(',"partial":');
    putBoolean(none || isPartial);
    put("}");
    return;
  }
  const feature = none ? 0 : featureIndexOf(program, node, facts);
  const name = feature == 0 ? 0 : bound(program, load<u32>(node, 12), facts, load<u32>(node, 28));
  const symbol = feature == 0 ? UNKNOWN : attributeOf(facts, feature, name);
  if (symbol == UNKNOWN) put('{"unknown":true}');
  else if (symbol == 0) put('{"absent":true}');
  else {
    if (value == Kleene.UNKNOWN) put('{"unreadable":');
    putString(symbolText(facts.symbols, symbol), symbolLength(facts.symbols, symbol));
    if (value == Kleene.UNKNOWN) put("}");
  }
}

/** Writes within, title, description, documentation and origin. */
function putSurroundings(program: Program, index: u32, root: u32): void {
  const rootRow = rootAt(program, root);
  const json = documentAt(program, load<u16>(rootRow, 2)).json;
  let within: u32 = NONE;
  let title: u32 = 0;
  let description: u32 = 0;
  let documentation: u32 = 0;
  let parent = parentOf(programNode(program, index));
  while (parent != NONE) {
    const node = programNode(program, parent);
    const op = opOf(node);
    if (op == Op.ANY && within == NONE) within = tapeOf(node);
    if (op == Op.ALL && modeOf(node) == 0 && kindOf(json, tapeOf(node)) == Kind.OBJECT) {
      if (title == 0) title = memberOf(json, tapeOf(node), "name");
      if (description == 0) description = memberOf(json, tapeOf(node), "description");
      if (documentation == 0) documentation = memberOf(json, tapeOf(node), "documentation");
    }
    parent = parentOf(node);
  }
  const role = load<u16>(rootRow);
  if (role == Role.PREFERS || role == Role.RUNTIME) {
    const item = load<u32>(rootRow, 12);
    if (title == 0) title = memberOf(json, item, "name");
    if (description == 0) description = memberOf(json, item, "description");
    if (documentation == 0) documentation = memberOf(json, item, "documentation");
  }
  if (title == 0) title = memberOf(json, 0, "name");
  if (description == 0) description = memberOf(json, 0, "description");
  if (documentation == 0) documentation = memberOf(json, 0, "documentation");
  put(',"within":');
  if (within == NONE) put("null");
  else putPointerString(json, within);
  put(',"title":');
  putText(json, title);
  put(',"description":');
  putText(json, description);
  put(',"documentation":');
  putText(json, documentation);
  put(',"origin":');
  putText(json, role == Role.INCLUDES ? load<u32>(rootRow, 16) : 0);
}

/** A string node's text, or null for 0. */
export function putText(json: Json, node: u32): void {
  if (node == 0) put("null");
  else putString(textOf(json, node), textLengthOf(json, node));
}
