/**
 * What the vocabularies at hand say about a requirements document: names that nobody knows, tests that make no sense on what they test, values
 * that can never be. Warnings all of them: a document means what it says, whatever vocabularies think of it.
 */
import type { Catalog, CatalogFeature } from "../../probe/vocabulary/catalog.ts";
import { type Feature, type Term, termOf } from "../../probe/vocabulary/model.ts";
import { nearest } from "../nearest.ts";
import { childPointer } from "../pointer.ts";
import type { VocabularyFinding } from "./finding.ts";
import { fitsType, ordersOf } from "./types.ts";

const MAX_FINDINGS = 100;
const MAX_DEPTH = 130;

type Json = unknown;
type JsonMap = Readonly<Record<string, Json>>;

function isMap(value: Json): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Findings about a document of kind Requirements, as far as its shape is right. At most 100. */
export function usageFindings(document: Json, catalog: Catalog): VocabularyFinding[] {
  const reader = new UsageReader(catalog);
  if (!isMap(document)) return [];
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
  return reader.findings.slice(0, MAX_FINDINGS);
}

class UsageReader {
  readonly findings: VocabularyFinding[] = [];
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  condition(condition: Json, pointer: string, depth: number): void {
    if (depth > MAX_DEPTH || this.findings.length >= MAX_FINDINGS) return;
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

  #feature(name: string, matcher: Json, pointer: string): void {
    if (/^(?:host|candidate)\./.test(name)) return;
    const known = this.#catalog.get(name);
    if (known === undefined) this.#unknownFeature(name, pointer);
    else this.#matcher(known, matcher, pointer);
  }

  /** Nobody can know all domains, but the features of one that a vocabulary is about are known. */
  #unknownFeature(name: string, pointer: string): void {
    const domain = domainOf(name);
    const siblings = [...this.#catalog.keys()].filter((one) => domainOf(one) === domain);
    if (siblings.length === 0) return;
    const close = nearest(name, siblings);
    const help =
      close === null
        ? "only an administrator's facts can give it; check its name, or give its vocabulary with --vocabulary"
        : `did you mean ${close}?`;
    this.#warn(pointer, "unknown-feature", `no vocabulary at hand knows the feature ${name}`, help, "key");
  }

  #matcher({ name, feature }: CatalogFeature, matcher: Json, pointer: string): void {
    if (Array.isArray(matcher)) {
      if (feature.kind !== "flags") this.#wrongKind(name, feature, "a list of flags", pointer);
      else this.#flags(name, feature, matcher, pointer);
      return;
    }
    if (!isMap(matcher)) return;
    for (const [key, value] of Object.entries(matcher)) {
      const at = childPointer(pointer, key);
      const kind = kindOf(key, value);
      if (kind !== feature.kind) {
        this.#wrongKind(name, feature, `${key} (${kind})`, at);
        continue;
      }
      if (kind === "flags" && isMap(value)) {
        for (const [which, names] of Object.entries(value)) {
          if (Array.isArray(names)) this.#flags(name, feature, names, childPointer(at, which));
        }
      } else if (kind === "instances") {
        const over = key === "count" && isMap(value) ? value.of : value;
        this.#over(name, feature, over, key === "count" ? `${at}/of` : at, 0);
      } else if (key === "attributes" && isMap(value)) this.#tests(name, feature, value, at);
      else this.#test(name, feature, key, value, at);
    }
  }

  #flags(name: string, feature: Feature, flags: readonly Json[], pointer: string): void {
    flags.forEach((flag, index) => {
      if (typeof flag !== "string") return;
      const names = Object.keys(feature.names ?? {});
      // Names count letter for letter; one that differs in case alone is a slip even where all names are allowed.
      const slip = names.find((one) => one !== flag && one.toLowerCase() === flag.toLowerCase());
      if (Object.hasOwn(feature.names ?? {}, flag)) return;
      if (termOf(feature, flag) !== undefined && slip === undefined) return;
      const close = slip ?? nearest(flag, names);
      const help = close === null ? "see: hostfit explain" : `did you mean ${close}?`;
      const message = `${name} has no flag ${JSON.stringify(flag)}`;
      this.#warn(`${pointer}/${index}`, "unknown-flag", message, help, "value");
    });
  }

  /** A condition over an instance's attributes. */
  #over(name: string, feature: Feature, over: Json, pointer: string, depth: number): void {
    if (depth > MAX_DEPTH || this.findings.length >= MAX_FINDINGS) return;
    if (Array.isArray(over)) {
      over.forEach((one: Json, index) => {
        this.#over(name, feature, one, `${pointer}/${index}`, depth + 1);
      });
      return;
    }
    if (!isMap(over)) return;
    for (const [key, value] of Object.entries(over)) {
      const at = childPointer(pointer, key);
      if (OVER_KEYS.has(key)) this.#over(name, feature, value, at, depth + 1);
      else if (key === "attributes" && isMap(value)) this.#tests(name, feature, value, at);
      else if (!EXPLANATIONS.has(key)) this.#test(name, feature, key, value, at);
    }
  }

  #tests(name: string, feature: Feature, tests: JsonMap, pointer: string): void {
    for (const [attribute, test] of Object.entries(tests)) {
      this.#test(name, feature, attribute, test, childPointer(pointer, attribute));
    }
  }

  #test(name: string, feature: Feature, attribute: string, test: Json, pointer: string): void {
    const described = termOf(feature, attribute);
    if (described === undefined) {
      const names = Object.keys(feature.names ?? {});
      const close = nearest(attribute, names);
      const help = close === null ? `its attributes are ${names.join(", ")}` : `did you mean ${close}?`;
      const message = `${name} has no attribute ${JSON.stringify(attribute)}`;
      this.#warn(pointer, "unknown-attribute", message, help, "key");
      return;
    }
    const term = feature.names?.[described] ?? {};
    const isOpen = described.includes("*") && term.type === undefined;
    if (!isMap(test)) {
      this.#values(`${name} ${attribute}`, term, test, pointer);
      return;
    }
    for (const [key, value] of Object.entries(test)) {
      const at = childPointer(pointer, key);
      if (key === "text" && isMap(value)) this.#values(`${name} ${attribute}`, term, value.in, `${at}/in`);
      if (ORDERS.has(key) && !isOpen) this.#order(`${name} ${attribute}`, term, key, at);
    }
  }

  /** A comparison of versions or numbers with what is none. */
  #order(what: string, term: Term, order: string, pointer: string): void {
    const type = term.type ?? "text";
    // A whole number is a version too, and values that are all numbers compare as such.
    if (type === "number" || ordersOf(type).includes(order)) return;
    if (term.values?.every((value) => fitsType(value, "number"))) return;
    const fitting = ordersOf(type);
    const values = term.values === undefined ? "" : `: ${term.values.join(", ")}`;
    const help =
      fitting.length > 0 ? `compare it with ${fitting.join(" or ")}` : `compare it with a text${values}`;
    this.#warn(pointer, "wrong-type", `${what} is a ${type}, not a ${order}`, help, "key");
  }

  #values(what: string, term: Term, test: Json, pointer: string): void {
    const list = Array.isArray(test) ? test : [test];
    list.forEach((value: Json, index) => {
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return;
      const text = String(value);
      const at = Array.isArray(test) ? `${pointer}/${index}` : pointer;
      if (term.values !== undefined && !term.values.includes(text)) {
        const close = nearest(text, term.values);
        const help = close === null ? `it is one of ${term.values.join(", ")}` : `did you mean ${close}?`;
        this.#warn(at, "impossible-value", `${what} is never ${JSON.stringify(text)}`, help, "value");
      } else if (!fitsType(text, term.type ?? "text")) {
        const help = term.type === "boolean" ? "it is true or false" : `it is a ${term.type}`;
        this.#warn(at, "impossible-value", `${what} is never ${JSON.stringify(text)}`, help, "value");
      }
    });
  }

  #wrongKind(name: string, { kind }: Feature, found: string, pointer: string): void {
    this.#warn(
      pointer,
      "wrong-kind",
      `${name} has ${kind}, and ${found} asks for something else`,
      KIND_HELP[kind],
      "key",
    );
  }

  #warn(pointer: string, code: string, message: string, help: string, part: VocabularyFinding["part"]): void {
    this.findings.push({ severity: "warning", code, message, help, pointer, part });
  }
}

const CONDITION_KEYS: ReadonlySet<string> = new Set(["all", "any", "not", "if", "then", "else"]);
const OVER_KEYS: ReadonlySet<string> = new Set(["all", "any", "not"]);
const EXPLANATIONS: ReadonlySet<string> = new Set(["name", "description", "documentation"]);
const ORDERS: ReadonlySet<string> = new Set(["version", "number", "size"]);
const INSTANCE_KEYS: ReadonlySet<string> = new Set(["some", "every", "none", "count"]);

const KIND_HELP: Readonly<Record<Feature["kind"], string>> = {
  flags: "write a list of flags",
  attributes: "write a map of attributes and their tests",
  instances: "write some, every, none or count",
};

/** What kind a key of a matcher speaks of; `flags` and the rest may be attributes' names only in the long form. */
function kindOf(key: string, value: Json): Feature["kind"] {
  if (key === "flags" && isMap(value)) return "flags";
  if (INSTANCE_KEYS.has(key)) return "instances";
  return "attributes";
}

function domainOf(name: string): string {
  const at = name.lastIndexOf("/");
  return at < 0 ? "" : name.slice(0, at);
}
