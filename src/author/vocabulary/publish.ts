/** Vocabularies in registries and layouts: an artifact with one layer, under a tag of its own. */
import { HostfitError } from "../../errors.ts";
import type { Vocabulary } from "../../probe/vocabulary/model.ts";
import { EMPTY_CONFIG } from "../../registry/artifact.ts";
import { type Digest, digestOf } from "../../registry/digest.ts";
import { RegistryError } from "../../registry/errors.ts";
import { MAX_DOCUMENT_BYTES } from "../../registry/limits.ts";
import { CREATED, OCI_EMPTY, OCI_MANIFEST, TITLE, VERSION } from "../../registry/media-types.ts";
import { formatReference, formatWithDigest, type Reference } from "../../registry/reference.ts";
import type { CallOptions, Source } from "../../registry/source.ts";
import type { BlobContent, ManifestContent, Writer } from "../../registry/writer.ts";
import { readVocabulary } from "./read.ts";

/** The artifact type of a vocabulary. */
export const VOCABULARY_ARTIFACT = "application/vnd.hostfit.vocabulary.v1";
/** Its layer: the vocabulary, JSON. */
export const VOCABULARY_DOCUMENT = "application/vnd.hostfit.vocabulary.v1+json";

/** What came of publishing. */
export interface PublishedVocabulary {
  readonly reference: string;
  readonly outcome: "published" | "unchanged";
  readonly domain: string;
  readonly version: string;
}

/** A vocabulary that was pulled, checked. */
export interface PulledVocabulary {
  readonly vocabulary: Vocabulary;
  readonly bytes: Uint8Array;
  /** The artifact's. */
  readonly digest: Digest;
}

/**
 * Puts a vocabulary under a tag. The same one twice is written once.
 * @param vocabulary checked
 * @param created RFC 3339
 * @throws HostfitError `tag-missing`; `tag-in-use` if the tag names something else than a vocabulary. What writing throws.
 */
export async function publishVocabulary(
  writer: Writer,
  reference: Reference,
  vocabulary: Vocabulary,
  created: string,
  options: CallOptions = {},
): Promise<PublishedVocabulary> {
  const name = formatReference(reference);
  if (reference.tag === null || reference.digest !== null) {
    throw new HostfitError("tag-missing", `${name}: a tag is needed to publish under`, {
      help: "write REPOSITORY:TAG or oci:DIR:TAG",
    });
  }
  const bytes = new TextEncoder().encode(JSON.stringify(vocabulary));
  const blob: BlobContent = { bytes, digest: await digestOf(bytes) };
  const said = { domain: vocabulary.domain ?? "", version: vocabulary.version };
  const before = await present(writer.source, reference, name, options);
  if (before !== null && before.document === blob.digest) {
    return { reference: formatWithDigest(reference, before.artifact), outcome: "unchanged", ...said };
  }
  const manifest = await manifestOf(blob, vocabulary, created);
  await Promise.all([writer.putBlob(blob, null, options), writer.putBlob(EMPTY_CONFIG, null, options)]);
  await writer.putManifest(manifest, reference.tag, options);
  return { reference: formatWithDigest(reference, manifest.digest), outcome: "published", ...said };
}

/**
 * Gets a vocabulary, and checks it as one from elsewhere.
 * @throws HostfitError `no-vocabulary` if the reference names something else. DocumentError for one that can't be used. What reading throws.
 */
export async function pullVocabulary(
  source: Source,
  reference: Reference,
  options: CallOptions = {},
): Promise<PulledVocabulary> {
  const name = formatReference(reference);
  const { manifest, descriptor } = await source.resolve(reference, options);
  const layer = manifest.kind === "manifest" ? manifest.layers[0] : undefined;
  const isVocabulary =
    manifest.kind === "manifest" &&
    manifest.artifactType === VOCABULARY_ARTIFACT &&
    manifest.layers.length === 1 &&
    layer?.mediaType === VOCABULARY_DOCUMENT;
  if (!isVocabulary || layer === undefined) {
    throw new HostfitError("no-vocabulary", `${name}: this is no vocabulary`, {
      help: "hostfit vocabulary publish FILE REFERENCE makes one",
      details: { reference: name, digest: descriptor.digest },
    });
  }
  const bytes = await source.blob(layer, MAX_DOCUMENT_BYTES, options);
  const file = `${name}@${descriptor.digest}`;
  return {
    vocabulary: await readVocabulary(bytes, { file, format: "json" }),
    bytes,
    digest: descriptor.digest,
  };
}

async function present(
  source: Source,
  reference: Reference,
  name: string,
  options: CallOptions,
): Promise<{ readonly artifact: Digest; readonly document: Digest | null } | null> {
  try {
    const { manifest, descriptor } = await source.resolve(reference, options);
    if (manifest.kind !== "manifest" || manifest.artifactType !== VOCABULARY_ARTIFACT) {
      throw new HostfitError("tag-in-use", `${name}: the tag names something that is no vocabulary`, {
        help: "choose another tag",
        details: { digest: descriptor.digest },
      });
    }
    return { artifact: descriptor.digest, document: manifest.layers[0]?.digest ?? null };
  } catch (error) {
    if (error instanceof RegistryError && error.code === "manifest-unknown") return null;
    throw error;
  }
}

/** Byte for byte the same for the same vocabulary and time. */
async function manifestOf(
  blob: BlobContent,
  vocabulary: Vocabulary,
  created: string,
): Promise<ManifestContent> {
  const title = `${vocabulary.domain ?? "vocabulary"}.json`;
  const annotations = { [CREATED]: created, [TITLE]: title, [VERSION]: vocabulary.version };
  const body = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: VOCABULARY_ARTIFACT,
    config: { mediaType: OCI_EMPTY, digest: EMPTY_CONFIG.digest, size: EMPTY_CONFIG.bytes.length },
    layers: [
      {
        mediaType: VOCABULARY_DOCUMENT,
        digest: blob.digest,
        size: blob.bytes.length,
        annotations: { [TITLE]: title },
      },
    ],
    annotations,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return {
    bytes,
    digest: await digestOf(bytes),
    mediaType: OCI_MANIFEST,
    subject: null,
    artifactType: VOCABULARY_ARTIFACT,
    annotations,
  };
}
