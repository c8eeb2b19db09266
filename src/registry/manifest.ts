import { type Descriptor, readAnnotations, readDescriptor, readOptionalText } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { printable, RegistryError } from "./errors.ts";
import { type ContentOrigin, type JsonObject, parseJsonObject } from "./json.ts";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  isImageConfigType,
  isIndexType,
  isManifestType,
  OCI_EMPTY,
  OCI_INDEX,
  OCI_MANIFEST,
} from "./media-types.ts";

/** An index or a Docker manifest list. Its entries are read one by one, so that a malformed one spoils no other. */
export interface IndexManifest {
  readonly kind: "index";
  readonly mediaType: string;
  readonly entries: readonly unknown[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType: string | null;
  readonly subject: Digest | null;
}

/** The manifest of one image or artifact. */
export interface ImageManifest {
  readonly kind: "manifest";
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  /** `artifactType`, or the config's media type where that is no image's and not empty (image-spec, "Guidelines for artifact usage"). */
  readonly artifactType: string | null;
  readonly subject: Digest | null;
}

/** What stands behind a manifest descriptor. */
export type Manifest = IndexManifest | ImageManifest;

/**
 * Parses verified bytes of a manifest.
 *
 * A manifest that can be read as two things is refused (image-spec's answer to CVE-2021-41190): its own `mediaType`
 * must agree with what the descriptor or the Content-Type says, and it can't have both entries and layers.
 *
 * @param hint the media type that the descriptor or the Content-Type header says; null if unknown
 * @throws RegistryError `not-json`, `manifest-invalid`, `manifest-unsupported`, `descriptor-invalid`
 */
export function readManifest(
  bytes: Uint8Array,
  hint: string | null,
  where: string,
  origin: ContentOrigin = "answer",
): Manifest {
  const body = parseJsonObject(bytes, where, origin);
  try {
    return manifestOf(body, hint, where);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== "descriptor-invalid") throw error;
    const help = error.help === undefined ? {} : { help: error.help };
    throw new RegistryError("descriptor-invalid", `${where}: ${error.message}`, {
      ...help,
      details: error.details,
      cause: error,
    });
  }
}

function manifestOf(body: JsonObject, hint: string | null, where: string): Manifest {
  const mediaType = mediaTypeOf(body, hint, where);
  const annotations = readAnnotations(body.annotations, "/annotations");
  const artifactType = readOptionalText(body.artifactType, "/artifactType");
  const subject =
    body.subject === undefined || body.subject === null
      ? null
      : readDescriptor(body.subject, "/subject").digest;

  if (isIndexType(mediaType)) {
    const entries = body.manifests ?? [];
    if (!Array.isArray(entries)) throw invalid(where, "its `manifests` is not a list");
    return { kind: "index", mediaType, entries, annotations, artifactType, subject };
  }
  const layers = body.layers ?? [];
  if (!Array.isArray(layers)) throw invalid(where, "its `layers` is not a list");
  const config = readDescriptor(body.config, "/config");
  return {
    kind: "manifest",
    mediaType,
    config,
    layers: layers.map((layer, position) => readDescriptor(layer, `/layers/${position}`)),
    annotations,
    artifactType: artifactType ?? (isArtifactConfig(config.mediaType) ? config.mediaType : null),
    subject,
  };
}

function isArtifactConfig(mediaType: string): boolean {
  return mediaType !== OCI_EMPTY && !isImageConfigType(mediaType);
}

function mediaTypeOf(body: JsonObject, hint: string | null, where: string): string {
  const own = readOptionalText(body.mediaType, "/mediaType");
  const said = hint?.split(";")[0]?.trim().toLowerCase() ?? null;
  const saidKnown = said !== null && (isIndexType(said) || isManifestType(said)) ? said : null;
  if (body.schemaVersion === 1 || "fsLayers" in body || "signatures" in body) {
    throw unsupported(where, "a Docker schema 1 manifest");
  }
  const hasEntries = Array.isArray(body.manifests);
  const hasLayers = "layers" in body || "config" in body;
  if (own !== null && saidKnown !== null && own !== saidKnown) {
    throw invalid(where, `it says that it is ${printable(own)}, but was announced as ${saidKnown}`);
  }
  const mediaType = own ?? saidKnown ?? (hasEntries ? OCI_INDEX : hasLayers ? OCI_MANIFEST : null);
  if (mediaType === null) {
    throw invalid(where, "it has neither `manifests` nor `config` and `layers`");
  }
  if (!isIndexType(mediaType) && !isManifestType(mediaType)) throw unsupported(where, printable(mediaType));
  if (isIndexType(mediaType) ? hasLayers : hasEntries) {
    const both =
      hasEntries && hasLayers
        ? "it has both `manifests` and `layers`, so that tools differ on what it is"
        : "";
    throw invalid(where, both || `its fields are not those of ${mediaType}`);
  }
  return mediaType;
}

function invalid(where: string, what: string): RegistryError {
  return new RegistryError("manifest-invalid", `${where}: not a usable manifest: ${what}`, {
    help: "Build or copy the image again with a current tool.",
  });
}

function unsupported(where: string, what: string): RegistryError {
  return new RegistryError("manifest-unsupported", `${where}: ${what} can't be read`, {
    help: `Read are ${OCI_INDEX}, ${OCI_MANIFEST}, ${DOCKER_LIST} and ${DOCKER_MANIFEST}. Push the image again with a current tool.`,
  });
}
