import { describe, expect, test } from "vitest";
import { type CandidateList, candidatesOf } from "../../src/registry/candidates.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { MAX_CANDIDATES, MAX_INDEX_DEPTH, MAX_INDEXES } from "../../src/registry/limits.ts";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_EMPTY,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../src/registry/media-types.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { rejection } from "./rejection.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64", variant: "v8" };

async function candidates(content: Content, root: JsonDescriptor): Promise<CandidateList> {
  const source = new LayoutSource(content.writeLayout(temporaryFolder(), [root]));
  return candidatesOf(source, await source.resolve({ tag: null, digest: root.digest }));
}

describe("the candidates of an index", () => {
  test("are its entries, in order, with their platforms and annotations", async () => {
    const content = new Content();
    const { index, images } = content.platforms(
      [AMD64, ARM64],
      (position) => ({ annotations: { n: String(position) } }),
      {
        annotations: { of: "the index" },
        artifactType: "application/x",
      },
    );
    const list = await candidates(content, index);
    expect(list.candidates).toMatchObject([
      {
        digest: images[0]?.digest,
        platform: AMD64,
        annotations: { n: "0" },
        through: [index.digest],
        position: 0,
      },
      {
        digest: images[1]?.digest,
        platform: ARM64,
        annotations: { n: "1" },
        through: [index.digest],
        position: 1,
      },
    ]);
    expect(list.indexes).toMatchObject([
      { digest: index.digest, annotations: { of: "the index" }, artifactType: "application/x", through: [] },
    ]);
    expect(list.notes).toEqual([]);
    expect(list.skipped).toEqual([]);
  });

  test("are read from a Docker list as well", async () => {
    const content = new Content();
    const image = { ...content.image(AMD64), mediaType: DOCKER_MANIFEST, platform: AMD64 };
    const list = await candidates(content, content.index([image], {}, DOCKER_LIST));
    expect(list.candidates).toMatchObject([
      { digest: image.digest, mediaType: DOCKER_MANIFEST, platform: AMD64 },
    ]);
  });

  test("keep what the platform says, and nothing else", async () => {
    const content = new Content();
    const platform = {
      os: "windows",
      architecture: "AMD64",
      variant: "",
      "os.version": "10.0.20348.1",
      "os.features": ["win32k"],
      features: ["sse4"],
      other: 1,
    };
    const list = await candidates(content, content.index([{ ...content.image(AMD64), platform }]));
    expect(list.candidates[0]?.platform).toEqual({
      os: "windows",
      architecture: "AMD64",
      "os.version": "10.0.20348.1",
      "os.features": ["win32k"],
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["an attestation by platform", { platform: { os: "unknown", architecture: "unknown" } }, "attestation"],
    [
      "an attestation by annotation",
      { annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
      "attestation",
    ],
    ["an artifact", { artifactType: "application/spdx+json" }, "artifact"],
    ["another media type", { mediaType: "application/vnd.example+json" }, "unknown-media-type"],
    ["a digest that is none", { digest: "sha256:../../etc/passwd" }, "malformed"],
    ["a negative size", { size: -1 }, "malformed"],
    ["a platform that is a text", { platform: "linux/amd64" }, "malformed"],
    ["a platform with a number", { platform: { os: 1, architecture: "amd64" } }, "malformed"],
    ["os.features that is a text", { platform: { ...AMD64, "os.features": "x" } }, "malformed"],
    ["an annotation that is a number", { annotations: { x: 1 } }, "malformed"],
    ["no media type", { mediaType: undefined }, "malformed"],
    ["data that is no base64", { data: "%" }, "malformed"],
  ])("don't include %s, and say so", async (_, change, reason) => {
    const content = new Content();
    const good = { ...content.image(AMD64), platform: AMD64 };
    const list = await candidates(content, content.index([{ ...content.image(ARM64), ...change }, good]));
    expect(list.candidates.map(({ digest, position }) => [digest, position])).toEqual([[good.digest, 1]]);
    expect(list.skipped).toMatchObject([{ reason, pointer: "/manifests/0" }]);
    expect(list.skipped[0]?.error === null).toBe(reason !== "malformed");
  });

  test.each([[null], ["x"], [1], [[]]])("don't include an entry that is %j", async (entry) => {
    const content = new Content();
    const list = await candidates(content, content.index([entry]));
    expect(list.candidates).toEqual([]);
    expect(list.skipped).toMatchObject([{ reason: "malformed" }]);
    expect(list.notes).toMatchObject([{ code: "entry-malformed" }, { code: "no-candidates" }]);
    for (const { message } of list.notes) expect(message).toContain("can't be read, at /manifests/0: ");
  });

  test("without a platform have none, and a note", async () => {
    const content = new Content();
    const list = await candidates(
      content,
      content.index([content.image(AMD64), { ...content.image(ARM64), platform: {} }]),
    );
    expect(list.candidates.map(({ platform }) => platform)).toEqual([null, null]);
    expect(list.notes.map(({ code }) => code)).toEqual(["platform-missing", "platform-missing"]);
  });

  test("an annotation named __proto__ is an annotation", async () => {
    const content = new Content();
    const image = content.image(AMD64);
    const root = content.blob(
      `{"schemaVersion":2,"mediaType":"${OCI_INDEX}","manifests":[{"mediaType":"${OCI_MANIFEST}","digest":"${image.digest}","size":${image.size},"annotations":{"__proto__":"x"}}]}`,
      OCI_INDEX,
    );
    const list = await candidates(content, root);
    expect(Object.entries(list.candidates[0]?.annotations ?? {})).toEqual([["__proto__", "x"]]);
  });
});

describe("nested indexes", () => {
  test("are flattened in order, with the way that led there", async () => {
    const content = new Content();
    const image = (name: string): JsonDescriptor => ({
      ...content.image({ ...AMD64, name }),
      platform: AMD64,
    });
    const [a, b, c] = [image("a"), image("b"), image("c")];
    const inner = content.index([b], { annotations: { from: "inner", only: "inner" } });
    const root = content.index([a, { ...inner, annotations: { from: "outer" } }, c]);
    const list = await candidates(content, root);
    expect(list.candidates.map(({ digest, through, position }) => ({ digest, through, position }))).toEqual([
      { digest: a.digest, through: [root.digest], position: 0 },
      { digest: b.digest, through: [root.digest, inner.digest], position: 1 },
      { digest: c.digest, through: [root.digest], position: 2 },
    ]);
    expect(list.indexes).toMatchObject([
      { digest: root.digest, through: [] },
      { digest: inner.digest, through: [root.digest], annotations: { from: "outer", only: "inner" } },
    ]);
  });

  test("that are met twice count once, at the first place", async () => {
    const content = new Content();
    const inner = content.index([{ ...content.image(AMD64), platform: AMD64 }]);
    const left = content.index([inner], { annotations: { side: "left" } });
    const right = content.index([inner], { annotations: { side: "right" } });
    const root = content.index([left, right]);
    const list = await candidates(content, root);
    expect(list.candidates).toMatchObject([{ through: [root.digest, left.digest, inner.digest] }]);
    expect(list.skipped).toMatchObject([{ reason: "duplicate-index", index: right.digest }]);
  });

  test(`are ${MAX_INDEX_DEPTH} deep at most`, async () => {
    const content = new Content();
    let nested = content.index([{ ...content.image(AMD64), platform: AMD64 }]);
    for (let depth = 0; depth < MAX_INDEX_DEPTH; depth++) nested = content.index([nested]);
    expect((await candidates(content, nested)).candidates).toHaveLength(1);
    expect((await rejection(candidates(content, content.index([nested])))).code).toBe("too-many");
  });

  test(`are ${MAX_INDEXES} at most, the root counted`, async () => {
    const content = new Content();
    const inner = Array.from({ length: MAX_INDEXES }, (_, n) =>
      content.index([], { annotations: { n: String(n) } }),
    );
    expect((await candidates(content, content.index(inner.slice(1)))).indexes).toHaveLength(MAX_INDEXES);
    expect((await rejection(candidates(content, content.index(inner)))).code).toBe("too-many");
  });

  test(`have ${MAX_CANDIDATES} entries at most, all together`, async () => {
    const content = new Content();
    const image = { ...content.image(AMD64), platform: AMD64 };
    const half = Array.from({ length: MAX_CANDIDATES / 2 }, () => image);
    const a = content.index(half, { annotations: { half: "a" } });
    const b = content.index(half.slice(2), { annotations: { half: "b" } });
    expect((await candidates(content, content.index([a, b]))).candidates).toHaveLength(MAX_CANDIDATES - 2);
    const c = content.index(half, { annotations: { half: "c" } });
    expect((await rejection(candidates(content, content.index([a, c])))).code).toBe("too-many");
  });

  test("that are missing are an error, not a shorter list", async () => {
    const content = new Content();
    const inner = content.index([]);
    content.blobs.delete(inner.digest);
    expect((await rejection(candidates(content, content.index([inner])))).code).toBe("manifest-unknown");
  });

  test("that turn out to be images are an error", async () => {
    const content = new Content();
    const image = { ...content.image(AMD64), mediaType: OCI_INDEX };
    expect((await rejection(candidates(content, content.index([image])))).code).toBe("manifest-invalid");
  });
});

describe("a single image", () => {
  test("takes its platform from its config, and its annotations from its manifest", async () => {
    const content = new Content();
    const image = content.image({ ...ARM64, "os.version": "1" }, { annotations: { a: "b" } });
    const list = await candidates(content, image);
    expect(list.candidates).toMatchObject([
      {
        digest: image.digest,
        platform: { ...ARM64, "os.version": "1" },
        annotations: { a: "b" },
        through: [],
        position: 0,
      },
    ]);
    expect(list.indexes).toEqual([]);
  });

  test.each([
    ["is no JSON", "<html>", "config-unusable"],
    ["has a number for an os", '{"os":1}', "config-unusable"],
    ["is larger than 1 MiB", `{"os":"linux","x":"${"x".repeat(1024 * 1024)}"}`, "config-unusable"],
    ["says nothing", "{}", "platform-missing"],
  ])("whose config %s stays a candidate without a platform", async (_, text, code) => {
    const content = new Content();
    const config = content.blob(text, "application/vnd.oci.image.config.v1+json");
    const list = await candidates(content, content.manifest({ config, layers: [] }));
    expect(list.candidates).toMatchObject([{ platform: null }]);
    expect(list.notes).toMatchObject([{ code }]);
  });

  test("whose config is damaged is an error", async () => {
    const content = new Content();
    const config = content.blob("{}", "application/vnd.oci.image.config.v1+json");
    content.blobs.set(config.digest, new TextEncoder().encode("[]"));
    const error = await rejection(candidates(content, content.manifest({ config, layers: [] })));
    expect(error.code).toBe("digest-mismatch");
  });

  test("of WebAssembly has a platform too", async () => {
    const content = new Content();
    const config = content.blob(
      '{"os":"wasip1","architecture":"wasm"}',
      "application/vnd.wasm.config.v0+json",
    );
    const list = await candidates(content, content.manifest({ config, layers: [] }));
    expect(list.candidates).toMatchObject([{ platform: { os: "wasip1", architecture: "wasm" } }]);
  });

  test("that is an artifact is no candidate", async () => {
    const content = new Content();
    const artifact = content.manifest({
      artifactType: "application/spdx+json",
      config: content.blob("{}", OCI_EMPTY),
      layers: [],
    });
    const list = await candidates(content, artifact);
    expect(list.candidates).toEqual([]);
    expect(list.notes).toMatchObject([{ code: "no-candidates" }]);
    expect(list.notes[0]?.message).toContain("application/spdx+json");
  });
});
