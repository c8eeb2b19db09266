/** Small integers of an input. */
import { Json, Kind, kindOf, textLengthOf, textOf } from "./tape";

/** An integer from 1 to 2^31 - 1, or 0 if the node is none. */
export function readUnsigned(json: Json, node: u32): u32 {
  if (kindOf(json, node) != Kind.NUMBER) return 0;
  const p = textOf(json, node);
  const length = textLengthOf(json, node);
  if (length > 10) return 0;
  let value: u64 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const d = <u64>load<u8>(p + i) - 0x30;
    if (d >= 10) return 0;
    value = value * 10 + d;
  }
  return value > <u64>i32.MAX_VALUE ? 0 : <u32>value;
}
