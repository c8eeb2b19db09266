import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHelper } from "../../src/registry/credential-helper.ts";
import { CredentialFiles } from "../../src/registry/credentials.ts";
import { GivenLogin } from "../../src/registry/given-login.ts";
import { nodeFetch } from "../../src/registry/node-fetch.ts";
import { proxiesOf, proxyFor } from "../../src/registry/proxies.ts";
import { hostfit } from "../cli/harness.ts";
import { describeWith, hasProgram } from "../tools.ts";
import { Content, temporaryFolder } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";
import { type RegistryServer, startSecureRegistry } from "./servers.ts";

describe("a credential helper", () => {
  const folder = temporaryFolder();
  const helper = (name: string, script: string): void => {
    const file = join(folder, `docker-credential-${name}`);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const before = process.env.PATH;
  beforeAll(() => {
    process.env.PATH = `${folder}:${before}`;
    helper(
      "good",
      `read host; [ "$1" = get ] && printf '{"ServerURL":"%s","Username":"me","Secret":"of %s"}' "$host" "$host"`,
    );
    helper("token", `printf '{"Username":"<token>","Secret":"refresh"}'`);
    helper("none", `echo 'credentials not found in native keychain'; exit 1`);
    helper("broken", `echo 'secret-in-the-output'; exit 3`);
    helper("html", `echo '<html>secret</html>'`);
    helper("endless", `yes secret`);
  });
  afterAll(() => {
    process.env.PATH = before;
  });

  test.each([
    ["good", { kind: "password", username: "me", password: "of ghcr.io" }],
    ["token", { kind: "identity-token", token: "refresh" }],
    ["none", null],
  ])("%s gives its login", async (name, expected) => {
    expect(await runHelper(name, "ghcr.io")).toEqual(expected);
  });

  test.each(["broken", "html", "endless", "missing", "../evil", "a b", ""])(
    "%j is an error without what it wrote",
    async (name) => {
      const error = await rejection(runHelper(name, "ghcr.io"));
      expect(error.code).toBe("credentials-invalid");
      expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain("secret");
    },
  );

  test("is named by credHelpers for its host, by credsStore for all; a broken one leaves public images", async () => {
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify({ credHelpers: { "ghcr.io": "token" }, credsStore: "good" }));
    const provider = new CredentialFiles([file], runHelper);
    expect(await provider.credentialsFor("ghcr.io", "a")).toEqual({
      kind: "identity-token",
      token: "refresh",
    });
    expect(await provider.credentialsFor("docker.io", "library/a")).toMatchObject({
      password: "of https://index.docker.io/v1/",
    });
    writeFileSync(file, JSON.stringify({ credsStore: "broken" }));
    expect(await provider.credentialsFor("ghcr.io", "a")).toMatchObject({
      kind: "anonymous",
      because: expect.stringContaining("broken"),
    });
  });
});

describe("a login that was given", () => {
  test("is for the named registries alone", async () => {
    const others = { credentialsFor: () => Promise.resolve({ kind: "anonymous" as const }) };
    const login = { kind: "password" as const, username: "me", password: "s" };
    const given = new GivenLogin(["ghcr.io"], login, others);
    expect(await given.credentialsFor("ghcr.io", "a")).toBe(login);
    expect(await given.credentialsFor("evil.example", "a")).toEqual({ kind: "anonymous" });
  });
});

describe("proxies", () => {
  const url = (text: string): URL => new URL(text);
  test.each<[Record<string, string>, string, string | null]>([
    [{ HTTPS_PROXY: "http://p:1" }, "https://reg.example/", "p:1"],
    [{ https_proxy: "http://low:1", HTTPS_PROXY: "http://up:1" }, "https://reg.example/", "low:1"],
    [{ HTTP_PROXY: "p:1" }, "http://reg.example/", "p:1"],
    [{ HTTP_PROXY: "http://p:1" }, "https://reg.example/", null],
    [{ ALL_PROXY: "http://p:1" }, "https://reg.example/", "p:1"],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "reg.example" }, "https://reg.example/", null],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: ".example" }, "https://a.reg.example/", null],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "ample" }, "https://reg.example/", "p:1"],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "reg.example:5000" }, "https://reg.example/", "p:1"],
    [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, "https://reg.example/", null],
    [{ HTTP_PROXY: "http://p:1" }, "http://127.0.0.1:5000/", null],
    [{ HTTP_PROXY: "http://p:1" }, "http://localhost:5000/", null],
  ])("%j: %s goes through %j", (environment, target, expected) => {
    const settings = proxiesOf(environment);
    expect(settings === null ? null : (proxyFor(url(target), settings)?.host ?? null)).toBe(expected);
  });

  test("a value that is none is refused and not quoted", () => {
    expect(() => proxiesOf({ HTTPS_PROXY: "socks5://me:secret@p" })).toThrow(/HTTPS_PROXY is no URL/);
    expect(() => proxiesOf({ HTTPS_PROXY: "socks5://me:secret@p" })).not.toThrow(/secret/);
  });

  test("plain HTTP is asked of the proxy by its whole URL, with the proxy's login", async () => {
    const seen: string[] = [];
    const proxy: Server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"]}`);
      response.end("through");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    const fetch = nodeFetch({
      hosts: new Set(),
      roots: [],
      proxies: proxiesOf({ HTTP_PROXY: `http://me:s@127.0.0.1:${port}` }),
    });
    const answer = await fetch("http://reg.example/v2/", { redirect: "manual" });
    expect(await answer.text()).toBe("through");
    expect(seen).toEqual(["GET http://reg.example/v2/ Basic bWU6cw=="]);
    proxy.closeAllConnections();
    proxy.close();
  });
});

describeWith("docker-registry", "docker-registry with TLS and a login", () => {
  const folder = temporaryFolder();
  let server: RegistryServer;
  let image = "";
  const ca = join(folder, "ca.pem");
  beforeAll(async () => {
    if (!hasProgram("openssl")) throw new Error("openssl is needed");
    const openssl = (...argv: string[]): void => {
      execFileSync("openssl", argv, { cwd: folder, stdio: "pipe" });
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
      "/CN=test CA",
    );
    openssl("req", ...ec, "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=registry");
    writeFileSync(join(folder, "san"), "subjectAltName=IP:127.0.0.1,DNS:reg.example\n");
    openssl(
      "x509",
      "-req",
      "-in",
      "csr.pem",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-out",
      "cert.pem",
      "-days",
      "2",
      "-extfile",
      "san",
    );
    server = await startSecureRegistry(
      readFileSync(join(folder, "cert.pem"), "utf8"),
      readFileSync(join(folder, "key.pem"), "utf8"),
    );
    image = `${server.host}/org/app:1`;
    const content = new Content();
    const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
    content.tag("1", index);
    await pushThrough(
      content,
      server.host,
      "org/app",
      nodeFetch({ ca: readFileSync(ca, "utf8"), hosts: new Set(), proxies: null, roots: rootCertificates }),
    );
  });
  afterAll(() => server?.stop());

  /** Content.push speaks plain HTTP without a login: this is a relay that adds both. */
  async function pushThrough(
    content: Content,
    host: string,
    repository: string,
    fetch: typeof globalThis.fetch,
  ): Promise<void> {
    const relay = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        const answer = await fetch(`https://${host}${request.url}`, {
          method: request.method ?? "GET",
          headers: {
            Authorization: `Basic ${Buffer.from("me:s3cret").toString("base64")}`,
            ...(request.headers["content-type"] === undefined
              ? {}
              : { "Content-Type": request.headers["content-type"] }),
          },
          body: chunks.length === 0 ? null : Buffer.concat(chunks),
        });
        const location = answer.headers.get("location");
        const relative = location === null ? {} : { Location: location.replace(`https://${host}`, "") };
        response.writeHead(answer.status, relative);
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    await content.push(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`, repository);
    relay.closeAllConnections();
    relay.close();
  }

  const LOGIN = ["--username", "me", "--password-stdin"];

  test("--ca-file and a login reach it; without the authority nothing is sent", async () => {
    expect(await hostfit(["list", image, "--ca-file", ca, ...LOGIN], { stdin: "s3cret\n" })).toMatchObject({
      status: 0,
    });
    const unknown = await hostfit(["list", image, "--ca-file", join(folder, "key.pem"), ...LOGIN], {
      stdin: "s3cret",
    });
    expect(unknown.status).toBe(5);
    expect(unknown.stderr).toContain("certificate");
  });

  test("attach, judge, pull and detach with a login", async () => {
    const needs = join(folder, "needs.json");
    writeFileSync(
      needs,
      '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"cpu.cpuid":["AVX2"]}}',
    );
    const around = { stdin: "s3cret" };
    const how = ["--ca-file", ca, ...LOGIN];
    expect(await hostfit(["attach", needs, image, ...how], around)).toMatchObject({ status: 0 });
    expect(
      (await hostfit(["check", image, "--facts", "examples/hosts/old.yaml", ...how], around)).status,
    ).toBe(1);
    expect((await hostfit(["pull", image, ...how], around)).stdout).toBe(readFileSync(needs, "utf8"));
    expect((await hostfit(["detach", "--all", image, ...how], around)).status).toBe(0);
  });

  test("the environment's login is used, a wrong one is denied, and neither is shown", async () => {
    const env = { HOSTFIT_USERNAME: "me", HOSTFIT_PASSWORD: "s3cret" };
    expect((await hostfit(["list", image, "--ca-file", ca], { env })).status).toBe(0);
    const wrong = await hostfit(["list", image, "--ca-file", ca, ...LOGIN, "--debug"], { stdin: "wr0ng" });
    expect(wrong.status).toBe(5);
    expect(wrong.stderr).not.toContain("wr0ng");
  });

  test("--insecure doesn't check its certificate", async () => {
    expect((await hostfit(["list", image, "--insecure", ...LOGIN], { stdin: "s3cret" })).status).toBe(0);
  });

  test("through a proxy (CONNECT) the certificate is still checked", async () => {
    const seen: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      seen.push(request.url ?? "");
      const [, port] = server.host.split(":");
      const upstream = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const proxies = proxiesOf({ HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    const base = { hosts: new Set<string>(), proxies, roots: rootCertificates };
    const trusted = nodeFetch({ ...base, ca: readFileSync(ca, "utf8") });
    expect((await trusted("https://reg.example/v2/")).status).toBe(401);
    expect(seen).toEqual(["reg.example:443"]);
    await expect(nodeFetch(base)("https://reg.example/v2/")).rejects.toThrow("fetch failed");
    proxy.close();
  });

  test.each([
    [["--username", "me"], "belong together"],
    [["--cert", "x.pem"], "belong together"],
    [["--insecure", "--plain-http"], "contradict"],
  ])("%j is a mistake of usage", async (more, says) => {
    const { status, stderr } = await hostfit(["list", image, ...more]);
    expect(status).toBe(3);
    expect(stderr).toContain(says);
  });
});

test("a login that was given doesn't follow to another registry that an image leads to", async () => {
  const other = await FakeRegistry.start(new Content(), {
    fault: (_request, response) => {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
      return true;
    },
  });
  const folder = temporaryFolder();
  mkdirSync(join(folder, "home"));
  const layout = new Content();
  layout.tag("1", layout.platforms([{ os: "linux", architecture: "amd64" }]).index);
  const needs = join(folder, "needs.json");
  writeFileSync(needs, '{"apiVersion":"hostfit/v1.0","kind":"Requirements"}');
  const image = `oci:${layout.writeLayout(join(folder, "image"))}:1`;
  await hostfit(
    ["attach", needs, image, "--include", `${other.host}/a:1`, "--username", "me", "--password-stdin"],
    {
      stdin: "s3cret",
      env: { DOCKER_CONFIG: join(folder, "home") },
    },
  );
  expect(other.log.length).toBeGreaterThan(0);
  expect(other.authorizations.every((value) => value === "")).toBe(true);
  await other.stop();
});
