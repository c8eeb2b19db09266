import { mapBounded } from "./concurrency.ts";
import { type Descriptor, readDescriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { CONCURRENCY, MAX_LAYOUT_MANIFESTS } from "./limits.ts";
import { isIndexType, isManifestType, REF_NAME } from "./media-types.ts";
import { isReferrersTag, referrersTagOf } from "./referrers-tag.ts";
import type { Resolved } from "./source.ts";

/** For each subject, the manifests that refer to it, sorted by digest. */
export type ReferrerMap = ReadonlyMap<Digest, readonly Descriptor[]>;

/**
 * Finds every `subject` in a layout. A layout has no referrers API: what counts is every manifest that can be reached
 * from `index.json`, and the indexes that stand there under a referrers tag (as tools copy them from registries).
 *
 * @param read gives a manifest, or null if the layout doesn't hold it
 * @throws RegistryError `too-many` past {@link MAX_LAYOUT_MANIFESTS}
 */
export async function buildReferrers(
  entries: readonly Descriptor[],
  read: (descriptor: Descriptor) => Promise<Resolved | null>,
): Promise<ReferrerMap> {
  const bySubject = new Map<Digest, Map<Digest, Descriptor>>();
  const add = (subject: Digest, referrer: Descriptor): void => {
    const known = bySubject.get(subject) ?? new Map<Digest, Descriptor>();
    bySubject.set(subject, known);
    known.set(referrer.digest, referrer);
  };

  const listedByTag: [string, Descriptor][] = [];
  const seen = new Set<Digest>();
  let level: readonly { readonly descriptor: Descriptor; readonly tag: string | null }[] = entries.map(
    (descriptor) => ({ descriptor, tag: descriptor.annotations[REF_NAME] ?? null }),
  );
  while (level.length > 0) {
    const next: { descriptor: Descriptor; tag: string | null }[] = [];
    const fresh = level.filter(({ descriptor, tag }) => {
      if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType)) return false;
      const first = !seen.has(descriptor.digest);
      seen.add(descriptor.digest);
      return first || (tag !== null && isReferrersTag(tag));
    });
    if (seen.size > MAX_LAYOUT_MANIFESTS) {
      throw new RegistryError("too-many", `the layout holds more than ${MAX_LAYOUT_MANIFESTS} manifests`, {
        help: "Copy the image in question, with its referrers, into a layout of its own.",
      });
    }
    const manifests = await mapBounded(fresh, CONCURRENCY, ({ descriptor }) => read(descriptor));
    for (const [position, resolved] of manifests.entries()) {
      const from = fresh[position];
      if (resolved === null || from === undefined) continue;
      const { manifest } = resolved;
      const self: Descriptor = {
        ...resolved.descriptor,
        artifactType: manifest.artifactType,
        annotations: manifest.annotations,
        platform: null,
        data: resolved.bytes,
      };
      if (manifest.subject !== null) add(manifest.subject, self);
      if (manifest.kind !== "index") continue;
      for (const entry of manifest.entries) {
        const child = tryDescriptor(entry);
        if (child === null) continue;
        next.push({ descriptor: child, tag: null });
        if (from.tag !== null && isReferrersTag(from.tag)) listedByTag.push([from.tag, child]);
      }
    }
    level = next;
  }
  return sorted(bySubject, listedByTag);
}

function sorted(
  bySubject: Map<Digest, Map<Digest, Descriptor>>,
  listedByTag: readonly [string, Descriptor][],
): ReferrerMap {
  const map = new Map<Digest, readonly Descriptor[]>();
  for (const [subject, known] of bySubject) {
    map.set(
      subject,
      [...known.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1)),
    );
  }
  // A tag's entry counts by what its manifest says. One whose manifest is missing here is still named, so that a reader
  // meets "not in this layout" where it would otherwise find nothing.
  for (const [tag, child] of listedByTag) {
    if (!tag.startsWith("sha256-")) continue;
    const subject: Digest = `sha256:${tag.slice("sha256-".length)}`;
    if (referrersTagOf(subject) !== tag) continue;
    const known = map.get(subject) ?? [];
    if (known.some((found) => found.digest === child.digest)) continue;
    map.set(
      subject,
      [...known, child].sort((a, b) => (a.digest < b.digest ? -1 : 1)),
    );
  }
  return map;
}

function tryDescriptor(value: unknown): Descriptor | null {
  try {
    return readDescriptor(value, "");
  } catch {
    // Malformed entries of an image's index are reported where its candidates are listed.
    return null;
  }
}
