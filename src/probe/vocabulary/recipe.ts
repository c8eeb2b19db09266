/**
 * Carries out recipes on a host's files. All reading goes through {@link HostFiles}, which keeps to the host's root and opens regular files
 * only; what is read, found and matched is bounded for a whole vocabulary. What can't be told is left out, with a note.
 */
import type { Instance } from "../facts.ts";
import { instance, type Observations } from "../observations.ts";
import { type HostFiles, isAbsent, type ReadFailure } from "../root.ts";
import type { Feature, Pairs, Recipe, RowSource, Value, ValueSource } from "./model.ts";
import {
  ABSENT,
  bounded,
  elementsAt,
  finish,
  itemAt,
  MAX_ROWS,
  mapped,
  onlyName,
  pairsOf,
  type Reading,
  scalarName,
  UNKNOWN,
} from "./parts.ts";
import { type FoundPaths, fillPath, fillText, type Names } from "./path-pattern.ts";
import { type Pattern, parsePattern } from "./pattern.ts";
import { type Origin, RecipeFiles } from "./recipe-files.ts";

/** Longest line that a pattern is tried on; longer ones don't match. */
const LINE_LIMIT = 16_384;

/** Names that every recipe can use: the kernel's release, OCI's architecture, the folder of its libraries on Debian. */
export const HOST_NAMES: readonly string[] = ["kernel", "architecture", "multiarch"];

/** What a recipe needs to know of the host. */
export interface RecipeHost {
  readonly files: HostFiles;
  /** OCI's name. */
  readonly os: string;
  readonly architecture: string;
  /** What {@link HOST_NAMES} stand for here; one that isn't known is left out. */
  readonly names: Names;
}

/** One device, one line, one element; `item` is the element of a JSON or YAML document. */
interface Row {
  readonly names: Names;
  readonly item?: unknown;
}

/** Rows, and whether there may be more. */
interface Rows {
  readonly rows: readonly Row[];
  readonly end: "complete" | "partial";
}

/** What a recipe found of a feature. */
interface Found {
  readonly flags: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly unknown: readonly string[];
  readonly instances: readonly Instance[];
  readonly end: "complete" | "partial";
  readonly scope: "complete" | "named" | "present";
}

/** Carries out the recipes of one vocabulary. */
export class RecipeRunner {
  readonly #host: RecipeHost;
  readonly #observations: Observations;
  readonly #files: RecipeFiles;
  readonly #patterns = new Map<string, Pattern>();
  #feature = "";
  #noted = new Set<string>();

  constructor(host: RecipeHost, observations: Observations, origin: Origin) {
    this.#host = host;
    this.#observations = observations;
    this.#files = new RecipeFiles(host.files, origin);
  }

  /**
   * Reads a feature and records what was found.
   * @throws HostfitError `bad-pattern`, which checking the vocabulary finds as well.
   */
  async observe(name: string, feature: Feature): Promise<void> {
    if (feature.probe === undefined) return;
    this.#feature = name;
    this.#noted = new Set();
    const found = await this.#recipe(feature.probe, feature);
    if (found === undefined) {
      if (this.#noted.size === 0) this.#note("", "not-found", "no recipe of this host's platform finds it");
      return;
    }
    const { unless } = feature.probe;
    if (unless !== undefined && !isSomething(found) && this.#files.stat(unless).ok) {
      this.#note(unless, "not-visible", `${unless}: is there, so what can't be seen here may be there too`);
      return;
    }
    if (this.#files.steps.steps <= 0)
      this.#note("", "too-much", "patterns took more steps than a vocabulary has");
    switch (feature.kind) {
      case "flags":
        this.#observations.flags(name, found.flags, scopeOf(found, feature));
        return;
      case "attributes":
        this.#observations.attributes(name, found.attributes, found.unknown);
        return;
      case "instances":
        this.#observations.instances(name, found.instances, found.end);
        return;
    }
  }

  async #recipe(recipe: Recipe, feature: Feature): Promise<Found | undefined> {
    if (!this.#runsHere(recipe)) return undefined;
    if (recipe.first !== undefined) {
      let empty: Found | undefined;
      for (const one of recipe.first) {
        const found = await this.#recipe(one, feature);
        if (found === undefined) continue;
        if (isSomething(found)) return found;
        empty ??= found;
      }
      return empty;
    }
    if (recipe.all !== undefined) return this.#together(recipe.all, feature);
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
  async #together(recipes: readonly Recipe[], feature: Feature): Promise<Found | undefined> {
    let all: Found | undefined;
    let end: Found["end"] = "complete";
    for (const one of recipes) {
      if (!this.#runsHere(one)) continue;
      const found = await this.#recipe(one, feature);
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
              end,
              scope: all.scope,
            };
    }
    if (all === undefined) return undefined;
    if (end === "partial" && feature.kind === "attributes" && !isSomething(all)) return undefined;
    return { ...all, end };
  }

  #runsHere(recipe: Recipe): boolean {
    const { os, architecture } = this.#host;
    return (recipe.platforms ?? ["linux"]).some((one) => one === os || one === `${os}/${architecture}`);
  }

  async #flags(recipe: Recipe): Promise<Found | undefined> {
    const rows = await this.#rows(recipe);
    if (rows === undefined) return undefined;
    let end = rows.end;
    const flags: string[] = [];
    for (const { names } of rows.rows) {
      const name = recipe.flag === undefined ? onlyName(names) : fillText(recipe.flag, this.#names(names));
      const text = name === undefined ? "" : bounded(name.trim());
      if (text === "") end = "partial";
      else flags.push(mapped(recipe.map, text));
    }
    return { ...NOTHING, flags, end, scope: recipe.scope ?? "complete" };
  }

  async #attributes(recipe: Recipe): Promise<Found | undefined> {
    const found: Record<string, string> = Object.create(null);
    const unknown: string[] = [];
    let row: Row | undefined;
    const hasRows = recipe.each !== undefined || recipe.from !== undefined;
    if (hasRows) {
      const rows = await this.#rows(recipe);
      if (rows === undefined) return undefined;
      row = rows.rows[0];
      // Rows that can't be seen may hold it.
      if (row === undefined) return rows.end === "complete" ? NOTHING : undefined;
    }
    if (recipe.pairs !== undefined) {
      const pairs = this.#pairs(recipe.pairs, this.#names(row?.names), recipe.none);
      if (pairs === undefined) return undefined;
      Object.assign(found, pairs);
    }
    let absent = 0;
    for (const [name, value] of Object.entries(recipe.attributes ?? {})) {
      const reading = await this.#value(value, row, recipe.none);
      if (reading.state === "found") found[name] = reading.text;
      else if (reading.state === "unknown") unknown.push(name);
      else absent += 1;
    }
    if (Object.keys(found).length === 0 && absent === 0 && unknown.length > 0) return undefined;
    return { ...NOTHING, attributes: found, unknown };
  }

  async #instances(recipe: Recipe): Promise<Found | undefined> {
    const rows = await this.#rows(recipe);
    if (rows === undefined) return undefined;
    const instances: Instance[] = [];
    let end = rows.end;
    for (const row of rows.rows) {
      const made = await this.#instance(recipe.attributes ?? {}, row);
      if (made === "unseen") end = "partial";
      else if (made !== undefined) instances.push(made);
    }
    return { ...NOTHING, instances, end };
  }

  async #instance(
    attributes: Readonly<Record<string, Value>>,
    row: Row,
  ): Promise<Instance | "unseen" | undefined> {
    const found: Record<string, string> = Object.create(null);
    const unknown: string[] = [];
    for (const [name, value] of Object.entries(attributes)) {
      const reading = await this.#value(value, row, undefined);
      const isLeftOut =
        reading.state === "found" && typeof value === "object" && value.omit?.includes(reading.text);
      if (isLeftOut) return undefined;
      if (reading.state === "found") found[name] = reading.text;
      else if (typeof value === "object" && value.required === true)
        return reading.state === "absent" ? undefined : "unseen";
      else if (reading.state === "unknown") unknown.push(name);
    }
    return instance(found, unknown);
  }

  /** Undefined if it can't be told whether there are any. */
  async #rows(recipe: Recipe): Promise<Rows | undefined> {
    let rows: readonly Row[] = [{ names: {} }];
    let end: Rows["end"] = "complete";
    if (recipe.each !== undefined) {
      const found = this.#find(recipe.each, this.#names(undefined));
      if (found === undefined) return undefined;
      for (const { path, failure } of found.failures) this.#failure(path, failure);
      if (found.missing !== undefined && found.paths.length === 0)
        return this.#nothing(recipe.none, found.missing);
      if (found.failures.length > 0) {
        if (found.paths.length === 0) return undefined;
        end = "partial";
      }
      rows = found.paths.map(({ names }) => ({ names: this.#own(names) }));
    }
    if (recipe.from === undefined) return { rows, end };
    const parts: Row[] = [];
    for (const row of rows) {
      const taken = await this.#takeApart(recipe.from, row, recipe);
      if (taken === undefined) {
        if (recipe.each === undefined) return undefined;
        end = "partial";
      } else parts.push(...taken);
      if (parts.length > MAX_ROWS) {
        this.#note("", "too-much", `more than ${MAX_ROWS} parts`);
        return { rows: parts.slice(0, MAX_ROWS), end: "partial" };
      }
    }
    return { rows: parts, end };
  }

  #nothing(base: string | undefined, path: string): Rows | undefined {
    if (base !== undefined && this.#isVisible(base)) return { rows: [], end: "complete" };
    this.#note(path, "ENOENT", `${path}: no such file or directory`);
    return undefined;
  }

  #isVisible(directory: string): boolean {
    const entry = this.#files.stat(directory);
    return entry.ok && entry.kind === "directory";
  }

  /** The rows that a file is made of; undefined if it can't be read. */
  async #takeApart(source: RowSource, row: Row, recipe: Recipe): Promise<readonly Row[] | undefined> {
    const path = fillPath(source.read, this.#names(row.names));
    if (path === undefined) return undefined;
    const read = this.#files.text(path);
    if (!read.ok) {
      if (isAbsent(read)) {
        // A path that was listed a moment ago, or one beside it.
        if (recipe.each !== undefined) return [];
        return this.#nothing(recipe.none, path)?.rows;
      }
      this.#failure(path, read);
      return undefined;
    }
    if (source.lines !== undefined) return this.#lines(read.text, source.lines, row.names);
    if (source.words !== undefined) {
      const words = source.words === "" ? read.text.split(/\s+/) : read.text.split(source.words);
      return words
        .map((word) => word.trim())
        .filter((word) => word !== "")
        .map((word) => ({ names: { ...row.names, word } }));
    }
    if (source.at === undefined) return [{ names: { ...row.names, value: read.text.trim() } }];
    const document = await this.#document(path, read.text);
    if (document === undefined) return undefined;
    return elementsAt(document.value, source.at).map(({ key, value }) => ({
      names: { ...row.names, ...(key === undefined ? {} : { key }), ...scalarName(value) },
      item: value,
    }));
  }

  #lines(text: string, source: string, known: Names): readonly Row[] {
    const pattern = this.#pattern(source);
    const rows: Row[] = [];
    for (const line of text.split("\n")) {
      if (line.length > LINE_LIMIT) continue;
      const names = pattern.match(line.replace(/\r$/, ""), this.#files.steps);
      if (names !== undefined) rows.push({ names: { ...known, ...names } });
      if (rows.length > MAX_ROWS) break;
    }
    return rows;
  }

  #pairs(pairs: Pairs, names: Names, base: string | undefined): Record<string, string> | undefined {
    const path = fillPath(pairs.read, names);
    const read = path === undefined ? undefined : this.#files.text(path);
    if (path === undefined || read === undefined) return undefined;
    if (!read.ok) {
      if (isAbsent(read)) return this.#nothing(base, path) === undefined ? undefined : {};
      this.#failure(path, read);
      return undefined;
    }
    const found: Record<string, string> = Object.create(null);
    for (const [key, value] of pairsOf(read.text, pairs.separator ?? "=")) found[key] = bounded(value);
    return found;
  }

  async #value(value: Value, row: Row | undefined, base: string | undefined): Promise<Reading> {
    if (typeof value === "string") {
      return value.startsWith("/") ? this.#value({ read: value }, row, base) : this.#template(value, row);
    }
    const given = await this.#given(value, row, value.none ?? base);
    if (given.state === "absent" && value.otherwise !== undefined) {
      const visible = value.none === undefined || this.#isVisible(value.none);
      return visible ? { state: "found", text: value.otherwise } : UNKNOWN;
    }
    if (given.state !== "found") return given;
    return finish(value, given.text);
  }

  async #given(value: ValueSource, row: Row | undefined, base: string | undefined): Promise<Reading> {
    if (value.text !== undefined) return this.#template(value.text, row);
    if (value.item !== undefined) return itemAt(row?.item, value.item);
    if (value.exists !== undefined) return this.#exists(value.exists, row, base);
    if (value.count !== undefined) return this.#count(value.count, row, base);
    if (value.first !== undefined) {
      let unseen = false;
      for (const one of value.first) {
        const reading = await this.#value(one, row, base);
        if (reading.state === "found") return reading;
        unseen = unseen || reading.state === "unknown";
      }
      return unseen ? UNKNOWN : ABSENT;
    }
    return value.read === undefined ? UNKNOWN : this.#read(value, value.read, row, base);
  }

  #template(text: string, row: Row | undefined): Reading {
    const filled = fillText(text, this.#names(row?.names));
    return filled === undefined ? UNKNOWN : { state: "found", text: bounded(filled) };
  }

  #exists(template: string, row: Row | undefined, base: string | undefined): Reading {
    const path = this.#path(template, row);
    if (path === undefined) return UNKNOWN;
    const entry = this.#files.stat(path);
    if (entry.ok) return { state: "found", text: "true" };
    if (!isAbsent(entry)) {
      this.#failure(path, entry);
      return UNKNOWN;
    }
    return this.#mayDeny(row, base, path) ? { state: "found", text: "false" } : UNKNOWN;
  }

  #count(template: string, row: Row | undefined, base: string | undefined): Reading {
    const found = this.#find(template, this.#names(row?.names));
    if (found === undefined) return UNKNOWN;
    for (const { path, failure } of found.failures) this.#failure(path, failure);
    if (found.failures.length > 0) return UNKNOWN;
    if (found.missing !== undefined && !this.#mayDeny(row, base, found.missing)) return UNKNOWN;
    return { state: "found", text: String(found.paths.length) };
  }

  /** What isn't there beside a row is surely not there. Elsewhere a directory that can be seen must vouch for it. */
  #mayDeny(row: Row | undefined, base: string | undefined, path: string): boolean {
    if (base !== undefined ? this.#isVisible(base) : row !== undefined) return true;
    this.#note(path, "ENOENT", `${path}: no such file or directory`);
    return false;
  }

  async #read(
    value: ValueSource,
    template: string,
    row: Row | undefined,
    base: string | undefined,
  ): Promise<Reading> {
    const path = this.#path(template, row);
    if (path === undefined) return UNKNOWN;
    const read = this.#files.text(path);
    if (!read.ok) {
      if (isAbsent(read)) return this.#mayDeny(row, base, path) ? ABSENT : UNKNOWN;
      this.#failure(path, read);
      return UNKNOWN;
    }
    if (value.at !== undefined) {
      const document = await this.#document(path, read.text);
      return document === undefined ? UNKNOWN : itemAt(document.value, value.at);
    }
    let text = read.text;
    if (value.key !== undefined) {
      const key = fillText(value.key, this.#names(row?.names));
      const pair = pairsOf(text, value.separator ?? "=").find(([name]) => name === key);
      if (pair === undefined) return ABSENT;
      text = pair[1];
    }
    if (value.pattern === undefined) return { state: "found", text: text.trim() };
    return this.#capture(text, value, path);
  }

  #capture(text: string, value: ValueSource, path: string): Reading {
    const pattern = this.#pattern(value.pattern ?? "");
    for (const line of text.split("\n")) {
      if (line.length > LINE_LIMIT) continue;
      const found = pattern.match(line.replace(/\r$/, ""), this.#files.steps)?.value;
      if (found !== undefined) return { state: "found", text: found };
    }
    if (value.otherwise !== undefined) return ABSENT;
    // A file that is there and says it in other words denies nothing.
    this.#note(path, "no-match", `${path}: no line fits the pattern ${value.pattern}`);
    return UNKNOWN;
  }

  /** What a row has beyond the host's names. */
  #own(names: Names): Names {
    return Object.fromEntries(Object.entries(names).filter(([name]) => !HOST_NAMES.includes(name)));
  }

  #names(row: Names | undefined): Names {
    return { ...this.#host.names, ...row };
  }

  #path(template: string, row: Row | undefined): string | undefined {
    const path = fillPath(template, this.#names(row?.names));
    return path !== undefined && this.#isAllowed(path) ? path : undefined;
  }

  #find(pattern: string, names: Names): FoundPaths | undefined {
    const filled = pattern.replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(names, name) ? (names[name] as string).replaceAll(/[*{}/]/g, "?") : whole,
    );
    if (!this.#isAllowed(filled)) return undefined;
    return this.#files.find(filled, names);
  }

  async #document(path: string, text: string): Promise<{ readonly value: unknown } | undefined> {
    const document = await this.#files.document(path, text);
    if (document !== "malformed") return document;
    this.#note(path, "malformed", `${path}: neither JSON nor YAML`);
    return undefined;
  }

  #isAllowed(path: string): boolean {
    if (this.#files.isAllowed(path)) return true;
    this.#note(path, "not-allowed", `${path}: a vocabulary from elsewhere may not read there`);
    return false;
  }

  #pattern(source: string): Pattern {
    const known = this.#patterns.get(source) ?? parsePattern(source);
    this.#patterns.set(source, known);
    return known;
  }

  #failure(path: string, failure: ReadFailure): void {
    this.#note(path, failure.code, failure.message);
  }

  /** Once for a file and a code: many attributes may be read from one that is closed. */
  #note(file: string, code: string, message: string): void {
    const key = `${code} ${file}`;
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#observations.note(this.#feature, file, code, message);
  }
}

const NOTHING: Found = {
  flags: [],
  attributes: {},
  unknown: [],
  instances: [],
  end: "complete",
  scope: "complete",
};

function isSomething(found: Found): boolean {
  return found.flags.length > 0 || found.instances.length > 0 || Object.keys(found.attributes).length > 0;
}

/** Undefined is a complete list. */
function scopeOf(found: Found, feature: Feature): readonly string[] | undefined {
  if (found.end === "partial" || found.scope === "present") return [];
  if (found.scope === "complete") return undefined;
  return Object.keys(feature.names ?? {}).filter((name) => !name.includes("*"));
}
