import { allocateRun, freeRun, orderOf, pagesInUse, runBytes } from "../memory/pages";
import { regionAlloc, regionCreate, regionFree, regionReset } from "../memory/region";

describe("pages", () => {
  it("come in runs of powers of two, aligned to their length", () => {
    expect(orderOf(1)).toBe(0);
    expect(orderOf(4096)).toBe(0);
    expect(orderOf(4097)).toBe(1);
    expect(orderOf(5 * 4096)).toBe(3);
    const run = allocateRun(10_000);
    expect(runBytes(run)).toBe(16384);
    freeRun(run);
  });
  it("are joined again when their buddies are free", () => {
    const before = pagesInUse();
    const a = allocateRun(4096);
    const b = allocateRun(4096);
    const c = allocateRun(8192);
    expect(a != b && b != c).toBe(true);
    expect(pagesInUse()).toBe(before + 4);
    freeRun(b);
    freeRun(a);
    freeRun(c);
    expect(pagesInUse()).toBe(before);
    const whole = allocateRun(16384);
    expect(pagesInUse()).toBe(before + 4);
    freeRun(whole);
  });
  it("are refused past what can be had, and nothing changes", () => {
    const before = pagesInUse();
    expect(allocateRun(0xffffffff)).toBe(0);
    expect(allocateRun(0x7fffffff)).toBe(0);
    expect(pagesInUse()).toBe(before);
  });
});

describe("a region", () => {
  it("gives cleared memory, aligned to 8", () => {
    const region = regionCreate(100);
    const p = regionAlloc(region, 13);
    expect(p & 7).toBe(0);
    store<u64>(p, u64.MAX_VALUE);
    const q = regionAlloc(region, 24);
    expect(q >= p + 16).toBe(true);
    expect(load<u64>(q)).toBe(0);
    regionFree(region);
  });
  it("is freed whole, however it has grown", () => {
    const before = pagesInUse();
    const region = regionCreate(16);
    for (let i = 0; i < 1000; i++) expect(regionAlloc(region, 1000) != 0).toBe(true);
    expect(pagesInUse() > before + 200).toBe(true);
    regionReset(region);
    expect(pagesInUse()).toBe(before + 1);
    expect(regionAlloc(region, 0xfffffffa)).toBe(0);
    regionFree(region);
    expect(pagesInUse()).toBe(before);
  });
});
