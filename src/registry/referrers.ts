/**
 * Who refers to a manifest, in a registry (distribution-spec v1.1, "Listing Referrers" and "Unavailable Referrers API").
 */
import { type ApiRequest, registrySays, statusError } from "./api.ts";
import { type Descriptor, readDescriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { printable, RegistryError } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";
import { MAX_MANIFEST_BYTES, MAX_REFERRER_PAGES, MAX_REFERRERS } from "./limits.ts";
import { type IndexManifest, readManifest } from "./manifest.ts";
import { OCI_INDEX } from "./media-types.ts";
import { artifactTypeSaid, matchesArtifactTypes, referrersTagOf } from "./referrers-tag.ts";
import type { CallOptions, Referrers, Resolved } from "./source.ts";

/**
 * Where referrers are looked for.
 *
 * - `api-and-tag`: in both at once, and merged. A registry that got its API later may not list in it what was attached
 *   under the tag before, and what is found must not depend on which request was first. Once a registry has said that it
 *   has no API, only the tag is asked.
 * - `api`: for a registry that is known to list everything in its API.
 */
export type ReferrersMode = "api-and-tag" | "api";

/** What listing needs of a repository. */
export interface ReferrersRepository {
  readonly name: string;
  api(request: ApiRequest): Promise<HttpAnswer>;
  manifestIfPresent(reference: string, options: CallOptions): Promise<Resolved | null>;
}

/** The referrers of one repository's manifests. */
export class RegistryReferrers {
  readonly #repository: ReferrersRepository;
  readonly #mode: ReferrersMode;
  /** Set once the registry has said that it has no referrers API. */
  #apiMissing = false;

  constructor(repository: ReferrersRepository, mode: ReferrersMode) {
    this.#repository = repository;
    this.#mode = mode;
  }

  /**
   * Every referrer that may be of one of the wanted types.
   *
   * @throws RegistryError `page-limit` and `too-many` where the list has no end; never a part of it
   */
  async list(subject: Digest, artifactTypes: readonly string[], options: CallOptions): Promise<Referrers> {
    const asksTag = this.#mode === "api-and-tag" || this.#apiMissing;
    const [fromApi, fromTag] = await Promise.all([
      this.#apiMissing ? null : this.#fromApi(subject, artifactTypes, options),
      asksTag ? this.#fromTag(subject, options) : [],
    ]);
    // With the mode `api`, a registry without one has only its tag to go by.
    const tagged = fromApi === null && !asksTag ? await this.#fromTag(subject, options) : fromTag;
    const merged = new Map<Digest, Descriptor>();
    // The API's entry is the registry's own word on the manifest, the tag's that of whoever wrote it: the former wins.
    for (const descriptor of [...tagged, ...(fromApi ?? [])]) {
      const known = merged.get(descriptor.digest);
      merged.set(descriptor.digest, known === undefined ? descriptor : preferTelling(known, descriptor));
    }
    if (merged.size > MAX_REFERRERS) throw tooMany(this.#where(subject));
    const descriptors = [...merged.values()]
      .filter((descriptor) => matchesArtifactTypes(descriptor, artifactTypes))
      .sort((a, b) => (a.digest < b.digest ? -1 : 1));
    const from = fromApi === null ? "tag" : asksTag ? "api-and-tag" : "api";
    return { descriptors, from };
  }

  #where(subject: Digest): string {
    return `${this.#repository.name}@${subject} (its referrers)`;
  }

  /** The API's list; null if the registry has no such API. */
  async #fromApi(
    subject: Digest,
    artifactTypes: readonly string[],
    options: CallOptions,
  ): Promise<readonly Descriptor[] | null> {
    const where = this.#where(subject);
    // A filter takes one type. For several, one list of all is less than one list for each.
    const only = artifactTypes.length === 1 ? artifactTypes[0] : undefined;
    const query = only === undefined ? "" : `?${new URLSearchParams({ artifactType: only }).toString()}`;
    let path: string | URL = `referrers/${subject}${query}`;
    const found: Descriptor[] = [];
    const seen = new Set<string>();
    for (let page = 1; ; page++) {
      const answer: HttpAnswer = await this.#repository.api({
        method: "GET",
        path,
        accept: OCI_INDEX,
        purpose: "referrers",
        limit: MAX_MANIFEST_BYTES,
        subject: where,
        signal: options.signal,
      });
      if (page === 1 && saysNoApi(answer)) {
        this.#apiMissing = true;
        return null;
      }
      if (answer.status < 200 || answer.status > 299) {
        throw pageError(answer, this.#repository.name, where);
      }
      // `OCI-Filters-Applied` is not relied on: what a filter should have left out is left out again by the caller.
      found.push(...readEntries(readIndex(answer.body, answer.headers.get("content-type"), where), where));
      if (found.length > MAX_REFERRERS) throw tooMany(where);
      const next = nextPage(answer.headers.get("link"));
      if (next === null) return found;
      if (page >= MAX_REFERRER_PAGES || seen.has(next)) throw pageLimit(where);
      seen.add(next);
      path = this.#nextUrl(answer, next, where);
    }
  }

  #nextUrl(answer: HttpAnswer, next: string, where: string): URL {
    let url: URL | null = null;
    try {
      url = new URL(next, answer.requested);
    } catch {
      // Told below.
    }
    if (
      url === null ||
      url.origin !== answer.requested.origin ||
      url.username !== "" ||
      url.password !== ""
    ) {
      throw new RegistryError(
        "redirect-refused",
        `${where}: ${answer.requested.host} names a next page elsewhere ("${printable(next, 80)}")`,
        { help: "Check the registry's configuration (the host it believes to have)." },
      );
    }
    return url;
  }

  async #fromTag(subject: Digest, options: CallOptions): Promise<readonly Descriptor[]> {
    const resolved = await this.#repository.manifestIfPresent(referrersTagOf(subject), options);
    if (resolved === null) return [];
    const where = `${this.#repository.name}:${referrersTagOf(subject)}`;
    if (resolved.manifest.kind !== "index") {
      throw new RegistryError(
        "manifest-invalid",
        `${where}: this tag should name a list of referrers, and doesn't`,
        {
          help: "Remove the tag, and attach the documents again.",
        },
      );
    }
    return readEntries(resolved.manifest, where);
  }
}

/** Of two descriptors of one digest, the later one, unless only the earlier one says what it is. */
function preferTelling(earlier: Descriptor, later: Descriptor): Descriptor {
  const tells = (descriptor: Descriptor): number =>
    (artifactTypeSaid(descriptor) === null ? 0 : 2) +
    (Object.keys(descriptor.annotations).length > 0 ? 1 : 0);
  return tells(earlier) > tells(later) ? earlier : later;
}

/** Whether an answer means "there is no referrers API here", as against "there are none" or "it failed". */
function saysNoApi(answer: HttpAnswer): boolean {
  if (answer.status === 404 || answer.status === 405 || answer.status === 501) return true;
  if (answer.status >= 400 && answer.status < 500) return registrySays(answer).startsWith("UNSUPPORTED");
  // A front end that answers every unknown path with its page.
  return answer.status === 200 && /^\s*text\/html/i.test(answer.headers.get("content-type") ?? "");
}

function readIndex(body: Uint8Array, contentType: string | null, where: string): IndexManifest {
  const manifest = readManifest(body, contentType, where);
  if (manifest.kind === "index") return manifest;
  throw new RegistryError("manifest-invalid", `${where}: the list of referrers is not an index`, {
    help: "The registry is broken.",
  });
}

function readEntries(index: IndexManifest, where: string): readonly Descriptor[] {
  if (index.entries.length > MAX_REFERRERS) throw tooMany(where);
  return index.entries.map((entry, position) => {
    try {
      return readDescriptor(entry, `/manifests/${position}`);
    } catch (error) {
      // A list with an entry that can't be read is no whole list.
      if (!(error instanceof RegistryError)) throw error;
      throw new RegistryError("descriptor-invalid", `${where} ${error.message}`, {
        help: "The registry, or the tool that attached something, is broken.",
        details: error.details,
        cause: error,
      });
    }
  });
}

/** The target of a `Link` header's `rel=next` (RFC 8288), or null. */
export function nextPage(link: string | null): string | null {
  for (const match of (link ?? "").slice(0, 8192).matchAll(/<([^<>]*)>([^<]*)/g)) {
    const [, target, parameters] = match;
    if (
      target !== undefined &&
      /;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters ?? "")
    )
      return target;
  }
  return null;
}

function pageError(answer: HttpAnswer, name: string, where: string): RegistryError {
  const { code, message, help, details } = statusError(
    answer,
    answer.requested.host,
    where,
    "manifest-unknown",
  );
  // A later page that is not there is a list that broke off.
  return new RegistryError(code === "manifest-unknown" ? "registry-error" : code, message, {
    help: help ?? "",
    details: { ...details, repository: name },
  });
}

function tooMany(where: string): RegistryError {
  return new RegistryError("too-many", `${where}: more than ${MAX_REFERRERS} referrers`, {
    help: "Remove artifacts that are no longer needed.",
    details: { limit: MAX_REFERRERS },
  });
}

function pageLimit(where: string): RegistryError {
  return new RegistryError(
    "page-limit",
    `${where}: the list has no end (${MAX_REFERRER_PAGES} pages at most)`,
    {
      help: "The registry repeats its pages, or has too many artifacts for this image. What it has was not judged.",
      details: { limit: MAX_REFERRER_PAGES },
    },
  );
}
