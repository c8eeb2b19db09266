/** The nodes and roots of the program that is being compiled, staged in buffers and copied into its region at the end. */
import { Code, failAt } from "../errors";
import { hashBytes } from "../hash";
import { Json, Kind, hashOf, kindOf, textLengthOf, textOf } from "../json/tape";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { regionAllocRaw } from "../memory/region";
import { Symbols, intern } from "../symbols";
import { charge } from "../work";
import { NONE, PROGRAM_NODE, Program, ROOT } from "./program";

/** Nodes of one program. */
export const MAX_PROGRAM_NODES: u32 = 1 << 20;

const nodeBuffer = changetype<Buffer>(memory.data(12, 8));
const rootBuffer = changetype<Buffer>(memory.data(12, 8));
let region: usize = 0;
let symbols: Symbols = changetype<Symbols>(<usize>0);
let json: Json = changetype<Json>(<usize>0);
let document: u32 = 0;

export function beginProgram(intoRegion: usize, table: Symbols): void {
  region = intoRegion;
  symbols = table;
  nodeBuffer.length = 0;
  rootBuffer.length = 0;
}

export function beginDocument(index: u32, view: Json): void {
  document = index;
  json = view;
}

export function currentJson(): Json {
  return json;
}
export function currentDocument(): u32 {
  return document;
}
export function currentSymbols(): Symbols {
  return symbols;
}
export function currentRegion(): usize {
  return region;
}

/** Index that the next node gets. */
export function nodeCount(): u32 {
  return nodeBuffer.length / PROGRAM_NODE;
}

export function stagedNode(index: u32): usize {
  return nodeBuffer.address + (<usize>index << 5);
}

/** Adds a node whose end is the next index; NONE with the error recorded. */
export function emit(op: u32, mode: u32, tape: u32, parent: u32): u32 {
  const index = nodeCount();
  if (index >= MAX_PROGRAM_NODES) {
    failAt(Code.LIMIT, tape);
    return NONE;
  }
  if (!charge(4)) {
    failAt(Code.BUDGET, tape);
    return NONE;
  }
  if (!bufferReserve(nodeBuffer, nodeBuffer.length + PROGRAM_NODE)) {
    failAt(Code.OUT_OF_MEMORY, tape);
    return NONE;
  }
  const at = stagedNode(index);
  memory.fill(at, 0, PROGRAM_NODE);
  store<u8>(at, <u8>op);
  store<u8>(at, <u8>mode, 1);
  store<u16>(at, <u16>document, 2);
  store<u32>(at, index + 1, 4);
  store<u32>(at, tape, 20);
  store<u32>(at, parent, 24);
  nodeBuffer.length += PROGRAM_NODE;
  return index;
}

/** Ends a node's subtree here. */
export function endNode(index: u32): void {
  store<u32>(stagedNode(index), nodeCount(), 4);
}

export function addRoot(role: u32, node: u32, weightOrType: u32, tape: u32, name: u32): bool {
  if (!bufferReserve(rootBuffer, rootBuffer.length + ROOT)) return failAt(Code.OUT_OF_MEMORY, tape);
  const at = rootBuffer.address + rootBuffer.length;
  store<u16>(at, <u16>role);
  store<u16>(at, <u16>document, 2);
  store<u32>(at, node, 4);
  store<u32>(at, weightOrType, 8);
  store<u32>(at, tape, 12);
  store<u32>(at, name, 16);
  store<u32>(at, 0, 20);
  rootBuffer.length += ROOT;
  return true;
}

/** The roots so far, for checks within a document. */
export function stagedRoots(): u32 {
  return rootBuffer.length / ROOT;
}
export function stagedRoot(index: u32): usize {
  return rootBuffer.address + index * ROOT;
}

/** Interns a string's, number's or literal's text. 0 with the error recorded. */
export function symbolAt(node: u32): u32 {
  const text = textOf(json, node);
  const length = textLengthOf(json, node);
  return kindOf(json, node) == Kind.STRING ? hashedSymbol(text, length, hashOf(json, node), node) : symbolOf(text, length, node);
}

/** Interns a text that lives as long as the program and is padded. 0 with the error recorded at `node`. */
export function symbolOf(text: usize, length: u32, node: u32): u32 {
  return hashedSymbol(text, length, hashBytes(text, length), node);
}

function hashedSymbol(text: usize, length: u32, hash: u32, node: u32): u32 {
  const s = intern(symbols, text, length, hash);
  if (s == 0) failAt(charge(1) ? Code.OUT_OF_MEMORY : Code.BUDGET, node);
  return s;
}

/** Memory of the program that is being compiled; 0 with the error recorded. */
export function take(bytes: u32, tape: u32): usize {
  const address = regionAllocRaw(region, bytes);
  if (address == 0) failAt(Code.OUT_OF_MEMORY, tape);
  return address;
}

/** As take, but cleared, and with work for what is compiled into it. */
export function takeCleared(bytes: u32, tape: u32): usize {
  if (!charge(bytes >>> 2)) {
    failAt(Code.BUDGET, tape);
    return 0;
  }
  const address = take(bytes, tape);
  if (address != 0) memory.fill(address, 0, bytes);
  return address;
}

/** Copies what was staged into the program. */
export function endProgram(program: Program): bool {
  const nodes = nodeCount();
  program.nodes = take(nodeBuffer.length + PROGRAM_NODE, 0);
  program.roots = take(rootBuffer.length + ROOT, 0);
  program.values = take(nodes + 8, 0);
  program.constants = takeCleared(nodes << 2, 0);
  if (program.nodes == 0 || program.roots == 0 || program.values == 0 || program.constants == 0) return false;
  memory.copy(program.nodes, nodeBuffer.address, nodeBuffer.length);
  memory.copy(program.roots, rootBuffer.address, rootBuffer.length);
  program.nodeCount = nodes;
  program.rootCount = rootBuffer.length / ROOT;
  bufferTrim(nodeBuffer, 1 << 18);
  bufferTrim(rootBuffer, 1 << 16);
  return true;
}
