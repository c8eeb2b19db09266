/** What the core answers to an example: the documents are read as the command line reads them, and compiled for good. */
import {
  type CorePlace,
  HostfitError,
  InputError,
  LimitError,
  type Matcher,
  type Platform,
  type Requirements,
} from "../../bindings/js/index.ts";
import { DocumentError } from "../../src/author/diagnostics.ts";
import { readDocument, type SourceDocument } from "../../src/author/document.ts";
import type { Example, Input } from "./example.ts";

/** A refusal, from the reader of YAML or from the core, with its place in the example's text. */
export interface Refusal {
  readonly code: string;
  readonly pointer: string | null;
  readonly line: number;
  readonly message: string;
  readonly help: string | null;
}

interface CandidateInput {
  readonly id?: string;
  readonly platform?: Platform | null;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly author?: string;
  /** Ids of the example's documents. */
  readonly documents?: readonly string[];
}

/** A Verdict, a Ranking or a Refusal, as plain JSON. */
export async function answerTo(example: Example, matcher: Matcher): Promise<unknown> {
  const handles: Disposable[] = [];
  const keep = <Handle extends Disposable>(handle: Handle): Handle => {
    handles.push(handle);
    return handle;
  };
  try {
    return await judge(example, matcher, keep);
  } catch (error) {
    if (error instanceof DocumentError) {
      const [first] = error.diagnostics;
      if (first === undefined) throw error;
      const { code, pointer = null, line, message, help = null } = first;
      return { code, pointer, line, message, help } satisfies Refusal;
    }
    if (error instanceof RefusedInput) return error.refusal;
    throw error;
  } finally {
    for (const handle of handles) handle[Symbol.dispose]();
  }
}

class RefusedInput extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

async function judge(
  example: Example,
  matcher: Matcher,
  keep: <Handle extends Disposable>(handle: Handle) => Handle,
): Promise<unknown> {
  const facts =
    example.facts === null ? null : keep(await take(example.facts, (json) => matcher.facts(json)));
  const policy =
    example.policy === null ? null : keep(await take(example.policy, (json) => matcher.policy(json)));
  const host = facts ?? keep(matcher.facts({ kind: "Host" }));
  if (example.candidates !== null) {
    const given = await parsed<readonly CandidateInput[]>(example.candidates);
    const candidates = [];
    for (const { documents = [], id = "", ...candidate } of given) {
      const requirements = documents.length === 0 ? null : keep(await compile(example, matcher, documents));
      candidates.push({ ...candidate, id, requirements });
    }
    return plain(matcher.rank(candidates, host, policy));
  }
  const requirements = keep(await compile(example, matcher));
  const candidate =
    example.candidate === null ? {} : { candidate: await parsed<CandidateInput>(example.candidate) };
  return plain(
    matcher.evaluate(requirements, host, { ...candidate, ...(policy === null ? {} : { policy }) }),
  );
}

/** Compiles the example's documents, or those with these ids. */
async function compile(example: Example, matcher: Matcher, ids?: readonly string[]): Promise<Requirements> {
  const chosen =
    ids === undefined
      ? example.documents
      : ids.map((id) => {
          const found = example.documents.find((one) => one.id === id);
          if (found === undefined) throw new Error(`${example.file}:${example.line}: no document ${id}`);
          return found;
        });
  const sources: SourceDocument[] = [];
  for (const document of chosen) sources.push(await read(document, document.dialect));
  try {
    return matcher.compile(chosen.map(({ id, dialect }, i) => ({ id, dialect, document: sources[i]!.json })));
  } catch (error) {
    const place = placeOf(error);
    if (place === null) throw error;
    throw refused(error, place, sources[chosen.findIndex(({ id }) => id === place.document)]!);
  }
}

async function take<Handle>(input: Input, load: (json: Uint8Array) => Handle): Promise<Handle> {
  const source = await read(input);
  try {
    return load(source.json);
  } catch (error) {
    const place = placeOf(error);
    if (place === null) throw error;
    throw refused(error, place, source);
  }
}

/** Where the core refused something; null for everything else that is thrown. */
function placeOf(error: unknown): CorePlace | null {
  if (error instanceof InputError) return error.place;
  if (!(error instanceof LimitError)) return null;
  const { document, offset, pointer } = error.details;
  const complete = typeof document === "string" && typeof offset === "number" && typeof pointer === "string";
  return complete ? { document, offset, pointer } : null;
}

/** Of keys that are wrong the place is the key's, else the value's: as the linter shows it. */
function refused(error: unknown, { pointer, offset }: CorePlace, source: SourceDocument): unknown {
  if (!(error instanceof HostfitError)) return error;
  const part = error.code === "unknown-key" || error.code === "duplicate-key" ? "key" : "value";
  const { line } = source.positions(pointer === "" ? offset : pointer, part);
  return new RefusedInput({
    code: error.code,
    pointer,
    line,
    message: error.message,
    help: error.help ?? null,
  });
}

export function read(input: Input, dialect: "native" | "nfd" = "native"): Promise<SourceDocument> {
  const file = `example.${input.format}`;
  return readDocument(new TextEncoder().encode(input.text), { file, format: input.format, dialect });
}

async function parsed<T>(input: Input): Promise<T> {
  return JSON.parse(new TextDecoder().decode((await read(input)).json)) as T;
}

function plain(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer)) as unknown;
}
