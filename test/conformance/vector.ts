/** The form of the vectors' files (test/vectors/README.md), and answering a vector with an implementation. */
import type { Platform, Ranking, Verdict } from "../../bindings/js/types.ts";

export type VectorSource = { readonly text: string } | { readonly base64: string };

export type VectorDocument = VectorSource & { readonly id: string; readonly dialect: "native" | "nfd" };

export interface VectorCandidate {
  readonly id?: string;
  readonly platform?: Platform | null;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly author?: string;
  readonly documents?: readonly VectorDocument[];
}

export interface VectorError {
  readonly error: { readonly code: string; readonly pointer: string; readonly document: string };
}

export type Answer = Verdict | Ranking | VectorError;

export interface VectorCase {
  readonly name: string;
  readonly documents?: readonly VectorDocument[];
  readonly facts: VectorSource;
  readonly policy?: VectorSource;
  readonly candidate?: VectorCandidate;
  readonly candidates?: readonly VectorCandidate[];
  readonly allowUndetermined?: true;
}

export interface Vector extends VectorCase {
  readonly expect: Answer;
}

export interface VectorFile {
  readonly description: string;
  readonly cases: readonly Vector[];
}

/** Answers a case; what is refused is an answer too. */
export type Answerer = (vector: VectorCase) => Answer;

export function sourceOf(source: VectorSource): string | Uint8Array {
  return "text" in source ? source.text : Uint8Array.from(atob(source.base64), (byte) => byte.charCodeAt(0));
}
