/**
 * Documents of NFD's dialect that don't fall apart into terms: those for which NFD's answer can be an error, and those that ask for
 * variables. Such a document depends on the values of all features that it names: it is evaluated once for each group of hosts that
 * have the same ones.
 */
import { Code, fail } from "../errors";
import { evaluationError } from "../evaluate/attribute";
import { bound } from "../evaluate/bind";
import { setFacts } from "../evaluate/condition";
import { featureOfSymbol } from "../facts/facts";
import { Buffer, bufferTrim } from "../memory/buffer";
import { evaluateNfd, nfdProgram } from "../nfd/evaluate";
import { NfdProgram, Rule, RuleSet, Term, TermList, is } from "../nfd/program";
import { countingSet } from "../nfd/walk";
import { Program } from "../program/program";
import { Kleene } from "../values/range";
import { charge } from "../work";
import { mix } from "./feature-value";
import { Fleet, append, columnAt, hasHost, numberAt, reserve } from "./fleet";
import { codeOf, setBits } from "./planes";
import { Leaf, LeafKind } from "./plan";
import { evaluated, scratchMemory } from "./predicate";
import { factsOfNothing } from "./value";
import { closeView, viewHost } from "./view";
import { BLOCK, BLOCK_SHIFT, CELL_STRIDE, PAIR_BYTES } from "./layout";

/** Numbers of the columns that the document names, each once. */
const named = changetype<Buffer>(memory.data(12, 8));
/** A mark for each column. */
const marks = changetype<Buffer>(memory.data(12, 8));
/** A table of groups: { hash, slot of its first host + 1, code }. */
const groups = changetype<Buffer>(memory.data(12, 8));
const GROUP: u32 = 12;
const KEPT: u32 = 1 << 16;

/** Instead of a number of changes: the columns couldn't be named, and the error is recorded. */
export const FAILED_CHANGES: u64 = u64.MAX_VALUE;

/** Sum of the changes of the columns that the leaf's document names. */
export function changesOf(fleet: Fleet, program: Program, leaf: Leaf): u64 {
  if (!nameColumns(fleet, program, nfdProgram(program, leaf.a)) || !evaluated()) return FAILED_CHANGES;
  let sum: u64 = 0;
  for (let i: u32 = 0; i < named.length; i += 4) sum += columnAt(fleet, load<u32>(named.address + i)).changes;
  // Hosts without any of the features come and go as well.
  return sum + columnAt(fleet, 0).changes;
}

function nameColumns(fleet: Fleet, program: Program, nfd: NfdProgram): bool {
  bufferTrim(named, KEPT);
  bufferTrim(marks, KEPT);
  if (!reserve(marks, fleet.columnCount + 1)) return false;
  memory.fill(marks.address, 0, fleet.columnCount + 1);
  for (let set = nfd.sets; is<RuleSet>(set); set = set.next) {
    for (let rule = set.rules; is<Rule>(rule); rule = rule.next) {
      for (let list = rule.any; is<TermList>(list); list = list.next) {
        if (!nameOf(fleet, program, list)) return false;
      }
      if (is<TermList>(rule.features) && !nameOf(fleet, program, rule.features)) return false;
    }
  }
  return true;
}

function nameOf(fleet: Fleet, program: Program, list: TermList): bool {
  for (let term = list.terms; is<Term>(term); term = term.next) {
    if (term.builtIn) continue;
    if (!charge(1)) return fail(Code.BUDGET);
    const symbol = bound(program, term.feature, factsOfNothing(fleet, 1), 0);
    const number = symbol == 0 ? 0 : featureOfSymbol(fleet.nothing, symbol);
    if (number == 0 || load<u8>(marks.address + number) != 0) continue;
    store<u8>(marks.address + number, 1);
    if (!reserve(named, 4)) return false;
    append(named, number);
  }
  return true;
}

/** Fills a cell with the values of a leaf about a document, whose columns changesOf has named. False with the error recorded. */
export function fillGrouped(fleet: Fleet, program: Program, leaf: Leaf, cell: usize): bool {
  const slots: u32 = 1 << (32 - clz(fleet.hosts + (fleet.hosts >>> 1) + 1));
  bufferTrim(groups, KEPT);
  if (!reserve(groups, slots * GROUP)) return false;
  memory.fill(groups.address, 0, slots * GROUP);
  for (let block: u32 = 0; block < fleet.blocks; block++) memory.fill(cell + block * CELL_STRIDE, 0, PAIR_BYTES);
  const work = fleet.slots * (4 + (named.length >>> 2));
  if (!charge(work)) return fail(Code.BUDGET);
  for (let host: u32 = 0; host < fleet.slots; host++) {
    if (!hasHost(fleet, host)) continue;
    const hash = hashOfHost(fleet, host);
    let at = hash & (slots - 1);
    let group: usize = 0;
    while (true) {
      group = groups.address + at * GROUP;
      const first = load<u32>(group, 4);
      if (first == 0) {
        const value = valueFor(fleet, program, leaf, host);
        if (!evaluated()) return false;
        store<u32>(group, hash);
        store<u32>(group, host + 1, 4);
        store<u32>(group, codeOf(value), 8);
        break;
      }
      if (load<u32>(group) == hash && isAlike(fleet, first - 1, host)) break;
      if (!charge(1)) return fail(Code.BUDGET);
      at = (at + 1) & (slots - 1);
    }
    setBits(cell + (host >>> BLOCK_SHIFT) * CELL_STRIDE, host & (BLOCK - 1), load<u32>(group, 8));
  }
  return true;
}

function hashOfHost(fleet: Fleet, host: u32): u32 {
  let hash: u32 = 0;
  for (let i: u32 = 0; i < named.length; i += 4) {
    hash = mix(hash, numberAt(columnAt(fleet, load<u32>(named.address + i)), host));
  }
  return hash;
}

/** Whether two hosts have the same values in all columns that are named. */
function isAlike(fleet: Fleet, host: u32, other: u32): bool {
  for (let i: u32 = 0; i < named.length; i += 4) {
    const column = columnAt(fleet, load<u32>(named.address + i));
    if (numberAt(column, host) != numberAt(column, other)) return false;
  }
  return true;
}

/** The leaf's value for one host, evaluated as a pair is. */
function valueFor(fleet: Fleet, program: Program, leaf: Leaf, host: u32): u32 {
  const region = scratchMemory();
  if (region == 0) return Kleene.UNKNOWN;
  const nfd = nfdProgram(program, leaf.a);
  const counting = leaf.kind == LeafKind.COUNTING;
  viewHost(fleet, host, region);
  setFacts(factsOfNothing(fleet, 1), factsOfNothing(fleet, 1));
  // Another host's answer may be kept.
  nfd.answeredFor = 0;
  let value = evaluateNfd(program, nfd, counting);
  nfd.answeredFor = 0;
  closeView();
  if (!counting || evaluationError != 0) return value;
  value = value == Kleene.TRUE && changetype<usize>(countingSet(nfd)) == <usize>leaf.b ? Kleene.TRUE : Kleene.FALSE;
  return value;
}
