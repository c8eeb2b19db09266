/** Debian's docker-registry behind a token server (distribution's "Token Authentication Specification"): everything that writes. */
import { execFileSync } from "node:child_process";
import { createSign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { describeWith, hasProgram } from "../tools.ts";
import { Content, temporaryFolder } from "./content.ts";
import { type RegistryServer, startTokenRegistry } from "./servers.ts";

const SERVICE = "registry.test";
const ISSUER = "issuer.test";
/** How long tokens last. */
const SECONDS = 300;
const NEEDS =
  '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"kernel.version":{"full":{"version":">=99"}}}}';

describeWith(
  hasProgram("openssl") ? "docker-registry" : "openssl",
  "a registry behind a token server",
  () => {
    const folder = temporaryFolder();
    const needs = join(folder, "needs.json");
    writeFileSync(needs, NEEDS);
    let tokens: Server;
    let server: RegistryServer;
    /** What was asked of the token server: who, and for what. */
    const asked: { readonly login: string; readonly scopes: readonly string[] }[] = [];

    beforeAll(async () => {
      const key = join(folder, "key.pem");
      const cert = join(folder, "cert.pem");
      const how = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=issuer"];
      execFileSync("openssl", ["req", "-x509", ...how, "-keyout", key, "-out", cert], { stdio: "pipe" });
      const issue = issuer(readFileSync(key, "utf8"), readFileSync(cert, "utf8"));
      tokens = createServer((request, response) => {
        const url = new URL(request.url ?? "", "http://tokens");
        const login = request.headers.authorization ?? "";
        const scopes = url.searchParams.getAll("scope").flatMap((scope) => scope.split(" "));
        asked.push({ login, scopes });
        // Whoever isn't known may read.
        const known = login === `Basic ${btoa("me:s3cret")}`;
        const token = issue(scopes, known ? ["pull", "push", "delete"] : ["pull"]);
        response.writeHead(200, { "Content-Type": "application/json" });
        response.end(JSON.stringify({ token, expires_in: SECONDS }));
      });
      await new Promise<void>((resolve) => tokens.listen(0, "127.0.0.1", resolve));
      const realm = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`;
      server = await startTokenRegistry({ realm, service: SERVICE, issuer: ISSUER, certificate: cert });
      await push("org/app", issue(["repository:org/app:pull,push"], ["pull", "push"]));
    });
    afterAll(async () => {
      tokens?.close();
      await server?.stop();
    });

    /** Pushes an image of one platform, with a token that was made for it. */
    async function push(repository: string, token: string): Promise<void> {
      const content = new Content();
      content.tag("1", content.platforms([{ os: "linux", architecture: "amd64" }]).index);
      const relay = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", async () => {
          const type = request.headers["content-type"];
          const answer = await fetch(`http://${server.host}${request.url}`, {
            method: request.method ?? "GET",
            headers: {
              Authorization: `Bearer ${token}`,
              ...(type === undefined ? {} : { "Content-Type": type }),
            },
            ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
          });
          const location = answer.headers.get("location");
          const path = location === null ? null : new URL(location, `http://${server.host}`);
          response.writeHead(
            answer.status,
            path === null ? {} : { Location: `${path.pathname}${path.search}` },
          );
          response.end(Buffer.from(await answer.arrayBuffer()));
        });
      });
      await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
      await content.push(`http://127.0.0.1:${(relay.address() as AddressInfo).port}`, repository);
      relay.closeAllConnections();
      relay.close();
    }

    const LOGIN = { env: { HOSTFIT_USERNAME: "me", HOSTFIT_PASSWORD: "s3cret", HOSTFIT_CACHE: "off" } };
    const NOBODY = { env: { HOSTFIT_CACHE: "off" } };
    const FACTS = ["--facts", "examples/hosts/gpu.yaml"];

    test("attach, push, embed and detach ask for what they need, and nobody's token writes", async () => {
      const image = `${server.host}/org/app:1`;
      expect((await hostfit(["attach", needs, image], NOBODY)).status).toBe(5);
      asked.splice(0);
      expect(await hostfit(["attach", needs, image], LOGIN)).toMatchObject({ status: 0 });
      expect(asked.every(({ login }) => login === `Basic ${btoa("me:s3cret")}`)).toBe(true);
      expect(asked.flatMap(({ scopes }) => scopes)).toContain("repository:org/app:pull,push");
      expect((await hostfit(["check", image, ...FACTS], NOBODY)).status).toBe(1);
      expect((await hostfit(["push", needs, `${server.host}/org/app:needs`], LOGIN)).status).toBe(0);
      expect((await hostfit(["embed", image, "--tag", "2"], LOGIN)).status).toBe(0);
      expect((await hostfit(["check", `${server.host}/org/app:2`, ...FACTS], NOBODY)).status).toBe(1);
      asked.splice(0);
      expect((await hostfit(["detach", "--all", image], LOGIN)).status).toBe(0);
      expect(asked.flatMap(({ scopes }) => scopes)).toContain("repository:org/app:pull,push,delete");
      expect((await hostfit(["check", image, ...FACTS], NOBODY)).status).toBe(0);
    });

    test("a token for two repositories mounts a blob from one into the other", async () => {
      asked.splice(0);
      const images = [`${server.host}/org/app:1`, `${server.host}/org/other:1`];
      const other = await hostfit(["push", needs, `${server.host}/org/other:1`], LOGIN);
      expect(other.status).toBe(0);
      const both = join(folder, "both.json");
      writeFileSync(both, NEEDS.replace(">=99", ">=98"));
      expect(await hostfit(["attach", both, ...images], LOGIN)).toMatchObject({ status: 0 });
      expect(asked.some(({ scopes }) => scopes.includes("repository:org/app:pull"))).toBe(true);
    });
  },
);

/** Issues tokens (JWT, RS256, with the certificate that the registry trusts) for those of the scopes that are granted. */
function issuer(key: string, certificate: string) {
  const x5c = [certificate.replace(/-----[^-]+-----|\s/g, "")];
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return (scopes: readonly string[], granted: readonly string[]): string => {
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.map((scope) => {
      const [type = "", name = "", actions = ""] = scope.split(":");
      return { type, name, actions: actions.split(",").filter((action) => granted.includes(action)) };
    });
    const times = { nbf: now - 10, iat: now, exp: now + SECONDS };
    const claims = { iss: ISSUER, sub: "me", aud: SERVICE, jti: String(Math.random()), access, ...times };
    const body = `${part({ typ: "JWT", alg: "RS256", x5c })}.${part(claims)}`;
    return `${body}.${createSign("RSA-SHA256").update(body).sign(key).toString("base64url")}`;
  };
}
