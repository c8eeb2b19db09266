/** Serves a page under a strict Content-Security-Policy, and waits for what the page posts. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Nothing but what the page needs: its own scripts, WebAssembly, workers, and requests to where it came from. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  wasm: "application/wasm",
};

export interface PageServer {
  readonly url: string;
  /** What was posted to /result. */
  readonly result: Promise<string>;
  close(): void;
}

/** Serves `files` by path (`/page.js`); `/` is a page that runs `script`. */
export async function servePage(
  files: Readonly<Record<string, string | Uint8Array>>,
  script: string,
  policy = POLICY,
): Promise<PageServer> {
  const page = `<!doctype html><html lang="en"><title>hostfit</title><script type="module" src="${script}"></script></html>`;
  let posted: (body: string) => void = () => undefined;
  const result = new Promise<string>((resolve) => {
    posted = resolve;
  });
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (request.method === "POST" && path === "/result") {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        response.end();
        posted(Buffer.concat(parts).toString());
      });
      return;
    }
    if (path === "/half.wasm") {
      // Announced whole, and cut off.
      const whole = files["/hostfit.wasm"] ?? "";
      response.writeHead(200, { "content-type": TYPES["wasm"], "content-length": whole.length });
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
      return;
    }
    const body = path === "/" ? page : files[path];
    const type = path === "/" ? "html" : path.slice(path.lastIndexOf(".") + 1);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": TYPES[type] ?? "application/octet-stream",
      "content-security-policy": policy,
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    result,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
