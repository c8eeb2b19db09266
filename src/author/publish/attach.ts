/** Attaches a document to images that are out already (IA-1, DE-3, IA-4, TW-4). */
import { buildArtifact, type DocumentBlob, EMPTY_CONFIG } from "../../registry/artifact.ts";
import { mapBounded } from "../../registry/concurrency.ts";
import type { Platform } from "../../registry/descriptor.ts";
import type { Digest } from "../../registry/digest.ts";
import { CONCURRENCY } from "../../registry/limits.ts";
import { formatReference, formatWithDigest, type Reference } from "../../registry/reference.ts";
import type { CallOptions, Source } from "../../registry/source.ts";
import type { ListedBy, Writer } from "../../registry/writer.ts";
import { type Artifact, artifactsOn, nextRevision } from "./artifacts.ts";
import { type Shadow, shadowsOver } from "./shadows.ts";
import { type Subject, subjectsOf, type Which } from "./subjects.ts";

/** A document that was copied into another one. */
export interface Included {
  /** Where it was found, pinned by digest. */
  readonly origin: string;
  /** Of its blob. */
  readonly digest: Digest;
}

/** What is attached to one subject: the document as it was given, or with what it includes. */
export interface ComposedDocument {
  readonly document: DocumentBlob;
  readonly included: readonly Included[];
}

/** Where a document is about to be attached. */
export interface AttachPlace {
  readonly source: Source;
  readonly reference: Reference;
  readonly subject: Subject;
}

/** How a document is attached. */
export interface AttachInput extends CallOptions {
  readonly images: readonly Reference[];
  /** Opens the place that a reference names, to write into it. */
  readonly open: (reference: Reference) => Writer;
  readonly which: Which;
  /** The document for a subject. */
  readonly compose: (place: AttachPlace) => Promise<ComposedDocument>;
  /** What the document's file is called. */
  readonly title: string;
  /** RFC 3339. */
  readonly created: string;
  /** Whether the documents that were there before are removed. */
  readonly older: "keep" | "remove";
  /** `plan` writes nothing. */
  readonly mode: "write" | "plan";
  /** Milliseconds since 1970, against which dates in the future are known. */
  readonly now?: number;
}

/** What came of attaching to one subject. */
export interface Attachment {
  /** The image that was named, in full. */
  readonly image: string;
  /** The subject, by digest. */
  readonly reference: string;
  readonly subject: Digest;
  readonly platform: Platform | null;
  readonly target: Digest | null;
  /** `unchanged`: this very document counts there already. `planned`: it would be attached. */
  readonly outcome: "attached" | "unchanged" | "planned";
  readonly artifact: Digest;
  readonly document: Digest;
  readonly revision: number;
  readonly created: string | null;
  readonly listedBy: ListedBy;
  readonly included: readonly Included[];
  /** Artifacts that were removed, or would be. */
  readonly replaced: readonly Digest[];
  /** Why it doesn't count all the same: documents stand in the index itself. */
  readonly why: Shadow | null;
}

/**
 * Attaches to each image in turn. Everything that was done before an error stands, and doing all of it again is no harm.
 *
 * @throws RegistryError and HostfitError, of the first image that fails
 */
export async function attachDocument(input: AttachInput): Promise<readonly Attachment[]> {
  const attached: Attachment[] = [];
  /** By registry: a repository that has the document's blob. */
  const mounts = new Map<string, string>();
  for (const reference of input.images) {
    const writer = input.open(reference);
    const resolved = await writer.source.resolve(reference, input);
    const subjects = await subjectsOf(writer.source, reference, resolved, input.which, input);
    const shadows = await shadowsOver(writer.source, resolved, input);
    const from = reference.kind === "registry" ? (mounts.get(reference.domain) ?? null) : null;
    attached.push(
      ...(await mapBounded(subjects, CONCURRENCY, (subject) =>
        attachTo(
          { source: writer.source, reference, subject },
          writer,
          from,
          input,
          shadows.get(subject.descriptor.digest) ?? null,
        ),
      )),
    );
    if (reference.kind === "registry" && input.mode === "write") {
      mounts.set(reference.domain, reference.repository);
    }
  }
  return attached;
}

async function attachTo(
  place: AttachPlace,
  writer: Writer,
  from: string | null,
  input: AttachInput,
  why: Shadow | null,
): Promise<Attachment> {
  const { source, subject, reference } = place;
  const { descriptor, target, platform } = subject;
  const [{ document, included }, artifacts] = await Promise.all([
    input.compose(place),
    artifactsOn(source, descriptor.digest, input.now ?? Date.now(), input),
  ]);
  const about = artifacts.filter(({ claims }) => claims.target === target);
  const [counting] = about;
  const common = {
    image: formatReference(reference),
    reference: formatWithDigest(reference, descriptor.digest),
    subject: descriptor.digest,
    platform,
    target,
    document: document.digest,
    included,
    why,
  };
  if (counting !== undefined && isSame(counting, document)) {
    const replaced = await removeOlder(about.slice(1), writer, descriptor.digest, input);
    const { revision, created } = counting.claims;
    return {
      ...common,
      outcome: "unchanged",
      artifact: counting.digest,
      revision: revision ?? 0,
      created,
      listedBy: null,
      replaced,
    };
  }
  const revision = nextRevision(about);
  const manifest = await buildArtifact({
    document,
    subject: descriptor,
    revision,
    created: input.created,
    title: input.title,
    ...(target === null ? {} : { target }),
  });
  const made = { ...common, artifact: manifest.digest, revision, created: input.created };
  if (input.mode === "plan") {
    const replaced = await removeOlder(about, writer, descriptor.digest, input);
    return { ...made, outcome: "planned", listedBy: null, replaced };
  }
  await Promise.all([writer.putBlob(document, from, input), writer.putBlob(EMPTY_CONFIG, from, input)]);
  const listedBy = await writer.putManifest(manifest, null, input);
  // The older ones go last: whoever reads meanwhile finds one of them.
  const older = about.filter(({ digest }) => digest !== manifest.digest);
  const replaced = await removeOlder(older, writer, descriptor.digest, input);
  return { ...made, outcome: "attached", listedBy, replaced };
}

function isSame(artifact: Artifact, document: DocumentBlob): boolean {
  return artifact.dialect === document.dialect && artifact.document?.digest === document.digest;
}

async function removeOlder(
  artifacts: readonly Artifact[],
  writer: Writer,
  subject: Digest,
  input: AttachInput,
): Promise<readonly Digest[]> {
  if (input.older === "keep") return [];
  const digests = artifacts.map(({ digest }) => digest);
  if (input.mode === "write") {
    for (const digest of digests) await writer.removeReferrer(digest, subject, input);
  }
  return digests;
}
