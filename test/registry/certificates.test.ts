import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer, type Server } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeFetch, withPlainFallback } from "../../src/registry/node-fetch.ts";
import { parseReference, type RegistryReference } from "../../src/registry/reference.ts";
import { RegistrySource } from "../../src/registry/registry.ts";
import { hostfit } from "../cli/harness.ts";
import { describeWith } from "../tools.ts";
import { Content, temporaryFolder } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";

function image(): Content {
  const content = new Content();
  content.tag("1", content.platforms([{ os: "linux", architecture: "amd64" }]).index);
  return content;
}

describeWith("openssl", "a registry that asks for a client certificate", () => {
  const folder = temporaryFolder();
  const file = (name: string): string => join(folder, name);
  let registry: FakeRegistry;
  let server: Server;
  let host = "";

  beforeAll(async () => {
    const openssl = (...parameters: string[]): void => {
      execFileSync("openssl", parameters, { cwd: folder, stdio: "pipe" });
    };
    const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl(
      "req",
      "-x509",
      ...ec,
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-days",
      "2",
      "-subj",
      "/CN=authority",
    );
    writeFileSync(file("san"), "subjectAltName=IP:127.0.0.1\n");
    for (const [name, more] of [
      ["server", ["-extfile", "san"]],
      ["client", []],
    ] as const) {
      openssl("req", ...ec, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
      const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
      openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signed, ...more);
    }
    registry = await FakeRegistry.start(image());
    const pem = (name: string): string => readFileSync(file(name), "utf8");
    server = createSecureServer(
      {
        cert: pem("server.pem"),
        key: pem("server.key"),
        ca: pem("ca.pem"),
        requestCert: true,
        rejectUnauthorized: true,
      },
      async (request, response) => {
        const answer = await fetch(`http://${registry.host}${request.url}`, {
          method: request.method ?? "GET",
        });
        const { "content-encoding": _encoding, ...headers } = Object.fromEntries(answer.headers);
        response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await registry?.stop();
  });

  const list = (env: Record<string, string>, ...more: string[]) =>
    hostfit(["list", `${host}/org/app:1`, ...more], { env: { HOSTFIT_CACHE: "off", ...env } });

  test("--cert and --key are shown to it", async () => {
    const how = ["--ca-file", file("ca.pem")];
    expect((await list({}, ...how)).status).toBe(5);
    expect(await list({}, ...how, "--cert", file("client.pem"), "--key", file("client.key"))).toMatchObject({
      status: 0,
    });
  });

  test.each(["home", "xdg"])(
    "what the machine keeps for it is used without being asked for: %s",
    async (where) => {
      const root = temporaryFolder();
      const base = where === "home" ? join(root, ".config") : root;
      const below = join(base, "containers", "certs.d", host);
      mkdirSync(below, { recursive: true });
      copyFileSync(file("ca.pem"), join(below, "ca.crt"));
      copyFileSync(file("client.pem"), join(below, "me.cert"));
      copyFileSync(file("client.key"), join(below, "me.key"));
      const env = where === "home" ? { HOME: root } : { XDG_CONFIG_HOME: root };
      expect(await list(env)).toMatchObject({ status: 0 });
      rmSync(join(below, "me.key"));
      const without = await list(env);
      expect(without.status).toBe(4);
      expect(without.stderr).toContain("me.cert has no key beside it");
    },
  );

  test("authorities of NODE_EXTRA_CA_CERTS stay beside those that are given", async () => {
    const other = join(folder, "other.pem");
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        join(folder, "other.key"),
        "-out",
        other,
        "-days",
        "2",
        "-subj",
        "/CN=other",
      ],
      { stdio: "pipe" },
    );
    const how = ["--ca-file", other, "--cert", file("client.pem"), "--key", file("client.key")];
    expect((await list({}, ...how)).status).toBe(5);
    expect(await list({ NODE_EXTRA_CA_CERTS: file("ca.pem") }, ...how)).toMatchObject({ status: 0 });
  });

  test("a client certificate is no other registry's business", async () => {
    const pem = (name: string): string => readFileSync(file(name), "utf8");
    const client = { cert: pem("client.pem"), key: pem("client.key") };
    const base = { ca: pem("ca.pem"), client, proxies: null, roots: [] };
    expect((await nodeFetch({ ...base, hosts: new Set([host]) })(`https://${host}/v2/`)).status).toBe(404);
    await expect(
      nodeFetch({ ...base, hosts: new Set(["a.example"]) })(`https://${host}/v2/`),
    ).rejects.toThrow();
  });
});

describe("a place that needn't speak TLS", () => {
  test("is asked without where it doesn't, and stays so", async () => {
    const registry = await FakeRegistry.start(image());
    const seen: string[] = [];
    const real = nodeFetch({ check: "skip", hosts: new Set([registry.host]), proxies: null, roots: [] });
    const fetch = withPlainFallback((input, init) => {
      seen.push(new URL(String(input)).protocol);
      return real(input, init);
    });
    const reference = parseReference(`${registry.host}/org/app`) as RegistryReference;
    const source = new RegistrySource(reference, { protocol: "https", fetch });
    const { descriptor } = await source.resolve({ tag: "1", digest: null });
    await source.referrers(descriptor.digest, []);
    expect(seen.slice(0, 3)).toEqual(["https:", "http:", "http:"]);
    expect(seen.slice(1)).not.toContain("https:");
    await registry.stop();
  });

  test("one that isn't there is told as that", async () => {
    const fetch = withPlainFallback(nodeFetch({ check: "skip", hosts: new Set(), proxies: null, roots: [] }));
    const source = new RegistrySource(parseReference("127.0.0.1:9/app") as RegistryReference, {
      protocol: "https",
      fetch,
      sleep: () => Promise.resolve(),
    });
    expect((await rejection(source.resolve({ tag: "1", digest: null }))).code).toBe("registry-unreachable");
  });
});

/** Ports that fetch never asks. */
const BAD_PORTS = [10080, 6669, 6668, 6667, 6666, 6665, 6000, 6566];

async function freeBadPort(): Promise<number> {
  for (const port of BAD_PORTS) {
    const server = createTcpServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise<void>((resolve) => server.close(() => resolve()));
    if (free) return port;
  }
  throw new Error("none of these ports is free");
}

describe("a port that fetch refuses", () => {
  test("is asked by the command line, and told of where fetch itself is used", async () => {
    const registry = await FakeRegistry.start(image());
    const port = await freeBadPort();
    const relay = createServer(async (request, response) => {
      const answer = await fetch(`http://${registry.host}${request.url}`);
      response
        .writeHead(answer.status, Object.fromEntries(answer.headers))
        .end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => relay.listen(port, "127.0.0.1", resolve));
    const reference = `127.0.0.1:${port}/org/app:1`;
    expect((await hostfit(["list", reference], { env: { HOSTFIT_CACHE: "off" } })).status).toBe(0);
    const source = new RegistrySource(parseReference(reference) as RegistryReference, { attempts: 1 });
    const error = await rejection(source.resolve({ tag: "1", digest: null }));
    expect(error.help).toContain("fetch asks no server on this port");
    relay.closeAllConnections();
    relay.close();
    await registry.stop();
  });
});
