/**
 * Where libyaml and its kin (go-yaml v2 is one) refuse or read otherwise what YAML 1.2 takes. A document of NFD's dialect
 * that depends on one of these is refused: NFD would refuse it too, or see another document.
 */
import type * as Yaml from "yaml";
import { DocumentError } from "./diagnostics.ts";
import type { SourceText } from "./source-text.ts";
import { diagnosticAt } from "./yaml-tree.ts";

/** Longest distance between an implicit key's start and its colon. */
const MAX_KEY = 1024;

type Token = Yaml.CST.Token;
type SourceToken = Yaml.CST.SourceToken;

/**
 * Checks the tokens of a stream up to the end of its first document. Throws {@link DocumentError} `yaml-version` at the
 * first difference. INVARIANT: their depth was bounded before.
 */
export function refuseLibyamlDifferences(tokens: readonly Token[], source: SourceText, file: string): void {
  new LibyamlCheck(source, file).stream(tokens);
}

class LibyamlCheck {
  private readonly stack: { readonly token: Token; readonly inFlow: boolean }[] = [];

  constructor(
    private readonly source: SourceText,
    private readonly file: string,
  ) {}

  stream(tokens: readonly Token[]): void {
    this.blanks(tokens.filter(isSourceToken), false);
    for (const [index, token] of tokens.entries()) {
      if (token.type !== "document") continue;
      const isNothing = token.value === undefined && !token.start.some(({ type }) => type === "doc-start");
      if (isNothing && tokens[index + 1]?.type === "doc-end") {
        this.refuse(token.offset, "a document can't end before it starts", "remove the dots");
      }
      this.before(token.start, false);
      if (token.end !== undefined) this.blanks(token.end, false);
      if (token.value !== undefined) this.stack.push({ token: token.value, inFlow: false });
      break;
    }
    for (let top = this.stack.pop(); top !== undefined; top = this.stack.pop())
      this.visit(top.token, top.inFlow);
  }

  private visit(token: Token, inFlow: boolean): void {
    if ("end" in token && token.end !== undefined) this.blanks(token.end, inFlow);
    if (token.type === "double-quoted-scalar") this.escapes(token);
    else if (token.type === "block-scalar") this.blockScalar(token);
    else if (token.type === "scalar") {
      if (inFlow) this.plainInFlow(token);
    } else if ("items" in token) {
      const flow = inFlow || token.type === "flow-collection";
      for (const { start, key, sep, value } of token.items) {
        this.before(start, flow);
        const explicit = start.some(({ type }) => type === "explicit-key-ind");
        if (key !== undefined && key !== null) {
          if (!explicit && sep !== undefined) this.implicitKey(key, sep, flow);
          this.stack.push({ token: key, inFlow: flow });
        }
        if (sep !== undefined) this.before(sep, flow);
        if (value !== undefined) this.stack.push({ token: value, inFlow: flow });
      }
    }
  }

  /** Marks and blanks before a value. */
  private before(tokens: readonly SourceToken[], inFlow: boolean): void {
    this.blanks(tokens, inFlow);
    for (const token of tokens) {
      const next = this.after(token);
      if (token.type === "tag" && /\S/.test(next)) {
        this.refuse(
          token.offset,
          "a tag goes on up to the next blank",
          "put a blank after the tag, or remove it",
        );
      }
    }
  }

  /** Tabs don't indent: only blanks and the marks that open a block may stand before one that counts as such. */
  private blanks(tokens: readonly SourceToken[], inFlow: boolean): void {
    if (inFlow) return;
    for (const { type, offset, source } of tokens) {
      const tab = type === "space" ? source.indexOf("\t") : -1;
      if (tab === -1) continue;
      const start = this.source.text.lastIndexOf("\n", offset) + 1;
      if (/^(?:[ \t]|[-?:](?=[ \t]))*$/.test(this.source.text.slice(start, offset + tab + 1))) {
        this.refuse(offset + tab, "a tab can't indent", "indent with blanks");
      }
    }
  }

  private implicitKey(key: Token, sep: readonly SourceToken[], inFlow: boolean): void {
    const colon = sep.find(({ type }) => type === "map-value-ind");
    if (colon === undefined) return;
    if (this.source.text.slice(key.offset, colon.offset).includes("\n")) {
      this.refuse(
        key.offset,
        "a key and its colon must be on one line",
        "write the key on one line, the colon right after it",
      );
    }
    if (colon.offset - key.offset > MAX_KEY) {
      this.refuse(key.offset, `a key has at most ${MAX_KEY} characters`, "write a shorter key");
    }
    if (inFlow && key.type === "scalar" && /\S/.test(this.after(colon))) {
      this.refuse(
        colon.offset,
        "a colon without a blank after it belongs to the text",
        "put a blank after the colon",
      );
    }
  }

  private escapes(token: Yaml.CST.FlowScalar): void {
    const pattern = /\\(?:(\/|u[dD][89a-fA-F])|[\s\S])/g;
    for (const found of token.source.matchAll(pattern)) {
      if (found[1] === undefined) continue;
      const slash = found[1] === "/";
      this.refuse(
        token.offset + found.index,
        slash ? "there is no escape \\/" : "there is no escape for half a character",
        slash ? "write / without the backslash" : "write the character itself",
      );
    }
  }

  /** No tab may stand where the indentation of a block text does. */
  private blockScalar(token: Yaml.CST.BlockScalar): void {
    const lines = token.source.split("\n");
    const content = lines.filter((line) => /^ *[^ \t\r]/.test(line));
    const indent = Math.min(...content.map((line) => line.search(/[^ ]/)));
    const first = lines.findIndex((line) => /^ *[^ \t\r]/.test(line));
    let offset = token.offset;
    lines.forEach((line, index) => {
      const blanks = line.search(/[^ ]/);
      if (line[blanks] === "\t" && (blanks < indent || index < first || first === -1)) {
        this.refuse(offset + blanks, "a tab can't indent", "indent with blanks");
      }
      offset += line.length + 1;
    });
  }

  private plainInFlow(token: Yaml.CST.FlowScalar): void {
    const ends = token.source.endsWith("?") && /^\s?$/.test(this.after(token));
    if (token.source.startsWith(":") || /\?\s/.test(token.source) || ends) {
      this.refuse(token.offset, "in brackets this : or ? is a mark of its own", "quote the text");
    }
  }

  private after(token: SourceToken | Yaml.CST.FlowScalar): string {
    return this.source.text[token.offset + token.source.length] ?? "";
  }

  private refuse(offset: number, what: string, help: string): never {
    throw new DocumentError([
      diagnosticAt(this.source, this.file, offset, {
        severity: "error",
        code: "yaml-version",
        message: `NFD reads YAML 1.1, which differs here: ${what}`,
        help,
      }),
    ]);
  }
}

function isSourceToken(token: Token): token is SourceToken {
  return token.type === "space" || token.type === "newline" || token.type === "comment";
}
