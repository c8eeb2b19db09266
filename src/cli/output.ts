/** Writes an answer in the form that was asked for. */

import type { Io, Sink } from "./io.ts";
import type { Options } from "./options.ts";
import { type Paint, painterFor } from "./paint.ts";
import { wrapped } from "./render/wrap.ts";
import { toYaml } from "./render/yaml.ts";

/** What people read. */
export interface AnswerText {
  text(paint: Paint): string;
  /** What `--quiet` leaves of it: lines for scripts; none where the exit status says it all. */
  quiet(): readonly string[];
}

/**
 * `answer` as JSON or YAML, or its text for people. `--quiet` shortens the text alone: who asks for JSON gets JSON, whole.
 * Answers are written whole, once there are no more errors.
 */
export function writeAnswer(
  io: Io,
  { output, quiet }: Pick<Options, "output" | "quiet">,
  answer: object,
  forms: AnswerText,
): void {
  switch (output) {
    case "json":
      io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
      return;
    case "yaml":
      io.stdout.write(toYaml(answer));
      return;
    case "text":
      if (quiet) for (const line of forms.quiet()) io.stdout.write(`${line}\n`);
      else io.stdout.write(fitted(forms.text(painterFor(io.stdout, io.env)), io.stdout));
      return;
  }
}

/** Text for people, broken to the width of the terminal that shows it; in a pipe as it is. */
export function fitted(text: string, { isTTY, columns }: Sink): string {
  return isTTY && columns !== undefined ? wrapped(text, columns) : text;
}

/** For commands whose quiet answer is the exit status. */
export const NOTHING = (): readonly string[] => [];
