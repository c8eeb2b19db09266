/**
 * A table of the sets that simulation has met, built as texts need it: while a text leads through known states, a code
 * point costs one look-up. The table has a bounded size, is cleared when it is full, and given up for a pattern whose
 * texts fill it too fast.
 *
 *   table:  | hash slots: u16 each, 0 or a state | state | state | ...
 *   state:  | hash: u32 | count: u16 | before: u16 | row: u16 a class and one for the end | count instructions: u16 each |
 *
 * A state is named by its distance from the table, in units of 8 bytes. What a row holds is such a name, or:
 *
 *   0  not known yet
 *   1  no match, whatever follows
 *   2  a match, whatever follows
 */
import { regionAlloc } from "../memory/region";
import { charge } from "../work";
import { Automaton, Neighbour, classOf } from "./automaton";
import { sameBytes } from "./bytes";
import { RUNE_BYTES_SHIFT, RUNE_MASK, decodeRune } from "./runes";
import { BUDGET_GONE, MATCH, NO_MATCH, begin, chargeSteps, isEmpty, simulate, step } from "./simulate";

/** The most bytes of a table. */
export const MAX_TABLE_BYTES: u32 = 65_536;
const MIN_TABLE_BYTES: u32 = 8192;
/** A power of two; of a hash, its highest bits are the slot. */
const SLOTS: u32 = 1024;
const SLOT_SHIFT: u32 = 22;
const MAX_STATES: u32 = 768;
/** How many states a table should hold at least, if it may. */
const WANTED_STATES: u32 = 96;
/** Patterns whose rows are longer than this are left to simulation. */
const MAX_ROW_BYTES: u32 = 2048;
/** With fewer bytes of text than this for each state, a table was not worth it. */
const WORTH_BYTES: u32 = 10;
const MAX_STRIKES: u32 = 3;

const STATE_HEADER: u32 = 8;

const UNKNOWN: u32 = 0;
const DEAD: u32 = 1;
const ACCEPTED: u32 = 2;
/** No state at all: the table is of no use. */
const NO_STATE: u32 = 0xffffffff;

/** Whether the text matches: with the table, or without where that is better. */
export function match(a: Automaton, text: usize, length: u32): i32 {
  if (a.withoutTable || (a.table == 0 && !openTable(a))) return simulate(a, text, length);
  if (!charge(length + 8)) return BUDGET_GONE;
  let state = a.tableStart;
  if (state == UNKNOWN) {
    state = begin(a, a.then, Neighbour.Edge) ? ACCEPTED : stateOf(a, Neighbour.Edge);
    if (!chargeSteps(a)) return BUDGET_GONE;
    if (state == NO_STATE) return simulate(a, text, length);
    a.tableStart = state;
  }
  const table = a.table;
  const ascii = a.ascii;
  const end = text + length;
  let at = text;
  let counted = text;
  while (true) {
    if (state <= ACCEPTED) return state == ACCEPTED ? MATCH : NO_MATCH;
    let number: u32;
    const last = at >= end;
    if (last) {
      number = a.classes;
    } else {
      const first = <u32>load<u8>(at);
      if (first < 0x80) {
        number = load<u16>(ascii + (first << 1));
        at++;
      } else {
        const rune = decodeRune(at, end);
        at += rune >>> RUNE_BYTES_SHIFT;
        number = classOf(a, rune & RUNE_MASK);
      }
    }
    const cell = table + (state << 3) + STATE_HEADER + (number << 1);
    state = load<u16>(cell);
    if (state == UNKNOWN) {
      a.tableRead += <u32>(at - counted);
      counted = at;
      state = follower(a, cell, number);
      if (!chargeSteps(a)) return BUDGET_GONE;
      if (state == NO_STATE) return simulate(a, text, length);
    }
    if (last) return state == ACCEPTED ? MATCH : NO_MATCH;
  }
}

/** The table, empty. False if there is no memory for it or if it would be of no use. */
function openTable(a: Automaton): bool {
  const row = (a.classes + 1) << 1;
  if (row > MAX_ROW_BYTES) {
    a.withoutTable = true;
    return false;
  }
  const wanted = (SLOTS << 1) + WANTED_STATES * (STATE_HEADER + row + min(a.instructions, 32) * 2);
  const bytes = (min(max(wanted, MIN_TABLE_BYTES), MAX_TABLE_BYTES) + 7) & ~7;
  a.table = regionAlloc(a.region, bytes);
  if (a.table == 0) return false;
  a.tableBytes = bytes;
  a.tableUsed = SLOTS << 1;
  return true;
}

function clearTable(a: Automaton): void {
  if (a.tableRead < a.tableStates * WORTH_BYTES && ++a.tableStrikes == MAX_STRIKES) a.withoutTable = true;
  memory.fill(a.table, 0, SLOTS << 1);
  a.tableUsed = SLOTS << 1;
  a.tableStates = 0;
  a.tableStart = UNKNOWN;
  a.tableCleared = true;
  a.tableRead = 0;
}

/** Finds out what comes after the state of `cell` with a class or the end, and writes it there. */
function follower(a: Automaton, cell: usize, number: u32): u32 {
  const from = cell - (number << 1) - STATE_HEADER;
  const before = <Neighbour>load<u16>(from, 6);
  memory.fill(a.now, 0, a.words << 3);
  let member = from + STATE_HEADER + ((a.classes + 1) << 1);
  const end = member + (load<u16>(from, 4) << 1);
  for (; member < end; member += 2) {
    const pc = <u32>load<u16>(member);
    const word = a.now + ((pc >>> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (pc & 63)));
  }
  let state: u32;
  if (step(a, number, before)) state = ACCEPTED;
  else if (number == a.classes) state = DEAD;
  else {
    a.tableCleared = false;
    state = stateOf(a, <Neighbour>load<u8>(a.neighbours + number));
    // Then the row of `cell` is gone too.
    if (a.tableCleared) return state;
  }
  if (state != NO_STATE) store<u16>(cell, <u16>state);
  return state;
}

/**
 * The state of the set `a.then` after a code point `before`, a new one if need be. `NO_STATE` if the table is of no use.
 * The state is written first, at the table's end, and stays there if there was none like it.
 */
function stateOf(a: Automaton, before: Neighbour): u32 {
  if (a.anchored && isEmpty(a, a.then)) return DEAD;
  let count: u32 = 0;
  let assertions: u64 = 0;
  for (let at: u32 = 0; at < a.words << 3; at += 8) {
    const asserting = load<u64>(a.then + at) & load<u64>(a.pending + at);
    assertions |= asserting;
    count += <u32>popcnt(load<u64>(a.then + at) & load<u64>(a.consuming + at)) + <u32>popcnt(asserting);
  }
  const header = STATE_HEADER + ((a.classes + 1) << 1);
  const bytes = (header + (count << 1) + 7) & ~7;
  if (a.tableUsed + bytes > a.tableBytes || a.tableStates == MAX_STATES) {
    clearTable(a);
    if (a.tableUsed + bytes > a.tableBytes) a.withoutTable = true;
    if (a.withoutTable) return NO_STATE;
  }
  const state = a.table + a.tableUsed;
  memory.fill(state, 0, bytes);
  // What comes before matters only to assertions.
  const kind = count | ((assertions != 0 ? <u32>before : 0) << 16);
  store<u32>(state, kind, 4);
  let hash = kind;
  let member = state + header;
  for (let word: u32 = 0; word < a.words; word++) {
    const at = word << 3;
    const stops = load<u64>(a.consuming + at) | load<u64>(a.pending + at);
    for (let left = load<u64>(a.then + at) & stops; left != 0; left &= left - 1) {
      const pc = (word << 6) + <u32>ctz(left);
      store<u16>(member, <u16>pc);
      hash = (rotl(hash, 5) ^ pc) * 0x9e3779b1;
      member += 2;
    }
  }
  store<u32>(state, hash);
  let slot = hash >>> SLOT_SHIFT;
  while (true) {
    const name = <u32>load<u16>(a.table + (slot << 1));
    if (name == 0) break;
    const other = a.table + (name << 3);
    if (load<u64>(other) == load<u64>(state) && sameBytes(other + header, state + header, count << 1))
      return name;
    slot = (slot + 1) & (SLOTS - 1);
  }
  const name = a.tableUsed >>> 3;
  store<u16>(a.table + (slot << 1), <u16>name);
  a.tableUsed += bytes;
  a.tableStates++;
  return name;
}
