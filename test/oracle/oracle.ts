/**
 * A plain executable specification of docs/language.md and docs/nfd-dialect.md: slow, obvious, and written apart from the core
 * that it is compared with. Input is JSON text or bytes; answers are the objects of bindings/js/types.ts.
 */
import type { Platform, Ranking, Verdict } from "../../bindings/js/types.ts";
import { type CandidateInput, rank } from "./choose.ts";
import { readDocument } from "./document.ts";
import { type CompiledDocument, evaluate } from "./evaluate.ts";
import { type Host, readFacts } from "./facts.ts";
import { Refusal, readJson } from "./json.ts";
import { readNfdDocument } from "./nfd.ts";
import type { PlatformFields } from "./platform.ts";
import { NO_POLICY, POLICY_ID, type Policy, readPolicy } from "./policy.ts";
import type { CandidateFacts } from "./situation.ts";

export type Source = string | Uint8Array | Readonly<Record<string, unknown>>;

export interface OracleDocument {
  readonly id: string;
  readonly document: Source;
  readonly dialect?: "native" | "nfd";
}

export interface OracleCandidate {
  readonly id?: string;
  readonly platform?: Platform | null;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly author?: string;
  readonly documents?: readonly OracleDocument[];
}

export { Refusal } from "./json.ts";

/** Throws Refusal. */
export function evaluateWithOracle(
  documents: readonly OracleDocument[],
  facts: Source,
  options: { candidate?: OracleCandidate | null; policy?: Source | null } = {},
): Verdict {
  const compiled = compileAll(documents);
  const host = factsOf(facts);
  const policy = policyOf(options.policy);
  const candidate = options.candidate ? candidateFacts(options.candidate) : null;
  return evaluate(compiled, host, candidate, policy).verdict;
}

/** Throws Refusal. */
export function rankWithOracle(
  candidates: readonly OracleCandidate[],
  facts: Source,
  options: { policy?: Source | null; allowUndetermined?: boolean } = {},
): Ranking {
  const inputs = candidates.map(
    (candidate): CandidateInput => ({
      ...candidateFacts(candidate),
      id: candidate.id ?? "",
      author: candidate.author ?? "",
      documents: compileAll(candidate.documents ?? []),
    }),
  );
  return rank(inputs, factsOf(facts), policyOf(options.policy), options.allowUndetermined ?? false);
}

function read(source: Source) {
  const text = typeof source === "string" || source instanceof Uint8Array ? source : JSON.stringify(source);
  return readJson(text);
}

function compileAll(documents: readonly OracleDocument[]): CompiledDocument[] {
  return documents.map(({ id, document, dialect }) => {
    try {
      const json = read(document);
      return dialect === "nfd" ? readNfdDocument(json, id) : readDocument(json, id);
    } catch (thrown) {
      throw placed(thrown, id);
    }
  });
}

function placed(thrown: unknown, document: string): unknown {
  if (thrown instanceof Refusal) thrown.document = document;
  return thrown;
}

function factsOf(source: Source): Host {
  return readFacts(read(source));
}

function policyOf(source: Source | null | undefined): Policy {
  if (source === null || source === undefined) return NO_POLICY;
  try {
    return readPolicy(read(source));
  } catch (thrown) {
    throw placed(thrown, POLICY_ID);
  }
}

/** A candidate as the oracle sees it. */
export function candidateFacts({ platform, annotations }: OracleCandidate): CandidateFacts {
  return {
    platform: platform === null || platform === undefined ? null : platformFields(platform),
    annotations: new Map(Object.entries(annotations ?? {})),
  };
}

function platformFields(platform: Platform): PlatformFields {
  return {
    os: platform.os,
    architecture: platform.architecture,
    variant: platform.variant ?? "",
    osVersion: platform["os.version"] ?? "",
    osFeatures: platform["os.features"] ?? null,
  };
}
