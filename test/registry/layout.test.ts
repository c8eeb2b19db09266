import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DOCUMENT_ARTIFACTS, REQUIREMENTS_ARTIFACT } from "../../src/registry/document-types.ts";
import { isBadInput, isUnreachable } from "../../src/registry/errors.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { MAX_MANIFEST_BYTES } from "../../src/registry/limits.ts";
import { openSource } from "../../src/registry/open.ts";
import { Content, temporaryFolder } from "./content.ts";
import { rejection } from "./rejection.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const ANY = { tag: null, digest: null };

function twoTags(): { content: Content; directory: string } {
  const content = new Content();
  content.tag("v1", content.platforms([AMD64]).index);
  content.tag("v2", content.platforms([AMD64, ARM64]).index);
  return { content, directory: content.writeLayout(temporaryFolder()) };
}

describe("naming an image in a layout", () => {
  test("a tag names the entry with this ref.name", async () => {
    const { content, directory } = twoTags();
    const { source, reference } = openSource(`oci:${directory}:v2`);
    const resolved = await source.resolve(reference);
    expect(resolved.descriptor.digest).toBe(content.tags.get("v2")?.digest);
    expect(resolved.manifest.kind).toBe("index");
  });

  test("a digest names any manifest in it, listed in index.json or not", async () => {
    const { content, directory } = twoTags();
    const listed = content.tags.get("v1");
    const unlisted = content.image(AMD64);
    const source = new LayoutSource(directory);
    for (const descriptor of [listed, unlisted]) {
      const resolved = await source.resolve({ tag: null, digest: descriptor?.digest ?? null });
      expect(resolved.descriptor.digest).toBe(descriptor?.digest);
      expect(resolved.descriptor.mediaType).toBe(descriptor?.mediaType);
    }
  });

  test("a full name that containerd wrote names its entry", async () => {
    const content = new Content();
    const image = content.image(AMD64);
    const directory = content.writeLayout(temporaryFolder(), [
      {
        ...image,
        annotations: {
          "org.opencontainers.image.ref.name": "3",
          "io.containerd.image.name": "docker.io/library/x:3",
        },
      },
    ]);
    const { source, reference } = openSource(`oci:${directory}:docker.io/library/x:3`);
    expect((await source.resolve(reference)).descriptor.digest).toBe(image.digest);
  });

  test("several tags and none given is an error that lists them", async () => {
    const { directory } = twoTags();
    const error = await rejection(new LayoutSource(directory).resolve(ANY));
    expect(error.code).toBe("tag-ambiguous");
    expect(error.help).toContain("v1, v2");
  });

  test("an unknown tag is an error that lists those there are", async () => {
    const { directory } = twoTags();
    const error = await rejection(new LayoutSource(directory).resolve({ tag: "v3", digest: null }));
    expect(error.code).toBe("manifest-unknown");
    expect(error.help).toContain("v1, v2");
  });

  test("one tag on two images is an error that names both", async () => {
    const content = new Content();
    const entries = [content.image(AMD64), content.image(ARM64)].map((image) => ({
      ...image,
      annotations: { "org.opencontainers.image.ref.name": "x" },
    }));
    const directory = content.writeLayout(temporaryFolder(), entries);
    const error = await rejection(new LayoutSource(directory).resolve({ tag: "x", digest: null }));
    expect(error.code).toBe("tag-ambiguous");
    for (const { digest } of entries) expect(error.help).toContain(digest);
  });

  test("one image needs no tag, whatever is attached to it", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const artifact = content.artifact(index);
    content.tagReferrers(index);
    const tagIndex = content.tags.get(index.digest.replace(":", "-"));
    const directory = content.writeLayout(temporaryFolder(), [
      artifact,
      { ...index },
      {
        ...(tagIndex ?? index),
        annotations: { "org.opencontainers.image.ref.name": index.digest.replace(":", "-") },
      },
    ]);
    expect((await new LayoutSource(directory).resolve(ANY)).descriptor.digest).toBe(index.digest);
  });

  test("one image under two tags needs none", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    content.tag("v1", index);
    content.tag("latest", index);
    const source = new LayoutSource(content.writeLayout(temporaryFolder()));
    expect((await source.resolve(ANY)).descriptor.digest).toBe(index.digest);
  });

  test("head says the digest and size without reading the manifest", async () => {
    const { content, directory } = twoTags();
    const { digest, size } = content.tags.get("v1") ?? {};
    expect(await new LayoutSource(directory).head({ tag: "v1", digest: null })).toEqual({ digest, size });
  });
});

describe("a folder that is no sound layout", () => {
  function layout(): { directory: string; content: Content; blob: (digest: string) => string } {
    const content = new Content();
    content.tag("x", content.image(AMD64));
    const directory = content.writeLayout(temporaryFolder());
    return {
      directory,
      content,
      blob: (digest) => join(directory, "blobs", "sha256", digest.replace("sha256:", "")),
    };
  }

  test.each<[string, (made: ReturnType<typeof layout>) => void, string]>([
    ["is not there", ({ directory }) => rmSync(directory, { recursive: true }), "layout-invalid"],
    ["has no oci-layout", ({ directory }) => rmSync(join(directory, "oci-layout")), "layout-invalid"],
    ["has no index.json", ({ directory }) => rmSync(join(directory, "index.json")), "layout-invalid"],
    [
      "is of another version",
      ({ directory }) => writeFileSync(join(directory, "oci-layout"), '{"imageLayoutVersion":"2.0.0"}'),
      "layout-invalid",
    ],
    [
      "has HTML for an index",
      ({ directory }) => writeFileSync(join(directory, "index.json"), "<html>"),
      "not-json",
    ],
    [
      "has a list for an index",
      ({ directory }) => writeFileSync(join(directory, "index.json"), "[]"),
      "not-json",
    ],
    [
      "has an entry whose digest leads out of it",
      ({ directory }) =>
        writeFileSync(
          join(directory, "index.json"),
          JSON.stringify({
            manifests: [
              {
                mediaType: "application/vnd.oci.image.manifest.v1+json",
                digest: "sha256:../../../../etc/passwd",
                size: 1,
              },
            ],
          }),
        ),
      "layout-invalid",
    ],
    [
      "has an index of more than 4 MiB",
      ({ directory }) => writeFileSync(join(directory, "index.json"), " ".repeat(MAX_MANIFEST_BYTES + 1)),
      "too-large",
    ],
    [
      "has a folder for an index",
      ({ directory }) => {
        rmSync(join(directory, "index.json"));
        mkdirSync(join(directory, "index.json"));
      },
      "layout-invalid",
    ],
    [
      "has a pipe for an index",
      ({ directory }) => {
        rmSync(join(directory, "index.json"));
        execFileSync("mkfifo", [join(directory, "index.json")]);
      },
      "layout-invalid",
    ],
    [
      "has a device for an index",
      ({ directory }) => {
        rmSync(join(directory, "index.json"));
        symlinkSync("/dev/zero", join(directory, "index.json"));
      },
      "layout-invalid",
    ],
    [
      "lacks the manifest",
      ({ content, blob }) => rmSync(blob(content.tags.get("x")?.digest ?? "")),
      "manifest-unknown",
    ],
    [
      "has a shorter manifest",
      ({ content, blob }) => writeFileSync(blob(content.tags.get("x")?.digest ?? ""), "{}"),
      "size-mismatch",
    ],
    [
      "has other bytes in the manifest",
      ({ content, blob }) => {
        const path = blob(content.tags.get("x")?.digest ?? "");
        writeFileSync(path, readFileSync(path, "utf8").replace("schemaVersion", "SchemaVersion"));
      },
      "digest-mismatch",
    ],
    [
      "links a blob to a file elsewhere",
      ({ content, blob }) => {
        const path = blob(content.tags.get("x")?.digest ?? "");
        rmSync(path);
        symlinkSync("/etc/passwd", path);
      },
      "size-mismatch",
    ],
  ])("%s", async (_, damage, code) => {
    const made = layout();
    damage(made);
    const error = await rejection(new LayoutSource(made.directory).resolve({ tag: "x", digest: null }));
    expect(error.code).toBe(code);
    expect(isBadInput(error)).toBe(true);
    expect(error.message).toContain(made.directory);
  });

  test("can't be read: the source is not reachable", async () => {
    const { directory } = layout();
    rmSync(join(directory, "index.json"));
    symlinkSync("index.json", join(directory, "index.json"));
    const error = await rejection(new LayoutSource(directory).resolve({ tag: "x", digest: null }));
    expect(error.code).toBe("layout-unreadable");
    expect(error.message).toContain("ELOOP");
    expect(isUnreachable(error)).toBe(true);
  });

  test("follows links to the right content, as Bazel's layouts have them", async () => {
    const { directory, content, blob } = layout();
    const { digest } = content.tags.get("x") ?? { digest: "" };
    const elsewhere = join(temporaryFolder(), "blob");
    writeFileSync(elsewhere, readFileSync(blob(digest)));
    rmSync(blob(digest));
    symlinkSync(elsewhere, blob(digest));
    const resolved = await new LayoutSource(directory).resolve({ tag: "x", digest: null });
    expect(resolved.descriptor.digest).toBe(digest);
  });
});

describe("blobs of a layout", () => {
  test("a layer is refused, whatever the limit", async () => {
    const content = new Content();
    const layer = content.blob("layer", "application/vnd.oci.image.layer.v1.tar+gzip");
    const source = new LayoutSource(content.writeLayout(temporaryFolder(), []));
    expect((await rejection(source.blob(layer, 1_000_000))).code).toBe("layer-refused");
  });

  test("a blob over the limit is refused, announced or not", async () => {
    const content = new Content();
    const blob = content.blob("x".repeat(101), "application/json");
    const source = new LayoutSource(content.writeLayout(temporaryFolder(), []));
    expect((await rejection(source.blob(blob, 100))).code).toBe("too-large");
    expect(
      (await rejection(source.blob({ mediaType: "application/json", digest: blob.digest }, 100))).code,
    ).toBe("too-large");
    expect((await source.blob(blob, 101)).length).toBe(101);
  });

  test("a missing blob is named", async () => {
    const content = new Content();
    const blob = content.blob("gone", "application/json");
    content.blobs.delete(blob.digest);
    const source = new LayoutSource(content.writeLayout(temporaryFolder(), []));
    const error = await rejection(source.blob(blob, 100));
    expect(error.code).toBe("blob-unknown");
    expect(error.message).toContain(blob.digest);
  });

  test("an aborted call ends with the signal's reason", async () => {
    const { directory } = twoTags();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(
      new LayoutSource(directory).resolve({ tag: "v1", digest: null }, { signal }),
    ).rejects.toThrow("enough");
  });
});

describe("referrers in a layout", () => {
  test("are found by their subject, wherever index.json leads to them", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64]);
    const onIndex = content.artifact(index, { revision: 1 });
    const nested = content.artifact(images[0] ?? index, { revision: 2 });
    const holder = content.index([nested]);
    const source = new LayoutSource(content.writeLayout(temporaryFolder(), [index, onIndex, holder]));
    expect((await source.referrers(index.digest, DOCUMENT_ARTIFACTS)).descriptors).toMatchObject([
      {
        digest: onIndex.digest,
        artifactType: REQUIREMENTS_ARTIFACT,
        annotations: { "io.hostfit.revision": "1" },
      },
    ]);
    const found = await source.referrers(images[0]?.digest ?? index.digest, DOCUMENT_ARTIFACTS);
    expect(found).toMatchObject({ descriptors: [{ digest: nested.digest }], from: "layout" });
    expect(
      (await source.referrers(images[1]?.digest ?? index.digest, DOCUMENT_ARTIFACTS)).descriptors,
    ).toEqual([]);
  });

  test("are found under a referrers tag, even one whose manifest is missing", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const there = content.artifact(index, { revision: 1 });
    const gone = content.artifact(index, { revision: 2 });
    content.tag("x", index);
    content.tagReferrers(index);
    content.blobs.delete(gone.digest);
    const source = new LayoutSource(content.writeLayout(temporaryFolder()));
    const digests = (await source.referrers(index.digest, DOCUMENT_ARTIFACTS)).descriptors.map(
      ({ digest }) => digest,
    );
    expect(digests).toEqual([there.digest, gone.digest].sort());
  });

  test("are found under a referrers tag whose index stands in index.json without it, too", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const gone = content.artifact(index);
    content.tagReferrers(index);
    const tag = index.digest.replace(":", "-");
    const list = content.tags.get(tag) ?? index;
    content.blobs.delete(gone.digest);
    const tagged = { ...list, annotations: { "org.opencontainers.image.ref.name": tag } };
    const source = new LayoutSource(content.writeLayout(temporaryFolder(), [index, list, tagged]));
    const { descriptors } = await source.referrers(index.digest, DOCUMENT_ARTIFACTS);
    expect(descriptors.map(({ digest }) => digest)).toEqual([gone.digest]);
  });

  test("of other types are left out", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const sbom = content.manifest({
      artifactType: "application/spdx+json",
      config: content.blob("{}", "application/vnd.oci.empty.v1+json"),
      layers: [],
      subject: index,
    });
    const source = new LayoutSource(content.writeLayout(temporaryFolder(), [index, sbom]));
    expect((await source.referrers(index.digest, DOCUMENT_ARTIFACTS)).descriptors).toEqual([]);
    expect((await source.referrers(index.digest, [])).descriptors).toHaveLength(1);
  });

  test("a damaged manifest makes the list an error, not a shorter list", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const artifact = content.artifact(index);
    content.blobs.set(artifact.digest, new Uint8Array(artifact.size));
    const source = new LayoutSource(content.writeLayout(temporaryFolder(), [index, artifact]));
    expect((await rejection(source.referrers(index.digest, DOCUMENT_ARTIFACTS))).code).toBe(
      "digest-mismatch",
    );
  });
});
