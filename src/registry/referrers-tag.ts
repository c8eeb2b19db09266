import type { Descriptor } from "./descriptor.ts";
import { algorithmOf, type Digest, hexOf } from "./digest.ts";
import { OCI_EMPTY } from "./media-types.ts";

/**
 * The tag under which an index lists the referrers of `digest` where a registry has no referrers API (distribution-spec
 * v1.1, "Referrers Tag Schema"): the algorithm (at most 32 characters), `-`, the encoded part (at most 64 characters).
 */
export function referrersTagOf(digest: Digest): string {
  return `${algorithmOf(digest)}-${hexOf(digest).slice(0, 64)}`;
}

/** Whether a tag names a list of referrers and not an image. */
export function isReferrersTag(tag: string): boolean {
  return /^sha(?:256|512)-[a-f0-9]{64}$/.test(tag);
}

/**
 * What a referrers list says of an entry's type: null where it says nothing. Older registries and tools put the empty
 * config's media type there, which says nothing of the artifact.
 */
export function artifactTypeSaid(descriptor: Descriptor): string | null {
  return descriptor.artifactType === OCI_EMPTY ? null : descriptor.artifactType;
}

/** Whether an entry is, or may be, of one of the wanted types. No wanted types: all are. */
export function matchesArtifactTypes(descriptor: Descriptor, artifactTypes: readonly string[]): boolean {
  const said = artifactTypeSaid(descriptor);
  return artifactTypes.length === 0 || said === null || artifactTypes.includes(said);
}
