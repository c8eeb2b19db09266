/**
 * Compiles requirements documents, one after the other, into one program.
 *
 *   bundle:  u32 count, then for each document { u32 dialect, u32 length of the id, u32 length of the document },
 *            then for each document its id and its bytes
 */
import { Code, fail, failAt, failAtByte, Phrase, setErrorDocument } from "../errors";
import { expectArray, expectFilled, expectObject, expectString, expectTexts } from "../json/expect";
import { partialJson, scan } from "../json/scan";
import { isUtf8 } from "../json/strings";
import { Json, Kind, kindOf, memberOf, nextOf, textIs, textLengthOf, textOf } from "../json/tape";
import { regionAlloc, regionCreate, regionFree } from "../memory/region";
import { compileNfd } from "../nfd/compile";
import { symbolsCreate } from "../symbols";
import { charge } from "../work";
import { compileCondition } from "./conditions";
import { addRoot, beginDocument, beginProgram, currentDocument, currentJson, endProgram, stagedRoot, stagedRoots, symbolAt } from "./emit";
import { Heading, headingComplete, headingMember, isExplanation, refuseOtherVersions } from "./heading";
import { DialectId, Document, NONE, Program, Role } from "./program";
import { padded, retain } from "./retain";

/** Documents of one program, and bytes of one document. */
export const MAX_DOCUMENTS: u32 = 64;

export const MAX_DOCUMENT_BYTES: u32 = 1 << 20;

/** Bytes of a document's id. */
export const MAX_ID_BYTES: u32 = 1024;

/** The document that a failed call was about, for the error's place. */
export let failedJson: Json = changetype<Json>(<usize>0);

export let failedId: usize = 0;

export let failedIdLength: u32 = 0;

export function clearFailed(): void {
  failedJson = changetype<Json>(<usize>0);
  failedId = 0;
  failedIdLength = 0;
}

export function setFailed(json: Json): void {
  failedJson = json;
}

/** A program without documents; 0 with the error recorded. */
export function newProgram(bytes: u32, documents: u32): Program {
  const none = changetype<Program>(<usize>0);
  const region = regionCreate(bytes);
  if (region == 0) {
    fail(Code.OUT_OF_MEMORY);
    return none;
  }
  const address = regionAlloc(region, offsetof<Program>());
  const program = changetype<Program>(address);
  if (address != 0) {
    program.region = region;
    program.symbols = symbolsCreate(region, 64, false);
    program.documents = regionAlloc(region, documents << 2);
    program.documentCount = documents;
    if (changetype<usize>(program.symbols) != 0 && program.documents != 0) return program;
  }
  regionFree(region);
  fail(Code.OUT_OF_MEMORY);
  return none;
}

/** Scans a document into the program's region. 0 with the error recorded. */
export function addDocument(
  program: Program,
  index: u32,
  id: usize,
  idLength: u32,
  bytes: usize,
  length: u32,
): Document {
  const none = changetype<Document>(<usize>0);
  setErrorDocument(index);
  failedId = id;
  failedIdLength = idLength;
  const address = regionAlloc(program.region, offsetof<Document>());
  const jsonAddress = regionAlloc(program.region, offsetof<Json>());
  if (address == 0 || jsonAddress == 0) {
    fail(Code.OUT_OF_MEMORY);
    return none;
  }
  const document = changetype<Document>(address);
  document.json = changetype<Json>(jsonAddress);
  store<u32>(program.documents + (index << 2), <u32>address);
  document.id = padded(program.region, id, idLength);
  document.idLength = idLength;
  const source = padded(program.region, bytes, length);
  if (document.id == 0 || source == 0) return none;
  failedJson = document.json;
  if (length > MAX_DOCUMENT_BYTES) {
    failAtByte(Code.TOO_LARGE, 0);
    return none;
  }
  if (!scan(source, length, document.json)) {
    partialJson(source, length, document.json);
    return none;
  }
  return retain(program.region, document.json) ? document : none;
}

/** Compiles a bundle of requirements documents. 0 with the error recorded. */
export function compileBundle(input: usize, length: u32): Program {
  const none = changetype<Program>(<usize>0);
  const count: u32 = length < 4 ? 0 : load<u32>(input);
  if (count == 0 || count > MAX_DOCUMENTS || length < 4 + count * 12) {
    fail(count > MAX_DOCUMENTS ? Code.LIMIT : Code.BAD_CALL);
    return none;
  }
  let total: u64 = 4 + count * 12;
  for (let i: u32 = 0; i < count; i++) {
    const at = input + 4 + i * 12;
    total += <u64>load<u32>(at, 4) + load<u32>(at, 8);
    if (load<u32>(at) > DialectId.NFD || load<u32>(at, 4) > MAX_ID_BYTES) {
      fail(Code.BAD_CALL);
      return none;
    }
  }
  if (total != <u64>length) {
    fail(Code.BAD_CALL);
    return none;
  }
  let id = input + 4 + count * 12;
  for (let i: u32 = 0; i < count; i++) {
    const at = input + 4 + i * 12;
    if (!isUtf8(id, load<u32>(at, 4))) {
      fail(Code.BAD_CALL);
      return none;
    }
    id += load<u32>(at, 4) + load<u32>(at, 8);
  }
  const program = newProgram(4096, count);
  if (changetype<usize>(program) == 0) return none;
  beginProgram(program.region, program.symbols);
  let p = input + 4 + count * 12;
  let ok = true;
  for (let i: u32 = 0; i < count && ok; i++) {
    const at = input + 4 + i * 12;
    const idLength = load<u32>(at, 4);
    const bytes = load<u32>(at, 8);
    const document = addDocument(program, i, p, idLength, p + idLength, bytes);
    ok = changetype<usize>(document) != 0;
    if (ok) {
      document.dialect = load<u32>(at);
      beginDocument(i, document.json);
      ok = document.dialect == DialectId.NFD ? compileNfd(document) : compileRequirements();
    }
    p += idLength + bytes;
  }
  if (!ok || !endProgram(program)) {
    discard(program);
    return none;
  }
  return program;
}

/** The region of a program whose error is yet to be told: freed when the call has answered. */
export let discarded: usize = 0;

/** Remembers a failed program, since the error's place is read from it. */
export function discard(program: Program): void {
  discarded = program.region;
}

export function freeDiscarded(): void {
  if (discarded != 0) regionFree(discarded);
  discarded = 0;
}

/** One native document: its heading, then its members in their order. */
function compileRequirements(): bool {
  const json = currentJson();
  if (!expectObject(json, 0) || !refuseOtherVersions(json)) return false;
  const end = nextOf(json, 0);
  for (let key: u32 = 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    const heading = headingMember(json, key, "Requirements");
    if (heading == Heading.TAKEN) continue;
    let ok = false;
    if (heading == Heading.WRONG) return false;
    else if (isExplanation(json, key)) ok = expectString(json, value);
    else if (textIs(json, key, "annotations")) ok = expectTexts(json, value);
    else if (textIs(json, key, "requires")) ok = compileRoot(Role.REQUIRES, value, value);
    else if (textIs(json, key, "includes")) ok = compileItems(json, value, Role.INCLUDES);
    else if (textIs(json, key, "prefers")) ok = compileItems(json, value, Role.PREFERS);
    else if (textIs(json, key, "runtimes")) ok = compileItems(json, value, Role.RUNTIME);
    else ok = failAt(Code.UNKNOWN_KEY, key);
    if (!ok) return false;
  }
  return headingComplete(json);
}

export function compileRoot(role: u32, condition: u32, item: u32): bool {
  const node = compileCondition(condition);
  return node != NONE && addRoot(role, node, 0, item, 0);
}

/** includes, prefers, runtimes: lists of objects. */
export function compileItems(json: Json, list: u32, role: u32): bool {
  if (!expectArray(json, list) || !expectFilled(json, list)) return false;
  const end = nextOf(json, list);
  for (let item = list + 1; item < end; item = nextOf(json, item)) {
    if (!expectObject(json, item)) return false;
    const ok =
      role == Role.INCLUDES
        ? compileInclude(json, item)
        : role == Role.PREFERS
          ? compilePreference(json, item)
          : compileRuntime(json, item);
    if (!ok) return false;
  }
  return true;
}

function compileInclude(json: Json, item: u32): bool {
  const end = nextOf(json, item);
  let condition: u32 = NONE;
  for (let key = item + 1; key < end; key = nextOf(json, key + 1)) {
    if (textIs(json, key, "origin") || textIs(json, key, "digest")) {
      if (!expectString(json, key + 1)) return false;
    } else if (textIs(json, key, "requires")) {
      condition = compileCondition(key + 1);
      if (condition == NONE) return false;
    } else return failAt(Code.UNKNOWN_KEY, key);
  }
  const origin = memberOf(json, item, "origin");
  if (origin == 0 || condition == NONE) return failAt(Code.MISSING_KEY, item, Phrase.REQUIRED);
  return addRoot(Role.INCLUDES, condition, 0, item, origin);
}

function compilePreference(json: Json, item: u32): bool {
  const end = nextOf(json, item);
  let condition: u32 = NONE;
  let weight: u32 = 0;
  for (let key = item + 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    if (isExplanation(json, key)) {
      if (!expectString(json, value)) return false;
    } else if (textIs(json, key, "weight")) {
      if (kindOf(json, value) != Kind.NUMBER) return failAt(Code.WRONG_TYPE, value, Phrase.INTEGER);
      weight = smallInteger(json, value);
      if (weight < 1 || weight > 100) return failAt(Code.BAD_VALUE, value, Phrase.WEIGHT);
    } else if (textIs(json, key, "when")) {
      condition = compileCondition(value);
      if (condition == NONE) return false;
    } else return failAt(Code.UNKNOWN_KEY, key);
  }
  if (weight == 0 || condition == NONE) return failAt(Code.MISSING_KEY, item, Phrase.REQUIRED);
  return addRoot(Role.PREFERS, condition, weight, item, memberOf(json, item, "name"));
}

/** An integer of at most three digits, or 0. */
function smallInteger(json: Json, node: u32): u32 {
  const p = textOf(json, node);
  const length = textLengthOf(json, node);
  if (length > 3) return 0;
  let value: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const d = <u32>load<u8>(p + i) - 0x30;
    if (d >= 10) return 0;
    value = value * 10 + d;
  }
  return value;
}

function compileRuntime(json: Json, item: u32): bool {
  const end = nextOf(json, item);
  let condition: u32 = NONE;
  let type: u32 = 0;
  for (let key = item + 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    if (isExplanation(json, key)) {
      if (!expectString(json, value)) return false;
    } else if (textIs(json, key, "type")) {
      if (!expectString(json, value)) return false;
      type = symbolAt(value);
      if (type == 0 || !isNewType(type, value)) return false;
    } else if (textIs(json, key, "requires")) {
      condition = compileCondition(value);
      if (condition == NONE) return false;
    } else return failAt(Code.UNKNOWN_KEY, key);
  }
  if (type == 0) return failAt(Code.MISSING_KEY, item, Phrase.REQUIRED);
  return addRoot(Role.RUNTIME, condition, type, item, memberOf(json, item, "name"));
}

/** Whether no runtime of this document has the type yet. */
function isNewType(type: u32, node: u32): bool {
  const count = stagedRoots();
  const document = currentDocument();
  if (!charge(count)) return failAt(Code.BUDGET, node);
  for (let i: u32 = 0; i < count; i++) {
    const root = stagedRoot(i);
    if (load<u16>(root) == Role.RUNTIME && load<u16>(root, 2) == document && load<u32>(root, 8) == type) {
      return failAt(Code.BAD_VALUE, node, Phrase.TWICE);
    }
  }
  return true;
}
