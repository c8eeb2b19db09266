import { layOutBundle } from "./bundle.ts";
import type { Core } from "./core.ts";
import { encodeCandidate, encodeInput, stringifyExactly } from "./encode.ts";
import { MisuseError } from "./errors.ts";
import type { Candidate, Host, Matcher, Policy, Requirements } from "./matcher.ts";
import type { Dialect, IdentifiedDocument, JsonInput, Ranking, Verdict, VerdictValue } from "./types.ts";

const VERDICTS: readonly VerdictValue[] = ["incompatible", "undetermined", "compatible"];
const encoder = new TextEncoder();

/** What a handle is, in a message. */
const KINDS: Readonly<Record<string, string>> = {
  requirements: "requirements",
  host: "a host's facts",
  policy: "a policy",
};

/** A handle of the core that belongs to one matcher. */
class Handle<K extends string> {
  readonly kind: K;
  readonly #owner: CoreMatcher;
  #handle: number;

  constructor(kind: K, owner: CoreMatcher, handle: number) {
    this.kind = kind;
    this.#owner = owner;
    this.#handle = handle;
  }

  /** The core's number for it; a MisuseError after dispose, or in another matcher. */
  numberFor(owner: CoreMatcher): number {
    if (this.#handle === 0) {
      throw new MisuseError("disposed", `these ${this.kind} were disposed`, {
        help: "compile or load them again",
      });
    }
    if (owner !== this.#owner) {
      throw new MisuseError("wrong-matcher", `these ${this.kind} belong to another matcher`, {
        help: "use handles with the matcher that made them",
      });
    }
    return this.#handle;
  }

  dispose(): void {
    if (this.#handle === 0) return;
    const handle = this.#handle;
    this.#handle = 0;
    this.#owner.release(handle);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** The matcher over one instance of the core. Not for concurrent use from several threads. */
export class CoreMatcher implements Matcher {
  #core: Core | null;

  constructor(core: Core) {
    this.#core = core;
  }

  compile(
    document: JsonInput | readonly IdentifiedDocument[],
    options: { dialect?: Dialect } = {},
  ): Requirements {
    const documents: readonly IdentifiedDocument[] = isList(document)
      ? document
      : [{ id: "", document, ...(options.dialect === undefined ? {} : { dialect: options.dialect }) }];
    if (documents.length === 0) {
      throw new MisuseError("bad-input", "the list of documents is empty", {
        help: "pass at least one document",
      });
    }
    for (const part of documents) checkIdentified(part);
    const bundle = layOutBundle(
      documents.map((part) => ({
        id: part.id,
        dialect: part.dialect ?? "native",
        bytes: encodeInput(part.document),
      })),
    );
    return new Handle("requirements", this, this.live().compile(bundle));
  }

  facts(facts: JsonInput): Host {
    return new Handle("host", this, this.live().facts(encodeInput(facts)));
  }

  policy(policy: JsonInput): Policy {
    return new Handle("policy", this, this.live().policy(encodeInput(policy)));
  }

  evaluate(
    requirements: Requirements,
    host: Host,
    options: { candidate?: Pick<Candidate, "platform" | "annotations">; policy?: Policy } = {},
  ): Verdict {
    const { candidate, policy } = options;
    const text = this.live().evaluate(
      this.numberOf(requirements, "requirements"),
      this.numberOf(host, "host"),
      policy == null ? 0 : this.numberOf(policy, "policy"),
      candidate == null ? null : encodeCandidate(candidate),
    );
    return JSON.parse(text) as Verdict;
  }

  decide(requirements: Requirements, host: Host): VerdictValue {
    return VERDICTS[
      this.live().decide(this.numberOf(requirements, "requirements"), this.numberOf(host, "host"))
    ]!;
  }

  decideMany(requirements: Requirements, hosts: readonly Host[]): VerdictValue[] {
    const handles = hosts.map((host) => this.numberOf(host, "host"));
    return Array.from(
      this.live().decideMany(this.numberOf(requirements, "requirements"), handles),
      (value) => VERDICTS[value]!,
    );
  }

  rank(
    candidates: readonly Candidate[],
    host: Host,
    policy?: Policy | null,
    options: { allowUndetermined?: boolean } = {},
  ): Ranking {
    if (!Array.isArray(candidates) || candidates.some((candidate) => candidate == null)) {
      throw new MisuseError("bad-input", "not a list of candidates", {
        help: "pass an array of { id, platform, ... }",
      });
    }
    const input = {
      candidates: candidates.map((candidate) => ({
        id: candidate.id,
        platform: candidate.platform ?? null,
        annotations: candidate.annotations ?? {},
        requirements:
          candidate.requirements == null ? null : this.numberOf(candidate.requirements, "requirements"),
        author: candidate.author ?? "",
      })),
      allowUndetermined: options.allowUndetermined ?? false,
    };
    const text = this.live().rank(
      this.numberOf(host, "host"),
      policy == null ? 0 : this.numberOf(policy, "policy"),
      encoder.encode(stringifyExactly(input)),
    );
    return JSON.parse(text) as Ranking;
  }

  dispose(): void {
    this.#core = null;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Frees a handle; nothing to do once the matcher itself is gone. */
  release(handle: number): void {
    this.#core?.free(handle);
  }

  /** The core; a MisuseError after dispose. */
  protected live(): Core {
    if (this.#core === null) {
      throw new MisuseError("disposed", "this matcher was disposed", {
        help: "make another with createMatcher",
      });
    }
    return this.#core;
  }

  /** The core's number for a handle of this matcher; a MisuseError for any other. */
  numberOf(handle: Requirements | Host | Policy, kind: (Requirements | Host | Policy)["kind"]): number {
    if (!(handle instanceof Handle)) {
      throw new MisuseError("wrong-handle", "not a handle of this matcher", {
        help: "pass what compile, facts or policy returned",
      });
    }
    if (handle.kind !== kind) {
      throw new MisuseError("wrong-handle", `${KINDS[kind]} must stand here, not ${KINDS[handle.kind]}`, {
        help: "pass the handles in the order that the method names them",
      });
    }
    return handle.numberFor(this);
  }
}

/** What types promise and plain JavaScript may not keep. */
function checkIdentified(part: IdentifiedDocument): void {
  const { id, dialect } = (part ?? {}) as Partial<IdentifiedDocument>;
  if (typeof id !== "string" || (dialect !== undefined && dialect !== "native" && dialect !== "nfd")) {
    throw new MisuseError("bad-input", "not a document with an id, in a dialect that there is", {
      help: 'pass { id: string, document, dialect?: "native" | "nfd" }',
    });
  }
}

function isList(
  document: JsonInput | readonly IdentifiedDocument[],
): document is readonly IdentifiedDocument[] {
  return Array.isArray(document);
}
