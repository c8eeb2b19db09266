/**
 * A program: what is compiled from one or more documents (or a policy). Conditions are a tree in one array, children after
 * their parent, so that a subtree is a range:
 *
 *   node, 32 bytes:
 *     0  op (u8)   1  mode (u8)   2  document (u16)
 *     4  end: index of the first node after the subtree
 *     8  feature (symbol)   12  name (symbol)
 *    16  tests of an attribute, or a count's range (addresses)
 *    20  tape node of the value that stands at the node's pointer
 *    24  parent (index, NONE for a root)
 *    28  where the feature is looked up: 0 the host, 1 the candidate
 *
 *   root, 24 bytes: 0 role (u16), 2 document (u16), 4 node or NONE, 8 weight or type (symbol), 12 tape node, 16 name (tape node)
 */
import { Json } from "../json/tape";
import { NfdProgram } from "../nfd/program";
import { Symbols, forgetBindings } from "../symbols";

export const NONE: u32 = 0xffffffff;

export namespace Op {
  export const ALL: u32 = 0;
  export const ANY: u32 = 1;
  export const NOT: u32 = 2;
  /** Three children: condition, then, else. */
  export const IF: u32 = 3;
  export const TRUE: u32 = 4;
  export const FLAG: u32 = 5;
  export const ATTRIBUTE: u32 = 6;
  /** One child over an instance's attributes (a count may have none); mode says what is asked of the list. */
  export const INSTANCES: u32 = 7;
}

export namespace Mode {
  export const SOME: u32 = 0;
  export const EVERY: u32 = 1;
  export const NO: u32 = 2;
  export const COUNT: u32 = 3;
  /** Of ALL and ANY nodes: made for a list of flags. */
  export const FLAGS: u32 = 4;
  /** Of ALL nodes: the parts of a feature's matcher, a map whose `name` is an attribute. */
  export const MATCHER: u32 = 5;
}

export namespace Role {
  export const REQUIRES: u32 = 0;
  export const INCLUDES: u32 = 1;
  export const PREFERS: u32 = 2;
  export const RUNTIME: u32 = 3;
}

/** One test of an attribute, 12 bytes after a u32 count: kind, then its operands. */
export namespace TestKind {
  /** Address of { u32 count, symbols }. */
  export const IN: u32 = 0;
  export const NOT_IN: u32 = 1;
  /** Address of a range; domain as in values/range.ts is kind - VERSION. */
  export const VERSION: u32 = 2;
  export const NUMBER: u32 = 3;
  export const SIZE: u32 = 4;
  /** Address of a pattern. */
  export const MATCHES: u32 = 5;
  /** 1 or 0. */
  export const EXISTS: u32 = 6;
}

export namespace DialectId {
  export const NATIVE: u32 = 0;
  export const NFD: u32 = 1;
}

@unmanaged export class Document {
  json: Json;
  id: usize;
  idLength: u32;
  dialect: u32;
  /** Address of an NFD program (nfd/compile.ts), for that dialect. */
  nfd: usize;
}

@unmanaged export class Program {
  region: usize;
  symbols: Symbols;
  nodes: usize;
  nodeCount: u32;
  roots: usize;
  rootCount: u32;
  /** Addresses of Document. */
  documents: usize;
  documentCount: u32;
  /** A byte for each node: its value in the last full evaluation. */
  values: usize;
  /** For each node a cell of answer/constants.ts; bytes that are kept there in all. */
  constants: usize;
  kept: u32;
  /** Of a policy: see policy.ts. */
  policyBits: u32;
  allowedTypes: usize;
  /** What it is for fleets (fleet/plan.ts), in its region; 0: not asked yet. */
  plan: usize;
}

export const PROGRAM_NODE: u32 = 32;
export const ROOT: u32 = 24;

@inline export function programNode(program: Program, index: u32): usize {
  return program.nodes + (<usize>index << 5);
}
@inline export function opOf(node: usize): u32 {
  return load<u8>(node);
}
@inline export function modeOf(node: usize): u32 {
  return load<u8>(node, 1);
}
@inline export function documentOf(node: usize): u32 {
  return load<u16>(node, 2);
}
@inline export function endOf(node: usize): u32 {
  return load<u32>(node, 4);
}
@inline export function tapeOf(node: usize): u32 {
  return load<u32>(node, 20);
}
@inline export function parentOf(node: usize): u32 {
  return load<u32>(node, 24);
}
@inline export function rootAt(program: Program, index: u32): usize {
  return program.roots + index * ROOT;
}
/** Forgets everything that was found out for facts that came before. */
export function forgetFacts(program: Program): void {
  forgetBindings(program.symbols);
  for (let d: u32 = 0; d < program.documentCount; d++) {
    const nfd = documentAt(program, d).nfd;
    if (nfd != 0) changetype<NfdProgram>(nfd).answeredFor = 0;
  }
}

@inline export function documentAt(program: Program, index: u32): Document {
  return changetype<Document>(<usize>load<u32>(program.documents + (index << 2)));
}
