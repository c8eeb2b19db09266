/** Versions as Masterminds' semver 3.5.0 coerces them, of which NFD compares three numbers. */

/** The longest version, in bytes. */
const MAX_BYTES: u32 = 256;
/** The most that another digit may follow. */
const MOST: u64 = 1_844_674_407_370_955_161;

/** What readVersion read: major, minor and patch, u64 each. */
export const numbers: usize = memory.data(24, 8);

let at: usize = 0;
let end: usize = 0;

function next(): u32 {
  return at < end ? <u32>load<u8>(at) : 0;
}

/** Reads `[v] digits [.digits [.digits]] [-pre] [+meta]` into `numbers`; false if the text is anything else. */
export function readVersion(p: usize, length: u32): bool {
  if (length > MAX_BYTES) return false;
  at = p;
  end = p + length;
  store<u64>(numbers, 0, 8);
  store<u64>(numbers, 0, 16);
  if (next() == 0x76) at++;
  for (let part: usize = 0; part < 3; part++) {
    if (part > 0) {
      if (next() != 0x2e) break;
      at++;
    }
    if (!readNumber(numbers + (part << 3))) return false;
  }
  if (next() == 0x2d && !readIdentifiers(true)) return false;
  if (next() == 0x2b && !readIdentifiers(false)) return false;
  return at == end;
}

function readNumber(into: usize): bool {
  let value: u64 = 0;
  if (next() - 0x30 > 9) return false;
  for (let digit = next() - 0x30; digit <= 9; digit = next() - 0x30) {
    if (value > MOST || value * 10 + digit < value * 10) return false;
    value = value * 10 + digit;
    at++;
  }
  store<u64>(into, value);
  return true;
}

/** Passes over the sign here and the identifiers after it. Where `strict`, a number among them has no leading zero. */
function readIdentifiers(strict: bool): bool {
  do {
    at++;
    const start = at;
    let digits = true;
    while (true) {
      const c = next();
      if (c - 0x30 > 9) {
        if ((c | 0x20) - 0x61 > 25 && c != 0x2d) break;
        digits = false;
      }
      at++;
    }
    if (at == start) return false;
    if (strict && digits && load<u8>(start) == 0x30 && at > start + 1) return false;
  } while (next() == 0x2e);
  return true;
}
