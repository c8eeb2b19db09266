/** Writes into a repository of a registry (distribution-spec v1.1, "Push"). */
import { registrySays, writeError } from "./api.ts";
import { type Digest, isDigest } from "./digest.ts";
import { printable, RegistryError } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { MAX_ATTEMPTS, MAX_ERROR_BYTES, MAX_RETRY_WAIT_MS } from "./limits.ts";
import { admitTarget } from "./redirect.ts";
import { updateReferrersTag } from "./referrers-tag-update.ts";
import type { RegistrySource } from "./registry.ts";
import { isRetryableStatus, isTransient, retryDelay, sleep } from "./retry.ts";
import { SingleFlight } from "./single-flight.ts";
import type { CallOptions } from "./source.ts";
import type { BlobContent, BlobOutcome, ListedBy, ManifestContent, Writer } from "./writer.ts";

/** How a writer waits; for tests. */
export interface WriterOptions {
  readonly sleep?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  readonly random?: (() => number) | undefined;
}

/** One repository, to be written. */
export class RegistryWriter implements Writer {
  readonly source: RegistrySource;
  readonly #sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly #random: () => number;
  readonly #blobs = new SingleFlight<BlobOutcome>();

  /** @param source made with `access: "write"`, or "delete" */
  constructor(source: RegistrySource, options: WriterOptions = {}) {
    this.source = source;
    this.#sleep = options.sleep ?? sleep;
    this.#random = options.random ?? Math.random;
  }

  /** What several manifests share is written once. */
  putBlob(blob: BlobContent, from: string | null = null, options: CallOptions = {}): Promise<BlobOutcome> {
    return this.#blobs.run(blob.digest, options.signal, (signal) => this.#putBlob(blob, from, { signal }));
  }

  async #putBlob(blob: BlobContent, from: string | null, options: CallOptions): Promise<BlobOutcome> {
    const subject = `${this.source.name}@${blob.digest}`;
    if (await this.#has(blob.digest, subject, options)) return "present";
    for (let attempt = 1; ; attempt++) {
      let retryAfter: string | null = null;
      const outcome = await this.#upload(blob, from, subject, options).catch((error: unknown) => {
        if (attempt >= MAX_ATTEMPTS || !mayWorkLater(error)) throw error;
        const { retryAfterSeconds } = (error as RegistryError).details;
        if (typeof retryAfterSeconds === "number") retryAfter = String(retryAfterSeconds);
        return null;
      });
      if (outcome !== null) return outcome;
      // A session that broke off is of no use any more; but what was sent may have arrived.
      await this.#sleep(retryDelay(attempt, retryAfter, this.#random), options.signal);
      if (await this.#has(blob.digest, subject, options)) return "written";
    }
  }

  async putManifest(
    manifest: ManifestContent,
    tag: string | null,
    options: CallOptions = {},
  ): Promise<ListedBy> {
    const { digest, subject } = manifest;
    const where = `${this.source.name}${tag === null ? `@${digest}` : `:${tag}`}`;
    const put = (): Promise<HttpAnswer> =>
      this.source.api({
        method: "PUT",
        path: `manifests/${tag ?? digest}`,
        headers: { "Content-Type": manifest.mediaType },
        body: manifest.bytes,
        purpose: "manifest",
        limit: MAX_ERROR_BYTES,
        subject: where,
        signal: options.signal,
      });
    let answer = await put();
    for (let attempt = 1; attempt < MAX_ATTEMPTS && missesBlob(answer); attempt++) {
      await this.#sleep(retryDelay(attempt, null, this.#random), options.signal);
      answer = await put();
    }
    if (!succeeded(answer)) throw writeError(answer, this.source.host, where);
    this.#sameDigest(answer, digest, where);
    if (subject === null) return null;
    if (answer.headers.get("oci-subject") === subject) return "api";
    await updateReferrersTag(
      this.source,
      subject,
      { kind: "add", digest, entry: entryOf(manifest) },
      { sleep: this.#sleep, random: this.#random, signal: options.signal },
    );
    return "tag";
  }

  async removeReferrer(
    artifact: Digest,
    subject: Digest,
    options: CallOptions = {},
  ): Promise<"removed" | "unlisted"> {
    const where = `${this.source.name}@${artifact}`;
    // The list comes first: what is listed and not there would be an error to every reader.
    await updateReferrersTag(
      this.source,
      subject,
      { kind: "remove", digest: artifact },
      { sleep: this.#sleep, random: this.#random, signal: options.signal },
    );
    const answer = await this.source.api({
      method: "DELETE",
      path: `manifests/${artifact}`,
      purpose: "manifest",
      limit: MAX_ERROR_BYTES,
      subject: where,
      signal: options.signal,
    });
    if (succeeded(answer) || answer.status === 404) return "removed";
    const refused =
      answer.status === 405 || answer.status === 501 || registrySays(answer).startsWith("UNSUPPORTED");
    if (!refused) throw writeError(answer, this.source.host, where);
    const { descriptors } = await this.source.referrers(subject, [], options);
    if (!descriptors.some(({ digest }) => digest === artifact)) return "unlisted";
    throw new RegistryError(
      "write-refused",
      `${where}: ${this.source.host} lists it, and doesn't allow to delete it`,
      {
        help: "Attach a document that demands nothing: the higher revision counts. Or ask whoever runs the registry.",
        details: { host: this.source.host, status: answer.status },
      },
    );
  }

  async #has(digest: Digest, subject: string, options: CallOptions): Promise<boolean> {
    const answer = await this.source.api({
      method: "HEAD",
      path: `blobs/${digest}`,
      purpose: "blob",
      limit: 0,
      subject,
      signal: options.signal,
    });
    // Whatever else it may be, the upload will tell.
    return succeeded(answer);
  }

  /** Mounts the blob, or sends it in one piece. */
  async #upload(
    blob: BlobContent,
    from: string | null,
    subject: string,
    options: CallOptions,
  ): Promise<BlobOutcome> {
    const mount = from !== null && from !== this.source.repository;
    if (mount) this.source.alsoReads(from);
    const query = mount ? `?${new URLSearchParams({ mount: blob.digest, from }).toString()}` : "";
    const begun = await this.source.api({
      method: "POST",
      path: `blobs/uploads/${query}`,
      purpose: "blob",
      limit: MAX_ERROR_BYTES,
      subject,
      signal: options.signal,
    });
    if (mount && begun.status === 201) return "mounted";
    if (begun.status !== 202 && begun.status !== 201) throw writeError(begun, this.source.host, subject);
    const answer = await this.source.api({
      method: "PUT",
      path: this.#place(begun, blob.digest, subject),
      headers: { "Content-Type": "application/octet-stream" },
      body: blob.bytes,
      once: true,
      purpose: "blob",
      limit: MAX_ERROR_BYTES,
      subject,
      signal: options.signal,
    });
    if (!succeeded(answer)) throw writeError(answer, this.source.host, subject);
    this.#sameDigest(answer, blob.digest, subject);
    return "written";
  }

  /** Where the registry wants the blob to be sent to. */
  #place(begun: HttpAnswer, digest: Digest, subject: string): URL {
    const location = begun.headers.get("location");
    let place: URL | null = null;
    try {
      if (location !== null) place = new URL(location, begun.requested);
    } catch {
      // Told below.
    }
    if (place === null) {
      throw new RegistryError(
        "registry-error",
        `${subject}: ${this.source.host} doesn't say where to send it`,
        {
          help: "The registry is broken, or a proxy changed its answer.",
          details: { host: this.source.host, status: begun.status },
        },
      );
    }
    admitTarget(begun.requested, place, "a place to upload to", subject);
    place.searchParams.set("digest", digest);
    return place;
  }

  #sameDigest(answer: HttpAnswer, digest: Digest, subject: string): void {
    const stored = answer.headers.get("docker-content-digest");
    if (stored === null || !isDigest(stored) || stored === digest || !stored.startsWith("sha256:")) return;
    throw new RegistryError(
      "digest-mismatch",
      `${subject}: ${this.source.host} stored ${printable(stored, 140)} in place of what was sent`,
      { help: "The registry, or a proxy before it, is broken.", details: { digest, found: stored } },
    );
  }
}

function succeeded({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/**
 * Whether the registry says that a blob of the manifest isn't there, or isn't whole. They were written before, so this
 * passes: registries in files (distribution 2.8) rewrite a blob's link when somebody else uploads the same blob, and
 * whoever reads it just then finds it empty; replicated ones may be behind.
 */
function missesBlob(answer: HttpAnswer): boolean {
  if (answer.status !== 400 && answer.status !== 404) return false;
  return /^(?:DIGEST_INVALID|MANIFEST_BLOB_UNKNOWN|BLOB_UNKNOWN)/.test(registrySays(answer));
}

/** Whether a blob's upload may be begun again. */
function mayWorkLater(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  const { status, retryAfterSeconds } = error.details;
  if (error.code === "rate-limited") {
    return typeof retryAfterSeconds === "number" && retryAfterSeconds * 1000 <= MAX_RETRY_WAIT_MS;
  }
  if (error.code === "registry-unreachable") return isTransient(error);
  return error.code === "registry-error" && typeof status === "number" && isRetryableStatus(status);
}

/** A manifest as a list of referrers has it. */
function entryOf(manifest: ManifestContent): Readonly<Record<string, unknown>> {
  const { mediaType, digest, bytes, artifactType, annotations } = manifest;
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(artifactType === null ? {} : { artifactType }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}
