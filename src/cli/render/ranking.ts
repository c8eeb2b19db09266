/** A ranking for people: what was chosen, all places with the step that decided each, and why the losers lost. */
import type { DecidedBy, Ranked, Verdict } from "../../../bindings/js/types.ts";
import { printable } from "../../author/diagnostics.ts";
import type { ImageAnswer, JudgedCandidate, Note } from "../../select/answer.ts";
import type { LoadedHost } from "../../select/host.ts";
import type { ShownPolicy } from "../../select/policy.ts";
import { platformWords, shortDigest, variantWords } from "../../select/variant-words.ts";
import type { Paint } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";
import { POLICY_ID } from "./reason.ts";
import { reasonLines, verdictTone } from "./verdict.ts";

/** The whole answer of `select`. */
export function selectionText(answer: ImageAnswer, paint: Paint): string {
  return `${[...head(answer, paint), "", ...chosenLines(answer, paint), "", ...rankingLines(answer, paint, "losers"), ...noteLines(answer.notes, paint)].join("\n")}\n`;
}

/** The whole answer of `rank`. */
export function rankingText(answer: ImageAnswer, paint: Paint): string {
  return `${[...head(answer, paint), "", ...rankingLines(answer, paint, "all"), ...noteLines(answer.notes, paint)].join("\n")}\n`;
}

type Head = Pick<ImageAnswer, "reference" | "root" | "host" | "policy" | "candidates">;

/** What was asked about, for whom, and under which policy. */
export function head(answer: Head, paint: Paint): string[] {
  return columns(headCells(answer), paint);
}

/** The same, to be set in columns with more. */
export function headCells(answer: Head): Cell[][] {
  const image: Cell[] = [
    { text: "image", tone: "faint" },
    { text: printable(answer.reference) },
    { text: answer.root, tone: "faint" },
  ];
  return [image, ...documentLine(answer), hostLine(answer.host), ...policyLine(answer.policy)];
}

/** The document that was given in place of the image's own, if any. */
function documentLine({ candidates }: Head): Cell[][] {
  const given = candidates.flatMap(({ documents }) => documents).find(({ origin }) => origin === "file");
  if (given === undefined) return [];
  return [
    [
      { text: "document", tone: "faint" },
      { text: printable(given.id) },
      { text: "in place of the image's own", tone: "faint" },
    ],
  ];
}

/** The policy that was applied; nothing if there was none. */
export function policyLine(policy: ShownPolicy | null): Cell[][] {
  if (policy === null) return [];
  const name = policy.name === null ? "" : ` (${printable(policy.name)})`;
  return [[{ text: "policy", tone: "faint" }, { text: `${printable(policy.file)}${name}` }]];
}

/** Whose facts these are, and its platforms. */
export function hostLine({ name, origin, platforms }: LoadedHost): Cell[] {
  const where = origin === "probe" ? "this machine" : printable(origin);
  return [
    { text: "host", tone: "faint" },
    { text: name === null ? where : `${where} (${printable(name)})` },
    {
      text: platforms.length === 0 ? "platform unknown" : platforms.map(platformWords).join(", "),
      tone: "faint",
    },
  ];
}

function chosenLines(answer: ImageAnswer, paint: Paint): string[] {
  const { chosen } = answer;
  if (chosen === null) {
    const maybe = answer.candidates.filter(({ ranked }) => ranked.verdict === "undetermined").length;
    if (maybe === 0) return [paint("bad", "nothing in this image fits this host")];
    return [
      paint("unsure", `nothing is known to fit; ${count(maybe, "candidate")} may`),
      "  more facts would settle it (see the reasons); --allow-undetermined chooses the best of them",
    ];
  }
  const { ranked } = chosen;
  const facts = [
    variantWords(chosen),
    ranked.maxScore > 0 ? `score ${ranked.score} of ${ranked.maxScore}` : null,
    runtimeWords(ranked),
    ranked.documented ? null : "judged by platform alone: it has no document",
  ].filter((text) => text !== null);
  return [
    `${paint("faint", "chosen")}  ${paint(ranked.verdict === "compatible" ? "good" : "unsure", printable(chosen.reference))}`,
    `        ${facts.join(", ")}${ranked.verdict === "undetermined" ? `, ${paint("unsure", "undetermined")}` : ""}`,
  ];
}

function rankingLines(answer: ImageAnswer, paint: Paint, reasons: "losers" | "all"): string[] {
  const heading = ["#", "variant", "digest", "verdict", "score", "place decided by"];
  const rows = answer.candidates.map((candidate, at): Cell[] => {
    const { ranked } = candidate;
    return [
      { text: ranked.verdict === "incompatible" ? "-" : `${at + 1}`, tone: "faint" },
      { text: variantWords(candidate), tone: candidate === answer.chosen ? "strong" : "plain" },
      { text: shortDigest(candidate.digest), tone: "faint" },
      { text: ranked.verdict, tone: verdictTone(ranked.verdict) },
      { text: ranked.maxScore === 0 ? "" : `${ranked.score}/${ranked.maxScore}`, tone: "faint" },
      { text: decisionWords(answer.candidates, at) },
    ];
  });
  const lines: string[] = [];
  const [first = "", ...others] = columns(
    [heading.map((text): Cell => ({ text, tone: "faint" })), ...rows],
    paint,
    " ",
  );
  lines.push(first);
  for (const [at, line] of others.entries()) {
    lines.push(line);
    const candidate = answer.candidates[at];
    if (candidate === undefined || (reasons === "losers" && candidate.ranked.verdict === "compatible"))
      continue;
    lines.push(...reasonLines(candidate.ranked, paint, "      ", answer.policy));
    if (reasons === "all") lines.push(...preferenceLines(candidate.ranked, paint, "      "));
  }
  return lines;
}

/** What was preferred, and what came of it. */
export function preferenceLines(verdict: Verdict, paint: Paint, indent: string): string[] {
  return verdict.preferences.map((preference) => {
    const what = preference.name === null ? preference.pointer : printable(preference.name);
    const outcome =
      preference.value === "true"
        ? paint("good", `+${preference.weight}`)
        : preference.value === "false"
          ? "+0"
          : paint("unsure", "+0, not known");
    const who = preference.document === POLICY_ID ? "the policy prefers" : "prefers";
    return `${indent}${paint("faint", who)} ${what} ${outcome}`;
  });
}

/** Why a candidate stands where it stands, told against its neighbour. */
function decisionWords(candidates: readonly JudgedCandidate[], at: number): string {
  const own = candidates[at]?.ranked;
  // The first is told against the second, every other one against the one before it.
  const other = candidates[at === 0 ? 1 : at - 1]?.ranked;
  if (own === undefined) return "";
  return DECISIONS[own.decidedBy](at === 0, own, other ?? own);
}

/** What each step says of the first candidate, told against the second, and of every other one. */
const DECISIONS: Readonly<Record<DecidedBy, (first: boolean, own: Ranked, other: Ranked) => string>> = {
  only: () => "the only one",
  incompatible: () => "",
  verdict: (first) => (first ? "verdict: known to fit" : "verdict: not known to fit"),
  platform: (first) => (first ? "platform: the host's first" : "platform: later in the host's order"),
  policy: (first, own, other) =>
    `policy: ${own.policyScore} points, the one ${first ? "after" : "before"} has ${other.policyScore}`,
  documented: (first) => (first ? "documented: it has a document" : "documented: it has no document"),
  score: (first, own, other) =>
    `score: ${own.score}, the one ${first ? "after" : "before"} has ${other.score}`,
  specificity: (first) =>
    first ? "specificity: the most specific platform" : "specificity: a less specific platform",
  position: (first) => (first ? "position: first in the index" : "position: later in the index"),
};

function runtimeWords(ranked: Ranked): string | null {
  if (ranked.runtime === null) return null;
  const handler = ranked.runtime.handler === null ? "" : ` (${printable(ranked.runtime.handler)})`;
  return `runtime ${printable(ranked.runtime.type)}${handler}`;
}

/** What a person should know beside the answer. */
export function noteLines(notes: readonly Note[], paint: Paint): string[] {
  if (notes.length === 0) return [];
  return ["", ...notes.map((note) => `${paint("unsure", "note:")} ${printable(note.message)}`)];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
