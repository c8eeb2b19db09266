/** What the recipes of one vocabulary read: within its paths and its bounds, each file once. */
import type { EntryKind, HostFiles, ReadFailure } from "../root.ts";
import { type FoundPaths, findPaths, isAllowedPath, type Names } from "./path-pattern.ts";

/** Largest file that a recipe reads. */
const FILE_LIMIT = 1024 * 1024;
/** Of one vocabulary: files and folders, bytes, steps of patterns. */
const MAX_READS = 8_192;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_STEPS = 50_000_000;

/** Whose recipes these are: those of a vocabulary from elsewhere keep to the paths that it may read. */
export type Origin = "shipped" | "elsewhere";

/** A file's text, or why there is none; `not-allowed`, `too-large` and `too-much` beside {@link HostFiles}'s codes. */
export type TextRead = { readonly ok: true; readonly text: string } | ReadFailure;

/** The files of a host, for the recipes of one vocabulary. */
export class RecipeFiles {
  /** Counted down by patterns; below 0 they don't match any more. */
  readonly steps = { steps: MAX_STEPS };
  readonly #files: HostFiles;
  readonly #origin: Origin;
  readonly #texts = new Map<string, TextRead>();
  readonly #documents = new Map<string, { readonly value: unknown } | "malformed">();
  #reads = MAX_READS;
  #bytes = MAX_BYTES;

  constructor(files: HostFiles, origin: Origin) {
    this.#files = files;
    this.#origin = origin;
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

  /** JSON, else YAML, whose reader is loaded only if one is met. Aliases are refused: a few of them make gigabytes. */
  async document(path: string, text: string): Promise<{ readonly value: unknown } | "malformed"> {
    const known = this.#documents.get(path) ?? (await parsed(text));
    this.#documents.set(path, known);
    return known;
  }

  #read(path: string): TextRead {
    if (!this.isAllowed(path))
      return failed(path, "not-allowed", "a vocabulary from elsewhere may not read there");
    this.#reads -= 1;
    if (this.#reads <= 0 || this.#bytes <= 0)
      return failed(path, "too-much", "more than a vocabulary may read");
    const read = this.#files.read(path, FILE_LIMIT);
    if (!read.ok) return read;
    if (read.truncated) return failed(path, "too-large", `more than ${FILE_LIMIT} bytes`);
    this.#bytes -= read.bytes.length;
    return { ok: true, text: read.bytes.toString("utf8") };
  }
}

function failed(path: string, code: string, why: string): ReadFailure {
  return { ok: false, code, message: `${path}: ${why}` };
}

async function parsed(text: string): Promise<{ readonly value: unknown } | "malformed"> {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    try {
      const { parse } = await import("yaml");
      return { value: parse(text, { maxAliasCount: 0, logLevel: "error", uniqueKeys: false }) as unknown };
    } catch {
      return "malformed";
    }
  }
}
