/**
 * A growable run of bytes that keeps its memory between calls: the input, the output, the tape that is being scanned.
 * Lies in static memory: { address, capacity, length }.
 */
import { allocateRun, freeRun, runBytes } from "./pages";
import { hide } from "./shadow";

@unmanaged
export class Buffer {
  address: usize;
  capacity: u32;
  length: u32;
}

/** Makes room for `capacity` bytes in all, keeping `length` bytes. False without memory; the buffer then is as it was. */
export function bufferReserve(buffer: Buffer, capacity: u32): bool {
  if (capacity <= buffer.capacity) return true;
  const doubled = buffer.capacity << 1;
  const wanted = max(capacity, doubled);
  const run = allocateRun(wanted);
  if (run == 0) return false;
  if (buffer.address != 0) {
    memory.copy(run, buffer.address, buffer.length);
    freeRun(buffer.address);
  }
  buffer.address = run;
  buffer.capacity = runBytes(run);
  if (isDefined(GUARDED)) {
    // No more than was asked for.
    buffer.capacity = wanted;
    hide(run + wanted, run + runBytes(run));
  }
  return true;
}

/** Gives the memory back if it is more than `keep` bytes. */
export function bufferTrim(buffer: Buffer, keep: u32): void {
  if (buffer.capacity > keep) {
    freeRun(buffer.address);
    buffer.address = 0;
    buffer.capacity = 0;
  }
  buffer.length = 0;
}
