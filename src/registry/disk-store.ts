/** A {@link ContentStore} in a folder, by default `$XDG_CACHE_HOME/hostfit`. Node only. */
import { createHash } from "node:crypto";
import { open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CachedContent } from "./content-cache.ts";
import type { ContentStore } from "./content-store.ts";
import { algorithmOf, type Digest, digestOf, hexOf } from "./digest.ts";
import { makeFolder } from "./folder.ts";
import { MAX_BLOB_BYTES } from "./limits.ts";

/** Bytes that a store holds by default. */
export const DISK_CACHE_BYTES = 256 * 1024 * 1024;
/** Bytes that a process writes before it looks again whether the store is too large. */
const BYTES_BETWEEN_SWEEPS = 8 * 1024 * 1024;
const MAX_NOTE_BYTES = 4 * 1024 * 1024;
const MAX_MEDIA_TYPE_LENGTH = 255;

/**
 * The folder of the environment, or null where it names none or `HOSTFIT_CACHE` is `off` (XDG Base Directory
 * Specification 0.8).
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string | null {
  const { HOSTFIT_CACHE, XDG_CACHE_HOME, HOME } = environment;
  if (HOSTFIT_CACHE === "off") return null;
  if (HOSTFIT_CACHE) return HOSTFIT_CACHE;
  // Relative paths are to be ignored.
  if (XDG_CACHE_HOME?.startsWith("/") === true) return join(XDG_CACHE_HOME, "hostfit");
  return HOME ? join(HOME, ".cache", "hostfit") : null;
}

/**
 * Files by digest, each verified whenever it is read; what was used longest ago goes first once there is too much.
 * Several processes may share a folder: files appear whole, and a missing one is fetched again.
 */
export class DiskStore implements ContentStore {
  readonly #folder: string;
  readonly #limit: number;
  #unswept = BYTES_BETWEEN_SWEEPS;

  constructor(folder: string, limit: number = DISK_CACHE_BYTES) {
    this.#folder = folder;
    this.#limit = limit;
  }

  async get(digest: Digest): Promise<CachedContent | undefined> {
    const file = this.#content(digest);
    const stored = await readBounded(file, MAX_BLOB_BYTES + MAX_MEDIA_TYPE_LENGTH + 1);
    if (stored === null) return undefined;
    const end = stored.indexOf(0x0a);
    const bytes = stored.subarray(end + 1);
    if (end < 0 || (await digestOf(bytes, algorithmOf(digest))) !== digest) {
      await rm(file, { force: true }).catch(() => undefined);
      return undefined;
    }
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    const mediaType = new TextDecoder().decode(stored.subarray(0, end));
    return { bytes, mediaType: mediaType === "" ? null : mediaType };
  }

  async set(digest: Digest, { bytes, mediaType }: CachedContent): Promise<void> {
    if (bytes.length > Math.min(MAX_BLOB_BYTES, this.#limit / 4)) return;
    const said = mediaType ?? "";
    const head = said.length > MAX_MEDIA_TYPE_LENGTH || /[\r\n]/.test(said) ? "" : said;
    await this.#write(this.#content(digest), Buffer.concat([Buffer.from(`${head}\n`), bytes]));
  }

  async recall(name: string): Promise<unknown> {
    const stored = await readBounded(this.#note(name), MAX_NOTE_BYTES);
    if (stored === null) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(stored)) as unknown;
    } catch {
      return undefined;
    }
  }

  async note(name: string, seen: unknown): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(seen));
    if (bytes.length <= MAX_NOTE_BYTES) await this.#write(this.#note(name), bytes);
  }

  #content(digest: Digest): string {
    const hex = hexOf(digest);
    return join(this.#folder, "content", algorithmOf(digest), hex.slice(0, 2), hex);
  }

  #note(name: string): string {
    const hex = createHash("sha256").update(name).digest("hex");
    return join(this.#folder, "seen", hex.slice(0, 2), `${hex}.json`);
  }

  async #write(file: string, bytes: Uint8Array): Promise<void> {
    const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
    try {
      // What is private in a registry must not be everybody's on this machine.
      await makeFolder(dirname(file), 0o700);
      const handle = await open(temporary, "wx", 0o600);
      try {
        await handle.writeFile(bytes);
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
      this.#unswept += bytes.length;
      if (this.#unswept >= BYTES_BETWEEN_SWEEPS) {
        this.#unswept = 0;
        await this.#sweep();
      }
    } catch {
      // A cache that can't be written is no cache; whoever asked has the content already.
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Removes the oldest files until the rest fits. */
  async #sweep(): Promise<void> {
    const names = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const files: { path: string; size: number; used: number }[] = [];
    for (const entry of names) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const status = await stat(path).catch(() => null);
      if (status !== null) files.push({ path, size: status.size, used: status.mtimeMs });
    }
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.#limit) break;
      await rm(path, { force: true });
      total -= size;
    }
  }
}

async function readBounded(file: string, limit: number): Promise<Uint8Array | null> {
  try {
    const status = await stat(file);
    if (!status.isFile() || status.size > limit) return null;
    return await readFile(file);
  } catch {
    return null;
  }
}
