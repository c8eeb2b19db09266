/** What refers to an index by its digest, and so stays with the old one when a new one is made. */
import { type Digest, hexOf } from "../../registry/digest.ts";
import { RegistryError } from "../../registry/errors.ts";
import type { CallOptions, Source } from "../../registry/source.ts";

/** Artifacts and signatures of an index. */
export interface LeftBehind {
  /** Artifacts by what they are, with how many there are. */
  readonly referrers: readonly { readonly artifactType: string; readonly count: number }[];
  /** Tags under which cosign keeps signatures, attestations and SBOMs. */
  readonly tags: readonly string[];
}

/** Where the index stays the same. */
export const NOTHING_BEHIND: LeftBehind = { referrers: [], tags: [] };

/** Finds it. Nothing is ever copied: a signature of the old index says nothing about the new one (SM-1, SA-4). */
export async function leftBehind(
  source: Source,
  digest: Digest,
  options: CallOptions = {},
): Promise<LeftBehind> {
  const [{ descriptors }, ...tagged] = await Promise.all([
    source.referrers(digest, [], options),
    ...["sig", "att", "sbom"].map((ending) => taggedAs(source, `sha256-${hexOf(digest)}.${ending}`, options)),
  ]);
  const counts = new Map<string, number>();
  for (const { artifactType, mediaType } of descriptors) {
    const type = artifactType ?? mediaType;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return {
    referrers: [...counts].map(([artifactType, count]) => ({ artifactType, count })).sort(byType),
    tags: tagged.filter((tag) => tag !== null),
  };
}

function byType(a: { artifactType: string }, b: { artifactType: string }): number {
  return a.artifactType < b.artifactType ? -1 : 1;
}

async function taggedAs(source: Source, tag: string, options: CallOptions): Promise<string | null> {
  try {
    await source.head({ tag, digest: null }, options);
    return tag;
  } catch (error) {
    if (error instanceof RegistryError && error.code === "manifest-unknown") return null;
    throw error;
  }
}
