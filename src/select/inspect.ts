/** What an image says about itself, without a host and without judging (RM-1). */
import type { Platform } from "../../bindings/js/types.ts";
import { readDocument } from "../author/document.ts";
import { HostfitError } from "../errors.ts";
import type { Candidate } from "../registry/candidates.ts";
import type { Digest } from "../registry/digest.ts";
import { documentsFor, type SubjectDocuments } from "../registry/documents.ts";
import type { OtherDocument, Trusts, Winner } from "../registry/found-document.ts";
import { formatWithDigest } from "../registry/reference.ts";
import type { CallOptions } from "../registry/source.ts";
import type { Note } from "./answer.ts";
import type { OpenedImage } from "./open-image.ts";

/** A document that counts, with its content for showing. */
export interface InspectedDocument {
  readonly winner: Winner;
  /** The document as JSON, or null if it can't be read. Nothing in it was checked. */
  readonly content: unknown;
  /** Why it can't be read. */
  readonly error: HostfitError | null;
}

/** What was found about one index or manifest. */
export interface InspectedSubject {
  readonly status: SubjectDocuments["outcome"]["status"];
  readonly documents: readonly InspectedDocument[];
  /** What doesn't count, and why. */
  readonly others: readonly OtherDocument[];
  /** Of a source that failed, or a document that is demanded and missing. */
  readonly error: HostfitError | null;
}

/** One candidate as the index has it. */
export interface InspectedCandidate extends InspectedSubject {
  readonly candidate: Candidate;
  readonly reference: string;
}

/** One index. */
export interface InspectedIndex extends InspectedSubject {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The whole image. */
export interface Inspection {
  readonly reference: string;
  readonly root: Digest;
  readonly mediaType: string;
  readonly indexes: readonly InspectedIndex[];
  readonly candidates: readonly InspectedCandidate[];
  readonly skipped: OpenedImage["list"]["skipped"];
  readonly notes: readonly Note[];
}

/** How an image is inspected. */
export interface InspectOptions extends CallOptions {
  /** Keeps the candidates whose platform it says yes to. */
  readonly keeps?: (platforms: readonly (Platform | null)[]) => readonly number[];
  readonly trusts?: Trusts;
}

/** Looks for all documents, those that don't count included. What fails is told where it failed; nothing is hidden. */
export async function inspectImage(image: OpenedImage, options: InspectOptions = {}): Promise<Inspection> {
  const { list, source } = image;
  const kept = options.keeps?.(list.candidates.map(({ platform }) => platform));
  const candidates =
    kept === undefined ? list.candidates : list.candidates.filter((_, at) => kept.includes(at));
  const found = await documentsFor(source, list, {
    candidates,
    ask: "all",
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.trusts === undefined ? {} : { trusts: options.trusts }),
  });
  const indexes = await Promise.all(
    list.indexes.map(async ({ digest, mediaType, annotations }, at) => ({
      digest,
      mediaType,
      annotations,
      ...(await inspectSubject(found.indexes[at])),
    })),
  );
  const inspected = await Promise.all(
    candidates.map(async (candidate, at) => ({
      candidate,
      reference: formatWithDigest(image.reference, candidate.digest),
      ...(await inspectSubject(found.candidates[at])),
    })),
  );
  const noted = [...found.indexes, ...found.candidates].flatMap(({ notes }) => notes);
  const { digest: root, mediaType } = list.root;
  const notes = [...list.notes, ...noted].map(({ code, message }) => ({ code, message }));
  return {
    reference: image.name,
    root,
    mediaType,
    indexes,
    candidates: inspected,
    skipped: list.skipped,
    notes,
  };
}

async function inspectSubject(found: SubjectDocuments | undefined): Promise<InspectedSubject> {
  if (found === undefined) return { status: "none", documents: [], others: [], error: null };
  const { outcome, others } = found;
  const winners = outcome.status === "winners" ? outcome.winners : [];
  return {
    status: outcome.status,
    documents: await Promise.all(winners.map(inspectDocument)),
    others,
    error: "error" in outcome ? outcome.error : null,
  };
}

async function inspectDocument(winner: Winner): Promise<InspectedDocument> {
  if (winner.kind === "malformed") return { winner, content: null, error: winner.error };
  try {
    if (winner.dialect === "native") {
      return {
        winner,
        content: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(winner.bytes)),
        error: null,
      };
    }
    const { json } = await readDocument(winner.bytes, {
      file: winner.digest,
      dialect: "nfd",
      format: "yaml",
    });
    return { winner, content: JSON.parse(new TextDecoder().decode(json)), error: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      winner,
      content: null,
      error: error instanceof HostfitError ? error : new HostfitError("not-json", `${winner.digest}: ${why}`),
    };
  }
}
