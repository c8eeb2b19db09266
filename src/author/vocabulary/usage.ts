/**
 * What the vocabularies at hand say about native documents, requirements and policies: names that nobody knows, tests that make no sense on what
 * they test, values that can never be. Warnings all of them: a document means what it says, whatever vocabularies think of it.
 */
import type { Catalog, CatalogFeature } from "../../probe/vocabulary/catalog.ts";
import type { FeatureKind } from "../../probe/vocabulary/model.ts";
import { childPointer } from "../pointer.ts";
import type { VocabularyFinding } from "./finding.ts";
import { TermUsage } from "./term-usage.ts";

const MAX_FINDINGS = 100;
const MAX_DEPTH = 130;

type Json = unknown;
type JsonMap = Readonly<Record<string, Json>>;

function isMap(value: Json): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Findings about a document of kind Requirements or Policy, as far as its shape is right. At most 100. */
export function usageFindings(document: Json, catalog: Catalog): VocabularyFinding[] {
  if (!isMap(document)) return [];
  const terms = new TermUsage(catalog);
  const reader = new UsageReader(terms);
  reader.condition(document.requires, "/requires", 0);
  for (const [list, key] of [
    ["includes", "requires"],
    ["prefers", "when"],
    ["runtimes", "requires"],
  ] as const) {
    const elements = document[list];
    if (!Array.isArray(elements)) continue;
    elements.forEach((element: Json, index) => {
      if (isMap(element)) reader.condition(element[key], `/${list}/${index}/${key}`, 0);
    });
  }
  return terms.findings.slice(0, MAX_FINDINGS);
}

class UsageReader {
  readonly #terms: TermUsage;

  constructor(terms: TermUsage) {
    this.#terms = terms;
  }

  condition(condition: Json, pointer: string, depth: number): void {
    if (this.#isEnough(depth)) return;
    if (Array.isArray(condition)) {
      condition.forEach((one: Json, index) => {
        this.condition(one, `${pointer}/${index}`, depth + 1);
      });
      return;
    }
    if (!isMap(condition)) return;
    for (const [key, value] of Object.entries(condition)) {
      const at = childPointer(pointer, key);
      if (CONDITION_KEYS.has(key)) this.condition(value, at, depth + 1);
      else if (key.includes(".")) this.#feature(key, value, at);
    }
  }

  #isEnough(depth: number): boolean {
    return depth > MAX_DEPTH || this.#terms.findings.length >= MAX_FINDINGS;
  }

  #feature(name: string, matcher: Json, pointer: string): void {
    if (/^(?:host|candidate)\./.test(name)) return;
    const known = this.#terms.feature(name, pointer, "as-written");
    if (known !== undefined) this.#matcher(known, matcher, pointer);
  }

  #matcher(known: CatalogFeature, matcher: Json, pointer: string): void {
    const { kind: wanted } = known.feature;
    const help = KIND_HELP[wanted];
    if (Array.isArray(matcher)) {
      if (wanted !== "flags") this.#terms.wrongKind(known, "a list of flags", pointer, help);
      else this.#flags(known, matcher, pointer);
      return;
    }
    if (!isMap(matcher)) return;
    for (const [key, value] of Object.entries(matcher)) {
      const at = childPointer(pointer, key);
      const kind = kindOf(key, value);
      if (kind !== wanted) {
        this.#terms.wrongKind(known, `${key} (${kind})`, at, help);
        continue;
      }
      if (kind === "flags" && isMap(value)) {
        for (const [which, names] of Object.entries(value)) {
          if (Array.isArray(names)) this.#flags(known, names, childPointer(at, which));
        }
      } else if (kind === "instances") {
        const over = key === "count" && isMap(value) ? value.of : value;
        this.#over(known, over, key === "count" ? `${at}/of` : at, 0);
      } else if (key === "attributes" && isMap(value)) this.#tests(known, value, at);
      else this.#test(known, key, value, at);
    }
  }

  #flags(known: CatalogFeature, flags: readonly Json[], pointer: string): void {
    flags.forEach((flag, index) => {
      if (typeof flag === "string") this.#terms.flag(known, flag, `${pointer}/${index}`, "value");
    });
  }

  /** A condition over an instance's attributes. */
  #over(known: CatalogFeature, over: Json, pointer: string, depth: number): void {
    if (this.#isEnough(depth)) return;
    if (Array.isArray(over)) {
      over.forEach((one: Json, index) => {
        this.#over(known, one, `${pointer}/${index}`, depth + 1);
      });
      return;
    }
    if (!isMap(over)) return;
    for (const [key, value] of Object.entries(over)) {
      const at = childPointer(pointer, key);
      if (OVER_KEYS.has(key)) this.#over(known, value, at, depth + 1);
      else if (key === "attributes" && isMap(value)) this.#tests(known, value, at);
      else if (!EXPLANATIONS.has(key)) this.#test(known, key, value, at);
    }
  }

  #tests(known: CatalogFeature, tests: JsonMap, pointer: string): void {
    for (const [attribute, test] of Object.entries(tests)) {
      this.#test(known, attribute, test, childPointer(pointer, attribute));
    }
  }

  #test(known: CatalogFeature, attribute: string, test: Json, pointer: string): void {
    const described = this.#terms.attribute(known, attribute, pointer);
    if (described === undefined) return;
    if (!isMap(test)) {
      this.#terms.values(described, test, pointer);
      return;
    }
    for (const [key, value] of Object.entries(test)) {
      const at = childPointer(pointer, key);
      if (key === "text" && isMap(value)) this.#terms.values(described, value.in, `${at}/in`);
      if (ORDERS.has(key)) this.#terms.order(described, key, at, "key");
    }
  }
}

const CONDITION_KEYS: ReadonlySet<string> = new Set(["all", "any", "not", "if", "then", "else"]);
const OVER_KEYS: ReadonlySet<string> = new Set(["all", "any", "not"]);
const EXPLANATIONS: ReadonlySet<string> = new Set(["name", "description", "documentation"]);
const ORDERS: ReadonlySet<string> = new Set(["version", "number", "size"]);
const INSTANCE_KEYS: ReadonlySet<string> = new Set(["some", "every", "none", "count"]);

const KIND_HELP: Readonly<Record<FeatureKind, string>> = {
  flags: "write a list of flags",
  attributes: "write a map of attributes and their tests",
  instances: "write some, every, none or count",
};

/** What kind a key of a matcher speaks of; `flags` and the rest may be attributes' names only in the long form. */
function kindOf(key: string, value: Json): FeatureKind {
  if (key === "flags" && isMap(value)) return "flags";
  if (INSTANCE_KEYS.has(key)) return "instances";
  return "attributes";
}
