/** Writes an answer in the form that was asked for. */
import type { OutputFormat } from "./command.ts";
import type { Io } from "./io.ts";
import { type Paint, painterFor } from "./paint.ts";
import { toYaml } from "./render/yaml.ts";

/** `answer` as JSON or YAML, or what `text` makes for people. Answers are written whole, once there are no more errors. */
export function writeAnswer(
  io: Io,
  format: OutputFormat,
  answer: object,
  text: (paint: Paint) => string,
): void {
  switch (format) {
    case "json":
      io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
      return;
    case "yaml":
      io.stdout.write(toYaml(answer));
      return;
    case "text":
      io.stdout.write(text(painterFor(io.stdout, io.env)));
      return;
  }
}
