/** What goes into the core and what comes out of it: the shapes of docs/language.md, for TypeScript. */
import type { Reason } from "./reason.ts";

export type * from "./reason.ts";

/** A document, facts or policy: a plain object, JSON text, or JSON bytes in UTF-8. */
export type JsonInput = Readonly<Record<string, unknown>> | string | Uint8Array;

/** A value of JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The form of a requirements document: hostfit's own, or NFD's image-compatibility v1alpha1. */
export type Dialect = "native" | "nfd";

/** One of the ordered documents that a requirements handle is compiled from. */
export interface IdentifiedDocument {
  /** Named in every reason, for instance `index` or a digest. */
  readonly id: string;
  readonly document: JsonInput;
  readonly dialect?: Dialect;
}

/** OCI platform object (image-spec, descriptor's `platform`). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly "os.version"?: string;
  readonly "os.features"?: readonly string[];
}

/** The three verdicts. */
export type VerdictValue = "compatible" | "incompatible" | "undetermined";

/** A value of strong Kleene logic. */
export type Kleene = "true" | "false" | "unknown";

/** Whether a candidate's platform is one of the host's. `wanted` is normalised. */
export type PlatformAnswer = FittingPlatform | OtherPlatform | UnknownPlatform;

/** The host runs it. */
export interface FittingPlatform {
  readonly value: "true";
  /** Index into the facts' `platforms`. */
  readonly host: number;
  /** Whether containerd would take this platform on this host. */
  readonly containerd: boolean;
  readonly wanted: Platform;
}

/** The host doesn't run it. */
export interface OtherPlatform {
  readonly value: "false";
  readonly host: null;
  readonly containerd: boolean;
  readonly wanted: Platform;
}

/** Whether the host runs it is not known. */
export interface UnknownPlatform {
  readonly value: "unknown";
  /** Index into the facts' `platforms` of the one that may do; null if there is none. */
  readonly host: number | null;
  readonly containerd: boolean;
  /** null: the candidate's platform is not known. */
  readonly wanted: Platform | null;
}

/** The runtime that the verdict names. */
export interface RuntimeChoice {
  /** As the document names it. */
  readonly type: string;
  /** The host's name for it; null where the host gives none (of `default`). */
  readonly handler: string | null;
}

/** A preference and its value: its weight counts if it is true. */
export interface PreferenceAnswer {
  readonly document: string;
  readonly pointer: string;
  readonly name: string | null;
  readonly weight: number;
  readonly value: Kleene;
}

/** What NFD itself would answer for a document of its dialect. */
export type NfdAnswer =
  | { readonly document: string; readonly match: boolean; readonly set: NfdSet | null }
  | { readonly document: string; readonly error: { readonly code: string; readonly pointer: string } };

/** The best-weighted compatibility set that holds. */
export interface NfdSet {
  readonly index: number;
  readonly weight: number;
  readonly tag: string | null;
  readonly description: string | null;
}

interface VerdictBody {
  /** Sum of the weights of the preferences that hold. */
  readonly score: number;
  /** Sum of the weights of all preferences. */
  readonly maxScore: number;
  /** The runtime to use, the first of the document's that is available; null without `runtimes`, or if none is. */
  readonly runtime: RuntimeChoice | null;
  /** How many reasons were left out past the cap. */
  readonly omitted: number;
  readonly preferences: readonly PreferenceAnswer[];
  /** What NFD itself would answer, for each document of its dialect. */
  readonly nfd: readonly NfdAnswer[];
}

/** At least one reason: a verdict that is not `compatible` always says why. */
export type Reasons = readonly [Reason, ...Reason[]];

/** Fits, whatever the facts are that nobody has observed. */
export interface CompatibleVerdict extends VerdictBody {
  readonly verdict: "compatible";
  /** null: no candidate took part. */
  readonly platform: FittingPlatform | null;
  /** The alternatives that were taken, if the document has any. */
  readonly reasons: readonly Reason[];
}

/** Doesn't fit, whatever the facts are that nobody has observed. */
export interface IncompatibleVerdict extends VerdictBody {
  readonly verdict: "incompatible";
  readonly platform: PlatformAnswer | null;
  /** What is the matter. */
  readonly reasons: Reasons;
}

/** Depends on facts that nobody has observed. */
export interface UndeterminedVerdict extends VerdictBody {
  readonly verdict: "undetermined";
  readonly platform: FittingPlatform | UnknownPlatform | null;
  /** What would settle it. */
  readonly reasons: Reasons;
}

/** The answer of an evaluation; `verdict` tells which of the three it is. */
export type Verdict = CompatibleVerdict | IncompatibleVerdict | UndeterminedVerdict;

/** The step of docs/language.md, "Choosing", that decided a candidate's place. */
export type DecidedBy =
  | "verdict"
  | "platform"
  | "policy"
  | "documented"
  | "score"
  | "specificity"
  | "position"
  | "only"
  | "incompatible";

/** A candidate's verdict, and its place. */
export type Ranked = Verdict & {
  readonly id: string;
  /** The candidate's place in the list that was given. */
  readonly index: number;
  readonly decidedBy: DecidedBy;
  readonly policyScore: number;
  readonly documented: boolean;
};

/** Candidates in order for one host. */
export interface Ranking {
  /** Index into the candidates that were given, or null if none can be chosen. */
  readonly chosen: number | null;
  /** In order, the best first; those that don't fit last. */
  readonly candidates: readonly Ranked[];
}
