import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Credentials, CredentialsProvider } from "../../src/registry/auth.ts";
import { isUnreachable } from "../../src/registry/errors.ts";
import type { RequestEvent } from "../../src/registry/http.ts";
import { MAX_MANIFEST_BYTES, MAX_REDIRECTS } from "../../src/registry/limits.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { type RegistryOptions, RegistrySource } from "../../src/registry/registry.ts";
import { Content, type JsonDescriptor } from "./content.ts";
import { type FakeOptions, FakeRegistry, type Fault } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";

const AMD64 = { os: "linux", architecture: "amd64" };
const ARM64 = { os: "linux", architecture: "arm64" };
const LATEST = { tag: "latest", digest: null };

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

interface Setting {
  readonly content: Content;
  readonly index: JsonDescriptor;
  readonly images: readonly JsonDescriptor[];
  readonly registry: FakeRegistry;
  readonly events: RequestEvent[];
  readonly waits: number[];
  source(options?: RegistryOptions): RegistrySource;
}

async function setting(fake: FakeOptions = {}): Promise<Setting> {
  const content = new Content();
  const { index, images } = content.platforms([AMD64, ARM64]);
  content.tag("latest", index);
  const registry = await FakeRegistry.start(content, fake);
  running.push(registry);
  const events: RequestEvent[] = [];
  const waits: number[] = [];
  const source = (options: RegistryOptions = {}): RegistrySource => {
    const reference = parseReference(`${registry.host}/org/app`);
    if (reference.kind !== "registry") throw new Error("unexpected reference");
    return new RegistrySource(reference, {
      onRequest: (event) => events.push(event),
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      random: () => 0.5,
      ...options,
    });
  };
  return { content, index, images, registry, events, waits, source };
}

function login(credentials: Credentials): CredentialsProvider {
  return { credentialsFor: () => Promise.resolve(credentials) };
}

describe("asking a registry", () => {
  test("a tag is one request, and its digest that of the bytes", async () => {
    const { source, index, events } = await setting();
    const resolved = await source().resolve(LATEST);
    expect(resolved.descriptor).toMatchObject({
      digest: index.digest,
      size: index.size,
      mediaType: index.mediaType,
    });
    expect(events).toMatchObject([
      { method: "GET", path: "/v2/org/app/manifests/latest", purpose: "manifest" },
    ]);
  });

  test("with tag and digest the digest decides", async () => {
    const { source, images, registry } = await setting();
    const digest = images[1]?.digest ?? null;
    expect((await source().resolve({ tag: "latest", digest })).descriptor.digest).toBe(digest);
    expect(registry.log).toEqual([`GET /v2/org/app/manifests/${digest}`]);
  });

  test("head asks for the digest alone", async () => {
    const { source, index, registry } = await setting();
    expect(await source().head(LATEST)).toEqual({ digest: index.digest, size: index.size });
    expect(registry.log).toEqual(["HEAD /v2/org/app/manifests/latest"]);
  });

  test("head falls back to GET where a registry doesn't tell the digest", async () => {
    const { source, index, registry } = await setting({
      fault: (request, response) => {
        if (request.method !== "HEAD") return false;
        response.writeHead(405).end();
        return true;
      },
    });
    expect(await source().head(LATEST)).toEqual({ digest: index.digest, size: index.size });
    expect(registry.log.map((line) => line.split(" ")[0])).toEqual(["HEAD", "GET"]);
  });

  test("what is asked for at once is fetched once, and what was verified is not fetched again", async () => {
    const { source, images, registry } = await setting();
    const target = { tag: null, digest: images[0]?.digest ?? null };
    const shared = source();
    await Promise.all(Array.from({ length: 10 }, () => shared.resolve(target)));
    await shared.resolve(target);
    expect(registry.log).toHaveLength(1);
  });

  test("a tag is asked for again, because it may have moved", async () => {
    const { source, registry } = await setting();
    const one = source();
    await one.resolve(LATEST);
    await one.resolve(LATEST);
    expect(registry.log).toHaveLength(2);
  });

  test("a caller who gives up leaves the others alone", async () => {
    const { source, images, registry } = await setting();
    const target = { tag: null, digest: images[0]?.digest ?? null };
    const shared = source();
    const controller = new AbortController();
    const given = shared.resolve(target, { signal: controller.signal });
    const kept = shared.resolve(target);
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    expect((await kept).descriptor.digest).toBe(target.digest);
    expect(registry.log).toHaveLength(1);
  });

  test("a caller who is alone ends the request with its own reason", async () => {
    const { source } = await setting({ fault: () => true });
    const controller = new AbortController();
    const promise = source().resolve(LATEST, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(promise).rejects.toThrow("enough");
  });

  test("a layer is refused without a request", async () => {
    const { source, content, registry } = await setting();
    const layer = content.blob("x", "application/vnd.docker.image.rootfs.diff.tar.gzip");
    expect((await rejection(source().blob(layer, 1000))).code).toBe("layer-refused");
    expect(registry.log).toEqual([]);
  });

  test("content that travels in its descriptor is used without a request, once verified", async () => {
    const { source, content, registry } = await setting();
    const blob = content.blob("{}", "application/json");
    const data = new TextEncoder().encode("{}");
    expect(await source().blob({ ...blob, data }, 10)).toEqual(data);
    const forged = new TextEncoder().encode("[]");
    expect((await rejection(source().blob({ ...blob, data: forged }, 10))).code).toBe("digest-mismatch");
    expect(registry.log).toEqual([]);
  });
});

describe("a registry that misbehaves", () => {
  const json = { "Content-Type": "application/vnd.oci.image.index.v1+json" };
  const cases: [string, Fault, string, RegistryOptions?][] = [
    [
      "breaks the body off",
      (_, response) => {
        response.writeHead(200, { ...json, "Content-Length": 1000 });
        response.write("{");
        setTimeout(() => response.destroy(), 5);
        return true;
      },
      "registry-unreachable",
    ],
    [
      "sends another content than its digest header says",
      (_, response) => {
        response.writeHead(200, { ...json, "Docker-Content-Digest": `sha256:${"0".repeat(64)}` });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "digest-mismatch",
    ],
    [
      "has a digest header that is none",
      (_, response) => {
        response.writeHead(200, {
          ...json,
          "Docker-Content-Digest": "sha256:\u001b[2J".replace("\u001b", "x"),
        });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "digest-invalid",
    ],
    [
      "sends a page",
      (_, response) => {
        response.writeHead(200, { "Content-Type": "text/html" });
        response.end("<html>log in</html>");
        return true;
      },
      "not-json",
    ],
    [
      "sends JSON that is no manifest",
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end('{"hello":"world"}');
        return true;
      },
      "manifest-invalid",
    ],
    [
      "sends what can be read as two things",
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end('{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}');
        return true;
      },
      "manifest-invalid",
    ],
    [
      "says another type than the manifest",
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/vnd.oci.image.manifest.v1+json" });
        response.end(
          '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
        );
        return true;
      },
      "manifest-invalid",
    ],
    [
      "sends a Docker schema 1 manifest",
      (_, response) => {
        response.writeHead(200, {
          "Content-Type": "application/vnd.docker.distribution.manifest.v1+prettyjws",
        });
        response.end('{"schemaVersion":1,"fsLayers":[]}');
        return true;
      },
      "manifest-unsupported",
    ],
    [
      "announces 4 MiB and a byte",
      (_, response) => {
        response.writeHead(200, { ...json, "Content-Length": MAX_MANIFEST_BYTES + 1 });
        response.end(" ".repeat(MAX_MANIFEST_BYTES + 1));
        return true;
      },
      "too-large",
    ],
    [
      "sends 4 MiB and a byte unannounced",
      (_, response) => {
        response.writeHead(200, json);
        response.end(" ".repeat(MAX_MANIFEST_BYTES + 1));
        return true;
      },
      "too-large",
    ],
    [
      "drips",
      (_, response) => {
        response.writeHead(200, json);
        const timer = setInterval(() => response.write(" "), 10);
        response.on("close", () => clearInterval(timer));
        return true;
      },
      "timeout",
      { timeoutMs: 150 },
    ],
    ["never answers", () => true, "timeout", { timeoutMs: 100 }],
    [
      "redirects in a circle",
      (request, response) => {
        response.writeHead(307, { Location: request.url ?? "/" }).end();
        return true;
      },
      "redirect-refused",
    ],
    [
      "redirects to another scheme",
      (_, response) => {
        response.writeHead(307, { Location: "file:///etc/passwd" }).end();
        return true;
      },
      "redirect-refused",
    ],
    [
      "redirects with a password",
      (_, response) => {
        response.writeHead(307, { Location: "http://user:secret@127.0.0.1/" }).end();
        return true;
      },
      "redirect-refused",
    ],
    [
      "demands a login again and again",
      (_, response) => {
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
        return true;
      },
      "unauthorized",
      { credentials: login({ kind: "password", username: "me", password: "secret" }) },
    ],
    [
      "demands a login of nobody",
      (_, response) => {
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
        return true;
      },
      "unauthorized",
    ],
    [
      "denies",
      (_, response) => {
        response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"no"}]}');
        return true;
      },
      "unauthorized",
    ],
    [
      "knows no such image",
      (_, response) => {
        response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"gone\\u001b[2J"}]}');
        return true;
      },
      "manifest-unknown",
    ],
    [
      "is in trouble",
      (_, response) => {
        response.writeHead(503).end("later");
        return true;
      },
      "registry-error",
    ],
    [
      "wants fewer requests",
      (_, response) => {
        response.writeHead(429, { "Retry-After": "3600" }).end();
        return true;
      },
      "rate-limited",
    ],
  ];
  test.each(cases)("%s", async (_, fault, code, options) => {
    const { source, registry } = await setting({ fault });
    const error = await rejection(source(options).resolve(LATEST));
    expect(error.code).toBe(code);
    expect(error.message).toContain(registry.host);
    expect(error.message).toContain("org/app");
    expect(`${error.message} ${error.help}`).not.toMatch(/secret|\u001b/);
  });

  test("sends other bytes under a digest", async () => {
    const { source, content, images } = await setting();
    const image = images[0] as JsonDescriptor;
    content.blobs.set(image.digest, new TextEncoder().encode(JSON.stringify({ schemaVersion: 2 })));
    const target = { tag: null, digest: image.digest };
    expect((await rejection(source().resolve(target))).code).toBe("digest-mismatch");
  });

  test("sends another size than the descriptor says", async () => {
    const { source, content } = await setting();
    const blob = content.blob("12345", "application/json");
    expect((await rejection(source().blob({ ...blob, size: 6 }, 100))).code).toBe("size-mismatch");
    expect((await rejection(source().blob({ ...blob, size: 3 }, 100))).code).toBe("too-large");
  });

  test("is not there at all", async () => {
    const { source, registry } = await setting();
    const one = source();
    await registry.stop();
    running.splice(0);
    const error = await rejection(one.resolve(LATEST));
    expect(error.code).toBe("registry-unreachable");
    expect(isUnreachable(error)).toBe(true);
    expect(error.details.code).toBe("ECONNREFUSED");
  });

  test("follows no more redirects than it says", async () => {
    const { source, registry } = await setting({
      fault: (request, response) => {
        response.writeHead(302, { Location: `${request.url}x` }).end();
        return true;
      },
    });
    await rejection(source().resolve(LATEST));
    expect(registry.log).toHaveLength(MAX_REDIRECTS + 1);
  });
});

describe("a registry that can't be reached", () => {
  test.each([
    ["ENOTFOUND", /name/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", /--plain-http/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", /NODE_EXTRA_CA_CERTS/],
    ["CERT_HAS_EXPIRED", /certificate/],
    ["ECONNREFUSED", /port/],
  ])("for %s is an error that says what to do, at once", async (code, help) => {
    let calls = 0;
    const fetch = (): Promise<never> => {
      calls++;
      const cause = Object.assign(new Error(`it says ${code}`), { code });
      return Promise.reject(new TypeError("fetch failed", { cause }));
    };
    const { source } = await setting();
    const error = await rejection(source({ fetch }).resolve(LATEST));
    expect(error).toMatchObject({ code: "registry-unreachable", details: { code } });
    expect(error.message).toContain(`it says ${code}`);
    expect(error.help).toMatch(help);
    expect(calls).toBe(1);
  });
});

describe("trying again", () => {
  function failing(times: number, status: number, headers: Record<string, string> = {}): Fault {
    let left = times;
    return (_, response) => {
      if (left-- <= 0) return false;
      response.writeHead(status, headers).end();
      return true;
    };
  }

  test.each([429, 500, 502, 503, 504, 408])("%i is tried again, each time later", async (status) => {
    const { source, index, waits } = await setting({ fault: failing(3, status) });
    expect((await source().resolve(LATEST)).descriptor.digest).toBe(index.digest);
    expect(waits).toEqual([150, 300, 600]);
  });

  test("as late as the registry says", async () => {
    const { source, waits } = await setting({ fault: failing(1, 429, { "Retry-After": "7" }) });
    await source().resolve(LATEST);
    expect(waits).toEqual([7000]);
  });

  test("not at all where the registry says an hour", async () => {
    const { source, waits, registry } = await setting({ fault: failing(1, 429, { "Retry-After": "3600" }) });
    const error = await rejection(source().resolve(LATEST));
    expect(error.details.retryAfterSeconds).toBe(3600);
    expect(waits).toEqual([]);
    expect(registry.log).toHaveLength(1);
  });

  test("a number of times, and then no more", async () => {
    const { source, registry } = await setting({ fault: failing(100, 503) });
    await rejection(source().resolve(LATEST));
    expect(registry.log).toHaveLength(4);
  });

  test.each([400, 404, 401, 501])("%i is final", async (status) => {
    const { source, registry } = await setting({ fault: failing(100, status) });
    await rejection(source().resolve(LATEST));
    expect(registry.log).toHaveLength(1);
  });

  test("a connection that broke is made again", async () => {
    let broken = false;
    const { source, index } = await setting({
      fault: (request) => {
        if (broken) return false;
        broken = true;
        request.socket.destroy();
        return true;
      },
    });
    expect((await source().resolve(LATEST)).descriptor.digest).toBe(index.digest);
  });
});

describe("logging in", () => {
  const password: Credentials = { kind: "password", username: "me", password: "p:ä" };

  /** Demands a bearer token from a token server beside the registry, as distribution's specification has it. */
  async function withTokens(
    options: { tokens?: string[]; expires?: number; scope?: boolean } = {},
    delay: (request: IncomingMessage) => number = () => 0,
  ) {
    const asked: { method: string; url: URL; authorization: string; body: string }[] = [];
    const tokens = options.tokens ?? ["good"];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        asked.push({
          method: request.method ?? "",
          url: new URL(request.url ?? "/", "http://token"),
          authorization: request.headers.authorization ?? "",
          body: Buffer.concat(chunks).toString(),
        });
        response.end(
          JSON.stringify({
            token: tokens.length > 1 ? tokens.shift() : tokens[0],
            expires_in: options.expires,
          }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    running.push({
      stop: async () => {
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      },
    });
    const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    const scope = options.scope === false ? "" : ',scope="repository:org/app:pull"';
    const made = await setting({
      fault: (request, response) => {
        if (request.headers.authorization === "Bearer good") return false;
        const challenge = `Bearer realm="${realm}",service="the registry"${scope}`;
        setTimeout(() => response.writeHead(401, { "WWW-Authenticate": challenge }).end(), delay(request));
        return true;
      },
    });
    return { ...made, asked };
  }

  test("with nobody's login takes a token, once for all requests", async () => {
    const { source, index, images, asked, registry } = await withTokens();
    const one = source();
    expect((await one.resolve(LATEST)).descriptor.digest).toBe(index.digest);
    await Promise.all(images.map(({ digest }) => one.resolve({ tag: null, digest })));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.authorization).toBe("");
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      service: "the registry",
      scope: "repository:org/app:pull",
    });
    expect(registry.authorizations).toEqual(["", "Bearer good", "Bearer good", "Bearer good"]);
  });

  test("many requests that are refused at once share one token", async () => {
    const { source, images, asked } = await withTokens();
    const one = source();
    await Promise.all(images.map(({ digest }) => one.resolve({ tag: null, digest })));
    expect(asked).toHaveLength(1);
  });

  test("a challenge without a scope gets this repository's", async () => {
    const { source, asked } = await withTokens({ scope: false });
    await source().resolve(LATEST);
    expect(asked[0]?.url.searchParams.get("scope")).toBe("repository:org/app:pull");
  });

  test("a password goes to the token server, the token to the registry", async () => {
    const { source, asked, registry } = await withTokens();
    await source({ credentials: login(password) }).resolve(LATEST);
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from("me:p:ä").toString("base64")}`);
    expect(registry.authorizations).toEqual(["", "Bearer good"]);
  });

  test("an identity token is exchanged by POST", async () => {
    const { source, asked } = await withTokens();
    await source({ credentials: login({ kind: "identity-token", token: "refresh me" }) }).resolve(LATEST);
    expect(asked[0]?.method).toBe("POST");
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toMatchObject({
      grant_type: "refresh_token",
      refresh_token: "refresh me",
      scope: "repository:org/app:pull",
    });
  });

  test("a token that the registry doesn't take is the end", async () => {
    const { source, asked, registry } = await withTokens({ tokens: ["bad"] });
    expect((await rejection(source().resolve(LATEST))).code).toBe("unauthorized");
    expect(asked).toHaveLength(1);
    expect(registry.log).toHaveLength(2);
  });

  test("Basic is answered with the password", async () => {
    const { source, index, registry } = await setting({
      fault: (request, response) => {
        if (request.headers.authorization !== undefined) return false;
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="r"' }).end();
        return true;
      },
    });
    const one = source({ credentials: login(password) });
    expect((await one.resolve(LATEST)).descriptor.digest).toBe(index.digest);
    await one.resolve(LATEST);
    const basic = `Basic ${Buffer.from("me:p:ä").toString("base64")}`;
    expect(registry.authorizations).toEqual(["", basic, basic]);
  });

  test("credentials never travel to another host, and aren't given there on demand", async () => {
    const elsewhere = await FakeRegistry.start(new Content(), {
      fault: (_, response) => {
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="mine"' }).end();
        return true;
      },
    });
    running.push(elsewhere);
    const other = elsewhere.host.replace("127.0.0.1", "localhost");
    const { source, registry } = await setting({
      fault: (request, response) => {
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { "WWW-Authenticate": 'Basic realm="r"' }).end();
        } else response.writeHead(307, { Location: `http://${other}/elsewhere` }).end();
        return true;
      },
    });
    const error = await rejection(source({ credentials: login(password) }).resolve(LATEST));
    expect(error.code).toBe("unauthorized");
    expect(registry.authorizations).toHaveLength(2);
    expect(elsewhere.authorizations).toEqual([""]);
  });

  test("a redirect to a store on another host is followed without credentials", async () => {
    const { content, index, source, registry } = await setting({
      fault: (request, response, url) => {
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { "WWW-Authenticate": 'Basic realm="r"' }).end();
          return true;
        }
        response.writeHead(307, {
          Location: `http://${store.host.replace("127.0.0.1", "localhost")}${url.pathname}?signature=1`,
        });
        response.end();
        return true;
      },
    });
    const store = await FakeRegistry.start(content);
    running.push(store);
    const resolved = await source({ credentials: login(password) }).resolve(LATEST);
    expect(resolved.descriptor.digest).toBe(index.digest);
    expect(store.authorizations).toEqual([""]);
    expect(registry.log).toHaveLength(2);
  });

  test("a host that a redirect leads to is asked for nothing else, whatever it demands", async () => {
    const elsewhere = await FakeRegistry.start(new Content(), {
      fault: (_, response) => {
        const realm = `http://${elsewhere.host}/token`;
        response.writeHead(401, { "WWW-Authenticate": `Basic realm="x", Bearer realm="${realm}"` }).end();
        return true;
      },
    });
    running.push(elsewhere);
    const { source, registry } = await setting({
      fault: (_, response) => {
        response.writeHead(307, { Location: `http://${elsewhere.host}/elsewhere` }).end();
        return true;
      },
    });
    expect((await rejection(source({ credentials: login(password) }).resolve(LATEST))).code).toBe(
      "unauthorized",
    );
    expect(elsewhere.log).toEqual(["GET /elsewhere"]);
    expect(registry.log).toHaveLength(1);
  });

  test("a request that is refused late uses the token that another got meanwhile", async () => {
    const { source, images, asked, registry } = await withTokens({}, (request) =>
      request.url?.endsWith(images[0]?.digest ?? "") === true && request.headers.authorization === undefined
        ? 50
        : 0,
    );
    const one = source();
    await Promise.all(images.map(({ digest }) => one.resolve({ tag: null, digest })));
    expect(asked).toHaveLength(1);
    expect(registry.log).toHaveLength(4);
  });

  test("a password that is no longer taken is not tried again", async () => {
    let open = true;
    const { source, registry } = await setting({
      fault: (request, response) => {
        if (open && request.headers.authorization !== undefined) return false;
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="r"' }).end();
        return true;
      },
    });
    const one = source({ credentials: login(password) });
    await one.resolve(LATEST);
    open = false;
    expect((await rejection(one.resolve(LATEST))).code).toBe("unauthorized");
    expect(registry.log).toHaveLength(3);
  });

  test.each([
    ["http://auth.example/token", "from TLS to plain HTTP"],
    ["https://169.254.169.254/token", "this machine or its link"],
    ["https://localhost/token", "this machine or its link"],
    ["file:///etc/passwd", "file:"],
    ["nonsense", "no usable token server"],
  ])("a token server at %s is not asked by a registry with TLS", async (realm, why) => {
    const asked: string[] = [];
    const fetch = (input: RequestInfo | URL): Promise<Response> => {
      asked.push(String(input));
      return Promise.resolve(
        new Response("", { status: 401, headers: { "WWW-Authenticate": `Bearer realm="${realm}"` } }),
      );
    };
    const reference = parseReference("registry.example/org/app");
    if (reference.kind !== "registry") throw new Error("unexpected reference");
    const error = await rejection(
      new RegistrySource(reference, { fetch, credentials: login(password) }).resolve(LATEST),
    );
    expect(error.message).toContain(why);
    expect(asked).toEqual(["https://registry.example/v2/org/app/manifests/latest"]);
  });

  test("events never show the query of a redirect", async () => {
    const { source, events } = await setting({
      fault: (request, response, url) => {
        if (url.searchParams.has("signature")) return false;
        response.writeHead(307, { Location: `${request.url}?signature=1` }).end();
        return true;
      },
    });
    await source().resolve(LATEST);
    expect(events).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain("signature");
  });
});

describe("referrers in a registry", () => {
  const TYPES = [
    "application/vnd.hostfit.requirements.v1",
    "application/vnd.nfd.image-compatibility.v1alpha1",
  ];

  test("are found through the API and the tag, once each", async () => {
    const { source, content, index, registry } = await setting();
    const inBoth = content.artifact(index, { revision: 1 });
    content.tagReferrers(index);
    const inApi = content.artifact(index, { revision: 2 });
    const found = await source().referrers(index.digest, TYPES);
    expect(found.descriptors.map(({ digest }) => digest)).toEqual([inBoth.digest, inApi.digest].sort());
    expect(found.from).toBe("api-and-tag");
    expect(registry.log).toHaveLength(2);
  });

  test("are found through the tag alone where there is no API, which is then not asked again", async () => {
    const { source, content, index, images, registry } = await setting({ referrersApi: false });
    const artifact = content.artifact(index);
    content.tagReferrers(index);
    const one = source();
    expect((await one.referrers(index.digest, TYPES)).descriptors).toMatchObject([
      { digest: artifact.digest },
    ]);
    expect((await one.referrers(images[0]?.digest ?? index.digest, TYPES)).descriptors).toEqual([]);
    expect(registry.log).toHaveLength(3);
  });

  test("are asked for in one place where the API is known to be whole", async () => {
    const { source, content, index, registry } = await setting();
    content.artifact(index);
    const found = await source({ referrers: "api" }).referrers(index.digest, TYPES);
    expect(found).toMatchObject({ from: "api", descriptors: [{}] });
    expect(registry.log).toHaveLength(1);
  });

  test("come in pages", async () => {
    const { source, content, index } = await setting({ pageSize: 2 });
    for (let revision = 0; revision < 7; revision++) content.artifact(index, { revision });
    expect((await source().referrers(index.digest, TYPES)).descriptors).toHaveLength(7);
  });

  test.each([true, false])(
    "of one type are filtered, whether the registry does so or not (%s)",
    async (filters) => {
      const { source, content, index, registry } = await setting({ filters });
      const native = content.artifact(index);
      content.artifact(index, { dialect: "nfd" });
      const found = await source().referrers(index.digest, TYPES.slice(0, 1));
      expect(found.descriptors.map(({ digest }) => digest)).toEqual([native.digest]);
      expect(registry.log.join()).toContain("artifactType=application%2Fvnd.hostfit");
    },
  );

  const index0 = { "Content-Type": "application/vnd.oci.image.index.v1+json" };
  test.each<[string, Fault, string]>([
    [
      "endless pages",
      (_, response, url) => {
        const page = Number(url.searchParams.get("p") ?? 0) + 1;
        response.writeHead(200, { ...index0, Link: `<${url.pathname}?p=${page}>; rel="next"` });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "page-limit",
    ],
    [
      "a page that names itself",
      (_, response, url) => {
        response.writeHead(200, { ...index0, Link: `<${url.pathname}?again>; rel=next` });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "page-limit",
    ],
    [
      "a next page on another host",
      (_, response) => {
        response.writeHead(200, { ...index0, Link: '<http://example.org/v2/x>; rel="next"' });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "redirect-refused",
    ],
    [
      "a second page that is missing",
      (_, response, url) => {
        if (url.searchParams.has("p")) response.writeHead(404).end();
        else {
          response.writeHead(200, { ...index0, Link: `<${url.pathname}?p=1>; rel="next"` });
          response.end('{"schemaVersion":2,"manifests":[]}');
        }
        return true;
      },
      "registry-error",
    ],
    [
      "an error",
      (_, response) => {
        response.writeHead(500).end();
        return true;
      },
      "registry-error",
    ],
    [
      "an entry that can't be read",
      (_, response) => {
        response.writeHead(200, index0).end('{"schemaVersion":2,"manifests":[{"digest":1}]}');
        return true;
      },
      "descriptor-invalid",
    ],
    [
      "no index",
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json" }).end("[]");
        return true;
      },
      "not-json",
    ],
  ])("with %s are an error, never a short list", async (_, fault, code) => {
    const { source, index } = await setting({
      fault: (request, response, url) =>
        url.pathname.includes("/referrers/") && fault(request, response, url),
    });
    expect((await rejection(source().referrers(index.digest, TYPES))).code).toBe(code);
  });

  test("an error of the tag is an error too", async () => {
    const { source, index } = await setting({
      fault: (_, response, url) => {
        if (!url.pathname.includes("/manifests/sha256-")) return false;
        response.writeHead(500).end();
        return true;
      },
    });
    expect((await rejection(source().referrers(index.digest, TYPES))).code).toBe("registry-error");
  });

  test("a page of a front end means that there is no API", async () => {
    const { source, content, index } = await setting({
      fault: (_, response, url) => {
        if (!url.pathname.includes("/referrers/")) return false;
        response.writeHead(200, { "Content-Type": "text/html" }).end("<html>");
        return true;
      },
    });
    const artifact = content.artifact(index);
    content.tagReferrers(index);
    const found = await source().referrers(index.digest, TYPES);
    expect(found).toMatchObject({ from: "tag", descriptors: [{ digest: artifact.digest }] });
  });
});
