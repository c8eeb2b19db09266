/**
 * YAML text as a plain tree: what stands where, with the style and tag it was written in and no reading of scalars.
 * Both dialects start from here; what `0302` means is theirs to say.
 *
 * The YAML library is loaded on first use, so that whoever reads only JSON never needs it. Its reading of scalars, of
 * tags and of duplicate keys is switched off: the first two differ between the dialects, the last takes quadratic time.
 */
import type * as Yaml from "yaml";
import { type Diagnostic, DocumentError } from "./diagnostics.ts";
import { refuseLibyamlDifferences } from "./libyaml.ts";
import type { SourceText } from "./source-text.ts";

/** Deepest nesting of maps and lists that is read. */
export const MAX_DEPTH = 128;
/** Syntax errors after which nothing more is read. */
const MAX_ERRORS = 20;
/** Most nodes that a document may have, what aliases repeat included. */
export const MAX_NODES = 400_000;

interface Spot {
  /** Offsets in the text, UTF-16 units; `end` is where the value ends. */
  readonly start: number;
  readonly end: number;
  /** The full tag as written (`tag:yaml.org,2002:str`, `!local`, `!`), null if none is. */
  readonly tag: string | null;
}

/** A scalar; `plain` if it has no quotes and is no block scalar. A missing value is a plain, empty one. */
export interface YamlScalar extends Spot {
  readonly kind: "scalar";
  readonly text: string;
  readonly plain: boolean;
}

/** A map, its entries in the order of the file, duplicates included. */
export interface YamlMap extends Spot {
  readonly kind: "map";
  readonly entries: readonly YamlEntry[];
}

/** One entry of a map. */
export interface YamlEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

/** A list. */
export interface YamlList extends Spot {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
}

/** An alias; `target` is the node that had the anchor when the alias was met, possibly one around the alias itself. */
export interface YamlAlias extends Spot {
  readonly kind: "alias";
  readonly name: string;
  readonly target: YamlNode;
}

/** A node of the tree. */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlAlias;

/** A parsed stream. */
export interface YamlTree {
  /** The first document's root; null if the stream holds none. */
  readonly root: YamlNode | null;
  /** Where the second document starts, or null. */
  readonly second: number | null;
  /** Offset and text of each directive (`%YAML 1.1`). */
  readonly directives: readonly { readonly offset: number; readonly text: string }[];
}

/** What a caller says about the file it parses. */
export interface YamlParseOptions {
  readonly file: string;
  readonly version: "1.1" | "1.2";
}

type YamlLibrary = typeof Yaml;

/**
 * Parses a YAML stream. Throws {@link DocumentError} with codes `yaml-syntax`, `yaml-character`, `yaml-depth`,
 * `yaml-size`, `yaml-alias`, and for YAML 1.1 `yaml-version`.
 */
export async function parseYamlTree(source: SourceText, options: YamlParseOptions): Promise<YamlTree> {
  refuseCharacters(source, options.file);
  const library = await import("yaml");
  const tokens: Yaml.CST.Token[] = [];
  const directives: { offset: number; text: string }[] = [];
  const guard = new TokenGuard(source, options.file);
  let documentsMet = 0;
  for (const token of new library.Parser().parse(source.text)) {
    tokens.push(token);
    if (token.type === "directive") directives.push({ offset: token.offset, text: token.source });
    guard.check(token);
    // Nobody reads past the start of a second document.
    if (token.type === "document" && ++documentsMet === 2) break;
  }
  if (options.version === "1.1") refuseLibyamlDifferences(tokens, source, options.file);
  const composer = new library.Composer({
    schema: "failsafe",
    version: options.version,
    resolveKnownTags: false,
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
  });
  // A document is given out once the next one starts, with every error up to there.
  const [first] = composer.compose(tokens, true, source.text.length);
  const errors = first?.errors ?? [];
  if (errors.length > 0) {
    throw new DocumentError(
      errors.slice(0, MAX_ERRORS).map((error) => syntaxDiagnostic(error, source, options.file)),
    );
  }
  const starts = tokens.filter((token) => token.type === "document").map((token) => token.offset);
  const empty = first === undefined || first.contents === null;
  return {
    root:
      empty || starts.length === 0
        ? null
        : new TreeBuilder(library, source, options.file).build(first.contents),
    second: starts[1] ?? null,
    directives,
  };
}

/** A finding at an offset of the text. */
export function diagnosticAt(
  source: SourceText,
  file: string,
  offset: number,
  finding: Pick<Diagnostic, "severity" | "code" | "message"> & { help: string; pointer?: string },
): Diagnostic {
  return { ...finding, file, ...source.position(offset), excerpt: source.excerpt(offset) };
}

/**
 * Characters that YAML forbids, and line breaks that one version of YAML knows and the other doesn't (a comment that
 * ends at U+2028 for one reader goes on for the next, and hides what follows).
 */
function refuseCharacters(source: SourceText, file: string): void {
  const found =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]|\r(?!\n)|\p{Surrogate}|(?!^)\ufeff/u.exec(
      source.text,
    );
  if (found === null) return;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  throw new DocumentError([
    diagnosticAt(source, file, found.index, {
      severity: "error",
      code: "yaml-character",
      message: `the character U+${code} may not stand here: YAML forbids it, or its versions read it differently`,
      help: `remove it, or write it as an escape in double quotes: "\\u${code}"`,
    }),
  ]);
}

/**
 * Bounds what the library is given to compose: it composes recursively, and makes an object with a stack trace of every
 * error. Walks the tokens with a stack of its own.
 */
class TokenGuard {
  private nodes = 0;
  private readonly errors: Yaml.CST.ErrorToken[] = [];

  constructor(
    private readonly source: SourceText,
    private readonly file: string,
  ) {}

  check(token: Yaml.CST.Token): void {
    if (token.type === "error" && this.errors.push(token) === MAX_ERRORS) {
      throw new DocumentError(
        this.errors.map((error) =>
          this.finding(error.offset, "yaml-syntax", error.message.replace(/[.:]$/, "")),
        ),
      );
    }
    const stack: { token: Yaml.CST.Token; depth: number }[] = [{ token, depth: 0 }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top.depth > MAX_DEPTH) {
        const message = `maps and lists are nested more than ${MAX_DEPTH} deep`;
        throw new DocumentError([this.finding(top.token.offset, "yaml-depth", message)]);
      }
      if (!("source" in top.token) || top.token.type.endsWith("scalar")) this.nodes++;
      if (this.nodes > MAX_NODES) {
        const message = `the document has more than ${MAX_NODES} values`;
        throw new DocumentError([this.finding(top.token.offset, "yaml-size", message)]);
      }
      if (!isClosed(top.token)) {
        throw new DocumentError([this.finding(top.token.offset, "yaml-syntax", "Missing closing quote")]);
      }
      if (top.token.type === "document") {
        this.refusePile(top.token.start);
        if (top.token.value !== undefined) stack.push({ token: top.token.value, depth: top.depth });
      } else if ("items" in top.token) {
        for (const { start, key, sep, value } of top.token.items) {
          this.refusePile(start);
          if (sep !== undefined) this.refusePile(sep);
          if (key !== undefined && key !== null) stack.push({ token: key, depth: top.depth + 1 });
          if (value !== undefined) stack.push({ token: value, depth: top.depth + 1 });
        }
      }
    }
  }

  /** Commas, tags and anchors that pile up before one value: each but the first would be an error of its own. */
  private refusePile(before: readonly Yaml.CST.SourceToken[]): void {
    if (before.length <= MAX_ERRORS) return;
    const pile = before.filter(({ type }) => type === "comma" || type === "tag" || type === "anchor");
    const [, , second] = pile;
    if (pile.length <= MAX_ERRORS || second === undefined) return;
    const message = `${pile.length} commas, tags and anchors stand before one value`;
    throw new DocumentError([this.finding(second.offset, "yaml-syntax", message)]);
  }

  private finding(offset: number, code: keyof typeof HELP, message: string): Diagnostic {
    return diagnosticAt(this.source, this.file, offset, {
      severity: "error",
      code,
      message,
      help: HELP[code],
    });
  }
}

/**
 * Whether a quoted scalar ends in the quote that closes it. Where a line is indented too little the library ends the
 * scalar with the line before, and takes any quote there for the closing one: `"a\"` would be the text `a"`.
 */
function isClosed(token: Yaml.CST.Token): boolean {
  if (token.type === "double-quoted-scalar") {
    const inside = token.source.slice(1, -1).replace(/\\[\s\S]/g, "");
    return token.source.length > 1 && token.source.endsWith('"') && !/["\\]/.test(inside);
  }
  if (token.type === "single-quoted-scalar") {
    const inside = token.source.slice(1, -1).replaceAll("''", "");
    return token.source.length > 1 && token.source.endsWith("'") && !inside.includes("'");
  }
  return true;
}

/** What to do about a document that passes a limit. */
export const LIMIT_HELP = {
  depth: "write the condition flatter",
  size: "split it; large facts are read from JSON",
} as const;

const HELP = {
  "yaml-syntax": "close what was opened, or quote the text",
  "yaml-depth": LIMIT_HELP.depth,
  "yaml-size": LIMIT_HELP.size,
} as const;

function syntaxDiagnostic(error: Yaml.YAMLParseError, source: SourceText, file: string): Diagnostic {
  return diagnosticAt(source, file, error.pos[0], {
    severity: "error",
    code: "yaml-syntax",
    message: (error.message.split("\n")[0] ?? error.message).replace(/[.:]$/, ""),
    help: SYNTAX_HELP[error.code] ?? OTHER_SYNTAX_HELP,
  });
}

const SYNTAX_HELP: Readonly<Partial<Record<Yaml.YAMLParseError["code"], string>>> = {
  TAB_AS_INDENT: "indent with spaces",
  BAD_INDENT: "give all entries of a map the same indentation, and what belongs to an entry a deeper one",
  BLOCK_AS_IMPLICIT_KEY: "put the nested map on a line of its own, or quote a text that contains `: `",
  MULTILINE_IMPLICIT_KEY:
    "end the line before with a colon or a comma, or quote a text that goes over several lines",
  MISSING_CHAR: "close what was opened, or quote the text",
  BAD_SCALAR_START: "quote a text that starts with @, `, %, >, |, & or *",
  UNEXPECTED_TOKEN: "start a list or a map on a line of its own, or quote the text",
  BAD_DQ_ESCAPE: "double a backslash that is meant as one, or use single quotes",
};

const OTHER_SYNTAX_HELP = "quote the text, or write what is meant in another way";

/** Turns the library's nodes into the tree. INVARIANT: depth was bounded before, so recursion is. */
class TreeBuilder {
  private readonly anchors = new Map<string, YamlNode>();
  private count = 0;

  constructor(
    private readonly library: YamlLibrary,
    private readonly source: SourceText,
    private readonly file: string,
  ) {}

  build(node: unknown): YamlNode {
    this.count++;
    if (this.count > MAX_NODES)
      this.fail(node, "yaml-size", `more than ${MAX_NODES} values`, LIMIT_HELP.size);
    if (this.library.isAlias(node)) return this.alias(node);
    if (this.library.isMap(node)) {
      const entries: YamlEntry[] = [];
      const map: YamlMap = { kind: "map", entries, ...spot(node) };
      this.anchor(node.anchor, map);
      for (const pair of node.items) {
        const key = this.build(pair.key);
        entries.push({ key, value: pair.value === null ? emptyAfter(key) : this.build(pair.value) });
      }
      return map;
    }
    if (this.library.isSeq(node)) {
      const items: YamlNode[] = [];
      const list: YamlList = { kind: "list", items, ...spot(node) };
      this.anchor(node.anchor, list);
      for (const item of node.items) items.push(this.build(item));
      return list;
    }
    if (!this.library.isScalar(node))
      return this.fail(node, "yaml-syntax", "this can't be read", OTHER_SYNTAX_HELP);
    const scalar: YamlScalar = {
      kind: "scalar",
      text: typeof node.value === "string" ? node.value : (node.source ?? ""),
      plain: node.type === "PLAIN" || node.type === undefined || node.type === null,
      ...spot(node),
    };
    this.anchor(node.anchor, scalar);
    return scalar;
  }

  private anchor(name: string | undefined, node: YamlNode): void {
    if (name !== undefined) this.anchors.set(name, node);
  }

  private alias(node: Yaml.Alias): YamlNode {
    const target = this.anchors.get(node.source);
    if (target === undefined) {
      return this.fail(
        node,
        "yaml-alias",
        `there is no anchor &${node.source} before *${node.source}`,
        "quote the text if a star was meant",
      );
    }
    return { kind: "alias", name: node.source, target, ...spot(node) };
  }

  private fail(node: unknown, code: string, message: string, help: string): never {
    throw new DocumentError([
      diagnosticAt(this.source, this.file, spot(node).start, { severity: "error", code, message, help }),
    ]);
  }
}

function spot(node: unknown): Spot {
  const known = node as { range?: Yaml.Range | null; tag?: unknown };
  const range = known.range ?? [0, 0, 0];
  return { start: range[0], end: range[1], tag: typeof known.tag === "string" ? known.tag : null };
}

function emptyAfter(key: YamlNode): YamlScalar {
  return { kind: "scalar", text: "", plain: true, start: key.end, end: key.end, tag: null };
}
