/** What goes into the core and what comes out of it: the shapes of docs/language.md, for TypeScript. */

/** A document, facts or policy: a plain object, JSON text, or JSON bytes in UTF-8. */
export type JsonInput = Readonly<Record<string, unknown>> | string | Uint8Array;

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

export type VerdictValue = "compatible" | "incompatible" | "undetermined";

/** A value of strong Kleene logic. */
export type Kleene = "true" | "false" | "unknown";

export interface PlatformAnswer {
  readonly value: Kleene;
  /** Index into the facts' `platforms`, or null if none was taken. */
  readonly host: number | null;
  /** Whether containerd would take this platform on this host. */
  readonly containerd: boolean;
  readonly wanted: Platform | null;
}

export interface RuntimeChoice {
  readonly type: string;
  readonly handler: string | null;
}

export type ReasonKind = "flag" | "attribute" | "instances" | "count" | "platform" | "runtime" | "nfd";

/** What was found where something was wanted. */
export type Found =
  | string
  | null
  | { readonly absent: true }
  | { readonly unknown: true }
  | { readonly unreadable: string }
  | {
      readonly instances: number;
      readonly matching: number;
      readonly unknown: number;
      readonly partial: boolean;
    }
  | readonly Platform[]
  | readonly string[];

/** One term that decided, with its place in the document and the texts around it. */
export interface Reason {
  readonly document: string;
  /** JSON Pointer in that document. */
  readonly pointer: string;
  readonly kind: ReasonKind;
  readonly value: Kleene;
  readonly feature: string | null;
  readonly name: string | null;
  /** The test as it stands in the document. */
  readonly wanted: unknown;
  readonly found: Found;
  /** Pointer of the innermost `any` around it. */
  readonly within: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly documentation: string | null;
  /** The included document that it comes from. */
  readonly origin: string | null;
}

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

export interface NfdSet {
  readonly index: number;
  readonly weight: number;
  readonly tag: string | null;
  readonly description: string | null;
}

interface VerdictBody {
  readonly score: number;
  readonly maxScore: number;
  readonly platform: PlatformAnswer | null;
  readonly runtime: RuntimeChoice | null;
  readonly reasons: readonly Reason[];
  /** How many reasons were left out past the cap. */
  readonly omitted: number;
  readonly preferences: readonly PreferenceAnswer[];
  readonly nfd: readonly NfdAnswer[];
}

export type Verdict =
  | ({ readonly verdict: "compatible" } & VerdictBody)
  | ({ readonly verdict: "incompatible" } & VerdictBody)
  | ({ readonly verdict: "undetermined" } & VerdictBody);

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

export type Ranked = Verdict & {
  readonly id: string;
  /** The candidate's place in the list that was given. */
  readonly index: number;
  readonly decidedBy: DecidedBy;
  readonly policyScore: number;
  readonly documented: boolean;
};

export interface Ranking {
  /** Index into the candidates that were given, or null if none can be chosen. */
  readonly chosen: number | null;
  /** In order, the best first; those that don't fit last. */
  readonly candidates: readonly Ranked[];
}
