/** `hostfit list`: all documents on an image. */
import { listDocuments } from "../../author/publish/list.ts";
import { inclusionStates } from "../../author/publish/stale.ts";
import { candidatesOf } from "../../registry/candidates.ts";
import { openSource } from "../../registry/open.ts";
import { formatReference } from "../../registry/reference.ts";
import { coreChecks } from "../authored.ts";
import type { CommandModule } from "../command.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { listingJson } from "../published.ts";
import { registryOf } from "../registry-access.ts";
import { listingText } from "../render/published.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const registry = await registryOf(options, io, "read", [argument]);
  const { source, reference } = openSource(argument, registry);
  const list = await candidatesOf(source, await source.resolve(reference));
  const listing = await listDocuments(source, list);
  const stale = options.stale
    ? await inclusionStates(listing.documents, reference, {
        open: (one) => openSource(one, registry).source,
        samePlatform: (await coreChecks()).samePlatform,
      })
    : null;
  if (options.quiet && stale !== null) {
    const newer = stale.filter(({ state }) => state === "newer");
    for (const digest of new Set(newer.map(({ document }) => document))) io.stdout.write(`${digest}\n`);
  } else if (options.quiet) {
    const counting = listing.documents.filter(({ counts, digest }) => counts && digest !== null);
    for (const digest of new Set(counting.map((one) => one.digest))) io.stdout.write(`${digest}\n`);
  } else {
    const image = { reference: formatReference(reference), digest: list.root.digest };
    writeAnswer(io, options.output, listingJson(image, listing, stale), (paint) =>
      listingText(image, listing, stale, paint),
    );
  }
  // What can't be listed is told in the answer; but nobody should take it for all there is.
  const unasked = stale?.some(({ state }) => state === "unknown") === true;
  return unasked || listing.faults.some(({ code }) => code !== "demanded-missing")
    ? ExitStatus.unreachable
    : ExitStatus.compatible;
};
