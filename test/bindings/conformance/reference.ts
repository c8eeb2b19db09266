/** What Node answers to every vector: what all others are compared with. */
import { readdirSync, readFileSync } from "node:fs";
import { createMatcher } from "../../../bindings/js/index.ts";
import type { VectorFile } from "../../conformance/vector.ts";
import type { MisuseCase } from "../misuse/case.ts";
import { type Report, reportOf, type VectorFiles } from "./report.ts";

const FOLDER = new URL("../../vectors/", import.meta.url);

export function vectorFiles(): VectorFiles {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    names.sort().map((name) => [name, JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as VectorFile]),
  );
}

export function misuseCases(): readonly MisuseCase[] {
  const { cases } = JSON.parse(readFileSync(new URL("misuse/cases.json", FOLDER), "utf8")) as {
    cases: readonly MisuseCase[];
  };
  return cases;
}

/** Of the Node that runs this test, from the sources. */
export async function nodeReport(): Promise<Report> {
  using matcher = await createMatcher();
  return reportOf(matcher, vectorFiles());
}
