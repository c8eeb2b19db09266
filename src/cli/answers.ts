/**
 * The JSON (and YAML) answers of the commands. Their shapes are stable and written down in schemas/*.schema.json; keys
 * come in the order that they have here.
 */
import type { Verdict } from "../../bindings/js/types.ts";
import type { ImageAnswer, JudgedCandidate, UsedDocument } from "../select/answer.ts";

const API_VERSION = "hostfit/v1.0";

/** What a verdict is made of, as every answer has it. */
function verdictBody(verdict: Verdict) {
  const { score, maxScore, platform, runtime, reasons, omitted, preferences, nfd } = verdict;
  return { score, maxScore, matchedPlatform: platform, runtime, reasons, omitted, preferences, nfd };
}

function hostPart(answer: ImageAnswer) {
  return { name: answer.host.name, origin: answer.host.origin };
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

function documentPart({ id, digest, origin, about, dialect, author, unreadable }: UsedDocument) {
  return { id, digest, origin, about, dialect, author, unreadable };
}

/** `hostfit select`. `digest` and what belongs to it are null if nothing was chosen. */
export function selectionJson(answer: ImageAnswer) {
  const { chosen } = answer;
  return {
    apiVersion: API_VERSION,
    kind: "Selection",
    image: { reference: answer.reference, digest: answer.root },
    host: hostPart(answer),
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
    host: hostPart(answer),
    chosen: answer.chosen?.digest ?? null,
    candidates: answer.candidates.map(candidatePart),
    notes: answer.notes,
  };
}
