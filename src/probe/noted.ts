/** Facts that say themselves what could not be seen: notes travel as annotations, which no verdict looks at. */
import type { HostFacts, ProbeNote } from "./facts.ts";

/** Before the feature's name; a note of several features, or of none, stands under the bare prefix. */
export const NOTE_ANNOTATION = "io.hostfit.note";
/** Characters of one annotation's value. */
const MAX_VALUE = 4096;

/** A Host document with its annotations. */
export type NotedFacts = HostFacts & { readonly annotations?: Readonly<Record<string, string>> };

/**
 * The facts with an annotation `io.hostfit.note.FEATURE` for each feature that notes are about: a line a note, `FILE: CODE: message`, where
 * the code is an errno's name (`EACCES`) or a word of the probe's.
 */
export function withNotes(host: HostFacts, notes: readonly ProbeNote[]): NotedFacts {
  if (notes.length === 0) return host;
  const lines = new Map<string, string[]>();
  for (const { feature, file, code, message } of notes) {
    const key = feature === "" ? NOTE_ANNOTATION : `${NOTE_ANNOTATION}.${feature}`;
    lines.set(key, [...(lines.get(key) ?? []), `${file === "" ? "" : `${file}: `}${code}: ${message}`]);
  }
  const annotations = Object.fromEntries(
    [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, said]) => [key, cut(said.join("\n"))]),
  );
  const { apiVersion, kind, name, ...rest } = host;
  return { apiVersion, kind, name, annotations, ...rest };
}

function cut(text: string): string {
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 3)}...` : text;
}
