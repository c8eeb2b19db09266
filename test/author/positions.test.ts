import { describe, expect, it } from "vitest";
import { read } from "./read.ts";

const YAML = `# first
requires:
  kernel.version: { full: "5.14" }
  "a/b~c":
    - ünï: [x, yy]
base: &b
  deep: 1
again: *b
`;

describe("the places of a document", () => {
  it.each([
    ["", "value", 2, 1],
    ["/requires", "key", 2, 1],
    ["/requires", "value", 3, 3],
    ["/requires/kernel.version/full", "key", 3, 21],
    ["/requires/kernel.version/full", "value", 3, 27],
    ["/requires/a~1b~0c/0/ünï", "key", 5, 7],
    ["/requires/a~1b~0c/0/ünï/1", "value", 5, 16],
    ["/requires/a~1b~0c/7/nothing", "value", 5, 5],
    ["/nowhere", "value", 2, 1],
    ["/again/deep", "value", 8, 8],
  ] as const)("of YAML are found by pointer: %j, the %s", async (pointer, part, line, column) => {
    expect((await read(YAML)).positions(pointer, part)).toEqual({ line, column });
  });

  it("of YAML are found by the byte offset in its JSON", async () => {
    const document = await read(YAML);
    const json = new TextDecoder().decode(document.json);
    const byteOf = (text: string): number =>
      new TextEncoder().encode(json.slice(0, json.indexOf(text))).length;
    expect(document.positions(0)).toEqual({ line: 2, column: 1 });
    expect(document.positions(byteOf('"5.14"'))).toEqual({ line: 3, column: 27 });
    expect(document.positions(byteOf('"full"'))).toEqual({ line: 3, column: 21 });
    expect(document.positions(byteOf('"yy"'))).toEqual({ line: 5, column: 16 });
    expect(document.positions(byteOf('"ünï"') + 2)).toEqual({ line: 5, column: 7 });
    expect(document.positions(json.length * 4)).toEqual({ line: 2, column: 1 });
  });

  const JSON_TEXT = '{\n  "ü": [1, {"a/b": "x"}],\n  "b": {},\n  "é\\u00e9": [[], "z"]\n}\n';

  it.each([
    ["", "value", 1, 1],
    ["/ü", "key", 2, 3],
    ["/ü/1/a~1b", "key", 2, 13],
    ["/ü/1/a~1b", "value", 2, 20],
    ["/b", "value", 3, 8],
    ["/éé/1", "value", 4, 19],
    ["/éé/9", "value", 4, 14],
  ] as const)("of JSON are found by pointer: %j, the %s", async (pointer, part, line, column) => {
    expect((await read(JSON_TEXT, { file: "doc.json" })).positions(pointer, part)).toEqual({ line, column });
  });

  it("of JSON are found by byte offset, in code points", async () => {
    const document = await read(JSON_TEXT, { file: "doc.json" });
    const before = JSON_TEXT.slice(0, JSON_TEXT.indexOf('"x"'));
    expect(document.positions(new TextEncoder().encode(before).length)).toEqual({ line: 2, column: 20 });
  });

  it.each([
    "{",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    "[1 2]",
    '{"a":"x',
    "",
    "   ",
    "}",
    '{"a":[1,{"b":',
    "\u0000",
  ])("of broken JSON are found as far as it goes: %j", async (text) => {
    const document = await read(text, { file: "doc.json" });
    expect(document.positions("/a/b").line).toBe(1);
    expect(document.positions("").line).toBe(1);
  });

  it("of JSON nested a hundred thousand deep are found without a stack overflow", async () => {
    const document = await read(`${"[".repeat(100_000)}`, { file: "doc.json" });
    expect(document.positions("/0/0/0")).toEqual({ line: 1, column: 4 });
  });
});

describe("the form of a document", () => {
  it("is JSON by its name, and then handed on byte for byte", async () => {
    const text = '{"a":1,"a":2,}';
    const document = await read(text, { file: "doc.json" });
    expect(document.format).toBe("json");
    expect(new TextDecoder().decode(document.json)).toBe(text);
  });

  it.each([
    ['{"a": 1}', "json"],
    [' {\n "a": 1}', "json"],
    ["{}", "json"],
    ["{a: b}", "yaml"],
    ["a: b", "yaml"],
  ])("is seen from its start where the name doesn't say: %j is %s", async (text, format) => {
    expect((await read(text, { file: "-" })).format).toBe(format);
  });
});
