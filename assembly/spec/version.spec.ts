import { compareVersion, orderVersions, versionStart } from "../values/version";

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

/** Versions and bounds of which many are nearly equal, parts missing, tails longer or of other separators. */
const TEXTS = ["0", "4.18", "4.18.0", "4.18.0-80.el8", "4.18.0-305", "4.18.0-305.el8", "4.18.0-305-7", "4.18.1-1", "v5", "5.0.0-0", "5.14.0-427.13.1", "5.14.0-427.el9", "5.14-427", "10.2-x"];
const BOUNDS = ["4.18", "4.18.0-305", "4.18.0-80.1", "5.14.0-427", "5.0", "10"];

function order(a: string, b: string): i32 {
  const x = String.UTF8.encode(a);
  const y = String.UTF8.encode(b);
  const p = changetype<usize>(x);
  const q = changetype<usize>(y);
  return orderVersions(versionStart(p, x.byteLength), p + x.byteLength, versionStart(q, y.byteLength), q + y.byteLength);
}

describe("the order of versions", () => {
  it("is one: what is not after goes both ways, and on", () => {
    let wrong = 0;
    for (let i = 0; i < TEXTS.length; i++) {
      for (let j = 0; j < TEXTS.length; j++) {
        if (order(TEXTS[i], TEXTS[j]) != -order(TEXTS[j], TEXTS[i])) wrong++;
        for (let k = 0; k < TEXTS.length; k++) {
          if (order(TEXTS[i], TEXTS[j]) <= 0 && order(TEXTS[j], TEXTS[k]) <= 0 && order(TEXTS[i], TEXTS[k]) > 0) wrong++;
        }
      }
    }
    expect(wrong).toBe(0);
  });
  it("never lets what is compared with one bound fall", () => {
    let wrong = 0;
    for (let b = 0; b < BOUNDS.length; b++) {
      const tail = BOUNDS[b].includes("-");
      for (let prefix = 0; prefix < 2; prefix++) {
        for (let i = 0; i < TEXTS.length; i++) {
          for (let j = 0; j < TEXTS.length; j++) {
            if (order(TEXTS[i], TEXTS[j]) > 0) continue;
            if (compare(TEXTS[i], BOUNDS[b], tail, prefix == 1) > compare(TEXTS[j], BOUNDS[b], tail, prefix == 1)) wrong++;
          }
        }
      }
    }
    expect(wrong).toBe(0);
  });
});
