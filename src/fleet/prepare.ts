/** From names of images to what the core judges: fetched in parallel with a limit, each distinct digest once. */
import type { Fleet } from "../../bindings/js/fleet.ts";
import type { Candidate as CoreCandidate, Matcher, Requirements } from "../../bindings/js/matcher.ts";
import { looksLikeNfd } from "../author/dialect.ts";
import { MAX_DOCUMENT_BYTES, readDocument } from "../author/document.ts";
import type { Candidate } from "../registry/candidates.ts";
import { mapBounded } from "../registry/concurrency.ts";
import { formatWithDigest } from "../registry/reference.ts";
import type { RegistryOptions } from "../registry/registry.ts";
import { type DemandRules, demandsOn } from "../select/demands.ts";
import { type OpenedImage, openImage, Sources } from "../select/open-image.ts";
import { compileFile, DemandCompiler } from "../select/requirements.ts";
import { platformWords, variantWords } from "../select/variant-words.ts";
import type { Workload } from "./images.ts";
import type { Omissions } from "./left-out.ts";
import type { Judgeable, Variant } from "./workload.ts";

/** What preparing needs. */
export interface PrepareInput extends DemandRules {
  readonly matcher: Matcher;
  /** Documents are only asked for where one of its hosts may run the platform. */
  readonly fleet: Fleet;
  readonly registry: RegistryOptions;
  readonly omissions: Omissions;
  /** Images that are worked on at one time. */
  readonly width: number;
  /** So many are done. */
  readonly progress?: (done: number) => void;
}

/**
 * Prepares images and documents, in their order. What can't be had goes to `omissions`. Throws the signal's reason.
 */
export async function prepare(workloads: readonly Workload[], input: PrepareInput): Promise<Judgeable[]> {
  const preparer = new Preparer(input);
  let done = 0;
  const prepared = await mapBounded(workloads, input.width, async (workload) => {
    input.signal?.throwIfAborted();
    let subject: Judgeable | null = null;
    try {
      subject = await preparer.prepare(workload);
    } catch (error) {
      input.signal?.throwIfAborted();
      input.omissions.note(workload.name, error);
    }
    input.progress?.(++done);
    return subject;
  });
  return prepared.filter((subject) => subject !== null);
}

/** A document that demands nothing: what has no document of its own is judged by platform alone. */
const NO_DEMANDS = { apiVersion: "hostfit/v1.0", kind: "Requirements" };

class Preparer {
  readonly #input: PrepareInput;
  readonly #sources = new Sources();
  readonly #compiler: DemandCompiler;
  readonly #noDemands: Requirements;
  /** By repository and digest. */
  readonly #variants = new Map<string, Promise<readonly Variant[]>>();
  /** Whether a host of the fleet may run it, by platform. */
  readonly #runnable = new Map<string, boolean>();

  constructor(input: PrepareInput) {
    this.#input = input;
    this.#compiler = new DemandCompiler(input.matcher);
    this.#noDemands = input.matcher.compile(NO_DEMANDS);
  }

  async prepare(workload: Workload): Promise<Judgeable> {
    if (workload.kind === "document") return this.#document(workload.name, workload.bytes);
    const { registry, signal } = this.#input;
    const image = await openImage({
      reference: workload.name,
      registry,
      sources: this.#sources,
      ...(signal === undefined ? {} : { signal }),
    });
    const { digest } = image.list.root;
    const key = formatWithDigest(image.reference, digest);
    const variants = this.#variants.get(key) ?? this.#variantsOf(image);
    this.#variants.set(key, variants);
    return { name: workload.name, digest, pods: workload.pods, variants: await variants };
  }

  async #document(file: string, bytes: Uint8Array): Promise<Judgeable> {
    const dialect = looksLikeNfd(bytes) ? "nfd" : "native";
    const source = await readDocument(bytes, { file, dialect, maxBytes: MAX_DOCUMENT_BYTES });
    const { requirements } = compileFile(this.#input.matcher, source);
    const variant: Variant = {
      requirements: requirements ?? this.#noDemands,
      candidate: null,
      label: "",
      digest: null,
      documented: true,
    };
    return { name: file, digest: null, pods: null, variants: [variant] };
  }

  async #variantsOf(image: OpenedImage): Promise<readonly Variant[]> {
    const { candidates } = image.list;
    const open = candidates.filter((candidate) => this.#mayRun(candidate));
    const { demands } = await demandsOn(open, image, this.#compiler, this.#input);
    return candidates.map((candidate): Variant => {
      const requirements = demands[open.indexOf(candidate)]?.requirements ?? null;
      return {
        requirements: requirements ?? this.#noDemands,
        candidate: asCore(candidate),
        label: variantWords(candidate),
        digest: candidate.digest,
        documented: requirements !== null,
      };
    });
  }

  #mayRun(candidate: Candidate): boolean {
    const key = JSON.stringify([platformWords(candidate.platform), candidate.platform]);
    const known = this.#runnable.get(key);
    if (known !== undefined) return known;
    const { compatible, undetermined } = this.#input.fleet.evaluate(this.#noDemands, {
      candidate: asCore(candidate),
    });
    this.#runnable.set(key, compatible + undetermined > 0);
    return compatible + undetermined > 0;
  }
}

function asCore({ platform, annotations }: Candidate): Pick<CoreCandidate, "platform" | "annotations"> {
  return { platform, annotations };
}
