/** Every construct of the language has an example that shows it, where docs/language/examples.md says. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CONSTRUCTS } from "./constructs.ts";
import { examplesOf } from "./example.ts";
import { languagePages, loadPage, ROOT } from "./pages.ts";
import { constructsOf } from "./shown.ts";

/** By `page.md#anchor`: the constructs that its examples show. */
const shown = new Map<string, Set<string>>();
for (const page of languagePages()) {
  for (const example of examplesOf(page)) {
    const place = `${page.file.slice("docs/language/".length)}#${example.anchor}`;
    const there = shown.get(place) ?? new Set();
    for (const construct of await constructsOf(example)) there.add(construct);
    shown.set(place, there);
  }
}

interface Entry {
  readonly construct: string;
  readonly target: string;
}

const index: readonly Entry[] = loadPage("docs/language/examples.md").sections.flatMap(({ anchor, rows }) =>
  anchor !== "index"
    ? []
    : rows.flatMap((row) => {
        const [names = "", link = ""] = Object.values(row);
        const target = /\]\(([^)]+)\)/.exec(link)?.[1] ?? "";
        return [...names.matchAll(/`([^`]+)`/g)].map(([, construct = ""]) => ({ construct, target }));
      }),
);

describe("the index of examples", () => {
  it("has every construct once, and nothing else", () => {
    expect(index.map(({ construct }) => construct).sort()).toEqual([...CONSTRUCTS].sort());
  });

  it.each(index)("$construct is shown at $target", ({ construct, target }) => {
    expect([...(shown.get(target) ?? [])]).toContain(construct);
  });
});

describe("the list of constructs", () => {
  it("has everything that an example shows", () => {
    const all = [...shown].flatMap(([place, there]) =>
      [...there].map((construct) => `${construct} ${place}`),
    );
    expect(all.filter((line) => !CONSTRUCTS.includes(line.split(" ")[0]!))).toEqual([]);
  });

  it.each(schemaWords())("has %s, which the schemas know", (construct) => {
    expect(CONSTRUCTS).toContain(construct);
  });

  it.each(grammarWords())("has a construct for the word %s of the grammar in language.md", (word) => {
    expect(CONSTRUCTS.some((construct) => construct.endsWith(`.${word}`))).toBe(true);
  });

  it.each(errorCodes())("has the error %s", (code) => {
    expect(CONSTRUCTS).toContain(`error.${code}`);
  });
});

/** What a definition of a schema is called among the constructs. */
const PARTS: Readonly<Record<string, string>> = {
  requirements: "document",
  host: "host",
  policy: "policy",
  "requirements include": "include",
  "requirements preference": "preference",
  "requirements runtime": "runtime",
  "requirements condition": "condition",
  "requirements matcher": "matcher",
  "requirements matcher flags": "flags",
  "requirements matcher count": "count",
  "requirements over": "over",
  "requirements test": "test",
  "requirements test text": "text",
  "host features": "features",
  "host platform": "platform",
  "host flags": "flags-facts",
  "host attributes": "attributes-facts",
  "host instances": "instances-facts",
  "host instance": "instance",
  "policy runtimes": "runtimes-policy",
  "policy bases": "bases-policy",
};

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Every key that the published schemas name, as a construct. */
function schemaWords(): string[] {
  return ["requirements", "host", "policy"].flatMap((name) => {
    const text = readFileSync(`${ROOT}src/author/schemas/${name}.schema.json`, "utf8");
    const schema = JSON.parse(text) as Schema;
    const definitions = Object.entries(schema.$defs ?? {}).map(
      ([definition, one]) => [`${name} ${definition}`, one] as const,
    );
    return [[name, schema] as const, ...definitions].flatMap(([place, one]) => wordsOf(one, place));
  });
}

function wordsOf(schema: Schema, place: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => [
    `${PARTS[place] ?? place}.${key}`,
    ...wordsOf(child, `${place} ${key}`),
  ]);
}

/** Every key of the grammars of documents, facts and policies: words before a colon, or with a question mark. */
function grammarWords(): string[] {
  const page = loadPage("docs/language.md");
  const grammars = ["the-requirements-document", "facts", "policy"].map((anchor) => {
    const [fence] = page.sections.find((section) => section.anchor === anchor)?.fences ?? [];
    if (fence === undefined) throw new Error(`docs/language.md has no grammar under #${anchor}`);
    return fence.text;
  });
  const words = grammars.join("\n").matchAll(/(?:"([a-z.]+)"|\b([A-Za-z]+))(?:\?(?=,)|\??:(?= |$))/gm);
  const kept = new Set([...words].map(([, quoted, plain]) => quoted ?? plain!));
  // Names that an author chooses.
  for (const placeholder of ["key", "name", "type", "feature", "source.feature", "absent"])
    kept.delete(placeholder);
  return [...kept].sort();
}

/** Codes about documents in docs/abi.md; the others are about calls and limits. */
function errorCodes(): string[] {
  const elsewhere = new Set([
    "invalid-utf8", // can't stand in a page of text
    "too-large",
    "limit",
    "out-of-memory",
    "budget-exceeded",
    "stale-handle",
    "wrong-handle",
    "bad-call",
    "unsupported",
  ]);
  const { sections } = loadPage("docs/abi.md");
  const rows = sections.find((section) => section.anchor === "errors")?.rows ?? [];
  const codes = rows.map((row) => row.code?.replaceAll("`", "") ?? "");
  if (codes.length < 10) throw new Error("docs/abi.md has no table of errors");
  return codes.filter((code) => !elsewhere.has(code));
}
