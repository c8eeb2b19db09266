/**
 * Which of the artifacts attached to a subject counts, and the document in it.
 */
import { type ArtifactClaims, compareArtifacts, readClaims, whyBehind } from "./artifact-order.ts";
import { mapBounded } from "./concurrency.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { type Dialect, DOCUMENT_ARTIFACTS, dialectOfArtifact, documentTypeOf } from "./document-types.ts";
import { printable, REGISTRY_ERRORS, RegistryError } from "./errors.ts";
import type {
  DocumentIdentity,
  DocumentNote,
  OtherDocument,
  Trusts,
  WhyNot,
  Winner,
} from "./found-document.ts";
import { ARTIFACT_CONCURRENCY, MAX_ARTIFACTS_READ } from "./limits.ts";
import type { ImageManifest } from "./manifest.ts";
import { artifactTypeSaid } from "./referrers-tag.ts";
import { revisionNotes } from "./seen-revisions.ts";
import type { BlobRequest, Source } from "./source.ts";

/** What looking for attached documents needs. */
export interface AttachedContext {
  readonly source: Source;
  readonly trusts: Trusts;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
  /** A document's verified bytes, shared between subjects. */
  readonly fetch: (request: BlobRequest) => Promise<Uint8Array>;
}

/** What is attached to one subject. */
export interface AttachedDocuments {
  /** One for each author. */
  readonly winners: readonly Winner[];
  readonly others: readonly OtherDocument[];
  readonly notes: readonly DocumentNote[];
}

/** An artifact in the running. */
interface Contender {
  readonly descriptor: Descriptor;
  readonly digest: Digest;
  readonly author: string;
  claims: ArtifactClaims;
  /** Null until it is read. A string is the reason why it is out. */
  read: ImageManifest | RegistryError | null;
}

/**
 * Finds what is attached to `subject`.
 *
 * An artifact's place is read from its descriptor, whose annotations are the artifact's own (distribution-spec, "Listing
 * Referrers"), so that only the first is fetched. A registry that leaves them out, or a tag's index that says something
 * else than the artifact does, is no authority: then the artifact's manifest decides, and the order is made anew.
 *
 * @throws RegistryError where the source can't be asked
 */
export async function attachedDocuments(
  subject: Digest,
  context: AttachedContext,
): Promise<AttachedDocuments> {
  const { source, signal } = context;
  const listed = await source.referrers(subject, DOCUMENT_ARTIFACTS, { signal });
  const others: OtherDocument[] = [];
  const contenders: Contender[] = [];
  for (const descriptor of listed.descriptors) {
    const claims = readClaims(descriptor.digest, descriptor.annotations, context.now);
    const decision = await context.trusts({ origin: "attached", subject, artifact: descriptor.digest });
    const contender = { descriptor, digest: descriptor.digest, author: decision.author, claims, read: null };
    if (decision.counts) contenders.push(contender);
    else if (artifactTypeSaid(descriptor) !== null)
      others.push(other(contender, subject, "untrusted", decision.why));
  }

  const reading = new Reading(subject, context);
  // What says too little is read at once, so that it can be placed.
  const silent = contenders.filter(
    ({ descriptor }) =>
      artifactTypeSaid(descriptor) === null ||
      (contenders.length > 1 && Object.keys(descriptor.annotations).length === 0),
  );
  await mapBounded(silent, ARTIFACT_CONCURRENCY, (contender) => reading.read(contender));

  const winners: Winner[] = [];
  const notes: DocumentNote[] = [];
  const authors = [...new Set(contenders.map(({ author }) => author))].sort();
  for (const author of authors) {
    let running = contenders.filter((contender) => contender.author === author);
    let winner: Contender | undefined;
    for (;;) {
      const [kept, out] = splitOut(running, subject);
      others.push(...out);
      running = kept.sort(compareArtifacts);
      winner = running[0];
      if (winner === undefined || winner.read !== null) break;
      await reading.read(winner);
    }
    if (winner === undefined) continue;
    notes.push(...running.flatMap(({ claims }) => claims.notes));
    winners.push(await reading.document(winner));
    for (const loser of running.slice(1)) others.push(other(loser, subject, whyBehind(winner, loser)));
  }
  notes.push(...(await revisionNotes(subject, winners, source.memory)));
  return { winners, others, notes };
}

/** Takes out what is no contender after all: other artifacts in silence, documents about something else by name. */
function splitOut(running: readonly Contender[], subject: Digest): [Contender[], OtherDocument[]] {
  const kept: Contender[] = [];
  const out: OtherDocument[] = [];
  for (const contender of running) {
    const { read, claims } = contender;
    if (read !== null && !(read instanceof RegistryError)) {
      if (dialectOfArtifact(read.artifactType) === null) {
        // Listed as a document, but isn't one; or listed without a type, and is something else.
        continue;
      }
      if (read.subject !== subject) {
        const says = read.subject === null ? "nothing" : read.subject;
        out.push(other(contender, subject, "other-subject", `It says that it is about ${says}.`));
        continue;
      }
    }
    if (claims.target !== null) {
      out.push(other(contender, subject, "targets-layer", `It is about the layer ${claims.target}.`));
      continue;
    }
    kept.push(contender);
  }
  return [kept, out];
}

/** Reads artifacts of one subject, no more than {@link MAX_ARTIFACTS_READ}. */
class Reading {
  readonly #subject: Digest;
  readonly #context: AttachedContext;
  #count = 0;

  constructor(subject: Digest, context: AttachedContext) {
    this.#subject = subject;
    this.#context = context;
  }

  /** Reads the artifact's manifest, and puts its own claims in the place of those that its descriptor made. */
  async read(contender: Contender): Promise<void> {
    const { source, signal, now } = this.#context;
    if (++this.#count > MAX_ARTIFACTS_READ) {
      throw new RegistryError(
        "too-many",
        `${source.name}@${this.#subject}: more than ${MAX_ARTIFACTS_READ} artifacts to read`,
        {
          help: "Remove artifacts that are no longer needed.",
          details: { limit: MAX_ARTIFACTS_READ },
        },
      );
    }
    try {
      const { manifest } = await source.manifest(contender.descriptor, { signal });
      if (manifest.kind === "index") {
        throw new RegistryError(
          "manifest-invalid",
          `${source.name}@${contender.digest}: a document's artifact can't be an index`,
        );
      }
      contender.read = manifest;
      contender.claims = readClaims(contender.digest, manifest.annotations, now);
    } catch (error) {
      contender.read = malformedOrThrow(error);
    }
  }

  /** The document of the artifact that counts. */
  async document(winner: Contender): Promise<Winner> {
    const identity = identityOf(winner, this.#subject);
    const { read } = winner;
    if (read === null || read instanceof RegistryError) {
      const error = read ?? new RegistryError("manifest-unknown", `${winner.digest} was not read`);
      return { kind: "malformed", ...identity, error };
    }
    try {
      const dialect = dialectOfArtifact(read.artifactType) ?? "native";
      const layer = documentLayer(read, dialect, `${this.#context.source.name}@${winner.digest}`);
      const bytes = await this.#context.fetch(layer);
      return {
        kind: "document",
        ...identity,
        dialect,
        mediaType: layer.mediaType,
        digest: layer.digest,
        bytes,
      };
    } catch (error) {
      return { kind: "malformed", ...identity, error: malformedOrThrow(error) };
    }
  }
}

/** The layer that holds the document. A native artifact has one layer; of NFD's the first of the right type is read. */
function documentLayer(manifest: ImageManifest, dialect: Dialect, where: string): Descriptor {
  const type = documentTypeOf(dialect);
  const fitting = manifest.layers.filter((layer) => layer.mediaType === type);
  const [layer] = fitting;
  if (layer === undefined || (dialect === "native" && manifest.layers.length !== 1)) {
    const found = manifest.layers.map((candidate) => printable(candidate.mediaType, 80)).slice(0, 4);
    throw new RegistryError(
      "manifest-invalid",
      `${where}: its layers are [${found.join(", ")}], not one of ${type}`,
      {
        help: "Attach the document again with hostfit attach.",
      },
    );
  }
  return layer;
}

/** What the source has and can't be used makes a document malformed; what the source can't say is an error. */
export function malformedOrThrow(error: unknown): RegistryError {
  if (
    error instanceof RegistryError &&
    REGISTRY_ERRORS[error.code] === "bad-input" &&
    error.code !== "too-many"
  ) {
    return error;
  }
  throw error;
}

function identityOf(contender: Contender, subject: Digest): DocumentIdentity {
  const { digest, author, claims } = contender;
  return {
    origin: "attached",
    subject,
    artifact: digest,
    author,
    revision: claims.revision,
    created: claims.created,
  };
}

function other(contender: Contender, subject: Digest, why: WhyNot, detail = ""): OtherDocument {
  const { read, descriptor } = contender;
  const type =
    read !== null && !(read instanceof RegistryError) ? read.artifactType : descriptor.artifactType;
  return { ...identityOf(contender, subject), mediaType: type ?? descriptor.mediaType, why, detail };
}
