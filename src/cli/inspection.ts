/** The JSON answer of `hostfit inspect`; schemas/inspection.schema.json. */
import type { OtherDocument } from "../registry/found-document.ts";
import type { InspectedDocument, InspectedSubject, Inspection } from "../select/inspect.ts";

export function inspectionJson(inspection: Inspection) {
  return {
    apiVersion: "hostfit/v1.0",
    kind: "Inspection",
    image: { reference: inspection.reference, digest: inspection.root, mediaType: inspection.mediaType },
    indexes: inspection.indexes.map((index) => ({
      digest: index.digest,
      mediaType: index.mediaType,
      annotations: index.annotations,
      ...subjectPart(index),
    })),
    candidates: inspection.candidates.map(({ candidate, reference, ...subject }) => ({
      digest: candidate.digest,
      reference,
      platform: candidate.platform,
      mediaType: candidate.mediaType,
      size: candidate.size,
      annotations: candidate.annotations,
      through: candidate.through,
      ...subjectPart(subject),
    })),
    skipped: inspection.skipped.map(({ reason, index, pointer, digest, mediaType, error }) => ({
      reason,
      index,
      pointer,
      digest,
      mediaType,
      error: error === null ? null : { code: error.code, message: error.message },
    })),
    notes: inspection.notes,
  };
}

function subjectPart({ status, documents, others, error }: InspectedSubject) {
  return {
    status,
    error: error === null ? null : { code: error.code, message: error.message },
    documents: documents.map(documentPart),
    others: others.map(otherPart),
  };
}

function documentPart({ winner, content, error }: InspectedDocument) {
  return {
    digest: winner.kind === "document" ? winner.digest : null,
    origin: winner.origin,
    dialect: winner.kind === "document" ? winner.dialect : null,
    author: winner.author,
    artifact: winner.artifact,
    revision: winner.revision,
    created: winner.created,
    error: error === null ? null : { code: error.code, message: error.message },
    content,
  };
}

function otherPart({ origin, artifact, author, revision, created, mediaType, why, detail }: OtherDocument) {
  return { origin, artifact, author, revision, created, mediaType, why, detail };
}
