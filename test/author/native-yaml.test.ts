import { describe, expect, it } from "vitest";
import { renderDiagnostics } from "../../src/author/diagnostics.ts";
import { brief, read, readValue, refusals } from "./read.ts";

describe("a native document in YAML", () => {
  it("becomes the JSON that it says, numbers with their source text", async () => {
    const document = await read(
      "a: text # comment\nb: [22, 1.5, true, null, \"0302\", 'on']\nc: |\n  two\n  lines\nd: {}\n10: x\n",
    );
    expect(new TextDecoder().decode(document.json)).toBe(
      '{"a":"text","b":[22,1.5,true,null,"0302","on"],"c":"two\\nlines\\n","d":{},"10":"x"}',
    );
  });

  it("keeps the order of its keys, also of those that look like numbers", async () => {
    const document = await read("b: x\n2: x\na: x\n1: x\n");
    expect(new TextDecoder().decode(document.json)).toBe('{"b":"x","2":"x","a":"x","1":"x"}');
  });

  it("writes aliases out", async () => {
    expect(
      await readValue("a: &x [p, {q: r}]\nb: *x\nc: [*x, *x]\n*x : y\n".replace("*x : y\n", "")),
    ).toEqual({
      a: ["p", { q: "r" }],
      b: ["p", { q: "r" }],
      c: [
        ["p", { q: "r" }],
        ["p", { q: "r" }],
      ],
    });
  });

  it("may start with a byte order mark, a comment, %YAML 1.2 and ---, and end with ...", async () => {
    expect(await readValue("\ufeff# hello\n%YAML 1.2\n---\na: b\n...\n")).toEqual({ a: "b" });
  });

  it.each([
    [
      "an unquoted number whose text would change",
      "a: 0302\nb: [22.10]\n",
      ["yaml-unquoted 1:4", "yaml-unquoted 2:5"],
    ],
    ["an unquoted key whose text would change", "a: {0302: x}\n", ["yaml-unquoted 1:5"]],
    ["a word that is a truth value to YAML 1.1", "a: on\n", ["yaml-unquoted 1:4"]],
    ["a duplicate key", "a: 1\nb: 2\na: 3\n", ["yaml-duplicate-key 3:1"]],
    ["a duplicate key that is written otherwise", 'a: 1\n"\\x61": 2\n', ["yaml-duplicate-key 2:1"]],
    ["a merge key", "a: &a {b: c}\nd: {<<: *a}\n", ["yaml-merge-key 2:5"]],
    ["a tag on text", "a: !!str 0302\n", ["yaml-tag 1:10"]],
    ["a tag on a map", "a: !own {}\n", ["yaml-tag 1:9"]],
    ["a tag on a key", "!!str a: b\n", ["yaml-tag 1:7"]],
    ["a second document", "a: b\n---\nc: d\n", ["yaml-documents 2:1"]],
    ["a directive for YAML 1.1", "%YAML 1.1\n---\na: b\n", ["yaml-directive 1:1"]],
    ["a map as a key", "? {a: b}\n: c\n", ["yaml-key 1:3"]],
    ["a missing key", ": c\n", ["yaml-key 1:1"]],
    ["an alias without an anchor", "a: *b\n", ["yaml-alias 1:4"]],
    ["an alias inside what it names", "a: &a [b, *a]\n", ["yaml-alias 1:11"]],
    ["nothing", "", ["yaml-empty 1:1"]],
    ["only a comment", "# nothing\n", ["yaml-empty 1:1"]],
    ["a tab as indentation", "a:\n\tb: c\n", ["yaml-syntax 2:1"]],
    ["an open bracket", "a: [b\nc: d\n", ["yaml-syntax 2:1"]],
    [
      "a quote that is never closed, with another one on the next lines",
      'a:\n  b: "c\\"\n d: "e"\n',
      ["yaml-syntax 2:6"],
    ],
    ["a single quote that is never closed", "a:\n  b: 'c''\n d: e'\n", ["yaml-syntax 2:6"]],
    ["a heap of commas", `a: [${",".repeat(1000)}]\n`, ["yaml-syntax 1:7"]],
    ["a control character", "a: b\u0007\n", ["yaml-character 1:5"]],
    ["a line break that only YAML 1.1 knows", "# c\u2028a: b\n", ["yaml-character 1:4"]],
    ["a carriage return alone", "a: b\rc: d\n", ["yaml-character 1:5"]],
    ["half a character", 'a: "\\ud800"\n', ["yaml-escape 1:4"]],
    ["a list on the line of its key", "a: - b\n", ["yaml-syntax 1:4", "yaml-syntax 1:6"]],
  ])("is refused for %s, and what to do is said", async (_, text, expected) => {
    const findings = await refusals(text);
    expect(brief(findings)).toEqual(expected);
    for (const { help } of findings) expect(help).toMatch(/^[a-z].*[^.]$/);
  });

  it("names all its unquoted values at once", async () => {
    const findings = await refusals(
      Array.from({ length: 30 }, (_, index) => `k${index}: 0${index}7\n`).join(""),
    );
    expect(findings).toHaveLength(30);
  });

  it("says what to write instead, with the line and a caret", async () => {
    expect(renderDiagnostics(await refusals("pci.device:\n  some: { class: 0302 }\n"))).toBe(
      [
        "doc.yaml:2:18: error yaml-unquoted: 0302 without quotes is the number 302 to YAML 1.2 and the number 194 to YAML 1.1, and its text is lost",
        "      some: { class: 0302 }",
        "                     ^",
        '    help: quote it: "0302"',
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["flow lists", "[".repeat(5000)],
    ["flow maps", "{a: ".repeat(5000)],
    ["compact lists", `${"- ".repeat(5000)}a`],
    ["explicit keys", `${"? ".repeat(5000)}a`],
    ["block maps", Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join("")],
  ])("is refused for %s nested too deep, before they are composed", async (_, text) => {
    expect((await refusals(text)).map((one) => one.code)).toEqual(["yaml-depth"]);
  });

  it("is refused when its aliases multiply", async () => {
    const lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 10; level++) {
      lines.push(
        `l${level}: &l${level} [${Array(10)
          .fill(`*l${level - 1}`)
          .join(", ")}]`,
      );
    }
    expect((await refusals(lines.join("\n"))).map((one) => one.code)).toEqual(["yaml-size"]);
  });

  it("is refused for more than a mebibyte, unread", async () => {
    expect((await refusals("a: b\n".repeat(250_000))).map((one) => one.code)).toEqual(["document-size"]);
  });

  it("is refused for bytes that are not UTF-8, at the place", async () => {
    const { readDocument } = await import("../../src/author/document.ts");
    const bytes = Uint8Array.from([...new TextEncoder().encode("a: ü\nb: "), 0xff, 0x0a]);
    await expect(readDocument(bytes, { file: "doc.yaml" })).rejects.toMatchObject({
      code: "document-encoding",
      details: { line: 2, column: 4 },
    });
  });
});
