import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import type { Matcher } from "../../bindings/js/matcher.ts";
import { readDocument } from "../../src/author/document.ts";
import type { ImageAnswer } from "../../src/select/answer.ts";
import { openHost } from "../../src/select/host.ts";
import { judgeImage } from "../../src/select/judge.ts";
import { openImage } from "../../src/select/open-image.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "../registry/content.ts";

const folder = temporaryFolder();
const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const FACTS = `{ "apiVersion": "hostfit/v1.0", "kind": "Host", "platforms": [{ "os": "linux", "architecture": "amd64", "variant": "v3" }],
  "features": { "attributes": { "kernel.version": { "elements": { "full": "5.14.0" } } } } }`;

let matcher: Matcher;
let layouts = 0;
beforeAll(async () => {
  matcher = await createMatcher();
});

/** Judges an image that stands in a layout, with what is attached to it beside it. */
async function judge(content: Content, image: JsonDescriptor): Promise<ImageAnswer> {
  const tagged = { ...image, annotations: { "org.opencontainers.image.ref.name": "1" } };
  const attached = [...content.subjects.values()].flat();
  const directory = content.writeLayout(join(folder, String(layouts++)), [tagged, ...attached]);
  const source = await readDocument(new TextEncoder().encode(FACTS), { file: "facts.json" });
  return judgeImage({
    matcher,
    image: await openImage({ reference: `oci:${directory}:1` }),
    host: openHost(matcher, { kind: "file", source }),
    policy: null,
    requirements: null,
    platform: null,
    allowUndetermined: false,
  });
}

const document = (kernel: string, weight = 10): string =>
  JSON.stringify({
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    requires: { "kernel.version": { full: { version: kernel } } },
    prefers: [{ weight, when: { "kernel.version": { full: { version: ">=5" } } } }],
  });

describe("judging an image", () => {
  test("a document on the index holds for every candidate, together with the candidate's own", async () => {
    const content = new Content();
    const { index } = content.platforms(
      [AMD64, AMD64],
      (position) => ({
        annotations: { "io.hostfit.requirements": document(position === 0 ? ">=4" : ">=6") },
      }),
      { annotations: { "io.hostfit.requirements": document(">=5", 7) } },
    );
    const { candidates } = await judge(content, index);
    expect(candidates.map(({ ranked }) => [ranked.verdict, ranked.score, ranked.maxScore])).toEqual([
      ["compatible", 17, 17],
      ["incompatible", 17, 17],
    ]);
    expect(candidates[0]?.documents.map(({ subject }) => subject)).toEqual([
      index.digest,
      candidates[0]?.digest,
    ]);
  });

  test("the same document on the index and on the manifest counts once", async () => {
    const content = new Content();
    const annotations = { "io.hostfit.requirements": document(">=5") };
    const { index } = content.platforms([AMD64], () => ({ annotations }), { annotations });
    const { candidates } = await judge(content, index);
    expect(candidates[0]?.ranked.maxScore).toBe(10);
  });

  test("NFD's documents are read as NFD reads them, beside native ones", async () => {
    const content = new Content();
    const images = ["a", "b"].map((name) => ({
      ...content.image(AMD64, { annotations: { name } }),
      platform: AMD64,
    }));
    const index = content.index(images);
    const rules = (operator: string): string => `version: v1alpha1
compatibilities:
- description: kernel
  rules:
  - name: kernel
    matchFeatures:
    - feature: kernel.version
      matchExpressions:
        full: { op: ${operator} }
`;
    images.forEach((image, position) => {
      content.artifact(image, {
        dialect: "nfd",
        document: rules(position === 0 ? "DoesNotExist" : "Exists"),
        revision: 1,
      });
    });
    const { candidates, chosen } = await judge(content, index);
    expect(candidates.map(({ ranked }) => ranked.verdict)).toEqual(["compatible", "incompatible"]);
    expect(chosen?.digest).toBe(images[1]?.digest);
    expect(chosen?.documents[0]).toMatchObject({ dialect: "nfd", origin: "attached", unreadable: null });
    expect(chosen?.ranked.nfd[0]).toMatchObject({ match: true });
  });

  test("a nested index and a single image are judged like a flat index", async () => {
    const nested = new Content();
    const { index } = nested.platforms([ARM64, AMD64]);
    const flat = await judge(nested, nested.index([index]));
    expect(flat.candidates.map(({ platform }) => platform?.architecture)).toEqual(["amd64", "arm64"]);
    const single = new Content();
    const alone = await judge(single, single.image(AMD64));
    expect(alone.candidates).toHaveLength(1);
    expect(alone.chosen?.ranked).toMatchObject({
      verdict: "compatible",
      decidedBy: "only",
      documented: false,
    });
  });

  test("a malformed entry is told and spoils no other", async () => {
    const content = new Content();
    const image = { ...content.image(AMD64), platform: AMD64 };
    const { candidates, notes } = await judge(content, content.index([{ mediaType: 3 }, image]));
    expect(candidates).toHaveLength(1);
    expect(notes.map(({ code }) => code)).toContain("entry-malformed");
  });

  test("attestations are no candidates", async () => {
    const content = new Content();
    const image = { ...content.image(AMD64), platform: AMD64 };
    const attestation = {
      ...content.image({ os: "unknown", architecture: "unknown" }),
      platform: { os: "unknown", architecture: "unknown" },
    };
    expect((await judge(content, content.index([image, attestation]))).candidates).toHaveLength(1);
  });
});
