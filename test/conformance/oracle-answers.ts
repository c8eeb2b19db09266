/** The oracle as an implementation that answers vectors. */
import { evaluateWithOracle, type OracleDocument, Refusal, rankWithOracle } from "../oracle/oracle.ts";
import { type Answer, sourceOf, type VectorCase, type VectorDocument } from "./vector.ts";

export function answerWithOracle(vector: VectorCase): Answer {
  try {
    const facts = sourceOf(vector.facts);
    const policy = vector.policy === undefined ? null : sourceOf(vector.policy);
    if (vector.candidates === undefined) {
      const candidate = vector.candidate === undefined ? null : withoutDocuments(vector.candidate);
      return evaluateWithOracle(documentsOf(vector.documents), facts, { policy, candidate });
    }
    const candidates = vector.candidates.map((candidate) => ({
      ...withoutDocuments(candidate),
      documents: documentsOf(candidate.documents),
    }));
    return rankWithOracle(candidates, facts, {
      policy,
      allowUndetermined: vector.allowUndetermined ?? false,
    });
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { code, pointer, document } = thrown;
    return { error: { code, pointer, document } };
  }
}

function withoutDocuments<Candidate extends { documents?: unknown }>({ documents, ...rest }: Candidate) {
  return rest;
}

function documentsOf(documents: readonly VectorDocument[] | undefined): OracleDocument[] {
  return (documents ?? []).map((document) => ({
    id: document.id,
    dialect: document.dialect,
    document: sourceOf(document),
  }));
}
