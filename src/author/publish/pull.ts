/** Gets a document as a file, and puts a file as an artifact of its own. */
import { HostfitError } from "../../errors.ts";
import { buildArtifact, type DocumentBlob, EMPTY_CONFIG } from "../../registry/artifact.ts";
import { readClaims } from "../../registry/artifact-order.ts";
import { candidatesOf } from "../../registry/candidates.ts";
import type { Digest } from "../../registry/digest.ts";
import type { Dialect } from "../../registry/document-types.ts";
import { documentsFor } from "../../registry/documents.ts";
import { RegistryError } from "../../registry/errors.ts";
import { MAX_DOCUMENT_BYTES } from "../../registry/limits.ts";
import { formatReference, formatWithDigest, type Reference } from "../../registry/reference.ts";
import type { CallOptions, Resolved, Source } from "../../registry/source.ts";
import type { Writer } from "../../registry/writer.ts";
import { artifactsOn, documentIn, nextRevision } from "./artifacts.ts";
import { subjectsOf, type Which } from "./subjects.ts";

/** A document that was found. */
export interface PulledDocument {
  readonly digest: Digest;
  readonly dialect: Dialect;
  readonly bytes: Uint8Array;
  /** The artifact that carries it; null where it stands in the index. */
  readonly artifact: Digest | null;
  /** What it is about; null for an artifact that stands by itself. */
  readonly subject: Digest | null;
}

/** Which document is meant, if there are several. */
export interface PullInput extends CallOptions {
  readonly which: Exclude<Which, { readonly kind: "layer" }>;
  /** The digest of a document or of its artifact; one that doesn't count can be had in this way too. */
  readonly digest?: Digest;
}

/**
 * The documents that count on what a reference names: those of an index and, for a variant, its own too. A reference that
 * names an artifact with a document gives that.
 */
export async function documentsOn(
  source: Source,
  reference: Reference,
  resolved: Resolved,
  which: PullInput["which"],
  options: CallOptions = {},
): Promise<readonly PulledDocument[]> {
  const own = await ownDocument(source, resolved, options);
  if (own !== null) return [own];
  const list = await candidatesOf(source, resolved, options);
  const subjects = await subjectsOf(source, reference, resolved, which, options);
  const wanted = new Set(subjects.map(({ descriptor }) => descriptor.digest));
  const candidates = list.candidates.filter(({ digest }) => wanted.has(digest));
  const found = await documentsFor(source, list, { ...options, candidates });
  const documents = new Map<Digest, PulledDocument>();
  for (const { outcome } of [...found.indexes, ...found.candidates]) {
    if (outcome.status === "failed") throw outcome.error;
    if (outcome.status === "demanded-missing" && outcome.error !== null) throw outcome.error;
    for (const winner of outcome.status === "winners" ? outcome.winners : []) {
      if (winner.kind === "malformed") throw winner.error;
      const { digest, dialect, bytes, artifact, subject } = winner;
      documents.set(digest, { digest, dialect, bytes, artifact, subject });
    }
  }
  return [...documents.values()];
}

/**
 * The one document that is meant.
 *
 * @throws HostfitError `no-document`, or `several-documents` if nothing says which
 */
export async function pullDocument(
  source: Source,
  reference: Reference,
  input: PullInput,
): Promise<PulledDocument> {
  const name = formatReference(reference);
  const resolved = await source.resolve(reference, input);
  if (input.digest !== undefined) return byDigest(source, resolved, input.digest, name, input);
  const documents = await documentsOn(source, reference, resolved, input.which, input);
  const [first] = documents;
  if (first === undefined) {
    throw new HostfitError("no-document", `${name}: no document counts on what this names`, {
      help: "hostfit list shows all documents; --platform names a variant",
      details: { reference: name },
    });
  }
  if (documents.length > 1) {
    throw new HostfitError("several-documents", `${name}: ${documents.length} documents count here`, {
      help: `name one: ${documents.map(({ digest }) => `--digest ${digest}`).join(", ")}`,
      details: { reference: name, digests: documents.map(({ digest }) => digest) },
    });
  }
  return first;
}

async function byDigest(
  source: Source,
  resolved: Resolved,
  digest: Digest,
  name: string,
  options: CallOptions,
): Promise<PulledDocument> {
  const list = await candidatesOf(source, resolved, options);
  const subjects = new Set([
    resolved.descriptor.digest,
    ...[...list.indexes, ...list.candidates].map((one) => one.digest),
  ]);
  for (const subject of subjects) {
    for (const { document, dialect, digest: artifact } of await artifactsOn(
      source,
      subject,
      Date.now(),
      options,
    )) {
      if (document === null || (document.digest !== digest && artifact !== digest)) continue;
      const bytes = await source.blob(document, MAX_DOCUMENT_BYTES, options);
      return { digest: document.digest, dialect, bytes, artifact, subject };
    }
  }
  const found = await documentsFor(source, list, options);
  for (const { outcome } of [...found.indexes, ...found.candidates]) {
    for (const winner of outcome.status === "winners" ? outcome.winners : []) {
      if (winner.kind === "document" && winner.digest === digest) {
        const { dialect, bytes, artifact, subject } = winner;
        return { digest, dialect, bytes, artifact, subject };
      }
    }
  }
  throw new HostfitError("document-unknown", `${name}: no document is ${digest}`, {
    help: "hostfit list shows all documents",
    details: { digest },
  });
}

/** The document of an artifact that stands by itself; null if this is none. */
async function ownDocument(
  source: Source,
  { manifest, descriptor }: Resolved,
  options: CallOptions,
): Promise<PulledDocument | null> {
  if (manifest.kind !== "manifest") return null;
  const held = documentIn(manifest);
  if (held === null) return null;
  const { document, dialect } = held;
  if (document === null) {
    throw new RegistryError("manifest-invalid", `${source.name}@${descriptor.digest}: it holds no document`, {
      help: "Push the document again with hostfit push.",
    });
  }
  const bytes = await source.blob(document, MAX_DOCUMENT_BYTES, options);
  return { digest: document.digest, dialect, bytes, artifact: descriptor.digest, subject: manifest.subject };
}

/** How a document is pushed by itself. */
export interface PushInput extends CallOptions {
  readonly writer: Writer;
  /** With a tag. */
  readonly reference: Reference;
  readonly document: DocumentBlob;
  readonly title: string;
  /** RFC 3339. */
  readonly created: string;
}

/** What came of pushing. */
export interface Pushed {
  readonly reference: string;
  readonly outcome: "pushed" | "unchanged";
  readonly artifact: Digest;
  readonly document: Digest;
  readonly revision: number;
}

/**
 * Puts a document under a tag of its own, about nothing: to be included by others (IA-4). The revision continues that of
 * the document that the tag named before.
 *
 * @throws HostfitError `tag-in-use` if the tag names something else than a document
 */
export async function pushDocument(input: PushInput): Promise<Pushed> {
  const { writer, reference, document, title, created } = input;
  const name = formatReference(reference);
  if (reference.tag === null || reference.digest !== null) {
    throw new HostfitError("tag-missing", `${name}: a tag is needed to push under`, {
      help: "write REPOSITORY:TAG or oci:DIR:TAG",
    });
  }
  const before = await presentArtifact(writer, reference, name, input);
  if (before !== null && before.document?.digest === document.digest && before.dialect === document.dialect) {
    return {
      reference: formatWithDigest(reference, before.digest),
      outcome: "unchanged",
      artifact: before.digest,
      document: document.digest,
      revision: before.claims.revision ?? 0,
    };
  }
  const revision = nextRevision(before === null ? [] : [before]);
  const manifest = await buildArtifact({ document, subject: null, revision, created, title });
  await Promise.all([writer.putBlob(document, null, input), writer.putBlob(EMPTY_CONFIG, null, input)]);
  await writer.putManifest(manifest, reference.tag, input);
  return {
    reference: formatWithDigest(reference, manifest.digest),
    outcome: "pushed",
    artifact: manifest.digest,
    document: document.digest,
    revision,
  };
}

async function presentArtifact(writer: Writer, reference: Reference, name: string, options: CallOptions) {
  let resolved: Resolved;
  try {
    resolved = await writer.source.resolve(reference, options);
  } catch (error) {
    if (error instanceof RegistryError && error.code === "manifest-unknown") return null;
    throw error;
  }
  const { manifest, descriptor } = resolved;
  const held = manifest.kind === "manifest" ? documentIn(manifest) : null;
  if (held === null) {
    throw new HostfitError("tag-in-use", `${name}: the tag names something that is no document`, {
      help: "choose another tag; hostfit attach adds a document to an image",
      details: { digest: descriptor.digest },
    });
  }
  const claims = readClaims(descriptor.digest, manifest.annotations, Date.now());
  return { digest: descriptor.digest, claims, annotations: manifest.annotations, ...held };
}
