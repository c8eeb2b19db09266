/** `hostfit push`: a document under a tag of its own. */
import { createdTime } from "../../author/publish/created.ts";
import { pushDocument } from "../../author/publish/pull.ts";
import { openWriter } from "../../registry/open.ts";
import { authoredDocument } from "../checked-document.ts";
import type { CommandModule } from "../command.ts";
import { pushJson } from "../documents-json.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { registryOf } from "../registry-access.ts";
import { pushText, warningsText } from "../render/documents.ts";

export const run: CommandModule["run"] = async ({ argument, rest, options, io }) => {
  const [target] = rest;
  if (argument === undefined || target === undefined || rest.length > 1) {
    throw new UsageError("a file and one reference are needed", "hostfit attach takes several images");
  }
  const created = createdTime(options.created, io.env);
  const [document, registry] = await Promise.all([
    authoredDocument(argument, io, options),
    registryOf(options, io, "write", [target]),
  ]);
  if (!options.quiet) io.stderr.write(warningsText(document.warnings, io));
  const { writer, reference } = openWriter(target, registry);
  const pushed = await pushDocument({
    writer,
    reference,
    document: document.blob,
    title: document.title,
    created,
  });
  writeAnswer(io, options, pushJson(document, pushed), {
    text: (paint) => pushText(pushed, paint),
    quiet: () => [pushed.reference],
  });
  return ExitStatus.compatible;
};
