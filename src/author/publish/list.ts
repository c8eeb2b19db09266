/** All documents that travel with an image, those that don't count included. */
import type { CandidateList } from "../../registry/candidates.ts";
import { mapBounded } from "../../registry/concurrency.ts";
import type { Platform } from "../../registry/descriptor.ts";
import type { Digest } from "../../registry/digest.ts";
import type { Dialect } from "../../registry/document-types.ts";
import { documentsFor, type SubjectDocuments } from "../../registry/documents.ts";
import { RegistryError } from "../../registry/errors.ts";
import type { DocumentOrigin, OtherDocument, WhyNot, Winner } from "../../registry/found-document.ts";
import { CONCURRENCY, MAX_ARTIFACTS_READ } from "../../registry/limits.ts";
import type { CallOptions, Source } from "../../registry/source.ts";
import { documentIn } from "./artifacts.ts";

/** One document of an image. */
export interface ListedDocument {
  /** The index or manifest that it is about. */
  readonly subject: Digest;
  readonly subjectKind: "index" | "manifest";
  /** The manifest's platform; null for an index. */
  readonly platform: Platform | null;
  readonly origin: DocumentOrigin;
  /** The artifact that carries it; null where it stands in the index. */
  readonly artifact: Digest | null;
  /** Of the document; null if it can't be read. */
  readonly digest: Digest | null;
  readonly size: number | null;
  readonly dialect: Dialect | null;
  /** Who signed it; "" while nobody is asked for a signature. */
  readonly author: string;
  readonly revision: number | null;
  readonly created: string | null;
  readonly counts: boolean;
  /** Why it doesn't count; null if it does. */
  readonly why: WhyNot | null;
  readonly detail: string;
  /** What is wrong with it, or with looking for it. */
  readonly error: RegistryError | null;
  /** Its bytes, where they were read. */
  readonly bytes: Uint8Array | null;
}

/** An image's documents, and what could not be listed. */
export interface DocumentListing {
  readonly documents: readonly ListedDocument[];
  /** Subjects whose documents can't be listed, or that miss one that the image demands. */
  readonly faults: readonly { readonly subject: Digest; readonly code: string; readonly message: string }[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** Lists them: the index's first, then the variants' in the index's order; what counts first. */
export async function listDocuments(
  source: Source,
  list: CandidateList,
  options: CallOptions = {},
): Promise<DocumentListing> {
  const found = await documentsFor(source, list, { ask: "all", ...options });
  const reading = new Reading(source, options);
  const subjects = [
    ...found.indexes.map((documents) => ({ documents, kind: "index" as const, platform: null })),
    ...found.candidates.map((documents, at) => ({
      documents,
      kind: "manifest" as const,
      platform: list.candidates[at]?.platform ?? null,
    })),
  ];
  const listed = await mapBounded(subjects, CONCURRENCY, async ({ documents, kind, platform }) => {
    const head = { subjectKind: kind, platform };
    const winners = documents.outcome.status === "winners" ? documents.outcome.winners : [];
    return [
      ...winners.map((winner): ListedDocument => ({ ...head, ...ofWinner(winner) })),
      ...(await Promise.all(
        documents.others.map(
          async (one): Promise<ListedDocument> => ({ ...head, ...(await reading.other(one)) }),
        ),
      )),
    ];
  });
  return {
    documents: listed.flat(),
    faults: subjects.flatMap(({ documents }) => faultsOf(documents)),
    notes: [...list.notes, ...[...found.indexes, ...found.candidates].flatMap(({ notes }) => notes)].map(
      ({ code, message }) => ({ code, message }),
    ),
  };
}

type Body = Omit<ListedDocument, "subjectKind" | "platform">;

function ofWinner(winner: Winner): Body {
  const { subject, origin, artifact, author, revision, created } = winner;
  const common = {
    subject,
    origin,
    artifact,
    author,
    revision,
    created,
    counts: true,
    why: null,
    detail: "",
  };
  if (winner.kind === "malformed") {
    return { ...common, digest: null, size: null, dialect: null, error: winner.error, bytes: null };
  }
  const { digest, dialect, bytes } = winner;
  return { ...common, digest, size: bytes.length, dialect, error: null, bytes };
}

/** Reads the artifacts of what doesn't count, to say what they hold. */
class Reading {
  readonly #source: Source;
  readonly #options: CallOptions;
  #count = 0;

  constructor(source: Source, options: CallOptions) {
    this.#source = source;
    this.#options = options;
  }

  async other(one: OtherDocument): Promise<Body> {
    const { subject, origin, artifact, author, revision, created, why, detail } = one;
    const common = { subject, origin, artifact, author, revision, created, counts: false, why, detail };
    const unread = { digest: null, size: null, dialect: null, error: null, bytes: null };
    if (artifact === null || ++this.#count > MAX_ARTIFACTS_READ) return { ...common, ...unread };
    try {
      const { manifest } = await this.#source.resolve({ tag: null, digest: artifact }, this.#options);
      const held = manifest.kind === "manifest" ? documentIn(manifest) : null;
      if (held === null) return { ...common, ...unread };
      const { document, dialect } = held;
      return {
        ...common,
        ...unread,
        dialect,
        digest: document?.digest ?? null,
        size: document?.size ?? null,
      };
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      return { ...common, ...unread, error };
    }
  }
}

function faultsOf({ subject, outcome }: SubjectDocuments): DocumentListing["faults"] {
  if (outcome.status === "failed") {
    return [{ subject, code: outcome.error.code, message: outcome.error.message }];
  }
  if (outcome.status !== "demanded-missing") return [];
  const message = outcome.error?.message ?? `${subject}: the image demands a document, and there is none`;
  return [{ subject, code: "demanded-missing", message }];
}
