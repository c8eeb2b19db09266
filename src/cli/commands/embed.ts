/** `hostfit embed`: documents into an index. */
import { createdTime } from "../../author/publish/created.ts";
import { embedDocuments } from "../../author/publish/embed.ts";
import { openWriter } from "../../registry/open.ts";
import { isTag, parseReference } from "../../registry/reference.ts";
import { authoredDocument } from "../checked-document.ts";
import type { CommandModule } from "../command.ts";
import { embeddingJson } from "../documents-json.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { registryOf } from "../registry-access.ts";
import { embeddingText, leftBehindText } from "../render/embedded.ts";
import { platformOf } from "./attach.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const { tag } = options;
  if (tag === undefined) throw new UsageError("a tag for the new index is needed", "add --tag");
  if (!isTag(tag)) {
    throw new UsageError(
      `${JSON.stringify(tag)} is no tag`,
      "write at most 128 letters, digits, dots, dashes and underscores, a dot or dash not first",
    );
  }
  if (options.platform !== undefined && options.allPlatforms) {
    throw new UsageError("--platform and --all-platforms contradict each other", "give one of them");
  }
  const form = options.as;
  if (form === "consult" && options.requirements !== undefined) {
    throw new UsageError("--as consult writes no document", "leave --requirements out");
  }
  const image = parseReference(argument);
  const created = createdTime(options.created, io.env);
  const [document, which, registry] = await Promise.all([
    options.requirements === undefined ? null : authoredDocument(options.requirements, io, options),
    options.allPlatforms ? ({ kind: "all-platforms" } as const) : platformOf(options.platform),
    registryOf(options, io, "write", [argument]),
  ]);
  const embedding = await embedDocuments({
    image,
    writer: openWriter(image, registry).writer,
    tag,
    form,
    document: document?.blob ?? null,
    which,
    title: document?.title ?? "requirements.json",
    created,
    mode: options.dryRun ? "plan" : "write",
  });
  writeAnswer(io, options, embeddingJson(embedding, tag, options.dryRun), {
    text: (paint) => embeddingText(embedding, tag, options.dryRun, paint),
    quiet: () => [embedding.reference],
  });
  if (!options.quiet && options.output === "text") io.stderr.write(leftBehindText(embedding, io));
  return ExitStatus.compatible;
};
