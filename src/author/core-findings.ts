/**
 * Everything that the core finds wrong in a document. The core stops at the first error; what it stopped at is set aside
 * and the core is asked again, until it has nothing more to say. What is wrong stays the core's to decide.
 */
import type { Diagnostic } from "./diagnostics.ts";
import type { SourceDocument } from "./document.ts";
import { LosslessJson } from "./lossless-json.ts";
import { parentPointer } from "./pointer.ts";

/** What the core reads; vocabularies never reach it. */
export type CompiledKind = "requirements" | "host" | "policy" | "nfd" | "node-feature";

/** What the core answers when it compiles a document, loads facts or a policy. */
export type CompileAnswer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly help: string;
      /** Byte offset in the JSON. */
      readonly offset: number;
      /** JSON Pointer, if the core got as far as the document's structure. */
      readonly pointer?: string;
    };

/** The core, as far as a file is concerned: compiles or loads JSON of a kind, and says what is wrong. */
export type CompileFile = (json: Uint8Array, kind: CompiledKind) => CompileAnswer | Promise<CompileAnswer>;

/** How often the core is asked about one document. */
const MAX_QUESTIONS = 200;
/** Bytes of JSON that the core is given in all, so that a long list of errors in a large file ends soon. */
const MAX_BYTES = 16 * 1024 * 1024;

/** After these nothing more can be said: the structure is unknown, or everything else may mean something else. */
const LAST: ReadonlySet<string> = new Set([
  "invalid-json",
  "invalid-utf8",
  "too-deep",
  "too-large",
  "unsupported-version",
  "bad-api-version",
  "out-of-memory",
  "budget-exceeded",
]);

/** What may follow from something inside that was set aside or guessed: its container lacks it, or is empty now. */
const FOLLOWING: ReadonlySet<string> = new Set([
  "empty",
  "missing-key",
  "wrong-type",
  "bad-value",
  "value-empty",
  "value-count",
]);

/** What is wrong with a key, not with its value. */
const OF_KEYS: ReadonlySet<string> = new Set(["unknown-key", "duplicate-key", "reserved-feature"]);

/** What stands in for a text that the core can't read, so that nothing around it has to go. */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ["bad-range", ">=0"],
  ["bad-pattern", "x"],
]);

/**
 * What the core finds, in the order in which it does, at most one finding a place; without what `said` has already, and
 * without what only follows from an earlier one.
 */
export async function coreFindings(
  document: SourceDocument,
  kind: CompiledKind,
  core: CompileFile,
  said: readonly Diagnostic[],
): Promise<Diagnostic[]> {
  const findings: Diagnostic[] = [];
  const aside = said.flatMap(({ pointer }) => (pointer === undefined ? [] : [pointer]));
  let json = document.json;
  let rest: LosslessJson | null = null;
  for (let question = 0, bytes = json.length; question < MAX_QUESTIONS && bytes < MAX_BYTES; question++) {
    const answer = await core(json, kind);
    if (answer.ok) break;
    const place = rest === null ? answer.pointer : rest.original(answer.pointer ?? "");
    const follows =
      FOLLOWING.has(answer.code) &&
      aside.some((one) => place !== undefined && place !== one && contains(place, one));
    if (!follows) {
      const finding = coreFinding(document, answer, rest === null, place);
      if (![...said, ...findings].some((one) => isSamePlace(one, finding))) findings.push(finding);
    }
    if (place === undefined || LAST.has(answer.code)) break;
    // The first reading of duplicate keys leaves the last of each, as most readers do.
    const start: LosslessJson | null = rest ?? LosslessJson.parse(json);
    if (start === null) break;
    rest = start;
    if (answer.code !== "duplicate-key") {
      const standIn = STAND_INS.get(answer.code);
      const done =
        standIn === undefined || follows || rest.textAt(place) === standIn
          ? rest.remove(place)
          : rest.replace(place, standIn);
      if (!done) break;
      aside.push(place);
    }
    json = rest.toBytes();
    bytes += json.length;
  }
  return findings;
}

function coreFinding(
  document: SourceDocument,
  { code, message, help, offset }: Extract<CompileAnswer, { ok: false }>,
  offsetIsTrue: boolean,
  pointer: string | undefined,
): Diagnostic {
  return document.diagnostic(
    pointer === undefined || (pointer === "" && offsetIsTrue) ? offset : pointer,
    {
      severity: "error",
      code,
      message,
      help,
      ...(pointer === undefined ? {} : { pointer }),
    },
    OF_KEYS.has(code) ? "key" : "value",
  );
}

function isSamePlace(one: Diagnostic, other: Diagnostic): boolean {
  return one.pointer === other.pointer || (one.line === other.line && one.column === other.column);
}

/** Whether what `outer` points at holds, or is, what `inner` points at. */
function contains(outer: string, inner: string): boolean {
  for (let at = inner; ; at = parentPointer(at)) {
    if (at === outer) return true;
    if (at === "") return false;
  }
}
