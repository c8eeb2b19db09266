import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { attachDocument } from "../../src/author/publish/attach.ts";
import { detachDocuments } from "../../src/author/publish/detach.ts";
import { documentBlob } from "../../src/registry/artifact.ts";
import { candidatesOf } from "../../src/registry/candidates.ts";
import type { Digest } from "../../src/registry/digest.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import { openSource, openWriter } from "../../src/registry/open.ts";
import { parseReference } from "../../src/registry/reference.ts";
import type { RegistryOptions } from "../../src/registry/registry.ts";
import { Content } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";
import { TRANSPORTS, transport } from "./transports.ts";

const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A registry that takes what is pushed, until it is told to misbehave. */
async function setting(fake: FakeOptions = {}) {
  const content = new Content();
  const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
  content.tag("1", index);
  let fault: FakeOptions["fault"];
  const registry = await FakeRegistry.start(content, {
    writes: true,
    deletes: true,
    ...fake,
    fault: (request, response, url) => fault?.(request, response, url),
  });
  running.push(registry);
  const image = parseReference(`${registry.host}/org/app:1`);
  const options: RegistryOptions = {
    credentials: {
      credentialsFor: () => Promise.resolve({ kind: "password", username: "me", password: "s3cret" }),
    },
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    fetch: transport.fetch,
    timeoutMs: 1500,
    attempts: 2,
  };
  const attach = async (text = '{"a":1}') =>
    attachDocument({
      images: [image],
      open: (reference) => openWriter(reference, options).writer,
      which: { kind: "named" },
      compose: async () => ({
        document: await documentBlob(new TextEncoder().encode(text), "native"),
        included: [],
      }),
      title: "a.json",
      created: "2026-01-01T00:00:00Z",
      older: "keep",
      mode: "write",
    });
  const found = async (): Promise<string> => {
    const { source } = openSource(image, { ...options, cacheBytes: 0 });
    const documents = await documentsFor(source, await candidatesOf(source, await source.resolve(image)));
    const outcome = documents.indexes[0]?.outcome;
    if (outcome?.status !== "winners") return outcome?.status ?? "";
    return outcome.winners
      .map((one) => (one.kind === "document" ? new TextDecoder().decode(one.bytes) : one.error.code))
      .join();
  };
  return {
    content,
    index,
    registry,
    image,
    options,
    attach,
    found,
    misbehave: (how: FakeOptions["fault"]) => {
      fault = how;
    },
  };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end(body);
  };
const HANG: Answer = () => undefined;
const BREAK: Answer = (_request, response) => {
  response.destroy();
};
const isUploadStart = (request: IncomingMessage): boolean => request.method === "POST";
const isUpload = (request: IncomingMessage, url: URL): boolean =>
  request.method === "PUT" && url.pathname.includes("/blobs/");
const isManifest = (request: IncomingMessage, url: URL): boolean =>
  request.method === "PUT" && /\/manifests\/sha256:/.test(url.pathname);
const isTag = (request: IncomingMessage, url: URL): boolean =>
  request.method === "PUT" && /\/manifests\/sha256-/.test(url.pathname);
const isTagRead = (request: IncomingMessage, url: URL): boolean =>
  request.method === "GET" && /\/manifests\/sha256-/.test(url.pathname);
const ELSEWHERE = "http://127.0.0.1:9/x";
const WRONG = `sha256:${"0".repeat(64)}`;

/** What is hit, how, and the right error. */
const FAULTS: [
  what: string,
  when: (request: IncomingMessage, url: URL) => boolean,
  how: Answer,
  code: string,
][] = [
  ["an upload is refused", isUploadStart, status(403, {}, '{"errors":[{"code":"DENIED"}]}'), "unauthorized"],
  [
    "an upload demands a login that never helps",
    isUploadStart,
    status(401, { "WWW-Authenticate": 'Basic realm="x"' }),
    "unauthorized",
  ],
  ["an upload demands a login in no known way", isUploadStart, status(401), "unauthorized"],
  [
    "the token server is a file",
    isUploadStart,
    status(401, { "WWW-Authenticate": 'Bearer realm="file:///etc/passwd"' }),
    "redirect-refused",
  ],
  ["an upload has no place", isUploadStart, status(202), "registry-error"],
  ["an upload's place is no URL", isUploadStart, status(202, { Location: "http://[" }), "registry-error"],
  [
    "an upload's place is another scheme",
    isUploadStart,
    status(202, { Location: "ftp://x/y" }),
    "redirect-refused",
  ],
  [
    "an upload's place has a password in it",
    isUploadStart,
    status(202, { Location: "http://a:b@127.0.0.1/x" }),
    "redirect-refused",
  ],
  ["an upload's start is not found", isUploadStart, status(404), "write-refused"],
  ["an upload's start is a method that isn't allowed", isUploadStart, status(405), "write-refused"],
  ["an upload's start fails for ever", isUploadStart, status(500), "registry-error"],
  ["an upload's start is limited for ever", isUploadStart, status(429), "rate-limited"],
  [
    "an upload's start is to be repeated in an hour",
    isUploadStart,
    status(429, { "Retry-After": "3600" }),
    "rate-limited",
  ],
  ["an upload's start never answers", isUploadStart, HANG, "timeout"],
  ["an upload's start breaks off", isUploadStart, BREAK, "registry-unreachable"],
  [
    "an upload's start is redirected into a GET",
    isUploadStart,
    status(302, { Location: "/v2/" }),
    "redirect-refused",
  ],
  [
    "an upload's start is redirected in a circle",
    isUploadStart,
    status(307, { Location: "/v2/org/app/blobs/uploads/" }),
    "redirect-refused",
  ],
  [
    "an upload's start answers with a page",
    isUploadStart,
    status(200, { "Content-Type": "text/html" }, "<html>"),
    "write-refused",
  ],
  [
    "the content is refused",
    isUpload,
    status(400, {}, '{"errors":[{"code":"DIGEST_INVALID"}]}'),
    "write-refused",
  ],
  ["the content is too large for it", isUpload, status(413), "write-refused"],
  ["the content never arrives", isUpload, HANG, "timeout"],
  ["the content breaks off for ever", isUpload, BREAK, "registry-unreachable"],
  ["the content fails for ever", isUpload, status(503), "registry-error"],
  ["another content is stored", isUpload, status(201, { "Docker-Content-Digest": WRONG }), "digest-mismatch"],
  ["the content is redirected into a GET", isUpload, status(303, { Location: "/" }), "redirect-refused"],
  [
    "the manifest is refused",
    isManifest,
    status(400, {}, '{"errors":[{"code":"MANIFEST_INVALID"}]}'),
    "write-refused",
  ],
  ["the manifest's type is refused", isManifest, status(415), "write-refused"],
  ["the manifest is denied", isManifest, status(403), "unauthorized"],
  ["the manifest never arrives", isManifest, HANG, "timeout"],
  ["the manifest breaks off", isManifest, BREAK, "registry-unreachable"],
  ["the manifest fails for ever", isManifest, status(502), "registry-error"],
  [
    "another manifest is stored",
    isManifest,
    status(201, { "Docker-Content-Digest": WRONG }),
    "digest-mismatch",
  ],
  ["the list of referrers is refused", isTag, status(400), "write-refused"],
  ["the list of referrers is denied", isTag, status(403), "unauthorized"],
  ["the list of referrers breaks off", isTag, BREAK, "registry-unreachable"],
  ["the list of referrers never arrives", isTag, HANG, "timeout"],
  ["the list of referrers has always changed", isTag, status(412), "write-lost"],
  ["the list of referrers is stored and isn't there", isTag, status(201), "write-lost"],
  ["another list is stored", isTag, status(201, { "Docker-Content-Digest": WRONG }), "digest-mismatch"],
  [
    "the list of referrers is a page",
    isTagRead,
    status(200, { "Content-Type": "text/html" }, "<html>"),
    "not-a-registry",
  ],
  [
    "the list of referrers is an image",
    isTagRead,
    status(
      200,
      { "Content-Type": "application/vnd.oci.image.manifest.v1+json" },
      `{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"${WRONG}","size":1},"layers":[]}`,
    ),
    "manifest-invalid",
  ],
  ["the list of referrers can't be read", isTagRead, status(500), "registry-error"],
  [
    "the list of referrers is too large",
    isTagRead,
    status(200, { "Content-Length": "99999999" }),
    "too-large",
  ],
];

for (const [over, fetch] of TRANSPORTS) {
  describe(`over ${over}`, () => {
    beforeAll(() => {
      transport.fetch = fetch;
    });

    describe("attaching to a registry that misbehaves", () => {
      test.each(FAULTS)("%s", async (_what, when, how, code) => {
        const { attach, found, misbehave, registry } = await setting({ referrersApi: false });
        misbehave((request, response, url) => {
          if (!when(request, url)) return false;
          // The request is taken in first, so that breaking off is not the answer to sending.
          request.resume().on("end", () => how(request, response));
          return true;
        });
        const error = await rejection(attach());
        expect(error.code).toBe(code);
        expect(JSON.stringify([error.message, error.help, error.details])).not.toContain("s3cret");
        misbehave(undefined);
        // Nobody finds half a document, and doing it again does it.
        expect(await found()).toBe("none");
        expect((await attach())[0]?.outcome).toBe("attached");
        expect(await found()).toBe('{"a":1}');
        expect(registry.log.length).toBeLessThan(400);
      });

      test.each([429, 500, 502, 503, 504])("%i once, anywhere, is no harm", async (code) => {
        for (const when of [isUploadStart, isUpload, isManifest, isTag, isTagRead]) {
          const { attach, found, misbehave } = await setting({ referrersApi: false });
          let left = 1;
          misbehave((request, response, url) => {
            if (!when(request, url) || left-- <= 0) return false;
            request.resume().on("end", () => response.writeHead(code).end());
            return true;
          });
          expect((await attach())[0]?.outcome).toBe("attached");
          expect(await found()).toBe('{"a":1}');
        }
      });

      test.each(["DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN"])(
        "a blob that is not whole just now (%s) is waited for",
        async (code) => {
          const { attach, found, misbehave } = await setting({ referrersApi: false });
          let left = 2;
          misbehave((request, response, url) => {
            if (!isManifest(request, url) || left-- <= 0) return false;
            request
              .resume()
              .on("end", () => response.writeHead(400).end(JSON.stringify({ errors: [{ code }] })));
            return true;
          });
          expect((await attach())[0]?.outcome).toBe("attached");
          expect(await found()).toBe('{"a":1}');
        },
      );

      test("an upload to another host gets no login", async () => {
        const other = await FakeRegistry.start(new Content(), { writes: true });
        running.push(other);
        const { attach, misbehave, content } = await setting();
        misbehave((request, response) => {
          if (request.headers.authorization === undefined) {
            response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
            return true;
          }
          if (request.method !== "POST") return false;
          response.writeHead(202, { Location: `http://${other.host}/v2/org/app/blobs/uploads/1` }).end();
          return true;
        });
        await attach();
        expect(other.log.length).toBe(2);
        expect(other.authorizations).toEqual(["", ""]);
        expect(content.subjects.size).toBe(1);
      });

      test("a place elsewhere that can't be reached is an error, and no login goes there", async () => {
        const { attach, misbehave } = await setting();
        misbehave((request, response) => {
          if (request.method !== "POST") return false;
          response.writeHead(202, { Location: ELSEWHERE }).end();
          return true;
        });
        expect(["timeout", "registry-unreachable"]).toContain((await rejection(attach())).code);
      });
    });

    describe("a list of referrers", () => {
      test("is not written where the registry says that it lists the artifact", async () => {
        const { attach, registry, found } = await setting({ referrersApi: true });
        expect(await attach()).toMatchObject([{ listedBy: "api" }]);
        expect(
          registry.log.filter((line) => line.startsWith("PUT") && line.includes("manifests/sha256-")),
        ).toEqual([]);
        expect(await found()).toBe('{"a":1}');
      });

      test("is written where the registry has the API and doesn't say so", async () => {
        const { attach, content, index } = await setting({ referrersApi: true, ociSubject: false });
        expect(await attach()).toMatchObject([{ listedBy: "tag" }]);
        expect(content.tags.has(index.digest.replace(":", "-"))).toBe(true);
      });

      test("keeps what it doesn't understand, and is changed on a condition where there is an ETag", async () => {
        const { attach, content, index, registry } = await setting({
          referrersApi: false,
          conditional: true,
        });
        const other = content.index([], { annotations: { note: "of somebody" }, "x-unknown": [1.5] });
        content.tag(index.digest.replace(":", "-"), other);
        await attach();
        const tagged = content.tags.get(index.digest.replace(":", "-"))?.digest as Digest;
        const body = JSON.parse(new TextDecoder().decode(content.blobs.get(tagged)));
        expect(body).toMatchObject({ annotations: { note: "of somebody" }, "x-unknown": [1.5] });
        expect(body.manifests).toHaveLength(1);
        expect(
          registry.log.filter((line) => line.startsWith("PUT") && line.includes("sha256-")),
        ).toHaveLength(1);
      });

      test("a writer that was slower takes an entry out: it is put back", async () => {
        const { attach, content, index, found, misbehave } = await setting({ referrersApi: false });
        const tag = index.digest.replace(":", "-");
        let reads = 0;
        misbehave((request, _response, url) => {
          // Between our first and our second look somebody writes the list that they had read before us.
          if (isTagRead(request, url) && ++reads === 4) content.tag(tag, content.index([]));
          return false;
        });
        await attach();
        expect(reads).toBeGreaterThan(4);
        expect(await found()).toBe('{"a":1}');
      });
    });

    describe("detaching", () => {
      test("where the registry lists and doesn't delete is refused, and what was there stays", async () => {
        const { attach, image, options, found } = await setting({ deletes: false });
        await attach();
        const { writer } = openWriter(image, options);
        const error = await rejection(detachDocuments({ image, writer, what: "all", mode: "write" }));
        expect(error.code).toBe("write-refused");
        expect(await found()).toBe('{"a":1}');
      });

      test("where only a tag lists it, not being allowed to delete is no harm", async () => {
        const { attach, image, options, found } = await setting({ deletes: false, referrersApi: false });
        await attach();
        const { writer } = openWriter(image, options);
        expect(await detachDocuments({ image, writer, what: "all", mode: "write" })).toMatchObject([
          { outcome: "unlisted" },
        ]);
        expect(await found()).toBe("none");
      });
    });
  });
}
