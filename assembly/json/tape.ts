/**
 * The tape: a document's values in the order of its text, 16 bytes each.
 *
 *   0  offset   byte offset in the source of the value's first byte (of a string: after its quote)
 *   4  info     bits 0..2 kind, bit 3 escaped, bits 4..31 length in bytes (of a container: number of elements or members)
 *   8  link     container: index of the first node after it; string: hash of its text
 *  12  extra    container: offset of the byte after its end; escaped string: offset in the side buffer of { u32 length, bytes }
 *
 * A member of an object is its key's node, then its value's. INVARIANT: a container's nodes lie between it and its link.
 */
import { sameBytes } from "../bytes";
import { Ascii, asciiBytes, asciiLength } from "../ascii";

export namespace Kind {
  export const NULL: u32 = 0;
  export const FALSE: u32 = 1;
  export const TRUE: u32 = 2;
  export const NUMBER: u32 = 3;
  export const STRING: u32 = 4;
  export const ARRAY: u32 = 5;
  export const OBJECT: u32 = 6;
}

export const ESCAPED: u32 = 8;
export const NODE: u32 = 16;
/** Zero bytes that follow every source and side buffer, so that 16 bytes can be read at any place. */
export const PADDING: u32 = 32;

/** A scanned document: views into memory that belongs to the scanner or to the document that kept it. */
@unmanaged export class Json {
  source: usize;
  length: u32;
  tape: usize;
  count: u32;
  side: usize;
  sideLength: u32;
}

@inline export function nodeAt(json: Json, node: u32): usize {
  return json.tape + (<usize>node << 4);
}
@inline export function kindOf(json: Json, node: u32): u32 {
  return load<u32>(nodeAt(json, node), 4) & 7;
}
/** Elements of an array or members of an object. */
export function sizeOfContainer(json: Json, node: u32): u32 {
  return load<u32>(nodeAt(json, node), 4) >>> 4;
}
export function offsetOf(json: Json, node: u32): u32 {
  return load<u32>(nodeAt(json, node));
}
/** The first node after this value. */
export function nextOf(json: Json, node: u32): u32 {
  return kindOf(json, node) >= Kind.ARRAY ? load<u32>(nodeAt(json, node), 8) : node + 1;
}
@inline export function hashOf(json: Json, node: u32): u32 {
  return load<u32>(nodeAt(json, node), 8);
}

/** Address of a string's text (escapes resolved), or of a number's or literal's source text. */
export function textOf(json: Json, node: u32): usize {
  const at = nodeAt(json, node);
  if (load<u32>(at, 4) & ESCAPED) return json.side + load<u32>(at, 12) + 4;
  return json.source + load<u32>(at);
}

/** Length of that text in bytes. */
export function textLengthOf(json: Json, node: u32): u32 {
  const at = nodeAt(json, node);
  const info = load<u32>(at, 4);
  if (info & ESCAPED) return load<u32>(json.side + load<u32>(at, 12));
  return info >>> 4;
}

/** Offsets of the value's first byte and of the byte after its last, quotes included. */
export function spanStart(json: Json, node: u32): u32 {
  return offsetOf(json, node) - (kindOf(json, node) == Kind.STRING ? 1 : 0);
}
export function spanEnd(json: Json, node: u32): u32 {
  const at = nodeAt(json, node);
  const info = load<u32>(at, 4);
  const kind = info & 7;
  if (kind >= Kind.ARRAY) return load<u32>(at, 12);
  return load<u32>(at) + (info >>> 4) + (kind == Kind.STRING ? 1 : 0);
}

/** Whether the text of a string node is the ASCII text `s`. */
export function textIs(json: Json, node: u32, s: Ascii): bool {
  return sameAscii(textOf(json, node), textLengthOf(json, node), s);
}

/** Whether bytes are the ASCII text `s`. */
export function sameAscii(p: usize, length: u32, s: Ascii): bool {
  return length == asciiLength(s) && sameBytes(p, asciiBytes(s), length);
}

/** The value of the member `name` of an object, or 0 (never a value's index: the root is 0). */
export function memberOf(json: Json, object: u32, name: Ascii): u32 {
  const end = nextOf(json, object);
  let key = object + 1;
  while (key < end) {
    if (textIs(json, key, name)) return key + 1;
    key = nextOf(json, key + 1);
  }
  return 0;
}
