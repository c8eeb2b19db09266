/** What the recipes of one vocabulary have in common: the host, its files within the vocabulary's bounds, and notes. */
import type { Observations } from "../observations.ts";
import type { HostFiles, ReadFailure } from "../root.ts";
import { type FoundPaths, isPart, type Names, type Template, templateOf } from "./path-pattern.ts";
import { type Pattern, parsePattern } from "./pattern.ts";
import { type Origin, RecipeFiles, type TextRead } from "./recipe-files.ts";

/** Longest line that a pattern is tried on; longer ones don't match. */
const LINE_LIMIT = 16_384;

/** Names that every recipe can use: the kernel's release, OCI's architecture, the folder of its libraries on Debian. */
export const HOST_NAMES: readonly string[] = ["kernel", "architecture", "multiarch"];

/** What a recipe needs to know of the host. */
export interface RecipeHost {
  readonly files: HostFiles;
  /** OCI's name. */
  readonly os: string;
  /** Undefined where nothing tells it. */
  readonly architecture: string | undefined;
  /** What {@link HOST_NAMES} stand for here; one that isn't known is left out. */
  readonly names: Names;
}

/** One device, one line, one element; `item` is the element of a JSON or YAML document. */
export interface Row {
  readonly names: Names;
  readonly item?: unknown;
}

/** Reads for the recipes of one vocabulary. */
export class RecipeReading {
  readonly host: RecipeHost;
  readonly #observations: Observations;
  readonly #files: RecipeFiles;
  readonly #patterns = new Map<string, Pattern>();
  readonly #templates = new Map<string, Template>();
  #feature = "";
  #notes = new Map<string, readonly [file: string, code: string, message: string]>();

  constructor(host: RecipeHost, observations: Observations, origin: Origin) {
    this.host = host;
    this.#observations = observations;
    this.#files = new RecipeFiles(host.files, origin);
  }

  /** Notes are about this feature from now on; those that were not recorded are forgotten. */
  begin(feature: string): void {
    this.#feature = feature;
    this.#notes = new Map();
  }

  /** Records the notes about the feature. */
  end(): void {
    for (const [file, code, message] of this.#notes.values())
      this.#observations.note(this.#feature, file, code, message);
  }

  get hasNotes(): boolean {
    return this.#notes.size > 0;
  }

  /** Whether a document was met that only YAML's reader may understand: load it, and begin again. */
  get needsYaml(): boolean {
    return this.#files.needsYaml;
  }

  loadYaml(): Promise<void> {
    return this.#files.loadYaml();
  }

  /** Whether patterns took more steps than there are. */
  get isExhausted(): boolean {
    return this.#files.steps.steps <= 0;
  }

  /** A row's names, and the host's. */
  names(row: Names | undefined): Names {
    return row === undefined ? this.host.names : { ...this.host.names, ...row };
  }

  /** A text with its `{name}`s filled in; undefined if one isn't known. */
  fill(template: string, row: Row | undefined): string | undefined {
    return template.includes("{") ? this.#filled(template, row, "text") : template;
  }

  /** A path likewise, if it may be read; undefined also if a name would lead elsewhere. */
  path(template: string, row: Row | undefined): string | undefined {
    const path = template.includes("{") ? this.#filled(template, row, "path") : template;
    return path !== undefined && this.#isAllowed(path) ? path : undefined;
  }

  #filled(template: string, row: Row | undefined, as: "text" | "path"): string | undefined {
    const known = this.#templates.get(template) ?? templateOf(template);
    this.#templates.set(template, known);
    let made = "";
    for (const piece of known) {
      if (typeof piece === "string") {
        made += piece;
        continue;
      }
      const { name } = piece;
      const own = row !== undefined && Object.hasOwn(row.names, name) ? row.names[name] : undefined;
      const value = own ?? (Object.hasOwn(this.host.names, name) ? this.host.names[name] : undefined);
      if (value === undefined || (as === "path" && !isPart(value))) return undefined;
      made += value;
    }
    return made;
  }

  /** A file's text, as long as there are steps left to look through it. */
  text(path: string): TextRead {
    if (this.isExhausted)
      return { ok: false, code: "too-much", message: "more than a vocabulary may look through" };
    return this.#files.text(path);
  }

  /** Steps that looking through texts and rows takes, beside those of patterns: files are read once, and looked through often. */
  get budget(): { steps: number } {
    return this.#files.steps;
  }

  stat(path: string): ReturnType<HostFiles["stat"]> {
    return this.#files.stat(path);
  }

  isVisible(directory: string): boolean {
    const entry = this.#files.stat(directory);
    return entry.ok && entry.kind === "directory";
  }

  /** What isn't there beside a row is surely not there. Elsewhere a directory that can be seen must vouch for it; null: none does. */
  mayDeny(row: Row | undefined, base: string | null | undefined, path: string): boolean {
    if (typeof base === "string") {
      if (this.isVisible(base)) return true;
      // Once for all that is missing below it.
      this.note(base, "not-visible", "can't be seen, so what is missing below it may be there");
      return false;
    }
    if (base === undefined && row !== undefined) return true;
    this.note(path, "ENOENT", "no such file or directory");
    return false;
  }

  /** The paths that fit; undefined if they may not be looked for. */
  find(pattern: string, row: Row | undefined): FoundPaths | undefined {
    const names = this.names(row?.names);
    const filled = pattern.replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(names, name) ? (names[name] as string).replaceAll(/[*{}/]/g, "?") : whole,
    );
    return this.#isAllowed(filled) ? this.#files.find(pattern, names) : undefined;
  }

  /** The names of the first line that fits. */
  firstMatch(text: string, source: string): Names | undefined {
    for (const names of this.matches(text, source)) return names;
    return undefined;
  }

  /** The names of each line that fits. */
  *matches(text: string, source: string): Generator<Names> {
    const pattern = this.#pattern(source);
    this.budget.steps -= text.length >>> 3;
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf("\n", from);
      const to = end < 0 ? text.length : end;
      if (to - from <= LINE_LIMIT) {
        const line = text.slice(from, text[to - 1] === "\r" ? to - 1 : to);
        const names = pattern.match(line, this.#files.steps);
        if (names !== undefined) yield names;
        if (this.isExhausted) return;
      }
      from = to + 1;
    }
    // A text without a line is one empty line.
    if (text === "") {
      const names = pattern.match("", this.#files.steps);
      if (names !== undefined) yield names;
    }
  }

  document(path: string, text: string): { readonly value: unknown } | undefined {
    const document = this.#files.document(path, text);
    if (document !== "malformed") return document;
    this.note(path, "malformed", "neither JSON nor YAML");
    return undefined;
  }

  failure(path: string, failure: ReadFailure): void {
    this.note(path, failure.code, failure.message);
  }

  /** Of a search: whether everything could be looked at. */
  failures(found: FoundPaths): void {
    for (const { path, failure } of found.failures) this.failure(path, failure);
  }

  /** Once for a file and a code: many attributes may be read from one that is closed. */
  note(file: string, code: string, message: string): void {
    const key = `${code} ${file}`;
    if (!this.#notes.has(key)) this.#notes.set(key, [file, code, message]);
  }

  #isAllowed(path: string): boolean {
    if (this.#files.isAllowed(path)) return true;
    this.note(path, "not-allowed", "a vocabulary from elsewhere may not read there");
    return false;
  }

  #pattern(source: string): Pattern {
    const known = this.#patterns.get(source) ?? parsePattern(source);
    this.#patterns.set(source, known);
    return known;
  }
}
