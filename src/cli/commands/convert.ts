/** `hostfit convert`: a document in another dialect. */
import { convertFile } from "../../author/convert/convert-file.ts";
import { catalogOf, shippedVocabularies } from "../../probe/vocabulary/catalog.ts";
import { compileWith } from "../../select/compile-file.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { MAX_DOCUMENT_BYTES, readBytes, writeFileWhole } from "../files.ts";
import { painterFor } from "../paint.ts";
import { diagnosticsText } from "../render/diagnostics.ts";
import { toYaml } from "../render/yaml.ts";
import { newMatcher } from "../session.ts";
import { vocabulariesOf } from "../vocabularies.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("a file is needed");
  const bytes = await readBytes(argument, io, MAX_DOCUMENT_BYTES);
  const [matcher, shipped, given] = await Promise.all([
    newMatcher(),
    shippedVocabularies(),
    vocabulariesOf(options, io),
  ]);
  const { document, warnings } = await convertFile(bytes, {
    file: argument === "-" ? "(stdin)" : argument,
    ...(options.to === undefined ? {} : { to: options.to }),
    catalog: catalogOf(shipped, given),
    compile: compileWith(matcher),
  });
  const text = options.output === "json" ? `${JSON.stringify(document, null, 2)}\n` : toYaml(document);
  if (options.file === undefined || options.file === "-") io.stdout.write(text);
  else await writeFileWhole(options.file, io.cwd, new TextEncoder().encode(text));
  if (!options.quiet) io.stderr.write(diagnosticsText(warnings, painterFor(io.stderr, io.env)));
  return ExitStatus.compatible;
};
