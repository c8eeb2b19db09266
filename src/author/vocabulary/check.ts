/**
 * What is wrong with a vocabulary beyond its schema: names, types, recipes that can't work, paths that may not be read. Everything is found
 * here that would stop the vocabulary from being used, so that using one never fails half way.
 */
import { HostfitError } from "../../errors.ts";
import type {
  Feature,
  Recipe,
  RowSource,
  Term,
  Value,
  ValueSource,
  Vocabulary,
} from "../../probe/vocabulary/model.ts";
import { termOf } from "../../probe/vocabulary/model.ts";
import { isAllowedPath, placeholders } from "../../probe/vocabulary/path-pattern.ts";
import { parsePattern } from "../../probe/vocabulary/pattern.ts";
import { HOST_NAMES } from "../../probe/vocabulary/recipe.ts";
import type { Origin } from "../../probe/vocabulary/recipe-files.ts";
import type { Diagnostic } from "../diagnostics.ts";
import { nearest } from "../nearest.ts";
import { childPointer } from "../pointer.ts";
import { fitsType } from "./types.ts";

/** A finding about a place of the vocabulary. */
export interface VocabularyFinding extends Pick<Diagnostic, "severity" | "code" | "message"> {
  readonly help?: string;
  readonly pointer: string;
  readonly part: "key" | "value";
}

const MAX_FINDINGS = 100;
const MAX_DEPTH = 8;
const MAX_FEATURES = 1_000;

/** Domains that only hostfit's own vocabularies use. */
const RESERVED_DOMAIN = /^(?:io|org)\.hostfit(?:\.|$)/;
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/;
const FEATURE = /^[A-Za-z0-9][\w-]*(?:\.[A-Za-z0-9][\w-]*)+$/;

/** Checks a vocabulary that fits its schema. At most 100 findings. */
export function checkVocabulary(vocabulary: Vocabulary, origin: Origin): VocabularyFinding[] {
  const checker = new VocabularyChecker(origin);
  checker.vocabulary(vocabulary);
  return checker.findings.slice(0, MAX_FINDINGS);
}

/** What the parts of a recipe may use. */
interface Around {
  readonly feature: Feature;
  readonly names: readonly string[];
  /** Whether the row has an element of a document. */
  readonly item: "item" | "no-item";
  readonly depth: number;
}

class VocabularyChecker {
  readonly findings: VocabularyFinding[] = [];
  readonly #origin: Origin;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  vocabulary(vocabulary: Vocabulary): void {
    this.#domain(vocabulary.domain);
    if (!/^\d+(?:\.\d+){0,2}$/.test(vocabulary.version)) {
      this.#error(
        "/version",
        "bad-value",
        `${JSON.stringify(vocabulary.version)} is no version`,
        "write 1.0.0",
      );
    }
    this.#link(vocabulary.documentation, "/documentation");
    const features = Object.entries(vocabulary.features);
    if (features.length > MAX_FEATURES) {
      this.#error("/features", "limit", `a vocabulary has at most ${MAX_FEATURES} features`);
    }
    for (const [name, feature] of features.slice(0, MAX_FEATURES)) {
      this.#feature(name, feature, childPointer("/features", name));
    }
  }

  #domain(domain: string | undefined): void {
    if (this.#origin === "shipped") return;
    if (domain === undefined) {
      this.#error(
        "",
        "missing-key",
        "a vocabulary needs a domain",
        "add domain: the group's own in reverse notation, such as org.example.mpi",
      );
    } else if (!DOMAIN.test(domain) || domain.length > 253) {
      this.#error(
        "/domain",
        "bad-value",
        `${JSON.stringify(domain)} is no domain in reverse notation`,
        "write it as in org.example.mpi",
      );
    } else if (RESERVED_DOMAIN.test(domain)) {
      this.#error("/domain", "reserved-domain", `${domain} is hostfit's own`, "use a domain of the group's");
    }
  }

  #feature(name: string, feature: Feature, pointer: string): void {
    if (!FEATURE.test(name) || /^(?:host|candidate)\./.test(name)) {
      this.#error(
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
    if (feature.probe === undefined) return;
    const around: Around = { feature, names: [], item: "no-item", depth: 0 };
    this.#recipe(feature.probe, `${pointer}/probe`, around);
  }

  #term(name: string, term: Term, feature: Feature, pointer: string): void {
    this.#link(term.documentation, `${pointer}/documentation`);
    if (name === "" || name.length > 256) {
      this.#error(pointer, "bad-value", "a name has 1 to 256 characters", undefined, "key");
    }
    if (feature.kind === "flags") {
      for (const key of ["type", "unit", "values"] as const) {
        if (term[key] !== undefined) {
          this.#error(`${pointer}/${key}`, "wrong-kind", "flags have no values", "remove it", "key");
        }
      }
      return;
    }
    const type = term.type ?? "text";
    term.values?.forEach((value, index) => {
      if (!fitsType(value, type)) {
        const message = `${JSON.stringify(value)} is no ${type}`;
        this.#error(`${pointer}/values/${index}`, "wrong-type", message, "change the value, or the type");
      }
    });
    if (term.unit !== undefined && type !== "number" && type !== "size") {
      this.#error(
        `${pointer}/unit`,
        "wrong-type",
        `a ${type} has no unit`,
        "write type: number, or remove it",
      );
    }
  }

  #recipe(recipe: Recipe, pointer: string, around: Around): void {
    const { feature } = around;
    if (around.depth > MAX_DEPTH) {
      this.#error(pointer, "limit", `recipes within recipes go ${MAX_DEPTH} deep at most`);
      return;
    }
    recipe.platforms?.forEach((platform, index) => {
      if (!/^(?:linux|darwin|freebsd)(?:\/[a-z0-9]+)?$/.test(platform)) {
        const help = "write linux, darwin or freebsd, with an architecture if it matters: linux/arm64";
        this.#error(`${pointer}/platforms/${index}`, "bad-value", `${platform} is no platform`, help);
      }
    });
    const nested = recipe.first ?? recipe.all;
    const reading = recipe.each ?? recipe.from ?? recipe.attributes ?? recipe.pairs ?? recipe.flag;
    const ways = [recipe.builtin, recipe.first, recipe.all, reading].filter((way) => way !== undefined);
    if (ways.length !== 1) {
      this.#error(
        pointer,
        "bad-recipe",
        "a recipe is a builtin, or first, or all, or a reading (each, from, attributes, pairs)",
        ways.length === 0 ? "add one of them" : "keep one of them",
      );
      return;
    }
    if (recipe.builtin !== undefined && this.#origin !== "shipped") {
      const help = "say it with each, from, attributes or pairs";
      this.#error(`${pointer}/builtin`, "not-allowed", "only hostfit's own vocabularies use builtins", help);
    }
    if (recipe.unless !== undefined) {
      this.#path(recipe.unless, `${pointer}/unless`, []);
      if (around.depth > 0) {
        const help = "put it into the feature's outermost recipe";
        this.#error(`${pointer}/unless`, "bad-recipe", "unless is about a whole feature", help, "key");
      }
    }
    if (recipe.none !== undefined) this.#path(recipe.none, `${pointer}/none`, []);
    if (nested !== undefined) {
      const key = recipe.first === undefined ? "all" : "first";
      nested.forEach((one, index) => {
        this.#recipe(one, `${pointer}/${key}/${index}`, { ...around, depth: around.depth + 1 });
      });
      return;
    }
    if (recipe.builtin !== undefined) return;
    this.#kind(recipe, pointer, feature);
    this.#reading(recipe, pointer, around);
  }

  /** Keys of a recipe that mean nothing for the feature's kind. */
  #kind(recipe: Recipe, pointer: string, { kind }: Feature): void {
    const strange =
      kind === "flags"
        ? (["attributes", "pairs"] as const)
        : kind === "instances"
          ? (["flag", "map", "scope", "pairs"] as const)
          : (["flag", "map", "scope"] as const);
    for (const key of strange) {
      if (recipe[key] !== undefined) {
        this.#error(
          `${pointer}/${key}`,
          "wrong-kind",
          `${key} means nothing for ${kind}`,
          "remove it",
          "key",
        );
      }
    }
    const rows = recipe.each !== undefined || recipe.from !== undefined;
    if (kind !== "attributes" && !rows) {
      this.#error(pointer, "bad-recipe", `${kind} need each or from`, "say what is listed or taken apart");
    }
    if (kind !== "flags" && recipe.attributes === undefined && recipe.pairs === undefined) {
      this.#error(pointer, "bad-recipe", "attributes are missing", "say where their values come from");
    }
  }

  #reading(recipe: Recipe, pointer: string, around: Around): void {
    const names: string[] = [];
    if (recipe.each !== undefined) {
      this.#path(recipe.each, `${pointer}/each`, undefined);
      names.push(...placeholders(recipe.each).filter((name) => !HOST_NAMES.includes(name)));
    }
    let item: Around["item"] = "no-item";
    if (recipe.from !== undefined) {
      names.push(...this.#source(recipe.from, `${pointer}/from`, [...names]));
      if (recipe.from.at !== undefined) item = "item";
    }
    if (recipe.flag !== undefined) this.#template(recipe.flag, `${pointer}/flag`, names);
    else if (around.feature.kind === "flags" && names.length !== 1 && !names.includes("word")) {
      const help = `add flag, such as "{${names[0] ?? "name"}}"`;
      this.#error(pointer, "bad-recipe", "which name the flag has must be said", help);
    }
    if (recipe.pairs !== undefined) this.#path(recipe.pairs.read, `${pointer}/pairs/read`, names);
    for (const [name, value] of Object.entries(recipe.attributes ?? {})) {
      const at = childPointer(`${pointer}/attributes`, name);
      if (termOf(around.feature, name) === undefined) {
        const close = nearest(name, Object.keys(around.feature.names ?? {}));
        const help = close === null ? "describe it under names" : `did you mean ${close}?`;
        const message = `the attribute ${JSON.stringify(name)} is read, but not described`;
        this.#find("warning", at, "undescribed-name", message, help, "key");
      }
      this.#value(value, at, { ...around, names, item });
    }
  }

  /** The names that a source gives to a row. */
  #source(source: RowSource, pointer: string, names: readonly string[]): string[] {
    this.#path(source.read, `${pointer}/read`, names);
    const ways = [source.lines, source.words, source.at].filter((way) => way !== undefined);
    if (ways.length > 1) {
      this.#error(
        pointer,
        "bad-recipe",
        "a file is taken apart by lines, by words, or at a pointer",
        "keep one",
      );
    }
    if (source.lines !== undefined) {
      const groups = this.#pattern(source.lines, `${pointer}/lines`);
      if (groups?.length === 0) {
        this.#error(`${pointer}/lines`, "bad-pattern", "no group has a name", "write (?<name>...)");
      }
      return [...(groups ?? [])];
    }
    if (source.words !== undefined) return ["word"];
    if (source.at === undefined) return ["value"];
    this.#pointer(source.at, `${pointer}/at`);
    return ["key", "value"];
  }

  #value(value: Value, pointer: string, around: Around): void {
    if (typeof value === "string") {
      if (value.startsWith("/")) this.#path(value, pointer, around.names);
      else this.#template(value, pointer, around.names);
      return;
    }
    const { text, read, exists, count, item, first } = value;
    const ways = Object.entries({ text, read, exists, count, item, first }).filter(
      ([, way]) => way !== undefined,
    );
    if (ways.length !== 1) {
      this.#error(
        pointer,
        "bad-recipe",
        "a value comes from exactly one of text, read, exists, count, item and first",
        ways.length === 0 ? "add one of them" : `keep one of ${ways.map(([name]) => name).join(", ")}`,
      );
      return;
    }
    if (text !== undefined) this.#template(text, `${pointer}/text`, around.names);
    if (read !== undefined) this.#path(read, `${pointer}/read`, around.names);
    if (exists !== undefined) this.#path(exists, `${pointer}/exists`, around.names);
    if (count !== undefined) this.#path(count, `${pointer}/count`, undefined);
    if (item !== undefined) {
      this.#pointer(item, `${pointer}/item`);
      if (around.item === "no-item") {
        this.#error(
          `${pointer}/item`,
          "bad-recipe",
          "the row is no element of a document",
          "use from with at",
        );
      }
    }
    if (first !== undefined) {
      if (around.depth > MAX_DEPTH) this.#error(pointer, "limit", `values go ${MAX_DEPTH} deep at most`);
      else
        first.forEach((one, index) => {
          this.#value(one, `${pointer}/first/${index}`, { ...around, depth: around.depth + 1 });
        });
    }
    this.#parts(value, pointer, around);
  }

  #parts(value: ValueSource, pointer: string, around: Around): void {
    for (const key of ["key", "separator", "at", "pattern"] as const) {
      if (value[key] !== undefined && value.read === undefined) {
        this.#error(
          `${pointer}/${key}`,
          "bad-recipe",
          `${key} takes a part of a file`,
          "use read with it",
          "key",
        );
      }
    }
    if (value.at !== undefined) {
      this.#pointer(value.at, `${pointer}/at`);
      if (value.key !== undefined || value.pattern !== undefined) {
        this.#error(pointer, "bad-recipe", "at stands without key and pattern", "keep one");
      }
    }
    if (value.key !== undefined) this.#template(value.key, `${pointer}/key`, around.names);
    if (around.feature.kind !== "instances") {
      for (const key of ["required", "omit"] as const) {
        if (value[key] === undefined) continue;
        const message = `${key} leaves an instance out, and ${around.feature.kind} have none`;
        this.#error(`${pointer}/${key}`, "wrong-kind", message, "remove it", "key");
      }
    }
    if (value.none !== undefined) this.#path(value.none, `${pointer}/none`, []);
    if (value.times !== undefined && !(value.times > 0 && value.times <= 2 ** 50)) {
      this.#error(`${pointer}/times`, "bad-value", "times is a whole number above 0");
    }
    if (value.pattern === undefined) return;
    const groups = this.#pattern(value.pattern, `${pointer}/pattern`);
    if (groups !== undefined && !groups.includes("value")) {
      this.#error(`${pointer}/pattern`, "bad-pattern", "no group is called value", "write (?<value>...)");
    }
  }

  #pattern(text: string, pointer: string): readonly string[] | undefined {
    try {
      return parsePattern(text).groups;
    } catch (error) {
      if (!(error instanceof HostfitError)) throw error;
      this.#error(pointer, error.code, error.message, error.help);
      return undefined;
    }
  }

  /** A path; without `names` its `{name}`s make names instead of using them. */
  #path(path: string, pointer: string, names: readonly string[] | undefined): void {
    if (!path.startsWith("/")) {
      this.#error(pointer, "bad-path", `${JSON.stringify(path)} doesn't start at the root`, "write /sys/...");
      return;
    }
    if (path.split("/").includes("..")) {
      this.#error(pointer, "bad-path", `${path}: .. leads elsewhere`, "write the path without it");
      return;
    }
    if (this.#origin !== "shipped" && !isAllowedPath(path)) {
      const help = "docs/vocabularies.md lists the folders; an administrator's facts can hold the rest";
      this.#error(pointer, "not-allowed", `a vocabulary may not read ${path}`, help);
    }
    if (/\*|\{/.test(path.slice(1).split("/")[0] ?? "")) {
      this.#error(pointer, "bad-path", `${path}: the first part of a path is a name`, "write /sys/...");
    }
    if (names === undefined) return;
    if (path.includes("*")) {
      this.#error(pointer, "bad-path", `${path}: * stands in each and count only`, "name the file");
    }
    this.#template(path, pointer, names);
  }

  #template(text: string, pointer: string, names: readonly string[]): void {
    for (const name of placeholders(text)) {
      if (names.includes(name) || HOST_NAMES.includes(name)) continue;
      const close = nearest(name, [...names, ...HOST_NAMES]);
      const known = names.length === 0 ? "the row has no names" : `the row has ${names.join(", ")}`;
      const help = close === null ? known : `did you mean {${close}}?`;
      this.#error(pointer, "unknown-placeholder", `nothing is called {${name}} here`, help);
    }
  }

  #pointer(text: string, pointer: string): void {
    if (text !== "" && !text.startsWith("/")) {
      const help = "a JSON Pointer starts with /, or is empty for the whole document";
      this.#error(pointer, "bad-value", `${JSON.stringify(text)} is no JSON Pointer`, help);
    }
  }

  #link(text: string | undefined, pointer: string): void {
    if (text === undefined || /^https?:\/\/[^\s]+$/.test(text)) return;
    this.#error(pointer, "bad-value", `${JSON.stringify(text)} is no link`, "write https://...");
  }

  #error(
    pointer: string,
    code: string,
    message: string,
    help?: string,
    part: VocabularyFinding["part"] = "value",
  ): void {
    this.#find("error", pointer, code, message, help, part);
  }

  #find(
    severity: VocabularyFinding["severity"],
    pointer: string,
    code: string,
    message: string,
    help: string | undefined,
    part: VocabularyFinding["part"],
  ): void {
    this.findings.push({ severity, code, message, pointer, part, ...(help === undefined ? {} : { help }) });
  }
}
