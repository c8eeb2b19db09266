/**
 * Carries out recipes on a host's files. All reading goes through {@link HostFiles}, which keeps to the host's root and opens regular files
 * only; what is read, found and matched is bounded for a whole vocabulary. What can't be told is left out, with a note.
 */
import type { Instance } from "../facts.ts";
import { instance, type Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import type { Feature, Pairs, Recipe, Value } from "./model.ts";
import { bounded, MAX_ROWS, mapped, onlyName, pairsOf, type Reading } from "./parts.ts";
import type { Names } from "./path-pattern.ts";
import { type RecipeHost, RecipeReading, type Row } from "./reading.ts";
import type { Origin } from "./recipe-files.ts";
import { holds, isOmitted, readRows, readValue } from "./values.ts";

/** What a recipe found of a feature. */
interface Found {
  readonly flags: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly unknown: readonly string[];
  readonly instances: readonly Instance[];
  /** Of each instance the names of its row. */
  readonly rows: readonly Names[];
  readonly end: "complete" | "partial";
  readonly scope: "complete" | "named" | "present";
}

/** Carries out the recipes of one vocabulary. */
export class RecipeRunner {
  readonly #observations: Observations;
  readonly #reading: RecipeReading;

  constructor(host: RecipeHost, observations: Observations, origin: Origin) {
    this.#observations = observations;
    this.#reading = new RecipeReading(host, observations, origin);
  }

  /**
   * Reads a feature and records what was found.
   * @throws HostfitError `bad-pattern`, which checking the vocabulary finds as well.
   */
  async observe(name: string, feature: Feature): Promise<void> {
    if (feature.probe === undefined) return;
    const reading = this.#reading;
    reading.begin(name);
    let found = this.#recipe(feature.probe, feature);
    if (reading.needsYaml) {
      await reading.loadYaml();
      reading.begin(name);
      found = this.#recipe(feature.probe, feature);
    }
    // That most of Linux's features aren't on other systems is no news.
    if (found === undefined && !reading.hasNotes && reading.host.os === "linux")
      reading.note("", "not-found", "no recipe of this host's platform finds it");
    if (reading.isExhausted)
      reading.note("", "too-much", "what was read takes more steps than a vocabulary has");
    reading.end();
    if (found !== undefined) this.#record(name, feature, found);
  }

  #record(name: string, feature: Feature, found: Found): void {
    switch (feature.kind) {
      case "flags": {
        const scope = scopeOf(found, feature);
        // No name that is there and none that isn't: nothing was seen.
        if (found.flags.length > 0 || scope === undefined || scope.length > 0)
          this.#observations.flags(name, found.flags, scope);
        return;
      }
      case "attributes":
        this.#observations.attributes(name, found.attributes, found.unknown);
        return;
      case "instances":
        this.#observations.instances(name, found.instances, found.end);
        return;
    }
  }

  /** Undefined if nothing can be told. */
  #recipe(recipe: Recipe, feature: Feature): Found | undefined {
    if (!this.#runsHere(recipe)) return undefined;
    const found = this.#whatever(recipe, feature);
    const { unless } = recipe;
    if (found === undefined || unless === undefined || isSomething(found)) return found;
    const there = (typeof unless === "string" ? [unless] : unless).find(
      (path) => this.#reading.stat(path).ok,
    );
    if (there === undefined) return found;
    this.#reading.note(there, "not-visible", "is there, so what can't be seen here may be there too");
    return undefined;
  }

  #whatever(recipe: Recipe, feature: Feature): Found | undefined {
    if (recipe.when !== undefined) {
      const answer = holds(this.#reading, recipe.when, undefined, recipe.none);
      if (answer !== "yes") return answer === "no" ? NOTHING : undefined;
    }
    if (recipe.first !== undefined) {
      let empty: Found | undefined;
      for (const one of recipe.first) {
        const found = this.#recipe(one, feature);
        if (found === undefined) continue;
        if (isSomething(found)) return found;
        empty ??= found;
      }
      return empty;
    }
    if (recipe.all !== undefined) {
      const all = this.#together(recipe.all, feature);
      return all === undefined || recipe.by === undefined ? all : inOrder(all, recipe.by);
    }
    switch (feature.kind) {
      case "flags":
        return this.#flags(recipe);
      case "attributes":
        return this.#attributes(recipe);
      case "instances":
        return this.#instances(recipe);
    }
  }

  /** What one of them can't tell, the others can't deny. */
  #together(recipes: readonly Recipe[], feature: Feature): Found | undefined {
    let all: Found | undefined;
    let end: Found["end"] = "complete";
    const unseen: string[] = [];
    for (const one of recipes) {
      if (!this.#runsHere(one)) continue;
      const found = this.#recipe(one, feature);
      if (found === undefined) {
        const names = feature.kind === "attributes" ? attributeNames(one) : [];
        if (one.required === true || names === undefined) return undefined;
        unseen.push(...names);
      }
      if (found === undefined || found.end === "partial") end = "partial";
      if (found === undefined) continue;
      all =
        all === undefined
          ? found
          : {
              flags: [...all.flags, ...found.flags],
              attributes: { ...found.attributes, ...all.attributes },
              unknown: [...all.unknown, ...found.unknown],
              instances: [...all.instances, ...found.instances].slice(0, MAX_ROWS),
              rows: [...all.rows, ...found.rows].slice(0, MAX_ROWS),
              end,
              scope: all.scope,
            };
    }
    return all === undefined ? undefined : { ...all, unknown: [...all.unknown, ...unseen], end };
  }

  #runsHere(recipe: Recipe): boolean {
    const { os, architecture } = this.#reading.host;
    return (recipe.platforms ?? ["linux"]).some(
      (one) => one === os || (architecture !== undefined && one === `${os}/${architecture}`),
    );
  }

  #flags(recipe: Recipe): Found | undefined {
    const rows = readRows(this.#reading, recipe, undefined);
    if (rows === undefined) return undefined;
    let { end } = rows;
    const flags: string[] = [];
    for (const row of rows.rows) {
      const given = this.#flag(recipe, row);
      const text = given.state === "found" ? bounded(given.text.trim()) : "";
      if (given.state === "unknown" || (given.state === "found" && text === "")) end = "partial";
      const name = text === "" ? null : mapped(recipe.map, text);
      if (name !== null) flags.push(name);
    }
    return { ...NOTHING, flags, end, scope: recipe.scope ?? "complete" };
  }

  #flag(recipe: Recipe, row: Row): Reading {
    if (recipe.flag !== undefined) return readValue(this.#reading, recipe.flag, row, undefined);
    const name = onlyName(row.names);
    return name === undefined ? { state: "unknown" } : { state: "found", text: name };
  }

  #attributes(recipe: Recipe): Found | undefined {
    if (recipe.name !== undefined && recipe.value !== undefined)
      return this.#rowsAsAttributes(recipe, recipe.name, recipe.value);
    const found: Record<string, string> = Object.create(null);
    const unknown: string[] = [];
    let row: Row | undefined;
    const hasRows = recipe.each !== undefined || recipe.from !== undefined;
    if (hasRows) {
      const rows = readRows(this.#reading, recipe, undefined);
      if (rows === undefined) return undefined;
      row = rows.rows[0];
      // Rows that can't be seen may hold it.
      if (row === undefined) return rows.end === "complete" ? NOTHING : undefined;
    }
    if (recipe.pairs !== undefined) {
      const pairs = this.#pairs(recipe.pairs, row, recipe.none);
      if (pairs === undefined) return undefined;
      Object.assign(found, pairs);
    }
    let absent = 0;
    for (const [name, value] of Object.entries(recipe.attributes ?? {})) {
      const given = readValue(this.#reading, value, row, recipe.none);
      if (given.state === "found") found[name] = given.text;
      else if (given.state === "unknown") unknown.push(name);
      else absent += 1;
    }
    // Nothing was seen, not even that it is here at all.
    const unseen = Object.keys(found).length === 0 && absent === 0 && unknown.length > 0;
    if (unseen && recipe.when === undefined) return undefined;
    return { ...NOTHING, attributes: found, unknown };
  }

  /** Each row is an attribute; the last of several of one name counts. */
  #rowsAsAttributes(recipe: Recipe, name: Value, value: Value): Found | undefined {
    const rows = readRows(this.#reading, recipe, undefined);
    if (rows === undefined || rows.end === "partial") return undefined;
    const found: Record<string, string> = Object.create(null);
    const unknown = new Set<string>();
    for (const row of rows.rows) {
      const named = readValue(this.#reading, name, row, undefined);
      if (named.state === "unknown") return undefined;
      if (named.state === "absent" || isOmitted(name, named)) continue;
      const given = readValue(this.#reading, value, row, undefined);
      if (given.state === "found") found[named.text] = given.text;
      else if (given.state === "unknown") unknown.add(named.text);
    }
    return { ...NOTHING, attributes: found, unknown: [...unknown] };
  }

  #instances(recipe: Recipe): Found | undefined {
    const rows = readRows(this.#reading, recipe, undefined);
    if (rows === undefined) return undefined;
    const instances: Instance[] = [];
    const of: Names[] = [];
    let { end } = rows;
    for (const row of rows.rows) {
      const made = this.#instance(recipe.attributes ?? {}, row);
      if (made === "unseen") end = "partial";
      else if (made !== undefined) {
        instances.push(made);
        of.push(row.names);
      }
    }
    return { ...NOTHING, instances, rows: of, end };
  }

  #instance(attributes: Readonly<Record<string, Value>>, row: Row): Instance | "unseen" | undefined {
    const found: Record<string, string> = Object.create(null);
    const unknown: string[] = [];
    for (const [name, value] of Object.entries(attributes)) {
      const given = readValue(this.#reading, value, row, undefined);
      if (isOmitted(value, given)) return undefined;
      if (given.state === "found") found[name] = given.text;
      else if (typeof value === "object" && value.required === true)
        return given.state === "absent" ? undefined : "unseen";
      else if (given.state === "unknown") unknown.push(name);
    }
    return instance(found, unknown);
  }

  #pairs(pairs: Pairs, row: Row | undefined, base: string | undefined): Record<string, string> | undefined {
    const path = this.#reading.path(pairs.read, row);
    if (path === undefined) return undefined;
    const read = this.#reading.text(path);
    if (!read.ok) {
      if (isAbsent(read)) return this.#reading.mayDeny(undefined, base, path) ? {} : undefined;
      this.#reading.failure(path, read);
      return undefined;
    }
    const found: Record<string, string> = Object.create(null);
    for (const [key, value] of pairsOf(read.text, pairs.separator ?? "=")) found[key] = bounded(value);
    return found;
  }
}

const NOTHING: Found = {
  flags: [],
  attributes: {},
  unknown: [],
  instances: [],
  rows: [],
  end: "complete",
  scope: "complete",
};

function isSomething(found: Found): boolean {
  return found.flags.length > 0 || found.instances.length > 0 || Object.keys(found.attributes).length > 0;
}

/** The attributes that a recipe may give; undefined if it gives whatever a file names. */
function attributeNames(recipe: Recipe): readonly string[] | undefined {
  if (recipe.pairs !== undefined || recipe.name !== undefined) return undefined;
  const names = Object.keys(recipe.attributes ?? {});
  for (const one of [...(recipe.first ?? []), ...(recipe.all ?? [])]) {
    const more = attributeNames(one);
    if (more === undefined) return undefined;
    names.push(...more);
  }
  return names;
}

/** In the order of a name of the rows; those that have it equal stay as they are. */
function inOrder(found: Found, name: string): Found {
  const key = (index: number): string => found.rows[index]?.[name] ?? "";
  const order = found.instances.map((_one, index) => index);
  order.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
  const instances = order.map((index) => found.instances[index] as Instance);
  return { ...found, instances, rows: order.map((index) => found.rows[index] as Names) };
}

/** Undefined is a complete list. */
function scopeOf(found: Found, feature: Feature): readonly string[] | undefined {
  if (found.end === "partial" || found.scope === "present") return [];
  if (found.scope === "complete") return undefined;
  return Object.keys(feature.names ?? {}).filter((name) => !name.includes("*"));
}
