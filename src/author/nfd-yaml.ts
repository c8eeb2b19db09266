/**
 * NFD's image-compatibility documents, read as `nfd compat` reads them: sigs.k8s.io/yaml's non-strict `Unmarshal`, which
 * is go-yaml v2 (YAML 1.1), then Go's JSON decoder into the types of nfd-types.ts. The result is JSON with the fields'
 * proper names, which the core compiles; every reading that its author may not have meant is a warning.
 */
import type { Diagnostic } from "./diagnostics.ts";
import { goScalarText } from "./go-scalar.ts";
import { decodeGoValue, type GoMember, type GoValue } from "./go-value.ts";
import { nearest } from "./nearest.ts";
import { type GoType, NFD_SPEC } from "./nfd-types.ts";
import { JsonWriter } from "./places.ts";
import { childPointer } from "./pointer.ts";
import type { SourceText } from "./source-text.ts";
import { diagnosticAt, parseYamlTree } from "./yaml-tree.ts";

/**
 * Converts an NFD document (YAML 1.1, or JSON, which go-yaml reads as YAML) to JSON. `errors` gets `nfd-type` where Go's
 * decoder would refuse a value; it is read as absent then. Throws {@link DocumentError}: what {@link parseYamlTree} and
 * {@link decodeGoValue} throw.
 *
 * `warnings` gets `nfd-unquoted`, `nfd-duplicate-key`, `nfd-merge-key`, `nfd-field-case`, `nfd-unknown-field`,
 * `nfd-later-documents`.
 */
export async function convertNfdYaml(
  source: SourceText,
  file: string,
  errors: Diagnostic[],
  warnings: Diagnostic[],
): Promise<JsonWriter> {
  const tree = await parseYamlTree(source, { file, version: "1.1" });
  if (tree.second !== null) {
    warnings.push(
      diagnosticAt(source, file, tree.second, {
        severity: "warning",
        code: "nfd-later-documents",
        message: "NFD reads the first document of a file; what starts here is ignored",
        help: "put it into a file of its own",
      }),
    );
  }
  const writer = new JsonWriter();
  const root: GoValue =
    tree.root === null
      ? { kind: "scalar", at: 0, scalar: { kind: "null" }, written: "" }
      : decodeGoValue(tree.root, source, file, warnings);
  const decoder = new TypedDecoder(source, file, errors, warnings);
  const spec = decoder.decode(NFD_SPEC, root, undefined, {
    pointer: "",
    keyAt: root.at,
    field: "the document",
  });
  writeJson(writer, "", spec);
  return writer;
}

/** Errors after which no more are kept. */
const MAX_ERRORS = 100;

/** A value of a Go type, as the decoder leaves it. Absent fields are the type's zero value. */
type Typed =
  | { readonly kind: "text"; readonly at: number; readonly keyAt: number; readonly value: string }
  | { readonly kind: "int"; readonly at: number; readonly keyAt: number; readonly value: string }
  | { readonly kind: "nil"; readonly at: number; readonly keyAt: number }
  | { readonly kind: "list"; readonly at: number; readonly keyAt: number; readonly items: readonly Typed[] }
  | {
      readonly kind: "object";
      readonly at: number;
      readonly keyAt: number;
      readonly members: ReadonlyMap<string, Typed>;
    };

interface Slot {
  readonly pointer: string;
  readonly keyAt: number;
  /** What the value is, for messages. */
  readonly field: string;
}

class TypedDecoder {
  constructor(
    private readonly source: SourceText,
    private readonly file: string,
    private readonly errors: Diagnostic[],
    private readonly warnings: Diagnostic[],
  ) {}

  /**
   * Decodes into `type`; `before` is what an earlier spelling of the same field left there, which Go's decoder decodes
   * over: maps and structs are merged, lists element by element.
   */
  decode(type: GoType, value: GoValue, before: Typed | undefined, slot: Slot): Typed {
    const spot = { at: value.at, keyAt: slot.keyAt };
    if (value.kind === "scalar" && value.scalar.kind === "null") {
      if (type.kind === "string" || type.kind === "int" || type.kind === "struct") {
        // Nothing at all is seldom meant as text; a word is.
        if (type.kind === "string" && before === undefined && value.written)
          this.misread(value.written, "", value.at, slot);
        return before ?? zero(type, spot);
      }
      return { kind: "nil", ...spot };
    }
    switch (type.kind) {
      case "pointer":
        return this.decode(type.of, value, before, slot);
      case "string":
        return this.text(value, slot);
      case "int":
        return this.integer(value, slot);
      case "list": {
        if (value.kind !== "list") return this.wrong(value, slot, "a list");
        const earlier = before?.kind === "list" ? before.items : [];
        const items = value.items.map((item, index) =>
          this.decode(type.of, item, earlier[index], {
            pointer: childPointer(slot.pointer, index),
            keyAt: item.at,
            field: `an element of ${slot.field}`,
          }),
        );
        return { kind: "list", ...spot, items };
      }
      case "map": {
        if (value.kind !== "map") return this.wrong(value, slot, "a map");
        const members = new Map(before?.kind === "object" ? before.members : []);
        // Unlike a struct's field, a map's element starts from zero each time.
        for (const member of sorted(value.members)) {
          members.set(
            member.key,
            this.decode(type.of, member.value, undefined, {
              pointer: childPointer(slot.pointer, member.key),
              keyAt: member.keyAt,
              field: JSON.stringify(member.key),
            }),
          );
        }
        return { kind: "object", ...spot, members };
      }
      case "struct":
        return this.struct(type, value, before, slot);
    }
  }

  /** Fields are found by name, then in any case; of several spellings each is decoded over the one before. */
  private struct(
    type: Extract<GoType, { kind: "struct" }>,
    value: GoValue,
    before: Typed | undefined,
    slot: Slot,
  ): Typed {
    if (value.kind !== "map") return this.wrong(value, slot, "a map");
    const members = new Map(before?.kind === "object" ? before.members : []);
    const names = Object.keys(type.fields);
    const spelled = new Map<string, string>();
    for (const member of sorted(value.members)) {
      const name =
        names.find((one) => one === member.key) ?? names.find((one) => folded(one) === folded(member.key));
      const fieldType = name === undefined ? undefined : type.fields[name];
      if (name === undefined || fieldType === undefined) {
        this.unknown(type.name, names, member, slot);
        continue;
      }
      if (name !== member.key) {
        this.warn(member.keyAt, childPointer(slot.pointer, name), {
          code: "nfd-field-case",
          message: `NFD reads ${JSON.stringify(member.key)} as ${name}`,
          help: `write ${name}`,
        });
      }
      const other = spelled.get(name);
      if (other !== undefined) {
        this.warn(member.keyAt, childPointer(slot.pointer, name), {
          code: "nfd-duplicate-key",
          message: `${JSON.stringify(other)} and ${JSON.stringify(member.key)} are one field to NFD, and this one is read over the other`,
          help: "remove one",
        });
      }
      spelled.set(name, member.key);
      members.set(
        name,
        this.decode(fieldType, member.value, members.get(name), {
          pointer: childPointer(slot.pointer, name),
          keyAt: member.keyAt,
          field: name,
        }),
      );
    }
    const ordered = new Map<string, Typed>();
    for (const name of names) {
      const member = members.get(name);
      // A nil field is one that isn't there; only a nil element of a map says something.
      if (member !== undefined && member.kind !== "nil") ordered.set(name, member);
    }
    return { kind: "object", at: value.at, keyAt: slot.keyAt, members: ordered };
  }

  private text(value: GoValue, slot: Slot): Typed {
    if (value.kind !== "scalar") return this.wrong(value, slot, "text");
    const text = goScalarText(value.scalar) ?? "";
    if (value.written !== null && value.written !== text) {
      this.misread(value.written, text, value.at, slot);
    }
    return { kind: "text", at: value.at, keyAt: slot.keyAt, value: text };
  }

  private misread(written: string, text: string, at: number, slot: Slot): void {
    this.warn(at, slot.pointer, {
      code: "nfd-unquoted",
      message: `${written} without quotes is read as "${text}"`,
      help: `quote it if ${written} is meant: "${written}"`,
    });
  }

  private integer(value: GoValue, slot: Slot): Typed {
    if (value.kind !== "scalar") return this.wrong(value, slot, "a whole number");
    const { scalar } = value;
    // A float travels as the JSON that Go writes for it, its shortest digits: an integer's if it has no fraction.
    const whole =
      scalar.kind === "int"
        ? scalar.value
        : scalar.kind === "float" && Number.isInteger(scalar.value) && Math.abs(scalar.value) < 1e21
          ? BigInt(String(scalar.value))
          : null;
    if (whole === null || whole < -(2n ** 63n) || whole >= 2n ** 63n)
      return this.wrong(value, slot, "a whole number");
    if (value.written !== null && value.written !== whole.toString()) {
      this.warn(value.at, slot.pointer, {
        code: "nfd-unquoted",
        message: `${value.written} is read as ${whole}`,
        help: `write ${whole}`,
      });
    }
    return { kind: "int", at: value.at, keyAt: slot.keyAt, value: whole.toString() };
  }

  private unknown(struct: string, names: readonly string[], member: GoMember, slot: Slot): void {
    this.refuseInfinite(member.value, slot);
    const close = nearest(member.key, names);
    this.warn(member.keyAt, slot.pointer, {
      code: "nfd-unknown-field",
      message: `NFD ignores ${JSON.stringify(member.key)}: ${struct} has no such field`,
      help: close === null ? `fields are ${names.join(", ")}` : `did you mean ${close}?`,
    });
  }

  /** Go's JSON has no infinity: one in a field that is ignored still fails the document. Depth was bounded before. */
  private refuseInfinite(value: GoValue, slot: Slot): void {
    if (value.kind === "list") {
      for (const item of value.items) this.refuseInfinite(item, slot);
    } else if (value.kind === "map") {
      for (const member of value.members.values()) this.refuseInfinite(member.value, slot);
    } else if (value.scalar.kind === "float" && !Number.isFinite(value.scalar.value)) {
      this.wrong(value, { ...slot, field: "a field that NFD ignores" }, "something that JSON can say");
    }
  }

  /** Keeps an error, as Go's decoder does, and goes on as if the value weren't there. */
  private wrong(value: GoValue, slot: Slot, wanted: string): Typed {
    const found =
      value.kind === "scalar" ? `${FOUND[value.scalar.kind]}` : value.kind === "list" ? "a list" : "a map";
    const help =
      wanted === "a list" && value.kind === "scalar"
        ? `put it in brackets: [${JSON.stringify(goScalarText(value.scalar) ?? "")}]`
        : `write ${wanted}`;
    if (this.errors.length < MAX_ERRORS) {
      this.errors.push(
        diagnosticAt(this.source, this.file, value.at, {
          severity: "error",
          code: "nfd-type",
          message: `${slot.field} must be ${wanted}, but is ${found}: NFD refuses the document`,
          help,
          pointer: slot.pointer,
        }),
      );
    }
    return { kind: "nil", at: value.at, keyAt: slot.keyAt };
  }

  private warn(at: number, pointer: string, finding: { code: string; message: string; help: string }): void {
    this.warnings.push(
      diagnosticAt(this.source, this.file, at, { severity: "warning", pointer, ...finding }),
    );
  }
}

const FOUND = {
  null: "null",
  bool: "a truth value",
  int: "a number",
  float: "a number",
  string: "text",
} as const;

function zero(type: GoType, spot: { at: number; keyAt: number }): Typed {
  if (type.kind === "string") return { kind: "text", ...spot, value: "" };
  if (type.kind === "int") return { kind: "int", ...spot, value: "0" };
  return { kind: "object", ...spot, members: new Map() };
}

/** Go's encoder writes the members of a map in the order of their keys' bytes. */
function sorted(members: ReadonlyMap<string, GoMember>): GoMember[] {
  const encoder = new TextEncoder();
  const withBytes = [...members.values()].map((member) => ({ member, bytes: encoder.encode(member.key) }));
  withBytes.sort((a, b) => compareBytes(a.bytes, b.bytes));
  return withBytes.map(({ member }) => member);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Go's JSON decoder folds ASCII letters, and the two others that fold to one: the long s and the Kelvin sign. */
function folded(name: string): string {
  return name
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll("\u017f", "s")
    .replaceAll("\u212a", "k");
}

/** INVARIANT: depth is that of {@link NFD_SPEC}, so recursion is bounded. */
function writeJson(writer: JsonWriter, token: string | number, value: Typed): void {
  writer.begin(token, value.keyAt, value.at);
  switch (value.kind) {
    case "text":
      writer.write(JSON.stringify(value.value));
      break;
    case "int":
      writer.write(value.value);
      break;
    case "nil":
      writer.write("null");
      break;
    case "list":
      writer.write("[");
      value.items.forEach((item, index) => {
        writeJson(writer, index, item);
      });
      writer.write("]");
      break;
    case "object":
      writer.write("{");
      for (const [name, member] of value.members) writeJson(writer, name, member);
      writer.write("}");
      break;
  }
  writer.end();
}
