/** How the tables of cases are written: builders for documents and facts, and what is expected by hand. */
import type { Platform } from "../../../bindings/js/types.ts";

/** JSON text, or bytes where they are not UTF-8. */
export type Source = string | Uint8Array;

export interface TableDocument {
  readonly id: string;
  readonly dialect: "native" | "nfd";
  readonly source: Source;
}

export interface TableCandidate {
  readonly id?: string;
  readonly platform?: Platform | null;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly author?: string;
  readonly documents?: readonly TableDocument[];
}

/**
 * What was reasoned out by hand from docs/language.md, before the oracle was asked: an error, or a part of the answer.
 * Every member given must be in the oracle's answer as it stands here.
 */
export type Want =
  | { readonly error: string; readonly at: string; readonly document?: string }
  | { readonly answer: unknown };

export interface TableCase {
  readonly name: string;
  readonly documents?: readonly TableDocument[];
  readonly facts: Source;
  readonly policy?: Source;
  /** Evaluate with this candidate. */
  readonly candidate?: TableCandidate;
  /** Rank these instead of evaluating. */
  readonly candidates?: readonly TableCandidate[];
  readonly allowUndetermined?: boolean;
  readonly want: Want;
}

/** One file of vectors. */
export interface Table {
  /** The file's name in test/vectors, without `.json`. */
  readonly file: string;
  readonly description: string;
  readonly cases: readonly TableCase[];
}

export type Truth = "T" | "F" | "U";

const VERDICTS = { T: "compatible", F: "incompatible", U: "undetermined" } as const;

export function verdict(truth: Truth, more: Readonly<Record<string, unknown>> = {}): Want {
  return { answer: { verdict: VERDICTS[truth], ...more } };
}

export function refused(error: string, at: string, document?: string): Want {
  return { error, at, ...(document === undefined ? {} : { document }) };
}

/** A requirements document with these members beside `apiVersion` and `kind`. */
export function requirements(members: Readonly<Record<string, unknown>>, id = "doc"): TableDocument {
  return native(JSON.stringify({ apiVersion: "hostfit/v1.0", kind: "Requirements", ...members }), id);
}

export function native(source: Source, id = "doc"): TableDocument {
  return { id, dialect: "native", source };
}

/** A document that only has `requires`, given as JSON text. */
export function requiresText(condition: string): TableDocument {
  return native(`{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":${condition}}`);
}

export function requires(condition: unknown, id = "doc"): TableDocument {
  return requirements({ requires: condition }, id);
}

export interface FeatureFacts {
  readonly flags?: unknown;
  readonly attributes?: unknown;
  readonly instances?: unknown;
}

export function host(features: FeatureFacts = {}, members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ apiVersion: "hostfit/v1.0", kind: "Host", ...members, features });
}

/** Facts with one attribute, `a.x` `n`. */
export function withText(text: unknown): string {
  return host({ attributes: { "a.x": { elements: { n: text } } } });
}

export function policyText(members: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ apiVersion: "hostfit/v1.0", kind: "Policy", ...members });
}

/** Conditions that are true, false and unknown over `ATOMS`. */
export const T = { "s.flags": ["t"] };
export const F = { "s.flags": ["f"] };
export const U = { "s.unseen": ["u"] };
export const ATOM = { T, F, U } as const;
export const ATOMS = host({ flags: { "s.flags": { elements: { t: {} } } } });

export const TRUTHS: readonly Truth[] = ["T", "F", "U"];
