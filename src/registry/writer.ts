import type { Digest } from "./digest.ts";
import type { CallOptions, Source } from "./source.ts";

/** A blob to be written. INVARIANT: the digest is that of the bytes. */
export interface BlobContent {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

/** A manifest or index to be written. INVARIANT: the digest is that of the bytes. */
export interface ManifestContent extends BlobContent {
  readonly mediaType: string;
  /** What it says that it refers to; its blobs must be there before it. */
  readonly subject: Digest | null;
  readonly artifactType: string | null;
  /** Its own: a list of referrers repeats them (distribution-spec, "Listing Referrers"). */
  readonly annotations: Readonly<Record<string, string>>;
}

/** How a blob came to be there. */
export type BlobOutcome = "present" | "mounted" | "written";

/** Where a referrer can be found once it is written: null for what refers to nothing. */
export type ListedBy = "api" | "tag" | "layout" | null;

/**
 * Writes into one repository or layout.
 *
 * INVARIANT: what is written is written in the order blobs, manifest, list of referrers, so that whoever reads meanwhile,
 * or after a writer that was interrupted, finds either the whole document or none; and every step can be repeated.
 */
export interface Writer {
  /** The place itself, for reading. It sees what was written. */
  readonly source: Source;

  /**
   * Makes sure that a blob is there.
   *
   * @param from another repository of the same registry that may have it, from where it needn't be sent again
   */
  putBlob(blob: BlobContent, from?: string | null, options?: CallOptions): Promise<BlobOutcome>;

  /**
   * Writes a manifest under its digest and, if there is one, a tag; and makes sure that it is listed as a referrer.
   *
   * @throws RegistryError `write-refused`; `write-lost` if others keep overwriting the list
   */
  putManifest(manifest: ManifestContent, tag: string | null, options?: CallOptions): Promise<ListedBy>;

  /**
   * Removes an artifact, so that it is no longer among its subject's referrers.
   *
   * @returns `unlisted` if the registry keeps the manifest itself (most do) but no longer lists it
   * @throws RegistryError `write-refused` if the registry keeps listing it
   */
  removeReferrer(artifact: Digest, subject: Digest, options?: CallOptions): Promise<"removed" | "unlisted">;
}
