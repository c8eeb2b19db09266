import type { Digest } from "./digest.ts";

/** Verified content, with the media type that it was served as. */
export interface CachedContent {
  readonly bytes: Uint8Array;
  readonly mediaType: string | null;
}

/**
 * Verified content by digest, within a number of bytes; what was used longest ago goes first. Content never changes
 * under its digest, so nothing here grows old.
 */
export class ContentCache {
  readonly #capacity: number;
  readonly #content = new Map<Digest, CachedContent>();
  #bytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(digest: Digest): CachedContent | undefined {
    const found = this.#content.get(digest);
    if (found !== undefined) {
      this.#content.delete(digest);
      this.#content.set(digest, found);
    }
    return found;
  }

  set(digest: Digest, content: CachedContent): void {
    // One large thing must not push out all the small ones.
    if (content.bytes.length > this.#capacity / 4 || this.#content.has(digest)) return;
    this.#content.set(digest, { bytes: content.bytes, mediaType: content.mediaType });
    this.#bytes += content.bytes.length;
    for (const [oldest, { bytes }] of this.#content) {
      if (this.#bytes <= this.#capacity) break;
      this.#content.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}
