import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { artifactsOn } from "../../src/author/publish/artifacts.ts";
import { type AttachInput, attachDocument } from "../../src/author/publish/attach.ts";
import { detachDocuments } from "../../src/author/publish/detach.ts";
import { buildArtifact, documentBlob, EMPTY_CONFIG } from "../../src/registry/artifact.ts";
import { candidatesOf } from "../../src/registry/candidates.ts";
import type { Digest } from "../../src/registry/digest.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import type { RequestEvent } from "../../src/registry/http.ts";
import { openSource, openWriter } from "../../src/registry/open.ts";
import { parseReference } from "../../src/registry/reference.ts";
import type { Writer } from "../../src/registry/writer.ts";
import { describeWith } from "../tools.ts";
import { Content, temporaryFolder } from "./content.ts";
import {
  type RegistryServer,
  startCrane,
  startDockerRegistry,
  startReferrersRegistry,
  startZot,
} from "./servers.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const NOBODY = { credentialsFor: () => Promise.resolve({ kind: "anonymous" as const }) };
const CREATED = "2026-01-01T00:00:00Z";
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const run = promisify(execFile);

/** What attaches one document. */
async function attach(images: readonly string[], text: string, more: Partial<AttachInput> = {}) {
  const events: RequestEvent[] = [];
  const document = await documentBlob(encode(text), "native");
  const attachments = await attachDocument({
    images: images.map(parseReference),
    open: (reference) =>
      openWriter(reference, { credentials: NOBODY, onRequest: (event) => events.push(event) }).writer,
    which: { kind: "named" },
    compose: () => Promise.resolve({ document, included: [] }),
    title: "needs.json",
    created: CREATED,
    older: "keep",
    mode: "write",
    ...more,
  });
  return { attachments, events };
}

/** The documents that count on an image: the index's and each variant's. */
async function counting(reference: string): Promise<readonly string[]> {
  const { source, reference: parsed } = openSource(reference, { credentials: NOBODY });
  const list = await candidatesOf(source, await source.resolve(parsed));
  const found = await documentsFor(source, list);
  return [...found.indexes, ...found.candidates].map(({ outcome }) =>
    outcome.status === "winners"
      ? outcome.winners
          .map((one) => (one.kind === "document" ? new TextDecoder().decode(one.bytes) : "?"))
          .join()
      : outcome.status,
  );
}

/** An image of two platforms, tagged 1. */
function image(salt: string): Content {
  const content = new Content();
  const { index } = content.platforms([AMD64, ARM64], () => ({ annotations: { salt } }));
  content.tag("1", index);
  return content;
}

interface Place {
  readonly title: string;
  readonly program: string | null;
  readonly start: (() => Promise<RegistryServer>) | null;
  readonly listedBy: "api" | "tag" | "layout";
}

const PLACES: readonly Place[] = [
  {
    title: "a registry with the referrers API",
    program: "referrers-registry",
    start: startReferrersRegistry,
    // It lists what is pushed but doesn't say so (no OCI-Subject), so that the tag is written too, as the spec demands.
    listedBy: "tag",
  },
  { title: "zot", program: "zot-registry", start: startZot, listedBy: "tag" },
  { title: "crane's registry", program: "crane", start: startCrane, listedBy: "tag" },
  {
    title: "Debian's docker-registry",
    program: "docker-registry",
    start: startDockerRegistry,
    listedBy: "tag",
  },
  { title: "a layout", program: null, start: null, listedBy: "layout" },
];

for (const { title, program, start, listedBy } of PLACES) {
  const suite = (): void => {
    let server: RegistryServer | null = null;
    beforeAll(async () => {
      server = start === null ? null : await start();
    });
    afterAll(() => server?.stop());

    /** Puts an image somewhere and gives its reference. */
    const put = async (name: string): Promise<{ reference: string; content: Content }> => {
      const content = image(name);
      if (server === null) return { reference: `oci:${content.writeLayout(temporaryFolder())}:1`, content };
      await content.push(`http://${server.host}`, name);
      return { reference: `${server.host}/${name}:1`, content };
    };
    const writerOf = (reference: string): Writer => openWriter(reference, { credentials: NOBODY }).writer;

    test("IA-1: an image that is out gets a document, and its digest stays", async () => {
      const { reference, content } = await put("org/first");
      const { attachments } = await attach([reference], '{"first":1}');
      expect(attachments).toMatchObject([
        { outcome: "attached", revision: 1, listedBy, subject: content.tags.get("1")?.digest },
      ]);
      expect(await counting(reference)).toEqual(['{"first":1}', "none", "none"]);
      const { source, reference: parsed } = openSource(reference, { credentials: NOBODY });
      expect((await source.resolve(parsed)).descriptor.digest).toBe(content.tags.get("1")?.digest);
    });

    test("the same document again writes nothing; another one grows the revision and counts", async () => {
      const { reference } = await put("org/again");
      const first = await attach([reference], '{"a":1}');
      const again = await attach([reference], '{"a":1}', { created: "2026-02-02T00:00:00Z" });
      expect(again.attachments).toMatchObject([
        { outcome: "unchanged", revision: 1, artifact: first.attachments[0]?.artifact },
      ]);
      expect(again.events.filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual([]);
      const next = await attach([reference], '{"a":2}', { created: "2025-01-01T00:00:00Z" });
      expect(next.attachments).toMatchObject([{ outcome: "attached", revision: 2 }]);
      expect(await counting(reference)).toEqual(['{"a":2}', "none", "none"]);
      const back = await attach([reference], '{"a":1}');
      expect(back.attachments).toMatchObject([{ outcome: "attached", revision: 3 }]);
    });

    test("a revision that nothing can follow is an error, and nothing is written", async () => {
      const { reference } = await put("org/exhausted");
      const writer = writerOf(reference);
      const { descriptor } = await writer.source.resolve(parseReference(reference));
      const document = await documentBlob(encode('{"a":1}'), "native");
      const revision = Number.MAX_SAFE_INTEGER;
      const parts = { document, subject: descriptor, revision, created: CREATED, title: "last.json" };
      const last = await buildArtifact(parts);
      await Promise.all([writer.putBlob(document), writer.putBlob(EMPTY_CONFIG)]);
      await writer.putManifest(last, null);
      await expect(attach([reference], '{"a":2}')).rejects.toMatchObject({
        code: "revision-exhausted",
        message: expect.stringContaining(last.digest),
      });
      const found = await artifactsOn(writerOf(reference).source, descriptor.digest, Date.now());
      expect(found.map(({ digest }) => digest)).toEqual([last.digest]);
      expect((await attach([reference], '{"a":1}')).attachments).toMatchObject([{ outcome: "unchanged" }]);
    });

    test("--all-platforms attaches to each variant, --replace leaves one document", async () => {
      const { reference } = await put("org/all");
      await attach([reference], '{"all":1}', { which: { kind: "all-platforms" } });
      const { attachments } = await attach([reference], '{"all":2}', {
        which: { kind: "all-platforms" },
        older: "remove",
      });
      expect(attachments.map(({ replaced }) => replaced.length)).toEqual([1, 1]);
      expect(await counting(reference)).toEqual(["none", '{"all":2}', '{"all":2}']);
      const { source } = openSource(reference, { credentials: NOBODY });
      for (const { subject } of attachments) {
        expect(await artifactsOn(source, subject, Date.now())).toHaveLength(1);
      }
    });

    test("a dry run says what would be done and writes nothing", async () => {
      const { reference } = await put("org/dry");
      const plan = await attach([reference], '{"dry":1}', { mode: "plan" });
      expect(plan.events.filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual([]);
      expect(await counting(reference)).toEqual(["none", "none", "none"]);
      const real = await attach([reference], '{"dry":1}');
      expect(real.attachments[0]?.artifact).toBe(plan.attachments[0]?.artifact);
    });

    test("TW-4: a layer's document is about the manifest that holds it, and names it", async () => {
      const { reference, content } = await put("org/layer");
      const [manifest] = [...content.manifests].filter(([, type]) => type.includes("image.manifest"));
      const body = JSON.parse(new TextDecoder().decode(content.blobs.get(manifest?.[0] as Digest)));
      const layer = body.layers[0].digest as Digest;
      const { attachments } = await attach([reference], '{"layer":1}', {
        which: { kind: "layer", digest: layer },
      });
      expect(attachments).toMatchObject([{ subject: manifest?.[0], target: layer, outcome: "attached" }]);
      // It is about the layer, not about the image.
      expect(await counting(reference)).toEqual(["none", "none", "none"]);
      const { source } = openSource(reference, { credentials: NOBODY });
      const [artifact] = await artifactsOn(source, manifest?.[0] as Digest, Date.now());
      expect(artifact?.annotations["io.hostfit.target"]).toBe(layer);
    });

    test("detach takes one document off, and then all, and nothing else", async () => {
      const { reference, content } = await put("org/detach");
      const subject = content.tags.get("1")?.digest as Digest;
      const first = await attach([reference], '{"d":1}');
      await attach([reference], '{"d":2}', { older: "keep" });
      const what = [first.attachments[0]?.document as Digest];
      const writer = writerOf(reference);
      const other = await buildArtifact({
        document: await documentBlob(encode("{}"), "native"),
        subject: { mediaType: "application/vnd.oci.image.index.v1+json", digest: subject, size: 1 },
        revision: 1,
        created: CREATED,
        title: "sbom.json",
      });
      const sbom = new TextDecoder()
        .decode(other.bytes)
        .replaceAll("vnd.hostfit.requirements.v1", "vnd.sbom");
      const bytes = encode(sbom);
      const { digestOf } = await import("../../src/registry/digest.ts");
      await writer.putBlob(await documentBlob(encode("{}"), "native"));
      await writer.putBlob(EMPTY_CONFIG);
      await writer.putManifest(
        { ...other, bytes, digest: await digestOf(bytes), artifactType: "application/vnd.sbom" },
        null,
      );
      const image = parseReference(reference);
      const gone = await detachDocuments({ image, writer, what, mode: "write" });
      expect(gone).toHaveLength(1);
      expect(await counting(reference)).toEqual(['{"d":2}', "none", "none"]);
      await detachDocuments({ image, writer, what: "all", mode: "write" });
      expect(await counting(reference)).toEqual(["none", "none", "none"]);
      const { descriptors } = await openSource(reference, { credentials: NOBODY }).source.referrers(
        subject,
        [],
      );
      expect(descriptors.map(({ artifactType }) => artifactType)).toEqual(["application/vnd.sbom"]);
    });

    test("eight writers at once: every document stands", async () => {
      const { reference, content } = await put("org/race");
      const subject = content.tags.get("1");
      const made = await Promise.all(
        Array.from({ length: 8 }, async (_, at) => {
          const writer = writerOf(reference);
          const document = await documentBlob(encode(`{"n":${at}}`), "native");
          await Promise.all([writer.putBlob(document), writer.putBlob(EMPTY_CONFIG)]);
          const manifest = await buildArtifact({
            document,
            subject: subject as NonNullable<typeof subject>,
            revision: at + 1,
            created: CREATED,
            title: "n.json",
          });
          await writer.putManifest(manifest, null);
          return manifest.digest;
        }),
      );
      const { source } = openSource(reference, { credentials: NOBODY });
      const { descriptors } = await source.referrers(subject?.digest as Digest, []);
      expect(descriptors.map(({ digest }) => digest)).toEqual([...made].sort());
    });

    if (start !== null) {
      test("IA-4: many images of a registry share one blob, which is sent once", async () => {
        const { reference: one } = await put("org/share-a");
        const { reference: two } = await put("org/share-b");
        const { attachments, events } = await attach([one, two], '{"shared":true}');
        expect(attachments.map(({ outcome }) => outcome)).toEqual(["attached", "attached"]);
        expect(await counting(two)).toEqual(['{"shared":true}', "none", "none"]);
        const begun = events.filter(({ method, path }) => method === "POST" && path.includes("share-b"));
        const sent = events.filter(({ method, path }) => method === "PUT" && /share-b\/blobs/.test(path));
        // A registry may refuse to mount; it may not be sent more often than it is begun.
        expect(sent.length).toBeLessThanOrEqual(begun.length);
        if (program === "docker-registry") expect(sent).toEqual([]);
      });

      describeWith("oras", "as oras sees it", () => {
        test("DE-7: oras discover shows the artifact, and oras pull gives the document", async () => {
          const { reference } = await put("org/oras");
          const { attachments } = await attach([reference], '{"by":"hostfit"}');
          const folder = temporaryFolder();
          const oras = async (...argv: string[]): Promise<string> =>
            (await run("oras", argv, { cwd: folder, env: { ...process.env, HOME: folder } })).stdout;
          const shown = await oras("discover", "--plain-http", "--format", "json", reference);
          expect(JSON.stringify(JSON.parse(shown))).toContain(attachments[0]?.artifact);
          const artifact = reference.replace(/:1$/, `@${attachments[0]?.artifact}`);
          await oras("pull", "--plain-http", artifact);
          expect(readFileSync(join(folder, "needs.json"), "utf8")).toBe('{"by":"hostfit"}');
        });
      });

      describeWith("skopeo", "as skopeo sees it", () => {
        test("SM-1: the image can be copied as before", async () => {
          const { reference, content } = await put("org/skopeo");
          await attach([reference], '{"x":1}', { which: { kind: "all-platforms" } });
          const raw = execFileSync(
            "skopeo",
            ["inspect", "--raw", "--tls-verify=false", `docker://${reference}`],
            { encoding: "utf8" },
          );
          expect(raw).toBe(
            new TextDecoder().decode(content.blobs.get(content.tags.get("1")?.digest as Digest)),
          );
        });
      });
    }
  };
  if (program === null) describe(title, suite);
  else describeWith(program, title, suite);
}
