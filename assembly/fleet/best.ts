/** The hosts to prefer: the first k by score, then by slot, of a plane of hosts. A heap keeps the best so far, the worst of them first. */
import { Code, fail } from "../errors";
import { Buffer, bufferTrim } from "../memory/buffer";
import { charge } from "../work";
import { reserve } from "./fleet";

/** Entries of 8 bytes: slot, score. */
const heap = changetype<Buffer>(memory.data(12, 8));
const KEPT: u32 = 1 << 16;

@inline function entryAt(i: u32): usize {
  return heap.address + ((<usize>i) << 3);
}

/** Whether the entry at `a` comes after the one at `b`. */
@inline function isWorse(a: usize, b: usize): bool {
  const left = load<i32>(a, 4);
  const right = load<i32>(b, 4);
  return left < right || (left == right && load<u32>(a) > load<u32>(b));
}

@inline function swap(a: usize, b: usize): void {
  const word = load<u64>(a);
  store<u64>(a, load<u64>(b));
  store<u64>(b, word);
}

function sink(count: u32): void {
  let i: u32 = 0;
  while (true) {
    let child = (i << 1) + 1;
    if (child >= count) return;
    if (child + 1 < count && isWorse(entryAt(child + 1), entryAt(child))) child++;
    if (!isWorse(entryAt(child), entryAt(i))) return;
    swap(entryAt(i), entryAt(child));
    i = child;
  }
}

function rise(from: u32): void {
  let i = from;
  while (i > 0) {
    const parent = (i - 1) >>> 1;
    if (!isWorse(entryAt(i), entryAt(parent))) return;
    swap(entryAt(i), entryAt(parent));
    i = parent;
  }
}

/** Whether one of 32 scores is greater. */
@inline function anyGreater(scores: usize, than: v128): bool {
  let found = i32x4.gt_s(v128.load(scores), than);
  for (let i: usize = 16; i < 128; i += 16) found = v128.or(found, i32x4.gt_s(v128.load(scores + i), than));
  return v128.any_true(found);
}

/**
 * Writes the first `most` hosts of `lower` (or, with `above`, of those that are in `above` but not in `lower`) at `to`, 12 bytes each: slot,
 * verdict, score. How many there are, or -1 with the error recorded. Scores are padded to whole words of a plane.
 */
export function writeBest(lower: usize, above: usize, words: u32, scores: usize, most: u32, verdict: u32, to: usize): i32 {
  bufferTrim(heap, KEPT);
  if (!charge(words << 4) || !charge(most << 5)) {
    fail(Code.BUDGET);
    return -1;
  }
  if (!reserve(heap, most << 3)) return -1;
  let count: u32 = 0;
  for (let w: u32 = 0; w < words; w++) {
    let bits = load<u32>(lower + ((<usize>w) << 2));
    if (above != 0) bits = load<u32>(above + ((<usize>w) << 2)) & ~bits;
    if (bits == 0 || most == 0) continue;
    if (count == most && !anyGreater(scores + ((<usize>w) << 7), i32x4.splat(load<i32>(heap.address, 4)))) continue;
    while (bits != 0) {
      const host = (w << 5) + <u32>ctz(bits);
      bits &= bits - 1;
      const score = load<i32>(scores + ((<usize>host) << 2));
      if (count == most) {
        if (score <= load<i32>(heap.address, 4)) continue;
        store<u32>(heap.address, host);
        store<i32>(heap.address, score, 4);
        sink(count);
      } else {
        store<u32>(entryAt(count), host);
        store<i32>(entryAt(count), score, 4);
        rise(count++);
      }
    }
  }
  for (let left = count; left > 0; left--) {
    const at = to + (left - 1) * 12;
    store<u32>(at, load<u32>(heap.address));
    store<u32>(at, verdict, 4);
    store<i32>(at, load<i32>(heap.address, 4), 8);
    store<u64>(heap.address, load<u64>(entryAt(left - 1)));
    sink(left - 1);
  }
  return <i32>count;
}
