import { readSize, sizeValue } from "../values/size";
import { Bytes } from "./text";

/** The size, or u64.MAX_VALUE - 1 if it can't be read. */
function read(text: string): u64 {
  const b = new Bytes(text);
  return readSize(b.address, b.length) ? sizeValue : u64.MAX_VALUE - 1;
}
const NONE: u64 = u64.MAX_VALUE - 1;

describe("sizes", () => {
  it("take powers of 1024 with an i, else of 1000", () => {
    expect(read("0")).toBe(0);
    expect(read("1K")).toBe(1000);
    expect(read("1Ki")).toBe(1024);
    expect(read("3M")).toBe(3_000_000);
    expect(read("2Gi")).toBe(2147483648);
    expect(read("1T")).toBe(1_000_000_000_000);
  });
  it("are exact up to 2^64 - 1 and not read beyond", () => {
    expect(read("18446744073709551615")).toBe(u64.MAX_VALUE);
    expect(read("18446744073709551616")).toBe(NONE);
    expect(read("16777215Ti")).toBe(16777215 * (<u64>1 << 40));
    expect(read("16777216Ti")).toBe(NONE);
  });
  it("refuse other units and spellings", () => {
    expect(read("")).toBe(NONE);
    expect(read("Ki")).toBe(NONE);
    expect(read("1k")).toBe(NONE);
    expect(read("1KiB")).toBe(NONE);
    expect(read("1.5G")).toBe(NONE);
    expect(read("1 G")).toBe(NONE);
    expect(read("-1")).toBe(NONE);
  });
});
