/**
 * Compiles conditions into nodes. No recursion: what is open lies on a stack of frames, one or two for each level of the JSON,
 * whose depth the scanner bounds.
 *
 *   frame, 20 bytes:  0 what it goes through   4 next tape node   8 end   12 program node   16 feature (symbol) or a mark
 */
import { Code, Phrase, failAt } from "../errors";
import { expectArray, expectFilled, expectObject, expectString } from "../json/expect";
import { Json, Kind, kindOf, memberOf, nextOf, textIs, textLengthOf, textOf } from "../json/tape";
import { hasDot, isFeatureName, startsWith } from "../facts/name";
import { Domain } from "../values/range";
import { currentJson, emit, endNode, nodeCount, stagedNode, symbolAt } from "./emit";
import { Mode, NONE, Op } from "./program";
import { isExplanation } from "./heading";
import { compileRangeAt, compileTests } from "./tests";

/** Goes through a map of entries. Mark 1: its if/then/else were taken. */
const ENTRIES: u32 = 0;
/** Goes through a list of conditions. */
const ELEMENTS: u32 = 1;
/** Goes through the parts of a feature's matcher. */
const PARTS: u32 = 2;
/** Goes through entries over an instance's attributes; and a list of such. */
const OVER_ENTRIES: u32 = 3;
const OVER_ELEMENTS: u32 = 4;
/** Nothing but the end of a node. */
const END: u32 = 5;
/** A branch of an `if` that waits for its turn, or is missing. */
const BRANCH: u32 = 6;
const MISSING: u32 = 7;

const FRAME: u32 = 20;
/** Three frames for a level of JSON at most. */
const MAX_FRAMES: u32 = 512;
const stack: usize = memory.data(20 * 520, 8);
let depth: u32 = 0;
/** The feature whose matcher is open, if it is one of the candidate's. */
let candidateFeature: u32 = NONE;
let json: Json = changetype<Json>(<usize>0);

function push(what: u32, next: u32, end: u32, node: u32, mark: u32): bool {
  if (depth == MAX_FRAMES) return failAt(Code.TOO_DEEP, next);
  const frame = stack + depth * FRAME;
  store<u32>(frame, what);
  store<u32>(frame, next, 4);
  store<u32>(frame, end, 8);
  store<u32>(frame, node, 12);
  store<u32>(frame, mark, 16);
  depth++;
  return true;
}

/** Compiles the condition at a tape node; its root's index, or NONE with the error recorded. */
export function compileCondition(tape: u32): u32 {
  json = currentJson();
  depth = 0;
  const root = nodeCount();
  if (!openCondition(tape, NONE)) return NONE;
  while (depth > 0) {
    const frame = stack + (depth - 1) * FRAME;
    const what = load<u32>(frame);
    const next = load<u32>(frame, 4);
    const node = load<u32>(frame, 12);
    if (what >= END) {
      depth--;
      if (what == END) endNode(node);
      else if (what == MISSING) {
        if (emit(Op.TRUE, 0, next, node) == NONE) return NONE;
      } else if (!openCondition(next, node)) return NONE;
      continue;
    }
    if (next >= load<u32>(frame, 8)) {
      depth--;
      endNode(node);
      if (what == ENTRIES && nodeCount() == node + 1) {
        failAt(Code.EMPTY, load<u32>(stagedNode(node), 20), Phrase.CONDITION);
        return NONE;
      }
      continue;
    }
    let ok = false;
    if (what == ELEMENTS || what == OVER_ELEMENTS) {
      store<u32>(frame, nextOf(json, next), 4);
      ok = what == ELEMENTS ? openCondition(next, node) : openOver(next, node);
    } else {
      store<u32>(frame, nextOf(json, next + 1), 4);
      if (what == ENTRIES) ok = entry(frame, next, node);
      else if (what == PARTS) ok = part(next, node, load<u32>(frame, 16));
      else ok = overEntry(next, node);
    }
    if (!ok) return NONE;
  }
  return root;
}

/** Opens a condition: a map or a list. */
function openCondition(tape: u32, parent: u32): bool {
  const kind = kindOf(json, tape);
  if (kind != Kind.OBJECT && kind != Kind.ARRAY) return failAt(Code.WRONG_TYPE, tape, Phrase.CONDITION);
  if (!expectFilled(json, tape)) return false;
  const node = emit(Op.ALL, 0, tape, parent);
  return (
    node != NONE && push(kind == Kind.OBJECT ? ENTRIES : ELEMENTS, tape + 1, nextOf(json, tape), node, 0)
  );
}

/** One entry of a condition's map. */
function entry(frame: usize, key: u32, node: u32): bool {
  const value = key + 1;
  if (textIs(json, key, "all")) return openCondition(value, node);
  if (textIs(json, key, "any")) {
    if (!expectArray(json, value) || !expectFilled(json, value)) return false;
    const any = emit(Op.ANY, 0, value, node);
    return any != NONE && push(ELEMENTS, value + 1, nextOf(json, value), any, 0);
  }
  if (textIs(json, key, "not")) {
    const not = emit(Op.NOT, 0, value, node);
    return not != NONE && push(END, 0, 0, not, 0) && openCondition(value, not);
  }
  if (textIs(json, key, "if") || textIs(json, key, "then") || textIs(json, key, "else")) {
    if (load<u32>(frame, 16) == 1) return true;
    store<u32>(frame, 1, 16);
    return conditional(key, load<u32>(stagedNode(node), 20), node);
  }
  if (isExplanation(json, key)) return expectString(json, value);
  const p = textOf(json, key);
  const length = textLengthOf(json, key);
  if (!hasDot(p, length)) return failAt(Code.UNKNOWN_KEY, key);
  if (!isFeatureName(p, length)) return failAt(Code.BAD_VALUE, key, Phrase.FEATURE);
  return openMatcher(key, value, node);
}

/** if/then/else of one map: its children stand in this order, whatever the map's. */
function conditional(key: u32, map: u32, parent: u32): bool {
  const condition = memberOf(json, map, "if");
  const then = memberOf(json, map, "then");
  const otherwise = memberOf(json, map, "else");
  if (condition == 0) return failAt(Code.BAD_VALUE, key, Phrase.IF);
  if (then == 0 && otherwise == 0) return failAt(Code.MISSING_KEY, map, Phrase.THEN);
  const node = emit(Op.IF, 0, condition, parent);
  if (node == NONE) return false;
  if (!push(END, 0, 0, node, 0)) return false;
  if (!push(otherwise == 0 ? MISSING : BRANCH, otherwise == 0 ? map : otherwise, 0, node, 0)) return false;
  if (!push(then == 0 ? MISSING : BRANCH, then == 0 ? map : then, 0, node, 0)) return false;
  return push(BRANCH, condition, 0, node, 0);
}

/** Opens a feature's matcher: a list of flags, or a map of parts. */
function openMatcher(key: u32, value: u32, parent: u32): bool {
  const p = textOf(json, key);
  const length = textLengthOf(json, key);
  if (startsWith(p, length, "host.") && !textIs(json, key, "host.platform"))
    return failAt(Code.RESERVED_FEATURE, key);
  const candidate = startsWith(p, length, "candidate.");
  if (candidate && !textIs(json, key, "candidate.platform") && !textIs(json, key, "candidate.annotations")) {
    return failAt(Code.RESERVED_FEATURE, key);
  }
  const kind = kindOf(json, value);
  if (kind != Kind.OBJECT && kind != Kind.ARRAY) return failAt(Code.WRONG_TYPE, value, Phrase.MATCHER);
  if (!expectFilled(json, value)) return false;
  const feature = symbolAt(key);
  if (feature == 0) return false;
  candidateFeature = candidate ? feature : NONE;
  if (kind == Kind.ARRAY) return flagList(value, Op.ALL, feature, parent);
  const node = emit(Op.ALL, Mode.MATCHER, value, parent);
  return node != NONE && push(PARTS, value + 1, nextOf(json, value), node, feature);
}

/** Says on a leaf which name of which feature it is about. */
function lookIn(node: u32, feature: u32, name: u32): void {
  const at = stagedNode(node);
  store<u32>(at, feature, 8);
  store<u32>(at, name, 12);
  store<u32>(at, feature == candidateFeature ? 1 : 0, 28);
}

/** A list of flags under one ALL or ANY. */
function flagList(value: u32, op: u32, feature: u32, parent: u32): bool {
  const list = emit(op, Mode.FLAGS, value, parent);
  if (list == NONE) return false;
  const end = nextOf(json, value);
  for (let n = value + 1; n < end; n = nextOf(json, n)) {
    if (!expectString(json, n)) return false;
    if (!flag(n, feature, list)) return false;
  }
  endNode(list);
  return true;
}

function flag(tape: u32, feature: u32, parent: u32): bool {
  const name = symbolAt(tape);
  const node = emit(Op.FLAG, 0, tape, parent);
  if (name == 0 || node == NONE) return false;
  lookIn(node, feature, name);
  return true;
}

/** One part of a matcher. */
function part(key: u32, parent: u32, feature: u32): bool {
  const value = key + 1;
  if (textIs(json, key, "flags")) return flags(value, parent, feature);
  if (textIs(json, key, "attributes")) return attributes(value, parent, feature);
  if (textIs(json, key, "some")) return instances(Mode.SOME, value, value, parent, feature);
  if (textIs(json, key, "every")) return instances(Mode.EVERY, value, value, parent, feature);
  if (textIs(json, key, "none")) return instances(Mode.NO, value, value, parent, feature);
  if (textIs(json, key, "count")) return count(value, parent, feature);
  return attribute(key, parent, feature);
}

function attribute(key: u32, parent: u32, feature: u32): bool {
  const name = symbolAt(key);
  const node = emit(Op.ATTRIBUTE, 0, key + 1, parent);
  if (name == 0 || node == NONE) return false;
  const tests = compileTests(key + 1);
  if (tests == 0) return false;
  lookIn(node, feature, name);
  store<u32>(stagedNode(node), <u32>tests, 16);
  return true;
}

/** The long form: a map of attributes. */
function attributes(value: u32, parent: u32, feature: u32): bool {
  if (!expectObject(json, value) || !expectFilled(json, value)) return false;
  const end = nextOf(json, value);
  for (let key = value + 1; key < end; key = nextOf(json, key + 1)) {
    if (!attribute(key, parent, feature)) return false;
  }
  return true;
}

function flags(value: u32, parent: u32, feature: u32): bool {
  if (!expectObject(json, value) || !expectFilled(json, value)) return false;
  const end = nextOf(json, value);
  for (let key = value + 1; key < end; key = nextOf(json, key + 1)) {
    const all = textIs(json, key, "all");
    const any = textIs(json, key, "any");
    if (!all && !any && !textIs(json, key, "none")) return failAt(Code.UNKNOWN_KEY, key);
    const list = key + 1;
    if (!expectArray(json, list) || !expectFilled(json, list)) return false;
    if (all || any) {
      if (!flagList(list, all ? Op.ALL : Op.ANY, feature, parent)) return false;
      continue;
    }
    for (let n = list + 1; n < nextOf(json, list); n = nextOf(json, n)) {
      if (!expectString(json, n)) return false;
      const not = emit(Op.NOT, 0, n, parent);
      if (not == NONE || !flag(n, feature, not)) return false;
      endNode(not);
    }
  }
  return true;
}

/** some, every, none: `over` is the condition, `tape` what stands at the node's pointer. */
function instances(mode: u32, over: u32, tape: u32, parent: u32, feature: u32): bool {
  const node = emit(Op.INSTANCES, mode, tape, parent);
  if (node == NONE) return false;
  lookIn(node, feature, 0);
  return push(END, 0, 0, node, 0) && openOver(over, node);
}

function count(value: u32, parent: u32, feature: u32): bool {
  if (!expectObject(json, value) || !expectFilled(json, value)) return false;
  const end = nextOf(json, value);
  let over: u32 = 0;
  let is: u32 = 0;
  for (let key = value + 1; key < end; key = nextOf(json, key + 1)) {
    if (textIs(json, key, "of")) over = key + 1;
    else if (textIs(json, key, "is")) is = key + 1;
    else return failAt(Code.UNKNOWN_KEY, key);
  }
  if (is == 0) return failAt(Code.MISSING_KEY, value, Phrase.RANGE);
  const node = emit(Op.INSTANCES, Mode.COUNT, value, parent);
  if (node == NONE) return false;
  const range = compileRangeAt(json, is, Domain.NUMBER);
  if (range == 0) return false;
  lookIn(node, feature, 0);
  store<u32>(stagedNode(node), <u32>range, 16);
  return over == 0 || (push(END, 0, 0, node, 0) && openOver(over, node));
}

/** Opens a condition over an instance's attributes. */
function openOver(tape: u32, parent: u32): bool {
  const kind = kindOf(json, tape);
  if (kind != Kind.OBJECT && kind != Kind.ARRAY) return failAt(Code.WRONG_TYPE, tape, Phrase.CONDITION);
  if (!expectFilled(json, tape)) return false;
  const node = emit(Op.ALL, 0, tape, parent);
  return (
    node != NONE &&
    push(kind == Kind.OBJECT ? OVER_ENTRIES : OVER_ELEMENTS, tape + 1, nextOf(json, tape), node, 0)
  );
}

function overEntry(key: u32, parent: u32): bool {
  const value = key + 1;
  if (textIs(json, key, "all")) return openOver(value, parent);
  if (textIs(json, key, "any")) {
    if (!expectArray(json, value) || !expectFilled(json, value)) return false;
    const any = emit(Op.ANY, 0, value, parent);
    return any != NONE && push(OVER_ELEMENTS, value + 1, nextOf(json, value), any, 0);
  }
  if (textIs(json, key, "not")) {
    const not = emit(Op.NOT, 0, value, parent);
    return not != NONE && push(END, 0, 0, not, 0) && openOver(value, not);
  }
  if (textIs(json, key, "attributes")) return attributes(value, parent, 0);
  return attribute(key, parent, 0);
}
