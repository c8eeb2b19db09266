/**
 * Changes the index under a referrers tag (distribution-spec v1.1, "Pushing Manifests with Subject" and "Deleting
 * Manifests"), where a registry has no referrers API.
 */
import { type ApiRequest, statusError, writeError } from "./api.ts";
import { mapBounded } from "./concurrency.ts";
import { type Digest, digestOf, isDigest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { isObject, type JsonObject, parseJsonObject } from "./json.ts";
import { CONCURRENCY, MAX_MANIFEST_BYTES, MAX_REFERRERS, MAX_TAG_UPDATES } from "./limits.ts";
import { readManifest } from "./manifest.ts";
import { MANIFEST_ACCEPT, OCI_INDEX } from "./media-types.ts";
import { referrersTagOf } from "./referrers-tag.ts";
import type { CallOptions } from "./source.ts";

/** What changing the list needs of a repository. */
export interface TagRepository {
  readonly name: string;
  readonly host: string;
  api(request: ApiRequest): Promise<HttpAnswer>;
}

/** How an update waits. */
export interface TagUpdateOptions extends CallOptions {
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** 0 up to 1. */
  readonly random: () => number;
}

/** A change of a list. */
export type TagChange =
  | { readonly kind: "add"; readonly digest: Digest; readonly entry: JsonObject }
  | { readonly kind: "remove"; readonly digest: Digest };

/** Milliseconds between two looks at a change, about. */
const MIN_PAUSE_MS = 80;
/** The pause in terms of the time that one read and write take: others are as slow as we are. */
const PAUSE_PER_TRIP = 4;
const MAX_LOOKS = 3;

/**
 * Makes a change, and makes it again until it stands.
 *
 * Registries are free to ignore `If-Match`, and then a writer that read the list before us and writes after us takes our
 * entry out again. So the list is read after it was written, several times with a pause between; whoever doesn't find
 * the change begins anew.
 *
 * @returns whether anything had to be written
 * @throws RegistryError `write-lost` after {@link MAX_TAG_UPDATES} attempts, `write-refused`, `too-many`
 */
export async function updateReferrersTag(
  repository: TagRepository,
  subject: Digest,
  change: TagChange,
  options: TagUpdateOptions,
): Promise<boolean> {
  const tag = referrersTagOf(subject);
  const where = `${repository.name}:${tag}`;
  let written = false;
  let looks = 0;
  let pause = MIN_PAUSE_MS;
  const gone = new Set<unknown>();
  for (let attempt = 1; attempt <= MAX_TAG_UPDATES; ) {
    const begun = Date.now();
    const current = await readTag(repository, tag, where, options);
    if (stands(current.entries, change)) {
      // Where there was nobody else, one more look is enough.
      if (!written || ++looks > Math.min(attempt, MAX_LOOKS)) return written;
    } else {
      // INVARIANT: nothing is waited for between the read and the write that builds on it.
      looks = 0;
      written = (await writeTag(repository, tag, where, current, change, gone, options)) || written;
      attempt++;
      pause = Math.max(pause, PAUSE_PER_TRIP * (Date.now() - begun));
      // Those who collided must not come back together.
      if (attempt > 2) await options.sleep(pause * options.random(), options.signal);
      continue;
    }
    await options.sleep(pause * (0.75 + options.random() / 2), options.signal);
  }
  throw new RegistryError("write-lost", `${where}: others keep changing this list of referrers`, {
    help: "Do it again when they have finished. What was written does no harm.",
    details: { host: repository.host, attempts: MAX_TAG_UPDATES },
  });
}

interface TagState {
  /** The whole index, so that what is not understood in it stays; null if there is none. */
  readonly body: JsonObject | null;
  readonly entries: readonly unknown[];
  readonly etag: string | null;
}

async function readTag(
  repository: TagRepository,
  tag: string,
  where: string,
  options: CallOptions,
): Promise<TagState> {
  const answer = await repository.api({
    method: "GET",
    path: `manifests/${tag}`,
    accept: OCI_INDEX,
    purpose: "referrers",
    limit: MAX_MANIFEST_BYTES,
    subject: where,
    signal: options.signal,
  });
  if (answer.status === 404) return { body: null, entries: [], etag: null };
  if (answer.status < 200 || answer.status > 299) {
    throw statusError(answer, repository.host, where, "manifest-unknown");
  }
  const manifest = readManifest(answer.body, answer.headers.get("content-type"), where);
  if (manifest.kind !== "index") {
    throw new RegistryError("manifest-invalid", `${where}: this tag should name a list of referrers`, {
      help: "Remove the tag, and attach again.",
    });
  }
  return {
    body: parseJsonObject(answer.body, where),
    entries: manifest.entries,
    etag: answer.headers.get("etag"),
  };
}

/**
 * Writes the list with a change, and without what is gone.
 *
 * @param gone entries whose manifests somebody deleted. Many registries take no index that names them: what is found out
 *   is added
 * @returns false if the list had changed meanwhile, or more of it is gone than was known
 */
async function writeTag(
  repository: TagRepository,
  tag: string,
  where: string,
  current: TagState,
  change: TagChange,
  gone: Set<unknown>,
  options: CallOptions,
): Promise<boolean> {
  const kept = current.entries.filter(
    (entry) => digestIn(entry) !== change.digest && !gone.has(digestIn(entry)),
  );
  const manifests = change.kind === "add" ? [...kept, change.entry] : kept;
  const body = { schemaVersion: 2, mediaType: OCI_INDEX, ...current.body, manifests };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  if (manifests.length > MAX_REFERRERS || bytes.length > MAX_MANIFEST_BYTES) {
    throw new RegistryError("too-many", `${where}: there is no room for another referrer`, {
      help: "Remove artifacts that are no longer needed.",
      details: { limit: MAX_REFERRERS },
    });
  }
  const condition: Readonly<Record<string, string>> =
    current.body === null
      ? { "If-None-Match": "*" }
      : current.etag === null
        ? {}
        : { "If-Match": current.etag };
  const answer = await repository.api({
    method: "PUT",
    path: `manifests/${tag}`,
    headers: { "Content-Type": OCI_INDEX, ...condition },
    body: bytes,
    purpose: "referrers",
    limit: MAX_MANIFEST_BYTES,
    subject: where,
    signal: options.signal,
  });
  if (answer.status === 412 || answer.status === 409) return false;
  if (answer.status === 400 || answer.status === 404) {
    const missing = await missingOf(repository, kept, options);
    for (const digest of missing) gone.add(digest);
    if (missing.length > 0) return false;
  }
  if (answer.status < 200 || answer.status > 299) throw writeError(answer, repository.host, where);
  const stored = answer.headers.get("docker-content-digest");
  if (stored?.startsWith("sha256:") === true && stored !== (await digestOf(bytes))) {
    throw new RegistryError("digest-mismatch", `${where}: the registry stored something else than was sent`, {
      help: "The registry, or a proxy before it, is broken.",
    });
  }
  return true;
}

/** Those of the entries whose manifests the repository says it doesn't have. */
async function missingOf(
  repository: TagRepository,
  entries: readonly unknown[],
  options: CallOptions,
): Promise<readonly Digest[]> {
  const digests = entries.map(digestIn).filter(isDigest);
  const found = await mapBounded(digests, CONCURRENCY, async (digest) => {
    const { status } = await repository.api({
      method: "HEAD",
      path: `manifests/${digest}`,
      accept: MANIFEST_ACCEPT,
      purpose: "manifest",
      limit: 0,
      subject: `${repository.name}@${digest}`,
      signal: options.signal,
    });
    return status === 404 ? digest : null;
  });
  return found.filter((digest) => digest !== null);
}

function stands(entries: readonly unknown[], change: TagChange): boolean {
  const listed = entries.some((entry) => digestIn(entry) === change.digest);
  return change.kind === "add" ? listed : !listed;
}

function digestIn(entry: unknown): unknown {
  return isObject(entry) ? entry.digest : undefined;
}
