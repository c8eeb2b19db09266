/** Gives documents that people wrote to the core, and says in their own file's lines what the core refuses. */
import { type CorePlace, InputError, LimitError } from "../../bindings/js/errors.ts";
import { type Diagnostic, DocumentError } from "../author/diagnostics.ts";
import type { SourceDocument } from "../author/document.ts";
import type { HostfitError } from "../errors.ts";

/** What an input is for, which decides what it must be. */
export type InputUse = "facts" | "policy" | "requirements";

/** NFD's document about an image doesn't name its kind. */
const NFD = "NFD's document about an image";

/** An error of the core about an input, without the document's name and place, which are told beside it. */
export interface CoreComplaint {
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly place: CorePlace;
}

/** What the core says about an input; null for an error that is not about one. */
export function complaintOf(error: unknown): CoreComplaint | null {
  const place = placeOf(error);
  if (place === null) return null;
  const { code, message, help } = error as HostfitError;
  const head = place.document === "" ? "" : `${place.document}: `;
  const tail = place.pointer === "" ? "" : ` at ${place.pointer}`;
  const start = message.startsWith(head) ? head.length : 0;
  const end = message.endsWith(tail) ? message.length - tail.length : message.length;
  const advice = ADVICE.get(code) ?? help ?? NO_ADVICE;
  return {
    code,
    message: message.slice(start, end),
    help: advice,
    place,
  };
}

/** Limits are about an input as well, where the core says at which byte of it. */
function placeOf(error: unknown): CorePlace | null {
  if (error instanceof InputError) return error.place;
  if (!(error instanceof LimitError)) return null;
  const { document, offset, pointer } = error.details;
  const placed = typeof document === "string" && typeof offset === "number" && typeof pointer === "string";
  return placed && LIMITS_OF_INPUT.has(error.code) ? { document, offset, pointer } : null;
}

const LIMITS_OF_INPUT: ReadonlySet<string> = new Set(["too-deep", "too-large", "limit"]);

/** What to do, where nobody says. */
export const NO_ADVICE = "docs/language.md says what may stand here";

/** What to do, where the core leaves it to the pages about it. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ["too-deep", "write it flatter: lists and objects may be nested 128 deep"],
]);

/**
 * Calls the core with a document. What the core refuses becomes a {@link DocumentError} with the place in the file; its
 * code is the core's, so an unsupported version stays `unsupported-version`; a document of another kind is `wrong-kind`.
 */
export function withPlaces<T>(source: SourceDocument, use: InputUse, load: () => T): T {
  try {
    return load();
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === null) throw error;
    const other = complaint.code === "unsupported-version" ? null : otherKind(source, use);
    if (other !== null) throw new DocumentError([other]);
    const { code, message, help, place } = complaint;
    const { pointer, offset } = place;
    throw new DocumentError([
      source.diagnostic(
        pointer === "" ? offset : pointer,
        { severity: "error", code, message, pointer, help },
        KEYED.has(code) ? "key" : "value",
      ),
    ]);
  }
}

/** Codes of errors that are about a key, not about what stands behind it. */
const KEYED: ReadonlySet<string> = new Set(["unknown-key", "duplicate-key"]);

/** What an input must be. */
interface Expected {
  readonly kinds: readonly string[];
  readonly words: string;
}

const EXPECTED: Readonly<Record<InputUse, Expected>> = {
  facts: {
    kinds: ["Host", "NodeFeature"],
    words: "facts about a host are expected (kind: Host, or NFD's NodeFeature)",
  },
  policy: { kinds: ["Policy"], words: "an administrator's policy is expected (kind: Policy)" },
  requirements: {
    kinds: ["Requirements"],
    words: "a document about what an image needs is expected (kind: Requirements, or NFD's)",
  },
};

/** The options that take what was given in the wrong place. */
const OPTION_OF: ReadonlyMap<string, string> = new Map([
  ["Host", "--facts"],
  ["NodeFeature", "--facts"],
  ["Policy", "--policy"],
  ["Requirements", "--requirements"],
  [NFD, "--requirements"],
  ["Vocabulary", "--vocabulary"],
]);

/** What is wrong with a document that is a good one of another kind. */
function otherKind(source: SourceDocument, use: InputUse): Diagnostic | null {
  const { kinds, words } = EXPECTED[use];
  const kind = kindOf(source);
  if (kind === null || kinds.includes(kind) || (use === "requirements" && kind === NFD)) return null;
  const option = OPTION_OF.get(kind);
  return source.diagnostic(kind === NFD ? "/compatibilities" : "/kind", {
    severity: "error",
    code: "wrong-kind",
    message: `${kind === NFD ? NFD : `a document of the kind ${JSON.stringify(kind)}`} stands where ${words}`,
    help: option === undefined ? "check the path" : `what is in this file goes with ${option}`,
  });
}

/** What a document says that it is; null if it doesn't. */
function kindOf({ json }: SourceDocument): string | null {
  try {
    const value = JSON.parse(new TextDecoder().decode(json)) as Readonly<Record<string, unknown>> | null;
    if (typeof value?.kind === "string") return value.kind;
    return value !== null && "compatibilities" in value ? NFD : null;
  } catch {
    return null;
  }
}
