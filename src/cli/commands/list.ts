/** `hostfit list`: all documents on an image. */
import { type DocumentListing, listDocuments } from "../../author/publish/list.ts";
import { type InclusionState, inclusionStates } from "../../author/publish/stale.ts";
import { candidatesOf } from "../../registry/candidates.ts";
import { DOCUMENT_ARTIFACTS } from "../../registry/document-types.ts";
import { openSource } from "../../registry/open.ts";
import { formatReference } from "../../registry/reference.ts";
import { coreChecks } from "../checked-document.ts";
import type { CommandModule } from "../command.ts";
import { listingJson } from "../documents-json.ts";
import { ExitStatus, UsageError } from "../exit.ts";
import { writeAnswer } from "../output.ts";
import { registryOf } from "../registry-access.ts";
import { listingText } from "../render/documents.ts";
import { allowedBasesOf } from "./attach.ts";

export const run: CommandModule["run"] = async ({ argument, options, io }) => {
  if (argument === undefined) throw new UsageError("an image is needed");
  const registry = await registryOf(options, io, "read", [argument]);
  const { source, reference } = openSource(argument, registry);
  const list = await candidatesOf(source, await source.resolve(reference, { expecting: DOCUMENT_ARTIFACTS }));
  const listing = await listDocuments(source, list);
  const stale = options.stale
    ? await inclusionStates(listing.documents, reference, {
        open: (one) => openSource(one, registry).source,
        samePlatform: (await coreChecks()).samePlatform,
        allowedBases: await allowedBasesOf(options, io),
      })
    : null;
  const image = { reference: formatReference(reference), digest: list.root.digest };
  writeAnswer(io, options, listingJson(image, listing, stale), {
    text: (paint) => listingText(image, listing, stale, paint),
    quiet: () => (stale === null ? countingDigests(listing) : staleDigests(stale)),
  });
  // What can't be listed is told in the answer; but nobody should take it for all there is.
  const unasked = stale?.some(({ state }) => state === "unknown") === true;
  return unasked || listing.faults.some(({ code }) => code !== "demanded-missing")
    ? ExitStatus.unreachable
    : ExitStatus.compatible;
};

/** The documents that count, each once. */
function countingDigests({ documents }: DocumentListing): readonly string[] {
  return [...new Set(documents.flatMap(({ counts, digest }) => (counts && digest !== null ? [digest] : [])))];
}

/** The documents whose includes have newer ones, each once. */
function staleDigests(stale: readonly InclusionState[]): readonly string[] {
  return [...new Set(stale.filter(({ state }) => state === "newer").map(({ document }) => document))];
}
