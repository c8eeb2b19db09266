/** Fields of NFD's documents, whose names count in any case. */
import { Ascii, asciiBytes, asciiLength } from "../ascii";
import { Json, nextOf, textLengthOf, textOf } from "../json/tape";

/** Whether a key is `name` (in lower case) but for the case of ASCII letters. */
function spells(json: Json, key: u32, name: Ascii): bool {
  const length = textLengthOf(json, key);
  if (length != asciiLength(name)) return false;
  const p = textOf(json, key);
  const q = asciiBytes(name);
  for (let i: u32 = 0; i < length; i++) {
    if (lowerCase(load<u8>(p + i)) != <u32>load<u8>(q + i)) return false;
  }
  return true;
}

@inline export function lowerCase(c: u32): u32 {
  return c - 0x41 < 26 ? c | 0x20 : c;
}

/** The key that counts as a field of an object: of several spellings the bytewise greatest. 0 if there is none. */
export function fieldOf(json: Json, object: u32, name: Ascii): u32 {
  const end = nextOf(json, object);
  let chosen: u32 = 0;
  for (let key = object + 1; key < end; key = nextOf(json, key + 1)) {
    if (!spells(json, key, name)) continue;
    if (chosen == 0 || memory.compare(textOf(json, key), textOf(json, chosen), asciiLength(name)) > 0) chosen = key;
  }
  return chosen;
}
