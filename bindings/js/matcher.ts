import type {
  Dialect,
  IdentifiedDocument,
  JsonInput,
  Platform,
  Ranking,
  Verdict,
  VerdictValue,
} from "./types.ts";

/** A compiled requirements handle. Lives until `dispose()`, `using`, or the matcher's end. */
export interface Requirements extends Disposable {
  readonly kind: "requirements";
  dispose(): void;
}

/** A host's facts inside the core. */
export interface Host extends Disposable {
  readonly kind: "host";
  dispose(): void;
}

/** An administrator's policy inside the core. */
export interface Policy extends Disposable {
  readonly kind: "policy";
  dispose(): void;
}

/** A manifest that could be chosen. */
export interface Candidate {
  /** Shown in the answer; a digest as a rule. */
  readonly id: string;
  readonly platform?: Platform | null;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly requirements?: Requirements | null;
  /** Whose documents these are: scores are compared only between equal ones. */
  readonly author?: string;
}

export interface Matcher extends Disposable {
  /** Compiles one document, or an ordered list of documents with ids. Throws InputError, UnsupportedVersionError, LimitError. */
  compile(document: JsonInput | readonly IdentifiedDocument[], options?: { dialect?: Dialect }): Requirements;
  /** Loads a host's facts. Throws InputError, LimitError. */
  facts(facts: JsonInput): Host;
  /** Loads a policy. Throws InputError, LimitError. */
  policy(policy: JsonInput): Policy;
  /** Verdict with reasons. With a candidate its platform and annotations take part. */
  evaluate(
    requirements: Requirements,
    host: Host,
    options?: { candidate?: Pick<Candidate, "platform" | "annotations">; policy?: Policy },
  ): Verdict;
  /** The verdict alone, without reasons: the fast path. */
  decide(requirements: Requirements, host: Host): VerdictValue;
  /** As `decide`, for many hosts in one call into the core. */
  decideMany(requirements: Requirements, hosts: readonly Host[]): VerdictValue[];
  /** Ranks candidates for a host, explained. */
  rank(
    candidates: readonly Candidate[],
    host: Host,
    policy?: Policy | null,
    options?: { allowUndetermined?: boolean },
  ): Ranking;
  /** Frees everything that this matcher holds. */
  dispose(): void;
}
