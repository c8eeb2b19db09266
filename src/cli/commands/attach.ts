/** `hostfit attach`: a document onto images that are out already. */
import { attachDocument } from "../../author/publish/attach.ts";
import { createdTime } from "../../author/publish/created.ts";
import { Composer } from "../../author/publish/includes.ts";
import type { Which } from "../../author/publish/subjects.ts";
import { parseDigest } from "../../registry/digest.ts";
import { openSource, openWriter } from "../../registry/open.ts";
import { parseReference } from "../../registry/reference.ts";
import { ofPlatform, parsePlatform } from "../../select/same-platform.ts";
import { authoredDocument, coreChecks } from "../checked-document.ts";
import type { CommandModule } from "../command.ts";
import { attachmentJson } from "../documents-json.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import type { Io } from "../io.ts";
import type { Options } from "../options.ts";
import { writeAnswer } from "../output.ts";
import { registryOf } from "../registry-access.ts";
import { attachmentText, warningsText } from "../render/documents.ts";
import { newMatcher, policyOf } from "../session.ts";

export const run: CommandModule["run"] = async ({ argument, rest, options, io }) => {
  if (argument === undefined || rest.length === 0) throw new UsageError("a file and an image are needed");
  const images = rest.map(parseReference);
  const created = createdTime(options.created, io.env);
  const [which, document, registry] = await Promise.all([
    whichOf(options),
    authoredDocument(argument, io, options),
    registryOf(options, io, "write", rest),
  ]);
  if (!options.quiet) io.stderr.write(warningsText(document.warnings, io));
  const composer = new Composer(document.blob, {
    references: options.include.map(parseReference),
    base: options.fromBase ? "follow" : "ignore",
    open: (reference) => openSource(reference, { ...registry, access: "read" }).source,
    allowedBases: await allowedBasesOf(options, io),
    ...(await coreChecks()),
  });
  const attachments = await attachDocument({
    images,
    open: (reference) => openWriter(reference, registry).writer,
    which,
    compose: (place) => composer.compose(place),
    title: document.title,
    created,
    older: options.replace ? "remove" : "keep",
    mode: options.dryRun ? "plan" : "write",
  });
  writeAnswer(io, options, attachmentJson(document, attachments, options.dryRun), {
    text: (paint) => attachmentText(document, attachments, paint),
    quiet: () =>
      attachments.map(({ reference, artifact }) => `${reference.replace(/@[^@]*$/, "")}@${artifact}`),
  });
  return ExitStatus.compatible;
};

/** The repositories that the policy lets be followed; undefined where no policy is given. */
export async function allowedBasesOf(options: Options, io: Io): Promise<readonly string[] | undefined> {
  if (options.policy === undefined) return undefined;
  const policy = await policyOf(options, io, await newMatcher());
  policy?.handle.dispose();
  return policy?.allowedBases;
}

/** Which manifests the options name. */
async function whichOf(options: Options): Promise<Which> {
  const { platform, allPlatforms, layer } = options;
  if ([platform !== undefined, allPlatforms, layer !== undefined].filter(Boolean).length > 1) {
    throw new UsageError("--platform, --all-platforms and --layer contradict each other", "give one of them");
  }
  if (allPlatforms) return { kind: "all-platforms" };
  if (layer !== undefined) return { kind: "layer", digest: parseDigest(layer, "--layer") };
  return platformOf(platform);
}

/** What `--platform` names; without it, what the reference does. */
export async function platformOf(
  platform: string | undefined,
): Promise<Extract<Which, { kind: "named" | "platform" }>> {
  if (platform === undefined) return { kind: "named" };
  const wanted = parsePlatform(platform);
  const matcher = await newMatcher();
  return {
    kind: "platform",
    wanted: platform,
    keeps: (platforms) => ofPlatform(matcher, platforms, wanted),
  };
}
