/** Writes into an OCI image layout folder (image-spec v1.1, "OCI Image Layout Specification"). Node only. */
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { algorithmOf, type Digest, digestOf, hexOf } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { makeFolder } from "./folder.ts";
import { isObject, type JsonObject, parseJsonObject } from "./json.ts";
import { LayoutSource } from "./layout.ts";
import { MAX_MANIFEST_BYTES } from "./limits.ts";
import { REF_NAME } from "./media-types.ts";
import type { LayoutReference } from "./reference.ts";
import { sleep } from "./retry.ts";
import type { CallOptions } from "./source.ts";
import type { BlobContent, BlobOutcome, ListedBy, ManifestContent, Writer } from "./writer.ts";

const LOCK = ".hostfit.lock";
/** Milliseconds that a writer waits for another one to finish. */
const LOCK_LIMIT_MS = 10_000;
const LOCK_PAUSE_MS = 20;

/**
 * A layout folder, to be written. Files appear whole, under their final name, or not at all; `index.json` is changed by
 * one writer of hostfit's at a time.
 */
export class LayoutWriter implements Writer {
  readonly source: LayoutSource;

  constructor(reference: LayoutReference | string) {
    this.source = new LayoutSource(reference);
  }

  async putBlob(
    blob: BlobContent,
    _from: string | null = null,
    options: CallOptions = {},
  ): Promise<BlobOutcome> {
    options.signal?.throwIfAborted();
    // Whoever writes into a folder that is no layout should hear of it before there is anything in it.
    await this.source.entries(options);
    const folder = join(this.source.directory, "blobs", algorithmOf(blob.digest));
    const file = join(folder, hexOf(blob.digest));
    return this.#writing(async () => {
      if (await holds(file, blob.digest)) return "present";
      await makeFolder(folder);
      await replaceFile(file, blob.bytes);
      return "written";
    });
  }

  async putManifest(
    manifest: ManifestContent,
    tag: string | null,
    options: CallOptions = {},
  ): Promise<ListedBy> {
    await this.putBlob(manifest, null, options);
    const { digest, mediaType, bytes, artifactType, annotations, subject } = manifest;
    const plain = { mediaType, digest, size: bytes.length };
    const entry =
      tag === null
        ? {
            ...plain,
            ...(artifactType === null ? {} : { artifactType }),
            ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
          }
        : {
            ...plain,
            ...(artifactType === null ? {} : { artifactType }),
            annotations: { [REF_NAME]: tag },
          };
    await this.#changeIndex((entries) => [
      ...entries.filter((other) => (tag === null ? !isPlain(other, digest) : nameIn(other) !== tag)),
      entry,
    ]);
    return subject === null ? null : "layout";
  }

  async removeReferrer(artifact: Digest): Promise<"removed"> {
    await this.#changeIndex((entries) =>
      entries.filter((other) => !isObject(other) || other.digest !== artifact),
    );
    const file = join(this.source.directory, "blobs", algorithmOf(artifact), hexOf(artifact));
    await this.#writing(() => rm(file, { force: true }));
    return "removed";
  }

  async #changeIndex(change: (entries: readonly unknown[]) => readonly unknown[]): Promise<void> {
    await this.#writing(async () => {
      const unlock = await this.#lock();
      try {
        const file = join(this.source.directory, "index.json");
        const body: JsonObject = parseJsonObject(await readFile(file), `${this.source.name}/index.json`);
        const entries = Array.isArray(body.manifests) ? body.manifests : [];
        const text = JSON.stringify({ ...body, manifests: change(entries) });
        const bytes = new TextEncoder().encode(text);
        if (bytes.length > MAX_MANIFEST_BYTES) {
          throw new RegistryError(
            "too-large",
            `${this.source.name}: index.json would pass ${MAX_MANIFEST_BYTES} bytes`,
            {
              help: "Remove entries that are no longer needed, or write into another layout.",
              details: { limit: MAX_MANIFEST_BYTES },
            },
          );
        }
        await replaceFile(file, bytes);
        this.source.forget();
      } finally {
        await unlock();
      }
    });
  }

  /** Waits until no other writer is at work. One that was killed leaves its lock behind, which is then taken over. */
  async #lock(): Promise<() => Promise<void>> {
    const file = join(this.source.directory, LOCK);
    const limit = Date.now() + LOCK_LIMIT_MS;
    for (;;) {
      try {
        const handle = await open(file, "wx");
        await handle.writeFile(String(process.pid));
        await handle.close();
        return () => rm(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      if (await isAbandoned(file)) {
        await rm(file, { force: true });
        continue;
      }
      if (Date.now() > limit) {
        throw new RegistryError("layout-locked", `${this.source.name}: another writer doesn't finish`, {
          help: `If there is none, remove ${file}.`,
        });
      }
      await sleep(LOCK_PAUSE_MS * (0.5 + Math.random()), undefined);
    }
  }

  async #writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? "unknown";
      throw new RegistryError("write-refused", `${this.source.name}: it can't be written (${code})`, {
        help: "Check the folder's permissions and its disk.",
        details: { errno: code },
        cause: error,
      });
    }
  }
}

/** Whether the file holds the content of `digest`; a damaged one is written anew. */
async function holds(file: string, digest: Digest): Promise<boolean> {
  try {
    return (await digestOf(await readFile(file), algorithmOf(digest))) === digest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Puts a file in place whole: a reader sees the old one or the new one. */
async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  try {
    const text = await readFile(lock, "utf8");
    const pid = Number(text);
    if (Number.isSafeInteger(pid) && pid > 0) return !isRunning(pid);
    // Its writer has not come to write its number yet, unless it was killed just there.
    return Date.now() - (await stat(lock)).mtimeMs > LOCK_LIMIT_MS / 2;
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function nameIn(entry: unknown): unknown {
  return isObject(entry) && isObject(entry.annotations) ? entry.annotations[REF_NAME] : undefined;
}

/** An entry without a tag for this digest. */
function isPlain(entry: unknown, digest: Digest): boolean {
  return isObject(entry) && entry.digest === digest && nameIn(entry) === undefined;
}
