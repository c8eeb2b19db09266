/** An image or a document as the core judges it. */
import type { Candidate, Requirements } from "../../bindings/js/matcher.ts";

/** One manifest of an image with what is demanded for it, or a document alone. */
export interface Variant {
  readonly requirements: Requirements;
  /** Null for a document alone: platforms don't take part. */
  readonly candidate: Pick<Candidate, "platform" | "annotations"> | null;
  /** What it is called: its platform; "" for a document alone. */
  readonly label: string;
  /** Its manifest's digest; null for a document alone. */
  readonly digest: string | null;
  /** Whether a document was found for it. */
  readonly documented: boolean;
}

/** What makes a row. */
export interface Judgeable {
  /** The reference or the file, as it was given. */
  readonly name: string;
  /** What the reference names now; null for a document alone. */
  readonly digest: string | null;
  /** Pods that run it; null where that wasn't asked. */
  readonly pods: number | null;
  /** At least one. */
  readonly variants: readonly Variant[];
}
