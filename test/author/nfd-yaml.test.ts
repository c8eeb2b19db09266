import { describe, expect, it } from "vitest";
import { brief, read, readValue, refusals } from "./read.ts";

const nfd = { dialect: "nfd" } as const;

/** A document with one value, and what NFD reads there. */
async function readScalar(scalar: string): Promise<{ value: unknown; warnings: string[] }> {
  const text = `compatibilities: [{rules: [{matchFeatures: [{matchExpressions: {k: {value: [${scalar}]}}}]}]}]`;
  const { json, warnings } = await read(text, nfd);
  const [, value] = /"value":\[(.*?)\]/.exec(new TextDecoder().decode(json)) ?? [];
  return { value: JSON.parse(value ?? "null"), warnings: warnings.map((one) => one.message) };
}

describe("an NFD document", () => {
  it.each([
    ["0200", "128"],
    ["1.10", "1.1"],
    ["yes", "true"],
    ["Off", "false"],
    ["y", "true"],
    ["1_000", "1000"],
    ["0x1F", "31"],
    ["1e3", "1000"],
    ["1234567.0", "1.234567e+06"],
    ["16777217.0", "1.6777216e+07"],
    ["18446744073709551616", "1.8446744e+19"],
    ["-0b11", "-3"],
    ["~", ""],
    [".inf", "+Inf"],
  ])("reads %s as the text %j, and warns", async (scalar, value) => {
    expect(await readScalar(scalar)).toEqual({
      value,
      warnings: [expect.stringContaining(`${scalar} without quotes is read as "${value}"`)],
    });
  });

  it.each(["22", "1.5", "true", "2001-01-01", "190:20:30", "5.14.0", '"0200"', "!!str 0200"])(
    "reads %s as it stands, without a warning",
    async (scalar) => {
      const { value, warnings } = await readScalar(scalar);
      expect({ value, warnings }).toEqual({ value: scalar.replace(/^!!str |"/g, ""), warnings: [] });
    },
  );

  it("takes fields in any case and ignores those that it doesn't know, with a warning each", async () => {
    const text = "Version: x\ncompatibilities:\n- WEIGHT: 5\n  ruels: []\n";
    const { json, warnings } = await read(text, nfd);
    expect(new TextDecoder().decode(json)).toBe('{"version":"x","compatibilities":[{"weight":5}]}');
    expect(brief(warnings)).toEqual(["nfd-field-case 1:1", "nfd-field-case 3:3", "nfd-unknown-field 4:3"]);
    expect(warnings[2]?.help).toBe("did you mean rules?");
  });

  it("takes the last of duplicate keys, with a warning at it", async () => {
    const { json, warnings } = await read("version: a\nversion: b\n", nfd);
    expect(new TextDecoder().decode(json)).toBe('{"version":"b"}');
    expect(brief(warnings)).toEqual(["nfd-duplicate-key 2:1"]);
  });

  it("lets a merge key replace what stands before it, as go-yaml does, with a warning", async () => {
    const text = "compatibilities:\n- {tag: a, <<: {tag: b, weight: 1}}\n- {<<: {tag: b}, tag: a}\n";
    const { json, warnings } = await read(text, nfd);
    expect(new TextDecoder().decode(json)).toBe('{"compatibilities":[{"weight":1,"tag":"b"},{"tag":"a"}]}');
    expect(brief(warnings)).toEqual(["nfd-merge-key 2:4"]);
  });

  it("ends with its first document, with a warning", async () => {
    const { json, warnings } = await read("version: a\n---\nversion: [\n", nfd);
    expect(new TextDecoder().decode(json)).toBe('{"version":"a"}');
    expect(brief(warnings)).toEqual(["nfd-later-documents 2:1"]);
  });

  it("is the empty one if the file is", async () => {
    expect(await readValue("", nfd)).toEqual({});
    expect(await readValue("# nothing\n", nfd)).toEqual({});
  });

  it("may be JSON, which is read as YAML as well", async () => {
    expect(
      await readValue('{"version":"v1alpha1","compatibilities":[]}', { ...nfd, file: "x.json" }),
    ).toEqual({
      version: "v1alpha1",
      compatibilities: [],
    });
  });

  it("keeps an expression that is null, which is the core's to refuse", async () => {
    const text = "compatibilities: [{rules: [{matchFeatures: [{matchExpressions: {k: null}}]}]}]";
    expect(await readValue(text, nfd)).toEqual({
      compatibilities: [{ rules: [{ matchFeatures: [{ matchExpressions: { k: null } }] }] }],
    });
  });

  it.each([
    [
      "a scalar value where a list is wanted",
      "compatibilities: [{rules: [{matchFeatures: [{matchName: {value: x}}]}]}]",
      ["nfd-type 1:65"],
    ],
    ["a weight that is text", "compatibilities: [{weight: heavy}]", ["nfd-type 1:28"]],
    ["a weight with a fraction", "compatibilities: [{weight: 1.5}]", ["nfd-type 1:28"]],
    ["a list where a map is wanted", "[]", ["nfd-type 1:1"]],
    ["infinity in a field that is ignored", "other: .inf", ["nfd-type 1:8"]],
    [
      "two keys that become one",
      "compatibilities: [{rules: [{vars: {1: a, '1': b}}]}]",
      ["nfd-key-clash 1:42"],
    ],
    ["a key that is null", "~: x", ["yaml-key 1:1"]],
    ["a tag that doesn't fit", "version: !!int x", ["yaml-tag 1:16"]],
    ["an escape that YAML 1.1 lacks", 'version: "a\\/b"', ["yaml-version 1:12"]],
    ["a key that goes over two lines", "{version\n : a}", ["yaml-version 1:2"]],
    ["a tab that indents", "compatibilities:\n- \tweight: 1", ["yaml-version 2:3"]],
  ])("is refused for %s", async (_, text, expected) => {
    expect(brief(await refusals(text, nfd))).toEqual(expected);
  });

  it("places what is found in the JSON at the text that it was made of", async () => {
    const text = "compatibilities:\n- rules:\n  - name: x\n    MatchFeatures:\n    - feature: a.b\n";
    const { positions } = await read(text, nfd);
    expect(positions("/compatibilities/0/rules/0/matchFeatures/0/feature")).toEqual({ line: 5, column: 16 });
    expect(positions("/compatibilities/0/rules/0/matchFeatures", "key")).toEqual({ line: 4, column: 5 });
  });
});
