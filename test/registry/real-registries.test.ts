import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { documentsFor, type ImageDocuments } from "../../src/registry/documents.ts";
import type { RequestEvent } from "../../src/registry/http.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { openSource } from "../../src/registry/open.ts";
import type { RegistryOptions } from "../../src/registry/registry.ts";
import { describeWith } from "../tools.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { rejection } from "./rejection.ts";
import { type RegistryServer, startCrane, startDockerRegistry } from "./servers.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64", variant: "v8" };

/** Logins of whoever runs the tests are none of theirs. */
const NOBODY = { credentialsFor: () => Promise.resolve({ kind: "anonymous" as const }) };

interface Pushed {
  readonly content: Content;
  readonly index: JsonDescriptor;
  readonly images: readonly JsonDescriptor[];
  readonly newest: JsonDescriptor;
}

/** An image with two platforms, three documents on its index and one on its second manifest. */
function made(): Pushed {
  const content = new Content();
  const { index, images } = content.platforms([AMD64, ARM64]);
  content.artifact(index, { revision: 1, document: '{"revision":1}' });
  const newest = content.artifact(index, { revision: 12, document: '{"revision":12}' });
  content.artifact(index, { revision: 2, document: "version: v1alpha1\n", dialect: "nfd" });
  content.artifact(images[1] ?? index, { revision: 1, document: '{"on":"arm64"}' });
  content.tag("latest", index);
  return { content, index, images, newest };
}

async function documents(
  reference: string,
  options: RegistryOptions = {},
): Promise<{ documents: ImageDocuments; events: readonly RequestEvent[] }> {
  const events: RequestEvent[] = [];
  const opened = openSource(reference, {
    credentials: NOBODY,
    onRequest: (event) => events.push(event),
    ...options,
  });
  const list = await candidatesOf(opened.source, await opened.source.resolve(opened.reference));
  return { documents: await documentsFor(opened.source, list), events };
}

function expectNewest({ documents }: { documents: ImageDocuments }, newest: JsonDescriptor): void {
  expect(documents.indexes).toMatchObject([
    {
      outcome: { winners: [{ kind: "document", artifact: newest.digest, revision: 12, dialect: "native" }] },
    },
  ]);
  expect(documents.indexes[0]?.others.map(({ why }) => why)).toEqual(["older-revision", "older-revision"]);
  const [first, second] = documents.candidates.map(({ outcome }) => outcome);
  expect(first).toEqual({ status: "none", looked: "index-and-referrers" });
  expect(
    second?.status === "winners" && second.winners[0].kind === "document"
      ? new TextDecoder().decode(second.winners[0].bytes)
      : second,
  ).toBe('{"on":"arm64"}');
}

describeWith("crane", "a registry with the referrers API (crane)", () => {
  let server: RegistryServer;
  const pushed = made();
  beforeAll(async () => {
    server = await startCrane();
    await pushed.content.push(`http://${server.host}`, "org/app");
  });
  afterAll(() => server?.stop());

  test("resolves a tag in one request, and by digest to the same", async () => {
    const { documents: found, events } = await documents(`${server.host}/org/app@${pushed.index.digest}`);
    expect(events[0]).toMatchObject({ method: "GET", path: `/v2/org/app/manifests/${pushed.index.digest}` });
    expect(found.indexes[0]?.subject).toBe(pushed.index.digest);
  });

  test("gives the documents that count", async () => {
    expectNewest(await documents(`${server.host}/org/app`), pushed.newest);
    expectNewest(await documents(`${server.host}/org/app`, { referrers: "api" }), pushed.newest);
  });

  test("says what it hasn't", async () => {
    const { source } = openSource(`${server.host}/org/app`, { credentials: NOBODY });
    expect((await rejection(source.resolve({ tag: "nope", digest: null }))).code).toBe("manifest-unknown");
    const blob = { mediaType: "application/json", digest: pushed.index.digest };
    expect((await rejection(source.blob(blob, 1000))).code).toBe("blob-unknown");
  });

  test("answers head with the digest", async () => {
    const { source, reference } = openSource(`${server.host}/org/app:latest`, { credentials: NOBODY });
    expect(await source.head(reference)).toEqual({ digest: pushed.index.digest, size: pushed.index.size });
  });
});

describeWith("docker-registry", "a registry without the referrers API (docker-registry)", () => {
  let server: RegistryServer;
  const pushed = made();
  for (const subject of [pushed.index, ...pushed.images]) {
    if (pushed.content.subjects.has(subject.digest)) pushed.content.tagReferrers(subject);
  }
  beforeAll(async () => {
    server = await startDockerRegistry();
    await pushed.content.push(`http://${server.host}`, "org/app");
  });
  afterAll(() => server?.stop());

  test("gives the documents that count, through the referrers tag", async () => {
    const found = await documents(`${server.host}/org/app`);
    expectNewest(found, pushed.newest);
    expect(found.events.filter(({ path }) => path.includes("/manifests/sha256-"))).toHaveLength(3);
  });

  test("says what it hasn't", async () => {
    const { source } = openSource(`${server.host}/org/other`, { credentials: NOBODY });
    expect((await rejection(source.resolve({ tag: "latest", digest: null }))).code).toBe("manifest-unknown");
  });

  test("answers head with the digest", async () => {
    const { source, reference } = openSource(`${server.host}/org/app:latest`, { credentials: NOBODY });
    expect(await source.head(reference)).toEqual({ digest: pushed.index.digest, size: pushed.index.size });
  });

  test("SR-3: gives what stands in the index with one request", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64, ARM64], () => ({
      annotations: { "io.hostfit.requirements": "{}" },
    }));
    content.tag("inline", index);
    await content.push(`http://${server.host}`, "org/inline");
    const found = await documents(`${server.host}/org/inline:inline`);
    expect(found.documents.candidates.map(({ outcome }) => outcome.status)).toEqual(["winners", "winners"]);
    expect(found.events).toHaveLength(1);
  });

  describeWith("skopeo", "filled by skopeo", () => {
    const skopeo = (...parameters: string[]): void => {
      execFileSync("skopeo", ["--insecure-policy", "copy", "--all", "--preserve-digests", ...parameters], { stdio: "pipe" });
    };

    test("gives the candidates of the layout that was copied", async () => {
      const folder = temporaryFolder();
      const content = new Content();
      const { index, images } = content.platforms([AMD64, ARM64]);
      content.tag("v1", index);
      content.writeLayout(folder);
      const to = `docker://${server.host}/org/copied`;
      skopeo("--dest-tls-verify=false", `oci:${folder}:v1`, `${to}:oci`);
      const { source, reference } = openSource(`${server.host}/org/copied:oci`, { credentials: NOBODY });
      const list = await candidatesOf(source, await source.resolve(reference));
      expect(list.root.digest).toBe(index.digest);
      expect(list.candidates.map(({ digest, platform }) => ({ digest, platform }))).toEqual([
        { digest: images[0]?.digest, platform: AMD64 },
        { digest: images[1]?.digest, platform: ARM64 },
      ]);
    });

    test("and what skopeo copies out of it is a layout that can be read", async () => {
      const back = join(temporaryFolder(), "back");
      skopeo("--src-tls-verify=false", `docker://${server.host}/org/app:latest`, `oci:${back}:v1`);
      const source = new LayoutSource(back);
      const list = await candidatesOf(source, await source.resolve({ tag: null, digest: null }));
      expect(list.root.digest).toBe(pushed.index.digest);
      expect(list.candidates.map(({ platform }) => platform)).toEqual([AMD64, ARM64]);
    });
  });
});
