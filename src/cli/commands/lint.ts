/** `hostfit lint`: a file, or how an image describes itself. */
import type { Matcher } from "../../../bindings/js/matcher.ts";
import { diagnosticsToJson } from "../../author/diagnostics.ts";
import { lintFile } from "../../author/lint-file.ts";
import { catalogOf, shippedVocabularies } from "../../probe/vocabulary/catalog.ts";
import { compileWith } from "../../select/compile-file.ts";
import { openHost } from "../../select/host.ts";
import type { CommandModule, Invocation } from "../command.ts";
import { type ExitStatus, UsageError } from "../exit.ts";
import { MAX_FACTS_BYTES, readBytes } from "../files.ts";
import { countFindings, lintStatus } from "../findings.ts";
import type { Io } from "../io.ts";
import { namesFile } from "../local-path.ts";
import type { Options } from "../options.ts";
import { NOTHING, writeAnswer } from "../output.ts";
import { findingsText } from "../render/diagnostics.ts";
import { hostOf, newMatcher, policyOf } from "../session.ts";
import { vocabulariesOf } from "../vocabularies.ts";
import { runLintImage } from "./lint-image.ts";

export const run: CommandModule["run"] = async (invocation) => {
  const { argument, io } = invocation;
  if (argument === undefined) throw new UsageError("a file or an image is needed");
  if (await namesFile(argument, io.cwd)) return lintOneFile(argument, invocation);
  return runLintImage(argument, invocation);
};

async function lintOneFile(path: string, { options, io }: Invocation): Promise<ExitStatus> {
  const bytes = await readBytes(path, io, MAX_FACTS_BYTES);
  const file = path === "-" ? "(stdin)" : path;
  const inputs = [path, options.facts, options.policy, ...options.vocabulary];
  if (inputs.filter((one) => one === "-").length > 1) {
    throw new UsageError("standard input can be read once only", "give all but one of the files by name");
  }
  const matcher = await newMatcher();
  await checkBeside(matcher, options, io);
  const catalog = catalogOf(await shippedVocabularies(), await vocabulariesOf(options, io));
  const { kind, diagnostics } = await lintFile(
    bytes,
    { file, maxBytes: MAX_FACTS_BYTES, catalog },
    compileWith(matcher),
  );
  const answer = {
    apiVersion: "hostfit/v1.0",
    kind: "Lint",
    file,
    image: null,
    host: null,
    documentKind: kind,
    ...countFindings(diagnostics),
    diagnostics: diagnosticsToJson(diagnostics),
    findings: [],
    picks: [],
    chosen: null,
  };
  writeAnswer(io, options, answer, {
    text: (paint) => findingsText(file, diagnostics, paint),
    quiet: NOTHING,
  });
  return lintStatus(diagnostics, options.strict);
}

/** The facts and the policy of the options say nothing of a file, but whoever gives them wants to know if they are wrong. */
async function checkBeside(matcher: Matcher, options: Options, io: Io): Promise<void> {
  if (options.facts !== undefined) await openHost(matcher, await hostOf(options, io)).facing([]);
  await policyOf(options, io, matcher);
}
