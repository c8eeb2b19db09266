import { integer, readInteger } from "../nfd/atoi";

/** Whether the text is an integer, and then that one. */
function reads(text: string, value: i64): bool {
  const bytes = String.UTF8.encode(text);
  return readInteger(changetype<usize>(bytes), bytes.byteLength) && integer == value;
}

function refuses(text: string): bool {
  const bytes = String.UTF8.encode(text);
  return !readInteger(changetype<usize>(bytes), bytes.byteLength);
}

describe("integers as Go's Atoi reads them", () => {
  it("have an optional sign and any number of leading zeros", () => {
    expect(reads("0", 0)).toBe(true);
    expect(reads("42", 42)).toBe(true);
    expect(reads("+5", 5)).toBe(true);
    expect(reads("-5", -5)).toBe(true);
    expect(reads("007", 7)).toBe(true);
    expect(reads("-0", 0)).toBe(true);
    expect(reads("0000000000000000000000000000001", 1)).toBe(true);
  });
  it("lie within int64", () => {
    expect(reads("9223372036854775807", i64.MAX_VALUE)).toBe(true);
    expect(reads("-9223372036854775808", i64.MIN_VALUE)).toBe(true);
    expect(refuses("9223372036854775808")).toBe(true);
    expect(refuses("-9223372036854775809")).toBe(true);
    expect(refuses("18446744073709551616")).toBe(true);
    expect(refuses("99999999999999999999999999")).toBe(true);
  });
  it("are nothing else", () => {
    expect(refuses("")).toBe(true);
    expect(refuses("+")).toBe(true);
    expect(refuses("-")).toBe(true);
    expect(refuses("+-5")).toBe(true);
    expect(refuses(" 5")).toBe(true);
    expect(refuses("5 ")).toBe(true);
    expect(refuses("1.0")).toBe(true);
    expect(refuses("1_0")).toBe(true);
    expect(refuses("0x1")).toBe(true);
    expect(refuses("1e3")).toBe(true);
    expect(refuses("٣")).toBe(true);
  });
});
