/** What a word of a document means, where it is read, and where to read on. */
import { HostfitError } from "../../errors.ts";
import {
  type Catalog,
  type CatalogFeature,
  pathsOf,
  pathsOfAttribute,
} from "../../probe/vocabulary/catalog.ts";
import { type Term, termOf } from "../../probe/vocabulary/model.ts";
import { nearest } from "../nearest.ts";

/** One meaning of a term; what isn't said is null. */
export interface Explanation {
  readonly what: "feature" | "flag" | "attribute";
  /** The feature's full name. */
  readonly feature: string;
  readonly kind: "flags" | "attributes" | "instances";
  /** The flag or attribute; null for a feature. */
  readonly name: string | null;
  readonly description: string | null;
  readonly type: string | null;
  readonly unit: string | null;
  readonly values: readonly string[] | null;
  readonly documentation: string | null;
  /** Files and folders; empty where nothing on a host is read. */
  readonly reads: readonly string[];
  /** Flags and attributes of a feature. */
  readonly names: readonly { readonly name: string; readonly description: string | null }[];
  /** Domain (`nfd` without one) and version of the vocabulary. */
  readonly vocabulary: string;
}

const MAX_ANSWERS = 50;

/**
 * All meanings of a term: a feature (with or without its domain), `feature.name` or `feature name`, a source with all its features, or the
 * bare name of a flag or an attribute.
 * @throws HostfitError `unknown-term`, with what was probably meant.
 */
export function explainTerm(term: string, catalog: Catalog): Explanation[] {
  const wanted = term.trim().replace(/\s+/g, ".");
  const features = [...catalog.values()];
  const exact = features.filter(({ name }) => name === wanted || name.endsWith(`/${wanted}`));
  if (exact.length > 0) return exact.map(featureMeaning);
  const ofFeature = features.flatMap((one) => nameOfFeature(one, wanted));
  if (ofFeature.length > 0) return ofFeature;
  const ofSource = features.filter(
    ({ name, vocabulary }) =>
      name.startsWith(`${wanted}.`) || name.includes(`/${wanted}.`) || vocabulary.domain === wanted,
  );
  if (ofSource.length > 0) return ofSource.map(featureMeaning);
  const bare = features.flatMap((one) =>
    Object.hasOwn(one.feature.names ?? {}, wanted) ? [nameMeaning(one, wanted)] : [],
  );
  if (bare.length > 0) return bare.slice(0, MAX_ANSWERS);
  throw unknown(term, wanted, features);
}

function nameOfFeature(one: CatalogFeature, wanted: string): Explanation[] {
  const short = one.name.slice(one.name.lastIndexOf("/") + 1);
  for (const feature of [one.name, short]) {
    if (!wanted.startsWith(`${feature}.`)) continue;
    const name = wanted.slice(feature.length + 1);
    if (termOf(one.feature, name) !== undefined) return [nameMeaning(one, name)];
  }
  return [];
}

function featureMeaning(one: CatalogFeature): Explanation {
  const { name, feature, vocabulary } = one;
  return {
    what: "feature",
    feature: name,
    kind: feature.kind,
    name: null,
    description: feature.description ?? null,
    type: null,
    unit: null,
    values: null,
    documentation: feature.documentation ?? vocabulary.documentation ?? null,
    reads: pathsOf(feature),
    names: Object.entries(feature.names ?? {}).map(([key, { description }]) => ({
      name: key,
      description: description ?? null,
    })),
    vocabulary: nameOf(one),
  };
}

function nameMeaning(one: CatalogFeature, name: string): Explanation {
  const described = termOf(one.feature, name) ?? name;
  const term: Term = one.feature.names?.[described] ?? {};
  const whole = featureMeaning(one);
  const isFlag = one.feature.kind === "flags";
  return {
    ...whole,
    what: isFlag ? "flag" : "attribute",
    name,
    // A name that speaks for itself has no words of its own: it is one of what the feature lists.
    description: term.description ?? whole.description,
    type: isFlag ? null : (term.type ?? "text"),
    unit: term.unit ?? null,
    values: term.values ?? null,
    documentation: term.documentation ?? whole.documentation,
    reads: isFlag ? whole.reads : pathsOfAttribute(one.feature, name),
    names: [],
  };
}

function nameOf({ vocabulary }: CatalogFeature): string {
  return `${vocabulary.domain ?? "nfd"} ${vocabulary.version}`;
}

function unknown(term: string, wanted: string, features: readonly CatalogFeature[]): HostfitError {
  const words = features.flatMap(({ name, feature }) => [
    name,
    name.slice(name.lastIndexOf("/") + 1),
    ...Object.keys(feature.names ?? {}).flatMap((one) => [`${name}.${one}`, one]),
  ]);
  const close = nearest(wanted, words);
  return new HostfitError("unknown-term", `no vocabulary at hand explains ${JSON.stringify(term)}`, {
    help:
      close === null
        ? "hostfit vocabulary show lists what is known; --vocabulary FILE adds more"
        : `did you mean ${close}?`,
    details: { term },
  });
}
