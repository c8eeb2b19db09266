import { compareVersion, versionStart } from "../values/version";

/** Compares a text with a bound: -1, 0, 1; 9 if the text is no version. */
function compare(text: string, bound: string, tail: bool = false, prefix: bool = false): i32 {
  const a = String.UTF8.encode(text);
  const b = String.UTF8.encode(bound);
  const p = changetype<usize>(a);
  const q = changetype<usize>(b);
  const start = versionStart(p, a.byteLength);
  if (start == 0) return 9;
  return compareVersion(start, p + a.byteLength, q, q + b.byteLength, tail, prefix);
}

describe("versions", () => {
  it("compare runs of digits as integers", () => {
    expect(compare("5.15.0-91-generic", "5.15.0")).toBe(0);
    expect(compare("5.9", "5.14")).toBe(-1);
    expect(compare("10.0", "9.99.99")).toBe(1);
    expect(compare("1.02", "1.2")).toBe(0);
  });
  it("take missing parts as 0", () => {
    expect(compare("5.14", "5.14.0")).toBe(0);
    expect(compare("5", "5.0.1")).toBe(-1);
  });
  it("don't overflow", () => {
    expect(compare("1.99999999999999999999999999999999", "1.99999999999999999999999999999998")).toBe(1);
  });
  it("compare a vendor's backport if the bound has a tail", () => {
    expect(compare("4.18.0-305.el8", "4.18.0-305", true)).toBe(0);
    expect(compare("4.18.0-80.el8", "4.18.0-305", true)).toBe(-1);
    expect(compare("4.18.0", "4.18.0-1", true)).toBe(-1);
    expect(compare("4.18.0-305.12.1.el8_4.x86_64", "4.18.0-305.12", true)).toBe(1);
  });
  it("compare prefixes part by part", () => {
    expect(compare("4.18.0-80.el8", "4.18", false, true)).toBe(0);
    expect(compare("4.19.1", "4.18", false, true)).toBe(1);
  });
  it("must begin with a digit, after one v at most", () => {
    expect(compare("v1.2", "1.2")).toBe(0);
    expect(compare("vv1", "1")).toBe(9);
    expect(compare("", "1")).toBe(9);
    expect(compare("el9", "9")).toBe(9);
  });
});
