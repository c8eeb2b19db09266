/** Takes documents off an image. */
import { HostfitError } from "../../errors.ts";
import { candidatesOf } from "../../registry/candidates.ts";
import { mapBounded } from "../../registry/concurrency.ts";
import type { Digest } from "../../registry/digest.ts";
import { CONCURRENCY } from "../../registry/limits.ts";
import { formatReference, type Reference } from "../../registry/reference.ts";
import type { CallOptions, Resolved, Source } from "../../registry/source.ts";
import type { Writer } from "../../registry/writer.ts";
import { type Artifact, artifactsOn } from "./artifacts.ts";

/** How documents are taken off. */
export interface DetachInput extends CallOptions {
  readonly image: Reference;
  readonly writer: Writer;
  /** Digests of artifacts or of documents; `all` is every document on the index and its variants. */
  readonly what: readonly Digest[] | "all";
  readonly mode: "write" | "plan";
}

/** What came of taking one artifact off. */
export interface Detachment {
  readonly subject: Digest;
  readonly artifact: Digest;
  readonly document: Digest | null;
  readonly revision: number | null;
  /** `unlisted`: the registry keeps the manifest but no longer lists it. */
  readonly outcome: "removed" | "unlisted" | "planned";
}

/**
 * Takes off what is named. Other artifacts (signatures, SBOMs) are never touched.
 *
 * @throws HostfitError `document-unknown` if one of the digests is on none of the image's manifests
 */
export async function detachDocuments(input: DetachInput): Promise<readonly Detachment[]> {
  const { image, writer, what, mode } = input;
  const { source } = writer;
  const resolved = await source.resolve(image, input);
  const found = await allArtifacts(source, resolved, input);
  const named = (digest: Digest, artifact: Artifact): boolean =>
    artifact.digest === digest || artifact.document?.digest === digest;
  if (what !== "all") {
    const missing = what.find((digest) => !found.some(({ artifact }) => named(digest, artifact)));
    if (missing !== undefined) {
      throw new HostfitError(
        "document-unknown",
        `${formatReference(image)}: nothing attached is ${missing}`,
        {
          help: "hostfit list shows what is attached",
          details: { digest: missing },
        },
      );
    }
  }
  const chosen =
    what === "all" ? found : found.filter(({ artifact }) => what.some((digest) => named(digest, artifact)));
  const done: Detachment[] = [];
  for (const { subject, artifact } of chosen) {
    const outcome =
      mode === "plan" ? "planned" : await writer.removeReferrer(artifact.digest, subject, input);
    done.push({
      subject,
      artifact: artifact.digest,
      document: artifact.document?.digest ?? null,
      revision: artifact.claims.revision,
      outcome,
    });
  }
  return done;
}

/** The artifacts on an image's index, on those within it, and on all its variants. */
async function allArtifacts(
  source: Source,
  resolved: Resolved,
  options: CallOptions,
): Promise<readonly { readonly subject: Digest; readonly artifact: Artifact }[]> {
  const list = await candidatesOf(source, resolved, options);
  const subjects = new Set([
    resolved.descriptor.digest,
    ...list.indexes.map(({ digest }) => digest),
    ...list.candidates.map(({ digest }) => digest),
  ]);
  const found = await mapBounded([...subjects], CONCURRENCY, async (subject) =>
    (await artifactsOn(source, subject, Date.now(), options)).map((artifact) => ({ subject, artifact })),
  );
  return found.flat();
}
