import { type Digest, isDigest, verifyContent } from "./digest.ts";
import { printable, RegistryError } from "./errors.ts";
import { isObject } from "./json.ts";

/**
 * A platform as an index or a config writes it (image-spec, "Image Index"): nothing is normalised here, that is the
 * core's work. The names are those of the JSON.
 */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
}

/** A content descriptor (image-spec, "Descriptor"), checked for shape. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly platform: Platform | null;
  readonly artifactType: string | null;
  /** The content itself, where it travels in the descriptor. Not verified yet: see {@link embeddedContent}. */
  readonly data: Uint8Array | null;
}

/** A descriptor with nothing but the three fields that every one has. */
export function plainDescriptor(mediaType: string, digest: Digest, size: number): Descriptor {
  return { mediaType, digest, size, annotations: {}, platform: null, artifactType: null, data: null };
}

/**
 * Reads a descriptor out of parsed JSON.
 *
 * @param pointer the value's place (JSON Pointer), for the error
 * @throws RegistryError `descriptor-invalid`, with the place of the fault in `details.pointer`
 */
export function readDescriptor(value: unknown, pointer: string): Descriptor {
  if (!isObject(value)) throw invalid(pointer, "a descriptor was expected");
  const mediaType = value.mediaType;
  if (typeof mediaType !== "string" || mediaType === "" || mediaType.length > 255) {
    throw invalid(`${pointer}/mediaType`, "a media type was expected");
  }
  const digest = value.digest;
  if (!isDigest(digest)) throw invalid(`${pointer}/digest`, "a sha256 or sha512 digest was expected");
  const size = value.size;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(`${pointer}/size`, "a number of bytes was expected");
  }
  const platform = value.platform;
  return {
    mediaType,
    digest,
    size,
    annotations: readAnnotations(value.annotations, `${pointer}/annotations`),
    platform:
      platform === undefined || platform === null ? null : readPlatform(platform, `${pointer}/platform`),
    artifactType: readOptionalText(value.artifactType, `${pointer}/artifactType`),
    data: readData(value.data, `${pointer}/data`),
  };
}

/**
 * Reads an object of texts; absent and null are empty.
 *
 * @throws RegistryError `descriptor-invalid`
 */
export function readAnnotations(value: unknown, pointer: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalid(pointer, "an object was expected");
  const entries: [string, string][] = [];
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw invalid(`${pointer}/${escapePointer(key)}`, "a text was expected");
    entries.push([key, text]);
  }
  // Object.fromEntries defines properties, so that a key like __proto__ is an entry and nothing more.
  return Object.fromEntries(entries);
}

/**
 * Reads a platform out of an index's entry or an image's config, which share their names; null if it names neither an os
 * nor an architecture.
 *
 * @throws RegistryError `descriptor-invalid`
 */
export function readPlatform(value: unknown, pointer: string): Platform | null {
  if (!isObject(value)) throw invalid(pointer, "a platform was expected");
  const text = (key: string): string | undefined => {
    const found = value[key];
    if (found === undefined || found === null) return undefined;
    if (typeof found !== "string" || found.length > 255)
      throw invalid(`${pointer}/${key}`, "a text was expected");
    return found;
  };
  const os = text("os") ?? "";
  const architecture = text("architecture") ?? "";
  const variant = text("variant");
  const version = text("os.version");
  const features = readTexts(value["os.features"], `${pointer}/os.features`);
  if (os === "" && architecture === "") return null;
  return {
    os,
    architecture,
    ...(variant === undefined || variant === "" ? {} : { variant }),
    ...(version === undefined || version === "" ? {} : { "os.version": version }),
    ...(features.length === 0 ? {} : { "os.features": features }),
  };
}

/**
 * The content that a descriptor carries in its `data`, verified against its digest and size; null if it carries none.
 *
 * @throws RegistryError `size-mismatch` or `digest-mismatch`
 */
export async function embeddedContent(descriptor: Descriptor, where: string): Promise<Uint8Array | null> {
  if (descriptor.data === null) return null;
  await verifyContent(descriptor.data, descriptor, `${where} (data in its descriptor)`);
  return descriptor.data;
}

/** A text or null. @throws RegistryError `descriptor-invalid` */
export function readOptionalText(value: unknown, pointer: string): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "string" || value.length > 255) throw invalid(pointer, "a text was expected");
  return value;
}

function readTexts(value: unknown, pointer: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (
    !Array.isArray(value) ||
    value.length > 256 ||
    !value.every((item) => typeof item === "string" && item.length <= 255)
  ) {
    throw invalid(pointer, "a list of texts was expected");
  }
  return value as string[];
}

function readData(value: unknown, pointer: string): Uint8Array | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw invalid(pointer, "base64 was expected");
  try {
    return Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
  } catch {
    throw invalid(pointer, "base64 was expected");
  }
}

/** One key as a step of a JSON Pointer (RFC 6901, section 3). */
export function escapePointer(key: string): string {
  return printable(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function invalid(pointer: string, what: string): RegistryError {
  return new RegistryError("descriptor-invalid", `at ${pointer}: ${what}`, {
    help: "The manifest was written by a broken tool. Build or copy the image again.",
    details: { pointer },
  });
}
