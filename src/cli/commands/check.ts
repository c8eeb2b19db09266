/** `hostfit check`: one candidate of an image, or a document alone. */
import type { Verdict } from "../../../bindings/js/types.ts";
import type { ImageAnswer, JudgedCandidate } from "../../select/answer.ts";
import { openHost } from "../../select/host.ts";
import { compileFile } from "../../select/requirements.ts";
import { checkJson, documentCheckJson } from "../answers.ts";
import type { CommandModule, Invocation } from "../command.ts";
import { type ExitStatus, exitStatusOfVerdict, UsageError } from "../exit.ts";
import { NOTHING, writeAnswer } from "../output.ts";
import { checkText, documentCheckText } from "../render/check.ts";
import { writeHostNotes } from "../render/notes.ts";
import {
  hostOf,
  judge,
  newMatcher,
  policyOf,
  refuseIdleVocabulary,
  requirementsOf,
  throwUnreadable,
} from "../session.ts";
import { vocabulariesOf } from "../vocabularies.ts";

export const run: CommandModule["run"] = (invocation) =>
  invocation.argument === undefined ? checkDocument(invocation) : checkImage(invocation.argument, invocation);

async function checkImage(argument: string, { options, io }: Invocation): Promise<ExitStatus> {
  // Only whether the best one fits is asked, so what may fit takes part in the choice.
  const answer = await judge(argument, { ...options, allowUndetermined: true }, io);
  const candidate = answer.candidates[0] as JudgedCandidate;
  throwUnreadable([candidate]);
  const by = reasonFor(answer, options.platform);
  writeAnswer(io, options, checkJson(answer, candidate, by), {
    text: (paint) => checkText(answer, candidate, by, paint),
    quiet: NOTHING,
  });
  const status = exitStatusOfVerdict(candidate.ranked.verdict);
  writeHostNotes(io, options, answer.host, status);
  return status;
}

function reasonFor(answer: ImageAnswer, platform: string | undefined): "platform" | "choice" | "only" {
  if (platform !== undefined) return "platform";
  return answer.candidates.length === 1 ? "only" : "choice";
}

async function checkDocument({ options, io }: Invocation): Promise<ExitStatus> {
  const requirements = await requirementsOf(options, io);
  if (requirements === null) {
    throw new UsageError("an image, or a document (--requirements), is needed", "run: hostfit check --help");
  }
  if (options.platform !== undefined) {
    throw new UsageError(
      "--platform chooses among an image's candidates, and there is no image",
      "leave it out",
    );
  }
  refuseIdleVocabulary(options);
  const vocabularies = await vocabulariesOf(options, io);
  const [matcher, hostInput] = await Promise.all([newMatcher(), hostOf(options, io, vocabularies)]);
  const policy = await policyOf(options, io, matcher);
  const { requirements: handle, documents } = compileFile(matcher, requirements);
  const texts = policy === null ? [] : [policy.json];
  const host = await openHost(matcher, hostInput).facing([requirements.json, ...texts]);
  if (handle === null) throw new UsageError("the document is empty");
  const verdict: Verdict = matcher.evaluate(
    handle,
    host.handle,
    policy === null ? {} : { policy: policy.handle },
  );
  writeAnswer(io, options, documentCheckJson(verdict, host, documents), {
    text: (paint) => documentCheckText(verdict, { host, policy, file: requirements.file }, paint),
    quiet: NOTHING,
  });
  const status = exitStatusOfVerdict(verdict.verdict);
  writeHostNotes(io, options, host, status);
  return status;
}
