/**
 * What can be said about how an image describes itself: mistakes in its documents, and what tools that know nothing of
 * hostfit take from its index on a host, with a warning where that doesn't fit (IA-7).
 */
import type { Matcher } from "../../bindings/js/matcher.ts";
import { type Diagnostic, sortDiagnostics } from "../author/diagnostics.ts";
import { lintFile } from "../author/lint-file.ts";
import type { Catalog } from "../probe/vocabulary/catalog.ts";
import type { FoundDocument } from "../registry/found-document.ts";
import type { ImageAnswer, JudgedCandidate } from "./answer.ts";
import { compileWith } from "./compile-file.ts";
import type { HostSource } from "./host.ts";
import { type InspectedSubject, type Inspection, inspectImage } from "./inspect.ts";
import { judgeImage } from "./judge.ts";
import type { OpenedImage } from "./open-image.ts";
import type { OtherPick } from "./others/entry.ts";
import { othersPick } from "./others/picks.ts";
import type { LoadedPolicy } from "./policy.ts";
import { variantWords } from "./variant-words.ts";

/** Something about the image as a whole. Warnings only: an image that others can run is no error. */
export interface ImageFinding {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
}

/** What one tool takes, and what hostfit thinks of it. */
export interface JudgedPick extends OtherPick {
  /** Null where the tool takes nothing. */
  readonly candidate: JudgedCandidate | null;
}

/** Everything found about an image. */
export interface ImageLint {
  readonly answer: ImageAnswer;
  /** In the documents themselves; `file` is the document's digest. */
  readonly diagnostics: readonly Diagnostic[];
  /** What each of these documents is about, by its digest: `linux/amd64 "app", linux/arm64`, or `the index`. */
  readonly subjects: ReadonlyMap<string, string>;
  readonly findings: readonly ImageFinding[];
  readonly picks: readonly JudgedPick[];
}

/** Lints an image for a host. Throws RegistryError where the source can't be asked. */
export async function lintImage(input: {
  readonly matcher: Matcher;
  readonly image: OpenedImage;
  readonly host: HostSource;
  readonly policy: LoadedPolicy | null;
  /** The vocabularies that the documents are read by. */
  readonly catalog: Catalog;
}): Promise<ImageLint> {
  const { matcher, image, catalog } = input;
  const inspection = await inspectImage(image);
  const answer = await judgeImage({
    ...input,
    requirements: null,
    platform: null,
    allowUndetermined: true,
    ...(isMissingAlone(inspection, input.policy) ? { onMissing: "undetermined" } : {}),
  });
  const entries = image.list.candidates;
  const picks = othersPick({
    entries,
    host: answer.host.platforms,
    indexMediaType: image.list.root.mediaType,
  }).map(
    (pick): JudgedPick => ({
      ...pick,
      candidate: answer.candidates.find(({ ranked }) => ranked.index === pick.picked) ?? null,
    }),
  );
  return {
    answer,
    diagnostics: await documentFindings(inspection, matcher, catalog),
    subjects: subjectsOfDocuments(inspection),
    findings: [...selfDescription(inspection), ...pickFindings(picks)],
    picks,
  };
}

/** A document that is demanded and missing is a finding here; what can't be asked is an error, as everywhere. */
function isMissingAlone(inspection: Inspection, policy: LoadedPolicy | null): boolean {
  return (
    (policy?.onMissing ?? null) === null && !subjects(inspection).some(({ status }) => status === "failed")
  );
}

function subjectsOfDocuments(inspection: Inspection): ReadonlyMap<string, string> {
  const found = new Map<string, string[]>();
  for (const { words, subject } of named(inspection)) {
    for (const { winner } of subject.documents) {
      if (winner.kind !== "document") continue;
      found.set(winner.digest, [...(found.get(winner.digest) ?? []), words]);
    }
  }
  return new Map([...found].map(([digest, words]) => [digest, words.join(", ")]));
}

async function documentFindings(
  inspection: Inspection,
  matcher: Matcher,
  catalog: Catalog,
): Promise<readonly Diagnostic[]> {
  const documents = new Map<string, FoundDocument>();
  for (const { winner } of subjects(inspection).flatMap((subject) => subject.documents)) {
    if (winner.kind === "document") documents.set(winner.digest, winner);
  }
  const core = compileWith(matcher);
  const findings: Diagnostic[] = [];
  for (const { digest, dialect, bytes } of documents.values()) {
    const options =
      dialect === "nfd"
        ? ({ kind: "nfd", format: "yaml" } as const)
        : ({ kind: "requirements", format: "json" } as const);
    findings.push(...(await lintFile(bytes, { file: digest, catalog, ...options }, core)).diagnostics);
  }
  return sortDiagnostics(findings);
}

/** Everything that can have documents, and what people call it. */
function named({ indexes, candidates }: Inspection) {
  return [
    ...indexes.map((subject) => ({ words: "the index", subject })),
    ...candidates.map((subject) => ({ words: variantWords(subject.candidate), subject })),
  ];
}

function subjects({ indexes, candidates }: Inspection): readonly InspectedSubject[] {
  return [...indexes, ...candidates];
}

/** What is odd about the index and its documents, whatever the host. */
function selfDescription(inspection: Inspection): ImageFinding[] {
  const findings: ImageFinding[] = [];
  const add = (
    severity: ImageFinding["severity"],
    code: string,
    message: string,
    help: string | null = null,
  ): void => {
    findings.push({ severity, code, message, help });
  };
  for (const { words, subject } of named(inspection)) {
    const { documents, status, error } = subject;
    for (const { winner, error: malformed } of documents) {
      if (winner.kind === "malformed")
        add("error", malformed?.code ?? "malformed", malformed?.message ?? "", malformed?.help ?? null);
    }
    if (status === "demanded-missing") {
      add(
        "error",
        "document-missing",
        error?.message ?? `${words} demands a document, which is not there`,
        "attach it",
      );
    }
    if (status === "failed" && error !== null) add("error", error.code, error.message, error.help ?? null);
  }
  const ofIndex = inspection.indexes.some(({ documents }) => documents.length > 0);
  const documented = inspection.candidates.filter(({ documents }) => documents.length > 0).length;
  if (!ofIndex && documented > 0 && documented < inspection.candidates.length) {
    add(
      "warning",
      "partly-documented",
      `only ${documented} of ${inspection.candidates.length} variants have a document; the others are judged by platform alone`,
      "attach a document to each, or one to the index",
    );
  }
  for (const { pointer, reason, error } of inspection.skipped) {
    if (reason === "malformed")
      add("error", error?.code ?? "malformed", `the entry ${pointer} can't be read: ${error?.message ?? ""}`);
    if (reason === "duplicate-index")
      add("warning", "duplicate-index", `the entry ${pointer} leads to an index that is listed already`);
  }
  for (const { code, message } of inspection.notes) {
    if (code !== "entry-malformed") add("warning", code, message);
  }
  return findings;
}

function pickFindings(picks: readonly JudgedPick[]): ImageFinding[] {
  return picks.flatMap(({ tool, candidate }): ImageFinding[] =>
    candidate?.ranked.verdict === "incompatible"
      ? [
          {
            severity: "warning",
            code: "pick-incompatible",
            message: `${tool} takes ${candidate.digest} on this host, which does not fit`,
            help: "put what every host of a platform can run first among its entries",
          },
        ]
      : [],
  );
}
