import { hashBytes, setSeed } from "../hash";
import { regionCreate, regionFree } from "../memory/region";
import { beginWork } from "../work";
import { findSymbol, intern, symbolLength, symbolsCreate } from "../symbols";
import { Bytes } from "./text";

describe("symbols", () => {
  it("are equal for equal texts and count from 1", () => {
    beginWork();
    const region = regionCreate(4096);
    const table = symbolsCreate(region, 4, true);
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 500; i++) {
        const b = new Bytes("name-" + i.toString());
        expect(intern(table, b.address, b.length, hashBytes(b.address, b.length))).toBe(i + 1);
      }
    }
    expect(table.count).toBe(500);
    const b = new Bytes("name-7");
    expect(findSymbol(table, b.address, b.length, hashBytes(b.address, b.length))).toBe(8);
    expect(symbolLength(table, 8)).toBe(6);
    const other = new Bytes("nobody");
    expect(findSymbol(table, other.address, other.length, hashBytes(other.address, other.length))).toBe(0);
    regionFree(region);
  });
  it("hash by the seed, and by the text alone", () => {
    const a = new Bytes("AVX512F");
    const b = new Bytes("AVX512F and what follows");
    setSeed(1, 2);
    const first = hashBytes(a.address, a.length);
    expect(hashBytes(b.address, a.length)).toBe(first);
    setSeed(3, 4);
    expect(hashBytes(a.address, a.length) != first).toBe(true);
  });
});
