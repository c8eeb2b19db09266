/** The documents of examples/documents, judged as docs/language/worked-documents.md says. */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createMatcher, type Platform, type Verdict } from "../../bindings/js/index.ts";
import { readDocument } from "../../src/author/document.ts";
import { lintFile } from "../../src/author/lint-file.ts";
import type { Validators } from "../../src/author/validate.ts";
import { compileWith } from "../../src/select/compile-file.ts";
import { generatedValidators } from "../author/validators.ts";
import type { Row } from "./markdown.ts";
import { loadPage, ROOT } from "./pages.ts";

const FOLDER = `${ROOT}examples/documents`;
const matcher = await createMatcher();
const page = loadPage("docs/language/worked-documents.md");

/** The sections that present a document. */
const presented = page.sections
  .filter(({ rows }) => rows.length > 0)
  .map((section) => ({ ...section, file: fileOf(section.line) }));

/** The document that is linked first under a heading. */
function fileOf(line: number): string {
  const lines = readFileSync(`${ROOT}${page.file}`, "utf8").split("\n").slice(line);
  return /\(\.\.\/\.\.\/examples\/documents\/([\w.-]+\.yaml)\)/.exec(lines.join("\n"))?.[1] ?? "";
}

async function json(file: string): Promise<Uint8Array> {
  return (await readDocument(readFileSync(`${FOLDER}/${file}`), { file })).json;
}

async function judge(file: string, row: Row): Promise<Verdict> {
  using requirements = matcher.compile(await json(file));
  using host = matcher.facts(await json(`hosts/${row.host}.yaml`));
  const platform = platformOf(row.candidate ?? "-");
  return matcher.evaluate(requirements, host, platform === null ? {} : { candidate: { platform } });
}

/** `os/architecture[/variant] [os.version]`, or `-`. */
function platformOf(text: string): Platform | null {
  const [path = "-", version] = text.split(" ");
  const [os = "-", architecture, variant] = path.split("/");
  if (architecture === undefined) return null;
  return {
    os,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { "os.version": version }),
  };
}

describe.each(presented)("$file", ({ file, rows, fences }) => {
  it.each(rows)("is $verdict on $host", async (row) => {
    const { verdict, score, runtime, reasons } = await judge(file, row);
    const decides = reasons.map(({ pointer, kind }) => `\`${pointer === "" ? kind : pointer}\``);
    expect({
      verdict,
      score: String(score),
      runtime: runtime?.type ?? "-",
      "what decides": decides.length === 0 ? "-" : decides.join(", "),
    }).toEqual({
      verdict: row.verdict,
      score: row.score,
      runtime: row.runtime,
      "what decides": row["what decides"],
    });
  });

  it("has a host of each verdict", () => {
    const verdicts = new Set(rows.map((row) => row.verdict));
    expect([...verdicts].sort()).toEqual(["compatible", "incompatible", "undetermined"]);
  });

  it("says what the page shows of it", () => {
    const parts = fences.filter(({ info }) => info.join(" ") === "yaml part");
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) expect(readFileSync(`${FOLDER}/${file}`, "utf8")).toContain(part.text);
  });

  it("gives every refusal a name, a description and a link", async () => {
    for (const row of rows.filter(({ verdict }) => verdict === "incompatible")) {
      const { reasons } = await judge(file, row);
      for (const { kind, title, description, documentation } of reasons) {
        if (kind === "platform") continue;
        expect([title, description, documentation]).not.toContain(null);
      }
    }
  });
});

describe("the folder of worked documents", () => {
  const documents = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
  const hosts = readdirSync(`${FOLDER}/hosts`);
  let validators: Validators;
  beforeAll(async () => {
    validators = await generatedValidators();
  });

  it("is presented whole", () => {
    expect(presented.map(({ file }) => file).sort()).toEqual(documents.sort());
    expect(documents).toHaveLength(10);
  });

  it("has no host that nothing is judged on", () => {
    const used = new Set(presented.flatMap(({ rows }) => rows.map((row) => `${row.host}.yaml`)));
    expect([...used].sort()).toEqual(hosts.sort());
  });

  it.each([...documents, ...hosts.map((name) => `hosts/${name}`)])("%s has nothing to lint", async (file) => {
    const bytes = readFileSync(`${FOLDER}/${file}`);
    const { kind, diagnostics } = await lintFile(bytes, { file, validators }, compileWith(matcher));
    expect(diagnostics).toEqual([]);
    expect(kind).not.toBeNull();
  });
});
