/**
 * `fetch` with what Node's own can't be told without a further package: authorities, client certificates, no check of
 * certificates, proxies. Node only. Redirects are left to the caller.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import type { HostCertificates } from "./host-certificates.ts";
import { type ProxySettings, proxyFor } from "./proxies.ts";

/** How connections are made. */
export interface Transport {
  /** Further authorities, PEM; those that the system knows stay. */
  readonly ca?: string | undefined;
  /** Who we are, PEM. Shown to {@link hosts} only. */
  readonly client?: { readonly cert: string; readonly key: string } | undefined;
  /** `skip` trusts whatever {@link hosts} show. Of other hosts (redirects, token servers) certificates are checked. */
  readonly check?: "skip" | "certificates" | undefined;
  /** The registries (with their ports, as in a URL) that the client certificate and `skip` are meant for. */
  readonly hosts: ReadonlySet<string>;
  readonly proxies: ProxySettings | null;
  /** The authorities that are trusted anyway. */
  readonly roots: readonly string[];
  /** What is kept for a host (with its port, as in a URL) by itself. */
  readonly certificatesOf?: ((host: string) => HostCertificates | null) | undefined;
}

/**
 * The same for a host that needn't speak TLS: where it doesn't, it is asked without. What it says first holds for all further
 * requests.
 */
export function withPlainFallback(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const plain = new Set<string>();
  const unsecured = (url: URL): URL => new URL(url.href.replace(/^https:/, "http:"));
  return async (input, init) => {
    const url = new URL(String(input));
    if (plain.has(url.host)) return fetch(unsecured(url), init);
    try {
      return await fetch(url, init);
    } catch (error) {
      const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
      if (url.protocol !== "https:" || !/^(?:ERR_SSL|EPROTO|ECONNRESET|ECONNREFUSED)/.test(cause?.code ?? ""))
        throw error;
      const answer = await fetch(unsecured(url), init);
      plain.add(url.host);
      return answer;
    }
  };
}

/** A `fetch` over `node:http` and `node:https` that keeps connections alive. */
export function nodeFetch(transport: Transport): typeof globalThis.fetch {
  const plain = new HttpAgent({ keepAlive: true });
  const agents = new Map<string, HttpsAgent>();
  const agentFor = (url: URL): HttpsAgent => {
    const known = agents.get(url.host);
    if (known !== undefined) return known;
    const agent = secureAgent(url, transport);
    agents.set(url.host, agent);
    return agent;
  };
  return (input, init = {}) => {
    const url = new URL(String(input));
    const proxy = transport.proxies === null ? null : proxyFor(url, transport.proxies);
    const secure = url.protocol === "https:";
    const headers: Record<string, string> = { ...(init.headers as Record<string, string> | undefined) };
    const body = init.body as string | Uint8Array | null | undefined;
    if (body !== null && body !== undefined) headers["Content-Length"] = String(Buffer.byteLength(body));
    else if (init.method === "POST" || init.method === "PUT") headers["Content-Length"] = "0";
    if (!secure && proxy !== null) Object.assign(headers, { Host: url.host, ...authorization(proxy) });
    const options = {
      method: init.method ?? "GET",
      headers,
      ...(init.signal == null ? {} : { signal: init.signal }),
    };
    return new Promise((resolve, reject) => {
      // INVARIANT: what is thrown in here rejects: a folder with broken certificates, a URL that can't be asked.
      const failed = (cause: unknown): void => reject(new TypeError("fetch failed", { cause }));
      const answered = (message: IncomingMessage): void => {
        try {
          resolve(toResponse(message, options.method));
        } catch (error) {
          message.destroy();
          failed(error);
        }
      };
      const request = secure
        ? httpsRequest(url, { ...options, agent: agentFor(url) }, answered)
        : proxy === null
          ? httpRequest(url, { ...options, agent: plain }, answered)
          : httpRequest(proxy, { ...options, agent: plain, path: url.href }, answered);
      request.on("error", failed);
      request.end(body ?? undefined);
    });
  };
}

function secureAgent(url: URL, transport: Transport): HttpsAgent {
  const { ca, client, check, hosts, proxies, roots } = transport;
  const meant = hosts.has(url.host);
  const own = transport.certificatesOf?.(url.host) ?? null;
  const authorities = [...(ca === undefined ? [] : [ca]), ...(own?.ca ?? [])];
  const tls = {
    ...(authorities.length === 0 ? {} : { ca: [...roots, ...authorities] }),
    ...(own?.client ?? {}),
    ...(client === undefined || !meant ? {} : client),
    ...(check === "skip" && meant ? { rejectUnauthorized: false } : {}),
  };
  const agent = new HttpsAgent({ keepAlive: true, ...tls });
  const proxy = proxies === null ? null : proxyFor(url, proxies);
  if (proxy === null) return agent;
  const tunnelled = agent as unknown as {
    createConnection(options: object, done: (error: Error | null, socket?: TLSSocket) => void): void;
  };
  tunnelled.createConnection = (_options, done) => {
    tunnel(url, proxy).then(
      (socket) => {
        const secured = tlsConnect({ ...tls, socket, servername: url.hostname.replace(/^\[|\]$/g, "") });
        secured.once("secureConnect", () => done(null, secured));
        secured.once("error", done);
      },
      (error: Error) => done(error),
    );
  };
  return agent;
}

/** A connection through the proxy (RFC 9110, section 9.3.6). */
function tunnel(url: URL, proxy: URL): Promise<Socket> {
  const target = `${url.hostname}:${url.port || "443"}`;
  return new Promise((resolve, reject) => {
    const ask = proxy.protocol === "https:" ? httpsRequest : httpRequest;
    const request = ask(proxy, {
      method: "CONNECT",
      path: target,
      headers: { Host: target, ...authorization(proxy) },
      agent: false,
    });
    request.once("connect", (answer, socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error(`the proxy ${proxy.host} answers ${answer.statusCode} to CONNECT`));
      }
    });
    request.once("error", reject);
    request.end();
  });
}

function authorization(proxy: URL): Readonly<Record<string, string>> {
  if (proxy.username === "") return {};
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

function toResponse(message: IncomingMessage, method: string): Response {
  const headers = new Headers();
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2) {
    headers.append(message.rawHeaders[at] ?? "", message.rawHeaders[at + 1] ?? "");
  }
  const status = message.statusCode ?? 0;
  const bodyless = method === "HEAD" || status === 204 || status === 205 || status === 304;
  if (bodyless) message.resume();
  const body = bodyless ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}
