import { afterEach, describe, expect, test } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { NFD_ARTIFACT } from "../../src/registry/document-types.ts";
import { type DocumentsOptions, documentsFor, type ImageDocuments } from "../../src/registry/documents.ts";
import type { Trusts } from "../../src/registry/found-document.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { MAX_DOCUMENT_BYTES, MAX_INLINE_BYTES } from "../../src/registry/limits.ts";
import { OCI_EMPTY } from "../../src/registry/media-types.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { RegistrySource } from "../../src/registry/registry.ts";
import type { Source } from "../../src/registry/source.ts";
import { Content, type JsonDescriptor, sha256, temporaryFolder } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const NOW = Date.parse("2026-06-01T00:00:00Z");
const INLINE = "io.hostfit.requirements";
const PINNED = "io.hostfit.requirements.digest";
const CONSULT = "io.hostfit.requirements.consult";

const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

async function inLayout(
  content: Content,
  root: JsonDescriptor,
  options: DocumentsOptions = {},
): Promise<ImageDocuments> {
  const entries = [...content.manifests].map(([digest, mediaType]) => ({
    digest,
    mediaType,
    size: content.blobs.get(digest)?.length ?? 0,
  }));
  return look(new LayoutSource(content.writeLayout(temporaryFolder(), entries)), root, options);
}

async function look(
  source: Source,
  root: JsonDescriptor,
  options: DocumentsOptions,
): Promise<ImageDocuments> {
  const resolved = await source.resolve({ tag: null, digest: root.digest });
  return documentsFor(source, await candidatesOf(source, resolved), { now: NOW, ...options });
}

/** An image served by a registry, its documents, and how many requests it took. */
async function inRegistry(
  content: Content,
  root: JsonDescriptor,
  fake: FakeOptions = {},
  options: DocumentsOptions = {},
): Promise<{ documents: ImageDocuments; log: readonly string[] }> {
  const registry = await FakeRegistry.start(content, fake);
  running.push(registry);
  const reference = parseReference(`${registry.host}/org/app`);
  if (reference.kind !== "registry") throw new Error("unexpected reference");
  const source = new RegistrySource(reference, { sleep: () => Promise.resolve() });
  return { documents: await look(source, root, options), log: registry.log };
}

/** What the outcomes are, in short. */
function short(documents: ImageDocuments): { indexes: unknown[]; candidates: unknown[] } {
  const one = ({ outcome }: ImageDocuments["indexes"][number]): unknown => {
    if (outcome.status === "winners") {
      return outcome.winners.map((winner) =>
        winner.kind === "document"
          ? `${winner.origin}: ${new TextDecoder().decode(winner.bytes)}`
          : `${winner.origin}, malformed: ${winner.error.code}`,
      );
    }
    if (outcome.status === "none") return `none in ${outcome.looked}`;
    if (outcome.status === "failed") return `failed: ${outcome.error.code}`;
    return `missing, demanded by ${outcome.by}`;
  };
  return { indexes: documents.indexes.map(one), candidates: documents.candidates.map(one) };
}

describe("SR-3: documents that stand in the index", () => {
  test("cost no request beyond the index's own", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64], (n) =>
      n === 0 ? { annotations: { [INLINE]: '{"n":0}' } } : {},
    );
    for (const image of images) content.artifact(image);
    content.artifact(index);
    const { documents, log } = await inRegistry(content, index);
    expect(short(documents)).toEqual({
      indexes: ["none in index"],
      candidates: [['inline: {"n":0}'], "none in index"],
    });
    expect(documents.indexSpeaks).toBe(true);
    expect(log).toEqual([`GET /v2/org/app/manifests/${index.digest}`]);
  });

  test("on the index itself count for it", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64], () => ({}), { annotations: { [INLINE]: "{}" } });
    const { documents, log } = await inRegistry(content, index);
    expect(short(documents)).toEqual({ indexes: [["inline: {}"]], candidates: ["none in index"] });
    expect(log).toHaveLength(1);
  });

  test("have the digest of their text", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64], () => ({ annotations: { [INLINE]: '{"ä":1}' } }));
    const { candidates } = await inLayout(content, index);
    const { outcome } = candidates[0] ?? {};
    expect(outcome).toMatchObject({
      winners: [
        {
          digest: sha256('{"ä":1}'),
          dialect: "native",
          author: "",
          artifact: null,
          subject: content.platforms([AMD64]).images[0]?.digest,
        },
      ],
    });
  });

  test("shadow what is attached, which is shown when it is asked for", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64], (n) =>
      n === 0 ? { annotations: { [INLINE]: "{}" } } : {},
    );
    const [first, second] = images.map((image) => content.artifact(image));
    const plain = await inLayout(content, index);
    const all = await inLayout(content, index, { ask: "all" });
    expect(short(all)).toEqual(short(plain));
    expect(plain.candidates.map(({ others }) => others)).toEqual([[], []]);
    expect(all.candidates.map(({ others }) => others)).toMatchObject([
      [{ artifact: first?.digest, why: "shadowed" }],
      [{ artifact: second?.digest, why: "index-speaks" }],
    ]);
  });

  test("that are pinned cost one request for each document, however many entries share it", async () => {
    const content = new Content();
    const document = content.blob('{"shared":true}', "application/vnd.hostfit.requirements.v1+json");
    const { index } = content.platforms([AMD64, ARM64], () => ({
      annotations: { [PINNED]: document.digest },
    }));
    const { documents, log } = await inRegistry(content, index);
    expect(short(documents).candidates).toEqual([['pinned: {"shared":true}'], ['pinned: {"shared":true}']]);
    expect(log).toEqual([
      `GET /v2/org/app/manifests/${index.digest}`,
      `GET /v2/org/app/blobs/${document.digest}`,
    ]);
  });

  test("in a nested index count for its entries, and speak for the whole image", async () => {
    const content = new Content();
    const inner = content.platforms([ARM64], () => ({ annotations: { [INLINE]: "{}" } }));
    const root = content.index([{ ...content.image(AMD64), platform: AMD64 }, inner.index]);
    content.artifact(root);
    expect(short(await inLayout(content, root))).toEqual({
      indexes: ["none in index", "none in index"],
      candidates: ["none in index", ["inline: {}"]],
    });
  });

  test("that are not trusted neither count nor shadow", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64], () => ({ annotations: { [INLINE]: "{}" } }));
    content.artifact(images[0] ?? index, { document: '{"attached":1}' });
    const trusts: Trusts = ({ origin }) =>
      origin === "attached"
        ? { counts: true, author: "me" }
        : { counts: false, author: "", why: "not signed" };
    const documents = await inLayout(content, index, { trusts });
    expect(short(documents).candidates).toEqual([['attached: {"attached":1}']]);
    expect(documents.candidates[0]?.others).toMatchObject([
      { origin: "inline", why: "untrusted", detail: "not signed" },
    ]);
  });

  test("in a single image's manifest are shown and not read", async () => {
    const content = new Content();
    const image = content.image(AMD64, { annotations: { [INLINE]: "{}" } });
    const documents = await inLayout(content, image);
    expect(short(documents)).toEqual({ indexes: [], candidates: ["none in index-and-referrers"] });
    expect(documents.candidates[0]?.others).toMatchObject([{ origin: "inline", why: "in-manifest" }]);
  });

  test("in a layout's index.json don't count", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const source = new LayoutSource(
      content.writeLayout(temporaryFolder(), [{ ...index, annotations: { [INLINE]: "{}" } }]),
    );
    expect(short(await look(source, index, {})).indexes).toEqual(["none in index-and-referrers"]);
  });
});

describe("a document in the index that can't be used is malformed, and nothing stands in for it", () => {
  test.each<[string, Record<string, string>, string]>([
    [
      "inline, larger than 16 KiB",
      { [INLINE]: `"${"ä".repeat(MAX_INLINE_BYTES / 2)}"` },
      "inline, malformed: too-large",
    ],
    ["pinned by no digest", { [PINNED]: "latest" }, "pinned, malformed: digest-invalid"],
    [
      "inline and pinned, not the same",
      { [INLINE]: "{}", [PINNED]: sha256("[]") },
      "inline, malformed: digest-mismatch",
    ],
  ])("%s", async (_, annotations, expected) => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64], () => ({ annotations }));
    content.artifact(images[0] ?? index);
    expect(short(await inLayout(content, index)).candidates).toEqual([[expected]]);
  });

  test("inline and pinned, the same, is inline", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64], () => ({
      annotations: { [INLINE]: "{}", [PINNED]: sha256("{}") },
    }));
    expect(short(await inLayout(content, index)).candidates).toEqual([["inline: {}"]]);
  });

  test("all of an index, where they are larger than 1 MiB together", async () => {
    const content = new Content();
    const text = JSON.stringify("x".repeat(MAX_INLINE_BYTES - 2));
    const platforms = Array.from({ length: 65 }, (_, n) => ({ ...AMD64, variant: `v${n}` }));
    const over = content.platforms(platforms, () => ({ annotations: { [INLINE]: text } }));
    expect(new Set(short(await inLayout(content, over.index)).candidates.flat())).toEqual(
      new Set(["inline, malformed: too-large"]),
    );
    const within = content.platforms(platforms.slice(1), () => ({ annotations: { [INLINE]: text } }));
    expect(short(await inLayout(content, within.index)).candidates[0]).toEqual([`inline: ${text}`]);
  });

  test("a pinned blob larger than 1 MiB", async () => {
    const content = new Content();
    const blob = content.blob(" ".repeat(MAX_DOCUMENT_BYTES + 1), "application/json");
    const { index } = content.platforms([AMD64], () => ({ annotations: { [PINNED]: blob.digest } }));
    expect(short(await inLayout(content, index)).candidates).toEqual([["pinned, malformed: too-large"]]);
    const { documents } = await inRegistry(content, index);
    expect(short(documents).candidates).toEqual([["pinned, malformed: too-large"]]);
  });

  test("a pinned blob that is missing was demanded", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64], () => ({ annotations: { [PINNED]: sha256("gone") } }));
    expect(short(await inLayout(content, index)).candidates).toEqual(["missing, demanded by pin"]);
  });
});

describe("IA-5: a demanded document", () => {
  test("that is missing is said to be missing", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64, ARM64], (n) =>
      n === 0 ? { annotations: { [CONSULT]: "true" } } : {},
    );
    expect(short(await inLayout(content, index))).toEqual({
      indexes: ["none in index-and-referrers"],
      candidates: ["missing, demanded by consult", "none in index-and-referrers"],
    });
  });

  test("is asked for although the index speaks", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64, { ...ARM64, variant: "v9" }], (n) => ({
      annotations: n === 0 ? { [INLINE]: "{}" } : n === 1 ? { [CONSULT]: "true" } : {},
    }));
    for (const image of images) content.artifact(image, { document: '"attached"' });
    expect(short(await inLayout(content, index)).candidates).toEqual([
      ["inline: {}"],
      ['attached: "attached"'],
      "none in index",
    ]);
  });

  test("of an index is met by one on the index", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64], () => ({}), { annotations: { [CONSULT]: "true" } });
    content.artifact(index, { document: "{}" });
    expect(short(await inLayout(content, index))).toEqual({
      indexes: [["attached: {}"]],
      candidates: ["none in index-and-referrers"],
    });
  });

  test("of an index is missing for each candidate that has none", async () => {
    const content = new Content();
    const { index, images } = content.platforms([AMD64, ARM64], () => ({}), {
      annotations: { [CONSULT]: "true" },
    });
    content.artifact(images[0] ?? index, { document: "{}" });
    expect(short(await inLayout(content, index))).toEqual({
      indexes: ["none in index-and-referrers"],
      candidates: [["attached: {}"], "missing, demanded by consult"],
    });
  });

  test.each([
    ["on the index", () => ({}), { [INLINE]: "{}" }],
    ["on each of its entries", () => ({ annotations: { [INLINE]: "{}" } }), {}],
  ])("of an index is met without a request by what stands %s", async (_, entries, own) => {
    const content = new Content();
    const { index } = content.platforms([AMD64, ARM64], entries, {
      annotations: { [CONSULT]: "true", ...own },
    });
    const { documents, log } = await inRegistry(content, index);
    expect(JSON.stringify(short(documents))).not.toContain("missing");
    expect(log).toHaveLength(1);
  });

  test("of another spelling demands nothing and is noted", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64], () => ({ annotations: { [CONSULT]: "yes" } }));
    const { candidates } = await inLayout(content, index);
    expect(candidates[0]?.outcome.status).toBe("none");
    expect(candidates[0]?.notes).toMatchObject([{ code: "consult-invalid" }]);
  });
});

describe("of the documents attached to one subject", () => {
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

describe("absence is not silence: looking that failed", () => {
  test.each<[string, FakeOptions, string]>([
    [
      "on the referrers",
      {
        fault: (_, response, url) => {
          if (!url.pathname.includes("/referrers/")) return false;
          response.writeHead(500).end();
          return true;
        },
      },
      "registry-error",
    ],
    [
      "on the artifact",
      {
        fault: (_, response, url) => {
          if (!url.pathname.endsWith("wanted")) return false;
          response.writeHead(500).end();
          return true;
        },
      },
      "registry-error",
    ],
    [
      "on endless pages",
      {
        fault: (_, response, url) => {
          if (!url.pathname.includes("/referrers/")) return false;
          const page = Number(url.searchParams.get("p") ?? 0) + 1;
          response.writeHead(200, {
            "Content-Type": "application/vnd.oci.image.index.v1+json",
            Link: `<?p=${page}>; rel="next"`,
          });
          response.end('{"schemaVersion":2,"manifests":[]}');
          return true;
        },
      },
      "page-limit",
    ],
  ])("%s is a failure of the subject", async (_, fake, code) => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const artifact = content.artifact(index);
    const { fault } = fake;
    const { documents } = await inRegistry(content, index, {
      fault: (request, response, url) => {
        if (url.pathname.endsWith(artifact.digest)) url.pathname += "wanted";
        const answered = fault?.(request, response, url);
        url.pathname = url.pathname.replace("wanted", "");
        return answered;
      },
    });
    expect(short(documents).indexes).toEqual([`failed: ${code}`]);
  });

  test("and a caller who gives up is no failure but the caller's own reason", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const controller = new AbortController();
    const promise = inRegistry(
      content,
      index,
      {
        fault: (_, __, url) => {
          if (!url.pathname.includes("/referrers/")) return false;
          controller.abort(new Error("enough"));
          return true;
        },
      },
      { signal: controller.signal },
    );
    await expect(promise).rejects.toThrow("enough");
  });
});
