/** What embedding documents in an index came to, for people. */
import { printable } from "../../author/diagnostics.ts";
import type { Embedding } from "../../author/publish/embed.ts";
import { platformWords, shortDigest } from "../../select/variant-words.ts";
import type { Io } from "../io.ts";
import { type Paint, painterFor } from "../paint.ts";
import { columns } from "./columns.ts";
import { noteLines } from "./ranking.ts";

export function embeddingText(embedding: Embedding, tag: string, dryRun: boolean, paint: Paint): string {
  const lines = columns(
    [
      [
        { text: "from", tone: "faint" },
        { text: printable(embedding.image) },
        { text: embedding.root, tone: "faint" },
      ],
      [
        { text: dryRun ? "would be" : isUnchanged(embedding) ? "same" : "new", tone: "faint" },
        { text: printable(tag), tone: "strong" },
        { text: embedding.digest },
      ],
    ],
    paint,
  );
  lines.push("");
  const rows = embedding.places.map(({ subject, platform, document, bytes }) => [
    { text: subject === null ? "the index" : `${platformWords(platform)} ${shortDigest(subject)}` },
    {
      text:
        document === null
          ? "demands that documents are looked for"
          : `${embedding.form === "digest" ? "pins" : "holds"} ${shortDigest(document)}, ${bytes} bytes`,
    },
  ]);
  lines.push(...columns(rows, paint), ...noteLines(embedding.notes, paint));
  return `${lines.join("\n")}\n`;
}

/** The index said all this already, and is the one that was read. */
function isUnchanged({ root, digest }: Embedding): boolean {
  return root === digest;
}

/** What a person must know before they use the new index; nothing where there is no new one. */
export function leftBehindText(embedding: Embedding, io: Io): string {
  if (isUnchanged(embedding)) return "";
  const { leftBehind, root } = embedding;
  const paint = painterFor(io.stderr, io.env);
  const said = [
    ...leftBehind.referrers.map(({ artifactType, count }) => `${count} of ${printable(artifactType)}`),
    ...leftBehind.tags.map((tag) => `the tag ${printable(tag)}`),
  ];
  const what = said.length === 0 ? "" : `; here: ${said.join(", ")}`;
  return `${paint("unsure", "warning:")} signatures and artifacts of ${shortDigest(root)} don't follow to the new index${what}\n`;
}
