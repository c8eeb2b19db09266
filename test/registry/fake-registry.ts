import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OCI_INDEX } from "../../src/registry/media-types.ts";
import type { Content, JsonDescriptor } from "./content.ts";

/** What a test puts in the way of a request; true if it answered. */
export type Fault = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean | undefined;

/** Settings of a {@link FakeRegistry}. */
export interface FakeOptions {
  /** Answers before the registry does. */
  fault?: Fault;
  /** Whether it has the referrers API; it has. */
  referrersApi?: boolean;
  /** Entries of a page of referrers. */
  pageSize?: number;
  /** Whether it filters by artifactType. */
  filters?: boolean;
}

/** A registry on loopback that serves {@link Content} under any repository, and misbehaves as it is told. */
export class FakeRegistry {
  readonly #server: Server;
  readonly #content: Content;
  readonly #options: FakeOptions;
  /** Every request: `GET /v2/...`. */
  readonly log: string[] = [];
  /** The Authorization header of every request, "" if it had none. */
  readonly authorizations: string[] = [];

  private constructor(content: Content, options: FakeOptions) {
    this.#content = content;
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(content: Content, options: FakeOptions = {}): Promise<FakeRegistry> {
    const registry = new FakeRegistry(content, options);
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** `127.0.0.1:PORT`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", `http://${this.host}`);
    this.log.push(`${request.method} ${request.url}`);
    this.authorizations.push(request.headers.authorization ?? "");
    if (this.#options.fault?.(request, response, url) === true) return;
    const [, kind, name] = /^\/v2\/.+\/(manifests|blobs|referrers)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (kind === "manifests" && name !== undefined) this.#manifest(name, response);
    else if (kind === "blobs" && name !== undefined) this.#blob(name, response);
    else if (kind === "referrers" && name !== undefined && this.#options.referrersApi !== false) {
      this.#referrers(name, url, response);
    } else notFound(response);
  }

  #manifest(name: string, response: ServerResponse): void {
    const tagged = this.#content.tags.get(name)?.digest;
    const digest = [...this.#content.manifests.keys()].find((known) => known === (tagged ?? name));
    const bytes = digest === undefined ? undefined : this.#content.blobs.get(digest);
    if (digest === undefined || bytes === undefined) {
      notFound(response);
      return;
    }
    response.writeHead(200, {
      "Content-Type": this.#content.manifests.get(digest) ?? "",
      "Content-Length": bytes.length,
      "Docker-Content-Digest": digest,
    });
    response.end(bytes);
  }

  #blob(name: string, response: ServerResponse): void {
    const entry = [...this.#content.blobs].find(([digest]) => digest === name);
    if (entry === undefined) {
      notFound(response);
      return;
    }
    response.writeHead(200, {
      "Content-Type": "application/octet-stream",
      "Content-Length": entry[1].length,
    });
    response.end(entry[1]);
  }

  #referrers(name: string, url: URL, response: ServerResponse): void {
    const all: readonly JsonDescriptor[] =
      [...this.#content.subjects].find(([digest]) => digest === name)?.[1] ?? [];
    const type = url.searchParams.get("artifactType");
    const filtered = type !== null && this.#options.filters !== false;
    const fitting = filtered ? all.filter(({ artifactType }) => artifactType === type) : all;
    const size = this.#options.pageSize ?? Number.POSITIVE_INFINITY;
    const start = Number(url.searchParams.get("from") ?? 0);
    const more = start + size < fitting.length;
    if (more) {
      const next = new URL(url);
      next.searchParams.set("from", String(start + size));
      response.setHeader("Link", `<${next.pathname}${next.search}>; rel="next"`);
    }
    if (filtered) response.setHeader("OCI-Filters-Applied", "artifactType");
    response.writeHead(200, { "Content-Type": OCI_INDEX });
    response.end(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: fitting.slice(start, more ? start + size : undefined),
      }),
    );
  }
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "not here" }] }));
}
