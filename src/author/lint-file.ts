/**
 * Everything that can be said about one file by looking at it: what its YAML or JSON has wrong, what its schema, and
 * what the core says when it compiles it. Nothing is compared with a host: that is the core's business alone.
 */

import type { Catalog } from "../probe/vocabulary/catalog.ts";
import { type CompiledKind, type CompileFile, coreFindings } from "./core-findings.ts";
import { type Diagnostic, DocumentError, sortDiagnostics } from "./diagnostics.ts";
import { looksLikeNfd } from "./dialect.ts";
import { type Meant, type ReadOptions, readAsMeant, type SourceDocument } from "./document.ts";
import type { SchemaKind } from "./schema-messages.ts";
import { loadValidators, type Validators, validate } from "./validate.ts";
import type { VocabularyFinding } from "./vocabulary/finding.ts";
import { vocabularyFindings } from "./vocabulary/read.ts";

/** What a file is. `nfd` is NFD's image-compatibility document, `node-feature` its NodeFeature object. */
export type FileKind = CompiledKind | "vocabulary";

/** Options of {@link lintFile}. */
export interface LintOptions extends Omit<ReadOptions, "dialect"> {
  /** What the file is; by default, what it says itself (`kind`, or NFD's `compatibilities`). */
  readonly kind?: FileKind;
  /** Default: those that the build generated. */
  readonly validators?: Validators;
  /** The vocabularies that documents and policies are read by; without, its features' names and tests are taken as they are. */
  readonly catalog?: Catalog;
}

/** What was found about a file. */
export interface LintResult {
  /** null if the file doesn't say what it is. */
  readonly kind: FileKind | null;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The document, if it could be read without guessing: what a caller goes on with. */
  readonly document: SourceDocument | null;
}

const KINDS: ReadonlyMap<string, FileKind> = new Map([
  ["Requirements", "requirements"],
  ["Host", "host"],
  ["Policy", "policy"],
  ["Vocabulary", "vocabulary"],
  ["NodeFeature", "node-feature"],
]);

/** Lints one file. Never throws for what the file holds. */
export async function lintFile(
  bytes: Uint8Array,
  options: LintOptions,
  core: CompileFile,
): Promise<LintResult> {
  const { kind: wanted, validators, catalog, ...reading } = options;
  const nfd = wanted === "nfd" || (wanted === undefined && looksLikeNfd(bytes));
  let meant: Meant;
  try {
    meant = await readAsMeant(bytes, { ...reading, dialect: nfd ? "nfd" : "native" });
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { kind: wanted ?? (nfd ? "nfd" : null), diagnostics: error.diagnostics, document: null };
  }
  const { document, errors } = meant;
  const read = errors.length > 0 ? null : document;
  const value = parsed(document.json);
  const kind = nfd ? "nfd" : (wanted ?? kindOf(value));
  const findings: Diagnostic[] = [...errors, ...document.warnings];
  if (kind === null) {
    if (value === undefined) findings.push(...(await coreFindings(document, "requirements", core, [])));
    else findings.push(kindless(document, value));
    return { kind, diagnostics: sortDiagnostics(findings), document: read };
  }
  if (kind === "vocabulary") {
    if (value === undefined) findings.push(...(await coreFindings(document, "requirements", core, [])));
    else findings.push(...vocabularyFindings(document, value, validators ?? (await loadValidators())));
    return { kind, diagnostics: sortDiagnostics(findings), document: read };
  }
  if (value !== undefined && kind !== "nfd" && kind !== "node-feature") {
    const ofSchema = schemaFindings(document, kind, value, validators ?? (await loadValidators()));
    // What is written wrongly has been read as something else: what the schema says of that place is no news.
    findings.push(...ofSchema.filter(({ pointer }) => !errors.some((one) => one.pointer === pointer)));
  }
  findings.push(...(await coreFindings(document, kind, core, findings)));
  if (catalog !== undefined) {
    for (const { pointer, part, ...finding } of await usageOf(kind, value, catalog)) {
      findings.push(document.diagnostic(pointer, finding, part));
    }
  }
  return { kind, diagnostics: sortDiagnostics(findings), document: read };
}

/** What vocabularies say; facts are what they are. */
async function usageOf(
  kind: FileKind,
  value: unknown,
  catalog: Catalog,
): Promise<readonly VocabularyFinding[]> {
  switch (kind) {
    case "requirements":
    case "policy":
      return (await import("./vocabulary/usage.ts")).usageFindings(value, catalog);
    case "nfd":
      return (await import("./vocabulary/nfd-usage.ts")).nfdUsageFindings(value, catalog);
    default:
      return [];
  }
}

function schemaFindings(
  document: SourceDocument,
  kind: SchemaKind,
  value: unknown,
  validators: Validators,
): Diagnostic[] {
  return validate(kind, value, validators).map(({ pointer, part, ...finding }) =>
    document.diagnostic(pointer, { severity: "error", ...finding }, part),
  );
}

function kindless(document: SourceDocument, value: unknown): Diagnostic {
  const named = (value as { readonly kind?: unknown } | null)?.kind;
  const kinds = [...KINDS.keys()].join(", ");
  return document.diagnostic(
    named === undefined ? "" : "/kind",
    named === undefined
      ? {
          severity: "error",
          code: "missing-key",
          message: "the document doesn't say what it is",
          help: `add apiVersion: hostfit/v1.0 and kind, one of ${kinds}`,
        }
      : {
          severity: "error",
          code: "bad-value",
          message: `${JSON.stringify(named)} is no kind that hostfit knows`,
          help: `write one of ${kinds}`,
        },
  );
}

function kindOf(value: unknown): FileKind | null {
  const kind = (value as { readonly kind?: unknown } | null | undefined)?.kind;
  return typeof kind === "string" ? (KINDS.get(kind) ?? null) : null;
}

/** undefined if it is no JSON, which the core says better. */
function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json)) as unknown;
  } catch {
    return undefined;
  }
}
