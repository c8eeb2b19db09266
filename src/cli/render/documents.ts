/** What publishing documents came to, for people. */
import { type Diagnostic, printable } from "../../author/diagnostics.ts";
import type { Attachment } from "../../author/publish/attach.ts";
import type { Detachment } from "../../author/publish/detach.ts";
import type { DocumentListing, ListedDocument } from "../../author/publish/list.ts";
import type { Pushed } from "../../author/publish/pull.ts";
import type { InclusionState } from "../../author/publish/stale.ts";
import { platformWords, shortDigest } from "../../select/variant-words.ts";
import type { AuthoredDocument } from "../checked-document.ts";
import type { Io } from "../io.ts";
import { type Paint, painterFor } from "../paint.ts";
import { type Cell, columns } from "./columns.ts";
import { diagnosticsText } from "./diagnostics.ts";
import { WHY_NOT } from "./inspection.ts";
import { noteLines } from "./ranking.ts";

/** Warnings about a document that is published all the same. */
export function warningsText(warnings: readonly Diagnostic[], io: Io): string {
  return warnings.length === 0 ? "" : diagnosticsText(warnings, painterFor(io.stderr, io.env));
}

const OUTCOME = {
  attached: "attached",
  unchanged: "there already, nothing written",
  planned: "would be attached",
} as const;

export function attachmentText(
  { blob, title }: AuthoredDocument,
  attachments: readonly Attachment[],
  paint: Paint,
): string {
  const lines = columns(
    [
      [
        { text: "document", tone: "faint" },
        { text: printable(title) },
        { text: blob.digest, tone: "faint" },
        { text: `${blob.bytes.length} bytes`, tone: "faint" },
      ],
    ],
    paint,
  );
  for (const one of attachments) {
    const platform = one.platform === null ? "" : `  ${platformWords(one.platform)}`;
    const listed = one.listedBy === "tag" ? " (listed by its referrers tag)" : "";
    lines.push(
      "",
      `${printable(one.reference)}${platform}`,
      `  ${paint(one.outcome === "attached" ? "good" : "plain", OUTCOME[one.outcome])}: ` +
        `${shortDigest(one.artifact)}, revision ${one.revision}${listed}`,
    );
    if (one.why !== null) lines.push(`  ${paint("unsure", "doesn't count:")} ${WHY_NOT[one.why]}`);
    if (one.target !== null) lines.push(`  about the layer ${one.target}`);
    for (const { origin } of one.included) lines.push(`  includes ${printable(origin)}`);
    const removed = one.outcome === "planned" ? "would be removed" : "removed";
    for (const digest of one.replaced)
      lines.push(`  ${paint("faint", `${removed}:`)} ${shortDigest(digest)}`);
  }
  return `${lines.join("\n")}\n`;
}

export function detachmentText(image: string, detachments: readonly Detachment[], paint: Paint): string {
  const words = {
    removed: "removed",
    unlisted: "no longer listed (the registry keeps the manifest)",
    planned: "would be removed",
  };
  const lines = detachments.map(({ subject, artifact, revision, outcome }) => {
    const shown = revision === null ? "" : `, revision ${revision}`;
    return `  ${shortDigest(artifact)}${shown}, about ${shortDigest(subject)}: ${paint("plain", words[outcome])}`;
  });
  const head = `${printable(image)}${lines.length === 0 ? ": no document is attached" : ""}`;
  return `${[head, ...lines].join("\n")}\n`;
}

export function listingText(
  image: { readonly reference: string; readonly digest: string },
  listing: DocumentListing,
  includes: readonly InclusionState[] | null,
  paint: Paint,
): string {
  const lines = columns(
    [
      [
        { text: "image", tone: "faint" },
        { text: printable(image.reference) },
        { text: image.digest, tone: "faint" },
      ],
    ],
    paint,
  );
  lines.push("");
  if (listing.documents.length === 0) lines.push("no documents");
  else {
    const heading = ["about", "document", "dialect", "revision", "created", "by", "found", ""];
    const rows = listing.documents.map((document) => listingRow(document));
    lines.push(...columns([heading.map((text): Cell => ({ text, tone: "faint" })), ...rows], paint));
  }
  if (includes !== null) lines.push("", ...inclusionLines(includes, paint));
  for (const { message } of listing.faults)
    lines.push(`${paint("bad", "not listed:")} ${printable(message)}`);
  lines.push(...noteLines(listing.notes, paint));
  return `${lines.join("\n")}\n`;
}

function inclusionLines(includes: readonly InclusionState[], paint: Paint): readonly string[] {
  if (includes.length === 0) return ["no document includes another"];
  return includes.map(({ document, origin, state, now, error }) => {
    const words =
      state === "current"
        ? paint("good", "current")
        : state === "newer"
          ? paint(
              "unsure",
              now.length === 0 ? "stale: no document counts there now" : "stale: there is a newer one",
            )
          : paint("bad", `not known: ${printable(error?.message ?? "")}`);
    return `${shortDigest(document)} includes ${printable(origin)}: ${words}`;
  });
}

function listingRow(document: ListedDocument): readonly Cell[] {
  const { subject, subjectKind, platform, digest, dialect, revision, created, author, artifact, origin } =
    document;
  const about = subjectKind === "index" ? "the index" : platformWords(platform);
  const why = document.why === null ? null : WHY_NOT[document.why];
  const detail = document.detail === "" ? "" : ` (${printable(document.detail)})`;
  const said =
    document.error !== null
      ? printable(`${document.error.code}: ${document.error.message}`)
      : why === null
        ? "counts"
        : `doesn't count: ${why}${detail}`;
  return [
    { text: subjectKind === "index" ? about : `${about} ${shortDigest(subject)}` },
    { text: digest === null ? "" : shortDigest(digest), tone: "strong" },
    { text: dialect ?? "" },
    { text: revision === null ? "" : String(revision) },
    { text: created === null ? "" : printable(created) },
    { text: printable(author === "" ? "-" : author) },
    { text: artifact === null ? origin : shortDigest(artifact), tone: "faint" },
    { text: said, tone: document.error !== null ? "bad" : document.counts ? "good" : "unsure" },
  ];
}

export function pushText({ reference, outcome, revision }: Pushed, paint: Paint): string {
  const words = outcome === "pushed" ? "pushed" : "there already, nothing written";
  return `${printable(reference)}\n  ${paint(outcome === "pushed" ? "good" : "plain", words)}: revision ${revision}\n`;
}
