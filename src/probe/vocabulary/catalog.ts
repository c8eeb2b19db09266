/** The vocabularies at hand: those that hostfit brings along, and those that were given. */
import { type Feature, fullName, type Recipe, type Vocabulary } from "./model.ts";
import { VOCABULARIES_JSON } from "./probing.generated.ts";
import type { Origin } from "./recipe-files.ts";

/** A feature with what it belongs to. */
export interface CatalogFeature {
  /** `domain/source.feature`. */
  readonly name: string;
  readonly feature: Feature;
  readonly vocabulary: Vocabulary;
  readonly origin: Origin;
}

/** Features by full name. */
export type Catalog = ReadonlyMap<string, CatalogFeature>;

let bare: readonly Vocabulary[] | undefined;

/** The shipped vocabularies as far as a probe needs them: kinds and recipes, no descriptions. */
export function probingVocabularies(): readonly Vocabulary[] {
  bare ??= JSON.parse(VOCABULARIES_JSON) as Vocabulary[];
  return bare;
}

/** The shipped vocabularies whole, for those who explain. */
export async function shippedVocabularies(): Promise<readonly Vocabulary[]> {
  const { VOCABULARIES_JSON: whole } = await import("./shipped.generated.ts");
  return JSON.parse(whole) as Vocabulary[];
}

/** All features. A given vocabulary takes the place of a shipped one, or an earlier given one, of the same domain. */
export function catalogOf(shipped: readonly Vocabulary[], given: readonly Vocabulary[]): Catalog {
  const domains = new Set(given.map((vocabulary) => vocabulary.domain));
  const catalog = new Map<string, CatalogFeature>();
  const add = (vocabulary: Vocabulary, origin: Origin): void => {
    for (const [name, feature] of Object.entries(vocabulary.features)) {
      const full = fullName(vocabulary, name);
      catalog.set(full, { name: full, feature, vocabulary, origin });
    }
  };
  for (const one of shipped) if (one.domain === undefined || !domains.has(one.domain)) add(one, "shipped");
  const last = new Map(given.map((one) => [one.domain, one]));
  for (const one of last.values()) add(one, "elsewhere");
  return catalog;
}

/** The paths that are read for a feature, with their `{name}`s: of a builtin those that the vocabulary says, else the recipe's. */
export function pathsOf(feature: Feature): readonly string[] {
  return [...new Set([...(feature.reads ?? []), ...pathsIn(feature.probe, "probe")])];
}

/** The paths that are read for one attribute; where it is told from the rows alone, those of the feature. */
export function pathsOfAttribute(feature: Feature, attribute: string): readonly string[] {
  const paths = new Set<string>();
  const look = ({ attributes, first, all }: Recipe): void => {
    if (attributes !== undefined && Object.hasOwn(attributes, attribute)) {
      for (const path of pathsIn(attributes[attribute], "value")) paths.add(path);
    }
    for (const one of [...(first ?? []), ...(all ?? [])]) look(one);
  };
  if (feature.probe !== undefined) look(feature.probe);
  return paths.size === 0 ? pathsOf(feature) : [...paths];
}

/** The paths in a part of a recipe; `key` is what it stands under. */
function pathsIn(part: unknown, key: string): string[] {
  if (typeof part === "string")
    return PATH_KEYS.has(key) || (VALUE_KEYS.has(key) && part.startsWith("/")) ? [part] : [];
  if (Array.isArray(part)) return part.flatMap((one: unknown) => pathsIn(one, key));
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, one]) => pathsIn(one, key === "attributes" ? "value" : name));
}

const PATH_KEYS: ReadonlySet<string> = new Set(["read", "each", "exists", "count"]);
/** A text here is a path if it begins with `/`. */
const VALUE_KEYS: ReadonlySet<string> = new Set(["flag", "name", "value", "first"]);

/** Whether what is read for a feature is a container's own inside a container: all but /proc and /sys. */
export function isPerContainer({ feature }: CatalogFeature): boolean {
  if (feature.perContainer !== undefined) return feature.perContainer;
  if (feature.probe?.builtin !== undefined) return false;
  return pathsOf(feature).some((path) => !/^\/(?:proc|sys)\//.test(path));
}

/** Attributes of a feature that identify a machine rather than describing it. */
export function identifyingNames(catalog: Catalog, feature: string): readonly string[] {
  const names = Object.entries(catalog.get(feature)?.feature.names ?? {});
  return names.filter(([, term]) => term.identifying === true).map(([name]) => name);
}
