/** NFD's image-compatibility documents: docs/nfd-dialect.md, "The document". */
import { compactText, type Json, type JsonObject, pointerTo, Refusal } from "./json.ts";
import { array, object, string } from "./shape.ts";

export interface NfdExpression {
  readonly pointer: string;
  readonly wanted: string;
  readonly op: string;
  readonly value: readonly string[];
  readonly type: string;
}

export interface NfdNamedExpression {
  readonly name: string;
  readonly pointer: string;
  readonly wanted: string;
  /** null: the document has a null there. */
  readonly expression: NfdExpression | null;
}

export interface NfdExpressions {
  readonly pointer: string;
  readonly wanted: string;
  /** In document order. */
  readonly list: readonly NfdNamedExpression[];
}

export interface NfdTerm {
  readonly pointer: string;
  readonly wanted: string;
  /** Lower-cased. */
  readonly feature: string;
  readonly matchExpressions: NfdExpressions | null;
  readonly matchName: NfdExpression | null;
}

export interface NfdTemplate {
  readonly pointer: string;
  readonly wanted: string;
}

export interface NfdRule {
  readonly name: string;
  readonly vars: ReadonlyMap<string, string>;
  /** null: none, or empty. */
  readonly varsTemplate: NfdTemplate | null;
  readonly matchFeatures: readonly NfdTerm[];
  readonly matchAny: readonly (readonly NfdTerm[])[];
  readonly matchAnyPointer: string;
}

export interface NfdSetRules {
  readonly rules: readonly NfdRule[];
  readonly weight: number;
  readonly tag: string;
  readonly description: string;
}

export interface NfdDocument {
  readonly dialect: "nfd";
  readonly id: string;
  readonly sets: readonly NfdSetRules[];
  readonly setsPointer: string;
}

/** Reads the value of a field; never called with null. */
type Reader = (json: Json) => void;

export function readNfdDocument(json: Json, id: string): NfdDocument {
  const root = object(json);
  let sets: NfdSetRules[] = [];
  let setsPointer = pointerTo("", "compatibilities");
  const version = fields(root, ["version"]).find(([name]) => name === "version")?.[1];
  if (version?.type === "string" && version.text !== "" && version.text !== "v1alpha1") {
    throw new Refusal("unsupported-version", version.pointer);
  }
  readFields(root, {
    version: string,
    compatibilities: (value) => {
      setsPointer = value.pointer;
      sets = array(value).elements.map(readSet);
    },
  });
  return { dialect: "nfd", id, sets, setsPointer };
}

function readSet(json: Json): NfdSetRules {
  let set: NfdSetRules = { rules: [], weight: 0, tag: "", description: "" };
  readFields(json, {
    rules: (value) => {
      set = { ...set, rules: array(value).elements.map(readRule) };
    },
    weight: (value) => {
      set = { ...set, weight: readWeight(value) };
    },
    tag: (value) => {
      set = { ...set, tag: string(value) };
    },
    description: (value) => {
      set = { ...set, description: string(value) };
    },
  });
  return set;
}

function readWeight(json: Json): number {
  if (json.type !== "number") throw new Refusal("wrong-type", json.pointer);
  const weight = Number(json.text);
  if (!/^-?[0-9]+$/.test(json.text) || weight < -(2 ** 31) || weight >= 2 ** 31) {
    throw new Refusal("bad-value", json.pointer);
  }
  return weight + 0 === 0 ? 0 : weight;
}

function readRule(json: Json): NfdRule {
  let rule: NfdRule = {
    name: "",
    vars: new Map(),
    varsTemplate: null,
    matchFeatures: [],
    matchAny: [],
    matchAnyPointer: "",
  };
  readFields(json, {
    name: (value) => {
      rule = { ...rule, name: string(value) };
    },
    vars: (value) => {
      rule = {
        ...rule,
        vars: new Map(membersOf(object(value)).map(([name, text]) => [name, textOrEmpty(text)])),
      };
    },
    varsTemplate: (value) => {
      if (string(value) === "") return;
      rule = { ...rule, varsTemplate: { pointer: value.pointer, wanted: compactText(value) } };
    },
    matchFeatures: (value) => {
      rule = { ...rule, matchFeatures: readTerms(value) };
    },
    matchAny: (value) => {
      rule = {
        ...rule,
        matchAny: array(value).elements.map(readMatchAnyElement),
        matchAnyPointer: value.pointer,
      };
    },
  });
  return rule;
}

function readMatchAnyElement(json: Json): NfdTerm[] {
  let terms: NfdTerm[] = [];
  readFields(json, {
    matchFeatures: (value) => {
      terms = readTerms(value);
    },
  });
  return terms;
}

function readTerms(json: Json): NfdTerm[] {
  return array(json).elements.map(readTerm);
}

function readTerm(json: Json): NfdTerm {
  let term: NfdTerm = {
    pointer: json.pointer,
    wanted: compactText(json),
    feature: "",
    matchExpressions: null,
    matchName: null,
  };
  readFields(json, {
    feature: (value) => {
      term = { ...term, feature: lowerCase(string(value)) };
    },
    matchExpressions: (value) => {
      term = { ...term, matchExpressions: readExpressions(value) };
    },
    matchName: (value) => {
      term = { ...term, matchName: readExpression(value) };
    },
  });
  return term;
}

function readExpressions(json: Json): NfdExpressions {
  const list = membersOf(object(json)).map(([name, value]) => ({
    name,
    pointer: value.pointer,
    wanted: compactText(value),
    expression: value.type === "null" ? null : readExpression(value),
  }));
  return { pointer: json.pointer, wanted: compactText(json), list };
}

function readExpression(json: Json): NfdExpression {
  let expression: NfdExpression = {
    pointer: json.pointer,
    wanted: compactText(json),
    op: "",
    value: [],
    type: "",
  };
  readFields(json, {
    op: (value) => {
      expression = { ...expression, op: string(value) };
    },
    value: (value) => {
      expression = { ...expression, value: array(value).elements.map(textOrEmpty) };
    },
    type: (value) => {
      expression = { ...expression, type: string(value) };
    },
  });
  return expression;
}

function textOrEmpty(json: Json): string {
  return json.type === "null" ? "" : string(json);
}

function readFields(json: Json, readers: Readonly<Record<string, Reader>>): void {
  if (json.type === "null") return;
  for (const [name, value] of fields(object(json), Object.keys(readers))) {
    if (value.type !== "null") readers[name]?.(value);
  }
}

/** The members that count as the named fields, in document order. */
function fields(json: JsonObject, names: readonly string[]): (readonly [string, Json])[] {
  const chosen = names.flatMap((name) => {
    const spellings = membersOf(json).filter(([key]) => lowerCase(key) === lowerCase(name));
    const greatest = spellings.sort(([a], [b]) => compareBytes(a, b)).at(-1);
    return greatest === undefined ? [] : [[name, greatest[1]] as const];
  });
  const place = (value: Json) => json.members.findIndex((member) => member.value === value);
  return chosen.sort(([, a], [, b]) => place(a) - place(b));
}

function membersOf(json: JsonObject): [string, Json][] {
  return json.members.map(({ key, value }) => [key, value]);
}

/** ASCII only. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
