import { Decimal, compareDecimal, integerPart, putInteger, readDecimal } from "../values/decimal";
import { Bytes } from "./text";

const left = changetype<Decimal>(memory.data(24, 8));
const right = changetype<Decimal>(memory.data(24, 8));

function compare(a: string, b: string): i32 {
  const p = new Bytes(a);
  const q = new Bytes(b);
  if (!readDecimal(p.address, p.length, left) || !readDecimal(q.address, q.length, right)) return 9;
  return compareDecimal(left, right);
}

describe("decimal numbers", () => {
  it("compare exactly, whatever their spelling", () => {
    expect(compare("0.1", "0.10")).toBe(0);
    expect(compare("1e2", "100")).toBe(0);
    expect(compare("1E+2", "100.000")).toBe(0);
    expect(compare("+5", "5")).toBe(0);
    expect(compare("007", "7")).toBe(0);
    expect(compare("-0", "0")).toBe(0);
    expect(compare("0.30000000000000004", "0.3")).toBe(1);
  });
  it("compare signs, magnitudes and digits", () => {
    expect(compare("-2", "1")).toBe(-1);
    expect(compare("-2", "-1")).toBe(-1);
    expect(compare("0.0009", "0.001")).toBe(-1);
    expect(compare("1e-999999999", "0")).toBe(1);
    expect(compare("1e999999999", "9e999999998")).toBe(1);
    expect(compare("9007199254740993", "9007199254740992")).toBe(1);
  });
  it("refuse what is no number", () => {
    expect(compare("", "1")).toBe(9);
    expect(compare(".5", "1")).toBe(9);
    expect(compare("1.", "1")).toBe(9);
    expect(compare("1e", "1")).toBe(9);
    expect(compare("1e9999999999", "1")).toBe(9);
    expect(compare("1 ", "1")).toBe(9);
    expect(compare("0x10", "1")).toBe(9);
  });
  it("give their integer part", () => {
    const a = new Bytes("1234.99");
    readDecimal(a.address, a.length, left);
    expect(integerPart(left)).toBe(1234);
    const b = new Bytes("5e3");
    readDecimal(b.address, b.length, left);
    expect(integerPart(left)).toBe(5000);
    const c = new Bytes("0.5");
    readDecimal(c.address, c.length, left);
    expect(integerPart(left)).toBe(0);
  });
  it("write integers that read back", () => {
    const out = memory.data(32, 8);
    const length = <u32>(putInteger(out, 4294967296) - out);
    const b = new Bytes("4294967296");
    readDecimal(out, length, left);
    readDecimal(b.address, b.length, right);
    expect(compareDecimal(left, right)).toBe(0);
  });
});
