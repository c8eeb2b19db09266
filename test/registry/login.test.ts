import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test, vi } from "vitest";
import type { Credentials } from "../../src/registry/auth.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { RegistrySource } from "../../src/registry/registry.ts";
import { Content } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";
import { LATEST, login, running, setting } from "./setting.ts";

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

  test.each([
    [undefined, 54, 1],
    [undefined, 56, 2],
    [300, 200, 1],
    [300, 296, 2],
    [1, 54, 1],
    [1e9, 3596, 2],
  ])(
    "a token that lasts %s s is used for all requests after %i s: %i token",
    async (expires, seconds, count) => {
      const { source, asked } = await withTokens(expires === undefined ? {} : { expires });
      const one = source();
      const clock = vi.spyOn(Date, "now").mockReturnValue(0);
      try {
        await one.resolve(LATEST);
        clock.mockReturnValue(seconds * 1000);
        await one.resolve(LATEST);
      } finally {
        clock.mockRestore();
      }
      expect(asked).toHaveLength(count);
    },
  );

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

  test.each([
    ["Basic", "me:pä", ["pä", "bWU6cMOk"]],
    ["Bearer", "", ["good"]],
  ])("what was sent (%s) is not shown, though the registry repeats it", async (scheme, pair, secrets) => {
    const repeating: FakeOptions = {
      fault: (request, response) => {
        const sent = request.headers.authorization;
        const realm = scheme === "Basic" ? 'Basic realm="r"' : "Bearer";
        if (sent === undefined) response.writeHead(401, { "WWW-Authenticate": realm }).end();
        else {
          const errors = [{ code: "DENIED", message: `not for ${sent} (${pair})` }];
          response.writeHead(request.method === "HEAD" ? 500 : 403).end(JSON.stringify({ errors }));
        }
        return true;
      },
    };
    const { source } = await setting(repeating);
    const given: Credentials =
      scheme === "Basic"
        ? { kind: "password", username: "me", password: "pä" }
        : { kind: "registry-token", token: "good" };
    const error = await rejection(source({ credentials: login(given) }).resolve(LATEST));
    expect(error).toMatchObject({ code: "unauthorized", message: expect.stringContaining("not for") });
    const shown = `${error.message} ${error.help} ${JSON.stringify(error.details)} ${error.stack}`;
    for (const secret of secrets) expect(shown).not.toContain(secret);
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
