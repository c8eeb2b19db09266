/** The document that an author publishes: read, checked as a whole, and put into the form in which it travels. */
import { basename } from "node:path";
import { type Diagnostic, DocumentError } from "../author/diagnostics.ts";
import { lintFile } from "../author/lint-file.ts";
import { type DocumentBlob, documentBlob } from "../registry/artifact.ts";
import type { Platform } from "../registry/descriptor.ts";
import { printable } from "../registry/errors.ts";
import { compileWith } from "../select/compile-file.ts";
import { ofPlatform } from "../select/same-platform.ts";
import { UsageError } from "./exit.ts";
import { MAX_DOCUMENT_BYTES, readBytes } from "./files.ts";
import type { Io } from "./io.ts";
import type { Options } from "./options.ts";
import { newMatcher } from "./session.ts";

/** What the core says about documents that are put together: whether they are right, and which platforms are the same. */
export async function coreChecks() {
  const matcher = await newMatcher();
  return {
    samePlatform: (platforms: readonly (Platform | null)[], wanted: Platform) =>
      ofPlatform(matcher, platforms, wanted),
    check: (json: Uint8Array) => matcher.compile(json).dispose(),
  };
}

/** A document that is fit to be published. */
export interface AuthoredDocument {
  readonly blob: DocumentBlob;
  /** What its file is called, for those who pull it. */
  readonly title: string;
  /** What is odd about it without being wrong. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads the file of an argument. A native document travels as JSON; NFD's as it is written, since its own tools read it.
 *
 * @throws DocumentError for what is wrong in it, as `hostfit lint` shows it; FileError
 */
export async function authoredDocument(
  path: string,
  io: Io,
  { passwordStdin }: Pick<Options, "passwordStdin">,
): Promise<AuthoredDocument> {
  if (path === "-" && passwordStdin) {
    throw new UsageError("standard input can be read once only", "give the document by its name");
  }
  const bytes = await readBytes(path, io, MAX_DOCUMENT_BYTES);
  const file = path === "-" ? "(stdin)" : path;
  const matcher = await newMatcher();
  const reading = { file, maxBytes: MAX_DOCUMENT_BYTES };
  const { kind, diagnostics, document } = await lintFile(bytes, reading, compileWith(matcher));
  if (document === null || diagnostics.some(({ severity }) => severity === "error")) {
    throw new DocumentError(diagnostics);
  }
  if (kind !== "requirements" && kind !== "nfd") {
    throw new DocumentError([
      document.diagnostic("/kind", {
        severity: "error",
        code: "wrong-kind",
        message: "this is no document about what an image needs",
        help: "only Requirements and NFD's compatibility documents can be published",
      }),
    ]);
  }
  const native = kind === "requirements";
  const named = path === "-" ? "requirements" : basename(path).replace(/\.(?:ya?ml|json)$/i, "");
  return {
    blob: await documentBlob(native ? document.json : bytes, native ? "native" : "nfd"),
    title: printable(`${named}.${native ? "json" : "yaml"}`, 120),
    warnings: diagnostics,
  };
}
