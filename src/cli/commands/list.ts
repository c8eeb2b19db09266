/** `hostfit list`: all documents on an image. */
import { listDocuments } from "../../author/publish/list.ts";
import { candidatesOf } from "../../registry/candidates.ts";
import { openSource } from "../../registry/open.ts";
import { formatReference } from "../../registry/reference.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { listingJson } from "../published.ts";
import { listingText } from "../render/published.ts";
import { registryOf } from "../session.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const { source, reference } = openSource(argument, await registryOf(options, io, "read"));
  const list = await candidatesOf(source, await source.resolve(reference));
  const listing = await listDocuments(source, list);
  if (options.quiet) {
    const counting = listing.documents.filter(({ counts, digest }) => counts && digest !== null);
    for (const digest of new Set(counting.map((one) => one.digest))) io.stdout.write(`${digest}\n`);
  } else {
    const image = { reference: formatReference(reference), digest: list.root.digest };
    writeAnswer(io, options.output, listingJson(image, listing), (paint) =>
      listingText(image, listing, paint),
    );
  }
  // What can't be listed is told in the answer; but nobody should take it for all there is.
  return listing.faults.some(({ code }) => code !== "demanded-missing")
    ? ExitStatus.unreachable
    : ExitStatus.compatible;
};
