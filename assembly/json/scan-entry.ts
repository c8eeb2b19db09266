/** The scanner alone, for measuring it: bench/cases/json-scan.ts. Not part of the core. */
import { Buffer, bufferReserve } from "../memory/buffer";
import { beginWork } from "../work";
import { scan, trimScanner } from "./scan";
import { Json, PADDING } from "./tape";

const input = changetype<Buffer>(memory.data(12, 8));
const json = changetype<Json>(memory.data(24, 8));

/** Room for so many bytes of input: its address, or 0. */
export function inputAt(length: u32): usize {
  return bufferReserve(input, length + PADDING) ? input.address : 0;
}

/** Nodes on the tape of so many bytes of input; 0 if they are refused. */
export function scanInput(length: u32): u32 {
  beginWork();
  memory.fill(input.address + length, 0, PADDING);
  const ok = scan(input.address, length, json);
  trimScanner();
  return ok ? json.count : 0;
}
