/** What a command line's options stand for: a host, a policy, a document, an image, and the core that judges them. */
import { createMatcher } from "../../bindings/js/index.ts";
import type { Matcher } from "../../bindings/js/matcher.ts";
import type { SourceDocument } from "../author/document.ts";
import type { Vocabulary } from "../probe/vocabulary/model.ts";
import type { ImageAnswer } from "../select/answer.ts";
import { type HostInput, openHost } from "../select/host.ts";
import { judgeImage } from "../select/judge.ts";
import { type OpenedImage, openImage } from "../select/open-image.ts";
import { type LoadedPolicy, loadPolicy } from "../select/policy.ts";
import { parsePlatform } from "../select/same-platform.ts";
import { UsageError } from "./exit.ts";
import { MAX_DOCUMENT_BYTES, MAX_FACTS_BYTES, readDocumentFile } from "./files.ts";
import type { Io } from "./io.ts";
import type { Options } from "./options.ts";
import { registryOf } from "./registry-access.ts";
import { namedVocabularies } from "./vocabularies.ts";

/** The core, compiled and instantiated. */
export function newMatcher(): Promise<Matcher> {
  return createMatcher();
}

/** The host of `--facts` or `--host-root`, or this machine; probed by these vocabularies beside hostfit's own. */
export async function hostOf(
  options: Options,
  io: Io,
  vocabularies: readonly Vocabulary[] = [],
): Promise<HostInput> {
  if (options.facts === undefined) return { kind: "probe", root: options.hostRoot ?? "/", vocabularies };
  if (options.hostRoot !== undefined) {
    throw new UsageError("--facts and --host-root contradict each other", "give one of them");
  }
  return { kind: "file", source: await readDocumentFile(options.facts, io, { maxBytes: MAX_FACTS_BYTES }) };
}

/** The document of `--requirements`, in either dialect. */
export async function requirementsOf(options: Options, io: Io): Promise<SourceDocument | null> {
  if (options.requirements === undefined) return null;
  return readDocumentFile(options.requirements, io, { maxBytes: MAX_DOCUMENT_BYTES, dialect: "either" });
}

/** The policy of `--policy`. */
export async function policyOf(options: Options, io: Io, matcher: Matcher): Promise<LoadedPolicy | null> {
  if (options.policy === undefined) return null;
  return loadPolicy(matcher, await readDocumentFile(options.policy, io, { maxBytes: MAX_DOCUMENT_BYTES }));
}

/** The image of the argument. */
export async function imageOf(argument: string, options: Options, io: Io): Promise<OpenedImage> {
  return openImage({
    reference: argument,
    registry: await registryOf(options, io, "read", [argument]),
    documents: options.requirements === undefined ? "wanted" : "unwanted",
  });
}

/** The image of the argument, and the vocabularies of `--vocabulary`, which get nothing of the image's login. */
export async function imageAndVocabularies(
  argument: string,
  options: Options,
  io: Io,
): Promise<{ readonly image: Promise<OpenedImage>; readonly vocabularies: Promise<Vocabulary[]> }> {
  if (options.vocabulary.length === 0)
    return { image: imageOf(argument, options, io), vocabularies: Promise.resolve([]) };
  const named = await namedVocabularies(options.vocabulary, io);
  const registry = registryOf(options, io, "read", [argument], named.references);
  return {
    image: registry.then((reached) => openImage({ reference: argument, registry: reached })),
    vocabularies: named.read(() => registry),
  };
}

/** Facts that are given aren't probed, so a vocabulary would change nothing. */
export function refuseIdleVocabulary({ facts, vocabulary }: Options): void {
  if (facts === undefined || vocabulary.length === 0) return;
  throw new UsageError(
    "--vocabulary is about what is probed, and --facts probes nothing",
    "give it to hostfit probe, which makes the facts, or leave it out",
  );
}

/** Everything that judging an image needs, read side by side, and the answer. */
export async function judge(argument: string, options: Options, io: Io): Promise<ImageAnswer> {
  refuseIdleVocabulary(options);
  const { facts, policy: ofPolicy, vocabulary, passwordStdin } = options;
  const inputs = [facts, options.requirements, ofPolicy, ...vocabulary, passwordStdin ? "-" : ""];
  if (inputs.filter((path) => path === "-").length > 1) {
    throw new UsageError("standard input can be read once only", "give all but one of the files by name");
  }
  const platform = options.platform === undefined ? null : parsePlatform(options.platform);
  const both = await imageAndVocabularies(argument, options, io);
  const image = settled(both.image);
  const [matcher, hostInput, requirements] = await Promise.all([
    newMatcher(),
    both.vocabularies.then((vocabularies) => hostOf(options, io, vocabularies)),
    requirementsOf(options, io),
  ]);
  const policy = await policyOf(options, io, matcher);
  const host = openHost(matcher, hostInput);
  return judgeImage({
    matcher,
    image: await image(),
    host,
    policy,
    requirements,
    platform,
    allowUndetermined: options.allowUndetermined,
  });
}

/** Lets a promise run while other things are read: its failure is told when it is asked for, not before. */
function settled<T>(promise: Promise<T>): () => Promise<T> {
  promise.catch(() => {});
  return () => promise;
}

/**
 * A document that can't be read is told as the error that it is where it stands in the way of an answer; elsewhere it is
 * a note. `candidates` are those whose verdict is the answer.
 */
export function throwUnreadable(candidates: ImageAnswer["candidates"]): void {
  for (const { documents, ranked } of candidates) {
    if (ranked.verdict !== "undetermined") continue;
    // What is missing left its candidate undetermined because the policy says so: that is the answer then.
    const error = documents.find(
      ({ unreadable, origin }) => unreadable !== null && origin !== "missing",
    )?.unreadable;
    if (error !== undefined && error !== null) throw error;
  }
}
