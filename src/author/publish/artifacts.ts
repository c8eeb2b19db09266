/** The artifacts with documents that are attached to a subject already, all of them, whether they count or not. */
import { HostfitError } from "../../errors.ts";
import { type ArtifactClaims, compareArtifacts, readClaims } from "../../registry/artifact-order.ts";
import { malformedOrThrow } from "../../registry/attached.ts";
import { mapBounded } from "../../registry/concurrency.ts";
import type { Descriptor } from "../../registry/descriptor.ts";
import type { Digest } from "../../registry/digest.ts";
import {
  type Dialect,
  DOCUMENT_ARTIFACTS,
  dialectOfArtifact,
  documentTypeOf,
} from "../../registry/document-types.ts";
import { RegistryError } from "../../registry/errors.ts";
import { CONCURRENCY, MAX_ARTIFACTS_READ } from "../../registry/limits.ts";
import type { ImageManifest } from "../../registry/manifest.ts";
import type { CallOptions, Source } from "../../registry/source.ts";

/** One artifact. */
export interface Artifact {
  readonly digest: Digest;
  readonly claims: ArtifactClaims;
  readonly dialect: Dialect;
  /** The layer that holds the document; null if there is none. */
  readonly document: Descriptor | null;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The document's layer in an artifact's manifest, or null. */
export function documentIn(
  manifest: ImageManifest,
): { dialect: Dialect; document: Descriptor | null } | null {
  const dialect = dialectOfArtifact(manifest.artifactType);
  if (dialect === null) return null;
  const document = manifest.layers.find(({ mediaType }) => mediaType === documentTypeOf(dialect));
  return { dialect, document: document ?? null };
}

/**
 * The artifacts of a subject, the one that counts first (if all authors are one). One that is listed as a document and can't
 * be read is what its entry says, as readers take it, without a document: the next one must come after it, and it can be
 * taken off.
 *
 * @param now milliseconds since 1970
 */
export async function artifactsOn(
  source: Source,
  subject: Digest,
  now: number,
  options: CallOptions = {},
): Promise<readonly Artifact[]> {
  const { descriptors } = await source.referrers(subject, DOCUMENT_ARTIFACTS, options);
  if (descriptors.length > MAX_ARTIFACTS_READ) {
    throw new RegistryError(
      "too-many",
      `${source.name}@${subject}: more than ${MAX_ARTIFACTS_READ} artifacts to read`,
      {
        help: "Remove those that are no longer needed (hostfit detach).",
        details: { limit: MAX_ARTIFACTS_READ },
      },
    );
  }
  const read = await mapBounded(descriptors, CONCURRENCY, async (descriptor): Promise<Artifact | null> => {
    try {
      const { manifest } = await source.manifest(descriptor, options);
      if (manifest.kind !== "manifest" || manifest.subject !== subject) return null;
      const found = documentIn(manifest);
      if (found === null) return null;
      const { digest } = descriptor;
      const { annotations } = manifest;
      return { digest, claims: readClaims(digest, annotations, now), annotations, ...found };
    } catch (error) {
      malformedOrThrow(error);
      return unreadable(descriptor, now);
    }
  });
  return read.filter((artifact) => artifact !== null).sort(compareArtifacts);
}

function unreadable({ digest, artifactType, annotations }: Descriptor, now: number): Artifact | null {
  const dialect = dialectOfArtifact(artifactType);
  const claims = readClaims(digest, annotations, now);
  return dialect === null ? null : { digest, claims, dialect, document: null, annotations };
}

/**
 * The revision of the next one: greater than all there are.
 *
 * @throws HostfitError `revision-exhausted` if somebody took the greatest that readers understand: no other could count
 */
export function nextRevision(artifacts: readonly Pick<Artifact, "digest" | "claims">[]): number {
  const last = artifacts.find(({ claims }) => claims.revision === Number.MAX_SAFE_INTEGER);
  if (last !== undefined) {
    throw new HostfitError(
      "revision-exhausted",
      `${last.digest} has the revision ${Number.MAX_SAFE_INTEGER}, and there is none after it`,
      {
        help: "take it off first (hostfit detach IMAGE DIGEST); a document that was pushed gets another tag",
        details: { artifact: last.digest },
      },
    );
  }
  return Math.max(0, ...artifacts.map(({ claims }) => claims.revision ?? 0)) + 1;
}
