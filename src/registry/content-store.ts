import type { CachedContent } from "./content-cache.ts";
import type { Digest } from "./digest.ts";

/** Keeps what was fetched beyond the life of a source. What fails to be kept is fetched again: a store never throws. */
export interface ContentStore {
  /** Content that was verified when it was read from the store. */
  get(digest: Digest): Promise<CachedContent | undefined>;
  /** Keeps verified content. */
  set(digest: Digest, content: CachedContent): Promise<void>;
  /** What was last seen under a name that may mean something else by now. Only asked offline. */
  recall(name: string): Promise<unknown>;
  /** Remembers what is seen under a name now. */
  note(name: string, seen: unknown): Promise<void>;
}
