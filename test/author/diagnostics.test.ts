import { describe, expect, it } from "vitest";
import {
  type Diagnostic,
  DocumentError,
  diagnosticsToJson,
  renderDiagnostics,
} from "../../src/author/diagnostics.ts";
import { SourceText } from "../../src/author/source-text.ts";

const at = (line: number, column: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  severity: "error",
  code: "unknown-key",
  message: "no such key",
  help: "see the list of keys",
  file: "a.yaml",
  line,
  column,
  ...more,
});

describe("findings", () => {
  it("are rendered in the order of the file, errors first, one line and its help each", () => {
    const text = renderDiagnostics([
      at(10, 1),
      at(2, 5, { severity: "warning", code: "odd" }),
      at(2, 5, { help: "do this" }),
      at(1, 1, { file: "b.yaml" }),
    ]);
    expect(text).toBe(
      [
        "a.yaml:2:5: error unknown-key: no such key",
        "    help: do this",
        "a.yaml:2:5: warning odd: no such key",
        "    help: see the list of keys",
        "a.yaml:10:1: error unknown-key: no such key",
        "    help: see the list of keys",
        "b.yaml:1:1: error unknown-key: no such key",
        "    help: see the list of keys",
        "",
      ].join("\n"),
    );
  });

  it("have one JSON form, absent parts null", () => {
    expect(JSON.stringify(diagnosticsToJson([at(1, 2, { pointer: "/a" })]))).toBe(
      '[{"severity":"error","code":"unknown-key","message":"no such key","help":"see the list of keys","file":"a.yaml","line":1,"column":2,"pointer":"/a"}]',
    );
  });

  it("can't send control sequences to a terminal", () => {
    const text = renderDiagnostics([at(1, 1, { message: "key \u001b[31m \u202e\u0007", file: "a\n.yaml" })]);
    expect(text).toBe(
      "a\\u{a}.yaml:1:1: error unknown-key: key \\u{1b}[31m \\u{202e}\\u{7}\n    help: see the list of keys\n",
    );
  });

  it("of a document that can't be read are an error with the first one's code and place", () => {
    const error = new DocumentError([at(3, 1, { code: "later" }), at(2, 1, { help: "mend it" })]);
    expect(error).toMatchObject({ code: "unknown-key", message: "a.yaml:2:1: no such key", help: "mend it" });
    expect(error.diagnostics.map((one) => one.line)).toEqual([2, 3]);
  });
});

describe("an excerpt", () => {
  it("shows the line with the caret under the place, tabs as one blank", () => {
    expect(new SourceText("a\n\tb: cé!\r\nd").excerpt(8)).toEqual({ text: " b: cé!", caret: 6 });
  });

  it("of a long line shows what is around the place", () => {
    const { text, caret } = new SourceText(`${"x".repeat(500)}Y${"z".repeat(500)}`).excerpt(500);
    expect(text.length).toBeLessThan(110);
    expect(text[caret]).toBe("Y");
  });

  it("past the end stands after the last character", () => {
    expect(new SourceText("ab").excerpt(99)).toEqual({ text: "ab", caret: 2 });
  });
});
