/** `hostfit lint IMAGE`. */
import { diagnosticsToJson } from "../../author/diagnostics.ts";
import { catalogOf, shippedVocabularies } from "../../probe/vocabulary/catalog.ts";
import { openHost } from "../../select/host.ts";
import { type ImageLint, lintImage } from "../../select/lint-image.ts";
import type { Invocation } from "../command.ts";
import type { ExitStatus } from "../exit.ts";
import { countFindings, lintStatus } from "../findings.ts";
import { NOTHING, writeAnswer } from "../output.ts";
import { imageLintText } from "../render/image-lint.ts";
import { hostOf, imageAndVocabularies, newMatcher, policyOf } from "../session.ts";

/** Lints the image of the argument. */
export async function runLintImage(argument: string, { options, io }: Invocation): Promise<ExitStatus> {
  const both = await imageAndVocabularies(argument, options, io);
  const [matcher, image, vocabularies, shipped] = await Promise.all([
    newMatcher(),
    both.image,
    both.vocabularies,
    shippedVocabularies(),
  ]);
  const hostInput = await hostOf(options, io, vocabularies);
  const policy = await policyOf(options, io, matcher);
  const host = openHost(matcher, hostInput);
  const lint = await lintImage({ matcher, image, host, policy, catalog: catalogOf(shipped, vocabularies) });
  writeAnswer(io, options, lintJson(lint), {
    text: (paint) => imageLintText(lint, paint),
    quiet: NOTHING,
  });
  return lintStatus([...lint.diagnostics, ...lint.findings], options.strict);
}

function lintJson(lint: ImageLint) {
  const { answer, diagnostics, findings, picks } = lint;
  return {
    apiVersion: "hostfit/v1.0",
    kind: "Lint",
    file: null,
    image: { reference: answer.reference, digest: answer.root },
    host: { name: answer.host.name, origin: answer.host.origin },
    documentKind: null,
    ...countFindings([...diagnostics, ...findings]),
    diagnostics: diagnosticsToJson(diagnostics),
    findings,
    picks: picks.map(({ tool, rule, why, candidate }) => ({
      tool,
      rule,
      why,
      digest: candidate?.digest ?? null,
      platform: candidate?.platform ?? null,
      verdict: candidate?.ranked.verdict ?? null,
    })),
    chosen: answer.chosen?.digest ?? null,
  };
}
