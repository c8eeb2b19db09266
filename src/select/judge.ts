/** The main job: an image's candidates, their documents and a host, judged and ranked by the core. */
import type { Candidate as CoreCandidate, Matcher } from "../../bindings/js/matcher.ts";
import type { JsonInput, Platform } from "../../bindings/js/types.ts";
import type { SourceDocument } from "../author/document.ts";
import { HostfitError } from "../errors.ts";
import type { Candidate } from "../registry/candidates.ts";
import { formatWithDigest } from "../registry/reference.ts";
import type { ImageAnswer, JudgedCandidate, Note } from "./answer.ts";
import { type Demanded, type DemandRules, demandsOn, NOTHING } from "./demands.ts";
import type { HostSource } from "./host.ts";
import type { OpenedImage } from "./open-image.ts";
import type { LoadedPolicy } from "./policy.ts";
import { compileFile, DemandCompiler } from "./requirements.ts";
import { ofPlatform } from "./same-platform.ts";
import { platformWords } from "./variant-words.ts";

/** What is judged, and by what. */
export interface JudgeInput extends DemandRules {
  readonly matcher: Matcher;
  readonly image: OpenedImage;
  readonly host: HostSource;
  /** Takes the place of all documents that travel with the image. */
  readonly requirements: SourceDocument | null;
  /** Leaves only the candidates of this platform. */
  readonly platform: Platform | null;
  /** Choose what may fit if nothing is known to. The policy may say so too. */
  readonly allowUndetermined: boolean;
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
  const { demands, texts, notes } = await demandsOf(input, candidates);
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
    notes: [...notesOf(image, judged, chosen), ...notes],
  };
}

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

async function demandsOf(input: JudgeInput, candidates: readonly Candidate[]): Promise<Demanded> {
  const { matcher, image, requirements } = input;
  if (requirements !== null) {
    const compiled = compileFile(matcher, requirements);
    return { demands: candidates.map(() => compiled), texts: [requirements.json], notes: [] };
  }
  const open = await stillPossible(input, candidates);
  const { demands, texts, notes } = await demandsOn(open, image, new DemandCompiler(matcher), input);
  const byCandidate = new Map(open.map((candidate, at) => [candidate, demands[at] ?? NOTHING]));
  return { demands: candidates.map((candidate) => byCandidate.get(candidate) ?? NOTHING), texts, notes };
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

function notesOf(
  image: OpenedImage,
  judged: readonly JudgedCandidate[],
  chosen: JudgedCandidate | null,
): readonly Note[] {
  const notes: Note[] = image.list.notes.map(({ code, message }) => ({ code, message }));
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
