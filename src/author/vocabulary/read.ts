/** Vocabularies as files: reading one, with everything that is wrong with it. */
import type { Vocabulary } from "../../probe/vocabulary/model.ts";
import type { Origin } from "../../probe/vocabulary/recipe-files.ts";
import { type Diagnostic, DocumentError } from "../diagnostics.ts";
import { type ReadOptions, readDocument, type SourceDocument } from "../document.ts";
import { loadValidators, type Validators, validate } from "../validate.ts";
import { checkVocabulary } from "./check.ts";

/** Everything that is wrong with a document that says that it is a vocabulary. */
export function vocabularyFindings(
  document: SourceDocument,
  value: unknown,
  validators: Validators,
  origin: Origin = "elsewhere",
): Diagnostic[] {
  const ofSchema = validate("vocabulary", value, validators);
  if (ofSchema.length > 0) {
    return ofSchema.map(({ pointer, part, ...finding }) =>
      document.diagnostic(pointer, { severity: "error", ...finding }, part),
    );
  }
  return checkVocabulary(value as Vocabulary, origin).map(({ pointer, part, ...finding }) =>
    document.diagnostic(pointer, finding, part),
  );
}

/**
 * Reads a vocabulary that is fit for use.
 * @throws DocumentError with every finding, if one of them is an error.
 */
export async function readVocabulary(bytes: Uint8Array, options: ReadOptions): Promise<Vocabulary> {
  const document = await readDocument(bytes, options);
  const value = parsed(document);
  const findings = vocabularyFindings(document, value, await loadValidators());
  if (findings.some((one) => one.severity === "error")) throw new DocumentError(findings);
  return value as Vocabulary;
}

function parsed(document: SourceDocument): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(document.json)) as unknown;
  } catch (error) {
    const message = `the document is no JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new DocumentError([
      document.diagnostic(0, { severity: "error", code: "syntax", message, help: "mend the JSON" }),
    ]);
  }
}
