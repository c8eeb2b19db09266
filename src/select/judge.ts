/** The main job: an image's candidates, their documents and a host, judged and ranked by the core. */
import type { Candidate as CoreCandidate, Matcher } from "../../bindings/js/matcher.ts";
import type { JsonInput, Platform } from "../../bindings/js/types.ts";
import type { SourceDocument } from "../author/document.ts";
import { HostfitError } from "../errors.ts";
import type { Candidate } from "../registry/candidates.ts";
import { documentsFor, type SubjectDocuments } from "../registry/documents.ts";
import type { Trusts } from "../registry/found-document.ts";
import { formatWithDigest } from "../registry/reference.ts";
import type { CallOptions } from "../registry/source.ts";
import type { ImageAnswer, JudgedCandidate, Note } from "./answer.ts";
import type { HostSource } from "./host.ts";
import type { OpenedImage } from "./open-image.ts";
import type { LoadedPolicy, OnMissing } from "./policy.ts";
import {
  type CompiledDemands,
  compileFile,
  type Demand,
  DemandCompiler,
  demandOf,
  missingDemand,
  type NameOf,
} from "./requirements.ts";
import { ofPlatform } from "./same-platform.ts";
import { platformWords, shortDigest, variantWords } from "./variant-words.ts";

/** What is judged, and by what. */
export interface JudgeInput extends CallOptions {
  readonly matcher: Matcher;
  readonly image: OpenedImage;
  readonly host: HostSource;
  readonly policy: LoadedPolicy | null;
  /** Takes the place of all documents that travel with the image. */
  readonly requirements: SourceDocument | null;
  /** Leaves only the candidates of this platform. */
  readonly platform: Platform | null;
  /** Choose what may fit if nothing is known to. The policy may say so too. */
  readonly allowUndetermined: boolean;
  /** What to do where a document that is demanded can't be had, in place of what the policy says. */
  readonly onMissing?: OnMissing;
  readonly trusts?: Trusts;
}

/**
 * Ranks an image's candidates for a host.
 *
 * Documents are only asked for where they can change something: a candidate that the host can't run by its platform is
 * out whatever they say. Throws RegistryError where the source can't be asked, `refused-by-policy`, `no-candidate`.
 */
export async function judgeImage(input: JudgeInput): Promise<ImageAnswer> {
  const { matcher, image, policy } = input;
  const candidates = withPlatform(input);
  const { demands, texts } = await demandsOf(input, candidates);
  const host = await input.host.facing([...policyTexts(policy), ...texts]);
  const given = candidates.map((candidate, at): CoreCandidate => {
    const demand = demands[at] ?? NOTHING;
    return { ...bare(candidate), requirements: demand.requirements, author: demand.author };
  });
  const ranking = matcher.rank(given, host.handle, policy?.handle ?? null, {
    allowUndetermined: input.allowUndetermined,
  });
  const judged = ranking.candidates.map((ranked): JudgedCandidate => {
    const candidate = candidates[ranked.index] as Candidate;
    const { digest, platform, annotations } = candidate;
    const documents = demands[ranked.index]?.documents ?? [];
    const reference = formatWithDigest(image.reference, digest);
    return { digest, reference, platform, annotations, documents, ranked };
  });
  const chosen = judged.find(({ ranked }) => ranked.index === ranking.chosen) ?? null;
  const { name: reference, list } = image;
  return {
    reference,
    root: list.root.digest,
    host,
    policy,
    candidates: judged,
    chosen,
    notes: notesOf(image, judged, chosen),
  };
}

const NOTHING: CompiledDemands = { requirements: null, documents: [], author: "" };

/** The candidate as the core takes it, without documents. */
function bare({ digest, platform, annotations }: Candidate): CoreCandidate {
  return { id: digest, platform, annotations };
}

/** Platforms that a message names at most. */
const MAX_LISTED = 12;

function withPlatform({ matcher, image, platform }: JudgeInput): readonly Candidate[] {
  const { candidates } = image.list;
  if (platform === null) return candidates;
  const kept = ofPlatform(
    matcher,
    candidates.map((candidate) => candidate.platform),
    platform,
  );
  if (kept.length > 0) return candidates.filter((_, at) => kept.includes(at));
  const offered = [...new Set(candidates.map((candidate) => platformWords(candidate.platform)))];
  const listed = offered.slice(0, MAX_LISTED).join(", ") + (offered.length > MAX_LISTED ? ", ..." : "");
  throw new HostfitError("no-candidate", `${image.name} has no candidate for ${platformWords(platform)}`, {
    help: `it has ${listed}; see hostfit inspect ${image.name}`,
    details: { reference: image.name, platform },
  });
}

function policyTexts(policy: LoadedPolicy | null): readonly JsonInput[] {
  return policy === null ? [] : [policy.json];
}

/** What is demanded of the candidates. */
interface Demanded {
  /** For each candidate, compiled. */
  readonly demands: readonly CompiledDemands[];
  /** The documents themselves. */
  readonly texts: readonly JsonInput[];
}

async function demandsOf(input: JudgeInput, candidates: readonly Candidate[]): Promise<Demanded> {
  const { matcher, image, requirements } = input;
  if (requirements !== null) {
    const compiled = compileFile(matcher, requirements);
    return { demands: candidates.map(() => compiled), texts: [requirements.json] };
  }
  const open = await stillPossible(input, candidates);
  const { source, list } = image;
  const found = await documentsFor(source, list, {
    candidates: open,
    ...(input.signal === undefined ? {} : { signal: input.signal }),
    ...(input.trusts === undefined ? {} : { trusts: input.trusts }),
  });
  const nameOf = documentNames(image);
  const demandsOfSubject = (documents: SubjectDocuments): Promise<readonly Demand[]> =>
    demandsFound(documents, nameOf, input);
  const ofIndex = new Map(
    await Promise.all(
      found.indexes.map(async (documents) => [documents.subject, await demandsOfSubject(documents)] as const),
    ),
  );
  const ofManifest = await Promise.all(found.candidates.map(demandsOfSubject));
  const compiler = new DemandCompiler(matcher, nameOf);
  const demands = candidates.map((candidate) => {
    const at = open.indexOf(candidate);
    if (at === -1) return NOTHING;
    const above = candidate.through.flatMap((index) => ofIndex.get(index) ?? []);
    return compiler.compile(distinct([...above, ...(ofManifest[at] ?? [])]));
  });
  const texts = [...ofIndex.values(), ...ofManifest].flat().map(({ document }) => document.document);
  return { demands, texts };
}

/** The candidates that are not out already by their platform or the policy: what the core says without any document. */
async function stillPossible(
  { matcher, host: source, policy }: JudgeInput,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const host = await source.facing(policyTexts(policy));
  const { candidates: ranked } = matcher.rank(candidates.map(bare), host.handle, policy?.handle ?? null);
  const out = new Set(ranked.filter(({ verdict }) => verdict === "incompatible").map(({ index }) => index));
  return candidates.filter((_, at) => !out.has(at));
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
  input: JudgeInput,
): Promise<readonly Demand[]> {
  const { subject, outcome } = documents;
  switch (outcome.status) {
    case "winners":
      return Promise.all(outcome.winners.map((winner) => demandOf(winner, nameOf)));
    case "none":
      return [];
    case "failed":
      return withoutDocument(subject, outcome.error, input);
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
      return withoutDocument(subject, error, input);
    }
  }
}

/** A document that should be there and can't be had is an error, unless the policy says otherwise. */
function withoutDocument(
  subject: SubjectDocuments["subject"],
  why: HostfitError,
  input: JudgeInput,
): readonly Demand[] {
  switch (input.onMissing ?? input.policy?.onMissing ?? null) {
    case null:
      throw why;
    case "accept":
      return [];
    case "undetermined":
      return [missingDemand(subject, why)];
    case "refuse":
      throw new HostfitError(
        "refused-by-policy",
        `${input.policy?.file ?? "the policy"} refuses: ${why.message}`,
        {
          help: "attach the document, or change onMissing in the policy",
          details: { subject, code: why.code },
          cause: why,
        },
      );
  }
}

function notesOf(
  image: OpenedImage,
  judged: readonly JudgedCandidate[],
  chosen: JudgedCandidate | null,
): readonly Note[] {
  const notes: Note[] = image.list.notes.map(({ code, message }) => ({ code, message }));
  for (const { pointer, reason, error } of image.list.skipped) {
    if (reason === "malformed") {
      notes.push({
        code: "entry-malformed",
        message: `the entry ${pointer} can't be read: ${error?.message ?? ""}`,
      });
    }
  }
  const unreadable = new Map(
    judged
      .flatMap(({ documents }) => documents)
      .flatMap((document) =>
        document.unreadable === null ? [] : [[document.id, document.unreadable] as const],
      ),
  );
  for (const error of unreadable.values()) notes.push({ code: error.code, message: error.message });
  if (chosen !== null && !chosen.ranked.documented) {
    notes.push({
      code: "no-document",
      message: "judged by platform alone: the chosen candidate has no document",
    });
  }
  return notes;
}
