/** Short ways to read documents in tests. */
import { type Diagnostic, DocumentError } from "../../src/author/diagnostics.ts";
import { type ReadOptions, readDocument, type SourceDocument } from "../../src/author/document.ts";

/** Reads text as `doc.yaml` unless told otherwise. */
export function read(text: string, options: Partial<ReadOptions> = {}): Promise<SourceDocument> {
  return readDocument(new TextEncoder().encode(text), { file: "doc.yaml", ...options });
}

/** The JSON that a document becomes, parsed. */
export async function readValue(text: string, options: Partial<ReadOptions> = {}): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode((await read(text, options)).json));
}

/** What a document is refused for. */
export async function refusals(
  text: string,
  options: Partial<ReadOptions> = {},
): Promise<readonly Diagnostic[]> {
  try {
    await read(text, options);
  } catch (error) {
    if (error instanceof DocumentError) return error.diagnostics;
    throw error;
  }
  throw new Error(`was read, but should have been refused:\n${text}`);
}

/** `code line:column` of each finding. */
export function brief(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((one) => `${one.code} ${one.line}:${one.column}`);
}
