import { PAIR_BYTES, PLANE_BYTES } from "../fleet/layout";
import { codeOf, constantPlanes, fillPlanes, ifPlanes, notPlanes, setBits } from "../fleet/planes";

const planes: usize = memory.data(3 * 1024, 16);
const numbers: usize = memory.data(4096 * 4, 16);
const codes: usize = memory.data(16, 16);

/** The value of one host in a pair of planes: 0 false, 1 unknown, 2 true; 9 where lower is not within upper. */
function valueAt(pair: usize, host: u32): u32 {
  const lower = (load<u8>(pair + (host >>> 3)) >>> <u8>(host & 7)) & 1;
  const upper = (load<u8>(pair + PLANE_BYTES + (host >>> 3)) >>> <u8>(host & 7)) & 1;
  return lower > upper ? 9 : lower + upper;
}

describe("planes", () => {
  it("hold the value that was set, and no other host's changes", () => {
    memory.fill(planes, 0, 1024);
    for (let host: u32 = 0; host < 64; host++) setBits(planes, host, codeOf(host % 3));
    setBits(planes, 7, codeOf(2));
    for (let host: u32 = 0; host < 64; host++) expect(valueAt(planes, host)).toBe(host == 7 ? 2 : host % 3);
  });

  it("are filled by the codes of the hosts' numbers", () => {
    for (let value: u32 = 0; value < 3; value++) store<u8>(codes + value, codeOf(value));
    for (let host: u32 = 0; host < 4096; host++) store<u32>(numbers + (host << 2), (host * 7) % 3);
    fillPlanes(planes, numbers, codes);
    let wrong = 0;
    for (let host: u32 = 0; host < 4096; host++) if (valueAt(planes, host) != (host * 7) % 3) wrong++;
    expect(wrong).toBe(0);
  });

  it("turn true and false round, and leave unknown", () => {
    for (let host: u32 = 0; host < 128; host++) setBits(planes, host, codeOf(host % 3));
    notPlanes(planes, 16);
    for (let host: u32 = 0; host < 128; host++) expect(valueAt(planes, host)).toBe(2 - (host % 3));
  });

  it("take a branch by its condition, and both where it is unknown", () => {
    // Every combination of condition, then and else.
    for (let host: u32 = 0; host < 27; host++) {
      setBits(planes, host, codeOf(host % 3));
      setBits(planes + PAIR_BYTES, host, codeOf((host / 3) % 3));
      setBits(planes + (PAIR_BYTES << 1), host, codeOf(host / 9));
    }
    ifPlanes(planes, 16);
    for (let host: u32 = 0; host < 27; host++) {
      const condition = host % 3;
      const then = (host / 3) % 3;
      const other = host / 9;
      const expected = condition == 2 ? then : condition == 0 ? other : then == other ? then : 1;
      expect(valueAt(planes, host)).toBe(expected);
    }
  });

  it("are the same for all hosts where a leaf is constant", () => {
    for (let value: u32 = 0; value < 3; value++) {
      expect(valueAt(constantPlanes(value), 0)).toBe(value);
      expect(valueAt(constantPlanes(value), 4095)).toBe(value);
    }
  });
});
