import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import {
  NFD_ARTIFACT,
  NFD_DOCUMENT,
  REQUIREMENTS_ARTIFACT,
  REQUIREMENTS_DOCUMENT,
} from "../../src/registry/document-types.ts";
import { documentsFor, type ImageDocuments } from "../../src/registry/documents.ts";
import type { RequestEvent } from "../../src/registry/http.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { openSource } from "../../src/registry/open.ts";
import type { RegistryOptions } from "../../src/registry/registry.ts";
import { describeWith } from "../tools.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { rejection } from "./rejection.ts";
import {
  type RegistryServer,
  startCrane,
  startDockerRegistry,
  startReferrersRegistry,
  startZot,
} from "./servers.ts";

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

const REGISTRIES: readonly {
  program: string;
  title: string;
  start: () => Promise<RegistryServer>;
  hasApi: boolean;
}[] = [
  {
    program: "referrers-registry",
    title: "go-containerregistry's registry, with the referrers API",
    start: startReferrersRegistry,
    hasApi: true,
  },
  { program: "zot-registry", title: "zot, with the referrers API", start: startZot, hasApi: true },
  {
    program: "crane",
    title: "crane's registry, without the referrers API",
    start: startCrane,
    hasApi: false,
  },
  {
    program: "docker-registry",
    title: "Debian's docker-registry, without the referrers API",
    start: startDockerRegistry,
    hasApi: false,
  },
];

for (const { program, title, start, hasApi } of REGISTRIES) {
  describeWith(program, title, () => {
    let server: RegistryServer;
    const pushed = made();
    if (!hasApi) {
      for (const subject of [pushed.index, ...pushed.images]) {
        if (pushed.content.subjects.has(subject.digest)) pushed.content.tagReferrers(subject);
      }
    }
    beforeAll(async () => {
      server = await start();
      await pushed.content.push(`http://${server.host}`, "org/app");
    });
    afterAll(() => server?.stop());

    test("resolves a tag in one request, and by digest to the same", async () => {
      const events: RequestEvent[] = [];
      const { source } = openSource(`${server.host}/org/app`, {
        credentials: NOBODY,
        onRequest: (event) => events.push(event),
      });
      const { descriptor } = await source.resolve({ tag: "latest", digest: null });
      expect(descriptor.digest).toBe(pushed.index.digest);
      expect(events).toMatchObject([{ method: "GET", path: "/v2/org/app/manifests/latest" }]);
      const again = await source.resolve({ tag: null, digest: descriptor.digest });
      expect(again.descriptor).toEqual(descriptor);
    });

    test("answers head with the digest", async () => {
      const { source, reference } = openSource(`${server.host}/org/app:latest`, { credentials: NOBODY });
      expect(await source.head(reference)).toEqual({ digest: pushed.index.digest, size: pushed.index.size });
    });

    test("gives the documents that count", async () => {
      const both = await documents(`${server.host}/org/app`);
      expectNewest(both, pushed.newest);
      expect(both.events.filter(({ path }) => path.includes("/manifests/sha256-"))).toHaveLength(3);
      const api = await documents(`${server.host}/org/app`, { referrers: "api" });
      expectNewest(api, pushed.newest);
      const asked = api.events.filter(({ path }) => path.includes("/manifests/sha256-"));
      expect(asked).toHaveLength(hasApi ? 0 : 3);
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

    test("says what it hasn't", async () => {
      const { source } = openSource(`${server.host}/org/app`, { credentials: NOBODY });
      expect((await rejection(source.resolve({ tag: "nope", digest: null }))).code).toBe("manifest-unknown");
      const digest = `sha256:${"0".repeat(64)}` as const;
      expect((await rejection(source.resolve({ tag: null, digest }))).code).toBe("manifest-unknown");
      const blob = { mediaType: "application/json", digest };
      expect((await rejection(source.blob(blob, 1000))).code).toBe("blob-unknown");
      const other = openSource(`${server.host}/org/other`, { credentials: NOBODY });
      expect((await rejection(other.source.resolve(other.reference))).code).toBe("manifest-unknown");
    });

    describeWith("oras", "filled by oras attach", () => {
      test("gives what oras attached, of each type", async () => {
        const folder = temporaryFolder();
        const content = new Content();
        const { index } = content.platforms([AMD64]);
        content.tag("v1", index);
        await content.push(`http://${server.host}`, "org/attached");
        const attach = (artifactType: string, file: string, mediaType: string, text: string): void => {
          writeFileSync(join(folder, file), text);
          const image = `${server.host}/org/attached:v1`;
          const parameters = [
            "attach",
            "--plain-http",
            "--artifact-type",
            artifactType,
            image,
            `${file}:${mediaType}`,
          ];
          execFileSync("oras", parameters, {
            cwd: folder,
            stdio: "pipe",
            env: { ...process.env, HOME: folder },
          });
        };
        attach(NFD_ARTIFACT, "spec.yaml", NFD_DOCUMENT, "version: v1alpha1\n");
        const first = await documents(`${server.host}/org/attached:v1`);
        expect(first.documents.indexes).toMatchObject([
          { outcome: { winners: [{ dialect: "nfd", origin: "attached", subject: index.digest }] } },
        ]);
        attach("application/spdx+json", "sbom.json", "application/spdx+json", "{}");
        attach(REQUIREMENTS_ARTIFACT, "doc.json", REQUIREMENTS_DOCUMENT, "{}");
        const { documents: found } = await documents(`${server.host}/org/attached:v1`);
        const [{ outcome, others } = { outcome: null, others: [] }] = found.indexes;
        const seen = [...(outcome?.status === "winners" ? outcome.winners : []), ...others];
        expect(
          seen.map(({ origin, artifact, created }) => [origin, artifact !== null, created !== null]),
        ).toEqual([
          ["attached", true, true],
          ["attached", true, true],
        ]);
      });
    });

    describeWith("skopeo", "filled by skopeo", () => {
      const skopeo = (...parameters: string[]): void => {
        execFileSync("skopeo", ["--insecure-policy", "copy", "--all", "--preserve-digests", ...parameters], {
          stdio: "pipe",
        });
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
}
