/** The terms that decided (docs/language.md, "Answers"): one type for each `kind`, so that a switch over `kind` narrows. */
import type { JsonValue, Kleene, Platform } from "./types.ts";

/** Where a reason stands, and the author's texts around it. */
interface Placed {
  /** The id of the document. */
  readonly document: string;
  /** JSON Pointer in that document. */
  readonly pointer: string;
  /** The value of the test at `pointer` itself: a *true* one appears under a `not`. */
  readonly value: Kleene;
  /** Pointer of the innermost `any` around it. */
  readonly within: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly documentation: string | null;
  /** The included document that it comes from. */
  readonly origin: string | null;
}

/** A test of a feature's flag. */
export type FlagReason = Placed & {
  readonly kind: "flag";
  readonly feature: string;
  readonly name: string;
  /** The flag. */
  readonly wanted: string;
} & (
    | { readonly value: "true"; readonly found: "present" }
    | { readonly value: "false"; readonly found: "absent" }
    | { readonly value: "unknown"; readonly found: null }
  );

/** A test of an attribute. */
export interface AttributeReason extends Placed {
  readonly kind: "attribute";
  readonly feature: string;
  readonly name: string;
  /** The test as it stands in the document. */
  readonly wanted: JsonValue;
  readonly found: FoundText;
}

/** `some`, `every` or `none` over a feature's instances. */
export interface InstancesReason extends Placed {
  readonly kind: "instances";
  readonly feature: string;
  readonly name: null;
  /** The condition over an instance. */
  readonly wanted: JsonValue;
  readonly found: FoundInstances;
}

/** `count` over a feature's instances. */
export interface CountReason extends Placed {
  readonly kind: "count";
  readonly feature: string;
  readonly name: null;
  /** `{ of, is }` as it stands in the document. */
  readonly wanted: JsonValue;
  readonly found: FoundInstances;
}

/** The candidate's platform against the host's: no term of a document. */
export interface PlatformReason extends Placed {
  readonly kind: "platform";
  readonly document: "";
  readonly pointer: "";
  readonly value: "false" | "unknown";
  readonly feature: null;
  readonly name: null;
  /** The candidate's, normalised; null where it is not known. */
  readonly wanted: Platform | null;
  /** The host's, normalised; null where they are not known. */
  readonly found: readonly Platform[] | null;
}

/** An entry of `runtimes`. */
export interface RuntimeReason extends Placed {
  readonly kind: "runtime";
  readonly feature: null;
  readonly name: null;
  /** The type of runtime. */
  readonly wanted: string;
  /** The handler if it is available; else what there is in its place; null if unknown. */
  readonly found: string | readonly string[] | null;
}

/** A term of a document in NFD's dialect (docs/nfd-dialect.md, "Reasons"). */
export interface NfdReason extends Placed {
  readonly kind: "nfd";
  readonly feature: string | null;
  readonly name: string | null;
  readonly wanted: JsonValue;
  readonly found: FoundText | FoundInstances | null;
}

/** One term that decided, with its place in the document and the texts around it. */
export type Reason =
  | FlagReason
  | AttributeReason
  | InstancesReason
  | CountReason
  | PlatformReason
  | RuntimeReason
  | NfdReason;

export type ReasonKind = Reason["kind"];

/** An attribute's text, or why there is none. */
export type FoundText = string | FoundAbsent | FoundUnknown | FoundUnreadable;

export interface FoundAbsent {
  readonly absent: true;
}

export interface FoundUnknown {
  readonly unknown: true;
}

/** A text that can't be read as what the test compares. */
export interface FoundUnreadable {
  readonly unreadable: string;
}

/** Instances that were counted. */
export interface FoundInstances {
  readonly instances: number;
  readonly matching: number;
  /** Those of which it is not known whether they match. */
  readonly unknown: number;
  /** Whether the host may have more than are listed. */
  readonly partial: boolean;
}

/** What was found where something was wanted. */
export type Found = Reason["found"];
