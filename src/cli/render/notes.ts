/** What a probe could not see, for people: lines beside an answer. */
import { printable } from "../../author/diagnostics.ts";
import type { ProbeNote } from "../../probe/facts.ts";
import type { LoadedHost } from "../../select/host.ts";
import { ExitStatus } from "../exit.ts";
import type { Io } from "../io.ts";
import type { Options } from "../options.ts";
import { painterFor } from "../paint.ts";

/** Writes notes to stderr, a line each. */
export function writeNotes(io: Io, notes: readonly ProbeNote[]): void {
  const paint = painterFor(io.stderr, io.env);
  for (const note of notes) {
    const file = note.file === "" ? "" : ` ${printable(note.file)}:`;
    const about = paint("faint", `note: ${printable(note.feature)}:`);
    io.stderr.write(`${about}${file} ${printable(note.message)}\n`);
  }
}

/**
 * The notes of the probe that an answer rests on. An answer that is settled is so whatever could not be seen: then only an administrator's
 * file that wasn't understood is told.
 */
export function writeHostNotes(io: Io, { quiet }: Options, { notes }: LoadedHost, status: ExitStatus): void {
  if (quiet) return;
  const isSettled = status !== ExitStatus.undetermined;
  writeNotes(
    io,
    notes.filter(({ feature }) => !isSettled || feature === "facts.d"),
  );
}
