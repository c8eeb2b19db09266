import { type Digest, isDigest } from "./digest.ts";
import { NFD_CREATED, REVISION_ANNOTATION, TARGET_ANNOTATION } from "./document-types.ts";
import { printable } from "./errors.ts";
import type { DocumentNote, WhyNot } from "./found-document.ts";
import { CREATED } from "./media-types.ts";

/** Milliseconds that an author's clock may be ahead. */
export const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** What an artifact's annotations say of its place among others. */
export interface ArtifactClaims {
  readonly revision: number | null;
  readonly created: string | null;
  /** `created` in milliseconds since 1970; null if it is missing, unreadable or in the future. */
  readonly createdMs: number | null;
  /** The layer that the artifact is about; null if it is about the whole image. */
  readonly target: Digest | "unreadable" | null;
  readonly notes: readonly DocumentNote[];
}

const REVISION = /^(?:0|[1-9][0-9]{0,15})$/;
// RFC 3339, section 5.6.
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads an artifact's annotations. What can't be read counts as missing and is noted: a strange number must neither
 * promote an artifact nor make it disappear.
 *
 * @param now milliseconds since 1970
 */
export function readClaims(
  digest: Digest,
  annotations: Readonly<Record<string, string>>,
  now: number,
): ArtifactClaims {
  const notes: DocumentNote[] = [];
  const note = (code: DocumentNote["code"], message: string): null => {
    notes.push({ code, message, digest });
    return null;
  };

  const revisionText = annotations[REVISION_ANNOTATION];
  let revision: number | null = null;
  if (revisionText !== undefined) {
    const number = REVISION.test(revisionText) ? Number(revisionText) : Number.NaN;
    revision = Number.isSafeInteger(number)
      ? number
      : note(
          "revision-invalid",
          `${REVISION_ANNOTATION} of ${digest} is "${printable(revisionText, 40)}", not a number`,
        );
  }

  const created = annotations[CREATED] ?? annotations[NFD_CREATED] ?? null;
  let createdMs: number | null = null;
  if (created !== null) {
    const time = DATE_TIME.test(created) ? Date.parse(created) : Number.NaN;
    if (Number.isNaN(time)) {
      note("created-invalid", `${CREATED} of ${digest} is "${printable(created, 40)}", not a time`);
    } else if (time > now + CLOCK_SKEW_MS) {
      note("created-in-future", `${CREATED} of ${digest} is in the future (${created}) and doesn't count`);
    } else createdMs = time;
  }

  const targetText = annotations[TARGET_ANNOTATION];
  const target = targetText === undefined ? null : isDigest(targetText) ? targetText : "unreadable";
  return { revision, created, createdMs, target, notes };
}

/** What decides between two artifacts of one author on one subject. */
export interface Ordered {
  readonly digest: Digest;
  readonly claims: ArtifactClaims;
}

/** Sorts the one that counts to the front: the highest revision, then the latest time, then the highest digest. */
export function compareArtifacts(a: Ordered, b: Ordered): number {
  return (
    (b.claims.revision ?? -1) - (a.claims.revision ?? -1) ||
    (b.claims.createdMs ?? Number.MIN_SAFE_INTEGER) - (a.claims.createdMs ?? Number.MIN_SAFE_INTEGER) ||
    (a.digest < b.digest ? 1 : a.digest > b.digest ? -1 : 0)
  );
}

/** Which step of {@link compareArtifacts} put `loser` behind `winner`. */
export function whyBehind(winner: Ordered, loser: Ordered): WhyNot {
  if (winner.claims.revision !== loser.claims.revision) return "older-revision";
  return winner.claims.createdMs !== loser.claims.createdMs ? "older" : "digest-order";
}
