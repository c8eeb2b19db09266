/** From the documents that were found to handles of the core: one for each distinct list of documents. */

import { InputError } from "../../bindings/js/errors.ts";
import type { Matcher, Requirements } from "../../bindings/js/matcher.ts";
import type { IdentifiedDocument } from "../../bindings/js/types.ts";
import { readDocument, type SourceDocument } from "../author/document.ts";
import { HostfitError } from "../errors.ts";
import type { Winner } from "../registry/found-document.ts";
import type { UsedDocument } from "./answer.ts";
import { complaintOf, withPlaces } from "./core-input.ts";
import { unreadableDocument } from "./stand-in.ts";
import { shortDigest } from "./variant-words.ts";

/** A document as the core takes it, with what is shown of it. */
export interface Demand {
  readonly used: UsedDocument;
  readonly document: IdentifiedDocument;
}

/** Compiled demands. `requirements` is null where there are none: judged by platform alone. */
export interface CompiledDemands {
  readonly requirements: Requirements | null;
  readonly documents: readonly UsedDocument[];
  /** Whose documents these are, for the core's comparison of scores. */
  readonly author: string;
}

/** What people call the document of an index or a manifest: the image, and the variant. */
export type NameOf = (subject: Winner["subject"]) => string;

/** The demand of a document that travels with the image. */
export async function demandOf(winner: Winner, nameOf: NameOf): Promise<Demand> {
  const { origin, subject, artifact, author } = winner;
  const identity = { origin, subject, artifact, author };
  if (winner.kind === "malformed") {
    return unreadable({ ...identity, id: artifact ?? `${origin} ${subject}`, dialect: null }, winner.error);
  }
  const { digest: id, dialect, bytes } = winner;
  const used = { ...identity, id, dialect };
  if (dialect === "native")
    return { used: { ...used, unreadable: null }, document: { id, document: bytes, dialect } };
  try {
    // NFD's documents are YAML, whose reading is the author's business; the core takes JSON.
    const { json } = await readDocument(bytes, {
      file: `${nameOf(subject)} (${shortDigest(id)})`,
      dialect: "nfd",
      format: "yaml",
    });
    return { used: { ...used, unreadable: null }, document: { id, document: json, dialect } };
  } catch (error) {
    if (!(error instanceof HostfitError)) throw error;
    return unreadable(used, error);
  }
}

/** The demand of a document that is demanded and not there. */
export function missingDemand(subject: Winner["subject"], why: HostfitError): Demand {
  return unreadable(
    { id: `missing ${subject}`, origin: "missing", subject, artifact: null, dialect: null, author: "" },
    why,
  );
}

function unreadable(used: Omit<UsedDocument, "unreadable">, why: HostfitError): Demand {
  return { used: { ...used, unreadable: why }, document: unreadableDocument(used.id, why) };
}

/** Compiles demands, each distinct list once. */
export class DemandCompiler {
  readonly #matcher: Matcher;
  readonly #compiled = new Map<string, CompiledDemands>();

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  /** Compiles a list; a document that the core refuses is replaced by one that leaves its candidate undetermined. */
  compile(demands: readonly Demand[], nameOf: NameOf): CompiledDemands {
    if (demands.length === 0) return { requirements: null, documents: [], author: "" };
    const key = JSON.stringify(demands.map(({ used }) => [used.id, used.author, used.subject]));
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const compiled = this.#compile(demands, nameOf);
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #compile(given: readonly Demand[], nameOf: NameOf): CompiledDemands {
    let demands = given;
    for (;;) {
      try {
        const requirements = this.#matcher.compile(demands.map(({ document }) => document));
        const documents = demands.map(({ used }) => used);
        return {
          requirements,
          documents,
          author: [...new Set(documents.map(({ author }) => author))].join("\n"),
        };
      } catch (error) {
        if (!(error instanceof HostfitError)) throw error;
        const refused = refusedBy(error, demands);
        if (refused === undefined) throw error;
        const why = refusal(error, refused.used, nameOf);
        demands = demands.map((demand) => (demand === refused ? unreadable(demand.used, why) : demand));
      }
    }
  }
}

/** The core's error, with the image and the variant in place of the document's digest alone. */
function refusal(error: HostfitError, { id, subject }: UsedDocument, nameOf: NameOf): HostfitError {
  const { message, help, place } = complaintOf(error) ?? {
    message: error.message,
    help: error.help,
    place: null,
  };
  const name = subject === null ? id : `${nameOf(subject)} (${shortDigest(id)})`;
  const where = place === null || place.pointer === "" ? "" : ` at ${place.pointer}`;
  return new HostfitError(error.code, `${name}: ${message}${where}`, {
    ...(help === undefined ? {} : { help }),
    details: error.details,
    cause: error,
  });
}

/** The document that the core's error is about. INVARIANT: one that was replaced already is not given again. */
function refusedBy(error: HostfitError, demands: readonly Demand[]): Demand | undefined {
  const readable = demands.filter(({ used }) => used.unreadable === null);
  if (error instanceof InputError) return readable.find(({ used }) => used.id === error.place.document);
  return readable.length === 1 ? readable[0] : undefined;
}

/** Compiles a document that a person gave in a file. Throws DocumentError with its place. */
export function compileFile(matcher: Matcher, source: SourceDocument): CompiledDemands {
  // The core's own name for the policy is taken; a file may be called so.
  const id = source.file === "policy" ? "./policy" : source.file;
  const requirements = withPlaces(source, "requirements", () =>
    matcher.compile([{ id, document: source.json, dialect: source.dialect }]),
  );
  const used: UsedDocument = {
    id,
    origin: "file",
    subject: null,
    artifact: null,
    dialect: source.dialect,
    author: "",
    unreadable: null,
  };
  return { requirements, documents: [used], author: "" };
}
