/**
 * What is wrong with a vocabulary beyond its schema: names, types, recipes that can't work, paths that may not be read. Everything is found
 * here that would stop the vocabulary from being used, so that using one never fails half way.
 */
import type { Feature, Term, Vocabulary } from "../../probe/vocabulary/model.ts";
import type { Origin } from "../../probe/vocabulary/recipe-files.ts";
import { childPointer } from "../pointer.ts";
import { RecipeChecker } from "./check-recipe.ts";
import { Findings, type VocabularyFinding } from "./finding.ts";
import { fitsType } from "./types.ts";

const MAX_FINDINGS = 100;
const MAX_FEATURES = 1_000;

/** Domains that only hostfit's own vocabularies use. */
const RESERVED_DOMAIN = /^(?:io|org)\.hostfit(?:\.|$)/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;
const FEATURE = /^[A-Za-z0-9][\w-]*(?:\.[A-Za-z0-9][\w-]*)+$/;

/** Checks a vocabulary that fits its schema. At most 100 findings. */
export function checkVocabulary(vocabulary: Vocabulary, origin: Origin): VocabularyFinding[] {
  const checker = new VocabularyChecker(origin);
  checker.vocabulary(vocabulary);
  return checker.findings.list.slice(0, MAX_FINDINGS);
}

class VocabularyChecker {
  readonly findings = new Findings();
  readonly #origin: Origin;
  readonly #recipes: RecipeChecker;

  constructor(origin: Origin) {
    this.#origin = origin;
    this.#recipes = new RecipeChecker(this.findings, origin);
  }

  vocabulary(vocabulary: Vocabulary): void {
    this.#domain(vocabulary.domain);
    if (!/^\d+(?:\.\d+){0,2}$/.test(vocabulary.version)) {
      this.findings.error(
        "/version",
        "bad-value",
        `${JSON.stringify(vocabulary.version)} is no version`,
        "write 1.0.0",
      );
    }
    this.#link(vocabulary.documentation, "/documentation");
    const features = Object.entries(vocabulary.features);
    if (features.length > MAX_FEATURES) {
      this.findings.error(
        "/features",
        "limit",
        `a vocabulary has at most ${MAX_FEATURES} features`,
        "make two vocabularies of it",
      );
    }
    for (const [name, feature] of features.slice(0, MAX_FEATURES)) {
      this.#feature(name, feature, childPointer("/features", name));
    }
  }

  #domain(domain: string | undefined): void {
    if (this.#origin === "shipped") return;
    if (domain === undefined) {
      this.findings.error(
        "",
        "missing-key",
        "a vocabulary needs a domain",
        "add domain: the group's own in reverse notation, such as org.example.mpi",
      );
    } else if (!DOMAIN.test(domain) || domain.length > 253) {
      this.findings.error(
        "/domain",
        "bad-value",
        `${JSON.stringify(domain)} is no domain in reverse notation`,
        "write it as in org.example.mpi",
      );
    } else if (RESERVED_DOMAIN.test(domain)) {
      this.findings.error(
        "/domain",
        "reserved-domain",
        `${domain} is hostfit's own`,
        "use a domain of the group's",
      );
    }
  }

  #feature(name: string, feature: Feature, pointer: string): void {
    if (!FEATURE.test(name) || /^(?:host|candidate)\./.test(name)) {
      this.findings.error(
        pointer,
        "bad-value",
        `${JSON.stringify(name)} is not the name of a feature`,
        "write source.feature; the domain is put before it",
        "key",
      );
    }
    this.#link(feature.documentation, `${pointer}/documentation`);
    for (const [term, said] of Object.entries(feature.names ?? {})) {
      this.#term(term, said, feature, childPointer(`${pointer}/names`, term));
    }
    if (feature.probe !== undefined) this.#recipes.recipe(feature.probe, `${pointer}/probe`, feature);
  }

  #term(name: string, term: Term, feature: Feature, pointer: string): void {
    this.#link(term.documentation, `${pointer}/documentation`);
    if (name === "" || name.length > 256) {
      this.findings.error(pointer, "bad-value", "a name has 1 to 256 characters", "shorten it", "key");
    }
    if (feature.kind === "flags") {
      for (const key of ["type", "unit", "values"] as const) {
        if (term[key] !== undefined) {
          this.findings.error(`${pointer}/${key}`, "wrong-kind", "flags have no values", "remove it", "key");
        }
      }
      return;
    }
    const type = term.type ?? "text";
    term.values?.forEach((value, index) => {
      if (!fitsType(value, type)) {
        const message = `${JSON.stringify(value)} is no ${type}`;
        this.findings.error(
          `${pointer}/values/${index}`,
          "wrong-type",
          message,
          "change the value, or the type",
        );
      }
    });
    if (term.unit !== undefined && type !== "number" && type !== "size") {
      this.findings.error(
        `${pointer}/unit`,
        "wrong-type",
        `a ${type} has no unit`,
        "write type: number, or remove it",
      );
    }
  }

  #link(text: string | undefined, pointer: string): void {
    if (text === undefined || /^https?:\/\/[^\s]+$/.test(text)) return;
    this.findings.error(pointer, "bad-value", `${JSON.stringify(text)} is no link`, "write https://...");
  }
}
