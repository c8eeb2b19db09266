import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answerWithOracle } from "./oracle-answers.ts";
import { TABLES } from "./tables/index.ts";
import {
  requirements,
  type Source,
  type Table,
  type TableCandidate,
  type TableCase,
  type TableDocument,
} from "./tables/table.ts";
import type { VectorCandidate, VectorCase, VectorDocument, VectorFile, VectorSource } from "./vector.ts";

const FOLDER = new URL("../vectors/", import.meta.url);
const WRITES = process.env.HOSTFIT_WRITE_VECTORS === "1";

describe("the oracle answers as was reasoned by hand", () => {
  for (const table of TABLES) {
    describe(table.file, () => {
      for (const row of table.cases) it(row.name, () => agree(row));
    });
  }
});

describe("the vectors are those of the tables", () => {
  for (const table of TABLES) {
    it(table.file, () => {
      const text = fileText(table);
      const url = new URL(`${table.file}.json`, FOLDER);
      if (WRITES) writeFileSync(url, text);
      expect(
        readFileSync(url, "utf8") === text,
        "run with HOSTFIT_WRITE_VECTORS=1 after changing a table",
      ).toBe(true);
    });

    it(`${table.file}: every name is used once`, () => {
      const names = table.cases.map((row) => row.name);
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    });
  }
});

/** Where a case is about no document. */
const NOTHING = [requirements({})];

function agree(row: TableCase): void {
  const answer = answerWithOracle(vectorOf(row));
  if ("error" in row.want) {
    const document = row.want.document;
    expect(answer).toMatchObject({
      error: { code: row.want.error, pointer: row.want.at, ...(document === undefined ? {} : { document }) },
    });
  } else {
    expect(answer).toMatchObject(row.want.answer as object);
  }
}

function vectorOf(row: TableCase): VectorCase {
  return {
    name: row.name,
    ...(row.candidates === undefined ? { documents: (row.documents ?? NOTHING).map(documentOf) } : {}),
    facts: sourceOf(row.facts),
    ...(row.policy === undefined ? {} : { policy: sourceOf(row.policy) }),
    ...(row.candidate === undefined ? {} : { candidate: candidateOf(row.candidate) }),
    ...(row.candidates === undefined ? {} : { candidates: row.candidates.map(candidateOf) }),
    ...(row.allowUndetermined === true ? { allowUndetermined: true } : {}),
  };
}

function sourceOf(source: Source): VectorSource {
  return typeof source === "string" ? { text: source } : { base64: Buffer.from(source).toString("base64") };
}

function documentOf({ id, dialect, source }: TableDocument): VectorDocument {
  return { id, dialect, ...sourceOf(source) };
}

function candidateOf({ documents, ...candidate }: TableCandidate): VectorCandidate {
  return { ...candidate, ...(documents === undefined ? {} : { documents: documents.map(documentOf) }) };
}

/** One case a line, so that a change shows which cases it changes. */
function fileText({ description, cases }: Table): string {
  const vectors: VectorFile = {
    description,
    cases: cases.map(vectorOf).map((vector) => ({ ...vector, expect: answerWithOracle(vector) })),
  };
  const lines = vectors.cases.map((vector) => `    ${JSON.stringify(vector)}`).join(",\n");
  return `{\n  "description": ${JSON.stringify(description)},\n  "cases": [\n${lines}\n  ]\n}\n`;
}
