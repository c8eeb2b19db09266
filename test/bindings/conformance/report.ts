/** Answers every vector with a matcher, anywhere: what runs in browsers and other runtimes is made of this and the library. */
import type { Matcher } from "../../../bindings/js/matcher.ts";
import { answerWithMatcher } from "../../conformance/matcher-answers.ts";
import type { VectorFile } from "../../conformance/vector.ts";

/** Every file of test/vectors, by name. */
export type VectorFiles = Readonly<Record<string, VectorFile>>;

/** What came out of a run. */
export interface Report {
  readonly total: number;
  /** The vectors that were answered otherwise, at most 20 of them with what was answered. */
  readonly wrong: readonly string[];
  /** SHA-256 of all answers, one a line. */
  readonly digest: string;
}

const TOLD = 20;

/** Runs the vectors in the order of the files' names. */
export async function reportOf(matcher: Matcher, files: VectorFiles): Promise<Report> {
  const lines: string[] = [];
  const wrong: string[] = [];
  for (const name of Object.keys(files).sort()) {
    for (const { expect: expected, ...vector } of files[name]!.cases) {
      const line = JSON.stringify(answerWithMatcher(matcher, vector));
      lines.push(line);
      if (line !== JSON.stringify(expected) && wrong.length < TOLD)
        wrong.push(`${name}: ${vector.name}: ${line}`);
    }
  }
  return { total: lines.length, wrong, digest: await digestOf(lines) };
}

/** SHA-256 of lines as hexadecimal digits. */
export async function digestOf(lines: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
