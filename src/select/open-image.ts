/** From a reference to what it offers. */
import { HostfitError } from "../errors.ts";
import { type CandidateList, candidatesOf } from "../registry/candidates.ts";
import { DOCUMENT_ARTIFACTS } from "../registry/document-types.ts";
import { LayoutSource } from "../registry/layout.ts";
import { formatReference, nameOf, parseReference, type Reference } from "../registry/reference.ts";
import type { RegistryOptions } from "../registry/registry.ts";
import type { CallOptions, Source } from "../registry/source.ts";

/** An image whose index was read. */
export interface OpenedImage {
  readonly reference: Reference;
  /** In full. */
  readonly name: string;
  readonly source: Source;
  readonly list: CandidateList;
}

/** How an image is reached. */
export interface ImageInput extends CallOptions {
  readonly reference: string;
  /** Options of a registry; nothing to a layout. */
  readonly registry?: RegistryOptions;
  /** Whether its documents will be asked for. They will, unless it is said otherwise. */
  readonly documents?: "wanted" | "unwanted";
  /** Where many images are opened: what is open already. */
  readonly sources?: Sources;
}

/** Sources of one run, each repository and folder opened once, so that logins and what is under way are shared. */
export class Sources {
  readonly #open = new Map<string, Promise<Source>>();

  /** The source of a reference, opened now if none of its repository was before. */
  of(reference: Reference, options: RegistryOptions): Promise<Source> {
    const key = `${reference.kind} ${nameOf(reference)}`;
    const known = this.#open.get(key) ?? openSource(reference, options);
    this.#open.set(key, known);
    return known;
  }
}

/**
 * Reads what a reference names: one manifest request for a flat index. Throws RegistryError, and `no-image` if the
 * reference names nothing that could run (an index without manifests, an artifact).
 */
export async function openImage(input: ImageInput): Promise<OpenedImage> {
  const reference = parseReference(input.reference);
  const registry = input.registry ?? {};
  const source = await (input.sources?.of(reference, registry) ?? openSource(reference, registry));
  const expecting = input.documents === "unwanted" ? {} : { expecting: DOCUMENT_ARTIFACTS };
  const resolved = await source.resolve(reference, { ...input, ...expecting });
  const list = await candidatesOf(source, resolved, input);
  const name = formatReference(reference);
  if (list.candidates.length === 0) {
    const why =
      list.notes.find((note) => note.code === "no-candidates")?.message ?? "it offers nothing to run";
    throw new HostfitError("no-image", `${name}: ${why}`, {
      help: "name an image, or an index with at least one image in it",
      details: { reference: name, digest: list.root.digest },
    });
  }
  return { reference, name, source, list };
}

/** The code for registries is only loaded for one. */
async function openSource(reference: Reference, options: RegistryOptions): Promise<Source> {
  if (reference.kind === "layout") return new LayoutSource(reference);
  const registry = await import("../registry/open.ts");
  return registry.openSource(reference, options).source;
}
