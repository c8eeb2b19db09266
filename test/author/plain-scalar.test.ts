import { describe, expect, it } from "vitest";
import { readPlainScalar } from "../../src/author/plain-scalar.ts";

describe("a plain scalar of the native dialect", () => {
  const texts = [
    "ubuntu",
    "5.14.0-427.13.1.el9_4.x86_64",
    "1.2.3",
    ">=5.14",
    "10de",
    "0a1b",
    "x86_64",
    "-",
    "+",
    ".",
    "..",
    "v1",
    "yEs",
    "oN",
    "nULL",
    "true1",
    "1:2:3x",
    "00:1f.2",
    "2001-01-01x",
    "192.168.0.1",
    "1-2",
    "e5",
    "_1",
    "0b12",
    "0o9",
    "0xg",
    "--1",
    "1e",
    "1e+",
    "=",
    "null null",
    "0x",
  ];
  it.each(texts)("%s is text", (text) => {
    expect(readPlainScalar(text)).toEqual({ kind: "text" });
  });

  it.each(["0", "22", "-3", "1.5", "0.25", "22.04", "9007199254740991", "-0.5"])(
    "%s is a number that keeps its text",
    (text) => {
      expect(readPlainScalar(text)).toEqual({ kind: "number", json: text });
    },
  );

  it.each([
    ["true", "boolean", "true"],
    ["false", "boolean", "false"],
    ["null", "null", "null"],
    ["~", "null", "null"],
    ["", "null", "null"],
  ])("%j is %s", (text, kind, json) => {
    expect(readPlainScalar(text)).toEqual({ kind, json });
  });

  it.each([
    ["0302", "the number 302", "the number 194"],
    ["22.10", "the number 22.1", "the number 22.1"],
    ["1.0", "the number 1", "the number 1"],
    ["+5", "the number 5", "the number 5"],
    ["-0", "the number 0", "the number 0"],
    ["08", "the number 8", "the number 8"],
    ["1_000", null, "the number 1000"],
    ["0x1F", "the number 31", "the number 31"],
    ["0X1F", null, "the number 31"],
    ["0o17", "the number 15", "the number 15"],
    ["0b11", null, "the number 3"],
    ["1e3", "the number 1000", "the number 1000"],
    ["10e5", "the number 1000000", "the number 1000000"],
    ["1.", "the number 1", "the number 1"],
    [".5", "the number 0.5", "the number 0.5"],
    ["1_0.5", null, "the number 10.5"],
    ["9007199254740993", "the number 9007199254740993", "the number 9007199254740993"],
    ["0.0000001", "the number 1e-7", "the number 1e-7"],
    ["1e400", "the number Infinity", null],
    ["08:00.0", null, "the number 480"],
    [".inf", "infinity", "infinity"],
    ["-.INF", "infinity", "infinity"],
    [".NaN", "not a number", "not a number"],
    ["yes", null, "true"],
    ["No", null, "false"],
    ["on", null, "true"],
    ["off", null, "false"],
    ["y", null, "true"],
    ["N", null, "false"],
    ["True", "true", "true"],
    ["FALSE", "false", "false"],
    ["Null", "null", "null"],
    ["190:20:30", null, "the number 685230"],
    ["1:30", null, "the number 90"],
    ["1:30.5", null, "the number 90.5"],
    ["2001-12-14", null, "a date"],
    ["2001-12-14T21:59:43Z", null, "a date"],
    ["2001-12-14 21:59:43.10 -5", null, "a date"],
    ["2001-1-4", null, "a date"],
  ])("%s has to be quoted: YAML 1.2 makes %s of it, YAML 1.1 %s", (text, in12, in11) => {
    expect(readPlainScalar(text)).toEqual({ kind: "ambiguous", in12, in11 });
  });
});
