/** The recipes of a vocabulary: what is listed or taken apart, and whether it makes what the feature's kind needs. */
import type { Feature, Recipe, RowPlan, RowSource } from "../../probe/vocabulary/model.ts";
import { placeholders } from "../../probe/vocabulary/path-pattern.ts";
import { HOST_NAMES } from "../../probe/vocabulary/reading.ts";
import type { Origin } from "../../probe/vocabulary/recipe-files.ts";
import { TextChecker } from "./check-text.ts";
import { type Around, ValueChecker } from "./check-value.ts";
import type { Findings } from "./finding.ts";

const MAX_DEPTH = 8;

/** Checks recipes. */
export class RecipeChecker {
  readonly #findings: Findings;
  readonly #origin: Origin;
  readonly #texts: TextChecker;
  readonly #values: ValueChecker;

  constructor(findings: Findings, origin: Origin) {
    this.#findings = findings;
    this.#origin = origin;
    this.#texts = new TextChecker(findings, origin);
    this.#values = new ValueChecker(findings, this.#texts, (plan, pointer, around) =>
      this.#rows(plan, pointer, around),
    );
  }

  /** A feature's recipe. */
  recipe(recipe: Recipe, pointer: string, feature: Feature): void {
    const leavesOut = feature.kind === "instances" ? "instance" : "nothing";
    this.#recipe(recipe, pointer, {
      feature,
      names: [],
      item: "no-item",
      depth: 0,
      vouched: false,
      leavesOut,
    });
  }

  #recipe(recipe: Recipe, pointer: string, around: Around): void {
    if (around.depth > MAX_DEPTH) {
      this.#findings.error(
        pointer,
        "limit",
        `recipes within recipes go ${MAX_DEPTH} deep at most`,
        "take one out",
      );
      return;
    }
    recipe.platforms?.forEach((platform, index) => {
      if (/^(?:linux|darwin|freebsd)(?:\/[a-z0-9]+)?$/.test(platform)) return;
      const help = "write linux, darwin or freebsd, with an architecture if it matters: linux/arm64";
      this.#findings.error(`${pointer}/platforms/${index}`, "bad-value", `${platform} is no platform`, help);
    });
    const nested = recipe.first ?? recipe.all;
    const { each, from, attributes, pairs, flag, name, value } = recipe;
    const reading = each ?? from ?? attributes ?? pairs ?? flag ?? name ?? value;
    const ways = [recipe.builtin, recipe.first, recipe.all, reading].filter((way) => way !== undefined);
    if (ways.length !== 1) {
      this.#findings.error(
        pointer,
        "bad-recipe",
        "a recipe is a builtin, or first, or all, or a reading (each, from, attributes, pairs, name and value)",
        ways.length === 0 ? "add one of them" : "keep one of them",
      );
      return;
    }
    if (recipe.builtin !== undefined && this.#origin !== "shipped") {
      const message = "only hostfit's own vocabularies use builtins";
      const help = "say it with each, from, attributes or pairs";
      this.#findings.error(`${pointer}/builtin`, "not-allowed", message, help);
    }
    const { unless = [] } = recipe;
    for (const path of typeof unless === "string" ? [unless] : unless) {
      this.#texts.path(path, `${pointer}/unless`, []);
    }
    if (recipe.when !== undefined)
      this.#values.condition(recipe.when, `${pointer}/when`, {
        ...around,
        vouched: recipe.none !== undefined,
      });
    this.#order(recipe, pointer, around);
    if (nested !== undefined) {
      if (recipe.none !== undefined) this.#texts.path(recipe.none, `${pointer}/none`, []);
      const key = recipe.first === undefined ? "all" : "first";
      nested.forEach((one, index) => {
        this.#recipe(one, `${pointer}/${key}/${index}`, { ...around, depth: around.depth + 1 });
      });
      return;
    }
    if (recipe.builtin !== undefined) return;
    this.#kind(recipe, pointer, around.feature);
    this.#reading(recipe, pointer, around);
  }

  #order(recipe: Recipe, pointer: string, { feature }: Around): void {
    if (recipe.by === undefined || (recipe.all !== undefined && feature.kind === "instances")) return;
    const message = "by is the order of instances that all finds together";
    this.#findings.error(`${pointer}/by`, "wrong-kind", message, "remove it", "key");
  }

  /** Keys of a recipe that mean nothing for the feature's kind. */
  #kind(recipe: Recipe, pointer: string, { kind }: Feature): void {
    const strange =
      kind === "flags"
        ? (["attributes", "pairs", "name", "value"] as const)
        : kind === "instances"
          ? (["flag", "map", "scope", "pairs", "name", "value"] as const)
          : (["flag", "map", "scope"] as const);
    for (const key of strange) {
      if (recipe[key] === undefined) continue;
      const message = `${key} means nothing for ${kind}`;
      this.#findings.error(`${pointer}/${key}`, "wrong-kind", message, "remove it", "key");
    }
    const { attributes, pairs, name, value } = recipe;
    const rows = recipe.each !== undefined || recipe.from !== undefined;
    if (!rows && (kind !== "attributes" || name !== undefined || value !== undefined)) {
      const what = kind === "attributes" ? "name and value" : kind;
      const message = `${what} need each or from`;
      this.#findings.error(pointer, "bad-recipe", message, "say what is listed or taken apart");
    }
    if ((name === undefined) !== (value === undefined)) {
      const message = "a row is an attribute with a name and a value";
      this.#findings.error(pointer, "bad-recipe", message, name === undefined ? "add name" : "add value");
    } else if (name !== undefined && (attributes ?? pairs) !== undefined) {
      const message = "name and value stand beside attributes or pairs";
      this.#findings.error(pointer, "bad-recipe", message, "put them into two recipes under all");
    } else if (kind !== "flags" && (attributes ?? pairs ?? name) === undefined) {
      const message = "attributes are missing";
      this.#findings.error(pointer, "bad-recipe", message, "say where their values come from");
    }
  }

  #reading(recipe: Recipe, pointer: string, around: Around): void {
    const row = this.#rows(recipe, pointer, around);
    const { names } = row;
    if (recipe.flag !== undefined) this.#values.value(recipe.flag, `${pointer}/flag`, row);
    else if (around.feature.kind === "flags" && names.length !== 1 && !names.includes("word")) {
      const help = `add flag, such as "{${names[0] ?? "name"}}"`;
      this.#findings.error(pointer, "bad-recipe", "which name the flag has must be said", help);
    }
    const { name, value, pairs } = recipe;
    if (name !== undefined) this.#values.value(name, `${pointer}/name`, { ...row, leavesOut: "row" });
    if (value !== undefined) this.#values.value(value, `${pointer}/value`, row);
    if (pairs !== undefined) this.#texts.path(pairs.read, `${pointer}/pairs/read`, names);
    if (recipe.attributes !== undefined) {
      this.#values.attributes(recipe.attributes, `${pointer}/attributes`, row);
    }
  }

  /** The names that rows have, and those of the row around them. */
  #rows(plan: RowPlan, pointer: string, around: Around): Around {
    const names = [...around.names];
    if (plan.none !== undefined) this.#texts.path(plan.none, `${pointer}/none`, []);
    if (plan.each !== undefined) {
      this.#texts.path(plan.each, `${pointer}/each`, undefined);
      names.push(...placeholders(plan.each).filter((name) => !HOST_NAMES.includes(name)));
    }
    let item: Around["item"] = plan.each === undefined ? around.item : "no-item";
    if (plan.from !== undefined) {
      names.push(...this.#source(plan.from, `${pointer}/from`, [...names]));
      if (plan.from.at !== undefined) item = "item";
    }
    const rows = plan.each !== undefined || plan.from !== undefined;
    const vouched = around.vouched || rows || plan.none !== undefined;
    const row: Around = { ...around, names: [...new Set(names)], item, vouched };
    if (plan.where !== undefined) this.#values.condition(plan.where, `${pointer}/where`, row);
    return row;
  }

  /** The names that a source gives to a row. */
  #source(source: RowSource, pointer: string, names: readonly string[]): string[] {
    this.#texts.path(source.read, `${pointer}/read`, names);
    const ways = [source.lines, source.words, source.at].filter((way) => way !== undefined);
    if (ways.length > 1) {
      const message = "a file is taken apart by lines, by words, or at a pointer";
      this.#findings.error(pointer, "bad-recipe", message, "keep one");
    }
    if (source.lines !== undefined) {
      const groups = this.#texts.pattern(source.lines, `${pointer}/lines`);
      if (groups?.length === 0) {
        const help = "write (?<name>...)";
        this.#findings.error(`${pointer}/lines`, "bad-pattern", "no group has a name", help);
      }
      return [...(groups ?? [])];
    }
    if (source.words !== undefined) return ["word"];
    if (source.at === undefined) return ["value"];
    this.#texts.pointer(source.at, `${pointer}/at`);
    return ["key", "value"];
  }
}
