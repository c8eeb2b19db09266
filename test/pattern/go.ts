import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What to ask Go's regexp: whether a pattern compiles, and which of the texts it matches. */
export interface Question {
  readonly pattern: Uint8Array;
  readonly texts: readonly Uint8Array[];
}

export interface GoAnswer {
  /** The text of Go's `syntax.ErrorCode`; empty if the pattern compiles. */
  readonly error: string;
  /** The part of the pattern that Go shows with the error. */
  readonly shown: Uint8Array;
  readonly matches: readonly boolean[];
}

const PROGRAM = fileURLToPath(new URL("./go/main.go", import.meta.url));

/** The code points that Go's simple case folding takes for one, for each such set of two and more. */
export type Orbits = readonly (readonly number[])[];

/** All orbits, from Go. */
export function readOrbits(): Orbits {
  return JSON.parse(
    execFileSync("go", ["run", PROGRAM, "orbits"], { maxBuffer: 1 << 26 }).toString(),
  ) as Orbits;
}

/** Asks one process of Go all questions. */
export function askGo(questions: readonly Question[]): GoAnswer[] {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const input = questions.map(
    (q) => `{"pattern":"${base64(q.pattern)}","texts":${JSON.stringify(q.texts.map(base64))}}\n`,
  );
  const output = execFileSync("go", ["run", PROGRAM], {
    input: input.join(""),
    maxBuffer: 1 << 30,
  }).toString();
  const answers = output.split("\n").filter((line) => line !== "");
  if (answers.length !== questions.length)
    throw new Error(`${answers.length} answers to ${questions.length} questions`);
  return answers.map((line) => {
    const { error, shown, matches } = JSON.parse(line) as {
      error: string;
      shown: string | null;
      matches: boolean[];
    };
    return { error, shown: new Uint8Array(Buffer.from(shown ?? "", "base64")), matches };
  });
}

/** The names of Go's error codes here. */
export const GO_ERRORS: Readonly<Record<string, string>> = {
  "invalid character class range": "invalid-character-range",
  "invalid escape sequence": "invalid-escape",
  "invalid named capture": "invalid-named-capture",
  "invalid or unsupported Perl syntax": "invalid-perl-operator",
  "invalid nested repetition operator": "invalid-nested-repetition",
  "invalid repeat count": "invalid-repeat-count",
  "invalid UTF-8": "invalid-utf8",
  "missing closing ]": "missing-closing-bracket",
  "missing closing )": "missing-closing-paren",
  "missing argument to repetition operator": "missing-repeat-argument",
  "trailing backslash at end of expression": "trailing-backslash",
  "unexpected )": "unexpected-paren",
  "expression nests too deeply": "nesting-too-deep",
  "expression too large": "expression-too-large",
};
