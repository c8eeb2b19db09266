/** The JSON answers of the commands that publish documents; schemas/{attachment,detachment,listing,push}.schema.json. */
import type { Attachment } from "../author/publish/attach.ts";
import type { Detachment } from "../author/publish/detach.ts";
import type { Embedding } from "../author/publish/embed.ts";
import type { DocumentListing } from "../author/publish/list.ts";
import type { Pushed } from "../author/publish/pull.ts";
import type { InclusionState } from "../author/publish/stale.ts";
import type { AuthoredDocument } from "./checked-document.ts";

const API_VERSION = "hostfit/v1.0";

function documentPart({ blob, title }: AuthoredDocument) {
  return { digest: blob.digest, size: blob.bytes.length, dialect: blob.dialect, title };
}

/** `hostfit attach`. */
export function attachmentJson(
  document: AuthoredDocument,
  attachments: readonly Attachment[],
  dryRun: boolean,
) {
  return {
    apiVersion: API_VERSION,
    kind: "Attachment",
    dryRun,
    document: documentPart(document),
    attachments: attachments.map((one) => ({
      image: one.image,
      reference: one.reference,
      subject: one.subject,
      platform: one.platform,
      target: one.target,
      outcome: one.outcome,
      artifact: one.artifact,
      document: one.document,
      revision: one.revision,
      created: one.created,
      listedBy: one.listedBy,
      included: one.included,
      replaced: one.replaced,
      why: one.why,
    })),
  };
}

/** `hostfit detach`. */
export function detachmentJson(image: string, detachments: readonly Detachment[], dryRun: boolean) {
  return { apiVersion: API_VERSION, kind: "Detachment", dryRun, image, detachments };
}

/** `hostfit list`. */
export function listingJson(
  image: { readonly reference: string; readonly digest: string },
  listing: DocumentListing,
  includes: readonly InclusionState[] | null,
) {
  return {
    apiVersion: API_VERSION,
    kind: "DocumentList",
    image,
    documents: listing.documents.map(({ bytes: _bytes, error, ...document }) => ({
      ...document,
      error: error === null ? null : { code: error.code, message: error.message },
    })),
    includes,
    faults: listing.faults,
    notes: listing.notes,
  };
}

/** `hostfit embed`. */
export function embeddingJson(embedding: Embedding, tag: string, dryRun: boolean) {
  const { image, root, reference, digest, form, places, leftBehind, notes } = embedding;
  return {
    apiVersion: API_VERSION,
    kind: "Embedding",
    dryRun,
    image: { reference: image, digest: root },
    reference,
    digest,
    tag,
    form,
    places,
    leftBehind,
    notes,
  };
}

/** `hostfit push`. */
export function pushJson(document: AuthoredDocument, pushed: Pushed) {
  const { reference, outcome, artifact, revision } = pushed;
  return {
    apiVersion: API_VERSION,
    kind: "Push",
    document: documentPart(document),
    reference,
    outcome,
    artifact,
    revision,
  };
}
