/**
 * Which terms decided, and how they are said. A tree that was evaluated fully is gone through once, forwards: a node that is
 * chosen marks those of its children that account for its value.
 */
import { Ascii } from "../ascii";
import { Code, errorCode, fail } from "../errors";
import { leafValue, factsOf, featureIndexOf, attributeOf } from "../evaluate/condition";
import { isPartial, listed, matching, unknown } from "../evaluate/instances";
import { UNKNOWN } from "../facts/facts";
import { bound } from "../evaluate/bind";
import { Json, Kind, kindOf, memberOf, textLengthOf, textOf } from "../json/tape";
import { Mode, NONE, Op, Program, Role, documentAt, documentOf, endOf, modeOf, opOf, parentOf, programNode, rootAt, tapeOf } from "../program/program";
import { symbolLength, symbolText } from "../symbols";
import { Kleene } from "../values/range";
import { charge } from "../work";
import {
  NOT_KEPT,
  beginConstants,
  endFirstPart,
  endSecondPart,
  keepConstants,
  putFirstPart,
  putSecondPart,
  putThirdPart,
} from "./constants";
import { putPointerString } from "./pointer";
import { beginSaid, say } from "./said";
import {
  endOutput,
  outputAddress,
  outputLength,
  put,
  putBoolean,
  putNumber,
  putString,
  putValue,
  truncateOutput,
} from "./writer";

/** Reasons that an answer gives; what is past them is counted. */
export const MAX_REASONS: u32 = 64;

const VALUE: u32 = 3;
/** The node accounts for the answer; or, under a compatible answer, alternatives below it do. */
const CHOSEN: u32 = 4;
const ALTERNATIVES: u32 = 8;

let written: u32 = 0;
let start: u32 = 0;
let identity: u32 = 0;

/** Begins the reasons of an answer. False with the error recorded. */
export function beginReasons(): bool {
  written = 0;
  return beginSaid();
}

/** How many reasons were found past the cap. */
export function omittedReasons(): u32 {
  return written > MAX_REASONS ? written - MAX_REASONS : 0;
}

/** Whether the next reason is past the cap. */
export function isOnlyCounted(): bool {
  return written >= MAX_REASONS;
}

/** Begins a reason. Its document and pointer come next, then beginIdentity. */
export function beginReason(): void {
  start = outputLength();
  if (written > 0) put(",");
  put('{"document":');
}

/** What follows, up to endIdentity, says which reason it is. */
export function beginIdentity(kind: Ascii, value: u32): void {
  identity = outputLength();
  put(',"kind":"');
  put(kind);
  put('","value":');
  putKleene(value);
}

/**
 * Ends what identifies a reason: true if it is to be completed; false if it was given before or is past the cap, and then nothing of it is
 * left. `marked` tells apart what the text doesn't.
 */
export function endIdentity(marked: u32): bool {
  const isNew = endOutput() && say(outputAddress() + identity, outputLength() - identity, marked) == 1;
  if (isNew) written++;
  if (isNew && written <= MAX_REASONS) return true;
  truncateOutput(start);
  return false;
}

function valueOf(program: Program, index: u32): u32 {
  return load<u8>(program.values + index) & VALUE;
}

function mark(program: Program, index: u32, how: u32): void {
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
    mark(program, child, how);
    return;
  }
  if (op == Op.IF) {
    const condition = valueOf(program, child);
    const then = endOf(programNode(program, child));
    const otherwise = endOf(programNode(program, then));
    if (how == CHOSEN) mark(program, child, CHOSEN);
    if (condition != Kleene.FALSE) mark(program, then, CHOSEN);
    if (condition != Kleene.TRUE) mark(program, otherwise, CHOSEN);
    return;
  }
  const first = op == Op.ANY && value == Kleene.TRUE;
  const every = op == Op.ALL ? value == Kleene.TRUE : value == Kleene.FALSE;
  if (first) how = CHOSEN;
  while (child < end) {
    if (every || valueOf(program, child) == value) {
      mark(program, child, how);
      if (first) return;
    }
    child = endOf(programNode(program, child));
  }
}

/**
 * Writes the reasons of one root, whose nodes' values are in program.values. `compatible`: only its alternatives.
 */
export function putReasons(program: Program, root: u32, compatible: bool): bool {
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
      if (!putLeaf(program, index, root)) return false;
    }
    index = endOf(node);
  }
  return true;
}

export function putKleene(value: u32): void {
  put(value == Kleene.TRUE ? '"true"' : value == Kleene.FALSE ? '"false"' : '"unknown"');
}

function putLeaf(program: Program, index: u32, root: u32): bool {
  const node = programNode(program, index);
  const op = opOf(node);
  const mode = modeOf(node);
  // Finding a place takes time in proportion to what stands before it: what is only counted needs none.
  const counted = isOnlyCounted();
  const kept = counted ? 0 : constantsOf(program, index, root);
  beginReason();
  if (kept != 0) putFirstPart(kept);
  else if (!counted) putPlace(program, node);
  beginIdentity(
    op == Op.FLAG ? "flag" : op == Op.ATTRIBUTE ? "attribute" : mode == Mode.COUNT ? "count" : "instances",
    valueOf(program, index),
  );
  if (kept != 0) putSecondPart(kept);
  else putWanted(program, node);
  putFound(program, index);
  if (endIdentity(mode)) {
    if (kept != 0) putThirdPart(kept);
    else putSurroundings(program, index, root);
    put("}");
  }
  return errorCode() == 0;
}

/** What is kept of a leaf (constants.ts), or 0. */
function constantsOf(program: Program, index: u32, root: u32): usize {
  const cell = program.constants + (<usize>index << 2);
  const kept = load<u32>(cell);
  if (kept != 0) return kept == NOT_KEPT ? 0 : kept;
  beginConstants();
  putPlace(program, programNode(program, index));
  endFirstPart();
  putWanted(program, programNode(program, index));
  endSecondPart();
  putSurroundings(program, index, root);
  return keepConstants(program, cell);
}

/** The document, and the pointer in it. */
function putPlace(program: Program, node: usize): void {
  const document = documentAt(program, documentOf(node));
  putString(document.id, document.idLength);
  put(',"pointer":');
  putPointerString(document.json, tapeOf(node));
}

/** Feature, name and test; what was found comes next. */
function putWanted(program: Program, node: usize): void {
  put(',"feature":');
  putSymbol(program, load<u32>(node, 8));
  put(',"name":');
  putSymbol(program, load<u32>(node, 12));
  put(',"wanted":');
  putValue(documentAt(program, documentOf(node)).json, tapeOf(node));
  put(',"found":');
}

/** The text of a symbol, or null for 0. */
export function putSymbol(program: Program, symbol: u32): void {
  if (symbol == 0) put("null");
  else putString(symbolText(symbol), symbolLength(symbol));
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
    putString(symbolText(symbol), symbolLength(symbol));
    if (value == Kleene.UNKNOWN) put("}");
  }
}

/** Writes within, title, description, documentation and origin; `index` may be NONE: what stands in the root's item itself. */
export function putSurroundings(program: Program, index: u32, root: u32): void {
  const rootRow = rootAt(program, root);
  const json = documentAt(program, load<u16>(rootRow, 2)).json;
  let within: u32 = NONE;
  let title: u32 = 0;
  let description: u32 = 0;
  let documentation: u32 = 0;
  let parent = index == NONE ? NONE : parentOf(programNode(program, index));
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
  const item = load<u32>(rootRow, 12);
  if (role == Role.PREFERS || role == Role.RUNTIME) {
    if (title == 0) title = memberOf(json, item, "name");
    if (description == 0) description = memberOf(json, item, "description");
    if (documentation == 0) documentation = memberOf(json, item, "documentation");
  }
  if (title == 0) title = memberOf(json, 0, "name");
  if (description == 0) description = memberOf(json, 0, "description");
  if (documentation == 0) documentation = memberOf(json, 0, "documentation");
  put(',"within":');
  // The runtimes are an *any* over the entries of their list.
  if (within == NONE && role == Role.RUNTIME) put('"/runtimes"');
  else if (within == NONE) put("null");
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
