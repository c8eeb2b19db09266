/** Names of features: `source.feature`, or `domain/source.feature`. */
import { sameBytes } from "../bytes";
import { Ascii, asciiBytes, asciiLength } from "../ascii";

/** Whether a text begins with the ASCII text `s`. */
export function startsWith(p: usize, length: u32, s: Ascii): bool {
  return length >= asciiLength(s) && sameBytes(p, asciiBytes(s), asciiLength(s));
}

export function hasDot(p: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(p + i) == 0x2e) return true;
  return false;
}

/** At most one `/`, with something before it; after it a source without dots, a dot, and something more. */
export function isFeatureName(p: usize, length: u32): bool {
  const end = p + length;
  let slashes = 0;
  let start = p;
  for (let q = p; q < end; q++) {
    if (load<u8>(q) != 0x2f) continue;
    if (++slashes > 1 || q == p) return false;
    start = q + 1;
  }
  let dot = start;
  while (dot < end && load<u8>(dot) != 0x2e) dot++;
  return dot > start && dot + 1 < end;
}
