/**
 * A YAML 1.2 document of the native dialect, as JSON for the core. Nothing is read between the lines: tags, merge keys,
 * duplicate keys, several documents and scalars that YAML's readers disagree about are errors that say what to write.
 */
import { type Diagnostic, DocumentError } from "./diagnostics.ts";
import { JsonWriter } from "./places.ts";
import { readPlainScalar } from "./plain-scalar.ts";
import { childPointer } from "./pointer.ts";
import type { SourceText } from "./source-text.ts";
import {
  diagnosticAt,
  LIMIT_HELP,
  MAX_DEPTH,
  MAX_NODES,
  parseYamlTree,
  type YamlNode,
  type YamlScalar,
} from "./yaml-tree.ts";

/** Findings after which a conversion stops collecting more. */
const MAX_FINDINGS = 100;

/**
 * Converts native YAML to JSON, as its author probably meant it, and adds what is wrong to `errors`: `yaml-documents`,
 * `yaml-directive`, `yaml-tag`, `yaml-duplicate-key`, `yaml-key`, `yaml-unquoted`, `yaml-escape`. The JSON is only good
 * for finding more errors, unless there are none.
 *
 * Throws {@link DocumentError} where nothing can be guessed: what {@link parseYamlTree} throws, and `yaml-empty`,
 * `yaml-merge-key`, `yaml-alias`, `yaml-size`, `yaml-depth`, with what was found before.
 */
export async function convertNativeYaml(
  source: SourceText,
  file: string,
  errors: Diagnostic[],
): Promise<JsonWriter> {
  const tree = await parseYamlTree(source, { file, version: "1.2" });
  const converter = new NativeConverter(source, file, errors);
  for (const directive of tree.directives) {
    if (!/^%YAML[ \t]+1\.2[ \t]*$/.test(directive.text)) {
      converter.find(directive.offset, {
        code: "yaml-directive",
        message: `the directive ${directive.text.trim()} is not supported: documents are YAML 1.2`,
        help: "remove the line",
      });
    }
  }
  if (tree.second !== null) {
    converter.find(tree.second, {
      code: "yaml-documents",
      message: "a second document starts here; a file holds one",
      help: "put each document into a file of its own",
    });
  }
  if (tree.root === null) {
    converter.find(0, {
      code: "yaml-empty",
      message: "the file holds no document",
      help: "write one: it starts with apiVersion and kind",
    });
    converter.giveUp();
  } else {
    converter.convert(tree.root, "", { token: "", key: tree.root.start, pointer: "" });
  }
  if (converter.hopeless) converter.giveUp();
  return converter.writer;
}

/** How a node hangs in its parent. */
interface Slot {
  readonly token: string | number;
  readonly key: number;
  readonly pointer: string;
}

class NativeConverter {
  readonly writer = new JsonWriter();
  /** Whether so much is left out that errors in the rest may only follow from it. */
  hopeless = false;
  private readonly open = new Set<YamlNode>();
  private count = 0;

  constructor(
    private readonly source: SourceText,
    private readonly file: string,
    private readonly errors: Diagnostic[],
  ) {}

  /** Keeps a finding; past a number of them the conversion ends at once. */
  find(offset: number, finding: { code: string; message: string; help: string; pointer?: string }): void {
    this.errors.push(diagnosticAt(this.source, this.file, offset, { severity: "error", ...finding }));
    if (this.errors.length >= MAX_FINDINGS) this.giveUp();
  }

  /** Throws what was found. */
  giveUp(): never {
    throw new DocumentError(this.errors);
  }

  /** Writes one node. Aliases are written out where they stand, with their own place. */
  convert(node: YamlNode, pointer: string, slot: Slot, aliasAt?: number): void {
    this.bound(node, pointer, aliasAt);
    if (node.kind === "alias") {
      if (this.open.has(node.target)) {
        this.find(node.start, {
          code: "yaml-alias",
          message: `*${node.name} stands inside what it names`,
          help: "write out what is meant; a document ends somewhere",
          pointer,
        });
        this.hopeless = true;
        return;
      }
      this.convert(node.target, pointer, slot, aliasAt ?? node.start);
      return;
    }
    if (node.tag !== null) {
      this.find(node.start, {
        code: "yaml-tag",
        message: `tags are not supported: ${shownTag(node.tag)}`,
        help: "remove the tag; text is quoted, everything else is written plainly",
        pointer,
      });
    }
    const at = aliasAt ?? node.start;
    this.writer.begin(slot.token, aliasAt ?? slot.key, at);
    if (node.kind === "scalar") {
      this.writer.write(this.scalar(node, pointer, at));
    } else {
      this.open.add(node);
      if (node.kind === "map") {
        this.writer.write("{");
        const seen = new Map<string, number>();
        for (const { key, value } of node.entries) {
          const name = this.key(key, pointer, seen);
          if (name === null) continue;
          const child = childPointer(pointer, name);
          this.convert(value, child, { token: name, key: key.start, pointer: child }, aliasAt);
        }
        this.writer.write("}");
      } else {
        this.writer.write("[");
        node.items.forEach((item, index) => {
          const child = childPointer(pointer, index);
          this.convert(item, child, { token: index, key: item.start, pointer: child }, aliasAt);
        });
        this.writer.write("]");
      }
      this.open.delete(node);
    }
    this.writer.end();
  }

  /** INVARIANT: every node written passes here, so aliases can't multiply past the limits. */
  private bound(node: YamlNode, pointer: string, aliasAt: number | undefined): void {
    this.count++;
    if (this.count > MAX_NODES) {
      this.find(aliasAt ?? node.start, {
        code: "yaml-size",
        message: `the document has more than ${MAX_NODES} values once its aliases are written out`,
        help: LIMIT_HELP.size,
        pointer,
      });
      this.giveUp();
    }
    if (this.open.size > MAX_DEPTH) {
      this.find(aliasAt ?? node.start, {
        code: "yaml-depth",
        message: `maps and lists are nested more than ${MAX_DEPTH} deep once aliases are written out`,
        help: LIMIT_HELP.depth,
        pointer,
      });
      this.giveUp();
    }
  }

  private scalar(node: YamlScalar, pointer: string, at: number): string {
    // A tag was refused already.
    if (!node.plain || node.tag !== null) return this.text(node.text, pointer, at);
    const reading = readPlainScalar(node.text);
    switch (reading.kind) {
      case "text":
        return this.text(node.text, pointer, at);
      case "ambiguous":
        this.find(at, { ...ambiguous(node.text, reading), pointer });
        return this.text(node.text, pointer, at);
      default:
        return reading.json;
    }
  }

  private text(text: string, pointer: string, at: number): string {
    if (/\p{Surrogate}/u.test(text)) {
      this.find(at, {
        code: "yaml-escape",
        message: "an escape gives half of a character (a lone surrogate)",
        help: "write the character itself, or \\U and its eight hexadecimal digits",
        pointer,
      });
    }
    return JSON.stringify(text);
  }

  private key(node: YamlNode, pointer: string, seen: Map<string, number>): string | null {
    const target = node.kind === "alias" ? node.target : node;
    if (target.kind !== "scalar") {
      this.find(node.start, {
        code: "yaml-key",
        message: "a key must be text, not a map or a list",
        help: "write a name before the colon; quote it if it starts with a bracket or a question mark",
        pointer,
      });
      return null;
    }
    if (target.tag !== null) {
      this.find(node.start, {
        code: "yaml-tag",
        message: `tags are not supported: ${shownTag(target.tag)}`,
        help: "remove the tag, quote the key",
        pointer,
      });
    }
    const name = target.text;
    if (target.plain) {
      if (name === "<<") {
        this.find(node.start, {
          code: "yaml-merge-key",
          message: "merge keys (<<) are not in YAML 1.2",
          help: "write the entries out",
          pointer,
        });
        this.hopeless = true;
        return null;
      }
      const reading = readPlainScalar(name);
      if (reading.kind === "null") {
        this.find(node.start, {
          code: "yaml-key",
          message: "a key is missing before the colon",
          help: "write the key, or quote it if it is meant to be null or empty",
          pointer,
        });
        return null;
      }
      if (reading.kind === "ambiguous") {
        this.find(node.start, { ...ambiguous(name, reading), pointer });
      }
    }
    const first = seen.get(name);
    if (first !== undefined) {
      this.find(node.start, {
        code: "yaml-duplicate-key",
        message: `the key ${JSON.stringify(name)} stands here twice; the first is in line ${this.source.position(first).line}`,
        help: "remove one, or join the two",
        pointer: childPointer(pointer, name),
      });
      return null;
    }
    seen.set(name, node.start);
    this.text(name, pointer, node.start);
    return name;
  }
}

function ambiguous(
  text: string,
  reading: { readonly in12: string | null; readonly in11: string | null },
): { code: string; message: string; help: string } {
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  const { in12, in11 } = reading;
  const becomes =
    in12 !== null && in12 === in11
      ? `${in12}`
      : [in12 === null ? "" : `${in12} to YAML 1.2`, in11 === null ? "" : `${in11} to YAML 1.1`]
          .filter((part) => part !== "")
          .join(" and ");
  return {
    code: "yaml-unquoted",
    message: `${shown} without quotes is ${becomes}, and its text is lost`,
    help: `quote it: "${shown}"`,
  };
}

function shownTag(tag: string): string {
  return tag.startsWith("tag:yaml.org,2002:") ? `!!${tag.slice("tag:yaml.org,2002:".length)}` : tag;
}
