/** Policies: compiled as documents are, with what they allow. */
import { sameBytes } from "../bytes";
import { Code, failAt, Phrase } from "../errors";
import { expectObject, expectString, expectStrings, expectTexts } from "../json/expect";
import { Json, Kind, kindOf, nextOf, textIs, textLengthOf, textOf } from "../json/tape";
import { symbolLength, symbolText } from "../symbols";
import { addDocument, compileItems, compileRoot, discard, newProgram } from "./compile";
import { beginDocument, beginProgram, currentJson, endProgram } from "./emit";
import { Heading, headingComplete, headingMember, isExplanation, refuseOtherVersions } from "./heading";
import { Document, Program, Role } from "./program";

/** Bits of a policy. */
export namespace PolicyBit {
  export const ALLOW_UNDETERMINED: u32 = 1;
  /** `runtimes.allow` was given. */
  export const ALLOW_LIST: u32 = 2;
}

const policyId: usize = memory.data<u8>([0x70, 0x6f, 0x6c, 0x69, 0x63, 0x79]);

/** Compiles a policy. 0 with the error recorded. */
export function compilePolicy(input: usize, length: u32): Program {
  const none = changetype<Program>(<usize>0);
  const program = newProgram(4096, 1);
  if (changetype<usize>(program) == 0) return none;
  beginProgram(program.region, program.symbols);
  const document = addDocument(program, 0, policyId, 6, input, length);
  let ok = changetype<usize>(document) != 0;
  if (ok) {
    beginDocument(0, document.json);
    ok = policyMembers(program);
  }
  if (!ok || !endProgram(program)) {
    discard(program);
    return none;
  }
  return program;
}

function policyMembers(program: Program): bool {
  const json = currentJson();
  if (!expectObject(json, 0) || !refuseOtherVersions(json)) return false;
  const end = nextOf(json, 0);
  for (let key: u32 = 1; key < end; key = nextOf(json, key + 1)) {
    const value = key + 1;
    const heading = headingMember(json, key, "Policy");
    if (heading == Heading.TAKEN) continue;
    let ok = false;
    if (heading == Heading.WRONG) return false;
    else if (isExplanation(json, key)) ok = expectString(json, value);
    else if (textIs(json, key, "annotations")) ok = expectTexts(json, value);
    else if (textIs(json, key, "allowUndetermined")) {
      const kind = kindOf(json, value);
      ok = kind == Kind.TRUE || kind == Kind.FALSE || failAt(Code.WRONG_TYPE, value, Phrase.BOOLEAN);
      if (kind == Kind.TRUE) program.policyBits |= PolicyBit.ALLOW_UNDETERMINED;
    } else if (textIs(json, key, "requires")) ok = compileRoot(Role.REQUIRES, value, value);
    else if (textIs(json, key, "prefers")) ok = compileItems(json, value, Role.PREFERS);
    else if (textIs(json, key, "runtimes")) ok = allowedRuntimes(program, json, value);
    else if (textIs(json, key, "bases")) ok = allowList(json, value) != 0;
    else if (textIs(json, key, "onMissing")) {
      ok =
        expectString(json, value) &&
        (textIs(json, value, "accept") ||
          textIs(json, value, "undetermined") ||
          textIs(json, value, "refuse") ||
          failAt(Code.BAD_VALUE, value, Phrase.ON_MISSING));
    } else ok = failAt(Code.UNKNOWN_KEY, key);
    if (!ok) return false;
  }
  return headingComplete(json);
}

/** `runtimes: { allow: [type, ...] }`. */
function allowedRuntimes(program: Program, json: Json, node: u32): bool {
  const list = allowList(json, node);
  if (list == 0) return false;
  program.policyBits |= PolicyBit.ALLOW_LIST;
  program.allowedTypes = list;
  return true;
}

/** `{ allow: [text, ...] }`; an empty list allows nothing. Gives the list's node, or 0 with the error recorded. */
function allowList(json: Json, node: u32): u32 {
  if (!expectObject(json, node)) return 0;
  const end = nextOf(json, node);
  let list: u32 = 0;
  for (let key = node + 1; key < end; key = nextOf(json, key + 1)) {
    if (!textIs(json, key, "allow")) {
      failAt(Code.UNKNOWN_KEY, key);
      return 0;
    }
    list = key + 1;
    if (!expectStrings(json, list)) return 0;
  }
  if (list == 0) failAt(Code.MISSING_KEY, node, Phrase.REQUIRED);
  return list;
}

/** Whether a policy's list allows a type; without a list every type is allowed. */
export function policyAllows(policy: Program, types: Program, type: u32): bool {
  if (changetype<usize>(policy) == 0 || !(policy.policyBits & PolicyBit.ALLOW_LIST)) return true;
  const json = changetype<Document>(<usize>load<u32>(policy.documents)).json;
  const list = <u32>policy.allowedTypes;
  const length = symbolLength(type);
  for (let n = list + 1; n < nextOf(json, list); n = nextOf(json, n)) {
    if (
      textLengthOf(json, n) == length &&
      sameBytes(textOf(json, n), symbolText(type), length)
    )
      return true;
  }
  return false;
}
