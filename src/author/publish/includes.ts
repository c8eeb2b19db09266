/**
 * Requirements of other documents, copied in when a document is attached (IA-4, IA-6; docs/language/document.md,
 * "includes"). Readers follow no reference; whoever attaches does it once, and pins what was found.
 */
import { HostfitError } from "../../errors.ts";
import { type DocumentBlob, documentBlob } from "../../registry/artifact.ts";
import type { Platform } from "../../registry/descriptor.ts";
import { isDigest } from "../../registry/digest.ts";
import { RegistryError } from "../../registry/errors.ts";
import { MAX_DOCUMENT_BYTES } from "../../registry/limits.ts";
import { BASE_DIGEST, BASE_NAME } from "../../registry/media-types.ts";
import {
  formatReference,
  isLoopback,
  nameOf,
  parseReference,
  type Reference,
} from "../../registry/reference.ts";
import type { CallOptions, Resolved, Source } from "../../registry/source.ts";
import type { AttachPlace, ComposedDocument, Included } from "./attach.ts";
import { elementsOf, type Member, membersOf, objectOf } from "./json-members.ts";
import { documentsOn, type PulledDocument } from "./pull.ts";
import type { Which } from "./subjects.ts";

/** Entries of a document's `includes`. */
export const MAX_INCLUDES = 64;
/** Documents on the way from a document to one that it includes through others. */
export const MAX_INCLUDE_DEPTH = 8;
/** Between the steps of an origin: the document that was fetched, then those that it had included itself. */
export const INCLUDED_IN = " > ";

/** What is included, and from where. */
export interface IncludeInput extends CallOptions {
  /** Images or documents, in order. */
  readonly references: readonly Reference[];
  /** Whether the base image is included, as the image's annotations name it. */
  readonly base: "follow" | "ignore";
  /** Repositories that an image's own word on its base may lead to; any, if nobody says. */
  readonly allowedBases?: readonly string[] | undefined;
  readonly open: (reference: Reference) => Source;
  /** The platforms (by place) that are the wanted one, which the core says. */
  readonly samePlatform: (platforms: readonly (Platform | null)[], wanted: Platform) => readonly number[];
  /** Checks the document with what it includes, as the core does. @throws HostfitError */
  readonly check: (json: Uint8Array) => void;
}

/** One entry of `includes`, as it will stand in the document. */
interface Entry extends Included {
  /** JSON text. */
  readonly requires: string;
}

/** Puts includes into documents; what several subjects share is fetched once. */
export class Composer {
  readonly #document: DocumentBlob;
  readonly #input: IncludeInput;
  readonly #found = new Map<string, Promise<readonly Entry[]>>();

  /** @throws HostfitError `include-dialect` if there is something to include in a document that can't hold it */
  constructor(document: DocumentBlob, input: IncludeInput) {
    this.#document = document;
    this.#input = input;
    const nothing = input.references.length === 0 && input.base === "ignore";
    if (!nothing && document.dialect !== "native") throw dialect("this document");
  }

  /**
   * The document for one place.
   *
   * @throws HostfitError `base-unknown`, `base-refused`, `nothing-to-include`, `include-dialect`, `include-cycle`,
   *   `too-many-includes`, `document-size`
   */
  async compose(place: AttachPlace): Promise<ComposedDocument> {
    const document = this.#document;
    const references = [...this.#input.references];
    if (this.#input.base === "follow") references.unshift(await this.#baseOf(place));
    if (references.length === 0) return { document, included: [] };
    const entries: Entry[] = [];
    for (const reference of references) entries.push(...(await this.#entries(reference, place)));
    const distinct = [
      ...new Map(entries.map((entry) => [`${entry.digest} ${entry.requires}`, entry])).values(),
    ];
    const text = withIncludes(new TextDecoder().decode(document.bytes), distinct);
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > MAX_DOCUMENT_BYTES) {
      throw new HostfitError(
        "document-size",
        `with what it includes the document has ${bytes.length} bytes`,
        {
          help: `${MAX_DOCUMENT_BYTES} at most: include less`,
          details: { limit: MAX_DOCUMENT_BYTES },
        },
      );
    }
    this.#input.check(bytes);
    return {
      document: await documentBlob(bytes, "native"),
      included: distinct.map(({ origin, digest }) => ({ origin, digest })),
    };
  }

  #entries(reference: Reference, place: AttachPlace): Promise<readonly Entry[]> {
    const { platform, descriptor } = place.subject;
    const key = `${formatReference(reference)} ${JSON.stringify(platform)} ${nameOf(place.reference)}@${descriptor.digest}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = this.#fetch(reference, place);
    this.#found.set(key, found);
    return found;
  }

  async #fetch(reference: Reference, place: AttachPlace): Promise<readonly Entry[]> {
    const { platform, descriptor } = place.subject;
    const name = formatReference(reference);
    const source = this.#input.open(reference);
    const { resolved, which } = await resolveIncluded(source, reference, platform, this.#input);
    if (resolved.descriptor.digest === descriptor.digest && nameOf(reference) === nameOf(place.reference)) {
      throw new HostfitError(
        "include-cycle",
        `${name} is the image itself: it can't include its own document`,
        {
          help: "name another image or document",
        },
      );
    }
    const documents = await documentsOn(source, reference, resolved, which, this.#input);
    if (documents.length === 0) {
      throw new HostfitError("nothing-to-include", `${name}: no document counts there`, {
        help: "hostfit list shows what there is; where only variants have documents, attach with --all-platforms",
        details: { reference: name },
      });
    }
    const origin = formatReference({ ...reference, digest: resolved.descriptor.digest });
    const entries = documents.flatMap((document) => entriesOf(document, origin));
    const back = entries.find((entry) => leadsTo(entry.origin, nameOf(place.reference), descriptor.digest));
    if (back !== undefined) {
      // What it had required before would be required for ever, whatever its own document says later.
      throw new HostfitError(
        "include-cycle",
        `${name} has included the image's own document: ${back.origin}`,
        {
          help: "include what is needed directly, or attach to the other image without this one first",
        },
      );
    }
    return entries;
  }

  /** The image that an image says it was built on. */
  async #baseOf({ source, reference, subject }: AttachPlace): Promise<Reference> {
    const name = `${source.name}@${subject.descriptor.digest}`;
    const manifest = subject.manifest ?? (await source.manifest(subject.descriptor, this.#input)).manifest;
    const base = manifest.annotations[BASE_NAME];
    if (base === undefined) {
      throw new HostfitError("base-unknown", `${name} doesn't say what it was built on (${BASE_NAME})`, {
        help: "name the base with --include; where only the variants say it, attach with --all-platforms",
      });
    }
    const parsed = parseReference(base);
    // The name is a stranger's as far as this program knows: it must not lead into this machine or its files.
    if (parsed.kind !== "registry" || (isLoopback(parsed.domain) && !isLocal(reference))) {
      throw new HostfitError("base-refused", `${name} says that it was built on ${formatReference(parsed)}`, {
        help: "an image of elsewhere doesn't name places on this machine; use --include if it is right",
      });
    }
    if (!isAllowedBase(parsed, this.#input.allowedBases)) throw baseNotAllowed(parsed, name);
    const digest = manifest.annotations[BASE_DIGEST];
    return isDigest(digest) ? { ...parsed, digest } : parsed;
  }
}

/**
 * What a reference names, and what of it is meant for a platform. A digest of one of an index's variants is looked at
 * within the index that the tag beside it names, if it still lists it: the index may have a document too.
 */
export async function resolveIncluded(
  source: Source,
  reference: Reference,
  platform: Platform | null,
  input: Pick<IncludeInput, "samePlatform" | "signal">,
): Promise<{ readonly resolved: Resolved; readonly which: Exclude<Which, { kind: "layer" }> }> {
  const { tag, digest } = reference;
  if (tag !== null && digest !== null) {
    const tagged = await ifPresent(source.resolve({ tag, digest: null }, input));
    const { manifest } = tagged ?? {};
    const lists =
      manifest?.kind === "index" &&
      manifest.entries.some((entry) => (entry as { digest?: unknown } | null)?.digest === digest);
    if (tagged !== null && lists) return { resolved: tagged, which: { kind: "manifest", digest } };
  }
  const resolved = await source.resolve(reference, input);
  if (resolved.manifest.kind !== "index" || platform === null) return { resolved, which: { kind: "named" } };
  return {
    resolved,
    which: {
      kind: "platform",
      wanted: [platform.os, platform.architecture, platform.variant].filter((part) => part).join("/"),
      keeps: (platforms) => input.samePlatform(platforms, platform),
    },
  };
}

async function ifPresent(asked: Promise<Resolved>): Promise<Resolved | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RegistryError && error.code === "manifest-unknown") return null;
    throw error;
  }
}

/** What a document demands itself, and what it had included. */
function entriesOf(document: PulledDocument, origin: string): readonly Entry[] {
  if (document.dialect !== "native") throw dialect(origin);
  const members = membersOf(new TextDecoder("utf-8", { fatal: true }).decode(document.bytes));
  const requires = rawOf(members, "requires");
  const own: Entry[] =
    requires === null ? [] : [{ origin, digest: document.digest, requires: titled(requires, members) }];
  const nested = elementsOf(rawOf(members, "includes") ?? "[]").map((element): Entry => {
    const parts = membersOf(element);
    const path = `${origin}${INCLUDED_IN}${textOf(parts, "origin")}`;
    const digest = textOf(parts, "digest");
    if (path.split(INCLUDED_IN).length > MAX_INCLUDE_DEPTH) {
      throw new HostfitError(
        "include-depth",
        `${path}: included through more than ${MAX_INCLUDE_DEPTH} documents`,
        {
          help: "include what is needed directly",
        },
      );
    }
    return {
      origin: path,
      digest: isDigest(digest) ? digest : document.digest,
      requires: rawOf(parts, "requires") ?? "{}",
    };
  });
  return [...own, ...nested];
}

/** The condition with the document's name on it, where it has none: reasons show it. */
function titled(requires: string, members: readonly Member[]): string {
  if (!requires.startsWith("{")) return requires;
  const parts = membersOf(requires);
  const titles = ["name", "description", "documentation"];
  if (parts.some(({ key }) => titles.includes(key))) return requires;
  return objectOf([...members.filter(({ key }) => titles.includes(key)), ...parts]);
}

/** The document's text with these entries; those that it had from the same places before make room for them. */
function withIncludes(json: string, entries: readonly Entry[]): string {
  const members = membersOf(json);
  const places = new Set(entries.map(({ origin }) => placeOf(origin)));
  const kept = elementsOf(rawOf(members, "includes") ?? "[]").filter(
    (element) => !places.has(placeOf(textOf(membersOf(element), "origin"))),
  );
  const all = [
    ...kept,
    ...entries.map(({ origin, digest, requires }) =>
      objectOf([
        { key: "origin", raw: JSON.stringify(origin) },
        { key: "digest", raw: JSON.stringify(digest) },
        { key: "requires", raw: requires },
      ]),
    ),
  ];
  if (all.length > MAX_INCLUDES) {
    throw new HostfitError("too-many-includes", `${all.length} documents would be included`, {
      help: `${MAX_INCLUDES} at most`,
      details: { limit: MAX_INCLUDES },
    });
  }
  const others = members.filter(({ key }) => key !== "includes");
  const after = others.findIndex(({ key }) => key === "requires") + 1 || others.length;
  const list = { key: "includes", raw: `[${all.join(",")}]` };
  return objectOf(all.length === 0 ? others : [...others.slice(0, after), list, ...others.slice(after)]);
}

/** The first step of an origin without its digest. */
export function placeOf(origin: string): string {
  return (origin.split(INCLUDED_IN)[0] ?? "").replace(/@sha(?:256|512):[a-f0-9]+$/, "");
}

/** Whether one of an origin's steps is this manifest. */
function leadsTo(origin: string, repository: string, digest: string): boolean {
  return origin.split(INCLUDED_IN).some((step) => {
    const [name = "", pinned] = step.split("@");
    return pinned === digest && (name === repository || name.startsWith(`${repository}:`));
  });
}

function rawOf(members: readonly Member[], name: string): string | null {
  return members.find(({ key }) => key === name)?.raw ?? null;
}

function textOf(members: readonly Member[], name: string): string {
  const raw = rawOf(members, name);
  return raw?.startsWith('"') === true ? (JSON.parse(raw) as string) : "";
}

function isLocal(reference: Reference): boolean {
  return reference.kind !== "registry" || isLoopback(reference.domain);
}

function dialect(what: string): HostfitError {
  return new HostfitError("include-dialect", `${what}: NFD's documents can't include others or be included`, {
    help: "write it as a native document",
  });
}

/** Whether a list has the repository, or a path above it. Without a list all are allowed. */
export function isAllowedBase(reference: Reference, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) return true;
  const name = nameOf(reference);
  return allowed.some((one) => {
    const prefix = one.replace(/\/+$/, "");
    return prefix !== "" && (name === prefix || name.startsWith(`${prefix}/`));
  });
}

/** The error for a base that the policy doesn't list. */
export function baseNotAllowed(reference: Reference, name: string): HostfitError {
  return new HostfitError(
    "refused-by-policy",
    `${name} says that it was built on ${formatReference(reference)}, which the policy doesn't list`,
    {
      help: "add its repository to bases.allow in the policy, or name the base with --include",
      details: { base: nameOf(reference) },
    },
  );
}
