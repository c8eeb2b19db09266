import { describe, expect, test } from "vitest";
import { type CandidateList, candidatesOf } from "../../src/registry/candidates.ts";
import { type Descriptor, plainDescriptor, readDescriptor } from "../../src/registry/descriptor.ts";
import type { Digest } from "../../src/registry/digest.ts";
import { REQUIREMENTS_ARTIFACT } from "../../src/registry/document-types.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import { RegistryError } from "../../src/registry/errors.ts";
import {
  MAX_ARTIFACTS_READ,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENT_BYTES_PER_IMAGE,
  MAX_REFERRERS,
  MAX_SUBJECTS_ASKED,
} from "../../src/registry/limits.ts";
import { readManifest } from "../../src/registry/manifest.ts";
import { RegistryReferrers } from "../../src/registry/referrers.ts";
import type { BlobRequest, Referrers, Resolved, Source } from "../../src/registry/source.ts";
import { Content, type JsonDescriptor, sha256 } from "./content.ts";
import { rejection } from "./rejection.ts";

/** Content as a source that keeps nothing, and counts. */
class CountingSource implements Source {
  readonly kind = "registry";
  readonly name = "memory";
  readonly content: Content;
  readonly blobs: Digest[] = [];
  readonly asked: Digest[] = [];

  constructor(content: Content) {
    this.content = content;
  }

  async resolve({ digest }: { readonly digest: Digest | null }): Promise<Resolved> {
    const bytes = (digest === null ? undefined : this.content.blobs.get(digest)) ?? new Uint8Array(0);
    const manifest = readManifest(bytes, null, "memory");
    const descriptor = plainDescriptor(manifest.mediaType, digest ?? sha256(bytes), bytes.length);
    return { descriptor, bytes, manifest };
  }

  manifest(descriptor: Descriptor): Promise<Resolved> {
    return this.resolve(descriptor);
  }

  head(): Promise<never> {
    return Promise.reject(new RegistryError("manifest-unknown", "not asked here"));
  }

  async blob({ digest }: BlobRequest): Promise<Uint8Array> {
    this.blobs.push(digest);
    return this.content.blobs.get(digest) ?? new Uint8Array(0);
  }

  async referrers(digest: Digest): Promise<Referrers> {
    this.asked.push(digest);
    const listed = this.content.subjects.get(digest) ?? [];
    return { descriptors: listed.map((entry) => readDescriptor(entry, "")), from: "api" };
  }

  async candidates(root: JsonDescriptor): Promise<CandidateList> {
    return candidatesOf(this, await this.resolve(root));
  }
}

const AMD64 = { os: "linux", architecture: "amd64" };

describe("the documents of one image", () => {
  test("ask for the referrers of a manifest once, however often the index lists it", async () => {
    const content = new Content();
    const image = { ...content.image(AMD64), platform: AMD64 };
    content.artifact(image);
    const source = new CountingSource(content);
    const root = content.index([image, { ...image, platform: { ...AMD64, variant: "v2" } }]);
    const { candidates } = await documentsFor(source, await source.candidates(root));
    expect(candidates.map(({ outcome }) => outcome.status)).toEqual(["winners", "winners"]);
    expect(source.asked.sort()).toEqual([image.digest, root.digest].sort());
    expect(source.blobs).toHaveLength(1);
  });

  test("fetch a document once, however many manifests share it", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, { ...AMD64, variant: "v2" }]);
    for (const image of images) content.artifact(image, { document: "{}" });
    const source = new CountingSource(content);
    await documentsFor(source, await source.candidates(index));
    expect(source.blobs).toEqual([sha256("{}")]);
  });

  test(`are asked for in ${MAX_SUBJECTS_ASKED} places at most; the rest is a failure, not an absence`, async () => {
    const content = new Content();
    const platforms = Array.from({ length: MAX_SUBJECTS_ASKED }, (_, n) => ({ ...AMD64, variant: `v${n}` }));
    const { index } = content.platforms(platforms);
    const source = new CountingSource(content);
    const { candidates } = await documentsFor(source, await source.candidates(index));
    const statuses = candidates.map(({ outcome }) =>
      outcome.status === "failed" ? outcome.error.code : outcome.status,
    );
    expect(statuses.filter((status) => status === "too-many")).toHaveLength(1);
    expect(statuses.filter((status) => status === "none")).toHaveLength(MAX_SUBJECTS_ASKED - 1);
  });

  test("are 64 MiB at most together; the rest is a failure", async () => {
    const content = new Content();
    const count = MAX_DOCUMENT_BYTES_PER_IMAGE / MAX_DOCUMENT_BYTES + 1;
    const platforms = Array.from({ length: count }, (_, n) => ({ ...AMD64, variant: `v${n}` }));
    const { index, images } = content.platforms(platforms);
    for (const [n, image] of images.entries()) {
      content.artifact(image, { document: `${n}`.padEnd(MAX_DOCUMENT_BYTES) });
    }
    const source = new CountingSource(content);
    const { candidates } = await documentsFor(source, await source.candidates(index));
    expect(candidates.filter(({ outcome }) => outcome.status === "winners")).toHaveLength(count - 1);
    expect(candidates.filter(({ outcome }) => outcome.status === "failed")).toHaveLength(1);
  });

  test(`read ${MAX_ARTIFACTS_READ} artifacts of one subject at most`, async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const attach = (n: number): void => {
      content.artifact(index, { document: String(n) });
      for (const entry of content.subjects.get(index.digest) ?? []) delete entry.annotations;
    };
    for (let n = 0; n < MAX_ARTIFACTS_READ; n++) attach(n);
    const source = new CountingSource(content);
    const list = await source.candidates(index);
    expect((await documentsFor(source, list)).indexes[0]?.outcome.status).toBe("winners");
    attach(MAX_ARTIFACTS_READ);
    expect((await documentsFor(source, list)).indexes[0]?.outcome).toMatchObject({
      status: "failed",
      error: { code: "too-many" },
    });
  });
});

test(`a registry's referrers are ${MAX_REFERRERS} at most, API and tag together`, async () => {
  const subject = sha256("subject");
  const entries = (from: number, count: number): unknown[] =>
    Array.from({ length: count }, (_, n) => ({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: sha256(String(from + n)),
      size: 1,
      artifactType: REQUIREMENTS_ARTIFACT,
    }));
  const listing = (api: unknown[], tagged: unknown[]): RegistryReferrers => {
    const body = (manifests: unknown[]): Uint8Array =>
      new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, manifests }));
    return new RegistryReferrers(
      {
        name: "memory",
        api: async () => ({
          status: 200,
          headers: new Headers(),
          body: body(api),
          requested: new URL("http://memory"),
          authorization: null,
          fromElsewhere: false,
        }),
        manifestIfPresent: async () => {
          const bytes = body(tagged);
          return {
            bytes,
            manifest: readManifest(bytes, null, "memory"),
            descriptor: plainDescriptor("", subject, 0),
          };
        },
      },
      "api-and-tag",
    );
  };
  const within = listing(entries(0, MAX_REFERRERS), entries(1, MAX_REFERRERS - 1));
  expect((await within.list(subject, [], {})).descriptors).toHaveLength(MAX_REFERRERS);
  const over = listing(entries(0, MAX_REFERRERS), entries(1, MAX_REFERRERS));
  expect((await rejection(over.list(subject, [], {}))).code).toBe("too-many");
  const apiAlone = listing(entries(0, MAX_REFERRERS + 1), []);
  expect((await rejection(apiAlone.list(subject, [], {}))).code).toBe("too-many");
});
