import { hashBytes, setSeed } from "../hash";
import { regionCreate, regionFree } from "../memory/region";
import { beginWork } from "../work";
import { findSymbol, intern, symbolLength, symbolText, symbolsCreate } from "../symbols";
import { Bytes } from "./text";

describe("symbols", () => {
  it("are equal for equal texts, and only for these", () => {
    beginWork();
    const region = regionCreate(4096);
    const table = symbolsCreate(region, 4, true);
    const symbols = new StaticArray<u32>(500);
    for (let i = 0; i < 500; i++) {
      const b = new Bytes("name-" + i.toString());
      symbols[i] = intern(table, b.address, b.length, hashBytes(b.address, b.length));
    }
    expect(table.count).toBe(500);
    for (let i = 0; i < 500; i++) {
      const b = new Bytes("name-" + i.toString());
      expect(intern(table, b.address, b.length, hashBytes(b.address, b.length))).toBe(symbols[i]);
      expect(findSymbol(table, b.address, b.length, hashBytes(b.address, b.length))).toBe(symbols[i]);
    }
    expect(table.count).toBe(500);
    expect(symbolLength(symbols[7])).toBe(6);
    expect(String.UTF8.decodeUnsafe(symbolText(symbols[499]), symbolLength(symbols[499]))).toBe("name-499");
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
