/** What comes out of judging an image: typed, complete, without a form. */
import type { Platform, Ranked } from "../../bindings/js/types.ts";
import type { HostfitError } from "../errors.ts";
import type { Digest } from "../registry/digest.ts";
import type { Dialect } from "../registry/document-types.ts";
import type { DocumentOrigin } from "../registry/found-document.ts";
import type { LoadedHost } from "./host.ts";
import type { ShownPolicy } from "./policy.ts";

/** A document by which a candidate was judged. */
export interface UsedDocument {
  /** Names it in reasons: its digest, or the name of the file that was given instead. */
  readonly id: string;
  /**
   * Where it was found; `file` for one that was given instead, `missing` for one that is demanded and can't be had while
   * the policy says that this leaves its candidate undetermined.
   */
  readonly origin: DocumentOrigin | "file" | "missing";
  /** The index or manifest that it is about; null for a file. */
  readonly subject: Digest | null;
  /** The artifact that carries it; null where it stands in the index or in a file. */
  readonly artifact: Digest | null;
  readonly dialect: Dialect | null;
  /** Who answers for it; "" while nobody is asked for a signature. Scores are compared only within one author. */
  readonly author: string;
  /** Why it can't be read or had, if so; its candidate is undetermined then. */
  readonly unreadable: HostfitError | null;
}

/** One manifest with its place in the ranking. */
export interface JudgedCandidate {
  readonly digest: Digest;
  /** `repo@digest`: what a runtime can be given. */
  readonly reference: string;
  readonly platform: Platform | null;
  readonly annotations: Readonly<Record<string, string>>;
  readonly documents: readonly UsedDocument[];
  readonly ranked: Ranked;
}

/** Something that a person should know beside the answer. */
export interface Note {
  readonly code: string;
  readonly message: string;
}

/** The whole answer about an image. */
export interface ImageAnswer {
  /** The reference in full, as it was asked about. */
  readonly reference: string;
  /** The digest of what the reference names now: an index, or a single manifest. */
  readonly root: Digest;
  readonly host: LoadedHost;
  /** The policy that was applied, if any. */
  readonly policy: ShownPolicy | null;
  /** In order, the best first; those that don't fit last. */
  readonly candidates: readonly JudgedCandidate[];
  /** One of `candidates`; null if nothing can be chosen. */
  readonly chosen: JudgedCandidate | null;
  readonly notes: readonly Note[];
}
