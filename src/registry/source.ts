import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { MAX_BLOB_BYTES, MAX_MANIFEST_BYTES } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { isLayerType } from "./media-types.ts";

/** What is asked of a source: a manifest by tag, by digest, or (in a layout) the only one. A {@link Reference} is one. */
export interface Target {
  readonly tag: string | null;
  /** Decides alone where it is given; the tag beside it is then only a name. */
  readonly digest: Digest | null;
}

/** How a call may be ended from outside. */
export interface CallOptions {
  /** Ends the call with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How something is resolved. */
export interface ResolveOptions extends CallOptions {
  /**
   * Artifact types whose referrers will be asked for next, of what is resolved and of what it lists: a source may ask at
   * once, beside the manifest.
   */
  readonly expecting?: readonly string[] | undefined;
}

/** A manifest: verified bytes, and what they say. */
export interface Resolved {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
}

/** What names a blob. Where the size is not known (a pinned digest has none), the limit alone bounds it. */
export interface BlobRequest {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size?: number | undefined;
  readonly data?: Uint8Array | null | undefined;
}

/** The manifests whose `subject` is a digest. */
export interface Referrers {
  /**
   * Sorted by digest, no digest twice. An entry whose `artifactType` is null may be of any type: its source didn't say.
   * `annotations` are the artifact's own where the source says them.
   */
  readonly descriptors: readonly Descriptor[];
  /** Where they were found. */
  readonly from: "api" | "tag" | "api-and-tag" | "layout" | "daemon";
}

/** Remembers, for the next time, what a place showed. */
export interface Memory {
  /** Of the place. */
  readonly name: string;
  recall(name: string): Promise<unknown>;
  note(name: string, seen: unknown): Promise<void>;
}

/**
 * A place with images: one repository of a registry, or one OCI image layout.
 *
 * INVARIANT: every byte that a source gives was checked against its digest, and its size where that is known. No layer
 * is ever read. A source that can't be asked throws; it never answers with less than there is.
 */
export interface Source {
  readonly kind: "registry" | "layout" | "daemon";
  /** How messages and canonical references call it: `docker.io/library/alpine`, `oci:DIR`. */
  readonly name: string;
  /** What outlasts the source; a folder has none, since whoever writes there can write here. */
  readonly memory?: Memory | undefined;

  /** The manifest or index that a tag or digest names, in one request. At most {@link MAX_MANIFEST_BYTES}. */
  resolve(target: Target, options?: ResolveOptions): Promise<Resolved>;

  /** Ends what was asked for in advance about what was resolved, and wasn't needed. */
  settle?(root: Digest): void;

  /** Which digest a target has now, without its bytes where the source can say. */
  head(
    target: Target,
    options?: CallOptions,
  ): Promise<{ readonly digest: Digest; readonly size: number | null }>;

  /** The manifest or index that a descriptor names. At most {@link MAX_MANIFEST_BYTES}. */
  manifest(descriptor: Descriptor, options?: CallOptions): Promise<Resolved>;

  /**
   * A small blob: a config, a document.
   *
   * @param limit bytes; never more than {@link MAX_BLOB_BYTES}
   * @throws RegistryError `layer-refused` for a layer's media type, `too-large`, `blob-unknown`
   */
  blob(request: BlobRequest, limit: number, options?: CallOptions): Promise<Uint8Array>;

  /**
   * What refers to a manifest.
   *
   * @param artifactTypes those wanted; what is of another type may be left out
   */
  referrers(digest: Digest, artifactTypes: readonly string[], options?: CallOptions): Promise<Referrers>;
}

/** Refuses what must not be fetched at all, before anything is asked. @throws RegistryError */
export function admitBlob(request: BlobRequest, limit: number, where: string): void {
  if (isLayerType(request.mediaType)) {
    throw new RegistryError(
      "layer-refused",
      `${where}: ${request.digest} is a layer, and layers are never pulled`,
      {
        details: { digest: request.digest, mediaType: request.mediaType },
      },
    );
  }
  admitSize(request, Math.min(limit, MAX_BLOB_BYTES), where);
}

/** Refuses a manifest that is announced as too large. @throws RegistryError `too-large` */
export function admitManifest(descriptor: Descriptor, where: string): void {
  admitSize(descriptor, MAX_MANIFEST_BYTES, where);
}

/** The error for content that passes its limit. */
export function tooLarge(what: string, limit: number, where: string): RegistryError {
  return new RegistryError("too-large", `${where}: ${what} is larger than ${limit} bytes`, {
    help: "Nothing of this kind needs to be so large. Check that the reference names an image.",
    details: { limit },
  });
}

function admitSize(
  request: { readonly digest: Digest; readonly size?: number | undefined },
  limit: number,
  where: string,
): void {
  if (request.size !== undefined && request.size > limit) throw tooLarge(request.digest, limit, where);
}
