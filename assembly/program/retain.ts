/** Keeps a scanned document in its program's region: reasons quote it and point into it. */
import { Code, fail } from "../errors";
import { Json, NODE, PADDING } from "../json/tape";
import { regionAllocRaw } from "../memory/region";

/** Copies bytes into the region and pads them with zeros. 0 with the error recorded. */
export function padded(region: usize, from: usize, length: u32): usize {
  const to = regionAllocRaw(region, length + PADDING);
  if (to == 0) {
    fail(Code.OUT_OF_MEMORY);
    return 0;
  }
  memory.copy(to, from, length);
  memory.fill(to + length, 0, PADDING);
  return to;
}

/** Copies the tape and the side buffer of a scan whose source is in the region already. */
export function retain(region: usize, json: Json): bool {
  const tape = regionAllocRaw(region, json.count * NODE + 8);
  if (tape == 0) return fail(Code.OUT_OF_MEMORY);
  memory.copy(tape, json.tape, json.count * NODE);
  const side = padded(region, json.side, json.sideLength);
  if (side == 0) return false;
  json.tape = tape;
  json.side = side;
  return true;
}
