import { mapBounded } from "./concurrency.ts";
import { type Descriptor, readDescriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { CONCURRENCY, MAX_LAYOUT_MANIFESTS } from "./limits.ts";
import { isIndexType, isManifestType, REF_NAME } from "./media-types.ts";
import { isReferrersTag, referrersTagOf } from "./referrers-tag.ts";
import type { Resolved } from "./source.ts";

/** Who refers to whom in a layout. */
export interface LayoutReferrers {
  /** By what a manifest's `subject` says. */
  readonly bySubject: ReadonlyMap<Digest, readonly Descriptor[]>;
  /** By the referrers tag of the index that lists it. */
  readonly byTag: ReadonlyMap<string, readonly Descriptor[]>;
}

/** A manifest that the walk comes to, and the tag that it has in `index.json`. */
interface Step {
  readonly descriptor: Descriptor;
  readonly tag: string | null;
}

/**
 * Finds every `subject` in a layout. A layout has no referrers API: what counts is every manifest that can be reached
 * from `index.json`, and the indexes that stand there under a referrers tag (as tools copy them from registries).
 *
 * @param read gives a manifest, or null if the layout doesn't hold it
 * @throws RegistryError `too-many` past {@link MAX_LAYOUT_MANIFESTS}
 */
export async function findReferrers(
  entries: readonly Descriptor[],
  read: (descriptor: Descriptor) => Promise<Resolved | null>,
): Promise<LayoutReferrers> {
  const bySubject = new Map<Digest, Descriptor[]>();
  const byTag = new Map<string, Descriptor[]>();
  const seen = new Set<Digest>();
  let level: readonly Step[] = entries.map((descriptor) => ({
    descriptor,
    tag: descriptor.annotations[REF_NAME] ?? null,
  }));
  while (level.length > 0) {
    const fresh = level.filter(({ descriptor, tag }) => {
      if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) return false;
      const first = !seen.has(descriptor.digest);
      seen.add(descriptor.digest);
      // The same index may stand under a tag and, before, without one.
      return first || (tag !== null && isReferrersTag(tag));
    });
    if (seen.size > MAX_LAYOUT_MANIFESTS) throw tooMany();
    const manifests = await mapBounded(fresh, CONCURRENCY, ({ descriptor }) => read(descriptor));
    const next: Step[] = [];
    for (const [position, resolved] of manifests.entries()) {
      if (resolved === null) continue;
      const { manifest } = resolved;
      if (manifest.subject !== null) append(bySubject, manifest.subject, asListed(resolved));
      if (manifest.kind !== "index") continue;
      const tag = fresh[position]?.tag ?? null;
      const children = manifest.entries.map(tryDescriptor).filter((child) => child !== null);
      for (const child of children) {
        next.push({ descriptor: child, tag: null });
        if (tag !== null && isReferrersTag(tag)) append(byTag, tag, child);
      }
    }
    level = next;
  }
  return { bySubject, byTag };
}

/**
 * The referrers of one digest, sorted by digest. One that only a tag lists is named even if its manifest is missing, so
 * that a reader meets "not in this layout" where it would otherwise find nothing.
 */
export function referrersOf(found: LayoutReferrers, subject: Digest): readonly Descriptor[] {
  const tagged = found.byTag.get(referrersTagOf(subject)) ?? [];
  const own = found.bySubject.get(subject) ?? [];
  // A manifest's own word comes last, and so wins over what a tag's index says of it.
  const byDigest = new Map([...tagged, ...own].map((descriptor) => [descriptor.digest, descriptor]));
  return [...byDigest.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

/** A manifest's descriptor as a referrers list would have it; its bytes go along, since they are read. */
function asListed({ descriptor, manifest, bytes }: Resolved): Descriptor {
  const { artifactType, annotations } = manifest;
  return { ...descriptor, artifactType, annotations, platform: null, data: bytes };
}

function append<Key>(map: Map<Key, Descriptor[]>, key: Key, descriptor: Descriptor): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [descriptor]);
  else known.push(descriptor);
}

function tryDescriptor(value: unknown): Descriptor | null {
  try {
    return readDescriptor(value, "");
  } catch {
    // Malformed entries of an image's index are reported where its candidates are listed.
    return null;
  }
}

function tooMany(): RegistryError {
  return new RegistryError("too-many", `the layout holds more than ${MAX_LAYOUT_MANIFESTS} manifests`, {
    help: "Copy the image in question, with its referrers, into a layout of its own.",
  });
}
