/** Integers as Go's `strconv.Atoi` reads them on a 64-bit machine. */

/** What readInteger read. */
export let integer: i64 = 0;

/** The most that another digit may follow. */
const MOST: u64 = 922_337_203_685_477_580;

/** Reads an optional sign and digits, within int64, into `integer`; false if the text is anything else. */
export function readInteger(p: usize, length: u32): bool {
  const end = p + length;
  const sign: u32 = length > 0 ? load<u8>(p) : 0;
  const negative = sign == 0x2d;
  if (negative || sign == 0x2b) p++;
  if (p == end) return false;
  let value: u64 = 0;
  for (; p < end; p++) {
    const digit = <u64>load<u8>(p) - 0x30;
    if (digit > 9 || value > MOST) return false;
    value = value * 10 + digit;
  }
  if (value > ((<u64>1) << 63) - (negative ? 0 : 1)) return false;
  integer = negative ? <i64>(0 - value) : <i64>value;
  return true;
}
