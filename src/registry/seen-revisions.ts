/**
 * What was seen of documents before. Whoever can write to a registry, or stands in the way to it, can show an older document
 * than there was, or none; nothing in an answer tells, but this program may remember.
 */
import type { Digest } from "./digest.ts";
import type { DocumentNote, Winner } from "./found-document.ts";
import { isObject } from "./json.ts";
import type { Memory } from "./source.ts";

/** Authors of one subject that are remembered. */
const MAX_AUTHORS = 64;

/** The highest revision that counted, and its artifact. */
interface Seen {
  readonly revision: number;
  readonly artifact: string;
}

/**
 * A note where what counts for a subject has a lower revision than what counted before, of the same author, or where nothing
 * counts any more. The highest is remembered. Without a memory there is nothing to say.
 */
export async function revisionNotes(
  subject: Digest,
  winners: readonly Winner[],
  memory: Memory | undefined,
): Promise<readonly DocumentNote[]> {
  if (memory === undefined) return [];
  const name = `revisions ${memory.name}@${subject}`;
  const seen = readSeen(await memory.recall(name));
  const now = new Map(winners.map((winner) => [winner.author, winner]));
  const notes: DocumentNote[] = [];
  let grown = false;
  for (const [author, { revision, artifact }] of seen) {
    const winner = now.get(author);
    const current = winner?.revision ?? 0;
    if (winner !== undefined && current >= revision) continue;
    const is =
      winner === undefined ? "there is no document of" : `the document of revision ${current} counts for`;
    notes.push({
      code: "revision-went-back",
      message: `${is} ${subject}, where one of revision ${revision} (${artifact}) was seen before: it was taken off, or is kept from you`,
      digest: winner?.artifact ?? subject,
    });
  }
  for (const [author, { revision, artifact }] of now) {
    const before = seen.get(author)?.revision ?? 0;
    if (revision === null || artifact === null || revision <= before) continue;
    if (!seen.has(author) && seen.size >= MAX_AUTHORS) continue;
    seen.set(author, { revision, artifact });
    grown = true;
  }
  if (grown) await memory.note(name, Object.fromEntries(seen));
  return notes;
}

function readSeen(value: unknown): Map<string, Seen> {
  const entries = isObject(value) ? Object.entries(value).slice(0, MAX_AUTHORS) : [];
  return new Map(
    entries.flatMap(([author, one]): [string, Seen][] =>
      isObject(one) && typeof one.revision === "number" && typeof one.artifact === "string"
        ? [[author, { revision: one.revision, artifact: one.artifact }]]
        : [],
    ),
  );
}
