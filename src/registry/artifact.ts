/**
 * The artifact that carries a document: its manifest (image-spec v1.1, "Guidelines for artifact usage"), byte for byte
 * the same for the same input.
 */
import type { Descriptor } from "./descriptor.ts";
import { type Digest, digestOf } from "./digest.ts";
import {
  type Dialect,
  documentTypeOf,
  NFD_ARTIFACT,
  REQUIREMENTS_ARTIFACT,
  REVISION_ANNOTATION,
  TARGET_ANNOTATION,
} from "./document-types.ts";
import { MAX_DATA_BYTES } from "./limits.ts";
import { CREATED, OCI_EMPTY, OCI_MANIFEST, TITLE, VERSION } from "./media-types.ts";
import type { BlobContent, ManifestContent } from "./writer.ts";

/** A document as a blob. */
export interface DocumentBlob extends BlobContent {
  readonly dialect: Dialect;
}

/** What an artifact says beside the document. */
export interface ArtifactInput {
  readonly document: DocumentBlob;
  /** What the document is about; null for one that stands by itself under a tag. */
  readonly subject: Pick<Descriptor, "mediaType" | "digest" | "size"> | null;
  /** Grows with each change of a subject's document. */
  readonly revision: number;
  /** RFC 3339. */
  readonly created: string;
  /** The file name that a client gives the document. */
  readonly title: string;
  /** The one layer that the document is about. */
  readonly target?: Digest | undefined;
}

/** The config of an artifact that has none (image-spec, "Guidance for an Empty Descriptor"). */
export const EMPTY_CONFIG: BlobContent = {
  digest: "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  bytes: new TextEncoder().encode("{}"),
};

/** A document's bytes with their digest. */
export async function documentBlob(bytes: Uint8Array, dialect: Dialect): Promise<DocumentBlob> {
  return { bytes, dialect, digest: await digestOf(bytes) };
}

/** Builds the artifact's manifest. Its blobs, {@link EMPTY_CONFIG} and the document, must be written before it. */
export async function buildArtifact(input: ArtifactInput): Promise<ManifestContent> {
  const { document, subject, revision, created, title, target } = input;
  const artifactType = document.dialect === "native" ? REQUIREMENTS_ARTIFACT : NFD_ARTIFACT;
  // Keys in a fixed order; annotations by name.
  const annotations: Record<string, string> = {
    [REVISION_ANNOTATION]: String(revision),
    ...(target === undefined ? {} : { [TARGET_ANNOTATION]: target }),
    [CREATED]: created,
    [TITLE]: title,
    [VERSION]: String(revision),
  };
  const body = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType,
    config: {
      mediaType: OCI_EMPTY,
      digest: EMPTY_CONFIG.digest,
      size: EMPTY_CONFIG.bytes.length,
      data: base64(EMPTY_CONFIG.bytes),
    },
    layers: [
      {
        mediaType: documentTypeOf(document.dialect),
        digest: document.digest,
        size: document.bytes.length,
        annotations: { [TITLE]: title },
        ...(document.bytes.length <= MAX_DATA_BYTES ? { data: base64(document.bytes) } : {}),
      },
    ],
    ...(subject === null
      ? {}
      : { subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size } }),
    annotations,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return {
    bytes,
    mediaType: OCI_MANIFEST,
    digest: await digestOf(bytes),
    subject: subject?.digest ?? null,
    artifactType,
    annotations,
  };
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
