/** Fields of NFD's documents, whose names count in any case, and whose nulls count as absent. */
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { Json, Kind, kindOf, nextOf, textLengthOf, textOf } from "../json/tape";
import { compareTexts } from "./order";

export function lowerCase(c: u32): u32 {
  return c - 0x41 < 26 ? c | 0x20 : c;
}

/** Whether a key is `name` (in lower case) but for the case of ASCII letters. */
function spells(json: Json, key: u32, name: Ascii): bool {
  const length = textLengthOf(json, key);
  if (length != asciiLength(name)) return false;
  const p = textOf(json, key);
  for (let i: u32 = 0; i < length; i++) {
    if (lowerCase(load<u8>(p + i)) != <u32>load<u8>(asciiBytes(name) + i)) return false;
  }
  return true;
}

/** The key that counts as a field of an object: of several spellings the bytewise greatest. 0 if there is none, or a null. */
export function fieldOf(json: Json, object: u32, name: Ascii): u32 {
  const end = nextOf(json, object);
  const length = asciiLength(name);
  let chosen: u32 = 0;
  for (let key = object + 1; key < end; key = nextOf(json, key + 1)) {
    if (!spells(json, key, name)) continue;
    if (chosen == 0 || compareTexts(textOf(json, key), length, textOf(json, chosen), length) > 0) chosen = key;
  }
  return chosen != 0 && kindOf(json, chosen + 1) == Kind.NULL ? 0 : chosen;
}
