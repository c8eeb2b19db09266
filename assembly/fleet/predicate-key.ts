/**
 * What a leaf asks, as bytes: leaves with equal keys are one predicate, whatever documents they stand in. A key is a kind, then texts with
 * their lengths; a test is the JSON that it was compiled from, without the space between its tokens.
 */
import { Code, fail } from "../errors";
import { hashBytes } from "../hash";
import { Json, spanEnd, spanStart } from "../json/tape";
import { Buffer, bufferReserve, bufferTrim } from "../memory/buffer";
import { NfdProgram, RuleSet, Term } from "../nfd/program";
import { Platform } from "../platform/platform";
import { Op, Program, documentAt, documentOf, modeOf, opOf, programNode, tapeOf } from "../program/program";
import { symbolLength, symbolText } from "../symbols";
import { charge } from "../work";
import { draftLength, draftPlatform } from "./base";
import { Leaf, LeafKind } from "./plan";

const key = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 14;
/** Bytes that hashing may read behind a key. */
const PADDING: u32 = 16;

export function keyAddress(): usize {
  return key.address;
}
export function keyLength(): u32 {
  return key.length;
}
export function keyHash(): u32 {
  return hashBytes(key.address, key.length);
}

function room(bytes: u32): usize {
  if (!charge(bytes >>> 2)) {
    fail(Code.BUDGET);
    return 0;
  }
  if (!bufferReserve(key, key.length + bytes + PADDING)) {
    fail(Code.OUT_OF_MEMORY);
    return 0;
  }
  const at = key.address + key.length;
  key.length += bytes;
  return at;
}

function putWord(word: u32): bool {
  const at = room(4);
  if (at == 0) return false;
  store<u32>(at, word);
  return true;
}

function putText(text: usize, length: u32): bool {
  const at = putWord(length) ? room(length) : 0;
  if (at == 0) return false;
  memory.copy(at, text, length);
  return true;
}

function putSymbol(symbol: u32): bool {
  return putText(symbolText(symbol), symbolLength(symbol));
}

/** A value of a document, without what stands between its tokens. */
function putJson(json: Json, node: u32): bool {
  const from = json.source + spanStart(json, node);
  const end = json.source + spanEnd(json, node);
  const at = room(<u32>(end - from));
  if (at == 0) return false;
  let to = at;
  let quoted = false;
  for (let p = from; p < end; p++) {
    const c = load<u8>(p);
    if (!quoted && (c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09)) continue;
    store<u8>(to++, c);
    if (c == 0x22) quoted = !quoted;
    else if (c == 0x5c && quoted) store<u8>(to++, load<u8>(++p));
  }
  key.length -= <u32>(at + (end - from) - to);
  return true;
}

/** Makes the key of a leaf. `platform` is the candidate's, if one takes part. False with the error recorded. */
export function makeKey(program: Program, leaf: Leaf, candidate: bool, platform: Platform): bool {
  bufferTrim(key, KEPT);
  const kind = leaf.kind;
  if (kind == LeafKind.NATIVE) return nativeKey(program, programNode(program, leaf.a));
  if (!putWord(kind)) return false;
  if (kind == LeafKind.TERM) {
    return putJson(documentAt(program, leaf.b).json, changetype<Term>(<usize>leaf.a).tape);
  }
  if (kind == LeafKind.DOCUMENT || kind == LeafKind.COUNTING) {
    const document = documentAt(program, leaf.a);
    const set: u32 = kind == LeafKind.COUNTING ? changetype<RuleSet>(<usize>leaf.b).index + 1 : 0;
    return putWord(set) && putJson(document.json, changetype<NfdProgram>(document.nfd).setsTape);
  }
  if (kind == LeafKind.RUNTIME && !putSymbol(leaf.a)) return false;
  if (!putWord(candidate ? (changetype<usize>(platform) == 0 ? 1 : 2) : 0)) return false;
  if (!candidate || changetype<usize>(platform) == 0) return true;
  const bytes = draftPlatform(platform);
  return bytes == 0 ? fail(Code.OUT_OF_MEMORY) : putText(bytes, draftLength());
}

function nativeKey(program: Program, node: usize): bool {
  const op = opOf(node);
  if (!putWord(LeafKind.NATIVE | (op << 8) | (modeOf(node) << 16)) || !putSymbol(load<u32>(node, 8))) return false;
  if (op != Op.INSTANCES && !putSymbol(load<u32>(node, 12))) return false;
  return op == Op.FLAG || putJson(documentAt(program, documentOf(node)).json, tapeOf(node));
}
