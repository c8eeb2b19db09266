/** The texts of a recipe: paths, `{name}`s, patterns, JSON Pointers. */
import { HostfitError } from "../../errors.ts";
import { isAllowedPath, placeholders } from "../../probe/vocabulary/path-pattern.ts";
import { parsePattern } from "../../probe/vocabulary/pattern.ts";
import { readCharacters } from "../../probe/vocabulary/pattern-syntax.ts";
import { HOST_NAMES } from "../../probe/vocabulary/reading.ts";
import type { Origin } from "../../probe/vocabulary/recipe-files.ts";
import { nearest } from "../nearest.ts";
import type { Findings } from "./finding.ts";

/** Checks texts, and collects what is wrong with them. */
export class TextChecker {
  readonly #findings: Findings;
  readonly #origin: Origin;

  constructor(findings: Findings, origin: Origin) {
    this.#findings = findings;
    this.#origin = origin;
  }

  /** A path; without `names` its `{name}`s make names instead of using them. */
  path(path: string, pointer: string, names: readonly string[] | undefined): void {
    const { error } = this.#with(pointer);
    if (!path.startsWith("/")) {
      error("bad-path", `${JSON.stringify(path)} doesn't start at the root`, "write /sys/...");
      return;
    }
    if (path.split("/").includes("..")) {
      error("bad-path", `${path}: .. leads elsewhere`, "write the path without it");
      return;
    }
    if (this.#origin !== "shipped" && !isAllowedPath(path)) {
      const help = "docs/vocabularies.md lists the folders; an administrator's facts can hold the rest";
      error("not-allowed", `a vocabulary may not read ${path}`, help);
    }
    if (/\*|\{/.test(path.slice(1).split("/")[0] ?? "")) {
      error("bad-path", `${path}: the first part of a path is a name`, "write /sys/...");
    }
    if (names === undefined) return;
    if (path.includes("*")) error("bad-path", `${path}: * stands in each and count only`, "name the file");
    this.template(path, pointer, names);
  }

  /** A text with `{name}`s. */
  template(text: string, pointer: string, names: readonly string[]): void {
    for (const name of placeholders(text)) {
      if (names.includes(name) || HOST_NAMES.includes(name)) continue;
      const close = nearest(name, [...names, ...HOST_NAMES]);
      const known = names.length === 0 ? "the row has no names" : `the row has ${names.join(", ")}`;
      const help = close === null ? known : `did you mean {${close}}?`;
      this.#with(pointer).error("unknown-placeholder", `nothing is called {${name}} here`, help);
    }
  }

  /** A JSON Pointer. */
  pointer(text: string, pointer: string): void {
    if (text === "" || text.startsWith("/")) return;
    const help = "a JSON Pointer starts with /, or is empty for the whole document";
    this.#with(pointer).error("bad-value", `${JSON.stringify(text)} is no JSON Pointer`, help);
  }

  /** The names of a pattern's groups; undefined if it is none. */
  pattern(text: string, pointer: string): readonly string[] | undefined {
    return this.#tried(pointer, () => parsePattern(text).groups);
  }

  /** A pattern for one character. */
  characters(text: string, pointer: string): void {
    this.#tried(pointer, () => readCharacters(text));
  }

  #tried<T>(pointer: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof HostfitError)) throw error;
      this.#with(pointer).error(
        error.code,
        error.message,
        error.help ?? "docs/vocabularies.md says how it is written",
      );
      return undefined;
    }
  }

  #with(pointer: string): { error: (code: string, message: string, help: string) => void } {
    return { error: (code, message, help) => this.#findings.error(pointer, code, message, help) };
  }
}
