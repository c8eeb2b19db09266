import { Code, clearError, errorCode, errorNode, errorOffset } from "../errors";
import { scan } from "../json/scan";
import { Json, Kind, kindOf, nextOf, sizeOfContainer, textLengthOf, textOf } from "../json/tape";
import { Bytes } from "./text";

const json = changetype<Json>(memory.data(24, 8));
let kept: Bytes = new Bytes("");

/** 0 if the text is JSON, else the error's code. */
function read(text: string): i32 {
  kept = new Bytes(text);
  clearError();
  return scan(kept.address, kept.length, json) ? 0 : errorCode();
}

function textAt(node: u32): string {
  return String.UTF8.decodeUnsafe(textOf(json, node), textLengthOf(json, node));
}

describe("the scanner", () => {
  it("leaves values in the order of their text, with links over containers", () => {
    expect(read('{"a":[1,{"b":null}],"c":"d"}')).toBe(0);
    expect(kindOf(json, 0)).toBe(Kind.OBJECT);
    expect(sizeOfContainer(json, 0)).toBe(2);
    expect(textAt(1)).toBe("a");
    expect(kindOf(json, 2)).toBe(Kind.ARRAY);
    expect(sizeOfContainer(json, 2)).toBe(2);
    expect(nextOf(json, 2)).toBe(7);
    expect(textAt(8)).toBe("d");
    expect(json.count).toBe(9);
  });
  it("keeps numbers as they are spelled", () => {
    expect(read("[-0.10e+05, 12345678901234567890]")).toBe(0);
    expect(textAt(1)).toBe("-0.10e+05");
    expect(textAt(2)).toBe("12345678901234567890");
  });
  it("resolves escapes", () => {
    expect(read('"\\u00e9\\n\\ud83d\\ude00\\/"')).toBe(0);
    expect(textAt(0)).toBe("\u00e9\n\u{1f600}/");
  });
  it("refuses what RFC 8259 does not allow", () => {
    expect(read("")).toBe(Code.INVALID_JSON);
    expect(read("[1,]")).toBe(Code.INVALID_JSON);
    expect(read("{\"a\" 1}")).toBe(Code.INVALID_JSON);
    expect(read("01")).toBe(Code.INVALID_JSON);
    expect(read("1.")).toBe(Code.INVALID_JSON);
    expect(read("nul")).toBe(Code.INVALID_JSON);
    expect(read("\"\t\"")).toBe(Code.INVALID_JSON);
    expect(read('"\\ud800"')).toBe(Code.INVALID_JSON);
    expect(read("{} {}")).toBe(Code.INVALID_JSON);
    expect(read('"abc')).toBe(Code.INVALID_JSON);
  });
  it("tells the byte where it stopped", () => {
    expect(read('{"a":tru}')).toBe(Code.INVALID_JSON);
    expect(errorOffset()).toBe(5);
  });
  it("judges duplicate keys when their object closes, by their text", () => {
    expect(read('{"a":{"a":1},"a":2}')).toBe(Code.DUPLICATE_KEY);
    expect(errorNode()).toBe(5);
    expect(read('{"a":1,"\\u0061":2}')).toBe(Code.DUPLICATE_KEY);
    expect(read('{"a":{"a":{"a":1}}}')).toBe(0);
  });
  it("refuses nesting past its limit", () => {
    expect(read("[".repeat(128) + "]".repeat(128))).toBe(0);
    expect(read("[".repeat(129) + "]".repeat(129))).toBe(Code.TOO_DEEP);
  });
});
