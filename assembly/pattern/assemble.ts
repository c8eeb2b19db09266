/** Puts a pattern that was read together into the one block of memory that stays: see automaton.ts. */
import { regionAlloc } from "../memory/region";
import {
  SOLE_CLASS,
  classCount,
  divide,
  intervalClass,
  intervalCount,
  intervalOf,
  intervalStart,
  rowCount,
  setPlace,
} from "./alphabet";
import { addAsciiGroup } from "./ascii-groups";
import { Automaton, Neighbour } from "./automaton";
import { addRange, clearClass } from "./classes";
import { PatternError, fail } from "./errors";
import { Assertion, OPERAND_SHIFT, OP_MASK, Op, programAddress, programLength } from "./program";
import { work } from "./scratch";
import { NO_SET, internClass, setCount, setLength, setRanges } from "./sets";
import { beginsNowhere } from "./simulate";

const ASCII_COUNT: u32 = 128;

/** The automaton of the program at hand, in `region`; 0, with the error set, without memory or work. */
export function assemble(region: usize): usize {
  const code = programAddress();
  const instructions = programLength();
  let words = false;
  let lines = false;
  for (let pc: u32 = 0; pc < instructions; pc++) {
    const instruction = load<u32>(code + (pc << 2));
    if ((instruction & OP_MASK) != Op.Assert) continue;
    const assertion = instruction >>> OPERAND_SHIFT;
    words = words || assertion >= <u32>Assertion.WordBoundary;
    lines = lines || assertion == Assertion.BeginLine || assertion == Assertion.EndLine;
  }
  // What assertions ask about must be the same for all code points of a class.
  const wordSet = words ? internWords() : NO_SET;
  const newlineSet = lines ? internNewline() : NO_SET;
  if ((words && wordSet == NO_SET) || (lines && newlineSet == NO_SET) || !divide()) return 0;
  if (!work(instructions * 4 + classCount() * 4)) return 0;

  const bitWords = (instructions + 63) >>> 6;
  const firstBound = intervalOf(ASCII_COUNT);
  const bounds = intervalCount() - firstBound;
  const memberBytes = (classCount() + 8) >>> 3;
  // In the order of their alignment: u64, u32, u16, u8.
  const record = (<u32>offsetof<Automaton>() + 7) & ~7;
  const fixed =
    record + bitWords * 32 + instructions * 4 + bounds * 4 + instructions * 2 + ASCII_COUNT * 2 + bounds * 2;
  const address = regionAlloc(region, fixed + classCount() + 1 + rowCount() * memberBytes);
  if (address == 0) {
    fail(PatternError.OutOfMemory, 0);
    return 0;
  }
  const a = changetype<Automaton>(address);
  a.region = region;
  a.instructions = instructions;
  a.words = bitWords;
  a.consuming = address + record;
  a.pending = a.consuming + (bitWords << 3);
  a.now = a.pending + (bitWords << 3);
  a.then = a.now + (bitWords << 3);
  a.program = a.then + (bitWords << 3);
  a.bounds = a.program + (instructions << 2);
  a.stack = a.bounds + (bounds << 2);
  a.ascii = a.stack + (instructions << 1);
  a.boundClasses = a.ascii + (ASCII_COUNT << 1);
  a.neighbours = a.boundClasses + (bounds << 1);
  a.members = a.neighbours + classCount() + 1;
  a.memberBytes = memberBytes;
  a.classes = classCount();
  a.boundCount = bounds;

  writeProgram(a, code);
  writeClasses(a, firstBound);
  writeNeighbours(a, wordSet, Neighbour.Word);
  writeNeighbours(a, newlineSet, Neighbour.Newline);
  store<u8>(a.neighbours + a.classes, Neighbour.Edge);
  for (let set: u32 = 0; set < setCount(); set++) {
    if (!writeMembers(a, set)) return 0;
  }
  a.anchored = beginsNowhere(a);
  return address;
}

function internWords(): u32 {
  clearClass();
  store<u8>(wordName, 0x77);
  addAsciiGroup(wordName, 1, false, false);
  return internClass(0);
}

const wordName: usize = memory.data(8);

function internNewline(): u32 {
  clearClass();
  addRange(0x0a, 0x0a);
  return internClass(0);
}

function addToSet(bits: usize, pc: u32): void {
  const word = bits + ((pc >>> 6) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (pc & 63)));
}

function writeProgram(a: Automaton, code: usize): void {
  for (let pc: u32 = 0; pc < a.instructions; pc++) {
    let instruction = load<u32>(code + (pc << 2));
    const operand = instruction >>> OPERAND_SHIFT;
    switch (instruction & OP_MASK) {
      case Op.Set: {
        const place = setPlace(operand);
        const op = (place & SOLE_CLASS) != 0 ? Op.Class : Op.Set;
        instruction = ((place & ~SOLE_CLASS) << OPERAND_SHIFT) | <u32>op;
        addToSet(a.consuming, pc);
        break;
      }
      case Op.Assert:
        // The two that look back only are settled as soon as they are reached.
        if (operand >= <u32>Assertion.EndText) {
          addToSet(a.pending, pc);
          a.hasPending = true;
        }
        break;
    }
    store<u32>(a.program + (pc << 2), instruction);
  }
}

function writeClasses(a: Automaton, firstBound: u32): void {
  for (let rune: u32 = 0; rune < ASCII_COUNT; rune++) {
    store<u16>(a.ascii + (rune << 1), <u16>intervalClass(intervalOf(rune)));
  }
  for (let i: u32 = 0; i < a.boundCount; i++) {
    store<u32>(a.bounds + (i << 2), intervalStart(firstBound + i));
    store<u16>(a.boundClasses + (i << 1), <u16>intervalClass(firstBound + i));
  }
}

/** Marks the classes of a set as that kind of neighbour. */
function writeNeighbours(a: Automaton, set: u32, neighbour: Neighbour): void {
  if (set == NO_SET) return;
  for (let i: u32 = 0; i < setLength(set); i++) {
    const range = setRanges(set) + (i << 3);
    const last = load<u32>(range);
    for (let interval = load<u32>(range, 4); interval <= last; interval++) {
      store<u8>(a.neighbours + intervalClass(interval), <u8>neighbour);
    }
  }
}

/** Writes the row of a set, if it has one. */
function writeMembers(a: Automaton, set: u32): bool {
  const place = setPlace(set);
  if ((place & SOLE_CLASS) != 0) return true;
  const row = a.members + place * a.memberBytes;
  for (let i: u32 = 0; i < setLength(set); i++) {
    const range = setRanges(set) + (i << 3);
    const first = load<u32>(range, 4);
    const last = load<u32>(range);
    if (!work(10 + (last - first) * 3)) return false;
    for (let interval = first; interval <= last; interval++) {
      const number = intervalClass(interval);
      const byte = row + (number >>> 3);
      const bits = <u32>load<u8>(byte) | ((<u32>1) << (number & 7));
      store<u8>(byte, <u8>bits);
    }
  }
  return true;
}
