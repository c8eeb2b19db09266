import { describe, expect, test } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { NFD_ARTIFACT } from "../../src/registry/document-types.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import type { Trusts } from "../../src/registry/found-document.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { MAX_DOCUMENT_BYTES } from "../../src/registry/limits.ts";
import { OCI_EMPTY } from "../../src/registry/media-types.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { RegistrySource } from "../../src/registry/registry.ts";
import { Content, type JsonDescriptor, sha256, temporaryFolder } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";
import { AMD64, ARM64, inLayout, inRegistry, look, running, short } from "./looking.ts";

describe("of the documents attached to one subject", () => {
  test("NFD's own name for the time is understood, and the right one comes first", async () => {
    const NFD_NAME = "oci.opencontainers.image.created";
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const nfd = (time: string, document: string, annotations: Record<string, string> = {}) =>
      content.artifact(index, {
        dialect: "nfd",
        document,
        annotations: { [NFD_NAME]: time, ...annotations },
      });
    nfd("2026-05-01T00:00:00Z", "version: v1alpha1\n");
    const latest = nfd("2026-05-03T00:00:00Z", "version: v1alpha1\ncompatibilities: []\n");
    // Its own word is later, but the annotation that counts is there, and earlier.
    nfd("2026-05-09T00:00:00Z", "compatibilities: []\n", {
      "org.opencontainers.image.created": "2026-05-02T00:00:00Z",
    });
    const documents = await inLayout(content, index);
    expect(documents.indexes[0]).toMatchObject({
      outcome: { winners: [{ artifact: latest.digest, dialect: "nfd", created: "2026-05-03T00:00:00Z" }] },
      others: [{ why: "older" }, { why: "older" }],
    });
  });

  interface Attached {
    revision?: number | string;
    created?: string;
  }
  const day = (n: number): string => `2026-05-0${n}T00:00:00Z`;
  test.each<[string, Attached, Attached, string]>([
    ["the highest revision", { revision: 2 }, { revision: 10 }, "older-revision"],
    ["any revision before none", { created: day(9) }, { revision: 0, created: day(1) }, "older-revision"],
    [
      "the latest of one revision",
      { revision: 1, created: day(1) },
      { revision: 1, created: day(2) },
      "older",
    ],
    ["any time before none", { revision: 1 }, { revision: 1, created: day(1) }, "older"],
    [
      "times by their instant",
      { created: "2026-05-01T10:00:00+02:00" },
      { created: "2026-05-01T09:00:00Z" },
      "older",
    ],
    ["a time before one in the future", { created: "2027-01-01T00:00:00Z" }, { created: day(1) }, "older"],
    ["a time before what is none", { created: "yesterday" }, { created: day(1) }, "older"],
    [
      "a revision before what is none",
      { revision: "1e9", created: day(2) },
      { revision: 1 },
      "older-revision",
    ],
    ["a revision before a negative one", { revision: "-5" }, { revision: 0 }, "older-revision"],
  ])("%s counts", async (_, loser, winner, why) => {
    for (const order of [
      [loser, winner],
      [winner, loser],
    ]) {
      const content = new Content();
      const { index } = content.platforms([AMD64]);
      const attached = order.map((options) => ({ options, artifact: content.artifact(index, options) }));
      const expected = attached.find(({ options }) => options === winner);
      const documents = await inLayout(content, index);
      expect(documents.indexes[0]).toMatchObject({
        outcome: { status: "winners", winners: [{ kind: "document", artifact: expected?.artifact.digest }] },
        others: [{ why }],
      });
    }
  });

  test("the highest digest counts where nothing else decides", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const digests = [1, 2, 3].map((n) => content.artifact(index, { document: String(n) }).digest);
    const [highest, ...lower] = digests.sort().reverse();
    const documents = await inLayout(content, index);
    expect(documents.indexes[0]).toMatchObject({
      outcome: { winners: [{ artifact: highest }] },
      others: lower.map((artifact) => ({ artifact, why: "digest-order" })),
    });
  });

  test("a date in the future and a revision that is no number are noted", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    content.artifact(index, { revision: "many", created: "2027-01-01T00:00:00Z" });
    const { indexes } = await inLayout(content, index);
    expect(indexes[0]?.notes.map(({ code }) => code).sort()).toEqual([
      "created-in-future",
      "revision-invalid",
    ]);
  });

  test("one of NFD's counts like any other", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    content.artifact(index, { dialect: "nfd", document: "version: v1alpha1\n" });
    const { indexes } = await inLayout(content, index);
    expect(indexes[0]?.outcome).toMatchObject({
      winners: [{ dialect: "nfd", mediaType: "application/vnd.nfd.image-compatibility.spec.v1alpha1+yaml" }],
    });
  });

  test("one about a layer doesn't count for the image", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const artifact = content.artifact(index, { annotations: { "io.hostfit.target": sha256("layer") } });
    const { indexes } = await inLayout(content, index);
    expect(indexes[0]).toMatchObject({
      outcome: { status: "none" },
      others: [{ artifact: artifact.digest, why: "targets-layer" }],
    });
  });

  test("one that is listed here but about something else doesn't count", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64]);
    const artifact = content.artifact(images[0] ?? index);
    content.tag("x", index);
    content.tagReferrers(index, [{ ...artifact, artifactType: "application/vnd.hostfit.requirements.v1" }]);
    const source = new LayoutSource(content.writeLayout(temporaryFolder()));
    const { indexes } = await look(source, index, {});
    expect(indexes[0]).toMatchObject({ outcome: { status: "none" }, others: [{ why: "other-subject" }] });
  });

  test("each trusted author's counts, strangers' are shown", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const owner = new Map([
      [content.artifact(index, { revision: 1, document: "a1" }).digest, "a"],
      [content.artifact(index, { revision: 2, document: "a2" }).digest, "a"],
      [content.artifact(index, { revision: 9, document: "b9" }).digest, "b"],
    ]);
    const stranger = content.artifact(index, { revision: 99, document: "x" });
    const trusts: Trusts = (document) => {
      const author = document.origin === "attached" ? owner.get(document.artifact) : undefined;
      return author === undefined ? { counts: false, author: "", why: "unsigned" } : { counts: true, author };
    };
    const documents = await inLayout(content, index, { trusts });
    expect(short(documents).indexes).toEqual([["attached: a2", "attached: b9"]]);
    expect(documents.indexes[0]?.others).toMatchObject([
      { artifact: stranger.digest, why: "untrusted", detail: "unsigned" },
      { revision: 1, author: "a", why: "older-revision" },
    ]);
  });

  describe("a winner that can't be used is malformed, never the runner-up", () => {
    const runnerUp = { revision: 1, document: "{}" };
    test.each<[string, (content: Content, index: JsonDescriptor) => void, string]>([
      [
        "without layers",
        (content, index) => content.artifact(index, { revision: 2, layers: [] }),
        "manifest-invalid",
      ],
      [
        "with a layer of another type",
        (content, index) =>
          content.artifact(index, { revision: 2, layers: [content.blob("{}", "application/json")] }),
        "manifest-invalid",
      ],
      [
        "with two layers",
        (content, index) => {
          const layer = content.blob("{}", "application/vnd.hostfit.requirements.v1+json");
          content.artifact(index, { revision: 2, layers: [layer, layer] });
        },
        "manifest-invalid",
      ],
      [
        "whose document is missing",
        (content, index) => {
          const layer = content.blob("gone", "application/vnd.hostfit.requirements.v1+json");
          content.blobs.delete(layer.digest);
          content.artifact(index, { revision: 2, layers: [layer] });
        },
        "blob-unknown",
      ],
      [
        "whose document is larger than 1 MiB",
        (content, index) =>
          content.artifact(index, { revision: 2, document: " ".repeat(MAX_DOCUMENT_BYTES + 1) }),
        "too-large",
      ],
      [
        "whose data isn't its document",
        (content, index) => {
          const layer = content.blob("{}", "application/vnd.hostfit.requirements.v1+json");
          content.artifact(index, { revision: 2, layers: [{ ...layer, data: btoa("[]") }] });
        },
        "digest-mismatch",
      ],
    ])("%s", async (_, attach, code) => {
      const content = new Content();
      const { index } = content.platforms([AMD64]);
      content.artifact(index, runnerUp);
      attach(content, index);
      expect(short(await inLayout(content, index)).indexes).toEqual([[`attached, malformed: ${code}`]]);
      const { documents } = await inRegistry(content, index);
      expect(short(documents).indexes).toEqual([[`attached, malformed: ${code}`]]);
    });

    test("whose manifest is missing from where the tag lists it", async () => {
      const content = new Content();
      const { index } = content.platforms([AMD64]);
      content.artifact(index, runnerUp);
      const gone = content.artifact(index, { revision: 2 });
      content.tagReferrers(index);
      content.manifests.delete(gone.digest);
      content.blobs.delete(gone.digest);
      const { documents } = await inRegistry(content, index, { referrersApi: false });
      expect(short(documents).indexes).toEqual([["attached, malformed: manifest-unknown"]]);
    });
  });
});

describe("what is attached in a registry", () => {
  test("costs the referrers of each subject, then the first artifact and its document", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64]);
    content.artifact(index, { revision: 1 });
    content.artifact(index, { revision: 2, document: "{}" });
    const { documents, log } = await inRegistry(content, index, { referrersApi: true });
    expect(short(documents).indexes).toEqual([["attached: {}"]]);
    const count = (part: string): number => log.filter((line) => line.includes(part)).length;
    expect(count("/referrers/")).toBe(images.length + 1);
    expect(count("/manifests/sha256-")).toBe(images.length + 1);
    expect(count("/manifests/sha256:")).toBe(2);
    expect(count("/blobs/")).toBe(1);
  });

  test("and small enough to travel in its descriptor costs no request of its own", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    content.artifact(index, { document: "{}", data: true });
    const { documents, log } = await inRegistry(content, index);
    expect(short(documents).indexes).toEqual([["attached: {}"]]);
    expect(log.filter((line) => line.includes("/blobs/"))).toEqual([]);
  });

  test("is looked for only where it is wanted", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64]);
    content.artifact(images[1] ?? index, { document: "{}" });
    const registry = await FakeRegistry.start(content);
    running.push(registry);
    const reference = parseReference(`${registry.host}/org/app`);
    if (reference.kind !== "registry") throw new Error("unexpected reference");
    const source = new RegistrySource(reference);
    const list = await candidatesOf(source, await source.resolve({ tag: null, digest: index.digest }));
    const documents = await documentsFor(source, list, { candidates: list.candidates.slice(1) });
    expect(short(documents).candidates).toEqual([["attached: {}"]]);
    expect(registry.log.join()).not.toContain(`referrers/${images[0]?.digest}`);
  });

  test("shares one document among many images with one request (IA-4)", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64]);
    for (const image of images) content.artifact(image, { document: '{"shared":1}' });
    const { documents, log } = await inRegistry(content, index);
    expect(short(documents).candidates).toEqual([['attached: {"shared":1}'], ['attached: {"shared":1}']]);
    expect(log.filter((line) => line.includes("/blobs/"))).toHaveLength(1);
  });

  test.each([true, false])(
    "is placed by its manifest where its descriptor says nothing (type %s)",
    async (typed) => {
      const content = new Content();
      const { index } = content.platforms([AMD64]);
      content.artifact(index, { revision: 1, document: "1" });
      content.artifact(index, { revision: 3, document: "3" });
      content.artifact(index, { revision: 2, document: "2" });
      content.manifest({
        artifactType: "application/spdx+json",
        config: content.blob("{}", OCI_EMPTY),
        layers: [],
        subject: index,
      });
      const listed = content.subjects.get(index.digest) ?? [];
      content.subjects.set(
        index.digest,
        listed.map(({ digest, mediaType, size, artifactType }) => ({
          digest,
          mediaType,
          size,
          artifactType: typed && artifactType !== undefined ? artifactType : OCI_EMPTY,
        })),
      );
      const { documents } = await inRegistry(content, index);
      expect(short(documents).indexes).toEqual([["attached: 3"]]);
      expect(documents.indexes[0]?.others.map(({ why }) => why)).toEqual([
        "older-revision",
        "older-revision",
      ]);
    },
  );

  test("is placed by the tag's entry where the API's says less", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    for (const revision of [1, 2, 3]) content.artifact(index, { revision, document: String(revision) });
    content.tagReferrers(index);
    const listed = content.subjects.get(index.digest) ?? [];
    content.subjects.set(
      index.digest,
      listed.map(({ digest, mediaType, size }) => ({ digest, mediaType, size, artifactType: OCI_EMPTY })),
    );
    const { documents, log } = await inRegistry(content, index);
    expect(short(documents).indexes).toEqual([["attached: 3"]]);
    const read = listed.filter(({ digest }) => log.includes(`GET /v2/org/app/manifests/${digest}`));
    expect(read).toHaveLength(1);
  });

  test("is told from other artifacts by its manifest where its registry doesn't say types", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const document = content.artifact(index, { created: "2026-05-02T00:00:00Z" });
    for (const day of [1, 3]) {
      content.manifest({
        artifactType: "application/spdx+json",
        config: content.blob("{}", OCI_EMPTY),
        layers: [],
        subject: index,
        annotations: { "org.opencontainers.image.created": `2026-05-0${day}T00:00:00Z` },
      });
    }
    for (const entry of content.subjects.get(index.digest) ?? []) entry.artifactType = OCI_EMPTY;
    const { documents } = await inRegistry(content, index);
    expect(documents.indexes[0]).toMatchObject({
      outcome: { winners: [{ artifact: document.digest }] },
      others: [],
    });
  });

  test("is placed by its manifest where its descriptor boasts", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    content.artifact(index, { revision: 5, document: "5" });
    const boasting = content.artifact(index, { revision: 1, document: "1" });
    const listed = content.subjects.get(index.digest) ?? [];
    for (const entry of listed) {
      if (entry.digest === boasting.digest) entry.annotations = { "io.hostfit.revision": "99" };
    }
    const { documents } = await inRegistry(content, index);
    expect(short(documents).indexes).toEqual([["attached: 5"]]);
  });

  test("of NFD's type is listed as such among those that don't count", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    content.artifact(index, { revision: 2 });
    content.artifact(index, { revision: 1, dialect: "nfd" });
    const { documents } = await inRegistry(content, index);
    expect(documents.indexes[0]?.others).toMatchObject([{ mediaType: NFD_ARTIFACT, why: "older-revision" }]);
  });
});
