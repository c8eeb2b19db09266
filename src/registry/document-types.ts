/** The names under which requirements documents travel in a registry. */

/** The artifact type of a native document. */
export const REQUIREMENTS_ARTIFACT = "application/vnd.hostfit.requirements.v1";
/** The layer of such an artifact: the document, JSON. */
export const REQUIREMENTS_DOCUMENT = "application/vnd.hostfit.requirements.v1+json";
/** The artifact type that Node Feature Discovery attaches. */
export const NFD_ARTIFACT = "application/vnd.nfd.image-compatibility.v1alpha1";
/** The layer of such an artifact: a compatibility spec, YAML. */
export const NFD_DOCUMENT = "application/vnd.nfd.image-compatibility.spec.v1alpha1+yaml";

/** On an index or a descriptor in one: the document itself, compact JSON, at most 16 KiB. */
export const INLINE_ANNOTATION = "io.hostfit.requirements";
/** On an index or a descriptor in one: the digest of the document's blob in the same repository. */
export const PINNED_ANNOTATION = "io.hostfit.requirements.digest";
/** On an index or a descriptor in one: `true` demands that there is a document, wherever it is. */
export const CONSULT_ANNOTATION = "io.hostfit.requirements.consult";
/** On an artifact: a number that grows with each change. */
export const REVISION_ANNOTATION = "io.hostfit.revision";
/** On an artifact: the digest of the one layer that it is about. */
export const TARGET_ANNOTATION = "io.hostfit.target";

/** What Node Feature Discovery's documentation writes where `org.opencontainers.image.created` is meant. */
export const NFD_CREATED = "oci.opencontainers.image.created";

/** A form of document that the core compiles. */
export type Dialect = "native" | "nfd";

/** The artifact types whose documents count. */
export const DOCUMENT_ARTIFACTS: readonly string[] = [REQUIREMENTS_ARTIFACT, NFD_ARTIFACT];

/** The dialect of an artifact type, or null if it carries no document. */
export function dialectOfArtifact(artifactType: string | null): Dialect | null {
  if (artifactType === REQUIREMENTS_ARTIFACT) return "native";
  return artifactType === NFD_ARTIFACT ? "nfd" : null;
}

/** The media type of a dialect's document. */
export function documentTypeOf(dialect: Dialect): string {
  return dialect === "native" ? REQUIREMENTS_DOCUMENT : NFD_DOCUMENT;
}
