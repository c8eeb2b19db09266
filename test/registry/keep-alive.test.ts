import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { HttpClient, type HttpRequest } from "../../src/registry/http.ts";
import { TRANSPORTS } from "./transports.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that counts connections: some of what it answers is an error, some a redirect. */
async function start(): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://here");
    if (pathname === "/moved") response.writeHead(307, { Location: "/", "Content-Length": 0 }).end();
    else {
      response.writeHead(pathname === "/missing" ? 404 : 200, { "Content-Length": 2 });
      response.end(request.method === "HEAD" ? undefined : "{}");
    }
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
  };
}

describe.each(TRANSPORTS)("over %s", (name, fetch) => {
  test("what is asked one after the other shares a connection", async () => {
    const { url, connections } = await start();
    const client = new HttpClient({ fetch });
    const about = { headers: {}, purpose: "manifest", limit: 100, subject: "here" } as const;
    const ask = (method: HttpRequest["method"], path: string) =>
      client.send({ ...about, method, url: new URL(path, url) });
    for (let round = 0; round < 4; round++) {
      expect((await ask("GET", "/")).status).toBe(200);
      expect((await ask("GET", "/missing")).status).toBe(404);
      expect((await ask("GET", "/moved")).status).toBe(200);
      // Node's fetch closes the connection of every HEAD (nodejs/undici, "client-h1.js").
      if (name === "fetch") continue;
      expect((await ask("HEAD", "/")).body).toHaveLength(0);
      expect((await ask("HEAD", "/missing")).status).toBe(404);
    }
    // After a redirect it may not be free again yet when the next request is made.
    expect(connections()).toBeLessThanOrEqual(name === "fetch" ? 2 : 1);
  });
});
