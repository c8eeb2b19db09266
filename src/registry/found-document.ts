import type { Digest } from "./digest.ts";
import type { Dialect } from "./document-types.ts";
import type { RegistryError } from "./errors.ts";

/** Where a document stands: in the index itself, in a blob that the index pins, or on an artifact of its own. */
export type DocumentOrigin = "inline" | "pinned" | "attached";

/** What is known of a document before it is parsed. */
export interface DocumentIdentity {
  readonly origin: DocumentOrigin;
  /** What it is about: an index or a manifest. */
  readonly subject: Digest;
  /** The artifact that carries it; null where it stands in the index. */
  readonly artifact: Digest | null;
  /** Who answers for it; "" while nobody is asked for a signature. */
  readonly author: string;
  /** `io.hostfit.revision`; null if there is none or it is no number. */
  readonly revision: number | null;
  /** `org.opencontainers.image.created` as written, or null. */
  readonly created: string | null;
}

/** A document that counts: its bytes, verified, not parsed. */
export interface FoundDocument extends DocumentIdentity {
  readonly kind: "document";
  readonly dialect: Dialect;
  readonly mediaType: string;
  /** Of the document's bytes. */
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** What would count but can't be read. Its verdict is "undetermined"; no other document stands in for it. */
export interface MalformedDocument extends DocumentIdentity {
  readonly kind: "malformed";
  readonly error: RegistryError;
}

/** What counts for one subject and author. */
export type Winner = FoundDocument | MalformedDocument;

/** Why a document doesn't count. */
export type WhyNot =
  /** A document stands inline or pinned on the same subject. */
  | "shadowed"
  /** Documents stand inline or pinned elsewhere in the index, which then speaks for all its entries. */
  | "index-speaks"
  /** The winner has a higher revision. */
  | "older-revision"
  /** The winner was created later. */
  | "older"
  /** Revision and time say nothing; the winner's digest is higher. */
  | "digest-order"
  /** Its author is not trusted. */
  | "untrusted"
  /** Listed as being about this subject, but it says that it is about another. */
  | "other-subject"
  /** It is about one layer only. */
  | "targets-layer"
  /** It stands in the annotations of a manifest, where indexes would not show it. */
  | "in-manifest";

/** A document that doesn't count, for people to see. */
export interface OtherDocument extends DocumentIdentity {
  /** The artifact's type, or the document's media type. */
  readonly mediaType: string;
  readonly why: WhyNot;
  /** A sentence where `why` alone doesn't say it all; else "". */
  readonly detail: string;
}

/** Something odd that changes nothing but should be known. */
export interface DocumentNote {
  readonly code:
    | "revision-invalid"
    | "created-invalid"
    | "created-in-future"
    | "consult-invalid"
    /** A later one was seen before. */
    | "revision-went-back";
  readonly message: string;
  readonly digest: Digest;
}

/** How a document is presented to those who decide on trust, before anything of it is evaluated. */
export type DocumentToTrust =
  | {
      readonly origin: "inline" | "pinned";
      readonly subject: Digest;
      readonly index: Digest;
      readonly root: Digest;
    }
  | { readonly origin: "attached"; readonly subject: Digest; readonly artifact: Digest };

/** Whether a document counts, and who answers for it. */
export type TrustDecision =
  | { readonly counts: true; readonly author: string }
  | { readonly counts: false; readonly author: string; readonly why: string };

/** Decides on trust. */
export type Trusts = (document: DocumentToTrust) => TrustDecision | Promise<TrustDecision>;

/** Trusts whatever travels with the image, as one author. */
export const TRUST_ALL: Trusts = () => ({ counts: true, author: "" });
