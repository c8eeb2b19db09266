/** One repository in several places: mirrors, and where it is really kept. */
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { isUnreachable, RegistryError } from "./errors.ts";
import type {
  BlobRequest,
  CallOptions,
  Memory,
  Referrers,
  Resolved,
  ResolveOptions,
  Source,
  Target,
} from "./source.ts";

/** One place, in the order in which they are asked. */
export interface Place {
  readonly source: Source;
  readonly role: "mirror" | "primary";
}

/**
 * Images come from the first place that has them. Documents are attached where an image is really kept, and a mirror need not
 * have them, so referrers are asked for there as well, and what both list counts. Where it can't be asked, a mirror's list
 * must hold something: an empty one says nothing.
 */
export class MirroredSource implements Source {
  readonly kind = "registry";
  readonly name: string;
  readonly #places: readonly [Place, ...Place[]];
  readonly #primary: Source;
  /** Where the image was found. */
  #serving: Source;
  /** What the primary failed with: it isn't asked again. */
  #down: RegistryError | null = null;

  constructor(name: string, places: readonly [Place, ...Place[]]) {
    this.name = name;
    this.#places = places;
    this.#primary = (places.find(({ role }) => role === "primary") ?? places[0]).source;
    this.#serving = this.#primary;
  }

  async resolve(target: Target, options: ResolveOptions = {}): Promise<Resolved> {
    const { expecting: _expecting, ...plain } = options;
    return this.#first(async (source) => {
      const resolved = await source.resolve(target, source === this.#primary ? options : plain);
      this.#serving = source;
      return resolved;
    });
  }

  get memory(): Memory | undefined {
    return this.#primary.memory;
  }

  settle(root: Digest): void {
    this.#primary.settle?.(root);
  }

  head(target: Target, options: CallOptions = {}): ReturnType<Source["head"]> {
    return this.#first((source) => source.head(target, options));
  }

  manifest(descriptor: Descriptor, options: CallOptions = {}): Promise<Resolved> {
    return this.#first((source) => source.manifest(descriptor, options));
  }

  blob(request: BlobRequest, limit: number, options: CallOptions = {}): Promise<Uint8Array> {
    return this.#first((source) => source.blob(request, limit, options));
  }

  async referrers(
    digest: Digest,
    artifactTypes: readonly string[],
    options: CallOptions = {},
  ): Promise<Referrers> {
    const serving = this.#serving;
    if (serving === this.#primary) return this.#primary.referrers(digest, artifactTypes, options);
    const [kept, mirrored] = await Promise.all([
      this.#down ?? settled(this.#primary.referrers(digest, artifactTypes, options)),
      settled(serving.referrers(digest, artifactTypes, options)),
    ]);
    if (kept instanceof RegistryError) {
      if (isUnreachable(kept)) this.#down = kept;
      if (mirrored instanceof RegistryError || mirrored.descriptors.length === 0) {
        throw new RegistryError(
          "mirror-incomplete",
          `${this.name}@${digest}: its mirror ${serving.name} lists no documents, and ${this.#primary.name} can't be asked: ${kept.message}`,
          {
            help: "A mirror need not have what is attached to an image. Make the registry reachable, or mirror its documents.",
            details: { mirror: serving.name, primary: this.#primary.name },
            cause: kept,
          },
        );
      }
      return mirrored;
    }
    if (mirrored instanceof RegistryError) return kept;
    const merged = new Map([...mirrored.descriptors, ...kept.descriptors].map((one) => [one.digest, one]));
    const descriptors = [...merged.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
    return { descriptors, from: kept.from };
  }

  /** What the first place has that has it: the one that serves the image first, then in order. */
  async #first<T>(ask: (source: Source) => Promise<T>): Promise<T> {
    const sources = this.#places.map(({ source }) => source);
    const serving = this.#serving === this.#primary ? [] : [this.#serving];
    let failure: RegistryError | null = null;
    for (const source of new Set([...serving, ...sources])) {
      if (source === this.#primary && this.#down !== null && failure !== null) continue;
      try {
        return await ask(source);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        // Of several, what the place says where the image is really kept is what matters.
        failure = error;
      }
    }
    throw failure ?? new RegistryError("registry-unreachable", `${this.name}: there is no place to ask`);
  }
}

async function settled<T>(asked: Promise<T>): Promise<T | RegistryError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}
