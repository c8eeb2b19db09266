/**
 * Which requirements documents travel with an image and count (docs/decisions/0010-documents-in-the-index.md).
 */
import { type AttachedDocuments, attachedDocuments, malformedOrThrow } from "./attached.ts";
import type { Candidate, CandidateList } from "./candidates.ts";
import { mapBounded } from "./concurrency.ts";
import type { Digest } from "./digest.ts";
import { INLINE_ANNOTATION, PINNED_ANNOTATION, REQUIREMENTS_DOCUMENT } from "./document-types.ts";
import { type Embedded, type EmbeddedPlace, embeddedDocuments } from "./embedded.ts";
import { RegistryError } from "./errors.ts";
import {
  type DocumentIdentity,
  type DocumentNote,
  type OtherDocument,
  TRUST_ALL,
  type TrustDecision,
  type Trusts,
  type WhyNot,
  type Winner,
} from "./found-document.ts";
import {
  CONCURRENCY,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENT_BYTES_PER_IMAGE,
  MAX_SUBJECTS_ASKED,
} from "./limits.ts";
import type { BlobRequest, CallOptions, Source } from "./source.ts";

/** How documents are looked for. */
export interface DocumentsOptions extends CallOptions {
  /** The candidates to look for; all by default. Others get no request. */
  readonly candidates?: readonly Candidate[] | undefined;
  /**
   * `needed` (the default) asks for what can count. `all` also asks for what can't, so that it can be shown; what counts
   * is the same.
   */
  readonly ask?: "needed" | "all" | undefined;
  readonly trusts?: Trusts | undefined;
  /** Milliseconds since 1970, against which dates in the future are known; the clock's by default. */
  readonly now?: number | undefined;
}

/** What came of looking for the documents of one subject. */
export type Outcome =
  /** At most one for each author. Whether they can be parsed is the core's to say. */
  | { readonly status: "winners"; readonly winners: readonly [Winner, ...Winner[]] }
  /** There is none; `looked` says where that is known from. */
  | { readonly status: "none"; readonly looked: "index" | "index-and-referrers" }
  /** The image says that there is one, and there isn't. */
  | {
      readonly status: "demanded-missing";
      readonly by: "consult" | "pin";
      readonly error: RegistryError | null;
    }
  /** The source couldn't be asked, or its list has no end: whether there are documents is not known. */
  | { readonly status: "failed"; readonly error: RegistryError };

/** The documents of one index or candidate. */
export interface SubjectDocuments {
  readonly subject: Digest;
  readonly outcome: Outcome;
  /** What doesn't count, and why. Complete only if everything was asked for. */
  readonly others: readonly OtherDocument[];
  readonly notes: readonly DocumentNote[];
}

/** The documents of an image. */
export interface ImageDocuments {
  /** Parallel to the list's indexes. */
  readonly indexes: readonly SubjectDocuments[];
  /** Parallel to the candidates that were looked for. */
  readonly candidates: readonly SubjectDocuments[];
  /** Whether documents stand in the index, which then speaks for all its entries. */
  readonly indexSpeaks: boolean;
}

/**
 * Finds the documents that count for each index and candidate.
 *
 * Where documents stand inline in the index, no request is made at all. A source that can't be asked makes the subject's
 * outcome `failed`, never `none`.
 *
 * @throws what the caller's signal was aborted with
 */
export async function documentsFor(
  source: Source,
  list: CandidateList,
  options: DocumentsOptions = {},
): Promise<ImageDocuments> {
  try {
    return await new Search(source, list, options).run();
  } finally {
    source.settle?.(list.root.digest);
  }
}

/** One place where documents may be: an index or a candidate. */
interface Place {
  readonly subject: Digest;
  /** The index that the annotations stand in; null for a single image. */
  readonly index: Digest | null;
  /** Indexes above, nearest last; for an index, itself too. */
  readonly under: readonly Digest[];
  readonly annotated: EmbeddedPlace;
  readonly mediaType: string;
  trust: TrustDecision;
}

class Search {
  readonly #source: Source;
  readonly #list: CandidateList;
  readonly #options: DocumentsOptions;
  readonly #trusts: Trusts;
  readonly #now: number;
  readonly #attached = new Map<Digest, Promise<AttachedDocuments>>();
  readonly #fetched = new Map<Digest, Promise<Uint8Array>>();
  #bytes = 0;

  constructor(source: Source, list: CandidateList, options: DocumentsOptions) {
    this.#source = source;
    this.#list = list;
    this.#options = options;
    this.#trusts = options.trusts ?? TRUST_ALL;
    this.#now = options.now ?? Date.now();
  }

  async run(): Promise<ImageDocuments> {
    const embedded = await embeddedDocuments(this.#list, this.#source.name);
    const indexes = await Promise.all(
      this.#list.indexes.map(({ digest, mediaType, through }, at) =>
        this.#place(
          { subject: digest, index: digest, under: [...through, digest], mediaType },
          embedded.indexes[at],
        ),
      ),
    );
    const candidates = await Promise.all(
      this.#list.candidates.map(({ digest, mediaType, through }, at) =>
        this.#place(
          { subject: digest, index: through.at(-1) ?? null, under: through, mediaType },
          embedded.candidates[at],
        ),
      ),
    );
    const indexSpeaks = [...indexes, ...candidates].some(speaks);
    const demanding = demandingIndexes(indexes, candidates);
    const wanted = this.#wanted(candidates);
    const places = [...indexes, ...wanted];
    const found = await mapBounded(places, CONCURRENCY, (place) =>
      this.#search(
        place,
        indexSpeaks,
        place.under.some((index) => demanding.has(index)),
      ),
    );
    const ofIndexes = found.slice(0, indexes.length);
    const satisfied = new Set(
      ofIndexes.filter(({ outcome }) => outcome.status !== "none").map(({ subject }) => subject),
    );
    const ofCandidates = found.slice(indexes.length).map((documents, at) => {
      const under = wanted[at]?.under ?? [];
      const unmet =
        under.some((index) => demanding.has(index)) && !under.some((index) => satisfied.has(index));
      return unmet && documents.outcome.status === "none" ? { ...documents, outcome: MISSING } : documents;
    });
    return { indexes: ofIndexes, candidates: ofCandidates, indexSpeaks };
  }

  async #place(
    place: Omit<Place, "annotated" | "trust">,
    annotated: EmbeddedPlace | undefined,
  ): Promise<Place> {
    const known = annotated ?? { embedded: { kind: "none" }, consult: false, notes: [] };
    const origin = originOf(known.embedded);
    const trust: TrustDecision =
      origin === null || place.index === null
        ? { counts: true, author: "" }
        : await this.#trusts({
            origin,
            subject: place.subject,
            index: place.index,
            root: this.#list.root.digest,
          });
    return { ...place, annotated: known, trust };
  }

  #wanted(places: readonly Place[]): readonly Place[] {
    const { candidates } = this.#options;
    if (candidates === undefined) return places;
    const byPosition = new Map(this.#list.candidates.map(({ position }, at) => [position, places[at]]));
    return candidates.map(({ position }) => byPosition.get(position)).filter((place) => place !== undefined);
  }

  async #search(place: Place, indexSpeaks: boolean, demanded: boolean): Promise<SubjectDocuments> {
    const { subject, annotated, trust } = place;
    const own = speaks(place);
    // An index's own demand may be met by its entries: whether it is, `demanded` says.
    const asked = demanded || (annotated.consult && place.index !== subject);
    const counts = !own && (!indexSpeaks || asked);
    const others: OtherDocument[] = [];
    const notes = [...annotated.notes];
    if (originOf(annotated.embedded) !== null && !trust.counts) {
      others.push(embeddedOther(place, "untrusted", trust.why));
    }
    others.push(...this.#inManifest(place));
    try {
      const outcome = own ? await this.#embedded(place) : null;
      if (outcome === null || this.#options.ask === "all") {
        const attached = counts || this.#options.ask === "all" ? await this.#attachedTo(subject) : null;
        if (attached !== null) {
          notes.push(...attached.notes);
          others.push(...attached.others);
          if (!counts) others.push(...attached.winners.map((winner) => notCounted(winner, own)));
        }
        const [first, ...rest] = counts ? (attached?.winners ?? []) : [];
        if (first !== undefined) {
          return { subject, outcome: { status: "winners", winners: [first, ...rest] }, others, notes };
        }
      }
      if (outcome !== null) return { subject, outcome, others, notes };
      if (annotated.consult && place.index !== subject) return { subject, outcome: MISSING, others, notes };
      return {
        subject,
        outcome: { status: "none", looked: counts ? "index-and-referrers" : "index" },
        others,
        notes,
      };
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      return { subject, outcome: { status: "failed", error }, others, notes };
    }
  }

  /** The outcome of what stands in the index itself. */
  async #embedded(place: Place): Promise<Outcome> {
    const { annotated, subject, trust } = place;
    const { embedded } = annotated;
    const origin = originOf(embedded) ?? "inline";
    const identity: DocumentIdentity = {
      origin,
      subject,
      artifact: null,
      author: trust.author,
      revision: null,
      created: null,
    };
    const document = (digest: Digest, bytes: Uint8Array): Outcome => ({
      status: "winners",
      winners: [
        { kind: "document", ...identity, dialect: "native", mediaType: REQUIREMENTS_DOCUMENT, digest, bytes },
      ],
    });
    if (embedded.kind === "inline") return document(embedded.digest, embedded.bytes);
    let error: RegistryError;
    if (embedded.kind === "pinned") {
      const { digest } = embedded;
      try {
        return document(digest, await this.#fetch({ mediaType: REQUIREMENTS_DOCUMENT, digest }));
      } catch (thrown) {
        error = malformedOrThrow(thrown);
        if (error.code === "blob-unknown") return { status: "demanded-missing", by: "pin", error };
      }
    } else if (embedded.kind === "malformed") error = embedded.error;
    else return { status: "none", looked: "index" };
    return { status: "winners", winners: [{ kind: "malformed", ...identity, error }] };
  }

  /** A single image's manifest may hold what only counts in an index: people should know that it is not read. */
  #inManifest(place: Place): readonly OtherDocument[] {
    if (place.index !== null) return [];
    const { annotations } = this.#list.candidates[0] ?? { annotations: {} };
    const name = [INLINE_ANNOTATION, PINNED_ANNOTATION].find((annotation) => annotation in annotations);
    if (name === undefined) return [];
    const detail = `${name} stands in the manifest's own annotations. Put it on an index, or attach the document.`;
    return [embeddedOther(place, "in-manifest", detail, name === INLINE_ANNOTATION ? "inline" : "pinned")];
  }

  #attachedTo(subject: Digest): Promise<AttachedDocuments> {
    const known = this.#attached.get(subject);
    if (known !== undefined) return known;
    if (this.#attached.size >= MAX_SUBJECTS_ASKED) {
      const root = this.#list.root.digest;
      const what = `the index lists more than ${MAX_SUBJECTS_ASKED} manifests whose documents would have to be asked for`;
      return Promise.reject(
        new RegistryError("too-many", `${this.#source.name}@${root}: ${what}`, {
          help: "Look only for one platform (--platform), name one of its manifests by digest, or put the documents into the index (hostfit embed).",
          details: { limit: MAX_SUBJECTS_ASKED },
        }),
      );
    }
    const asked = attachedDocuments(subject, {
      source: this.#source,
      trusts: this.#trusts,
      now: this.#now,
      signal: this.#options.signal,
      fetch: (request) => this.#fetch(request),
    });
    this.#attached.set(subject, asked);
    return asked;
  }

  /** A document's bytes; what several subjects share is fetched once. */
  #fetch(request: BlobRequest): Promise<Uint8Array> {
    const known = this.#fetched.get(request.digest);
    if (known !== undefined) return known;
    const fetched = this.#source.blob(request, MAX_DOCUMENT_BYTES, this.#options).then((bytes) => {
      this.#bytes += bytes.length;
      if (this.#bytes > MAX_DOCUMENT_BYTES_PER_IMAGE) {
        throw new RegistryError(
          "too-many",
          `${this.#source.name}: documents of more than ${MAX_DOCUMENT_BYTES_PER_IMAGE} bytes together`,
          {
            help: "Let the image's variants share documents.",
            details: { limit: MAX_DOCUMENT_BYTES_PER_IMAGE },
          },
        );
      }
      return bytes;
    });
    this.#fetched.set(request.digest, fetched);
    return fetched;
  }
}

const MISSING: Outcome = { status: "demanded-missing", by: "consult", error: null };

/** Whether a document that counts stands here in the index. */
function speaks({ annotated, trust }: Place): boolean {
  return annotated.embedded.kind !== "none" && trust.counts;
}

/**
 * The indexes whose demand for a document (`consult`) isn't met by what stands in them: neither on the index nor on all
 * the candidates below it.
 */
function demandingIndexes(indexes: readonly Place[], candidates: readonly Place[]): ReadonlySet<Digest> {
  const demanding = new Set<Digest>();
  for (const index of indexes) {
    if (!index.annotated.consult || speaks(index)) continue;
    const below = candidates.filter(({ under }) => under.includes(index.subject));
    if (below.length === 0 || !below.every(speaks)) demanding.add(index.subject);
  }
  return demanding;
}

function originOf(embedded: Embedded): "inline" | "pinned" | null {
  if (embedded.kind === "none") return null;
  return embedded.kind === "malformed" ? embedded.origin : embedded.kind;
}

function notCounted(winner: Winner, shadowed: boolean): OtherDocument {
  const { origin, subject, artifact, author, revision, created } = winner;
  const mediaType = winner.kind === "document" ? winner.mediaType : "";
  const why: WhyNot = shadowed ? "shadowed" : "index-speaks";
  return { origin, subject, artifact, author, revision, created, mediaType, why, detail: "" };
}

function embeddedOther(
  place: Place,
  why: WhyNot,
  detail: string,
  origin: "inline" | "pinned" = originOf(place.annotated.embedded) ?? "inline",
): OtherDocument {
  return {
    origin,
    subject: place.subject,
    artifact: null,
    author: place.trust.author,
    revision: null,
    created: null,
    mediaType: REQUIREMENTS_DOCUMENT,
    why,
    detail,
  };
}
