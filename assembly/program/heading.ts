/** The heading of every document: `apiVersion` and `kind`. */
import { Code, Phrase, failAt } from "../errors";
import { expectString } from "../json/expect";
import { Json, memberOf, textIs, textLengthOf, textOf } from "../json/tape";

/**
 * Checks the heading of the object at the root. A version that this core doesn't know is `unsupported-version`, before anything
 * else is looked at: nothing is guessed.
 */
export function checkApiVersion(json: Json, kind: string, required: bool): bool {
  const version = memberOf(json, 0, "apiVersion");
  if (version == 0) {
    if (required) return failAt(Code.MISSING_KEY, 0, Phrase.API_VERSION);
  } else {
    if (!expectString(json, version)) return false;
    if (!textIs(json, version, "hostfit/v1.0")) {
      return failAt(isOurs(json, version) ? Code.UNSUPPORTED_VERSION : Code.BAD_API_VERSION, version);
    }
  }
  const name = memberOf(json, 0, "kind");
  if (name == 0) return failAt(Code.MISSING_KEY, 0, Phrase.KIND);
  if (!expectString(json, name)) return false;
  return textIs(json, name, kind) || failAt(Code.BAD_VALUE, name, Phrase.KIND);
}

/** Whether a text has the form `hostfit/vN` or `hostfit/vN.M`. */
function isOurs(json: Json, node: u32): bool {
  const length = textLengthOf(json, node);
  let p = textOf(json, node);
  const end = p + length;
  const prefix = "hostfit/v";
  if (length <= <u32>prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) {
    if (<u16>load<u8>(p++) != load<u16>(changetype<usize>(prefix) + (<usize>i << 1))) return false;
  }
  let digits = 0;
  let dots = 0;
  while (p < end) {
    const c = <u32>load<u8>(p++);
    if (c - 0x30 < 10) digits++;
    else if (c == 0x2e && digits > 0 && dots == 0) {
      dots = 1;
      digits = 0;
    } else return false;
  }
  return digits > 0;
}
