/** What the vocabularies at hand say about a document's use of a feature, whatever the dialect. */
import type { Catalog, CatalogFeature } from "../../probe/vocabulary/catalog.ts";
import { type Term, termOf } from "../../probe/vocabulary/model.ts";
import { nearest } from "../nearest.ts";
import { Findings, type VocabularyFinding } from "./finding.ts";
import { fitsType, ordersOf } from "./types.ts";

type Json = unknown;

/** An attribute as a vocabulary describes it. */
export interface DescribedTerm {
  /** The feature and the attribute, for messages. */
  readonly what: string;
  readonly term: Term;
  /** A name that stands for any, of which nothing more is said. */
  readonly isOpen: boolean;
}

/** Looks up what a document names, and collects warnings. */
export class TermUsage {
  readonly #findings = new Findings();
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  get findings(): readonly VocabularyFinding[] {
    return this.#findings.list;
  }

  /** A feature by name, in any case if `names` says so; undefined, with a warning, for one that should be known and isn't. */
  feature(name: string, pointer: string, names: "as-written" | "any-case"): CatalogFeature | undefined {
    const known = this.#catalog.get(name) ?? (names === "any-case" ? this.#inAnyCase(name) : undefined);
    if (known === undefined) this.#unknownFeature(name, pointer, names === "any-case" ? "value" : "key");
    return known;
  }

  #inAnyCase(name: string): CatalogFeature | undefined {
    const wanted = name.toLowerCase();
    return [...this.#catalog.values()].find((one) => one.name.toLowerCase() === wanted);
  }

  /** Nobody can know all domains, but the features of one that a vocabulary is about are known. */
  #unknownFeature(name: string, pointer: string, part: VocabularyFinding["part"]): void {
    const domain = domainOf(name);
    const siblings = [...this.#catalog.keys()].filter((one) => domainOf(one) === domain);
    if (siblings.length === 0) return;
    const close = nearest(name, siblings);
    const help =
      close === null
        ? "only an administrator's facts can give it; check its name, or give its vocabulary with --vocabulary"
        : `did you mean ${close}?`;
    this.#warn(pointer, "unknown-feature", `no vocabulary at hand knows the feature ${name}`, help, part);
  }

  /** A flag's name. */
  flag(
    { name, feature }: CatalogFeature,
    flag: string,
    pointer: string,
    part: VocabularyFinding["part"],
  ): void {
    const names = Object.keys(feature.names ?? {});
    // A vocabulary that names none says nothing of any.
    if (names.length === 0) return;
    // Names count letter for letter; one that differs in case alone is a slip even where all names are allowed.
    const slip = names.find((one) => one !== flag && one.toLowerCase() === flag.toLowerCase());
    if (Object.hasOwn(feature.names ?? {}, flag)) return;
    if (termOf(feature, flag) !== undefined && slip === undefined) return;
    const close = slip ?? nearest(flag, names);
    const help = close === null ? "see: hostfit explain" : `did you mean ${close}?`;
    const message = `${name} has no flag ${JSON.stringify(flag)}`;
    this.#warn(pointer, "unknown-flag", message, help, part);
  }

  /** An attribute; undefined, with a warning, if the feature has none of the name. */
  attribute(
    { name, feature }: CatalogFeature,
    attribute: string,
    pointer: string,
  ): DescribedTerm | undefined {
    const described = termOf(feature, attribute);
    if (described === undefined) {
      const names = Object.keys(feature.names ?? {});
      if (names.length === 0) return undefined;
      const close = nearest(attribute, names);
      const help = close === null ? `its attributes are ${names.join(", ")}` : `did you mean ${close}?`;
      const message = `${name} has no attribute ${JSON.stringify(attribute)}`;
      this.#warn(pointer, "unknown-attribute", message, help, "key");
      return undefined;
    }
    const term = feature.names?.[described] ?? {};
    const isOpen = described.includes("*") && term.type === undefined;
    return { what: `${name} ${attribute}`, term, isOpen };
  }

  /** A comparison of versions or numbers with what is none. */
  order(
    { what, term, isOpen }: DescribedTerm,
    order: string,
    pointer: string,
    part: VocabularyFinding["part"],
  ): void {
    if (isOpen) return;
    const type = term.type ?? "text";
    // A whole number is a version too, and values that are all numbers compare as such.
    if (type === "number" || ordersOf(type).includes(order)) return;
    if (term.values?.every((value) => fitsType(value, "number"))) return;
    const fitting = ordersOf(type);
    const values = term.values === undefined ? "" : `: ${term.values.join(", ")}`;
    const help =
      fitting.length > 0 ? `compare it with ${fitting.join(" or ")}` : `compare it with a text${values}`;
    this.#warn(pointer, "wrong-type", `${what} is a ${type}, not a ${order}`, help, part);
  }

  /** A text, or a list of them, that the attribute is compared with. */
  values({ what, term }: DescribedTerm, test: Json, pointer: string): void {
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

  /** A text that the attribute never has. */
  never(what: string, text: string, pointer: string): void {
    this.#warn(
      pointer,
      "impossible-value",
      `${what} is never ${JSON.stringify(text)}`,
      "see: hostfit explain",
      "value",
    );
  }

  /** What asks for another kind of feature. */
  wrongKind({ name, feature: { kind } }: CatalogFeature, found: string, pointer: string, help: string): void {
    this.#warn(
      pointer,
      "wrong-kind",
      `${name} has ${kind}, and ${found} asks for something else`,
      help,
      "key",
    );
  }

  #warn(pointer: string, code: string, message: string, help: string, part: VocabularyFinding["part"]): void {
    this.#findings.warning(pointer, code, message, help, part);
  }
}

function domainOf(name: string): string {
  const at = name.lastIndexOf("/");
  return at < 0 ? "" : name.slice(0, at);
}
