/** A leaf's value for all values of a column, as codes by number: through the column's index where that helps. */
import { Code, fail } from "../errors";
import { evaluationError, testValue } from "../evaluate/attribute";
import { bound } from "../evaluate/bind";
import { countValue, evaluateBlock, lower, upper } from "../evaluate/instances";
import { UNKNOWN, featureAt } from "../facts/facts";
import { Buffer, bufferTrim } from "../memory/buffer";
import { Mode, Op, Program, TestKind, endOf, modeOf, opOf, programNode } from "../program/program";
import { Kleene } from "../values/range";
import { charge } from "../work";
import { ColumnIndex, IndexedName, hasIndex, indexedName } from "./column-index";
import { Column, Fleet, numbersOf, reserve } from "./fleet";
import { ALL_ATTRIBUTES, InstanceLists, listsBy } from "./instance-lists";
import { codeOf } from "./planes";
import { Leaf, LeafKind } from "./plan";
import { evaluateValues, evaluated } from "./predicate";
import { codesInOrder } from "./texts-in-order";
import { factsOfNothing } from "./value";

/** So many texts are worth sorting. */
const MANY: u32 = 32;

/** Codes of an attribute's texts by rank. */
const textCodes = changetype<Buffer>(memory.data(12, 8));
/** By number of a value: instances that surely match, and that possibly do. */
const matches = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 17;

/** What counts of so many matching instances give, a byte each: 0 not asked yet, else the code + 1. */
const COUNTS: u32 = 64;
const countCodes: usize = memory.data(64 * 64, 16);

/** Stores the code of a leaf's value for each value of a column, by number. False with the error recorded. */
export function columnCodes(fleet: Fleet, column: Column, number: u32, program: Program, leaf: Leaf, into: usize): bool {
  if (leaf.kind != LeafKind.NATIVE || !hasIndex(fleet, column, number)) {
    return evaluateValues(column, into, 0, 1, numbersOf(column));
  }
  const index = changetype<ColumnIndex>(column.index);
  const node = programNode(program, leaf.a);
  if (!charge(index.numbers)) return evaluateValues(column, into, 0, 1, numbersOf(column));
  const op = opOf(node);
  let done = true;
  if (op == Op.FLAG) flagCodes(fleet, program, node, index, into);
  else if (op == Op.ATTRIBUTE) done = attributeCodes(fleet, program, node, index, into);
  else done = instancesCodes(fleet, column, program, leaf.a, number, into);
  if (!done || !evaluated()) return false;
  return evaluateValues(column, into, column.tail.address, 0, column.tail.length >>> 2);
}

/** The name in the index that a symbol of the program is, or 0. */
function nameIn(fleet: Fleet, program: Program, index: ColumnIndex, symbol: u32): IndexedName {
  const name = bound(program, symbol, factsOfNothing(fleet, 1), 0);
  return name == 0 ? changetype<IndexedName>(<usize>0) : indexedName(index, name);
}

/** Copies codes, all but that of number 0. */
@inline function copyCodes(into: usize, from: usize, numbers: u32): void {
  memory.copy(into + 1, from + 1, numbers - 1);
}

function flagCodes(fleet: Fleet, program: Program, node: usize, index: ColumnIndex, into: usize): void {
  copyCodes(into, index.flagCodes, index.numbers);
  const name = nameIn(fleet, program, index, load<u32>(node, 12));
  if (changetype<usize>(name) == 0) return;
  const end = name.flags + ((<usize>name.flagCount) << 2);
  for (let at = name.flags; at < end; at += 4) {
    const entry = load<u32>(at);
    store<u8>(into + (entry >>> 2), <u8>(entry & 3));
  }
}

/** Each number's code: one where its mark is set, else the other. */
function chooseCodes(into: usize, marks: usize, numbers: u32, marked: u8, other: u8): void {
  const first = load<u8>(into);
  const a = i8x16.splat(marked);
  const b = i8x16.splat(other);
  for (let n: u32 = 0; n < numbers; n += 16) v128.store(into + n, v128.bitselect(a, b, v128.load(marks + n)));
  store<u8>(into, first);
}

function attributeCodes(fleet: Fleet, program: Program, node: usize, index: ColumnIndex, into: usize): bool {
  const tests = <usize>load<u32>(node, 16);
  const facts = factsOfNothing(fleet, 1);
  const lacking = codeOf(testValue(program, tests, facts, 0, 0));
  chooseCodes(into, index.openAttributes, index.numbers, codeOf(Kleene.UNKNOWN), lacking);
  const name = nameIn(fleet, program, index, load<u32>(node, 12));
  if (changetype<usize>(name) == 0) return true;
  bufferTrim(textCodes, KEPT);
  if (!reserve(textCodes, name.textCount + 1)) return false;
  if (load<u32>(tests) == 1 && load<u32>(tests, 4) == TestKind.IN) codesOfSet(program, <usize>load<u32>(tests, 8), fleet, name);
  else if (!rangeCodes(tests, index, name)) {
    for (let t: u32 = 0; t < name.textCount && evaluationError == 0; t++) {
      const text = load<u32>(name.texts + ((<usize>t) << 2));
      store<u8>(textCodes.address + t, codeOf(testValue(program, tests, facts, 0, text)));
    }
  }
  const codes = textCodes.address;
  for (let v: u32 = 0; v < name.valueCount; v++) {
    const at = (<usize>v) << 2;
    store<u8>(into + load<u32>(name.values + at), load<u8>(codes + load<u32>(name.ranks + at)));
  }
  return true;
}

/** A range over many texts: false if the tests are something else, or it can't be done so. */
function rangeCodes(tests: usize, index: ColumnIndex, name: IndexedName): bool {
  const kind = load<u32>(tests, 4);
  if (load<u32>(tests) != 1 || kind < TestKind.VERSION || kind > TestKind.SIZE || name.textCount < MANY) return false;
  // What can't be read, and what is unknown.
  memory.fill(textCodes.address, codeOf(Kleene.UNKNOWN), name.textCount);
  return codesInOrder(index.region, name, <usize>load<u32>(tests, 8), kind - TestKind.VERSION, textCodes.address);
}

/** One of a set: those that are known, by looking for them; all others are false. */
function codesOfSet(program: Program, set: usize, fleet: Fleet, name: IndexedName): void {
  memory.fill(textCodes.address, 0, name.textCount);
  markText(name, UNKNOWN, codeOf(Kleene.UNKNOWN));
  const end = set + 4 + ((<usize>load<u32>(set)) << 2);
  for (let at = set + 4; at < end; at += 4) {
    const symbol = bound(program, load<u32>(at), factsOfNothing(fleet, 1), 0);
    if (symbol != 0 && charge(name.textCount >>> 2)) markText(name, symbol, codeOf(Kleene.TRUE));
  }
}

function markText(name: IndexedName, text: u32, code: u8): void {
  const wanted = i32x4.splat(text);
  for (let t: u32 = 0; t < name.textCount; t += 4) {
    const found = <u32>i32x4.bitmask(i32x4.eq(v128.load(name.texts + ((<usize>t) << 2)), wanted));
    if (found == 0) continue;
    const rank = t + <u32>ctz(found);
    if (rank < name.textCount) store<u8>(textCodes.address + rank, code);
    return;
  }
}

/**
 * What a condition over instances asks about: bits of the index's columns, or ALL_ATTRIBUTES where they don't suffice. Names that no instance
 * has are lacking in every combination of the others.
 */
function attributesOf(fleet: Fleet, program: Program, at: u32, index: ColumnIndex): u64 {
  if (index.columnCount > 63) return ALL_ATTRIBUTES;
  let set: u64 = 0;
  const end = endOf(programNode(program, at));
  for (let i = at + 1; i < end && charge(1); i++) {
    const node = programNode(program, i);
    if (opOf(node) != Op.ATTRIBUTE) continue;
    const name = nameIn(fleet, program, index, load<u32>(node, 12));
    if (changetype<usize>(name) != 0 && name.column != 0) set |= <u64>1 << <u64>(name.column - 1);
  }
  return set;
}

/** The evaluation of a leaf over combinations of attributes. */
let lists: InstanceLists = changetype<InstanceLists>(<usize>0);

function instancesCodes(fleet: Fleet, column: Column, program: Program, at: u32, number: u32, into: usize): bool {
  const index = changetype<ColumnIndex>(column.index);
  const node = programNode(program, at);
  lists = listsBy(fleet, column, number, index, attributesOf(fleet, program, at, index));
  if (changetype<usize>(lists) == 0) return evaluateValues(column, into, 0, 1, index.numbers);
  const mode = modeOf(node);
  if (mode == Mode.COUNT) return countedCodes(fleet, program, at, number, index, into);
  // Whether some, whether no, and whether not every instance: all ask for one that settles it.
  const settled = mode == Mode.SOME ? codeOf(Kleene.TRUE) : codeOf(Kleene.FALSE);
  const otherwise = mode == Mode.SOME ? codeOf(Kleene.FALSE) : codeOf(Kleene.TRUE);
  chooseCodes(into, index.partialLists, index.numbers, codeOf(Kleene.UNKNOWN), otherwise);
  for (let base: u32 = 0; base < lists.count; base += 64) {
    const n = min(lists.count - base, 64);
    if (!evaluateInstances(fleet, program, at, number, base, n)) return false;
    const all = n == 64 ? <u64>-1 : (<u64>1 << <u64>n) - 1;
    const surely = (mode == Mode.EVERY ? ~upper : lower) & all;
    const possibly = (mode == Mode.EVERY ? ~lower : upper) & all & ~surely;
    if (!storeForAll(base, possibly, into, codeOf(Kleene.UNKNOWN), settled)) return false;
    if (!storeForAll(base, surely, into, settled, settled)) return false;
  }
  return true;
}

/** Evaluates what is asked of an instance for a block of combinations. */
function evaluateInstances(fleet: Fleet, program: Program, at: u32, number: u32, base: u32, n: u32): bool {
  const facts = lists.facts;
  facts.serial = fleet.serial;
  evaluateBlock(program, at + 1, facts, 0, featureAt(facts, number - 1), number, base, n);
  return evaluated();
}

@inline function valuesFrom(combination: u32): usize {
  return lists.values + ((<usize>load<u32>(lists.starts + ((<usize>combination) << 2))) << 2);
}

/** Stores a code for the values that have one of the combinations, but not over another. */
function storeForAll(base: u32, combinations: u64, into: usize, code: u8, stronger: u8): bool {
  for (let left = combinations; left != 0; left &= left - 1) {
    const combination = base + <u32>ctz(left);
    const end = valuesFrom(combination + 1);
    const first = valuesFrom(combination);
    if (!charge(<u32>(end - first) >>> 2)) return outOf();
    for (let p = first; p < end; p += 4) {
      const to = into + load<u32>(p);
      if (load<u8>(to) != stronger) store<u8>(to, code);
    }
  }
  return true;
}

/** Counts for each value how many of its instances match, surely and possibly; then what these numbers give. */
function countedCodes(fleet: Fleet, program: Program, at: u32, number: u32, index: ColumnIndex, into: usize): bool {
  const node = programNode(program, at);
  const plane = index.numbers << 2;
  bufferTrim(matches, KEPT);
  if (!charge(index.numbers << 1) || !reserve(matches, plane << 1)) return outOf();
  const sure = matches.address;
  const possible = sure + plane;
  if (at + 1 == endOf(node)) {
    memory.copy(sure, index.listLengths, plane);
    memory.copy(possible, index.listLengths, plane);
  } else {
    memory.fill(sure, 0, plane << 1);
    for (let base: u32 = 0; base < lists.count; base += 64) {
      const n = min(lists.count - base, 64);
      if (!evaluateInstances(fleet, program, at, number, base, n)) return false;
      const all = n == 64 ? <u64>-1 : (<u64>1 << <u64>n) - 1;
      if (!countForAll(base, lower & all, sure) || !countForAll(base, upper & all, possible)) return false;
    }
  }
  memory.fill(countCodes, 0, COUNTS * COUNTS);
  for (let n: u32 = 1; n < index.numbers; n++) {
    const s = load<u32>(sure + ((<usize>n) << 2));
    const p = load<u32>(possible + ((<usize>n) << 2));
    const partial = load<u8>(index.partialLists + n) != 0;
    if (partial || p >= COUNTS) {
      store<u8>(into + n, codeOf(countValue(node, s, p, partial)));
      continue;
    }
    const known = countCodes + s * COUNTS + p;
    if (load<u8>(known) == 0) store<u8>(known, codeOf(countValue(node, s, p, false)) + 1);
    store<u8>(into + n, load<u8>(known) - 1);
  }
  return true;
}

function countForAll(base: u32, combinations: u64, counts: usize): bool {
  for (let left = combinations; left != 0; left &= left - 1) {
    const combination = base + <u32>ctz(left);
    const end = valuesFrom(combination + 1);
    let times = lists.times + (valuesFrom(combination) - lists.values);
    for (let p = valuesFrom(combination); p < end; p += 4) {
      const to = counts + ((<usize>load<u32>(p)) << 2);
      store<u32>(to, load<u32>(to) + load<u32>(times));
      times += 4;
    }
    if (!charge(<u32>(end - valuesFrom(combination)) >>> 2)) return outOf();
  }
  return true;
}

/** The work is gone, or, where some is left, the memory, whose error is recorded. */
function outOf(): bool {
  return charge(1) ? false : fail(Code.BUDGET);
}
