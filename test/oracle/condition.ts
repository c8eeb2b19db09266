/** Conditions: docs/language.md, "The requirements document". Reading gives a tree; its leaves ask the facts. */
import { readAttributeTest, type Tested } from "./attribute.ts";
import { readCount, readOver } from "./instances.ts";
import { compactText, type Json, type JsonArray, type JsonObject, Refusal } from "./json.ts";
import { all, any, ifThenElse, type Kleene, not } from "./kleene.ts";
import {
  array,
  eachMember,
  isFeatureName,
  isReservedFeature,
  nonEmpty,
  object,
  readMembers,
  string,
} from "./shape.ts";
import type { Situation } from "./situation.ts";

/** The texts around a term, shown with the reasons that arise below them. */
export interface Around {
  /** The document's id. */
  readonly document: string;
  /** Pointer of the innermost `any`. */
  readonly within: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly documentation: string | null;
  /** The included document that it comes from. */
  readonly origin: string | null;
}

export type LeafKind = "flag" | "attribute" | "instances" | "count" | "platform" | "runtime" | "nfd";

/** One term that can decide. */
export interface Leaf {
  readonly op: "leaf";
  readonly kind: LeafKind;
  readonly pointer: string;
  readonly feature: string | null;
  readonly name: string | null;
  /** JSON text of the test, or null. */
  readonly wanted: string;
  readonly around: Around;
  readonly ask: (situation: Situation) => Tested;
}

export type Condition =
  | { readonly op: "all"; readonly children: readonly Condition[] }
  | { readonly op: "any"; readonly children: readonly Condition[]; readonly best?: readonly number[] }
  | { readonly op: "not"; readonly child: Condition }
  | {
      readonly op: "if";
      readonly condition: Condition;
      readonly whenTrue: Condition;
      readonly whenFalse: Condition;
    }
  | Leaf;

export const NOTHING: Condition = { op: "all", children: [] };

export function truthOf(condition: Condition, situation: Situation): Kleene {
  switch (condition.op) {
    case "all":
      return all(condition.children.map((child) => truthOf(child, situation)));
    case "any":
      return any(condition.children.map((child) => truthOf(child, situation)));
    case "not":
      return not(truthOf(condition.child, situation));
    case "if":
      return ifThenElse(
        truthOf(condition.condition, situation),
        truthOf(condition.whenTrue, situation),
        truthOf(condition.whenFalse, situation),
      );
    case "leaf":
      return condition.ask(situation).value;
  }
}

/** The built-in features that there are. */
const BUILT_IN: ReadonlySet<string> = new Set([
  "host.platform",
  "candidate.platform",
  "candidate.annotations",
]);

/** Reads a condition: a map of entries or a list, all of which must hold. */
export function readCondition(json: Json, around: Around): Condition {
  if (json.type === "array") return readConditionList(json, around);
  return readConditionMap(object(json), around);
}

function readConditionList(json: JsonArray, around: Around): Condition {
  return { op: "all", children: nonEmpty(json).elements.map((element) => readCondition(element, around)) };
}

function readConditionMap(json: JsonObject, outer: Around): Condition {
  const around = described(json, outer);
  const children: Condition[] = [];
  // `if`, `then` and `else` are one term, which stands at the place of the first of them.
  const branches = new Map<string, Condition>();
  let place = -1;
  eachMember(nonEmpty(json), (key, value, pointer) => {
    switch (key) {
      case "name":
      case "description":
      case "documentation":
        string(value);
        break;
      case "all":
        children.push(readCondition(value, around));
        break;
      case "any":
        children.push(readAny(value, around));
        break;
      case "not":
        children.push({ op: "not", child: readCondition(value, around) });
        break;
      case "if":
      case "then":
      case "else":
        refuseHalfAnIf(json, key, pointer);
        if (place < 0) place = children.push(NOTHING) - 1;
        branches.set(key, readCondition(value, around));
        break;
      default:
        if (!key.includes(".")) throw new Refusal("unknown-key", pointer);
        if (!isFeatureName(key)) throw new Refusal("bad-value", pointer);
        if (isReservedFeature(key) && !BUILT_IN.has(key)) throw new Refusal("reserved-feature", pointer);
        children.push(readMatcher(key, value, around));
    }
  });
  if (children.length === 0) throw new Refusal("empty", json.pointer);
  const condition = branches.get("if");
  if (condition !== undefined) {
    const [whenTrue, whenFalse] = [branches.get("then") ?? NOTHING, branches.get("else") ?? NOTHING];
    children[place] = { op: "if", condition, whenTrue, whenFalse };
  }
  return { op: "all", children };
}

/** `if` without the others is missing-key at the map; another one without `if` is bad-value. Both before its value is read. */
function refuseHalfAnIf(json: JsonObject, key: string, pointer: string): void {
  const has = (name: string) => json.members.some((member) => member.key === name);
  if (key !== "if" && !has("if")) throw new Refusal("bad-value", pointer);
  if (key === "if" && !has("then") && !has("else")) throw new Refusal("missing-key", json.pointer);
}

function readAny(json: Json, around: Around): Condition {
  const inside = { ...around, within: json.pointer };
  return {
    op: "any",
    children: nonEmpty(array(json)).elements.map((element) => readCondition(element, inside)),
  };
}

/** The texts of a map that explains, over those around it. */
export function described(json: JsonObject, outer: Around): Around {
  const text = (key: string): string | null => {
    const value = json.members.find((member) => member.key === key)?.value;
    return value?.type === "string" ? value.text : null;
  };
  return {
    ...outer,
    title: text("name") ?? outer.title,
    description: text("description") ?? outer.description,
    documentation: text("documentation") ?? outer.documentation,
  };
}

function readMatcher(feature: string, json: Json, around: Around): Condition {
  if (json.type === "array") return readFlagList(feature, json, around);
  const children: Condition[] = [];
  const attribute = (name: string, value: Json): void => {
    children.push(readAttribute(feature, name, value, around));
  };
  eachMember(nonEmpty(object(json)), (key, value) => {
    switch (key) {
      case "flags":
        children.push(...readFlags(feature, value, around));
        break;
      case "attributes":
        eachMember(nonEmpty(object(value)), attribute);
        break;
      case "some":
      case "every":
      case "none":
        children.push({
          ...instancesLeaf("instances", feature, value, around),
          ask: readOver(key, feature, value),
        });
        break;
      case "count":
        children.push({ ...instancesLeaf("count", feature, value, around), ask: readCount(feature, value) });
        break;
      default:
        attribute(key, value);
    }
  });
  return { op: "all", children };
}

function instancesLeaf(
  kind: "instances" | "count",
  feature: string,
  json: Json,
  around: Around,
): Omit<Leaf, "ask"> {
  return { op: "leaf", kind, pointer: json.pointer, feature, name: null, wanted: compactText(json), around };
}

function readFlags(feature: string, json: Json, around: Around): Condition[] {
  const children: Condition[] = [];
  readMembers(nonEmpty(object(json)), {
    all: (value) => children.push(readFlagList(feature, array(value), around)),
    any: (value) => {
      const names = readFlagList(feature, array(value), { ...around, within: value.pointer });
      children.push({ op: "any", children: names.children });
    },
    none: (value) => {
      const names = readFlagList(feature, array(value), around);
      children.push({ op: "all", children: names.children.map((child) => ({ op: "not", child })) });
    },
  });
  return children;
}

function readFlagList(feature: string, json: JsonArray, around: Around): Condition & { op: "all" } {
  return {
    op: "all",
    children: nonEmpty(json).elements.map((element) => readFlag(feature, element, around)),
  };
}

function readFlag(feature: string, json: Json, around: Around): Leaf {
  const name = string(json);
  return {
    op: "leaf",
    kind: "flag",
    pointer: json.pointer,
    feature,
    name,
    wanted: compactText(json),
    around,
    ask: (situation) => {
      const value = situation.flag(feature, name);
      const found = { true: "present", false: "absent", unknown: null }[value];
      return { value, found };
    },
  };
}

function readAttribute(feature: string, name: string, json: Json, around: Around): Leaf {
  const test = readAttributeTest(json);
  return {
    op: "leaf",
    kind: "attribute",
    pointer: json.pointer,
    feature,
    name,
    wanted: compactText(json),
    around,
    ask: (situation) => test(situation.attribute(feature, name)),
  };
}
