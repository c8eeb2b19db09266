import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OCI_INDEX } from "../../src/registry/media-types.ts";
import { type Content, type JsonDescriptor, sha256 } from "./content.ts";

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
  /** Whether it takes what is pushed; it refuses. */
  writes?: boolean;
  /** Whether it says `OCI-Subject`; if it has the API. */
  ociSubject?: boolean;
  /** Whether manifests have an ETag, and `If-Match` counts. */
  conditional?: boolean;
  /** Whether manifests can be deleted. */
  deletes?: boolean;
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
    if (request.method !== "GET" && request.method !== "HEAD") {
      this.#write(request, response, url);
      return;
    }
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
      ...(this.#options.conditional === true ? { ETag: `"${digest}"` } : {}),
    });
    response.end(bytes);
  }

  #write(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (this.#options.writes !== true) response.writeHead(405).end();
      else this.#written(request, response, url, Buffer.concat(chunks));
    });
  }

  #written(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
    const content = this.#content;
    const [, repository] = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url.pathname) ?? [];
    if (request.method === "POST") {
      const mount = url.searchParams.get("mount");
      const known = mount !== null && [...content.blobs.keys()].some((digest) => digest === mount);
      if (known) response.writeHead(201, { Location: `/v2/${repository}/blobs/${mount}` }).end();
      else response.writeHead(202, { Location: `/v2/${repository}/blobs/uploads/1?state=a%2Fb` }).end();
      return;
    }
    const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
    if (request.method === "DELETE") {
      if (this.#options.deletes !== true) response.writeHead(405).end();
      else {
        for (const [subject, entries] of content.subjects) {
          content.subjects.set(
            subject,
            entries.filter(({ digest }) => digest !== name),
          );
        }
        for (const digest of [...content.manifests.keys()])
          if (digest === name) content.manifests.delete(digest);
        response.writeHead(202).end();
      }
      return;
    }
    const digest = sha256(body);
    if (url.pathname.includes("/blobs/")) {
      if (url.searchParams.get("digest") !== digest) response.writeHead(400).end();
      else {
        content.blobs.set(digest, body);
        response.writeHead(201, { "Docker-Content-Digest": digest }).end();
      }
      return;
    }
    const current = content.tags.get(name)?.digest;
    const expected = request.headers["if-match"];
    const absent = request.headers["if-none-match"] === "*";
    if (this.#options.conditional === true) {
      const refused =
        (expected !== undefined && expected !== `"${current}"`) || (absent && current !== undefined);
      if (refused) {
        response.writeHead(412).end();
        return;
      }
    }
    const type = request.headers["content-type"] ?? "";
    const {
      mediaType: _type,
      digest: _digest,
      size: _size,
      ...rest
    } = JSON.parse(body.toString()) as Record<string, unknown>;
    if (!content.manifests.has(digest)) content.manifest(rest, type, body);
    if (name !== digest) content.tag(name, { mediaType: type, digest, size: body.length });
    const subject = (rest.subject as { digest?: string } | undefined)?.digest;
    const says = this.#options.ociSubject ?? this.#options.referrersApi !== false;
    response.writeHead(201, {
      "Docker-Content-Digest": digest,
      ...(subject !== undefined && says ? { "OCI-Subject": subject } : {}),
    });
    response.end();
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
