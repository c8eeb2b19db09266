/** Media types and annotation names of the OCI image specification v1.1 and of Docker's registry v2 schema 2. */

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
export const DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
/** The config of a WebAssembly artifact: it has `os` and `architecture` like an image's. */
export const WASM_CONFIG = "application/vnd.wasm.config.v0+json";
/** The config of an artifact that has none; says nothing about the artifact's type. */
export const OCI_EMPTY = "application/vnd.oci.empty.v1+json";

/** The name (tag) of an entry in a layout's index.json. */
export const REF_NAME = "org.opencontainers.image.ref.name";
/** The full name that containerd and `docker save` write beside a short ref.name. */
export const CONTAINERD_IMAGE_NAME = "io.containerd.image.name";
/** When something was made, RFC 3339. */
export const CREATED = "org.opencontainers.image.created";
/** What something is called; on a layer, its file's name. */
export const TITLE = "org.opencontainers.image.title";
/** The version of what something holds. */
export const VERSION = "org.opencontainers.image.version";
/** The image that an image was built on, as a reference. */
export const BASE_NAME = "org.opencontainers.image.base.name";
/** The digest of that image when it was built on. */
export const BASE_DIGEST = "org.opencontainers.image.base.digest";
/** What BuildKit puts on an attestation's descriptor. */
export const DOCKER_REFERENCE_TYPE = "vnd.docker.reference.type";

/** What a manifest request accepts, preferred first. */
export const MANIFEST_ACCEPT = [OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST].join(", ");

/** Whether a media type is an index or a Docker manifest list. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

/** Whether a media type is that of an image (or artifact) manifest. */
export function isManifestType(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

/** Whether a config of this type carries the platform of something that runs. */
export function isImageConfigType(mediaType: string): boolean {
  return mediaType === OCI_CONFIG || mediaType === DOCKER_CONFIG || mediaType === WASM_CONFIG;
}

const LAYER =
  /(?:\.layer\.|rootfs|\btar\b|\bsquashfs\b|\berofs\b|application\/wasm$|application\/octet-stream$|application\/(?:x-)?gzip$)/i;

/** Whether a blob of this type is, or may be, what a container's file system is made of. Such blobs are never fetched. */
export function isLayerType(mediaType: string): boolean {
  return LAYER.test(mediaType);
}
