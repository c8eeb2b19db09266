/** What of an image a document is about: what its reference names, its variants, one of them, or what holds a layer. */
import { HostfitError } from "../../errors.ts";
import { candidatesOf } from "../../registry/candidates.ts";
import { mapBounded } from "../../registry/concurrency.ts";
import type { Descriptor, Platform } from "../../registry/descriptor.ts";
import type { Digest } from "../../registry/digest.ts";
import { CONCURRENCY } from "../../registry/limits.ts";
import type { Manifest } from "../../registry/manifest.ts";
import { formatReference, type Reference } from "../../registry/reference.ts";
import type { CallOptions, Resolved, Source } from "../../registry/source.ts";

/** Which manifests of an image are meant. */
export type Which =
  /** What the reference names: an index as a whole, or one image. */
  | { readonly kind: "named" }
  | { readonly kind: "all-platforms" }
  /** Those that a function says yes to, by their places; what counts as one platform is the core's to say. */
  | {
      readonly kind: "platform";
      readonly wanted: string;
      readonly keeps: (platforms: readonly (Platform | null)[]) => readonly number[];
    }
  /** The variant of this digest. */
  | { readonly kind: "manifest"; readonly digest: Digest }
  /** Those that contain this layer; the document is about the layer alone. */
  | { readonly kind: "layer"; readonly digest: Digest };

/** One manifest or index that a document can be attached to. */
export interface Subject {
  readonly descriptor: Descriptor;
  readonly platform: Platform | null;
  /** The layer that is meant, if it isn't the whole. */
  readonly target: Digest | null;
  /** Its content, where it was read. */
  readonly manifest: Manifest | null;
}

/**
 * The subjects that are meant. No layer is read.
 *
 * @throws HostfitError `no-candidate` if there is none of the platform, `layer-unknown` if nothing contains the layer
 */
export async function subjectsOf(
  source: Source,
  reference: Reference,
  resolved: Resolved,
  which: Which,
  options: CallOptions = {},
): Promise<readonly Subject[]> {
  const { descriptor, manifest } = resolved;
  if (which.kind === "named") {
    return [{ descriptor: { ...descriptor, annotations: {} }, platform: null, target: null, manifest }];
  }
  const name = formatReference(reference);
  const list = await candidatesOf(source, resolved, options);
  const distinct = [...new Map(list.candidates.map((one) => [one.digest, one])).values()];
  const ofCandidates = distinct.map((candidate) => ({
    descriptor: candidate.descriptor,
    platform: candidate.platform,
    target: null,
    manifest: candidate.digest === descriptor.digest ? manifest : null,
  }));
  if (which.kind === "layer") return containing(source, ofCandidates, which.digest, name, options);
  const kept =
    which.kind === "platform"
      ? which.keeps(ofCandidates.map(({ platform }) => platform))
      : ofCandidates.map((_, at) => at);
  const subjects = ofCandidates.filter(
    ({ descriptor: one }, at) =>
      kept.includes(at) && (which.kind !== "manifest" || one.digest === which.digest),
  );
  if (subjects.length === 0) {
    const what = which.kind === "platform" ? `of the platform ${which.wanted}` : "that could run";
    throw new HostfitError("no-candidate", `${name}: there is nothing ${what}`, {
      help: "hostfit inspect shows what the image offers",
      details: { reference: name },
    });
  }
  return subjects;
}

async function containing(
  source: Source,
  subjects: readonly Subject[],
  layer: Digest,
  name: string,
  options: CallOptions,
): Promise<readonly Subject[]> {
  const read = await mapBounded(subjects, CONCURRENCY, async (subject) => {
    const { manifest } = await source.manifest(subject.descriptor, options);
    return { ...subject, manifest, target: layer };
  });
  const found = read.filter(
    ({ manifest }) => manifest.kind === "manifest" && manifest.layers.some(({ digest }) => digest === layer),
  );
  if (found.length > 0) return found;
  throw new HostfitError("layer-unknown", `${name}: no variant has the layer ${layer}`, {
    help: "a layer is named by the digest that its manifest has for it; skopeo inspect --raw shows manifests",
    details: { reference: name, layer },
  });
}
