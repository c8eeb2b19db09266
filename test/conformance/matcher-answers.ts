/** An implementation of the Matcher interface as one that answers vectors. */
import type { CorePlace, HostfitError } from "../../bindings/js/errors.ts";
import type { Matcher, Requirements } from "../../bindings/js/matcher.ts";
import {
  type Answer,
  sourceOf,
  type VectorCandidate,
  type VectorCase,
  type VectorDocument,
  type VectorError,
} from "./vector.ts";

export function answerWithMatcher(matcher: Matcher, vector: VectorCase): Answer {
  const handles: Disposable[] = [];
  try {
    return answer(matcher, vector, <Handle extends Disposable>(handle: Handle) => {
      handles.push(handle);
      return handle;
    });
  } catch (thrown) {
    return { error: refusalOf(thrown) };
  } finally {
    for (const handle of handles) handle[Symbol.dispose]();
  }
}

/**
 * What a refusal says, by its members: this runs with the library as it is installed too, whose classes are others than those of the sources.
 * Anything else that was thrown goes on.
 */
function refusalOf(thrown: unknown): VectorError["error"] {
  const { code, details } = thrown as Partial<HostfitError>;
  const { document, pointer } = (details ?? {}) as Partial<CorePlace>;
  if (typeof code !== "string" || typeof document !== "string" || typeof pointer !== "string") throw thrown;
  return { code, pointer, document };
}

/** `keep` takes over a handle, to dispose of it in the end. */
function answer(
  matcher: Matcher,
  vector: VectorCase,
  keep: <Handle extends Disposable>(handle: Handle) => Handle,
): Answer {
  if (vector.candidates !== undefined) {
    const handles = vector.candidates.map(({ documents = [] }) =>
      documents.length === 0 ? null : keep(compile(matcher, documents)),
    );
    const host = keep(matcher.facts(sourceOf(vector.facts)));
    const policy = vector.policy === undefined ? null : keep(matcher.policy(sourceOf(vector.policy)));
    const candidates = vector.candidates.map(({ documents, ...candidate }, i) => ({
      ...candidate,
      id: candidate.id ?? "",
      requirements: handles[i] ?? null,
    }));
    return matcher.rank(candidates, host, policy, { allowUndetermined: vector.allowUndetermined ?? false });
  }
  const requirements = keep(compile(matcher, vector.documents ?? []));
  const host = keep(matcher.facts(sourceOf(vector.facts)));
  const policy = vector.policy === undefined ? {} : { policy: keep(matcher.policy(sourceOf(vector.policy))) };
  const candidate = vector.candidate === undefined ? {} : { candidate: withPlatform(vector.candidate) };
  const verdict = matcher.evaluate(requirements, host, { ...candidate, ...policy });
  if (vector.candidate === undefined && vector.policy === undefined) {
    const alone = matcher.decide(requirements, host);
    if (alone !== verdict.verdict) throw new Error(`${verdict.verdict} with reasons, ${alone} without`);
  }
  return verdict;
}

function compile(matcher: Matcher, documents: readonly VectorDocument[]): Requirements {
  return matcher.compile(
    documents.map((document) => ({
      id: document.id,
      dialect: document.dialect,
      document: sourceOf(document),
    })),
  );
}

function withPlatform({ platform, annotations }: VectorCandidate) {
  return { platform: platform ?? null, ...(annotations === undefined ? {} : { annotations }) };
}
