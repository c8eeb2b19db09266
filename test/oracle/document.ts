/** Requirements documents in the native dialect: docs/language.md, "The requirements document". */
import { type Around, type Condition, described, NOTHING, readCondition } from "./condition.ts";
import { compactText, type Json, pointerTo, Refusal } from "./json.ts";
import {
  array,
  nonEmpty,
  object,
  readApiVersion,
  readKind,
  readMembers,
  refuseOtherVersions,
  string,
  textMap,
} from "./shape.ts";

export interface Preference {
  readonly document: string;
  readonly pointer: string;
  readonly name: string | null;
  readonly weight: number;
  readonly when: Condition;
}

export interface RuntimeEntry {
  readonly type: string;
  readonly pointer: string;
  /** JSON text of the type. */
  readonly wanted: string;
  readonly around: Around;
  readonly requires: Condition;
}

export interface NativeDocument {
  readonly dialect: "native";
  readonly id: string;
  readonly requires: Condition;
  readonly preferences: readonly Preference[];
  /** null: the document has no list. */
  readonly runtimes: readonly RuntimeEntry[] | null;
}

export function readDocument(json: Json, id: string): NativeDocument {
  const root = object(json);
  refuseOtherVersions(root);
  const nowhere: Around = {
    document: id,
    within: null,
    title: null,
    description: null,
    documentation: null,
    origin: null,
  };
  // AMBIGUOUS: the document's own `name` is the last title, as its description and documentation are.
  const around = described(root, nowhere);
  let requires: Condition = NOTHING;
  let includes: Condition[] = [];
  let preferences: Preference[] = [];
  let runtimes: RuntimeEntry[] | null = null;
  readMembers(
    root,
    {
      apiVersion: readApiVersion,
      kind: (value) => readKind(value, "Requirements"),
      name: string,
      description: string,
      documentation: string,
      annotations: textMap,
      requires: (value) => {
        requires = readCondition(value, around);
      },
      includes: (value) => {
        includes = nonEmpty(array(value)).elements.map((element) => readInclude(element, around));
      },
      prefers: (value) => {
        preferences = readPreferences(value, around);
      },
      runtimes: (value) => {
        runtimes = readRuntimes(value, around);
      },
    },
    ["apiVersion", "kind"],
  );
  // Reasons of `requires` come before those of `includes`, however the document orders them.
  return {
    dialect: "native",
    id,
    requires: { op: "all", children: [requires, ...includes] },
    preferences,
    runtimes,
  };
}

function readInclude(json: Json, around: Around): Condition {
  const include = object(json);
  const originValue = include.members.find((member) => member.key === "origin")?.value;
  const origin = originValue?.type === "string" ? originValue.text : null;
  let requires: Condition = NOTHING;
  readMembers(
    include,
    {
      origin: string,
      digest: string,
      requires: (value) => {
        requires = readCondition(value, { ...around, origin });
      },
    },
    ["origin", "requires"],
  );
  return requires;
}

export function readPreferences(json: Json, around: Around): Preference[] {
  return nonEmpty(array(json)).elements.map((element) => readPreference(element, around));
}

function readPreference(json: Json, outer: Around): Preference {
  const preference = object(json);
  const around = described(preference, outer);
  let name: string | null = null;
  let weight = 0;
  let when: Condition = NOTHING;
  readMembers(
    preference,
    {
      name: (value) => {
        name = string(value);
      },
      description: string,
      documentation: string,
      weight: (value) => {
        weight = readWeight(value);
      },
      when: (value) => {
        when = readCondition(value, around);
      },
    },
    ["weight", "when"],
  );
  return { document: outer.document, pointer: preference.pointer, name, weight, when };
}

// An integer is written with digits alone; `20.0` and `2e1` are bad-value.
function readWeight(json: Json): number {
  if (json.type !== "number") throw new Refusal("wrong-type", json.pointer);
  const weight = Number(json.text);
  if (!/^[0-9]+$/.test(json.text) || weight < 1 || weight > 100) throw new Refusal("bad-value", json.pointer);
  return weight;
}

function readRuntimes(json: Json, around: Around): RuntimeEntry[] {
  const types = new Set<string>();
  return nonEmpty(array(json)).elements.map((element) => readRuntime(element, around, types));
}

function readRuntime(json: Json, outer: Around, types: Set<string>): RuntimeEntry {
  const runtime = object(json);
  const around = described(runtime, outer);
  // The runtimes part is an *any* over the entries, so `within` of what is below is the list's pointer.
  const inside = { ...around, within: pointerTo("", "runtimes") };
  let type = "";
  let wanted = "";
  let requires: Condition = NOTHING;
  readMembers(
    runtime,
    {
      type: (value) => {
        type = string(value);
        wanted = compactText(value);
        if (types.has(type)) throw new Refusal("bad-value", value.pointer);
        types.add(type);
      },
      requires: (value) => {
        requires = readCondition(value, inside);
      },
      name: string,
      description: string,
      documentation: string,
    },
    ["type"],
  );
  return { type, pointer: pointerTo(runtime.pointer, "type"), wanted, around: inside, requires };
}
