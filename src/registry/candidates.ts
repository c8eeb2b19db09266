/**
 * What an image reference offers: the flat list of its manifests with their platforms. Nothing is compared here.
 */
import { mapBounded } from "./concurrency.ts";
import { type Descriptor, type Platform, readDescriptor, readPlatform } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { parseJsonObject } from "./json.ts";
import { CONCURRENCY, MAX_CANDIDATES, MAX_CONFIG_BYTES, MAX_INDEX_DEPTH, MAX_INDEXES } from "./limits.ts";
import type { ImageManifest, IndexManifest } from "./manifest.ts";
import { DOCKER_REFERENCE_TYPE, isImageConfigType, isIndexType, isManifestType } from "./media-types.ts";
import type { CallOptions, Resolved, Source } from "./source.ts";

/** One manifest that an image reference offers. */
export interface Candidate {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes of the manifest. */
  readonly size: number;
  /** As the index (or a single image's config) says it; null where neither says any. */
  readonly platform: Platform | null;
  /** The descriptor's in the index. Those of a single image are its manifest's own. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType: string | null;
  /** The indexes that lead here, the root first; empty for a single image. */
  readonly through: readonly Digest[];
  /** The place in the flat list of all entries, those that were left out counted: the order of the index. */
  readonly position: number;
  readonly descriptor: Descriptor;
}

/** One index on the way to the candidates. */
export interface CandidateIndex {
  readonly digest: Digest;
  readonly mediaType: string;
  /** The index's own, and over them those that its descriptor in the index above has. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly artifactType: string | null;
  /** The indexes that lead here, the root first; empty for the root. */
  readonly through: readonly Digest[];
}

/** Why an entry is no candidate. */
export type SkipReason =
  /** `unknown/unknown`, as BuildKit writes attestations. */
  | "attestation"
  /** An artifact: it has a type of its own and no platform. */
  | "artifact"
  /** A media type that is no manifest's. */
  | "unknown-media-type"
  /** An index that was met before on another way. */
  | "duplicate-index"
  /** It can't be read. */
  | "malformed";

/** An entry that is no candidate. */
export interface SkippedEntry {
  readonly reason: SkipReason;
  /** Where it stands: the index's digest and the entry's place (JSON Pointer). */
  readonly index: Digest;
  readonly pointer: string;
  readonly digest: Digest | null;
  readonly mediaType: string | null;
  /** What is wrong with a malformed one. */
  readonly error: RegistryError | null;
}

/** What a reader should know beside the candidates. */
export interface CandidateNote {
  readonly code: "no-candidates" | "platform-missing" | "config-unusable" | "entry-malformed";
  readonly message: string;
  readonly digest: Digest;
}

/** Everything that an image reference offers. */
export interface CandidateList {
  /** What the reference named: an index or a single image. */
  readonly root: Descriptor;
  /** In the order in which they are met; empty for a single image. */
  readonly indexes: readonly CandidateIndex[];
  readonly candidates: readonly Candidate[];
  readonly skipped: readonly SkippedEntry[];
  readonly notes: readonly CandidateNote[];
}

/**
 * The candidates of what a source resolved.
 *
 * A flat index costs no further request; each nested index costs one; a single image costs one for its config.
 *
 * @throws RegistryError `too-many` past {@link MAX_CANDIDATES}, {@link MAX_INDEXES} or {@link MAX_INDEX_DEPTH}: an index
 *   that is cut short would hide what it offers. Also what fetching a nested index or the config throws.
 */
export async function candidatesOf(
  source: Source,
  resolved: Resolved,
  options: CallOptions = {},
): Promise<CandidateList> {
  const { manifest } = resolved;
  return manifest.kind === "index"
    ? new Flattening(source, options).run(resolved.descriptor, manifest)
    : singleImage(source, resolved.descriptor, manifest, options);
}

/** An entry in the tree that is being flattened: a leaf, or an index whose entries are filled in once it is fetched. */
type Node =
  | { readonly kind: "candidate"; readonly descriptor: Descriptor; readonly through: readonly Digest[] }
  | { readonly kind: "skipped"; readonly entry: SkippedEntry }
  | IndexNode;

interface IndexNode {
  readonly kind: "index";
  readonly descriptor: Descriptor;
  readonly through: readonly Digest[];
  manifest: IndexManifest | null;
  nodes: readonly Node[];
}

/**
 * Flattens level by level: the indexes of a level are fetched at once and then read in order, so that the answer doesn't
 * depend on which of them came first.
 */
class Flattening {
  readonly #source: Source;
  readonly #options: CallOptions;
  readonly #seen = new Set<Digest>();
  #entries = 0;

  constructor(source: Source, options: CallOptions) {
    this.#source = source;
    this.#options = options;
  }

  async run(root: Descriptor, manifest: IndexManifest): Promise<CandidateList> {
    this.#seen.add(root.digest);
    // The root's descriptor may come from a layout's index.json, whose annotations are not the image's.
    const descriptor = { ...root, annotations: {} };
    const tree: IndexNode = { kind: "index", descriptor, through: [], manifest, nodes: [] };
    let level: readonly IndexNode[] = [tree];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MAX_INDEX_DEPTH)
        throw tooMany(`indexes more than ${MAX_INDEX_DEPTH} deep`, this.#source.name);
      await mapBounded(level, CONCURRENCY, (node) => this.#fetch(node));
      for (const node of level) this.#expand(node);
      level = level.flatMap((node) => node.nodes).filter((node) => node.kind === "index");
    }
    return flatten(root, tree);
  }

  async #fetch(node: IndexNode): Promise<void> {
    if (node.manifest !== null) return;
    const { manifest } = await this.#source.manifest(node.descriptor, this.#options);
    // INVARIANT: the descriptor's media type is an index's, and readManifest refuses what disagrees with it.
    if (manifest.kind === "index") node.manifest = manifest;
  }

  #expand(node: IndexNode): void {
    const entries = node.manifest?.entries ?? [];
    this.#entries += entries.length;
    if (this.#entries > MAX_CANDIDATES)
      throw tooMany(`more than ${MAX_CANDIDATES} entries`, this.#source.name);
    const { digest } = node.descriptor;
    const through = [...node.through, digest];
    node.nodes = entries.map((entry, place) => this.#entry(entry, digest, place, through));
  }

  #entry(value: unknown, index: Digest, place: number, through: readonly Digest[]): Node {
    const pointer = `/manifests/${place}`;
    let descriptor: Descriptor;
    try {
      descriptor = readDescriptor(value, pointer);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      return skip("malformed", index, pointer, null, error);
    }
    if (isIndexType(descriptor.mediaType)) {
      if (this.#seen.has(descriptor.digest)) return skip("duplicate-index", index, pointer, descriptor);
      this.#seen.add(descriptor.digest);
      if (this.#seen.size > MAX_INDEXES) throw tooMany(`more than ${MAX_INDEXES} indexes`, this.#source.name);
      return { kind: "index", descriptor, through, manifest: null, nodes: [] };
    }
    if (isAttestation(descriptor)) return skip("attestation", index, pointer, descriptor);
    if (!isManifestType(descriptor.mediaType)) return skip("unknown-media-type", index, pointer, descriptor);
    if (descriptor.artifactType !== null && descriptor.platform === null) {
      return skip("artifact", index, pointer, descriptor);
    }
    return { kind: "candidate", descriptor, through };
  }
}

function flatten(root: Descriptor, tree: IndexNode): CandidateList {
  const indexes: CandidateIndex[] = [];
  const candidates: Candidate[] = [];
  const skipped: SkippedEntry[] = [];
  let position = 0;
  // INVARIANT: no deeper than MAX_INDEX_DEPTH.
  const walk = (node: Node): void => {
    if (node.kind === "candidate") {
      candidates.push(toCandidate(node.descriptor, node.through, position++));
    } else if (node.kind === "skipped") {
      skipped.push(node.entry);
      position++;
    } else {
      indexes.push(toIndex(node));
      for (const child of node.nodes) walk(child);
    }
  };
  walk(tree);
  const malformed = skipped.filter(({ reason }) => reason === "malformed").map(entryMalformed);
  const notes = candidates
    .filter((candidate) => candidate.platform === null)
    .map(({ digest }) => platformMissing(digest, "the index"));
  notes.push(...malformed);
  if (candidates.length === 0) {
    const [first] = malformed;
    const broken = skipped.find(({ error }) => error !== null)?.error?.message ?? "";
    const why = first === undefined ? "the index lists no image" : `an entry can't be read, ${broken}`;
    notes.push(noCandidates(root.digest, why));
  }
  return { root, indexes, candidates, skipped, notes };
}

function toIndex({ descriptor, manifest, through }: IndexNode): CandidateIndex {
  return {
    digest: descriptor.digest,
    mediaType: manifest?.mediaType ?? descriptor.mediaType,
    annotations: { ...manifest?.annotations, ...descriptor.annotations },
    artifactType: manifest?.artifactType ?? descriptor.artifactType,
    through,
  };
}

/**
 * The platform that an image's config says, which an index may contradict; null if it says none. Costs the config.
 *
 * @throws RegistryError `not-json`, `descriptor-invalid` or `too-large` for a config that can't be used
 */
export async function configPlatform(
  source: Source,
  manifest: ImageManifest,
  options: CallOptions = {},
): Promise<Platform | null> {
  const bytes = await source.blob(manifest.config, MAX_CONFIG_BYTES, options);
  const where = `${source.name}@${manifest.config.digest} (the image's config)`;
  try {
    return readPlatform(parseJsonObject(bytes, where, "content"), "");
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== "descriptor-invalid") throw error;
    throw new RegistryError("descriptor-invalid", `${where}: ${error.message}`, {
      help: "Whoever made the image wrote it so. Build it again with a current tool.",
      details: error.details,
      cause: error,
    });
  }
}

async function singleImage(
  source: Source,
  descriptor: Descriptor,
  manifest: ImageManifest,
  options: CallOptions,
): Promise<CandidateList> {
  const base = { root: descriptor, indexes: [], skipped: [] };
  if (!isImageConfigType(manifest.config.mediaType)) {
    const what = manifest.artifactType ?? manifest.config.mediaType;
    return {
      ...base,
      candidates: [],
      notes: [noCandidates(descriptor.digest, `an artifact of type ${what}`)],
    };
  }
  const notes: CandidateNote[] = [];
  let platform: Platform | null = null;
  try {
    platform = await configPlatform(source, manifest, options);
    if (platform === null) notes.push(platformMissing(descriptor.digest, "its config"));
  } catch (error) {
    // What the config says is unknown then, and the image stays a candidate; what fails its digest is no config at all.
    if (!(error instanceof RegistryError) || !UNUSABLE_CONFIG.has(error.code)) throw error;
    notes.push({ code: "config-unusable", message: error.message, digest: descriptor.digest });
  }
  const candidate = toCandidate(
    { ...descriptor, platform, annotations: manifest.annotations, artifactType: manifest.artifactType },
    [],
    0,
  );
  return { ...base, candidates: [candidate], notes };
}

const UNUSABLE_CONFIG: ReadonlySet<string> = new Set(["not-json", "descriptor-invalid", "too-large"]);

function toCandidate(descriptor: Descriptor, through: readonly Digest[], position: number): Candidate {
  const { digest, mediaType, size, platform, annotations, artifactType } = descriptor;
  return { digest, mediaType, size, platform, annotations, artifactType, through, position, descriptor };
}

function isAttestation({ platform, annotations }: Descriptor): boolean {
  return (
    (platform?.os === "unknown" && platform.architecture === "unknown") ||
    annotations[DOCKER_REFERENCE_TYPE] === "attestation-manifest"
  );
}

function skip(
  reason: SkipReason,
  index: Digest,
  pointer: string,
  descriptor: Descriptor | null,
  error: RegistryError | null = null,
): Node {
  const digest = descriptor?.digest ?? null;
  return {
    kind: "skipped",
    entry: { reason, index, pointer, digest, mediaType: descriptor?.mediaType ?? null, error },
  };
}

function platformMissing(digest: Digest, where: string): CandidateNote {
  return { code: "platform-missing", message: `${where} says no platform for ${digest}`, digest };
}

/** An entry that nobody can use: people should know that there was one. */
function entryMalformed({ index, pointer, error }: SkippedEntry): CandidateNote {
  const what = error?.message ?? `at ${pointer}`;
  return {
    code: "entry-malformed",
    message: `an entry of the index ${index} can't be read, ${what}`,
    digest: index,
  };
}

function noCandidates(digest: Digest, why: string): CandidateNote {
  return { code: "no-candidates", message: `${digest} offers nothing to run: ${why}`, digest };
}

function tooMany(what: string, name: string): RegistryError {
  return new RegistryError("too-many", `${name}: the image has ${what}`, {
    help: "Name one of the indexes or images in it by its digest.",
  });
}
