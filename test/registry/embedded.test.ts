import { describe, expect, test } from "vitest";
import type { Trusts } from "../../src/registry/found-document.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { MAX_DOCUMENT_BYTES, MAX_INLINE_BYTES } from "../../src/registry/limits.ts";
import { Content, sha256, temporaryFolder } from "./content.ts";
import { AMD64, ARM64, CONSULT, INLINE, inLayout, inRegistry, look, PINNED, short } from "./looking.ts";

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
