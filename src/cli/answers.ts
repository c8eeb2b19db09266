/**
 * The JSON (and YAML) answers of the commands. Their shapes are stable and written down in schemas/*.schema.json; keys
 * come in the order that they have here.
 */
import type { Verdict } from "../../bindings/js/types.ts";
import type { ImageAnswer, JudgedCandidate, UsedDocument } from "../select/answer.ts";
import type { LoadedHost } from "../select/host.ts";

const API_VERSION = "hostfit/v1.0";

/** What a verdict is made of, as every answer has it. */
function verdictBody(verdict: Verdict) {
  const { score, maxScore, platform, runtime, reasons, omitted, preferences, nfd } = verdict;
  return { score, maxScore, matchedPlatform: platform, runtime, reasons, omitted, preferences, nfd };
}

function hostPart({ name, origin }: LoadedHost) {
  return { name, origin };
}

function candidatePart(candidate: JudgedCandidate) {
  const { digest, reference, platform, annotations, ranked, documents } = candidate;
  return {
    digest,
    reference,
    platform,
    annotations,
    verdict: ranked.verdict,
    decidedBy: ranked.decidedBy,
    documented: ranked.documented,
    documents: documents.map(documentPart),
    policyScore: ranked.policyScore,
    ...verdictBody(ranked),
  };
}

function documentPart({ id, origin, subject, artifact, dialect, author, unreadable }: UsedDocument) {
  const why = unreadable === null ? null : { code: unreadable.code, message: unreadable.message };
  return { id, origin, subject, artifact, dialect, author, unreadable: why };
}

/** `hostfit select`. `digest` and what belongs to it are null if nothing was chosen. */
export function selectionJson(answer: ImageAnswer) {
  const { chosen } = answer;
  return {
    apiVersion: API_VERSION,
    kind: "Selection",
    image: { reference: answer.reference, digest: answer.root },
    host: hostPart(answer.host),
    digest: chosen?.digest ?? null,
    reference: chosen?.reference ?? null,
    platform: chosen?.platform ?? null,
    runtime: chosen?.ranked.runtime ?? null,
    verdict: chosen?.ranked.verdict ?? null,
    candidates: answer.candidates.map(candidatePart),
    notes: answer.notes,
  };
}

/** `hostfit rank`. */
export function rankingJson(answer: ImageAnswer) {
  return {
    apiVersion: API_VERSION,
    kind: "Ranking",
    image: { reference: answer.reference, digest: answer.root },
    host: hostPart(answer.host),
    chosen: answer.chosen?.digest ?? null,
    candidates: answer.candidates.map(candidatePart),
    notes: answer.notes,
  };
}

/** `hostfit check` of an image. `candidate.by` says why this candidate was judged and no other. */
export function checkJson(
  answer: ImageAnswer,
  candidate: JudgedCandidate,
  by: "platform" | "choice" | "only",
) {
  const { digest, reference, platform, annotations, ranked, documents } = candidate;
  return {
    apiVersion: API_VERSION,
    kind: "Check",
    image: { reference: answer.reference, digest: answer.root },
    candidate: { digest, reference, platform, annotations, by },
    host: hostPart(answer.host),
    verdict: ranked.verdict,
    documented: ranked.documented,
    documents: documents.map(documentPart),
    ...verdictBody(ranked),
    notes: answer.notes,
  };
}

/** `hostfit check --requirements` without an image. */
export function documentCheckJson(verdict: Verdict, host: LoadedHost, documents: readonly UsedDocument[]) {
  return {
    apiVersion: API_VERSION,
    kind: "Check",
    image: null,
    candidate: null,
    host: hostPart(host),
    verdict: verdict.verdict,
    documented: true,
    documents: documents.map(documentPart),
    ...verdictBody(verdict),
    notes: [],
  };
}
