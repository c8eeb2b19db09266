/** `hostfit detach`: documents off an image. */
import { detachDocuments } from "../../author/publish/detach.ts";
import { parseDigest } from "../../registry/digest.ts";
import { openWriter } from "../../registry/open.ts";
import { formatReference, parseReference } from "../../registry/reference.ts";
import type { CommandModule } from "../command.ts";
import { detachmentJson } from "../documents-json.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { registryOf } from "../registry-access.ts";
import { detachmentText } from "../render/documents.ts";

export const run: CommandModule["run"] = async ({ argument, rest, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  if (options.all === rest.length > 0) {
    throw new UsageError(
      options.all ? "--all and a digest contradict each other" : "name what to remove, by its digest",
      "hostfit list shows digests; --all removes every document",
    );
  }
  const image = parseReference(argument);
  const what = options.all ? "all" : rest.map((text) => parseDigest(text));
  const { writer } = openWriter(image, await registryOf(options, io, "delete", [argument]));
  const mode = options.dryRun ? "plan" : "write";
  const detachments = await detachDocuments({ image, writer, what, mode });
  const name = formatReference(image);
  writeAnswer(io, options, detachmentJson(name, detachments, options.dryRun), {
    text: (paint) => detachmentText(name, detachments, paint),
    quiet: () => detachments.map(({ artifact }) => artifact),
  });
  return ExitStatus.compatible;
};
