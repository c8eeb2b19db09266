import { regionCreate } from "../memory/region";
import { Domain, ENDLESS, Kleene, compileRange, inRange, intervalInRange } from "../values/range";
import { Bytes } from "./text";

const region = regionCreate(1 << 16);

/** Value of a text in a range; 9 if the range can't be read. */
function test(range: string, domain: u32, text: string): u32 {
  const r = new Bytes(range);
  const compiled = compileRange(region, r.address, r.length, domain);
  if (compiled == 0) return 9;
  const t = new Bytes(text);
  return inRange(compiled, domain, t.address, t.length);
}

function count(range: string, low: i64, high: i64): u32 {
  const r = new Bytes(range);
  return intervalInRange(compileRange(region, r.address, r.length, Domain.NUMBER), low, high);
}

describe("ranges", () => {
  it("hold if every term of one group holds", () => {
    expect(test(">=5.14 <7 || 4.18.*", Domain.VERSION, "5.15.0-91-generic")).toBe(Kleene.TRUE);
    expect(test(">=5.14 <7 || 4.18.*", Domain.VERSION, "4.18.0-305.el8")).toBe(Kleene.TRUE);
    expect(test(">=5.14 <7 || 4.18.*", Domain.VERSION, "4.19.0")).toBe(Kleene.FALSE);
    expect(test(">=5.14 <7||4.18.*", Domain.VERSION, "7.0")).toBe(Kleene.FALSE);
  });
  it("compare backports only if the bound has a tail", () => {
    expect(test(">=4.18.0-305", Domain.VERSION, "4.18.0-305.el8")).toBe(Kleene.TRUE);
    expect(test(">=4.18.0-305", Domain.VERSION, "4.18.0-80.el8")).toBe(Kleene.FALSE);
    expect(test("4.18.0-305.*", Domain.VERSION, "4.18.0-305.12.1.el8_4")).toBe(Kleene.TRUE);
  });
  it("are unknown where the text is not of their type", () => {
    expect(test(">=1", Domain.VERSION, "el9")).toBe(Kleene.UNKNOWN);
    expect(test(">=1", Domain.NUMBER, "1_0")).toBe(Kleene.UNKNOWN);
    expect(test(">=1Gi", Domain.SIZE, "lots")).toBe(Kleene.UNKNOWN);
  });
  it("are refused where they make no sense", () => {
    expect(test("", Domain.VERSION, "1")).toBe(9);
    expect(test("||", Domain.VERSION, "1")).toBe(9);
    expect(test(">=1<2", Domain.VERSION, "1")).toBe(9);
    expect(test(">=1.*", Domain.VERSION, "1")).toBe(9);
    expect(test(">= ", Domain.NUMBER, "1")).toBe(9);
    expect(test("~1", Domain.VERSION, "1")).toBe(9);
    expect(test("1..2", Domain.VERSION, "1")).toBe(9);
  });
  it("say of an interval of counts what holds for all of it", () => {
    expect(count(">=2", 2, 5)).toBe(Kleene.TRUE);
    expect(count(">=2", 0, 1)).toBe(Kleene.FALSE);
    expect(count(">=2", 1, 2)).toBe(Kleene.UNKNOWN);
    expect(count("=3", 0, 9)).toBe(Kleene.UNKNOWN);
    expect(count("!=2.5", 0, 9)).toBe(Kleene.TRUE);
    expect(count(">=2", 2, ENDLESS)).toBe(Kleene.TRUE);
    expect(count("<=7", 2, ENDLESS)).toBe(Kleene.UNKNOWN);
    expect(count("<2", 2, ENDLESS)).toBe(Kleene.FALSE);
    expect(count("<0", 0, ENDLESS)).toBe(Kleene.FALSE);
  });
});
