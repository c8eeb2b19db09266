/** An image's self-description for people. */
import { printable } from "../../author/diagnostics.ts";
import type { OtherDocument, WhyNot } from "../../registry/found-document.ts";
import type { InspectedDocument, InspectedSubject, Inspection } from "../../select/inspect.ts";
import { shortDigest, variantWords } from "../../select/variant-words.ts";
import type { Paint } from "../paint.ts";
import { columns } from "./columns.ts";
import { noteLines } from "./ranking.ts";

/** Why a document does not count, in words. */
export const WHY_NOT: Readonly<Record<WhyNot, string>> = {
  shadowed: "a document in the index takes its place",
  "index-speaks": "documents stand in the index, which speaks for all its entries",
  "older-revision": "there is a higher revision",
  older: "there is a later one",
  "digest-order": "there is another of the same revision and time",
  untrusted: "its author is not trusted",
  "other-subject": "it is about another manifest",
  "targets-layer": "it is about one layer",
  "in-manifest": "documents don't count in a manifest's own annotations",
};

export function inspectionText(inspection: Inspection, paint: Paint): string {
  const lines = columns(
    [
      [
        { text: "image", tone: "faint" },
        { text: printable(inspection.reference) },
        { text: inspection.root, tone: "faint" },
      ],
    ],
    paint,
  );
  for (const index of inspection.indexes) {
    if (index.status === "none" && index.others.length === 0) continue;
    lines.push("", `${paint("strong", "the index")} ${paint("faint", shortDigest(index.digest))}`);
    lines.push(...subjectLines(index, paint));
  }
  for (const one of inspection.candidates) {
    const { candidate } = one;
    lines.push("", `${paint("strong", variantWords(candidate))}  ${paint("faint", candidate.digest)}`);
    lines.push(...subjectLines(one, paint));
  }
  if (inspection.skipped.length > 0) {
    lines.push("");
    for (const { pointer, reason, digest } of inspection.skipped) {
      const what = digest === null ? pointer : `${pointer} ${shortDigest(digest)}`;
      lines.push(`${paint("faint", "no candidate:")} ${what}: ${reason}`);
    }
  }
  lines.push(...noteLines(inspection.notes, paint));
  return `${lines.join("\n")}\n`;
}

function subjectLines(subject: InspectedSubject, paint: Paint): string[] {
  const lines: string[] = [];
  switch (subject.status) {
    case "none":
      lines.push(`  ${paint("faint", "no document: judged by platform alone")}`);
      break;
    case "demanded-missing":
      lines.push(`  ${paint("bad", "a document is demanded and not there")}`);
      break;
    case "failed":
      lines.push(
        `  ${paint("bad", `its documents can't be listed: ${printable(subject.error?.message ?? "")}`)}`,
      );
      break;
    case "winners":
      break;
  }
  for (const document of subject.documents) lines.push(...documentLines(document, paint));
  for (const other of subject.others) lines.push(otherLine(other, paint));
  return lines;
}

function documentLines({ winner, content, error }: InspectedDocument, paint: Paint): string[] {
  const facts = [
    winner.origin === "attached" ? `attached by ${shortDigest(winner.artifact ?? "")}` : winner.origin,
    winner.kind === "document" ? winner.dialect : null,
    winner.author === "" ? null : `by ${printable(winner.author)}`,
    winner.revision === null ? null : `revision ${winner.revision}`,
    winner.created === null ? null : printable(winner.created),
  ].filter((fact) => fact !== null);
  const name = winner.kind === "document" ? shortDigest(winner.digest) : "document";
  const lines = [`  ${name}  ${paint("faint", facts.join(", "))}`];
  if (error !== null) return [...lines, `    ${paint("bad", `${error.code}: ${printable(error.message)}`)}`];
  if (typeof content !== "object" || content === null) return lines;
  const said = content as Readonly<Record<string, unknown>>;
  for (const key of ["name", "description", "documentation"]) {
    const value = said[key];
    if (typeof value === "string") lines.push(`    ${paint("faint", `${key}:`)} ${printable(value)}`);
  }
  const parts = ["requires", "prefers", "runtimes", "includes", "compatibilities"].filter(
    (key) => key in said,
  );
  if (parts.length > 0) lines.push(`    ${paint("faint", "has:")} ${parts.join(", ")}`);
  return lines;
}

function otherLine(other: OtherDocument, paint: Paint): string {
  const what = other.artifact === null ? other.origin : `${other.origin} ${shortDigest(other.artifact)}`;
  const detail = other.detail === "" ? "" : ` (${printable(other.detail)})`;
  return `  ${paint("unsure", "doesn't count:")} ${what}: ${WHY_NOT[other.why]}${detail}`;
}
