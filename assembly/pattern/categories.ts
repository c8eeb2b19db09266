/** Unicode general categories: `\pL`, `\p{Lu}`, `\p{Uppercase_Letter}`. */
import { nextBits, nextNumber, readBitsFrom } from "./bits";
import { sameBytes } from "./bytes";
import { addRange } from "./classes";
import { MAX_RUNE } from "./runes";
import { work } from "./scratch";
import { CATEGORY_NAMES, CATEGORY_RUNS, CATEGORY_SUCCESSORS } from "./unicode-tables";

/** What `categoryRange` gives for a name that it does not know. */
export const UNKNOWN_CATEGORY: u32 = 0xffff;

const ASCII: u32 = 31;
const ALTERNATING: u32 = 30;
const LONGEST_NAME: u32 = 32;
/** Rough cost of reading all runs. */
const RUNS_UNITS: u32 = 50_000;

const canonical: usize = memory.data(32);

/**
 * The categories that a name stands for: the first in bits 7..0, the last in bits 15..8. As in Go, underscores,
 * spaces, hyphens and the case of letters make no difference.
 */
export function categoryRange(name: usize, length: u32): u32 {
  let size: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    let byte = <u32>load<u8>(name + i);
    if (byte == 0x5f || byte == 0x2d || byte == 0x20) continue;
    if (size == LONGEST_NAME) return UNKNOWN_CATEGORY;
    if (size == 0) {
      if (byte >= 0x61 && byte <= 0x7a) byte -= 0x20;
    } else if (byte >= 0x41 && byte <= 0x5a) {
      byte += 0x20;
    }
    store<u8>(canonical + size, <u8>byte);
    size++;
  }
  let entry = CATEGORY_NAMES;
  while (true) {
    const bytes = <u32>load<u8>(entry);
    if (bytes == 0) return UNKNOWN_CATEGORY;
    if (bytes == size && sameBytes(entry + 1, canonical, size)) return <u32>load<u16>(entry + 1 + size);
    entry += bytes + 3;
  }
}

/** Adds to the class the code points of the categories that `categoryRange` gave. */
export function addCategories(range: u32): void {
  const first = range & 0xff;
  const last = range >>> 8;
  if (first == ASCII) {
    addRange(0, 0x7f);
    return;
  }
  if (!work(RUNS_UNITS)) return;
  readBitsFrom(CATEGORY_RUNS);
  let category: u32 = 0;
  let rune: u32 = 0;
  while (rune <= MAX_RUNE) {
    const successor = nextBits(2);
    category = successor == 3 ? nextBits(5) : <u32>load<u8>(CATEGORY_SUCCESSORS + category * 3 + successor);
    const length = nextNumber(1) + 1;
    if (category == ALTERNATING) {
      const upper = first == 0;
      const lower = first <= 1 && last >= 1;
      if (upper && lower) {
        addRange(rune, rune + length * 2 - 1);
      } else if (upper || lower) {
        const odd: u32 = lower ? 1 : 0;
        for (let pair: u32 = 0; pair < length; pair++) addRange(rune + pair * 2 + odd, rune + pair * 2 + odd);
      }
      rune += length * 2;
    } else {
      if (category >= first && category <= last) addRange(rune, rune + length - 1);
      rune += length;
    }
  }
}
