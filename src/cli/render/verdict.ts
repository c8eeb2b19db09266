/** The words for a verdict, and the lines for its reasons. */
import type { Verdict, VerdictValue } from "../../../bindings/js/types.ts";
import type { ShownPolicy } from "../../select/policy.ts";
import type { Paint, Tone } from "../paint.ts";
import type { Branch } from "./branches.ts";
import { type ReasonWords, reasonWords } from "./reason.ts";

/** The tone of a verdict. */
export function verdictTone(verdict: VerdictValue): Tone {
  return verdict === "compatible" ? "good" : verdict === "incompatible" ? "bad" : "unsure";
}

/**
 * One line for each reason, and the author's notes below it (once, where several reasons share them). What the
 * administrator's policy asks for stands under a heading of its own. Reasons of alternatives are numbered as the
 * alternatives are in the document, nested ones `2.1`: one alternative would do, and each may lack several things.
 */
export function reasonLines(
  answer: Pick<Verdict, "verdict" | "reasons" | "omitted">,
  paint: Paint,
  indent: string,
  policy: ShownPolicy | null,
): string[] {
  const all = reasonWords(answer.reasons, answer.verdict, policy?.allowedRuntimes ?? null);
  const writer = new ReasonWriter(answer.verdict, paint);
  const lines = runsOf(all, ({ by }) => by).flatMap((run) => {
    const written = writer.lines(run, 0, "");
    if (run[0]?.by !== "policy") return written;
    return [paint("unsure", "the administrator's policy demands:"), ...indented(written, "  ")];
  });
  if (answer.omitted > 0) lines.push(`and ${answer.omitted} more`);
  return indented(lines, indent);
}

/** Writes the reasons of one verdict. */
class ReasonWriter {
  readonly #verdict: VerdictValue;
  readonly #paint: Paint;
  /** Notes that were written already. */
  readonly #said = new Set<string>();

  constructor(verdict: VerdictValue, paint: Paint) {
    this.#verdict = verdict;
    this.#paint = paint;
  }

  /** Reasons whose alternatives are told already down to `depth`; `path` numbers the one that they stand in. */
  lines(reasons: readonly ReasonWords[], depth: number, path: string): string[] {
    return runsOf(reasons, ({ branches }) => branches[depth]?.among).flatMap((run) => {
      const among = run[0]?.branches[depth];
      if (among === undefined) return run.flatMap((reason) => this.#leaf(reason));
      const byNumber = runsOf(run, ({ branches }) => branches[depth]?.number);
      // A compatible verdict's reasons are of the alternative that was taken.
      if (byNumber.length === 1 || this.#verdict === "compatible") return this.lines(run, depth + 1, path);
      return this.#alternatives(run, byNumber, among, depth, path);
    });
  }

  #alternatives(
    run: readonly ReasonWords[],
    byNumber: readonly (readonly ReasonWords[])[],
    { of }: Branch,
    depth: number,
    path: string,
  ): string[] {
    const label = sharedBy(run, (one) => one.label);
    const notes = sharedBy(run, ({ notes }) => notes.join("\n")) === undefined ? [] : (run[0]?.notes ?? []);
    const heading = (this.#verdict === "incompatible" ? NONE : UNKNOWN)[of];
    return [
      `${this.#labelled(label ?? null)}${this.#paint("faint", heading)}`,
      ...this.#noteLines(notes),
      ...byNumber.flatMap((branch) => {
        const number = `${path}${branch[0]?.branches[depth]?.number ?? 0}`;
        const told = label === undefined ? branch : branch.map((one) => ({ ...one, label: null }));
        const [first = "", ...more] = this.lines(told, depth + 1, `${number}.`);
        const head = path === "" ? `${number}.` : number;
        return [`  ${head} ${first}`, ...indented(more, " ".repeat(head.length + 3))];
      }),
    ];
  }

  #leaf({ label, text, notes }: ReasonWords): string[] {
    return [`${this.#labelled(label)}${text}`, ...this.#noteLines(notes)];
  }

  #labelled(label: string | null): string {
    return label === null ? "" : `${this.#paint("strong", `${label}:`)} `;
  }

  #noteLines(notes: readonly string[]): string[] {
    const fresh = notes.filter((note) => !this.#said.has(note));
    for (const note of fresh) this.#said.add(note);
    return fresh.map((note) => `  ${this.#paint("faint", note)}`);
  }
}

const NONE: Readonly<Record<Branch["of"], string>> = {
  conditions: "none of these alternatives holds:",
  runtimes: "none of these runtimes can be used:",
  sets: "none of these sets holds:",
};
/** An alternative that is not known to hold may stand under a `not`: nothing is said of which value would be right. */
const UNKNOWN: Readonly<Record<Branch["of"], string>> = {
  conditions: "which of these alternatives holds is not known:",
  runtimes: "which of these runtimes can be used is not known:",
  sets: "which of these sets holds is not known:",
};

/** The items cut into runs of neighbours that have the same key. */
function runsOf<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const runs: T[][] = [];
  let last: unknown;
  for (const item of items) {
    const key = keyOf(item);
    const run = runs.at(-1);
    if (run === undefined || key !== last) runs.push([item]);
    else run.push(item);
    last = key;
  }
  return runs;
}

/** What all reasons have in common; undefined if they differ. */
function sharedBy<T>(reasons: readonly ReasonWords[], partOf: (reason: ReasonWords) => T): T | undefined {
  const [first, ...others] = reasons;
  if (first === undefined) return undefined;
  const part = partOf(first);
  return others.every((other) => partOf(other) === part) ? part : undefined;
}

function indented(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => `${indent}${line}`);
}
