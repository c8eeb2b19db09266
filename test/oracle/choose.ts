/** Ranking the candidates of an index for a host: docs/language.md, "Choosing". */
import type { DecidedBy, Ranked, Ranking } from "../../bindings/js/types.ts";
import { type CompiledDocument, type Evaluation, evaluate } from "./evaluate.ts";
import type { Host } from "./facts.ts";
import { countedFeatures, normalize, type PlatformFields, windowsVersion } from "./platform.ts";
import type { Policy } from "./policy.ts";

export interface CandidateInput {
  readonly id: string;
  readonly platform: PlatformFields | null;
  readonly annotations: ReadonlyMap<string, string>;
  readonly author: string;
  readonly documents: readonly CompiledDocument[];
}

/** A candidate with what is compared; in every number, the greater is the better. */
interface Entry {
  readonly candidate: CandidateInput;
  readonly index: number;
  readonly evaluation: Evaluation;
  readonly steps: Readonly<Record<Step, readonly number[]>>;
  /** Scores are compared only within one group. */
  readonly group: string;
}

type Step = Exclude<DecidedBy, "only" | "incompatible">;

const BEFORE_GROUPS = ["verdict", "platform", "policy", "documented"] as const;
const WITHIN_GROUP = ["score", "specificity", "position"] as const;
const BETWEEN_GROUPS = ["specificity", "position"] as const;

export function rank(
  candidates: readonly CandidateInput[],
  host: Host,
  policy: Policy,
  allowUndetermined: boolean,
): Ranking {
  const entries = candidates.map((candidate, index) => entryOf(candidate, index, host, policy));
  const fitting = entries.filter(({ evaluation }) => evaluation.verdict.verdict !== "incompatible");
  const others = entries.filter(({ evaluation }) => evaluation.verdict.verdict === "incompatible");
  const ordered = order(fitting);
  const ranked = ordered.map((entry, i) => rankedOf(entry, decidedBy(ordered, i)));
  const best = ordered[0];
  const mayBeChosen =
    best !== undefined &&
    (best.evaluation.verdict.verdict === "compatible" || allowUndetermined || policy.allowUndetermined);
  return {
    chosen: mayBeChosen ? best.index : null,
    candidates: [...ranked, ...others.map((entry) => rankedOf(entry, "incompatible"))],
  };
}

function rankedOf({ candidate, index, evaluation }: Entry, by: DecidedBy): Ranked {
  const { verdict, ...rest } = evaluation.verdict;
  // Taken apart and put together again, a verdict is no longer seen to be one of the three.
  return {
    id: candidate.id,
    index,
    verdict,
    decidedBy: by,
    policyScore: evaluation.policyScore,
    documented: candidate.documents.length > 0,
    ...rest,
  } as Ranked;
}

function entryOf(candidate: CandidateInput, index: number, host: Host, policy: Policy): Entry {
  const evaluation = evaluate(candidate.documents, host, candidate, policy);
  const { taken, verdict, policyScore } = evaluation;
  const place = taken?.host ?? null;
  const documented = candidate.documents.length > 0;
  // AMBIGUOUS: documents of both dialects together are a dialect of their own; no author is one author.
  const dialects = [...new Set(candidate.documents.map(({ dialect }) => dialect))].sort();
  return {
    candidate,
    index,
    evaluation,
    group: JSON.stringify([dialects, candidate.author]),
    steps: {
      verdict: [verdict.verdict === "compatible" ? 1 : 0],
      platform: place === null ? [Number.NEGATIVE_INFINITY, 0] : [-place, taken?.crossing === true ? 0 : 1],
      policy: [policyScore],
      documented: [documented ? 1 : 0],
      score: [verdict.score],
      // Where no host platform was taken there is no ladder to be high on: step 6 doesn't tell them apart.
      specificity:
        place === null || candidate.platform === null
          ? [0, 0, 0]
          : specificity(normalize(candidate.platform)),
      position: [-index],
    },
  };
}

// A candidate without os.version goes behind one with it; architectures without a ladder know no order of variants.
function specificity(platform: PlatformFields): readonly number[] {
  const build = platform.osVersion === "" ? -1 : windowsVersion(platform.osVersion).build;
  return [variantLevel(platform), platform.os === "windows" ? build : 0, countedFeatures(platform).length];
}

function variantLevel({ architecture, variant }: PlatformFields): number {
  const version = /^v?([0-9]{1,6})(?:\.([0-9]))?$/.exec(variant);
  const level = version === null ? 0 : Number(version[1]) * 10 + Number(version[2] ?? 0);
  switch (architecture) {
    case "amd64":
      return variant === "" ? 10 : level;
    case "arm":
      return level;
    case "arm64":
      return variant === "" ? 80 : level;
    default:
      return 0;
  }
}

function order(entries: readonly Entry[]): Entry[] {
  const sorted = [...entries].sort((a, b) => compareBy(BEFORE_GROUPS, a, b));
  const ordered: Entry[] = [];
  while (sorted.length > 0) {
    const first = sorted[0]!;
    const equals = sorted.filter((entry) => firstDifference(BEFORE_GROUPS, first, entry) === null);
    ordered.push(...merge(equals));
    sorted.splice(0, equals.length);
  }
  return ordered;
}

/** Orders candidates that are equal up to step 4. */
function merge(entries: readonly Entry[]): Entry[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  for (const group of groups.values()) group.sort((a, b) => compareBy(WITHIN_GROUP, a, b));
  const merged: Entry[] = [];
  while (merged.length < entries.length) {
    const heads = [...groups.values()].filter((group) => group.length > 0).map((group) => group[0]!);
    const next = heads.sort((a, b) => compareBy(BETWEEN_GROUPS, a, b))[0]!;
    groups.get(next.group)?.shift();
    merged.push(next);
  }
  return merged;
}

// AMBIGUOUS: "alone" is alone among those that fit.
function decidedBy(ordered: readonly Entry[], i: number): DecidedBy {
  if (ordered.length === 1) return "only";
  const [before, after] = i === 0 ? [ordered[0]!, ordered[1]!] : [ordered[i - 1]!, ordered[i]!];
  const rest = before.group === after.group ? WITHIN_GROUP : BETWEEN_GROUPS;
  return firstDifference(BEFORE_GROUPS, before, after) ?? firstDifference(rest, before, after) ?? "position";
}

function compareBy(steps: readonly Step[], a: Entry, b: Entry): number {
  const step = firstDifference(steps, a, b);
  return step === null ? 0 : compareNumbers(b.steps[step], a.steps[step]);
}

function firstDifference(steps: readonly Step[], a: Entry, b: Entry): Step | null {
  return steps.find((step) => compareNumbers(a.steps[step], b.steps[step]) !== 0) ?? null;
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const [left, right] = [a[i] ?? 0, b[i] ?? 0];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
