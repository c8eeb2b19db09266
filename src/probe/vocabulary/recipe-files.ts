/** What the recipes of one vocabulary read: within its paths and its bounds, each file once. */
import type { EntryKind, HostFiles, ReadFailure } from "../root.ts";
import { type FoundPaths, findPaths, isAllowedPath, isWithinAllowed, type Names } from "./path-pattern.ts";

/** What the recipes of one vocabulary may read. */
interface Bounds {
  /** The largest file. */
  readonly fileBytes: number;
  /** Files and folders. */
  readonly reads: number;
  readonly bytes: number;
  /** Steps of patterns. */
  readonly steps: number;
}

/** hostfit's own read a kernel's long lists, and every device of a large machine. */
const BOUNDS: Readonly<Record<Origin, Bounds>> = {
  elsewhere: { fileBytes: 1024 * 1024, reads: 8_192, bytes: 32 * 1024 * 1024, steps: 50_000_000 },
  shipped: { fileBytes: 4 * 1024 * 1024, reads: 131_072, bytes: 64 * 1024 * 1024, steps: 500_000_000 },
};

/** Whose recipes these are: those of a vocabulary from elsewhere keep to the paths that it may read. */
export type Origin = "shipped" | "elsewhere";

/** A file's text, or why there is none; `not-allowed`, `too-large` and `too-much` beside {@link HostFiles}'s codes. */
export type TextRead = { readonly ok: true; readonly text: string } | ReadFailure;

type Document = { readonly value: unknown } | "malformed";

/** The files of a host, for the recipes of one vocabulary. */
export class RecipeFiles {
  /** Counted down by patterns; below 0 they don't match any more. */
  readonly steps: { steps: number };
  readonly #files: HostFiles;
  readonly #origin: Origin;
  readonly #texts = new Map<string, TextRead>();
  readonly #documents = new Map<string, Document>();
  #yaml: ((text: string) => unknown) | undefined;
  #needsYaml = false;
  readonly #fileBytes: number;
  #reads: number;
  #bytes: number;

  constructor(files: HostFiles, origin: Origin) {
    this.#files = origin === "shipped" ? files : withinAllowed(files);
    this.#origin = origin;
    const { fileBytes, reads, bytes, steps } = BOUNDS[origin];
    this.#fileBytes = fileBytes;
    this.#reads = reads;
    this.#bytes = bytes;
    this.steps = { steps };
  }

  isAllowed(path: string): boolean {
    return this.#origin === "shipped" || isAllowedPath(path);
  }

  /** What stands at a path, wherever it is: nothing is read. */
  stat(path: string): { readonly ok: true; readonly kind: EntryKind } | ReadFailure {
    this.#reads -= 1;
    return this.#files.stat(path);
  }

  /** The paths that fit a pattern, if it is allowed. */
  find(pattern: string, names: Names): FoundPaths {
    return findPaths(this.#files, pattern, names, () => {
      this.#reads -= 1;
      return this.#reads > 0;
    });
  }

  text(path: string): TextRead {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const read = this.#read(path);
    this.#texts.set(path, read);
    return read;
  }

  /** Whether a document was met that is no JSON, before YAML's reader was loaded. */
  get needsYaml(): boolean {
    return this.#needsYaml && this.#yaml === undefined;
  }

  /** Loads YAML's reader, which most hosts have no file for. */
  async loadYaml(): Promise<void> {
    const { parse } = await import("yaml");
    // Aliases are refused: a few of them make gigabytes.
    this.#yaml = (text) => parse(text, { maxAliasCount: 0, logLevel: "error", uniqueKeys: false }) as unknown;
  }

  /** JSON, else YAML; `malformed` also as long as YAML's reader isn't loaded. */
  document(path: string, text: string): Document {
    const known = this.#documents.get(path) ?? this.#parsed(text);
    if (known === "malformed" && this.#yaml === undefined) this.#needsYaml = true;
    else this.#documents.set(path, known);
    return known;
  }

  #parsed(text: string): Document {
    for (const parse of [JSON.parse, this.#yaml]) {
      try {
        if (parse !== undefined) return { value: parse(text) };
      } catch {
        // The next one may read it.
      }
    }
    return "malformed";
  }

  #read(path: string): TextRead {
    if (!this.isAllowed(path))
      return failed(path, "not-allowed", "a vocabulary from elsewhere may not read there");
    this.#reads -= 1;
    if (this.#reads <= 0 || this.#bytes <= 0)
      return failed(path, "too-much", "more than a vocabulary may read");
    const read = this.#files.read(path, this.#fileBytes);
    if (!read.ok) return read;
    if (read.truncated) return failed(path, "too-large", `more than ${this.#fileBytes} bytes`);
    this.#bytes -= read.bytes.length;
    return { ok: true, text: read.bytes.toString("utf8") };
  }
}

/** The same files, of which those can't be read or listed to which links lead from where a vocabulary may read to where it may not. */
function withinAllowed(files: HostFiles): HostFiles {
  const realOf = (path: string): string | undefined => files.real?.(path);
  const refused = (path: string): ReadFailure | undefined => {
    const real = realOf(path);
    return real === undefined || isWithinAllowed(path, real, realOf)
      ? undefined
      : failed(path, "not-allowed", "a link leads to where a vocabulary from elsewhere may not read");
  };
  return {
    read: (path, limit) => refused(path) ?? files.read(path, limit),
    list: (path, limit) => refused(path) ?? files.list(path, limit),
    stat: (path) => files.stat(path),
  };
}

function failed(path: string, code: string, why: string): ReadFailure {
  return { ok: false, code, message: `${path}: ${why}` };
}
