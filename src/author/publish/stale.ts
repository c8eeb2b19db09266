/** Which documents were made with an older document of their base, or of another one that they include. */
import { HostfitError } from "../../errors.ts";
import { mapBounded } from "../../registry/concurrency.ts";
import { type Digest, isDigest } from "../../registry/digest.ts";
import { CONCURRENCY } from "../../registry/limits.ts";
import { isLoopback, parseReference, type Reference } from "../../registry/reference.ts";
import { INCLUDED_IN, type IncludeInput, isAllowedBase, resolveIncluded } from "./includes.ts";
import { elementsOf, membersOf } from "./json-members.ts";
import type { ListedDocument } from "./list.ts";
import { documentsOn } from "./pull.ts";

/** An included document, against what is at its origin now. */
export interface InclusionState {
  /** The document that includes it, and what that is about. */
  readonly document: Digest;
  readonly subject: Digest;
  readonly origin: string;
  /** Of the document that was copied. */
  readonly included: Digest;
  /** `newer`: others count there now. `unknown`: it could not be asked, and `error` says why. */
  readonly state: "current" | "newer" | "unknown";
  /** What counts there now. */
  readonly now: readonly Digest[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

/**
 * Compares. The origins that the counting documents name are asked, and no others: registries only, unless the image
 * itself is in a folder or on this machine.
 */
export async function inclusionStates(
  documents: readonly ListedDocument[],
  image: Reference,
  input: Pick<IncludeInput, "open" | "samePlatform" | "signal" | "allowedBases">,
): Promise<readonly InclusionState[]> {
  const inclusions = documents.flatMap((document) => inclusionsOf(document));
  return mapBounded(inclusions, CONCURRENCY, async ({ document, origin, included }) => {
    const head = { document: document.digest as Digest, subject: document.subject, origin, included };
    try {
      const reference = parseReference(origin);
      if (!mayFollow(reference, image)) {
        throw new HostfitError(
          "origin-refused",
          `${origin}: an image of elsewhere names a place on this machine`,
        );
      }
      if (!isAllowedBase(reference, input.allowedBases)) {
        throw new HostfitError("refused-by-policy", `${origin}: the policy doesn't list this place`);
      }
      const source = input.open(reference);
      const { resolved, which } = await resolveIncluded(source, reference, document.platform, input);
      const found = await documentsOn(source, reference, resolved, which, input);
      const now = found.map(({ digest }) => digest);
      return { ...head, state: now.includes(included) ? "current" : "newer", now, error: null };
    } catch (error) {
      if (!(error instanceof HostfitError)) throw error;
      const { code, message } = error;
      return { ...head, state: "unknown", now: [], error: { code, message } };
    }
  });
}

function mayFollow(reference: Reference, image: Reference): boolean {
  if (image.kind !== "registry" || isLoopback(image.domain)) return true;
  return reference.kind === "registry" && !isLoopback(reference.domain);
}

/** What was included directly: what came through it is as old as it is. */
function inclusionsOf(document: ListedDocument) {
  if (!document.counts || document.digest === null || document.bytes === null) return [];
  if (document.dialect !== "native") return [];
  let includes: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(document.bytes);
    const raw = membersOf(text).find(({ key }) => key === "includes")?.raw ?? "[]";
    includes = elementsOf(raw).map((element) => JSON.parse(element) as unknown);
  } catch {
    // Documents that can't be read are told by whoever judges them.
    return [];
  }
  return (includes as readonly { readonly origin?: unknown; readonly digest?: unknown }[]).flatMap((one) => {
    const { origin, digest } = one ?? {};
    if (typeof origin !== "string" || origin.includes(INCLUDED_IN) || !isDigest(digest)) return [];
    return [{ document, origin, included: digest }];
  });
}
