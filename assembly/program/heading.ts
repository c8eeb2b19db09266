/** The heading of every document: `apiVersion` and `kind`. */
import { Ascii, asciiLength } from "../ascii";
import { Code, Phrase, failAt } from "../errors";
import { startsWith } from "../facts/name";
import { expectString } from "../json/expect";
import { Json, Kind, kindOf, memberOf, textIs, textLengthOf, textOf } from "../json/tape";

/**
 * Whether the object at the root is not of another version of the language. That comes before anything else: a newer version may
 * have keys and meanings that this core doesn't know, and nothing is guessed.
 */
export function refuseOtherVersions(json: Json): bool {
  const version = memberOf(json, 0, "apiVersion");
  if (version == 0 || kindOf(json, version) != Kind.STRING || textIs(json, version, "hostfit/v1.0"))
    return true;
  return isOurs(json, version) ? failAt(Code.UNSUPPORTED_VERSION, version) : true;
}

/** Whether a text begins with `hostfit/v` and a digit. */
function isOurs(json: Json, node: u32): bool {
  const prefix = "hostfit/v";
  const p = textOf(json, node);
  const length = textLengthOf(json, node);
  return (
    length > asciiLength(prefix) && startsWith(p, length, prefix) && <u32>load<u8>(p + asciiLength(prefix)) - 0x30 < 10
  );
}

export namespace Heading {
  export const OTHER: i32 = 0;
  export const TAKEN: i32 = 1;
  export const WRONG: i32 = -1;
}

/** Takes a member of the heading: TAKEN, WRONG with the error recorded, or OTHER if it belongs to the document's body. */
export function headingMember(json: Json, key: u32, kind: Ascii): i32 {
  const value = key + 1;
  if (textIs(json, key, "apiVersion")) {
    if (!expectString(json, value)) return Heading.WRONG;
    if (textIs(json, value, "hostfit/v1.0")) return Heading.TAKEN;
    failAt(Code.BAD_API_VERSION, value);
    return Heading.WRONG;
  }
  if (!textIs(json, key, "kind")) return Heading.OTHER;
  if (!expectString(json, value)) return Heading.WRONG;
  if (textIs(json, value, kind)) return Heading.TAKEN;
  failAt(Code.BAD_VALUE, value, Phrase.KIND);
  return Heading.WRONG;
}

/** Whether nothing of the heading is missing. */
export function headingComplete(json: Json): bool {
  if (memberOf(json, 0, "apiVersion") == 0) return failAt(Code.MISSING_KEY, 0, Phrase.API_VERSION);
  return memberOf(json, 0, "kind") != 0 || failAt(Code.MISSING_KEY, 0, Phrase.KIND);
}

/** Whether a key is one of those that explain: name, description, documentation. */
export function isExplanation(json: Json, key: u32): bool {
  return textIs(json, key, "name") || textIs(json, key, "description") || textIs(json, key, "documentation");
}
