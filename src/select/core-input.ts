/** Gives documents that people wrote to the core, and says in their own file's lines what the core refuses. */
import { InputError } from "../../bindings/js/errors.ts";
import { DocumentError } from "../author/diagnostics.ts";
import type { SourceDocument } from "../author/document.ts";

/**
 * Calls the core with a document. What the core refuses becomes a {@link DocumentError} with the place in the file; its
 * code is the core's, so an unsupported version stays `unsupported-version`.
 */
export function withPlaces<T>(source: SourceDocument, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { pointer, offset } = error.place;
    const { code, message, help } = error;
    throw new DocumentError([
      source.diagnostic(
        pointer === "" ? offset : pointer,
        { severity: "error", code, message, pointer, ...(help === undefined ? {} : { help }) },
        KEYED.has(code) ? "key" : "value",
      ),
    ]);
  }
}

/** Codes of errors that are about a key, not about what stands behind it. */
const KEYED: ReadonlySet<string> = new Set(["unknown-key", "duplicate-key"]);
