/**
 * A YAML tree as go-yaml v2 decodes it into `interface{}`: scalars read, merge keys merged, duplicate keys settled (the
 * last wins). First half of what sigs.k8s.io/yaml does; the second, into Go's types, is in nfd-yaml.ts.
 */
import { type Diagnostic, DocumentError } from "./diagnostics.ts";
import { type GoScalar, goScalarText, readGoScalar } from "./go-scalar.ts";
import type { SourceText } from "./source-text.ts";
import {
  diagnosticAt,
  LIMIT_HELP,
  MAX_DEPTH,
  MAX_NODES,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from "./yaml-tree.ts";

/** A decoded value. `at` is its offset in the text; `written` is the text of a plain scalar, null otherwise. */
export type GoValue =
  | {
      readonly kind: "scalar";
      readonly at: number;
      readonly scalar: GoScalar;
      readonly written: string | null;
    }
  | { readonly kind: "list"; readonly at: number; readonly items: readonly GoValue[] }
  | { readonly kind: "map"; readonly at: number; readonly members: ReadonlyMap<string, GoMember> };

/** One member of a map, its key turned to text. */
export interface GoMember {
  readonly key: string;
  readonly keyAt: number;
  readonly value: GoValue;
}

interface RawMember extends GoMember {
  readonly merged: boolean;
}

const STR = "tag:yaml.org,2002:str";
const MERGE = "tag:yaml.org,2002:merge";

/** Decodes a tree. `warnings` gets `nfd-duplicate-key`, `nfd-merge-key` and, for keys, `nfd-unquoted`. */
export function decodeGoValue(
  root: YamlNode,
  source: SourceText,
  file: string,
  warnings: Diagnostic[],
): GoValue {
  return new Decoder(source, file, warnings).value(root);
}

class Decoder {
  private readonly open = new Set<YamlNode>();
  private count = 0;

  constructor(
    private readonly source: SourceText,
    private readonly file: string,
    private readonly warnings: Diagnostic[],
  ) {}

  value(node: YamlNode): GoValue {
    this.bound(node);
    switch (node.kind) {
      case "alias":
        this.refuseCycle(node.target, node.start, node.name);
        return this.value(node.target);
      case "scalar":
        return {
          kind: "scalar",
          at: node.start,
          scalar: this.scalar(node),
          written: isImplicit(node) ? node.text : null,
        };
      case "list": {
        this.open.add(node);
        const items = node.items.map((item) => this.value(item));
        this.open.delete(node);
        return { kind: "list", at: node.start, items };
      }
      case "map": {
        const members = new Map<string, RawMember>();
        this.fill(members, node, false);
        return { kind: "map", at: node.start, members: this.byText(members) };
      }
    }
  }

  /** Members by typed key: `1` and `"1"` are different keys to go-yaml. Merges act in the order of the file. */
  private fill(members: Map<string, RawMember>, map: YamlMap, merged: boolean): void {
    this.open.add(map);
    for (const { key, value } of map.entries) {
      if (isMergeKey(key)) {
        this.merge(members, value);
        continue;
      }
      const member = this.member(key, value, merged);
      const before = members.get(member.id);
      if (before !== undefined) this.settle(before, member.member);
      members.set(member.id, member.member);
    }
    this.open.delete(map);
  }

  private member(key: YamlNode, value: YamlNode, merged: boolean): { id: string; member: RawMember } {
    const target = key.kind === "alias" ? key.target : key;
    if (target.kind !== "scalar") {
      return this.fail(key.start, "yaml-key", "a key must be text, not a map or a list", "write a name");
    }
    const scalar = this.scalar(target);
    const text = scalar.kind === "float" ? floatKey(scalar.value) : goScalarText(scalar);
    if (text === null)
      return this.fail(
        key.start,
        "yaml-key",
        "a key must not be null: NFD refuses the document",
        "write the key, or quote it",
      );
    if (isImplicit(target) && text !== target.text) {
      this.warn(key.start, {
        code: "nfd-unquoted",
        message: `the key ${target.text} without quotes is read as "${text}"`,
        help: `quote it if ${target.text} is meant: "${target.text}"`,
      });
    }
    const id = `${scalar.kind}:${scalar.kind === "float" ? scalar.value : text}`;
    return { id, member: { key: text, keyAt: key.start, value: this.value(value), merged } };
  }

  private merge(members: Map<string, RawMember>, value: YamlNode): void {
    // Of a list the first takes precedence, so it comes last.
    const parts = value.kind === "list" ? [...value.items].reverse() : [value];
    for (const part of parts) {
      const map = part.kind === "alias" ? part.target : part;
      if (map.kind !== "map") {
        this.fail(
          part.start,
          "yaml-merge-key",
          "a merge key (<<) takes a map or a list of maps",
          "give it one, or quote << if a name is meant",
        );
      }
      if (part.kind === "alias") this.refuseCycle(map, part.start, part.name);
      this.bound(map);
      this.fill(members, map, true);
    }
  }

  /** The later of two equal keys wins, whoever brought it. */
  private settle(before: RawMember, after: RawMember): void {
    const line = this.source.position(before.keyAt).line;
    if (after.merged && !before.merged) {
      this.warn(before.keyAt, {
        code: "nfd-merge-key",
        message: `the merge key that follows replaces ${JSON.stringify(after.key)}, which YAML itself would keep`,
        help: "put << first, or write the entries out",
      });
    } else if (!before.merged) {
      this.warn(after.keyAt, {
        code: "nfd-duplicate-key",
        message: `the key ${JSON.stringify(after.key)} stands here twice; NFD takes this one, not that in line ${line}`,
        help: "remove one",
      });
    }
  }

  private byText(members: ReadonlyMap<string, RawMember>): ReadonlyMap<string, GoMember> {
    const byText = new Map<string, GoMember>();
    for (const member of members.values()) {
      if (byText.has(member.key)) {
        this.fail(
          member.keyAt,
          "nfd-key-clash",
          `two keys become ${JSON.stringify(member.key)}, and which one NFD takes is left to chance`,
          "remove one",
        );
      }
      byText.set(member.key, member);
    }
    return byText;
  }

  private scalar(node: YamlScalar): GoScalar {
    if (isImplicit(node)) return readGoScalar(node.text);
    const tag = node.tag;
    if (tag === null || tag === STR) return { kind: "string", value: node.text };
    const read = readGoScalar(node.text);
    switch (tag) {
      case "tag:yaml.org,2002:bool":
        if (read.kind === "bool") return read;
        break;
      case "tag:yaml.org,2002:int":
        if (read.kind === "int") return read;
        break;
      case "tag:yaml.org,2002:float":
        if (read.kind === "float") return read;
        // An integer of 64 bits with a sign becomes a float; a larger one is refused.
        if (read.kind === "int" && read.value < 2n ** 63n)
          return { kind: "float", value: Number(read.value) };
        break;
      case "tag:yaml.org,2002:null":
        if (read.kind === "null") return read;
        break;
      case "tag:yaml.org,2002:timestamp":
        if (/^[0-9]{4}-/.test(node.text)) return { kind: "string", value: node.text };
        break;
      case "tag:yaml.org,2002:binary":
        return { kind: "string", value: this.binary(node) };
      default:
        // go-yaml takes the text of a scalar whose tag it doesn't know.
        return { kind: "string", value: node.text };
    }
    return this.fail(
      node.start,
      "yaml-tag",
      `${shortTag(tag)} does not fit this value: NFD refuses the document`,
      "remove the tag, or change the value",
    );
  }

  private binary(node: YamlScalar): string {
    const text = node.text.replace(/[\r\n]/g, "");
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
      return this.fail(
        node.start,
        "yaml-tag",
        "!!binary needs base64: NFD refuses the document",
        "remove the tag, or encode the value",
      );
    }
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }

  private refuseCycle(target: YamlNode, at: number, name: string): void {
    if (this.open.has(target))
      this.fail(
        at,
        "yaml-alias",
        `*${name} stands inside what it names`,
        "write out what is meant; a document ends somewhere",
      );
  }

  /** INVARIANT: every node decoded passes here, so aliases can't multiply past the limits. */
  private bound(node: YamlNode): void {
    this.count++;
    if (this.count > MAX_NODES) {
      this.fail(
        node.start,
        "yaml-size",
        `more than ${MAX_NODES} values once aliases are written out`,
        LIMIT_HELP.size,
      );
    }
    if (this.open.size > MAX_DEPTH) {
      this.fail(
        node.start,
        "yaml-depth",
        `nested more than ${MAX_DEPTH} deep once aliases are written out`,
        LIMIT_HELP.depth,
      );
    }
  }

  private warn(at: number, finding: { code: string; message: string; help: string }): void {
    this.warnings.push(diagnosticAt(this.source, this.file, at, { severity: "warning", ...finding }));
  }

  private fail(at: number, code: string, message: string, help: string): never {
    throw new DocumentError([
      diagnosticAt(this.source, this.file, at, { severity: "error", code, message, help }),
    ]);
  }
}

/** Whether go-yaml reads the scalar's text as something else. */
function isImplicit(node: YamlScalar): boolean {
  return node.tag === null && node.plain;
}

/** `! <<` and `!!merge <<` merge as `<<` does; a quoted one doesn't. */
function isMergeKey(key: YamlNode): boolean {
  return (
    key.kind === "scalar" && key.text === "<<" && (isImplicit(key) || key.tag === "!" || key.tag === MERGE)
  );
}

/** sigs.k8s.io/yaml turns float keys to text as go-yaml's encoder would. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? ".inf" : "-.inf";
  return goScalarText({ kind: "float", value }) ?? "";
}

function shortTag(tag: string): string {
  return tag.startsWith("tag:yaml.org,2002:") ? `!!${tag.slice("tag:yaml.org,2002:".length)}` : tag;
}
