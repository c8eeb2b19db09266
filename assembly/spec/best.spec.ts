import { writeBest } from "../fleet/best";
import { beginWork } from "../work";

const HOSTS: u32 = 256;
const lower: usize = memory.data(32, 16);
const upper: usize = memory.data(32, 16);
const scores: usize = memory.data(1024, 16);
const to: usize = memory.data(4096, 16);

/** Every third host, with scores of which many are equal and some negative. */
function furnish(): void {
  beginWork();
  memory.fill(lower, 0, 32);
  memory.fill(upper, 0xff, 32);
  for (let host: u32 = 0; host < HOSTS; host++) {
    store<i32>(scores + (host << 2), <i32>((host * 37) % 11) - 3);
    if (host % 3 == 0) store<u8>(lower + (host >>> 3), load<u8>(lower + (host >>> 3)) | (<u8>1 << <u8>(host & 7)));
  }
}

/** Whether what was written is in order, and nothing that was left out belongs before its last. */
function isBest(count: u32, most: u32, inLower: bool): bool {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const at = to + i * 12;
    const slot = load<u32>(at);
    if ((slot % 3 == 0) != inLower || load<i32>(at, 8) != load<i32>(scores + (slot << 2))) return false;
    if (i == 0) continue;
    const before = at - 12;
    const higher = load<i32>(before, 8) > load<i32>(at, 8);
    if (!higher && !(load<i32>(before, 8) == load<i32>(at, 8) && load<u32>(before) < slot)) return false;
  }
  const last = to + (count - 1) * 12;
  for (let host: u32 = 0; host < HOSTS; host++) {
    if ((host % 3 == 0) != inLower) continue;
    kept++;
    const score = load<i32>(scores + (host << 2));
    if (score > load<i32>(last, 8) || (score == load<i32>(last, 8) && host < load<u32>(last))) {
      let found = false;
      for (let i: u32 = 0; i < count; i++) if (load<u32>(to + i * 12) == host) found = true;
      if (!found) return false;
    }
  }
  return count == min(most, kept);
}

describe("the best hosts", () => {
  it("are the first by score, then by slot", () => {
    furnish();
    for (let most: u32 = 1; most < 100; most += 7) {
      const count = writeBest(lower, 0, HOSTS >>> 5, scores, most, 2, to);
      expect(isBest(<u32>count, most, true)).toBe(true);
      expect(load<i32>(to, 4)).toBe(2);
    }
  });

  it("of another plane are those that are not in the lower one", () => {
    furnish();
    const count = writeBest(lower, upper, HOSTS >>> 5, scores, 20, 1, to);
    expect(isBest(<u32>count, 20, false)).toBe(true);
    expect(load<i32>(to, 4)).toBe(1);
  });

  it("are none where none is asked for", () => {
    furnish();
    expect(writeBest(lower, 0, HOSTS >>> 5, scores, 0, 2, to)).toBe(0);
  });
});
