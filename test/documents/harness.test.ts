/** The readers of examples themselves: nothing may pass unread. */
import { describe, expect, it } from "vitest";
import { differences } from "./difference.ts";
import { examplesOf } from "./example.ts";
import { readPage } from "./markdown.ts";

function pageOf(...blocks: readonly string[]) {
  return { file: "page.md", ...readPage(["# Title", ...blocks].join("\n\n")) };
}

const DOCUMENT = "```yaml requirements\nkind: Requirements\n```";
const FACTS = "```yaml facts\nkind: Host\n```";
const VERDICT = '```json verdict\n{ "verdict": "compatible" }\n```';

describe("examples of a page", () => {
  it("are one for each answer, with the inputs above it", () => {
    const examples = examplesOf(pageOf(DOCUMENT, VERDICT, FACTS, VERDICT));
    expect(examples.map(({ documents, facts }) => [documents.length, facts?.text ?? null])).toEqual([
      [1, null],
      [1, "kind: Host\n"],
    ]);
  });

  it("begin anew with a document after an answer, and with a heading", () => {
    const [, second] = examplesOf(pageOf(DOCUMENT, FACTS, VERDICT, DOCUMENT, VERDICT));
    expect(second?.documents).toHaveLength(1);
    expect(second?.facts).not.toBeNull();
    const [, other] = examplesOf(pageOf(DOCUMENT, FACTS, VERDICT, "## Other", DOCUMENT, VERDICT));
    expect(other?.facts).toBeNull();
  });

  it.each([
    ["an input at the end that nothing uses", [DOCUMENT, VERDICT, FACTS]],
    ["an input that is replaced before it is used", [DOCUMENT, FACTS, FACTS, VERDICT]],
    ["two documents of one id", [DOCUMENT, DOCUMENT, VERDICT]],
    ["YAML that doesn't say what it is", ["```yaml\na: b\n```"]],
    ["a role that nobody knows", ["```yaml fact\na: b\n```"]],
    ["a language that nobody knows", ["```toml facts\na = 1\n```"]],
    ["too many words", ["```yaml facts one two\nkind: Host\n```"]],
    ["an answer that is no JSON", [DOCUMENT, "```json verdict\n{,}\n```"]],
  ])("are refused with %s", (_, blocks) => {
    expect(() => examplesOf(pageOf(...blocks))).toThrow();
  });

  it("are refused with a fence that isn't closed", () => {
    expect(() => pageOf("```yaml facts\nkind: Host")).toThrow("not closed");
  });
});

describe("a page", () => {
  it("has GitHub's anchors", () => {
    const { sections } = readPage(
      "# A map: every entry\n## `text.notIn`\n## amd64's level\n## Twice\n## Twice",
    );
    expect(sections.map(({ anchor }) => anchor)).toEqual([
      "",
      "a-map-every-entry",
      "textnotin",
      "amd64s-level",
      "twice",
      "twice-1",
    ]);
  });

  it("has tables and links, but for those in blocks of code", () => {
    const page = readPage(
      "| a | b |\n| --- | --- |\n| 1 | `x \\| y` |\n\n[z](q.md#r) `[n](m)`\n\n```sh\n[x](y)\n```",
    );
    expect(page.sections[0]?.rows).toEqual([{ a: "1", b: "`x | y`" }]);
    expect(page.links).toEqual(["q.md#r"]);
  });
});

describe("differences", () => {
  it.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: [{ b: null }] }, { a: [{ b: null, c: 1 }] }],
    [[], []],
    ["x", "x"],
  ])("has none between %j and %j", (expected, actual) => {
    expect(differences(expected, actual)).toEqual([]);
  });

  it.each([
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, {}],
    [{ a: null }, {}],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [[], [1]],
    [{}, []],
    [[], {}],
    [{}, null],
    [null, {}],
    [1, "1"],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
  ])("tells %j from %j", (expected, actual) => {
    expect(differences(expected, actual)).not.toEqual([]);
  });
});
