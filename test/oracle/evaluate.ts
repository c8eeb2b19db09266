/** One pair, documents and host: docs/language.md, "Choosing" (what a verdict is made of) and "Answers". */
import type { PlatformAnswer, PreferenceAnswer, Verdict, VerdictValue } from "../../bindings/js/types.ts";
import { type Condition, type Leaf, truthOf } from "./condition.ts";
import type { NativeDocument, Preference } from "./document.ts";
import { Reasons } from "./explain.ts";
import type { Host } from "./facts.ts";
import type { Kleene } from "./kleene.ts";
import { judgeNfd, type NfdDocument } from "./nfd.ts";
import { containerdTakes, normalize, platformObject, type Taken, takePlatform } from "./platform.ts";
import type { Policy } from "./policy.ts";
import { chooseRuntime, runtimesOf } from "./runtime.ts";
import { type CandidateFacts, type Situation, situationOf } from "./situation.ts";

export type CompiledDocument = NativeDocument | NfdDocument;

export interface Evaluation {
  readonly verdict: Verdict;
  /** What the candidate took of the host; null without a candidate. */
  readonly taken: Taken | null;
  readonly policyScore: number;
}

const VERDICTS: Readonly<Record<Kleene, VerdictValue>> = {
  true: "compatible",
  false: "incompatible",
  unknown: "undetermined",
};

export function evaluate(
  documents: readonly CompiledDocument[],
  host: Host,
  candidate: CandidateFacts | null,
  policy: Policy,
): Evaluation {
  const situation = situationOf(host, candidate);
  const taken = candidate === null ? null : takeFor(candidate, situation);
  const native = documents.filter((document) => document.dialect === "native");
  const judged = documents.map((document) =>
    document.dialect === "nfd"
      ? judgeNfd(document, host)
      : { condition: document.requires, score: 0, maxScore: 0, answer: null },
  );
  const handlersOf = (index: number) => host.platforms?.[index]?.handlers ?? null;
  const runtimes = runtimesOf(native, {
    handlers: taken === null || taken.host === null ? null : handlersOf(taken.host),
    openHandlers: (taken?.open ?? []).map(handlersOf),
    allowed: policy.allowedRuntimes,
  });

  const parts: Condition[] = [];
  if (candidate !== null && taken !== null) parts.push(platformLeaf(candidate, host, taken));
  parts.push(...judged.map((document) => document.condition));
  parts.push(policy.requires);
  if (runtimes !== null) parts.push(runtimes.condition);
  const whole: Condition = { op: "all", children: parts };
  const value = truthOf(whole, situation);

  const reasons = new Reasons(situation);
  if (value === "true") reasons.explainAlternatives(whole);
  else reasons.explain(whole);

  const preferences = native.flatMap((document) => document.preferences);
  // The policy's preferences are listed after the documents', and count for the policy's score alone.
  const listed = [...preferences, ...policy.preferences].map((preference) => answerOf(preference, situation));
  // What a verdict is made of depends on its value: the vectors' own test sees that it does.
  const verdict = {
    verdict: VERDICTS[value],
    score: scoreOf(preferences, situation) + sum(judged.map((document) => document.score)),
    maxScore: sum(preferences.map(({ weight }) => weight)) + sum(judged.map((document) => document.maxScore)),
    platform: candidate === null || taken === null ? null : platformAnswer(candidate, host, taken),
    runtime: runtimes === null ? null : chooseRuntime(runtimes, situation),
    reasons: reasons.reasons,
    omitted: reasons.omitted,
    preferences: listed,
    nfd: judged.flatMap((document) => (document.answer === null ? [] : [document.answer])),
  } as Verdict;
  return { verdict, taken, policyScore: scoreOf(policy.preferences, situation) };
}

function takeFor(candidate: CandidateFacts, situation: Situation): Taken {
  return takePlatform(situation.host.platforms, candidate.platform, (name) =>
    situation.flag("cpu.cpuid", name),
  );
}

// AMBIGUOUS: neither `containerd` without a known platform on either side (false), nor whether `wanted` is normalised (it is).
function platformAnswer(candidate: CandidateFacts, host: Host, taken: Taken): PlatformAnswer {
  const wanted = candidate.platform;
  return {
    value: taken.value,
    host: taken.host,
    containerd: wanted !== null && containerdTakes(host.platforms?.[0], wanted),
    wanted: wanted === null ? null : platformObject(normalize(wanted)),
  } as PlatformAnswer;
}

// The platform is no term of a document: document and pointer are empty. Wanted is the candidate's platform,
// found are the host's, both normalised; null where they are not known.
function platformLeaf(candidate: CandidateFacts, host: Host, taken: Taken): Leaf {
  const wanted = candidate.platform === null ? null : platformObject(normalize(candidate.platform));
  const found =
    host.platforms === null ? null : host.platforms.map((platform) => platformObject(normalize(platform)));
  return {
    op: "leaf",
    kind: "platform",
    pointer: "",
    feature: null,
    name: null,
    wanted: JSON.stringify(wanted),
    around: { document: "", within: null, title: null, description: null, documentation: null, origin: null },
    ask: () => ({ value: taken.value, found }),
  };
}

function answerOf(preference: Preference, situation: Situation): PreferenceAnswer {
  const { document, pointer, name, weight, when } = preference;
  return { document, pointer, name, weight, value: truthOf(when, situation) };
}

function scoreOf(preferences: readonly Preference[], situation: Situation): number {
  return sum(
    preferences.filter(({ when }) => truthOf(when, situation) === "true").map(({ weight }) => weight),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
