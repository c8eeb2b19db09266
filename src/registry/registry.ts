import { type ApiRequest, registrySays, statusError } from "./api.ts";
import { ANONYMOUS, Authorizer } from "./auth.ts";
import { ContentCache } from "./content-cache.ts";
import type { ContentStore } from "./content-store.ts";
import { type Descriptor, embeddedContent, plainDescriptor, readDescriptor } from "./descriptor.ts";
import { type Digest, isDigest, verifyContent } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { ExpectedReferrers } from "./expected-referrers.ts";
import { type HttpAnswer, HttpClient } from "./http.ts";
import { isObject } from "./json.ts";
import { CONTENT_CACHE_BYTES, MAX_BLOB_BYTES, MAX_MANIFEST_BYTES } from "./limits.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { headerMismatch, readTagged, sameSize, verifiedDigest } from "./manifest-answer.ts";
import { isImageConfigType, MANIFEST_ACCEPT } from "./media-types.ts";
import { apiHostOf, isLoopback, nameOf, type RegistryReference } from "./reference.ts";
import { RegistryReferrers } from "./referrers.ts";
import type { RegistryOptions } from "./registry-options.ts";
import { SingleFlight } from "./single-flight.ts";
import {
  admitBlob,
  admitManifest,
  type BlobRequest,
  type CallOptions,
  type Memory,
  type Referrers,
  type Resolved,
  type ResolveOptions,
  type Source,
  type Target,
} from "./source.ts";

export type { Location, Locations, RegistryOptions } from "./registry-options.ts";

/**
 * One repository of a registry, over the distribution API (distribution-spec v1.1). Only `fetch` and Web Crypto are
 * needed, so it runs in browsers and workers too.
 */
export class RegistrySource implements Source {
  readonly kind = "registry";
  readonly name: string;
  readonly #repository: string;
  readonly #base: URL;
  readonly #http: HttpClient;
  readonly #auth: Authorizer;
  readonly #referrers: RegistryReferrers;
  readonly #cache: ContentCache;
  readonly #store: ContentStore | null;
  readonly #offline: boolean;
  readonly #flights = new SingleFlight<Fetched>();
  readonly #expected: ExpectedReferrers;

  /** @param reference the repository; its tag and digest don't matter here */
  constructor(reference: RegistryReference, options: RegistryOptions = {}) {
    this.name = nameOf(reference);
    this.#repository = reference.repository;
    const host = apiHostOf(reference);
    const protocol = options.protocol ?? "auto";
    const plain = protocol === "http" || (protocol === "auto" && isLoopback(host));
    this.#base = new URL(`${plain ? "http" : "https"}://${host}/`);
    this.#http = new HttpClient(options);
    this.#auth = new Authorizer(this.#http, options.credentials ?? ANONYMOUS, {
      domain: reference.domain,
      repository: reference.repository,
      base: this.#base,
      actions: ACTIONS[options.access ?? "read"],
    });
    this.#cache = new ContentCache(options.cacheBytes ?? CONTENT_CACHE_BYTES);
    this.#store = options.store ?? null;
    this.#offline = options.network === "offline";
    this.#referrers = new RegistryReferrers(this, options.referrers ?? "api-and-tag");
    this.#expected = new ExpectedReferrers(this.name, this.#store, ({ subject, artifactTypes }, signal) =>
      this.#listedReferrers(subject, artifactTypes, { signal }),
    );
  }

  get memory(): Memory | undefined {
    const store = this.#store;
    if (store === null) return undefined;
    return {
      name: this.name,
      recall: (name) => store.recall(name),
      note: (name, seen) => store.note(name, seen),
    };
  }

  /** The registry's API host, for messages. */
  get host(): string {
    return this.#base.host;
  }

  /** The path below the host. */
  get repository(): string {
    return this.#repository;
  }

  /** Makes logins reach another repository of the same registry, to mount its blobs. */
  alsoReads(repository: string): void {
    this.#auth.alsoReads(repository);
  }

  async resolve(target: Target, options: ResolveOptions = {}): Promise<Resolved> {
    const { expecting } = options;
    if (expecting === undefined || this.#offline) return this.#resolve(target, options);
    const seen = await this.#seen(target);
    if (seen !== null) {
      const { digest } = seen.descriptor;
      this.#expected.begin(digest, listedIn(seen.manifest), await this.#expected.recall(digest));
      if (target.digest !== null || (await this.head(target, options)).digest === digest) return seen;
      this.#expected.end(digest);
    }
    const resolved = await this.#resolve(target, options);
    const { descriptor, manifest } = resolved;
    // An image's config is the next question, its referrers the one after: they can go out together.
    const isImage = manifest.kind === "manifest" && isImageConfigType(manifest.config.mediaType);
    const own = { subject: descriptor.digest, artifactTypes: expecting };
    this.#expected.begin(descriptor.digest, listedIn(manifest), isImage ? [own] : []);
    return resolved;
  }

  settle(root: Digest): void {
    this.#expected.end(root);
  }

  /** What a target was when it was last seen, if the store still has it. */
  async #seen(target: Target): Promise<Resolved | null> {
    if (this.#store === null) return null;
    const digest = target.digest ?? (await this.#store.recall(`tag ${this.#where(target.tag ?? "latest")}`));
    const kept = isDigest(digest) ? await this.#store.get(digest) : undefined;
    if (kept === undefined || !isDigest(digest)) return null;
    const manifest = readManifest(kept.bytes, kept.mediaType, this.#where(digest), "content");
    const descriptor = plainDescriptor(manifest.mediaType, digest, kept.bytes.length);
    return { descriptor, bytes: kept.bytes, manifest };
  }

  async #resolve(target: Target, options: CallOptions): Promise<Resolved> {
    const reference = target.digest ?? (await this.#tagged(target.tag ?? "latest"));
    const { bytes, mediaType, digest } = await this.#manifest(reference, undefined, options);
    const manifest = readTagged(bytes, mediaType, this.#where(reference));
    if (!isDigest(reference)) await this.#store?.note(`tag ${this.#where(reference)}`, digest);
    return { descriptor: plainDescriptor(manifest.mediaType, digest, bytes.length), bytes, manifest };
  }

  async head(
    target: Target,
    options: CallOptions = {},
  ): Promise<{ readonly digest: Digest; readonly size: number | null }> {
    const reference = target.digest ?? (await this.#tagged(target.tag ?? "latest"));
    if (this.#offline && isDigest(reference)) return { digest: reference, size: null };
    const subject = this.#where(reference);
    const answer = await this.api({
      method: "HEAD",
      path: `manifests/${reference}`,
      accept: MANIFEST_ACCEPT,
      purpose: "manifest",
      limit: 0,
      subject,
      signal: options.signal,
    });
    const found = answer.headers.get("docker-content-digest");
    const succeeded = answer.status >= 200 && answer.status < 300;
    if (!succeeded || !isDigest(found)) {
      // Some registries answer HEAD without a digest, or not at all. GET tells the digest, or the reason.
      const { descriptor } = await this.#resolve(target, options);
      return { digest: descriptor.digest, size: descriptor.size };
    }
    if (target.digest !== null && found !== target.digest)
      throw headerMismatch(subject, target.digest, found);
    const length = Number(answer.headers.get("content-length") ?? Number.NaN);
    return { digest: found, size: Number.isSafeInteger(length) ? length : null };
  }

  async manifest(descriptor: Descriptor, options: CallOptions = {}): Promise<Resolved> {
    admitManifest(descriptor, this.name);
    const embedded = await embeddedContent(descriptor, this.name);
    const bytes = embedded ?? (await this.#manifest(descriptor.digest, descriptor.size, options)).bytes;
    // Fetched at most once, so the size may have been checked for another descriptor of the same digest.
    await sameSize(bytes, descriptor, this.name);
    const manifest = readManifest(bytes, descriptor.mediaType, this.#where(descriptor.digest), "content");
    return { descriptor: { ...descriptor, mediaType: manifest.mediaType }, bytes, manifest };
  }

  async blob(request: BlobRequest, limit: number, options: CallOptions = {}): Promise<Uint8Array> {
    admitBlob(request, limit, this.name);
    if (request.data !== undefined && request.data !== null) {
      await verifyContent(request.data, request, `${this.name} (data in its descriptor)`);
      return request.data;
    }
    const { digest } = request;
    const subject = this.#where(digest);
    const bounded = Math.min(limit, MAX_BLOB_BYTES);
    const { bytes } = await this.#once(`blob ${bounded} ${digest}`, digest, options, async (signal) => {
      const answer = await this.api({
        method: "GET",
        path: `blobs/${digest}`,
        purpose: "blob",
        // One byte more than is expected tells a longer blob from a right one.
        limit: request.size === undefined ? bounded : Math.min(bounded, request.size + 1),
        subject,
        signal,
      });
      await this.#admitStatus(answer, subject, "blob-unknown");
      await verifyContent(answer.body, request, this.name);
      return { bytes: answer.body, mediaType: null, digest };
    });
    await sameSize(bytes, request, this.name);
    return bytes;
  }

  async referrers(
    digest: Digest,
    artifactTypes: readonly string[],
    options: CallOptions = {},
  ): Promise<Referrers> {
    if (this.#offline) return this.#recalledReferrers(digest, artifactTypes);
    const expected = { subject: digest, artifactTypes };
    const listed =
      this.#expected.take(expected, options.signal) ?? this.#listedReferrers(digest, artifactTypes, options);
    await this.#expected.remember(expected);
    return listed;
  }

  async #listedReferrers(
    digest: Digest,
    artifactTypes: readonly string[],
    options: CallOptions,
  ): Promise<Referrers> {
    const listed = await this.#referrers.list(digest, artifactTypes, options);
    // Their `data` is kept by digest, if it is used at all.
    const descriptors = listed.descriptors.map((descriptor) => ({ ...descriptor, data: undefined }));
    await this.#store?.note(this.#referrersName(digest, artifactTypes), { ...listed, descriptors });
    return listed;
  }

  async #recalledReferrers(digest: Digest, artifactTypes: readonly string[]): Promise<Referrers> {
    const seen = await this.#store?.recall(this.#referrersName(digest, artifactTypes));
    if (!isObject(seen) || !Array.isArray(seen.descriptors)) {
      throw this.#notSeen(`${this.#where(digest)} (its referrers)`);
    }
    const descriptors = seen.descriptors.map((one, at) => readDescriptor(one, `/descriptors/${at}`));
    return { descriptors, from: "api-and-tag" };
  }

  #referrersName(digest: Digest, artifactTypes: readonly string[]): string {
    return `referrers ${this.#where(digest)} ${artifactTypes.join(" ")}`;
  }

  /** The tag; offline, what it was when it was last seen. */
  async #tagged(tag: string): Promise<string> {
    if (!this.#offline) return tag;
    const seen = await this.#store?.recall(`tag ${this.#where(tag)}`);
    if (isDigest(seen)) return seen;
    throw this.#notSeen(this.#where(tag));
  }

  #notSeen(what: string): RegistryError {
    return new RegistryError("offline", `${what}: it is not in the cache, and nobody is asked (offline)`, {
      help: "Ask once without --offline. Images in folders (oci:DIR) need no network at all.",
    });
  }

  /**
   * One request to the repository's API, logged in where the registry demands it. The answer may have any status but 401
   * and 403.
   *
   * @throws RegistryError `unauthorized`, and what {@link HttpClient.send} throws
   */
  async api(request: ApiRequest): Promise<HttpAnswer> {
    const url =
      typeof request.path === "string"
        ? new URL(`v2/${this.#repository}/${request.path}`, this.#base)
        : request.path;
    const send = (authorization: string | null): Promise<HttpAnswer> =>
      this.#http.send({
        method: request.method,
        url,
        headers: {
          ...request.headers,
          ...(request.accept === undefined ? {} : { Accept: request.accept }),
          ...(authorization === null ? {} : { Authorization: authorization }),
        },
        body: request.body,
        once: request.once,
        purpose: request.purpose,
        limit: request.limit,
        subject: request.subject,
        signal: request.signal,
      });
    if (this.#offline) throw this.#notSeen(request.subject);
    if (url.origin !== this.#base.origin) return send(null);
    const used = this.#auth.current();
    let answer = await send(used);
    if (answer.status === 401 && !answer.fromElsewhere) {
      answer = await send(await this.#auth.renew(answer, used, request.subject, request.signal));
    }
    if (answer.status === 401 || answer.status === 403) {
      throw await this.#auth.denied(answer.status, request.subject, registrySays(answer));
    }
    return answer;
  }

  /** A manifest by tag or digest, or the error that the answer stands for; null for 404. */
  async manifestIfPresent(reference: string, options: CallOptions): Promise<Resolved | null> {
    try {
      return await this.resolve(
        isDigest(reference) ? { tag: null, digest: reference } : { tag: reference, digest: null },
        options,
      );
    } catch (error) {
      if (error instanceof RegistryError && error.code === "manifest-unknown") return null;
      throw error;
    }
  }

  #where(reference: string): string {
    return `${this.name}${isDigest(reference) ? "@" : ":"}${reference}`;
  }

  #manifest(reference: string, size: number | undefined, options: CallOptions): Promise<Fetched> {
    const known = isDigest(reference) ? reference : null;
    const subject = this.#where(reference);
    return this.#once(`manifest ${reference}`, known, options, async (signal) => {
      const answer = await this.api({
        method: "GET",
        path: `manifests/${reference}`,
        accept: MANIFEST_ACCEPT,
        purpose: "manifest",
        limit: MAX_MANIFEST_BYTES,
        subject,
        signal,
      });
      await this.#admitStatus(answer, subject, "manifest-unknown");
      const digest = await verifiedDigest(answer, known, size, subject);
      return { bytes: answer.body, mediaType: answer.headers.get("content-type"), digest };
    });
  }

  /** Shares a fetch among those who ask at once, and keeps verified content by its digest. */
  async #once(
    key: string,
    digest: Digest | null,
    options: CallOptions,
    fetch: (signal: AbortSignal) => Promise<Fetched>,
  ): Promise<Fetched> {
    const kept = digest === null ? undefined : this.#cache.get(digest);
    if (kept !== undefined && digest !== null) return { ...kept, digest };
    return this.#flights.run(key, options.signal, async (signal) => {
      const stored = digest === null ? undefined : await this.#store?.get(digest);
      const fetched = stored === undefined || digest === null ? await fetch(signal) : { ...stored, digest };
      this.#cache.set(fetched.digest, fetched);
      if (stored === undefined) await this.#store?.set(fetched.digest, fetched);
      return fetched;
    });
  }

  async #admitStatus(
    answer: HttpAnswer,
    subject: string,
    missing: "manifest-unknown" | "blob-unknown",
  ): Promise<void> {
    if (answer.status >= 200 && answer.status < 300) return;
    throw statusError(answer, this.#base.host, subject, missing);
  }
}

const ACTIONS = { read: "pull", write: "pull,push", delete: "pull,push,delete" } as const;

/** Content and what came with it. */
interface Fetched {
  readonly bytes: Uint8Array;
  readonly mediaType: string | null;
  readonly digest: Digest;
}

function listedIn(manifest: Manifest): readonly Digest[] {
  if (manifest.kind !== "index") return [];
  return manifest.entries.flatMap((entry) =>
    isObject(entry) && isDigest(entry.digest) ? [entry.digest] : [],
  );
}
