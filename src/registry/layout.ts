/**
 * Reads an OCI image layout folder (image-spec v1.1, "OCI Image Layout Specification"). Node only.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { mapBounded } from "./concurrency.ts";
import { type Descriptor, embeddedContent, plainDescriptor, readDescriptor } from "./descriptor.ts";
import { algorithmOf, type Digest, hexOf, verifyContent } from "./digest.ts";
import { printable, RegistryError, type RegistryErrorCode } from "./errors.ts";
import { parseJsonObject } from "./json.ts";
import { findReferrers, type LayoutReferrers, referrersOf } from "./layout-referrers.ts";
import { CONCURRENCY, MAX_BLOB_BYTES, MAX_MANIFEST_BYTES } from "./limits.ts";
import { readManifest } from "./manifest.ts";
import { CONTAINERD_IMAGE_NAME, isIndexType, isManifestType, REF_NAME } from "./media-types.ts";
import type { LayoutReference } from "./reference.ts";
import { isReferrersTag, matchesArtifactTypes } from "./referrers-tag.ts";
import { untilAborted } from "./single-flight.ts";
import {
  admitBlob,
  admitManifest,
  type BlobRequest,
  type CallOptions,
  type Referrers,
  type Resolved,
  type Source,
  type Target,
  tooLarge,
} from "./source.ts";
import { TarArchive } from "./tar-archive.ts";

/** Bytes of the `oci-layout` file, which holds one version. */
const MAX_MARKER_BYTES = 4096;
/** Tags that an error lists. */
const LISTED_TAGS = 20;

/**
 * An OCI image layout folder as a source. The index is read once: a layout that changes while it is read is asked anew
 * through a new source.
 *
 * Digests come in the checked form only, so no name out of a manifest can lead out of `blobs/`. Symbolic links are
 * followed (Bazel's layouts are made of them): what they lead to is given only if it has the digest that was asked for.
 */
export class LayoutSource implements Source {
  readonly kind = "layout";
  readonly name: string;
  readonly #directory: string;
  readonly #archive: TarArchive | null;
  #entries: Promise<readonly Descriptor[]> | undefined;
  #referrers: Promise<LayoutReferrers> | undefined;

  constructor(reference: LayoutReference | string) {
    this.#directory = typeof reference === "string" ? reference : reference.directory;
    const isArchive = typeof reference !== "string" && reference.archive === true;
    this.name = `${isArchive ? "oci-archive" : "oci"}:${this.#directory}`;
    this.#archive = isArchive ? new TarArchive(this.#directory, this.name) : null;
  }

  /** The entries of `index.json`. @throws RegistryError `layout-invalid`, `layout-unreadable` */
  entries(options: CallOptions = {}): Promise<readonly Descriptor[]> {
    options.signal?.throwIfAborted();
    this.#entries ??= this.#readIndex();
    return this.#entries;
  }

  /** The folder. */
  get directory(): string {
    return this.#directory;
  }

  /** Lets the next call read the index anew: it was written. */
  forget(): void {
    this.#entries = undefined;
    this.#referrers = undefined;
  }

  async resolve(target: Target, options: CallOptions = {}): Promise<Resolved> {
    return this.#read(await this.#find(target, options), options);
  }

  async head(
    target: Target,
    options: CallOptions = {},
  ): Promise<{ readonly digest: Digest; readonly size: number | null }> {
    const found = await this.#find(target, options);
    return { digest: found.digest, size: found.size };
  }

  async manifest(descriptor: Descriptor, options: CallOptions = {}): Promise<Resolved> {
    admitManifest(descriptor, this.name);
    return this.#read(descriptor, options);
  }

  async blob(request: BlobRequest, limit: number, options: CallOptions = {}): Promise<Uint8Array> {
    admitBlob(request, limit, this.name);
    if (request.data !== undefined && request.data !== null) {
      await verifyContent(request.data, request, `${this.name} (data in its descriptor)`);
      return request.data;
    }
    return this.#content(request, Math.min(limit, MAX_BLOB_BYTES), "blob-unknown", options);
  }

  async referrers(
    digest: Digest,
    artifactTypes: readonly string[],
    options: CallOptions = {},
  ): Promise<Referrers> {
    const entries = await this.entries(options);
    // The walk is shared by all callers: one who gives up must not end it for the others.
    this.#referrers ??= findReferrers(entries, (descriptor) => this.#readIfPresent(descriptor, {}));
    let found: LayoutReferrers;
    try {
      found = await untilAborted(this.#referrers, options.signal);
    } catch (error) {
      this.#referrers = undefined;
      throw error;
    }
    const descriptors = referrersOf(found, digest).filter((descriptor) =>
      matchesArtifactTypes(descriptor, artifactTypes),
    );
    return { descriptors, from: "layout" };
  }

  async #read(descriptor: Descriptor, options: CallOptions): Promise<Resolved> {
    const bytes =
      (await embeddedContent(descriptor, this.name)) ??
      (await this.#content(descriptor, MAX_MANIFEST_BYTES, "manifest-unknown", options));
    const hint = descriptor.mediaType === "" ? null : descriptor.mediaType;
    const manifest = readManifest(bytes, hint, `${this.name}@${descriptor.digest}`, "content");
    return {
      descriptor: { ...descriptor, mediaType: manifest.mediaType, size: bytes.length },
      bytes,
      manifest,
    };
  }

  async #readIfPresent(descriptor: Descriptor, options: CallOptions): Promise<Resolved | null> {
    try {
      return await this.manifest(descriptor, options);
    } catch (error) {
      // A layout need not hold everything that its indexes list (a copy of one platform).
      if (error instanceof RegistryError && error.code === "manifest-unknown") return null;
      throw error;
    }
  }

  async #readIndex(): Promise<readonly Descriptor[]> {
    try {
      const marker = await this.#file("oci-layout", MAX_MARKER_BYTES);
      if (marker === null) {
        throw layoutInvalid(this.name, "there is no oci-layout file in this folder", {
          help: "Check the path. skopeo copy docker://IMAGE oci:DIR:TAG makes a layout.",
        });
      }
      const version = parseJsonObject(marker, `${this.name}/oci-layout`, "file").imageLayoutVersion;
      if (typeof version !== "string" || !/^1\.\d+\.\d+$/.test(version)) {
        throw layoutInvalid(this.name, `its version is ${printable(JSON.stringify(version) ?? "missing")}`, {
          help: "Layouts of version 1 can be read.",
        });
      }
      const bytes = await this.#file("index.json", MAX_MANIFEST_BYTES);
      if (bytes === null) throw layoutInvalid(this.name, "there is no index.json file in this folder");
      const manifests = parseJsonObject(bytes, `${this.name}/index.json`, "file").manifests ?? [];
      if (!Array.isArray(manifests))
        throw layoutInvalid(this.name, "`manifests` in index.json is not a list");
      return manifests.map((entry, position) => readDescriptor(entry, `/manifests/${position}`));
    } catch (error) {
      this.#entries = undefined;
      if (error instanceof RegistryError && error.code === "descriptor-invalid") {
        throw layoutInvalid(this.name, `index.json is wrong ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  async #find(target: Target, options: CallOptions): Promise<Descriptor> {
    const entries = await this.entries(options);
    if (target.digest !== null) {
      const { digest } = target;
      const listed = entries.find((entry) => entry.digest === digest);
      if (listed !== undefined) return listed;
      const bytes = await this.#content(
        { digest, size: undefined },
        MAX_MANIFEST_BYTES,
        "manifest-unknown",
        options,
      );
      return { ...plainDescriptor("", digest, bytes.length), data: bytes };
    }
    if (target.tag !== null) return this.#tagged(entries, target.tag);
    return this.#only(entries, options);
  }

  #tagged(entries: readonly Descriptor[], tag: string): Descriptor {
    let found = entries.filter((entry) => entry.annotations[REF_NAME] === tag);
    if (found.length === 0)
      found = entries.filter((entry) => entry.annotations[CONTAINERD_IMAGE_NAME] === tag);
    const first = found[0];
    if (first === undefined) {
      throw new RegistryError("manifest-unknown", `${this.name}: no tag ${printable(tag)}`, {
        help: this.#tagHelp(entries),
      });
    }
    if (found.some((entry) => entry.digest !== first.digest)) {
      throw new RegistryError(
        "tag-ambiguous",
        `${this.name}: ${found.length} entries have the tag ${printable(tag)}`,
        {
          help: `Name one of them: ${found.map((entry) => `${this.name}@${entry.digest}`).join(", ")}.`,
        },
      );
    }
    return first;
  }

  async #only(entries: readonly Descriptor[], options: CallOptions): Promise<Descriptor> {
    const named = entries.filter((entry) => !isReferrersTag(entry.annotations[REF_NAME] ?? ""));
    const distinct = [...new Map(named.map((entry) => [entry.digest, entry])).values()];
    const typed = distinct.filter((entry) => isIndexType(entry.mediaType) || isManifestType(entry.mediaType));
    if (typed.length === 1) return typed[0] as Descriptor;
    // Artifacts (documents, signatures, SBOMs) stand beside the image that they are about.
    const missing: Descriptor[] = [];
    const kept = await mapBounded(typed, CONCURRENCY, async (entry) => {
      const read = await this.#readIfPresent(entry, options);
      if (read === null) missing.push(entry);
      return read !== null && read.manifest.subject === null && read.manifest.artifactType === null;
    });
    const images = typed.filter((_, position) => kept[position]);
    if (images.length === 1) return images[0] as Descriptor;
    const [lost] = missing.sort((a, b) => entries.indexOf(a) - entries.indexOf(b));
    if (images.length === 0 && lost !== undefined) {
      throw new RegistryError(
        "manifest-unknown",
        `${this.name}: index.json lists ${lost.digest} (/manifests/${entries.indexOf(lost)}), and ${this.#pathOf(lost.digest)} is missing`,
        {
          help: "The layout is not complete. Copy the image into it again.",
          details: { digest: lost.digest, missing: missing.map(({ digest }) => digest) },
        },
      );
    }
    if (images.length === 0) {
      throw new RegistryError("manifest-unknown", `${this.name}: the layout holds no image`, {
        help: "Copy an image into it, or name one by oci:DIR@DIGEST.",
      });
    }
    throw new RegistryError("tag-ambiguous", `${this.name}: the layout holds ${images.length} images`, {
      help: this.#tagHelp(images),
      details: { tags: tagsOf(images) },
    });
  }

  #tagHelp(entries: readonly Descriptor[]): string {
    const tags = tagsOf(entries);
    if (tags.length === 0) {
      const digests = entries.slice(0, LISTED_TAGS).map((entry) => entry.digest);
      return `No entry has a tag. Write ${this.name}@DIGEST with one of ${digests.join(", ")}.`;
    }
    const listed = tags.slice(0, LISTED_TAGS).map((tag) => printable(tag, 128));
    const more = tags.length > LISTED_TAGS ? ` and ${tags.length - LISTED_TAGS} more` : "";
    return `Write ${this.name}:TAG with one of ${listed.join(", ")}${more}.`;
  }

  async #content(
    wanted: { readonly digest: Digest; readonly size?: number | undefined },
    limit: number,
    missing: RegistryErrorCode,
    options: CallOptions,
  ): Promise<Uint8Array> {
    options.signal?.throwIfAborted();
    const { digest, size } = wanted;
    const path = this.#pathOf(digest);
    // One byte more than is expected tells a longer file from a right one.
    const bytes = await this.#file(path, size === undefined ? limit : Math.min(limit, size + 1), size);
    if (bytes === null) {
      throw new RegistryError(missing, `${this.name}: ${digest} is not in this layout: ${path} is missing`, {
        help: "The layout is not complete. Copy the image into it again.",
        details: { digest },
      });
    }
    await verifyContent(bytes, { digest, size }, this.name);
    return bytes;
  }

  #pathOf(digest: Digest): string {
    return join("blobs", algorithmOf(digest), hexOf(digest));
  }

  async #archived(
    archive: TarArchive,
    path: string,
    limit: number,
    expected: number | undefined,
  ): Promise<Uint8Array | null> {
    // Names in archives have slashes on every system.
    const name = path.replaceAll("\\", "/");
    const size = await archive.size(name);
    if (size === null) return null;
    this.#admitSize(path, size, limit, expected);
    return archive.read(name, limit);
  }

  #admitSize(path: string, size: number, limit: number, expected: number | undefined): void {
    if (expected !== undefined && size !== expected) {
      throw new RegistryError(
        "size-mismatch",
        `${this.name}: ${path} has ${size} bytes where its descriptor says ${expected}`,
        {
          help: "The layout is damaged. Copy the image again.",
          details: { expected, found: size },
        },
      );
    }
    if (size > limit) throw tooLarge(path, limit, this.name);
  }

  /** A regular file's bytes; null if there is none. Never waits on a pipe or reads a device. */
  async #file(path: string, limit: number, expected?: number): Promise<Uint8Array | null> {
    const file = join(this.#directory, path);
    try {
      if (this.#archive !== null) return await this.#archived(this.#archive, path, limit, expected);
      const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const status = await handle.stat();
        if (!status.isFile()) throw layoutInvalid(this.name, `${path} is not a regular file`);
        this.#admitSize(path, status.size, limit, expected);
        const buffer = new Uint8Array(status.size + 1);
        let length = 0;
        while (length < buffer.length) {
          const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
          if (bytesRead === 0) break;
          length += bytesRead;
        }
        return buffer.subarray(0, length);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof RegistryError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? "unknown";
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      throw new RegistryError("layout-unreadable", `${this.name}: ${path} can't be read (${code})`, {
        help: "Check the folder's permissions and its disk.",
        cause: error,
      });
    }
  }
}

function tagsOf(entries: readonly Descriptor[]): readonly string[] {
  const tags = entries.map((entry) => entry.annotations[REF_NAME]).filter((tag) => tag !== undefined);
  return [...new Set(tags)].filter((tag) => !isReferrersTag(tag)).sort();
}

function layoutInvalid(
  name: string,
  what: string,
  options: { help?: string; cause?: unknown } = {},
): RegistryError {
  return new RegistryError("layout-invalid", `${name}: ${what}`, {
    help: options.help ?? "Copy the image into a new layout.",
    ...(options.cause === undefined ? {} : { cause: options.cause }),
  });
}
