/**
 * Documents that stand in an index itself: inline, or pinned by digest.
 */
import type { CandidateList } from "./candidates.ts";
import { algorithmOf, type Digest, digestOf, isDigest } from "./digest.ts";
import { CONSULT_ANNOTATION, INLINE_ANNOTATION, PINNED_ANNOTATION } from "./document-types.ts";
import { printable, RegistryError } from "./errors.ts";
import type { DocumentNote } from "./found-document.ts";
import { MAX_INLINE_BYTES, MAX_INLINE_BYTES_PER_INDEX } from "./limits.ts";

/** What an index's or a descriptor's annotations hold. */
export type Embedded =
  | { readonly kind: "none" }
  | { readonly kind: "inline"; readonly bytes: Uint8Array; readonly digest: Digest }
  | { readonly kind: "pinned"; readonly digest: Digest }
  | { readonly kind: "malformed"; readonly origin: "inline" | "pinned"; readonly error: RegistryError };

/** What stands in one place. */
export interface EmbeddedPlace {
  readonly embedded: Embedded;
  /** Whether a document is demanded here. */
  readonly consult: boolean;
  readonly notes: readonly DocumentNote[];
}

/** What stands in all the indexes of an image; the lists are parallel to the candidates'. */
export interface EmbeddedDocuments {
  readonly indexes: readonly EmbeddedPlace[];
  readonly candidates: readonly EmbeddedPlace[];
}

const NOTHING: EmbeddedPlace = { embedded: { kind: "none" }, consult: false, notes: [] };

/**
 * Reads the annotations of every index and of every candidate's descriptor. No request is made.
 *
 * An index whose inline documents are more than {@link MAX_INLINE_BYTES_PER_INDEX} together has none that can be used:
 * to keep the first of them would let the order of entries decide.
 */
export async function embeddedDocuments(list: CandidateList, name: string): Promise<EmbeddedDocuments> {
  const indexes = await Promise.all(
    list.indexes.map(({ digest, annotations }) => readPlace(annotations, digest, `${name}@${digest}`)),
  );
  // A single image has no descriptor in an index; what its manifest says is read nowhere else either.
  const candidates = await Promise.all(
    list.candidates.map(({ digest, annotations, through, position }) =>
      through.length === 0
        ? NOTHING
        : readPlace(annotations, digest, `${name}@${through.at(-1)}, entry ${position}`),
    ),
  );

  const bytes = new Map<Digest, number>();
  const add = (index: Digest | undefined, { embedded }: EmbeddedPlace): void => {
    if (index !== undefined && embedded.kind === "inline") {
      bytes.set(index, (bytes.get(index) ?? 0) + embedded.bytes.length);
    }
  };
  for (const [at, place] of indexes.entries()) add(list.indexes[at]?.digest, place);
  for (const [at, place] of candidates.entries()) add(list.candidates[at]?.through.at(-1), place);
  const within = (index: Digest | undefined, place: EmbeddedPlace): EmbeddedPlace =>
    place.embedded.kind === "inline" &&
    index !== undefined &&
    (bytes.get(index) ?? 0) > MAX_INLINE_BYTES_PER_INDEX
      ? {
          ...place,
          embedded: tooMuch(`${name}@${index}: its inline documents together`, MAX_INLINE_BYTES_PER_INDEX),
        }
      : place;
  return {
    indexes: indexes.map((place, at) => within(list.indexes[at]?.digest, place)),
    candidates: candidates.map((place, at) => within(list.candidates[at]?.through.at(-1), place)),
  };
}

async function readPlace(
  annotations: Readonly<Record<string, string>>,
  digest: Digest,
  where: string,
): Promise<EmbeddedPlace> {
  const consult = annotations[CONSULT_ANNOTATION];
  const notes: DocumentNote[] = [];
  if (consult !== undefined && consult !== "true" && consult !== "false") {
    notes.push({
      code: "consult-invalid",
      message: `${where}: ${CONSULT_ANNOTATION} is "${printable(consult, 40)}", not true or false, and demands nothing`,
      digest,
    });
  }
  return { embedded: await readEmbedded(annotations, where), consult: consult === "true", notes };
}

async function readEmbedded(annotations: Readonly<Record<string, string>>, where: string): Promise<Embedded> {
  const inline = annotations[INLINE_ANNOTATION];
  const pinned = annotations[PINNED_ANNOTATION];
  if (pinned !== undefined && !isDigest(pinned)) {
    return malformed(
      "pinned",
      new RegistryError("digest-invalid", `${where}: ${PINNED_ANNOTATION} is "${printable(pinned, 140)}"`, {
        help: "It must be the digest of the document's blob.",
      }),
    );
  }
  if (inline === undefined)
    return pinned === undefined ? { kind: "none" } : { kind: "pinned", digest: pinned };

  const bytes = new TextEncoder().encode(inline);
  if (bytes.length > MAX_INLINE_BYTES) return tooMuch(`${where}: ${INLINE_ANNOTATION}`, MAX_INLINE_BYTES);
  const digest = await digestOf(bytes, pinned === undefined ? "sha256" : algorithmOf(pinned));
  if (pinned !== undefined && pinned !== digest) {
    return malformed(
      "inline",
      new RegistryError("digest-mismatch", `${where}: the inline document is not the one that is pinned`, {
        help: `Remove ${INLINE_ANNOTATION} or ${PINNED_ANNOTATION}.`,
        details: { digest: pinned, found: digest },
      }),
    );
  }
  return { kind: "inline", bytes, digest };
}

function tooMuch(what: string, limit: number): Embedded {
  return malformed(
    "inline",
    new RegistryError("too-large", `${what}: more than ${limit} bytes`, {
      help: `Pin the document (${PINNED_ANNOTATION}) or attach it.`,
      details: { limit },
    }),
  );
}

function malformed(origin: "inline" | "pinned", error: RegistryError): Embedded {
  return { kind: "malformed", origin, error };
}
