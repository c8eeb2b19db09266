/**
 * Writes documents into an index (SR-3, IA-5): the index gets a new digest, the images keep theirs.
 */
import { HostfitError } from "../../errors.ts";
import { buildArtifact, type DocumentBlob, documentBlob, EMPTY_CONFIG } from "../../registry/artifact.ts";
import { type CandidateList, candidatesOf } from "../../registry/candidates.ts";
import type { Descriptor, Platform } from "../../registry/descriptor.ts";
import { type Digest, digestOf } from "../../registry/digest.ts";
import { CONSULT_ANNOTATION, INLINE_ANNOTATION, PINNED_ANNOTATION } from "../../registry/document-types.ts";
import { documentsFor } from "../../registry/documents.ts";
import { isObject, type JsonObject, parseJsonObject } from "../../registry/json.ts";
import { MAX_INLINE_BYTES, MAX_INLINE_BYTES_PER_INDEX, MAX_MANIFEST_BYTES } from "../../registry/limits.ts";
import { OCI_INDEX } from "../../registry/media-types.ts";
import { formatReference, formatWithDigest, type Reference } from "../../registry/reference.ts";
import type { CallOptions, Resolved } from "../../registry/source.ts";
import type { ManifestContent, Writer } from "../../registry/writer.ts";
import { artifactsOn, nextRevision } from "./artifacts.ts";
import { compact } from "./json-members.ts";
import { type LeftBehind, leftBehind, NOTHING_BEHIND } from "./left-behind.ts";
import { subjectsOf, type Which } from "./subjects.ts";

/** How documents stand in an index: themselves, their blobs' digests, or only the demand to look for them. */
export type EmbedForm = "inline" | "digest" | "consult";

/** How documents are embedded. */
export interface EmbedInput extends CallOptions {
  readonly image: Reference;
  readonly writer: Writer;
  /** The new index's. */
  readonly tag: string;
  readonly form: EmbedForm;
  /** The document for all that is meant; null takes those that are attached and count. */
  readonly document: DocumentBlob | null;
  /** `named` is the index itself; with no document given, everything that has one. */
  readonly which: Exclude<Which, { readonly kind: "layer" }>;
  readonly title: string;
  /** RFC 3339; for the artifacts that keep pinned documents alive. */
  readonly created: string;
  readonly mode: "write" | "plan";
}

/** One place in the index that was written. */
export interface EmbeddedPlace {
  /** The manifest of the descriptor; null for the index itself. */
  readonly subject: Digest | null;
  readonly platform: Platform | null;
  /** Null where only the demand to consult was written. */
  readonly document: Digest | null;
  /** Of the document. */
  readonly bytes: number;
}

/** What came of it. */
export interface Embedding {
  /** The image that was read. */
  readonly image: string;
  readonly root: Digest;
  /** The new index. */
  readonly reference: string;
  readonly digest: Digest;
  readonly form: EmbedForm;
  readonly places: readonly EmbeddedPlace[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
  /** What refers to the old index and doesn't follow; nothing where the index keeps its digest. */
  readonly leftBehind: LeftBehind;
}

interface Plan {
  readonly descriptor: Descriptor | null;
  readonly platform: Platform | null;
  readonly document: DocumentBlob | null;
}

/**
 * Embeds. Docker lists become OCI indexes, a single image gets an index of its own.
 *
 * @throws HostfitError `inline-too-large` past {@link MAX_INLINE_BYTES} a place or {@link MAX_INLINE_BYTES_PER_INDEX} an
 *   index, `index-nested`, `no-document`, `several-documents`, `dialect-not-embeddable`
 */
export async function embedDocuments(input: EmbedInput): Promise<Embedding> {
  const { image, writer, form, mode } = input;
  const { source } = writer;
  const name = formatReference(image);
  const resolved = await source.resolve(image, input);
  const list = await candidatesOf(source, resolved, input);
  const plans = await plansFor(input, resolved, list, name);
  admitPlaces(plans, list, name);
  if (form === "inline") admitSizes(plans, name);
  const index = await newIndex(resolved, list, plans, form, name);
  const root = resolved.descriptor.digest;
  const unchanged = index.digest === root;
  const behind = unchanged ? NOTHING_BEHIND : await leftBehind(source, root, input);
  if (mode === "write") {
    if (form === "digest") for (const plan of plans) await keepBlob(plan, input);
    await writer.putManifest(index, input.tag, input);
    if (form === "digest") {
      const whole = plans.find(({ descriptor }) => descriptor === null);
      if (whole !== undefined) await keepAlive(whole, { ...index, size: index.bytes.length }, input);
    }
  }
  return {
    image: name,
    root,
    reference: formatWithDigest(image, index.digest),
    digest: index.digest,
    form,
    places: plans.map(({ descriptor, platform, document }) => ({
      subject: descriptor?.digest ?? null,
      platform,
      document: document?.digest ?? null,
      bytes: document?.bytes.length ?? 0,
    })),
    notes: [...(unchanged ? [UNCHANGED] : []), ...notesOf(resolved, list, plans)],
    leftBehind: behind,
  };
}

async function plansFor(
  input: EmbedInput,
  resolved: Resolved,
  list: CandidateList,
  name: string,
): Promise<readonly Plan[]> {
  const { writer, image, which, document, form } = input;
  if (form === "consult" || document !== null) {
    const blob = form === "consult" || document === null ? null : await embeddable(document, name);
    if (which.kind === "named") return [{ descriptor: null, platform: null, document: blob }];
    const subjects = await subjectsOf(writer.source, image, resolved, which, input);
    return subjects.map(({ descriptor, platform }) => ({ descriptor, platform, document: blob }));
  }
  const wanted =
    which.kind === "named"
      ? null
      : new Set(
          (await subjectsOf(writer.source, image, resolved, which, input)).map(
            (one) => one.descriptor.digest,
          ),
        );
  const found = await documentsFor(writer.source, list, input);
  const plans: Plan[] = [];
  const add = async (outcome: (typeof found.indexes)[number]["outcome"], place: Omit<Plan, "document">) => {
    if (outcome.status === "failed") throw outcome.error;
    if (outcome.status !== "winners") return;
    const [winner, ...more] = outcome.winners;
    if (winner.kind === "malformed") throw winner.error;
    if (more.length > 0) {
      throw new HostfitError("several-documents", `${name}: several authors' documents count here`, {
        help: "give the one that is meant with --requirements",
      });
    }
    const { bytes, dialect } = winner;
    plans.push({ ...place, document: await embeddable(await documentBlob(bytes, dialect), name) });
  };
  if (wanted === null) {
    for (const [at, { outcome }] of found.indexes.entries()) {
      if (at === 0) await add(outcome, { descriptor: null, platform: null });
    }
  }
  for (const [at, { outcome }] of found.candidates.entries()) {
    const candidate = list.candidates[at];
    if (candidate === undefined || wanted?.has(candidate.digest) === false) continue;
    await add(outcome, { descriptor: candidate.descriptor, platform: candidate.platform });
  }
  if (plans.length > 0) return plans;
  throw new HostfitError("no-document", `${name}: there is no document to embed`, {
    help: "attach one, or give it with --requirements",
  });
}

/** The document as it stands in an index: native, compact JSON. */
async function embeddable(document: DocumentBlob, name: string): Promise<DocumentBlob> {
  if (document.dialect !== "native") {
    throw new HostfitError("dialect-not-embeddable", `${name}: only native documents can stand in an index`, {
      help: "attach NFD's document, and embed the demand to consult it (--as consult)",
    });
  }
  const text = compact(new TextDecoder("utf-8", { fatal: true }).decode(document.bytes));
  return documentBlob(new TextEncoder().encode(text), "native");
}

function admitPlaces(plans: readonly Plan[], list: CandidateList, name: string): void {
  const nested = plans.some(({ descriptor }) =>
    list.candidates.some(({ digest, through }) => digest === descriptor?.digest && through.length > 1),
  );
  if (!nested) return;
  throw new HostfitError("index-nested", `${name}: a variant stands in an index within the index`, {
    help: "name the inner index by its digest, or make a flat one",
  });
}

function admitSizes(plans: readonly Plan[], name: string): void {
  let total = 0;
  for (const { document } of plans) {
    const bytes = document?.bytes.length ?? 0;
    total += bytes;
    if (bytes > MAX_INLINE_BYTES) throw tooLarge(`a document of ${bytes} bytes`, MAX_INLINE_BYTES, name);
  }
  if (total > MAX_INLINE_BYTES_PER_INDEX) {
    throw tooLarge(`documents of ${total} bytes together`, MAX_INLINE_BYTES_PER_INDEX, name);
  }
}

function tooLarge(what: string, limit: number, name: string): HostfitError {
  return new HostfitError(
    "inline-too-large",
    `${name}: ${what} can't stand in the index (${limit} at most)`,
    {
      help: "embed their digests instead: --as digest",
      details: { limit },
    },
  );
}

/** The index with the annotations; what else stands in it stays as it is. */
async function newIndex(
  resolved: Resolved,
  list: CandidateList,
  plans: readonly Plan[],
  form: EmbedForm,
  name: string,
): Promise<ManifestContent> {
  const { manifest, bytes: old, descriptor } = resolved;
  const before: JsonObject =
    manifest.kind === "index" ? parseJsonObject(old, name) : { manifests: [entryOf(descriptor, list)] };
  const entries = Array.isArray(before.manifests) ? (before.manifests as unknown[]) : [];
  const own = plans.find((plan) => plan.descriptor === null);
  const manifests = entries.map((entry) => {
    const plan = isObject(entry) ? plans.find((one) => one.descriptor?.digest === entry.digest) : undefined;
    return plan === undefined || !isObject(entry)
      ? entry
      : { ...entry, annotations: annotated(entry.annotations, plan, form) };
  });
  const annotations = own === undefined ? before.annotations : annotated(before.annotations, own, form);
  const body = {
    ...before,
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests,
    ...(annotations === undefined ? {} : { annotations }),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  if (bytes.length > MAX_MANIFEST_BYTES) throw tooLarge("the whole index", MAX_MANIFEST_BYTES, name);
  return {
    bytes,
    mediaType: OCI_INDEX,
    digest: await digestOf(bytes),
    subject: manifest.subject,
    artifactType: manifest.kind === "index" ? manifest.artifactType : null,
    annotations: {},
  };
}

function entryOf({ mediaType, digest, size }: Descriptor, list: CandidateList): JsonObject {
  const platform = list.candidates[0]?.platform ?? null;
  return { mediaType, digest, size, ...(platform === null ? {} : { platform }) };
}

function annotated(before: unknown, { document }: Plan, form: EmbedForm): JsonObject {
  const kept = Object.fromEntries(
    Object.entries(isObject(before) ? before : {}).filter(
      ([key]) => form === "consult" || (key !== INLINE_ANNOTATION && key !== PINNED_ANNOTATION),
    ),
  );
  if (form === "consult" || document === null) return { ...kept, [CONSULT_ANNOTATION]: "true" };
  return form === "digest"
    ? { ...kept, [PINNED_ANNOTATION]: document.digest }
    : { ...kept, [INLINE_ANNOTATION]: new TextDecoder().decode(document.bytes) };
}

/** Writes a pinned document's blob; an artifact holds on to it, as registries remove blobs that no manifest names. */
async function keepBlob(plan: Plan, input: EmbedInput): Promise<void> {
  if (plan.document === null) return;
  await input.writer.putBlob(plan.document, null, input);
  if (plan.descriptor !== null) await keepAlive(plan, plan.descriptor, input);
}

async function keepAlive(
  { document }: Plan,
  subject: Pick<Descriptor, "mediaType" | "digest" | "size">,
  input: EmbedInput,
): Promise<void> {
  const { writer, title, created } = input;
  if (document === null) return;
  const artifacts = await artifactsOn(writer.source, subject.digest, Date.now(), input);
  if (artifacts.some((artifact) => artifact.document?.digest === document.digest)) return;
  const revision = nextRevision(artifacts);
  await writer.putBlob(EMPTY_CONFIG, null, input);
  await writer.putManifest(await buildArtifact({ document, subject, revision, created, title }), null, input);
}

const UNCHANGED = {
  code: "unchanged",
  message: "the index says this already: it keeps its digest, and what refers to it stays with it",
} as const;

function notesOf(resolved: Resolved, list: CandidateList, plans: readonly Plan[]) {
  const notes: { code: string; message: string }[] = [];
  if (resolved.manifest.kind === "index" && resolved.manifest.mediaType !== OCI_INDEX) {
    notes.push({ code: "docker-list", message: "Docker's list became an OCI index" });
  }
  if (resolved.manifest.kind !== "index") {
    notes.push({ code: "new-index", message: "the single image got an index of its own" });
  }
  const written = new Set(plans.map(({ descriptor }) => descriptor?.digest));
  const without = list.candidates.filter(({ digest }) => !written.has(digest)).length;
  if (!plans.some(({ descriptor }) => descriptor === null) && without > 0) {
    notes.push({
      code: "partly-documented",
      message:
        `${without} of ${list.candidates.length} variants have no document in the index, which speaks for all of them: ` +
        "what is attached to them does not count",
    });
  }
  return notes;
}
