/**
 * A program as fleets evaluate it: leaves, each a predicate over hosts, and operations that combine their planes on a stack. Made when
 * it is first asked for, in the program's region; where its leaves' predicates were found last is remembered there.
 *
 *   operation, u32:  bits 0..3 what is done   bits 4..  a leaf
 *   score, 16 bytes: 0 group   4 operations, from   8 to   12 weight (i32). Scores of one group, a document of NFD's dialect, are in the
 *                    order of their weights, and of them the first that is true counts; group 0: each counts.
 */
import { Code, fail } from "../errors";
import { documentHasList, entryFor, orderingDocument } from "../evaluate/runtimes";
import { Buffer, bufferTrim } from "../memory/buffer";
import { regionAllocRaw } from "../memory/region";
import { NfdProgram, Rule, RuleSet, Term, TermList, is } from "../nfd/program";
import { DialectId, NONE, Op, Program, Role, documentAt, endOf, opOf, programNode, rootAt } from "../program/program";
import { charge } from "../work";
import { append, makeIn, reserve } from "./fleet";

/** What a leaf is about, and what its first two words say. */
export namespace LeafKind {
  /** A condition's leaf: its node. */
  export const NATIVE: u32 = 1;
  /** The same over the candidate: one value for all hosts. */
  export const CANDIDATE: u32 = 2;
  /** A term of NFD's dialect; its document. */
  export const TERM: u32 = 3;
  /** A whole document of NFD's dialect: its number. */
  export const DOCUMENT: u32 = 4;
  /** That such a document is true and a set of it counts: its number; the set. */
  export const COUNTING: u32 = 5;
  /** A runtime's type is available: its symbol. */
  export const RUNTIME: u32 = 6;
  /** The candidate's platform fits. */
  export const PLATFORM: u32 = 7;
}

@unmanaged export class Leaf {
  kind: u32;
  a: u32;
  b: u32;
  /** Where the predicate was last, and which it was. */
  index: u32;
  birth: u64;
  /** Of the batch at hand: the planes of block 0, and how far it is to the next block's. */
  planes: usize;
  stride: u32;
}
export const LEAF: u32 = 32;

export namespace PlanOp {
  /** Pushes a leaf. */
  export const PUSH: u32 = 0;
  /** Combines a leaf with the top. */
  export const AND: u32 = 1;
  export const OR: u32 = 2;
  /** Combines the two topmost. */
  export const AND_TOP: u32 = 3;
  export const OR_TOP: u32 = 4;
  export const NOT: u32 = 5;
  /** Condition, then, else: three become one. */
  export const IF: u32 = 6;
  export const TRUE: u32 = 7;
  export const FALSE: u32 = 8;
}

@unmanaged export class Plan {
  leaves: usize;
  leafCount: u32;
  /** Operations that give the verdict. */
  operations: usize;
  verdictEnd: u32;
  depth: u32;
  scores: usize;
  scoreCount: u32;
  /** Whether every score is within 32 bits. */
  narrow: u32;
}
export const SCORE: u32 = 16;

const operations = changetype<Buffer>(memory.data(12, 8));
const leaves = changetype<Buffer>(memory.data(12, 8));
const scores = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 14;

let program: Program = changetype<Program>(<usize>0);
let depth: u32 = 0;
let deepest: u32 = 0;
let least: i64 = 0;
let most: i64 = 0;
/** Memory or work ran out; the error is recorded. */
let failed: bool = false;

@inline export function leafAt(plan: Plan, index: u32): Leaf {
  return changetype<Leaf>(plan.leaves + <usize>index * LEAF);
}
@inline export function scoreAt(plan: Plan, index: u32): usize {
  return plan.scores + <usize>index * SCORE;
}

/** The plan of a program; 0 with the error recorded. */
export function planOf(asked: Program): Plan {
  if (asked.plan == 0) asked.plan = makePlan(asked);
  return changetype<Plan>(asked.plan);
}

function makePlan(asked: Program): usize {
  program = asked;
  bufferTrim(operations, KEPT);
  bufferTrim(leaves, KEPT);
  bufferTrim(scores, KEPT);
  depth = 0;
  deepest = 1;
  least = 0;
  most = 0;
  failed = false;
  planVerdict();
  const verdictEnd = operations.length >>> 2;
  planScores();
  if (failed) return 0;
  const plan = makeIn<Plan>(program.region);
  if (changetype<usize>(plan) == 0) return 0;
  plan.leaves = copied(leaves);
  plan.operations = copied(operations);
  plan.scores = copied(scores);
  if (plan.leaves == 0 || plan.operations == 0 || plan.scores == 0) {
    fail(Code.OUT_OF_MEMORY);
    return 0;
  }
  plan.leafCount = leaves.length / LEAF;
  plan.verdictEnd = verdictEnd;
  plan.depth = deepest;
  plan.scoreCount = scores.length / SCORE;
  plan.narrow = least >= i32.MIN_VALUE && most <= i32.MAX_VALUE ? 1 : 0;
  return changetype<usize>(plan);
}

function copied(buffer: Buffer): usize {
  const to = regionAllocRaw(program.region, buffer.length + 8);
  if (to != 0) memory.copy(to, buffer.address, buffer.length);
  return to;
}

function emit(op: u32, leaf: u32): void {
  if (failed) return;
  if (!charge(4) || !reserve(operations, 4)) {
    failed = true;
    if (!charge(1)) fail(Code.BUDGET);
    return;
  }
  append(operations, op | (leaf << 4));
  if (op == PlanOp.PUSH || op >= PlanOp.TRUE) deepest = max(deepest, ++depth);
  else if (op == PlanOp.AND_TOP || op == PlanOp.OR_TOP) depth--;
  else if (op == PlanOp.IF) depth -= 2;
}

/** A new leaf's number. */
function addLeaf(kind: u32, a: u32, b: u32): u32 {
  if (failed || !reserve(leaves, LEAF)) {
    failed = true;
    return 0;
  }
  const leaf = changetype<Leaf>(leaves.address + leaves.length);
  memory.fill(changetype<usize>(leaf), 0, LEAF);
  leaf.kind = kind;
  leaf.a = a;
  leaf.b = b;
  leaves.length += LEAF;
  return leaves.length / LEAF - 1;
}

/** Combines a leaf with what `count` parts before it gave under ALL or ANY. */
function join(leaf: u32, op: u32, count: u32): void {
  emit(count == 0 ? PlanOp.PUSH : op == Op.ALL ? PlanOp.AND : PlanOp.OR, leaf);
}

/** Combines the top with what `count` parts before it gave. */
function joinTop(op: u32, count: u32): void {
  if (count > 0) emit(op == Op.ALL ? PlanOp.AND_TOP : PlanOp.OR_TOP, 0);
}

/** *All* over the requirements, the documents of NFD's dialect, and the runtimes. */
function planVerdict(): void {
  let count: u32 = 0;
  for (let i: u32 = 0; i < program.rootCount && !failed; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) <= Role.INCLUDES) count = planCondition(load<u32>(root, 4), Op.ALL, count);
  }
  for (let d: u32 = 0; d < program.documentCount && !failed; d++) {
    if (documentAt(program, d).dialect != DialectId.NFD) continue;
    planDocument(d);
    joinTop(Op.ALL, count++);
  }
  const document = orderingDocument(program);
  if (document != NONE) {
    planRuntimes(document);
    joinTop(Op.ALL, count++);
  }
  if (count == 0) emit(PlanOp.TRUE, 0);
}

/** Frames of 12 bytes: node (NONE: what surrounds the root), its operation, parts so far. */
const stack: usize = memory.data(12 * 524, 8);

/**
 * The tree at `root`, as one more part of what `outer` (ALL or ANY) combines and has `count` parts of: how many it has then. An ALL
 * within an ALL, and an ANY within an ANY, is one with it.
 */
function planCondition(root: u32, outer: u32, count: u32): u32 {
  let frame = stack;
  store<u32>(frame, NONE);
  store<u32>(frame, outer, 4);
  store<u32>(frame, count, 8);
  let index = root;
  while (!failed) {
    const node = programNode(program, index);
    const op = opOf(node);
    if (op <= Op.IF && endOf(node) > index + 1) {
      const sole = op <= Op.ANY && endOf(programNode(program, index + 1)) == endOf(node);
      if (!sole) {
        const within = op <= Op.ANY && op == load<u32>(frame, 4);
        const parts = within ? load<u32>(frame, 8) : 0;
        frame += 12;
        store<u32>(frame, index);
        store<u32>(frame, op, 4);
        store<u32>(frame, parts, 8);
      }
      index++;
      continue;
    }
    // A leaf waits to be combined; anything else lies on top.
    let leaf: u32 = NONE;
    if (op == Op.TRUE || op == Op.ALL) emit(PlanOp.TRUE, 0);
    else if (op == Op.ANY) emit(PlanOp.FALSE, 0);
    else leaf = addLeaf(load<u32>(node, 28) ? LeafKind.CANDIDATE : LeafKind.NATIVE, index, 0);
    let within = false;
    let parts: u32 = 0;
    // Hand it up as long as it ends its parent.
    while (true) {
      const parentOp = load<u32>(frame, 4);
      if (!within) {
        parts = load<u32>(frame, 8);
        if (parentOp > Op.ANY) {
          if (leaf != NONE) emit(PlanOp.PUSH, leaf);
        } else if (leaf != NONE) join(leaf, parentOp, parts);
        else joinTop(parentOp, parts);
        parts++;
      }
      store<u32>(frame, parts, 8);
      const parentIndex = load<u32>(frame);
      if (parentIndex == NONE) return parts;
      const next = endOf(programNode(program, index));
      if (next < endOf(programNode(program, parentIndex))) {
        index = next;
        break;
      }
      if (parentOp == Op.NOT) emit(PlanOp.NOT, 0);
      else if (parentOp == Op.IF) emit(PlanOp.IF, 0);
      leaf = NONE;
      index = parentIndex;
      frame -= 12;
      within = parentOp <= Op.ANY && parentOp == load<u32>(frame, 4);
    }
  }
  return count;
}

/** *Any* over the types of the document that orders them: each available, and as every document wants it. Its value is on top. */
function planRuntimes(document: u32): void {
  let count: u32 = 0;
  for (let i: u32 = 0; i < program.rootCount && !failed; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.RUNTIME || load<u16>(root, 2) != document) continue;
    const type = load<u32>(root, 8);
    emit(PlanOp.PUSH, addLeaf(LeafKind.RUNTIME, type, 0));
    let parts: u32 = 1;
    for (let d: u32 = 0; d <= document && !failed; d++) {
      const entry = entryFor(program, d, type);
      if (entry != NONE) {
        const node = load<u32>(rootAt(program, entry), 4);
        if (node != NONE) parts = planCondition(node, Op.ALL, parts);
      } else if (documentHasList) {
        emit(PlanOp.FALSE, 0);
        joinTop(Op.ALL, parts++);
      }
    }
    joinTop(Op.ANY, count++);
  }
}

/** A document of NFD's dialect; its value is on top. */
function planDocument(d: u32): void {
  const nfd = changetype<NfdProgram>(documentAt(program, d).nfd);
  if (!isPlain(nfd)) {
    emit(PlanOp.PUSH, addLeaf(LeafKind.DOCUMENT, d, 0));
    return;
  }
  if (!is<RuleSet>(nfd.sets)) {
    emit(PlanOp.TRUE, 0);
    return;
  }
  let count: u32 = 0;
  for (let set = nfd.sets; is<RuleSet>(set) && !failed; set = set.next) {
    planSet(d, set);
    joinTop(Op.ANY, count++);
  }
}

/**
 * Whether each term of a document depends on its feature alone, and the document on its terms: no variables are asked for, and NFD's answer
 * can't be an error.
 */
function isPlain(nfd: NfdProgram): bool {
  if (nfd.canFail != 0 || nfd.usesVariables != 0) return false;
  for (let set = nfd.sets; is<RuleSet>(set); set = set.next) {
    for (let rule = set.rules; is<Rule>(rule); rule = rule.next) {
      for (let list = rule.any; is<TermList>(list); list = list.next) if (asksForVariables(list)) return false;
      if (is<TermList>(rule.features) && asksForVariables(rule.features)) return false;
    }
  }
  return true;
}

function asksForVariables(list: TermList): bool {
  for (let term = list.terms; is<Term>(term); term = term.next) if (term.matched != 0) return true;
  return false;
}

/** *All* over a set's rules: of each *any* over `matchAny`, and `matchFeatures`. Its value is on top. */
function planSet(d: u32, set: RuleSet): void {
  let count: u32 = 0;
  for (let rule = set.rules; is<Rule>(rule) && !failed; rule = rule.next) {
    if (is<TermList>(rule.any)) {
      let lists: u32 = 0;
      for (let list = rule.any; is<TermList>(list) && !failed; list = list.next) {
        if (planTerms(d, list, 0) == 0) emit(PlanOp.TRUE, 0);
        joinTop(Op.ANY, lists++);
      }
      joinTop(Op.ALL, count++);
    }
    if (is<TermList>(rule.features)) count = planTerms(d, rule.features, count);
  }
  if (count == 0) emit(PlanOp.TRUE, 0);
}

/** *All* over terms, with `count` parts before them: how many there are then. */
function planTerms(d: u32, list: TermList, count: u32): u32 {
  for (let term = list.terms; is<Term>(term) && !failed; term = term.next) {
    join(addLeaf(LeafKind.TERM, <u32>changetype<usize>(term), d), Op.ALL, count++);
  }
  return count;
}

/** The preferences, and the sets that can count. */
function planScores(): void {
  for (let i: u32 = 0; i < program.rootCount && !failed; i++) {
    const root = rootAt(program, i);
    if (load<u16>(root) != Role.PREFERS) continue;
    const from = operations.length >>> 2;
    if (planCondition(load<u32>(root, 4), Op.ALL, 0) == 0) emit(PlanOp.TRUE, 0);
    addScore(0, from, <i32>load<u32>(root, 8));
    most += load<u32>(root, 8);
    depth--;
  }
  for (let d: u32 = 0; d < program.documentCount && !failed; d++) {
    const document = documentAt(program, d);
    if (document.dialect == DialectId.NFD) planSetScores(d, changetype<NfdProgram>(document.nfd));
  }
}

/** A document's sets in the order of their weights, the greatest first. */
function planSetScores(d: u32, nfd: NfdProgram): void {
  const plain = isPlain(nfd);
  let bound: i64 = i64.MAX_VALUE;
  let low: i64 = 0;
  let high: i64 = 0;
  while (!failed) {
    let weight: i64 = i64.MIN_VALUE;
    for (let set = nfd.sets; is<RuleSet>(set) && charge(1); set = set.next) {
      if (<i64>set.weight < bound) weight = max(weight, <i64>set.weight);
    }
    if (!charge(1)) {
      failed = true;
      fail(Code.BUDGET);
    }
    if (weight == i64.MIN_VALUE) break;
    for (let set = nfd.sets; is<RuleSet>(set) && !failed; set = set.next) {
      if (<i64>set.weight != weight) continue;
      const from = operations.length >>> 2;
      if (plain) planSet(d, set);
      else emit(PlanOp.PUSH, addLeaf(LeafKind.COUNTING, d, <u32>changetype<usize>(set)));
      addScore(d + 1, from, set.weight);
      depth--;
    }
    low = min(low, weight);
    high = max(high, weight);
    bound = weight;
  }
  least += low;
  most += high;
}

function addScore(group: u32, from: u32, weight: i32): void {
  if (failed || !reserve(scores, SCORE)) {
    failed = true;
    return;
  }
  const at = scores.address + scores.length;
  store<u32>(at, group);
  store<u32>(at, from, 4);
  store<u32>(at, operations.length >>> 2, 8);
  store<i32>(at, weight, 12);
  scores.length += SCORE;
}
