/** The host that candidates are judged for: this machine, or what a file says about one. */
import type { Host, Matcher } from "../../bindings/js/matcher.ts";
import type { JsonInput, Platform } from "../../bindings/js/types.ts";
import type { SourceDocument } from "../author/document.ts";
import type { ProbeNote } from "../probe/facts.ts";
import type { Vocabulary } from "../probe/vocabulary/model.ts";
import { withPlaces } from "./core-input.ts";

/** Where a host's facts come from. */
export type HostInput =
  /** Probing, under the folder `root` (`/` for this machine), by these vocabularies beside hostfit's own. */
  | { readonly kind: "probe"; readonly root: string; readonly vocabularies?: readonly Vocabulary[] }
  | { readonly kind: "file"; readonly source: SourceDocument };

/** A host inside the core, with what is shown of it. */
export interface LoadedHost {
  readonly handle: Host;
  /** Its name, where it has one. */
  readonly name: string | null;
  /** `probe` for this machine, else the folder that was probed or the file's name. */
  readonly origin: string;
  /** In the host's order; `PlatformAnswer.host` is an index into it. Empty where the facts give none. */
  readonly platforms: readonly Platform[];
  /** What could not be probed. */
  readonly notes: readonly ProbeNote[];
}

/** A host whose facts are looked at as far as they are asked about. */
export interface HostSource {
  /**
   * The host, with all the features that these documents (JSON) name, beside its platforms and what platforms depend on.
   * Throws DocumentError for a file that the core refuses, HostfitError `bad-host-root`.
   */
  facing(documents: readonly JsonInput[]): Promise<LoadedHost>;
}

/** Opens a host. Nothing is read yet. */
export function openHost(matcher: Matcher, input: HostInput): HostSource {
  return input.kind === "file"
    ? new FileHost(matcher, input.source)
    : new ProbedHost(matcher, input.root, input.vocabularies ?? []);
}

class FileHost implements HostSource {
  readonly #matcher: Matcher;
  readonly #source: SourceDocument;
  #loaded: LoadedHost | undefined;

  constructor(matcher: Matcher, source: SourceDocument) {
    this.#matcher = matcher;
    this.#source = source;
  }

  async facing(): Promise<LoadedHost> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  #load(): LoadedHost {
    const source = this.#source;
    const handle = withPlaces(source, "facts", () => this.#matcher.facts(source.json));
    const facts = shownFacts(JSON.parse(new TextDecoder().decode(source.json)));
    return { handle, origin: source.file, notes: [], ...facts };
  }
}

/** What an amd64 host's level may have to be told from. */
const OF_PLATFORMS = "cpu.cpuid";

/**
 * Probes what is asked about and no more: a kernel's configuration alone has thousands of options, which hardly any
 * document names.
 */
class ProbedHost implements HostSource {
  readonly #matcher: Matcher;
  readonly #root: string;
  readonly #vocabularies: readonly Vocabulary[];
  readonly #probed = new Map<string, Promise<LoadedHost>>();

  constructor(matcher: Matcher, root: string, vocabularies: readonly Vocabulary[]) {
    this.#matcher = matcher;
    this.#root = root;
    this.#vocabularies = vocabularies;
  }

  async facing(documents: readonly JsonInput[]): Promise<LoadedHost> {
    const { featuresProbedBy } = await import("../probe/probe.ts");
    const only = namedFeatures(documents, featuresProbedBy(this.#vocabularies));
    const key = only.join(" ");
    const known = this.#probed.get(key) ?? this.#probe(only);
    this.#probed.set(key, known);
    return known;
  }

  async #probe(only: readonly string[]): Promise<LoadedHost> {
    const { probe } = await import("../probe/probe.ts");
    const { host, notes } = await probe({
      root: this.#root,
      only,
      administrator: "all",
      vocabularies: this.#vocabularies,
    });
    const origin = this.#root === "/" ? "probe" : this.#root;
    return { handle: this.#matcher.facts({ ...host }), origin, notes, ...shownFacts(host) };
  }
}

/**
 * The features whose name stands anywhere in the documents, in any case (NFD's dialect ignores it). More than are tested,
 * never less: what is left out would be unknown, and the verdict another.
 */
function namedFeatures(documents: readonly JsonInput[], features: readonly string[]): readonly string[] {
  const texts = documents.map((document) => plainText(document).toLowerCase());
  return features.filter(
    (feature) => feature === OF_PLATFORMS || texts.some((text) => text.includes(feature.toLowerCase())),
  );
}

/** A document's JSON without escapes that would hide a name; what is no JSON names nothing. */
function plainText(document: JsonInput): string {
  if (typeof document === "object" && !(document instanceof Uint8Array)) return JSON.stringify(document);
  const text = typeof document === "string" ? document : new TextDecoder().decode(document);
  if (!text.includes("\\")) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** INVARIANT: the core has accepted the facts, so their shape is known. */
function shownFacts(facts: unknown): Pick<LoadedHost, "name" | "platforms"> {
  const { name, platforms } = facts as { readonly name?: string; readonly platforms?: readonly Platform[] };
  return { name: name ?? null, platforms: platforms ?? [] };
}
