/** Whether what is attached would count: what stands in an index takes its place (docs/decisions/0010). */
import { type CandidateList, candidatesOf } from "../../registry/candidates.ts";
import type { Digest } from "../../registry/digest.ts";
import { type EmbeddedPlace, embeddedDocuments } from "../../registry/embedded.ts";
import type { CallOptions, Resolved, Source } from "../../registry/source.ts";

/** Why a document that is attached to a subject doesn't count, whatever it says. */
export type Shadow = "shadowed" | "index-speaks";

/** The shadows over an image's subjects; those that aren't named have none. One without an index has none at all. */
export async function shadowsOver(
  source: Source,
  resolved: Resolved,
  options: CallOptions = {},
): Promise<ReadonlyMap<Digest, Shadow>> {
  const shadows = new Map<Digest, Shadow>();
  if (resolved.manifest.kind !== "index") return shadows;
  const list = await candidatesOf(source, resolved, options);
  const embedded = await embeddedDocuments(list, source.name);
  const places = placesOf(list, embedded.indexes, embedded.candidates);
  if (!places.some(({ place }) => stands(place))) return shadows;
  const consulting = new Set(places.filter(({ place }) => place.consult).map(({ digest }) => digest));
  for (const { digest, through, place } of places) {
    if (stands(place)) shadows.set(digest, "shadowed");
    else if (![digest, ...through].some((one) => consulting.has(one))) shadows.set(digest, "index-speaks");
  }
  return shadows;
}

function placesOf(
  list: CandidateList,
  indexes: readonly EmbeddedPlace[],
  candidates: readonly EmbeddedPlace[],
) {
  const pair = (
    subjects: readonly { readonly digest: Digest; readonly through: readonly Digest[] }[],
    places: readonly EmbeddedPlace[],
  ) =>
    subjects.flatMap(({ digest, through }, at) => {
      const place = places[at];
      return place === undefined ? [] : [{ digest, through, place }];
    });
  return [...pair(list.indexes, indexes), ...pair(list.candidates, candidates)];
}

function stands({ embedded }: EmbeddedPlace): boolean {
  return embedded.kind !== "none";
}
