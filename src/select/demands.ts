/** What documents demand of an image's candidates: found, read and compiled, each distinct list once. */
import type { JsonInput } from "../../bindings/js/types.ts";
import { HostfitError } from "../errors.ts";
import type { Candidate } from "../registry/candidates.ts";
import { documentsFor, type SubjectDocuments } from "../registry/documents.ts";
import type { Trusts } from "../registry/found-document.ts";
import type { CallOptions } from "../registry/source.ts";
import type { Note } from "./answer.ts";
import type { OpenedImage } from "./open-image.ts";
import type { LoadedPolicy, OnMissing } from "./policy.ts";
import {
  type CompiledDemands,
  type Demand,
  type DemandCompiler,
  demandOf,
  missingDemand,
  type NameOf,
} from "./requirements.ts";
import { shortDigest, variantWords } from "./variant-words.ts";

/** What is demanded of candidates. */
export interface Demanded {
  /** For each candidate, compiled. */
  readonly demands: readonly CompiledDemands[];
  /** The documents themselves. */
  readonly texts: readonly JsonInput[];
  /** What is odd about where they were found. */
  readonly notes: readonly Note[];
}

/** Which documents count, and what becomes of those that can't be had. */
export interface DemandRules extends CallOptions {
  readonly policy: LoadedPolicy | null;
  /** What to do where a document that is demanded can't be had, in place of what the policy says. */
  readonly onMissing?: OnMissing;
  readonly trusts?: Trusts;
}

/** What is demanded of a candidate whose documents were not asked for, or that has none. */
export const NOTHING: CompiledDemands = { requirements: null, documents: [], author: "" };

/**
 * The demands on these candidates of an image. Throws RegistryError where the source can't be asked, `document-missing` and
 * `refused-by-policy`.
 */
export async function demandsOn(
  candidates: readonly Candidate[],
  image: OpenedImage,
  compiler: DemandCompiler,
  rules: DemandRules,
): Promise<Demanded> {
  const { source, list } = image;
  const found = await documentsFor(source, list, {
    candidates,
    ...(rules.signal === undefined ? {} : { signal: rules.signal }),
    ...(rules.trusts === undefined ? {} : { trusts: rules.trusts }),
  });
  const nameOf = documentNames(image);
  const demandsOfSubject = (documents: SubjectDocuments): Promise<readonly Demand[]> =>
    demandsFound(documents, nameOf, rules);
  const ofIndex = new Map(
    await Promise.all(
      found.indexes.map(async (documents) => [documents.subject, await demandsOfSubject(documents)] as const),
    ),
  );
  const ofManifest = await Promise.all(found.candidates.map(demandsOfSubject));
  const demands = candidates.map((candidate, at) => {
    const above = candidate.through.flatMap((index) => ofIndex.get(index) ?? []);
    return compiler.compile(distinct([...above, ...(ofManifest[at] ?? [])]), nameOf);
  });
  const texts = [...ofIndex.values(), ...ofManifest].flat().map(({ document }) => document.document);
  const notes = [...found.indexes, ...found.candidates].flatMap((one) => one.notes);
  return { demands, texts, notes: notes.map(({ code, message }) => ({ code, message })) };
}

/** The same document on the index and on the manifest is one demand: its preferences count once. */
function distinct(demands: readonly Demand[]): readonly Demand[] {
  return [...new Map(demands.map((demand) => [demand.used.id, demand])).values()];
}

/** `oci:app: the document of linux/amd64 "app"`, `... of the index`. */
function documentNames({ name, list }: OpenedImage): NameOf {
  const variants = new Map(list.candidates.map((candidate) => [candidate.digest, variantWords(candidate)]));
  return (subject) => `${name}: the document of ${variants.get(subject) ?? "the index"}`;
}

async function demandsFound(
  documents: SubjectDocuments,
  nameOf: NameOf,
  rules: DemandRules,
): Promise<readonly Demand[]> {
  const { subject, outcome } = documents;
  switch (outcome.status) {
    case "winners":
      return Promise.all(outcome.winners.map((winner) => demandOf(winner, nameOf)));
    case "none":
      return [];
    case "failed":
      return withoutDocument(subject, outcome.error, rules);
    case "demanded-missing": {
      const error =
        outcome.error ??
        new HostfitError(
          "document-missing",
          `${nameOf(subject)} (${shortDigest(subject)}) is demanded and not there`,
          {
            help: "attach it, or let the policy say what to do (onMissing)",
            details: { subject },
          },
        );
      return withoutDocument(subject, error, rules);
    }
  }
}

/** A document that should be there and can't be had is an error, unless the policy says otherwise. */
function withoutDocument(
  subject: SubjectDocuments["subject"],
  why: HostfitError,
  rules: DemandRules,
): readonly Demand[] {
  switch (rules.onMissing ?? rules.policy?.onMissing ?? null) {
    case null:
      throw why;
    case "accept":
      return [];
    case "undetermined":
      return [missingDemand(subject, why)];
    case "refuse":
      throw new HostfitError(
        "refused-by-policy",
        `${rules.policy?.file ?? "the policy"} refuses: ${why.message}`,
        {
          help: "attach the document, or change onMissing in the policy",
          details: { subject, code: why.code },
          cause: why,
        },
      );
  }
}
