/**
 * A vocabulary: an interest group's features as data. Their kinds, types and meaning, and how they are read from a host's files, by
 * declarative recipes. docs/vocabularies.md teaches the form; `vocabulary.schema.json` fixes it.
 */

export type FeatureKind = "flags" | "attributes" | "instances";

/** How the text of an attribute is meant: what tests make sense on it. */
export type ValueType = "text" | "version" | "number" | "size" | "boolean";

/** A flag, or an attribute of a feature or of its instances. */
export interface Term {
  readonly description?: string;
  readonly documentation?: string;
  /** Of an attribute; `text` if it isn't said. */
  readonly type?: ValueType;
  /** What a number counts: `bytes`, `MHz`. */
  readonly unit?: string;
  /** All values that there can be. */
  readonly values?: readonly string[];
  /** It identifies a machine rather than describing it: `--redact` takes it out. */
  readonly identifying?: boolean;
}

export interface Feature {
  readonly kind: FeatureKind;
  readonly description?: string;
  readonly documentation?: string;
  /** Flags or attributes by name; a name with `*` stands for all that fit it. */
  readonly names?: Readonly<Record<string, Term>>;
  /** Where a builtin reads it; of a recipe the paths are told from the recipe. */
  readonly reads?: readonly string[];
  /** Inside a container these files are the container's own, not the host's. Of a recipe it is told from the paths. */
  readonly perContainer?: boolean;
  readonly probe?: Recipe;
}

export interface Vocabulary {
  readonly apiVersion: "hostfit/v1.0";
  readonly kind: "Vocabulary";
  /** What stands before the `/` of its features' names. Only NFD's own features have none. */
  readonly domain?: string;
  readonly version: string;
  readonly description?: string;
  readonly documentation?: string;
  /** `source.feature` to what it is. */
  readonly features: Readonly<Record<string, Feature>>;
}

/** How a feature is read. Exactly one of `builtin`, `first`, `all`, or the parts of a reading. */
export interface Recipe extends RowPlan {
  /** A part of the probe, for what no recipe can say. */
  readonly builtin?: string;
  /** The first of these that finds something. */
  readonly first?: readonly Recipe[];
  /** What all of these find together. */
  readonly all?: readonly Recipe[];
  /** Of `all`, instances: in the order of this name of their rows, instead of recipe by recipe. */
  readonly by?: string;
  /** Of one of `all`: if this one can't tell, the others don't either. */
  readonly required?: boolean;
  /** `linux`, `linux/arm64`, `darwin`; only `linux` if it isn't said. */
  readonly platforms?: readonly string[];
  /** If this doesn't hold, there is nothing. */
  readonly when?: Condition;
  /** If this, or one of these, is there, finding nothing says nothing. */
  readonly unless?: string | readonly string[];
  /** Flags: the name, by default the only `{name}` of the row. */
  readonly flag?: Value;
  /** Flags: other names for what is found; null for none. */
  readonly map?: WordMap;
  /** Flags: what is denied beside what is found: everything (default), what the vocabulary names, or nothing. */
  readonly scope?: "complete" | "named" | "present";
  readonly attributes?: Readonly<Record<string, Value>>;
  /** Attributes: every `key = value` line of a file. */
  readonly pairs?: Pairs;
  /** Attributes: each row is one, with this name and this value. */
  readonly name?: Value;
  readonly value?: Value;
}

/** What is listed or taken apart: a row for each part. */
export interface RowPlan {
  /** A path with `*` and `{name}`: one row for each path that is there. */
  readonly each?: string;
  /** A file that is taken apart: one row for each part. */
  readonly from?: RowSource;
  /** If this directory can be seen, a missing file or folder means that there is nothing; else it means that nothing can be told. */
  readonly none?: string;
  /** Rows for which this doesn't hold are left out. */
  readonly where?: Condition;
}

export interface Pairs {
  readonly read: string;
  /** `=` if it isn't said. */
  readonly separator?: string;
}

export interface RowSource {
  readonly read: string;
  /** A pattern for a line; its `(?<name>...)` groups are names of the row. */
  readonly lines?: string;
  /** What separates words; white space if it is empty. Each is `{word}`. */
  readonly words?: string;
  /** JSON or YAML: a JSON Pointer in which `*` stands for every element. The row has `{key}`, and `{value}` of a scalar. */
  readonly at?: string;
}

/** Words for words: `*` is for all others, null for none. */
export type WordMap = Readonly<Record<string, string | null>>;

/** A text with `{name}`s, or a path (it begins with `/`) whose file holds the value. */
export type Value = string | ValueSource;

/** Where a value comes from (exactly one of these), and what is made of it. */
export interface ValueSource extends ValueSteps {
  readonly text?: string;
  readonly read?: string;
  /** `true` or `false`. */
  readonly exists?: string;
  /** How many paths there are. */
  readonly count?: string;
  /** JSON Pointer into the row's element. */
  readonly item?: string;
  readonly first?: readonly Value[];
  /** One value made of many rows. */
  readonly over?: Over;
}

/** What is made of a value, in this order. */
export interface ValueSteps {
  /** If this doesn't hold, there is none. */
  readonly when?: Condition;
  /** As in {@link RowPlan}; null if nothing vouches for what is missing, even beside a row. */
  readonly none?: string | null;
  /** Of a file that was read: the value of a `key = value` line. */
  readonly key?: string;
  readonly separator?: string;
  /** Of a file that was read: JSON Pointer into JSON or YAML. */
  readonly at?: string;
  /** The part of the text that the group `value` matches, in the first line that matches. */
  readonly pattern?: string;
  /** `true` if all of these are among the words of the text, else `false`. */
  readonly has?: readonly string[];
  /** Other characters. */
  readonly replace?: Replacement;
  /** Characters that are taken off at both ends. */
  readonly trim?: string;
  /** Replaces a whole text; null for none. */
  readonly map?: WordMap;
  /** Numbers at which something begins: the text of the last one that isn't above the number; null is unknown. */
  readonly steps?: WordMap;
  /** Multiplies a whole number. */
  readonly times?: number;
  /** Is added to a whole number. */
  readonly plus?: number;
  /** What it is where there is none; null: then there is none, although a pattern doesn't match. */
  readonly otherwise?: string | null;
  /** Instances: one without it is left out. */
  readonly required?: boolean;
  /** Rows, and instances: those with one of these texts are left out. */
  readonly omit?: readonly string[];
}

/** Holds if the value is one of `is`, or is there and none of `not`; without both if it is there and isn't `false`. */
export interface Condition extends ValueSource {
  readonly is?: readonly string[];
  readonly not?: readonly string[];
}

/** A value of each row, and what is made of all of them. */
export interface Over extends RowPlan {
  readonly value: Value;
  /**
   * `same`: what all have, none if they differ. `sum`: of whole numbers. `distinct`: how many different ones. `list`: all, each once and in
   * order, with blanks between them.
   */
  readonly take: "same" | "sum" | "distinct" | "list";
}

/** Each character that fits a class, such as `[^a-z]`, becomes a text. */
export interface Replacement {
  readonly characters: string;
  readonly with: string;
}

/** `domain/source.feature`. */
export function fullName(vocabulary: Pick<Vocabulary, "domain">, feature: string): string {
  return vocabulary.domain === undefined ? feature : `${vocabulary.domain}/${feature}`;
}

/** Whether a name fits a term's name, in which `*` stands for any text. */
export function fitsName(name: string, pattern: string): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return name === pattern;
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** The name in the vocabulary that a flag or an attribute has or fits; undefined if it isn't described. */
export function termOf(feature: Feature, name: string): string | undefined {
  const names = Object.keys(feature.names ?? {});
  return names.find((one) => one === name) ?? names.find((one) => one.includes("*") && fitsName(name, one));
}
