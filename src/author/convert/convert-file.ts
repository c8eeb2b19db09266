/** A file's document in another dialect: read, converted, and checked by the core. */
import type { Catalog } from "../../probe/vocabulary/catalog.ts";
import { type CompileFile, coreFindings } from "../core-findings.ts";
import { type Diagnostic, DocumentError, sortDiagnostics } from "../diagnostics.ts";
import { looksLikeNfd } from "../dialect.ts";
import { MAX_DOCUMENT_BYTES, readDocument, type SourceDocument } from "../document.ts";
import { pointerTokens } from "../pointer.ts";
import { compspecToNative, looksLikeCompspec } from "./compspec-to-native.ts";
import type { Conversion, JsonMap } from "./conversion.ts";
import { nativeToNfd } from "./native-to-nfd.ts";
import { nfdToNative } from "./nfd-to-native.ts";

/** What a document can be turned into. */
export type Target = "native" | "nfd";
/** What one can come from: a dialect of the core's, or a flat list of attributes. */
export type Origin = Target | "compspec";

/** A document that was converted. */
export interface ConvertedFile {
  readonly from: Origin;
  readonly to: Target;
  readonly document: JsonMap;
  /** What is told about it; no errors. */
  readonly warnings: readonly Diagnostic[];
}

/** How a file is converted. */
export interface ConvertOptions {
  /** For messages. */
  readonly file: string;
  /** The other dialect, if it isn't said. */
  readonly to?: Target;
  readonly catalog: Catalog;
  readonly compile: CompileFile;
}

/**
 * Converts.
 *
 * @throws DocumentError with every place that can't be said in the other dialect, or where the document itself is wrong
 */
export async function convertFile(bytes: Uint8Array, options: ConvertOptions): Promise<ConvertedFile> {
  const { file, catalog, compile } = options;
  const dialect = await dialectOf(bytes, file);
  const document = await readDocument(bytes, { file, dialect, maxBytes: MAX_DOCUMENT_BYTES });
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(document.json);
  const value = parsed(text);
  const from: Origin = dialect === "nfd" ? "nfd" : looksLikeCompspec(value) ? "compspec" : "native";
  const to = options.to ?? (from === "native" ? "nfd" : "native");
  if (from !== "compspec") await admit(document, from, compile);
  if (from === to)
    throw refuse(
      document,
      "",
      "nothing-to-convert",
      `it is written in the dialect ${to} already`,
      "nothing to do",
    );
  if (to === "nfd" && from === "compspec") {
    throw refuse(
      document,
      "",
      "nothing-to-convert",
      "a flat list becomes a native document first",
      "convert --to native, and that --to nfd",
    );
  }
  const conversion =
    from === "nfd"
      ? nfdToNative(value, (feature) => catalog.get(feature)?.feature.kind)
      : from === "compspec"
        ? compspecToNative(value, catalog)
        : nativeToNfd(text);
  const told = conversion.findings.map(({ pointer, severity, code, message, help }) =>
    document.diagnostic(pointer, { severity, code, message, help, pointer }),
  );
  const findings = sortDiagnostics([...document.warnings, ...told]);
  if (conversion.document === null) throw new DocumentError(findings);
  await admitResult(conversion, conversion.document, to, document, compile);
  return { from, to, document: conversion.document, warnings: findings };
}

/** A flat list has NFD's `compatibilities` too, but no rules in them: YAML is read for that once more. */
async function dialectOf(bytes: Uint8Array, file: string): Promise<"native" | "nfd"> {
  if (!looksLikeNfd(bytes)) return "native";
  try {
    const { json } = await readDocument(bytes, { file, maxBytes: MAX_DOCUMENT_BYTES });
    return looksLikeCompspec(parsed(new TextDecoder().decode(json))) ? "native" : "nfd";
  } catch {
    // What isn't YAML as the native dialect reads it can still be as NFD does.
    return "nfd";
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The core says what is wrong with it.
    return undefined;
  }
}

/** What is given must be right itself. */
async function admit(document: SourceDocument, from: Target, compile: CompileFile): Promise<void> {
  const findings = await coreFindings(document, from === "nfd" ? "nfd" : "requirements", compile, []);
  if (findings.length > 0) throw new DocumentError(findings);
}

/** What comes out must be right as well: a pattern, say, that the core refuses. */
async function admitResult(
  { origins }: Conversion,
  result: JsonMap,
  to: Target,
  document: SourceDocument,
  compile: CompileFile,
): Promise<void> {
  const answer = await compile(
    new TextEncoder().encode(JSON.stringify(result)),
    to === "nfd" ? "nfd" : "requirements",
  );
  if (answer.ok) return;
  throw refuse(
    document,
    originOf(result, answer.pointer ?? "", origins),
    answer.code,
    answer.message,
    answer.help,
  );
}

/** The place in the given document of what stands at a place of the result, as near as it is known. */
function originOf(result: JsonMap, pointer: string, origins: WeakMap<object, string>): string {
  let at: unknown = result;
  let origin = "";
  for (const token of pointerTokens(pointer)) {
    if (typeof at !== "object" || at === null) break;
    at = (at as Readonly<Record<string, unknown>>)[token];
    if (typeof at === "object" && at !== null) origin = origins.get(at) ?? origin;
  }
  return origin;
}

function refuse(
  document: SourceDocument,
  pointer: string,
  code: string,
  message: string,
  help: string,
): DocumentError {
  return new DocumentError([
    document.diagnostic(pointer, { severity: "error", code, message, help, pointer }),
  ]);
}
