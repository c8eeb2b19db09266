/** Gives documents that people wrote to the core, and says in their own file's lines what the core refuses. */
import { InputError, UnsupportedVersionError } from "../../bindings/js/errors.ts";
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
    throw new DocumentError([
      source.diagnostic(error instanceof UnsupportedVersionError ? "/apiVersion" : placeOf(error), {
        severity: "error",
        code: error.code,
        message: error.message,
        pointer: error.place.pointer,
        ...(error.help === undefined ? {} : { help: error.help }),
      }),
    ]);
  }
}

/** In JSON the offset is exact; what YAML was converted to has offsets too, and both find the innermost part. */
function placeOf(error: InputError): number {
  return error.place.offset;
}
