/**
 * Leaves as planes over all hosts: found in the cache and brought up to date, or made. The value of a leaf for a host is what the
 * evaluators of pairs give for the value in its column, and for nothing else: each is evaluated once for each value, and again only for
 * hosts that have changed there.
 */
import { Code, fail } from "../errors";
import { evaluationError } from "../evaluate/attribute";
import { bound } from "../evaluate/bind";
import { leafValue, setFacts } from "../evaluate/condition";
import { availability } from "../evaluate/runtimes";
import { Facts, featureOfSymbol } from "../facts/facts";
import { Buffer, bufferTrim } from "../memory/buffer";
import { regionCreate, regionFree, regionReset } from "../memory/region";
import { nfdProgram } from "../nfd/evaluate";
import { Term } from "../nfd/program";
import { turnSubject } from "../nfd/subject";
import { termValue } from "../nfd/walk";
import { matchOpen, matchPlatform, matchValue } from "../platform/match";
import { Platform } from "../platform/platform";
import { policyAllows } from "../program/policy";
import { Program, programNode } from "../program/program";
import { sameAscii } from "../json/tape";
import { symbolLength, symbolText } from "../symbols";
import { Kleene } from "../values/range";
import { charge } from "../work";
import { MEMO, Predicate, addPredicate, cacheOf, findPredicate, forget, isAlive, keep, memoOf, predicateAt } from "./cache";
import { columnCodes } from "./column-codes";
import { Column, Fleet, blockOf, columnAt, numberAt, numbersOf, reserve, valueAt } from "./fleet";
import { FAILED_CHANGES, changesOf, fillGrouped } from "./grouped";
import { codeOf, constantPlanes, copyPlanes, fillPlanes, setBits } from "./planes";
import { Leaf, LeafKind } from "./plan";
import { keyAddress, keyHash, keyLength, makeKey } from "./predicate-key";
import { birthOf, factsOfNothing, factsOfValue, isValue } from "./value";
import { closeView, viewValue } from "./view";
import { BLOCK, BLOCK_SHIFT, LOG, CELL_STRIDE } from "./layout";

/** What a row is asked about. */
export let fleet: Fleet = changetype<Fleet>(<usize>0);
let program: Program = changetype<Program>(<usize>0);
let policy: Program = changetype<Program>(<usize>0);
let candidate: Facts = changetype<Facts>(<usize>0);
let platform: Platform = changetype<Platform>(<usize>0);
/** Memory for what an evaluation lists, while a call goes on; 0: not needed yet. */
let scratch: usize = 0;
let leaf: Leaf = changetype<Leaf>(<usize>0);

const codes = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 18;

/** No code. */
const NOT_ASKED: u32 = 4;

/** Begins a question: of which fleet, and, for rows with a candidate or a policy, beside which. */
export function beginQuestion(owner: Fleet, judged: Facts, on: Platform, rules: Program): void {
  fleet = owner;
  candidate = judged;
  platform = on;
  policy = rules;
  scratch = 0;
}

/** Ends a question: gives back what it took. */
export function endQuestion(): void {
  closeView();
  if (scratch != 0) regionFree(scratch);
  scratch = 0;
  bufferTrim(codes, KEPT);
}

/** Memory that lasts for one evaluation; 0 with the error recorded. */
export function scratchMemory(): usize {
  if (scratch == 0) scratch = regionCreate(1 << 12);
  else regionReset(scratch);
  if (scratch == 0) fail(Code.OUT_OF_MEMORY);
  return scratch;
}

/** Whether no evaluation was stopped; the error is recorded. */
export function evaluated(): bool {
  if (evaluationError == 0) return true;
  return fail(evaluationError);
}

/** Sees to it that a leaf's planes are there for this batch. False with the error recorded. */
export function prepareLeaf(asked: Program, l: Leaf): bool {
  const cache = cacheOf(fleet);
  program = asked;
  leaf = l;
  const kind = l.kind;
  if (kind <= LeafKind.COUNTING && kind != LeafKind.CANDIDATE && l.birth != 0 && isAlive(cache, l.index, l.birth)) {
    return bringUp(l.index);
  }
  if (kind == LeafKind.CANDIDATE) {
    setFacts(factsOfNothing(fleet, 1), candidate);
    return giveConstant(leafValue(asked, l.a));
  }
  if (kind == LeafKind.NATIVE || kind == LeafKind.TERM) {
    const number = columnNumber();
    if (number == 0) return evaluated() && giveConstant(leafOn(factsOfNothing(fleet, 1)));
  } else if (kind == LeafKind.RUNTIME) {
    if (changetype<usize>(policy) != 0) {
      if (!charge(policy.symbols.count)) return fail(Code.BUDGET);
      if (!policyAllows(policy, asked, l.a)) return giveConstant(Kleene.FALSE);
    }
    if (sameAscii(symbolText(l.a), symbolLength(l.a), "default")) return giveConstant(Kleene.TRUE);
  }
  if (!makeKey(asked, l, changetype<usize>(candidate) != 0, platform)) return false;
  const hash = keyHash();
  let index = findPredicate(cache, keyAddress(), keyLength(), hash);
  if (index == 0) index = addPredicate(fleet, keyAddress(), keyLength(), hash);
  if (index == 0) return false;
  l.index = index - 1;
  l.birth = predicateAt(cache, index - 1).birth;
  return bringUp(index - 1);
}

/** Gives a leaf one value for all hosts. */
function giveConstant(value: u32): bool {
  leaf.birth = 0;
  leaf.planes = constantPlanes(value);
  leaf.stride = 0;
  return evaluated();
}

/** The number of the column that the leaf asks, or 0 if no host has had its feature. */
function columnNumber(): u32 {
  let symbol: u32 = 0;
  if (leaf.kind == LeafKind.NATIVE) symbol = load<u32>(programNode(program, leaf.a), 8);
  else {
    const term = changetype<Term>(<usize>leaf.a);
    if (term.builtIn) return 0;
    symbol = term.feature;
  }
  const found = bound(program, symbol, factsOfNothing(fleet, 1), 0);
  return found == 0 ? 0 : featureOfSymbol(fleet.nothing, found);
}

/** Brings the planes of a predicate up to date, and gives them to the leaf. Without success the predicate is forgotten. */
function bringUp(index: u32): bool {
  const predicate = predicateAt(cacheOf(fleet), index);
  keep(cacheOf(fleet), predicate);
  leaf.planes = predicate.cell;
  leaf.stride = CELL_STRIDE;
  const grouped = leaf.kind == LeafKind.DOCUMENT || leaf.kind == LeafKind.COUNTING;
  if (!grouped && predicate.filled && changetype<Column>(predicate.column).changes == predicate.seen) return true;
  const done = grouped ? bringUpGrouped(predicate) : bringUpColumn(predicate);
  if (!done) forget(cacheOf(fleet), index);
  return done;
}

function bringUpGrouped(predicate: Predicate): bool {
  const changes = changesOf(fleet, program, leaf);
  if (changes == FAILED_CHANGES) return false;
  if (predicate.filled && changes == predicate.seen) return true;
  predicate.filled = 1;
  predicate.seen = changes;
  return fillGrouped(fleet, program, leaf, predicate.cell) && evaluated();
}

function bringUpColumn(predicate: Predicate): bool {
  if (predicate.filled == 0) {
    const base = leaf.kind == LeafKind.RUNTIME || leaf.kind == LeafKind.PLATFORM;
    const number = base ? 0 : columnNumber();
    if (!evaluated()) return false;
    predicate.number = number;
    predicate.column = changetype<usize>(columnAt(fleet, number));
  }
  const column = changetype<Column>(predicate.column);
  const missed = column.changes - predicate.seen;
  const full = predicate.filled == 0 || missed > <u64>LOG;
  predicate.filled = 1;
  predicate.seen = column.changes;
  return full ? fillColumn(predicate, column) : catchUp(predicate, column, <u32>missed);
}

/** The value of the leaf for facts that have one value alone. */
export function leafOn(facts: Facts): u32 {
  const kind = leaf.kind;
  if (kind == LeafKind.NATIVE) {
    setFacts(facts, changetype<Facts>(<usize>0));
    return leafValue(program, leaf.a);
  }
  if (kind == LeafKind.TERM) {
    const region = scratchMemory();
    if (region == 0) return Kleene.UNKNOWN;
    viewValue(fleet, facts, region);
    turnSubject(program, nfdProgram(program, leaf.b), facts);
    const value = termValue(changetype<Term>(<usize>leaf.a), false);
    closeView();
    return value;
  }
  let platforms: u64 = 0;
  if (changetype<usize>(candidate) != 0) {
    matchPlatform(facts, platform);
    platforms = matchOpen;
  }
  if (kind == LeafKind.PLATFORM) return matchValue;
  return availability(program, facts, changetype<Program>(<usize>0), platforms, leaf.a);
}

/** Evaluates the leaf for every value of its column, and fills the planes by them. */
function fillColumn(predicate: Predicate, column: Column): bool {
  const count = numbersOf(column);
  if (!charge((count << 3) + fleet.slots)) return fail(Code.BUDGET);
  codes.length = 0;
  if (!reserve(codes, count + 16)) return false;
  const number = predicate.number;
  store<u8>(codes.address, codeOf(number == 0 ? 0 : leafOn(factsOfNothing(fleet, number))));
  if (!columnCodes(fleet, column, number, program, leaf, codes.address)) return false;
  for (let block: u32 = 0; block < fleet.blocks; block++) {
    const planes = predicate.cell + block * CELL_STRIDE;
    const numbers = blockOf(column, block);
    if (numbers != 0) fillPlanes(planes, numbers, codes.address);
    else copyPlanes(planes, constantPlanes(load<u8>(codes.address) == 0 ? 0 : load<u8>(codes.address) - 1), BLOCK >>> 3);
  }
  return true;
}

/** Evaluates the leaf for the values of a column with the numbers from `from` to `end`, in a list if there is one. */
export function evaluateValues(column: Column, into: usize, list: usize, from: u32, end: u32): bool {
  for (let i = from; i < end; i++) {
    const n = list == 0 ? i : load<u32>(list + ((<usize>i) << 2));
    const value = valueAt(column, n);
    if (!isValue(value)) continue;
    store<u8>(into + n, codeOf(leafOn(factsOfValue(fleet, value))));
    if (evaluationError != 0) return evaluated();
  }
  return evaluated();
}

/** Evaluates the leaf for the hosts of the last changes. */
function catchUp(predicate: Predicate, column: Column, missed: u32): bool {
  if (!charge(missed << 4)) return fail(Code.BUDGET);
  const memo = memoOf(cacheOf(fleet), predicate);
  if (memo == 0) return fail(Code.OUT_OF_MEMORY);
  let absent: u32 = NOT_ASKED;
  for (let change = column.changes - missed; change < column.changes; change++) {
    const slot = load<u32>(column.log + ((<usize>change & (LOG - 1)) << 2));
    const n = numberAt(column, slot);
    let code: u32 = 0;
    if (n != 0) {
      const value = valueAt(column, n);
      const known = memo + ((<usize>n & (MEMO - 1)) << 2);
      const birth = birthOf(value);
      if (load<u32>(known) >>> 2 != birth) {
        const found = leafOn(factsOfValue(fleet, value));
        if (!evaluated()) return false;
        store<u32>(known, (birth << 2) | codeOf(found));
      }
      code = load<u32>(known) & 3;
    } else if (predicate.number != 0) {
      if (absent == NOT_ASKED) absent = codeOf(leafOn(factsOfNothing(fleet, predicate.number)));
      if (!evaluated()) return false;
      code = absent;
    }
    setBits(predicate.cell + (slot >>> BLOCK_SHIFT) * CELL_STRIDE, slot & (BLOCK - 1), code);
  }
  return true;
}
