/** `hostfit lint`: a file, or how an image describes itself. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { diagnosticsToJson, printable } from "../../author/diagnostics.ts";
import { lintFile } from "../../author/lint-file.ts";
import { catalogOf, shippedVocabularies } from "../../probe/vocabulary/catalog.ts";
import { compileWith } from "../../select/compile-file.ts";
import type { CommandModule, Invocation } from "../command.ts";
import { type ExitStatus, UsageError } from "../exit.ts";
import { MAX_FACTS_BYTES, readFile, readVocabularies } from "../files.ts";
import { countFindings, countWords, lintStatus } from "../findings.ts";
import { writeAnswer } from "../output.ts";
import { diagnosticsText } from "../render/diagnostics.ts";
import { newMatcher } from "../session.ts";
import { runLintImage } from "./lint-image.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const { argument, io } = invocation;
  if (argument === undefined) throw new UsageError("a file or an image is needed");
  if (await namesFile(argument, io.cwd)) return lintOneFile(argument, invocation);
  return runLintImage(argument, invocation);
};

/** What looks like a path is a file, whether it is there or not; of the rest, what is there. */
async function namesFile(argument: string, cwd: string): Promise<boolean> {
  if (argument === "-") return true;
  if (/^oci(?:-archive)?:/.test(argument)) return false;
  if (/^\.{0,2}\/|\.(?:ya?ml|json)$/i.test(argument)) return true;
  return stat(resolve(cwd, argument)).then(
    (status) => status.isFile(),
    () => false,
  );
}

async function lintOneFile(path: string, { options, io }: Invocation): Promise<ExitStatus> {
  const bytes = path === "-" ? await io.stdin() : await readFile(path, io.cwd, MAX_FACTS_BYTES);
  const file = path === "-" ? "(stdin)" : path;
  const matcher = await newMatcher();
  const catalog = catalogOf(await shippedVocabularies(), await readVocabularies(options.vocabulary, io));
  const { kind, diagnostics } = await lintFile(
    bytes,
    { file, maxBytes: MAX_FACTS_BYTES, catalog },
    compileWith(matcher),
  );
  const counts = countFindings(diagnostics);
  if (!options.quiet) {
    const answer = {
      apiVersion: "hostfit/v1.0",
      kind: "Lint",
      file,
      image: null,
      host: null,
      documentKind: kind,
      ...counts,
      diagnostics: diagnosticsToJson(diagnostics),
      findings: [],
      picks: [],
      chosen: null,
    };
    writeAnswer(io, options.output, answer, (paint) => {
      const tone = counts.errors > 0 ? "bad" : counts.warnings > 0 ? "unsure" : "good";
      return `${diagnosticsText(diagnostics, paint)}${printable(file)}: ${paint(tone, countWords(counts))}\n`;
    });
  }
  return lintStatus(diagnostics, options.strict);
}
