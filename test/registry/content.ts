import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Digest } from "../../src/registry/digest.ts";
import {
  NFD_ARTIFACT,
  NFD_DOCUMENT,
  REQUIREMENTS_ARTIFACT,
  REQUIREMENTS_DOCUMENT,
} from "../../src/registry/document-types.ts";
import { OCI_CONFIG, OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from "../../src/registry/media-types.ts";

/** What every descriptor has. */
export interface PlainDescriptor {
  mediaType: string;
  digest: Digest;
  size: number;
}

/** A descriptor as it is written in JSON. */
export interface JsonDescriptor extends PlainDescriptor {
  annotations?: Record<string, string>;
  platform?: Record<string, unknown>;
  artifactType?: string;
  data?: string;
}

/** What an artifact with a document may be given. */
export interface ArtifactOptions {
  revision?: number | string;
  created?: string;
  annotations?: Record<string, string>;
  document?: string;
  dialect?: "native" | "nfd";
  layers?: JsonDescriptor[];
  /** Whether the document travels in its layer's descriptor. */
  data?: boolean;
}

/** Images made in memory, for layouts and registries: everything by digest, some of it tagged. */
export class Content {
  readonly blobs = new Map<Digest, Uint8Array>();
  /** Manifests and indexes among the blobs, with their media types. */
  readonly manifests = new Map<Digest, string>();
  readonly tags = new Map<string, JsonDescriptor>();
  /** Manifests by what they are about. */
  readonly subjects = new Map<Digest, JsonDescriptor[]>();

  blob(content: string | Uint8Array, mediaType: string): PlainDescriptor {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const digest = sha256(bytes);
    this.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  /** @param bytes the manifest as it was written by somebody else */
  manifest(
    body: Record<string, unknown>,
    mediaType: string = OCI_MANIFEST,
    bytes?: Uint8Array,
  ): JsonDescriptor {
    const descriptor = this.blob(
      bytes ?? JSON.stringify({ schemaVersion: 2, mediaType, ...body }),
      mediaType,
    );
    this.manifests.set(descriptor.digest, mediaType);
    const subject = body.subject as JsonDescriptor | undefined;
    if (subject !== undefined) {
      const listed: JsonDescriptor = { ...descriptor };
      const artifactType = body.artifactType ?? (body.config as JsonDescriptor | undefined)?.mediaType;
      if (typeof artifactType === "string") listed.artifactType = artifactType;
      if (body.annotations !== undefined) listed.annotations = body.annotations as Record<string, string>;
      this.subjects.set(subject.digest, [...(this.subjects.get(subject.digest) ?? []), listed]);
    }
    return descriptor;
  }

  /** An image: a config with the platform, one layer that nobody may fetch. */
  image(platform: Record<string, unknown>, extra: Record<string, unknown> = {}): JsonDescriptor {
    const config = this.blob(
      JSON.stringify({ ...platform, rootfs: { type: "layers", diff_ids: [] } }),
      OCI_CONFIG,
    );
    const layer = this.blob(
      `layer of ${JSON.stringify(platform)}`,
      "application/vnd.oci.image.layer.v1.tar+gzip",
    );
    return this.manifest({ config, layers: [layer], ...extra });
  }

  index(
    entries: unknown[],
    extra: Record<string, unknown> = {},
    mediaType: string = OCI_INDEX,
  ): JsonDescriptor {
    return this.manifest({ manifests: entries, ...extra }, mediaType);
  }

  /** An index over one image for each platform; `extra` goes into each entry. */
  platforms(
    platforms: readonly { os: string; architecture: string; variant?: string }[],
    extra: (position: number) => Partial<JsonDescriptor> = () => ({}),
    indexExtra: Record<string, unknown> = {},
  ): { index: JsonDescriptor; images: JsonDescriptor[] } {
    const images = platforms.map((platform, position) => ({
      ...this.image(platform),
      platform,
      ...extra(position),
    }));
    return { index: this.index(images, indexExtra), images };
  }

  /** An artifact with a requirements document about `subject`. */
  artifact(subject: JsonDescriptor, options: ArtifactOptions = {}): JsonDescriptor {
    const nfd = options.dialect === "nfd";
    const document: JsonDescriptor = this.blob(
      options.document ?? JSON.stringify({ of: subject.digest, revision: options.revision ?? null }),
      nfd ? NFD_DOCUMENT : REQUIREMENTS_DOCUMENT,
    );
    if (options.data === true) {
      document.data = Buffer.from(this.blobs.get(document.digest) ?? []).toString("base64");
    }
    const annotations: Record<string, string> = { ...options.annotations };
    if (options.revision !== undefined) annotations["io.hostfit.revision"] = String(options.revision);
    if (options.created !== undefined) annotations["org.opencontainers.image.created"] = options.created;
    return this.manifest({
      artifactType: nfd ? NFD_ARTIFACT : REQUIREMENTS_ARTIFACT,
      config: { ...this.blob("{}", OCI_EMPTY) },
      layers: options.layers ?? [document],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
      annotations,
    });
  }

  tag(name: string, descriptor: JsonDescriptor): void {
    this.tags.set(name, {
      mediaType: descriptor.mediaType,
      digest: descriptor.digest,
      size: descriptor.size,
    });
  }

  /** Tags the index that lists a subject's referrers, as a client does where a registry has no API for it. */
  tagReferrers(subject: JsonDescriptor, entries = this.subjects.get(subject.digest) ?? []): void {
    this.tag(subject.digest.replace(":", "-"), this.index(entries));
  }

  /** Writes a layout; `entries` stand in index.json, all tags by default. */
  writeLayout(directory: string, entries?: JsonDescriptor[]): string {
    mkdirSync(join(directory, "blobs", "sha256"), { recursive: true });
    for (const [digest, bytes] of this.blobs) {
      writeFileSync(join(directory, "blobs", "sha256", digest.slice("sha256:".length)), bytes);
    }
    const manifests =
      entries ??
      [...this.tags].map(([tag, descriptor]) => ({
        ...descriptor,
        annotations: { "org.opencontainers.image.ref.name": tag },
      }));
    writeFileSync(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    writeFileSync(
      join(directory, "index.json"),
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }),
    );
    return directory;
  }

  /** Pushes everything to a registry: blobs, then manifests (images before indexes before artifacts), then tags. */
  async push(base: string, repository: string): Promise<void> {
    for (const [digest, bytes] of this.blobs) {
      if (this.manifests.has(digest)) continue;
      const start = await fetch(`${base}/v2/${repository}/blobs/uploads/`, { method: "POST" });
      await start.arrayBuffer();
      const location = new URL(start.headers.get("location") ?? "", base);
      location.searchParams.set("digest", digest);
      await expectSuccess(
        await fetch(location, { method: "PUT", body: bytes as Uint8Array<ArrayBuffer> }),
        `blob ${digest}`,
      );
    }
    for (const [digest, mediaType] of this.manifests)
      await this.#put(base, repository, digest, digest, mediaType);
    for (const [tag, { digest, mediaType }] of this.tags)
      await this.#put(base, repository, tag, digest, mediaType);
  }

  async #put(
    base: string,
    repository: string,
    name: string,
    digest: Digest,
    mediaType: string,
  ): Promise<void> {
    const answer = await fetch(`${base}/v2/${repository}/manifests/${name}`, {
      method: "PUT",
      headers: { "Content-Type": mediaType },
      body: this.blobs.get(digest) as Uint8Array<ArrayBuffer>,
    });
    await expectSuccess(answer, `manifest ${name}`);
  }
}

async function expectSuccess(answer: Response, what: string): Promise<void> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`pushing ${what}: ${answer.status} ${text}`);
}

export function sha256(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Folders of this test file. A hook that is made within a test would be none: it is made when this module is loaded. */
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed when the test file has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hostfit-registry-"));
  folders.push(folder);
  return folder;
}
