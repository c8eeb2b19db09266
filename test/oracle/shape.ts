/** Reading JSON against a shape, in document order: the first thing that is wrong is the one that is reported. */
import { type Json, type JsonArray, type JsonObject, type JsonString, Refusal } from "./json.ts";

export function object(json: Json): JsonObject {
  if (json.type !== "object") throw new Refusal("wrong-type", json.pointer);
  return json;
}

export function array(json: Json): JsonArray {
  if (json.type !== "array") throw new Refusal("wrong-type", json.pointer);
  return json;
}

export function string(json: Json): string {
  if (json.type !== "string") throw new Refusal("wrong-type", json.pointer);
  return (json as JsonString).text;
}

export function boolean(json: Json): boolean {
  if (json.type !== "boolean") throw new Refusal("wrong-type", json.pointer);
  return json.value;
}

export function strings(json: Json): string[] {
  return array(json).elements.map(string);
}

/** A scalar's text: a string itself, a number as it is spelled, `true` or `false`. */
export function scalar(json: Json): string {
  if (json.type === "string" || json.type === "number") return json.text;
  if (json.type === "boolean") return String(json.value);
  throw new Refusal("wrong-type", json.pointer);
}

/** Calls `member` for each member in order. */
export function eachMember(
  json: JsonObject,
  member: (key: string, value: Json, pointer: string) => void,
): void {
  for (const { key, value } of json.members) member(key, value, value.pointer);
}

/** Calls the reader of each member's key; a key without a reader is `unknown-key`. Then every `required` key must be there. */
export function readMembers(
  json: JsonObject,
  readers: Readonly<Record<string, (value: Json) => void>>,
  required: readonly string[] = [],
): void {
  eachMember(json, (key, value, pointer) => {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined) throw new Refusal("unknown-key", pointer);
    reader(value);
  });
  for (const key of required) requireKey(json, key);
}

export function requireKey(json: JsonObject, key: string): void {
  if (member(json, key) === undefined) throw new Refusal("missing-key", json.pointer);
}

/** The value of the first member of that name. */
export function member(json: JsonObject, key: string): Json | undefined {
  return json.members.find((candidate) => candidate.key === key)?.value;
}

export function nonEmpty<Container extends JsonObject | JsonArray>(json: Container): Container {
  const size = json.type === "object" ? json.members.length : json.elements.length;
  if (size === 0) throw new Refusal("empty", json.pointer);
  return json;
}

/** A map of strings, such as annotations. */
export function textMap(json: Json): Map<string, string> {
  const texts = new Map<string, string>();
  eachMember(object(json), (key, value) => texts.set(key, string(value)));
  return texts;
}

export const LANGUAGE = "hostfit/v1.0";

// `hostfit/v` and a digit is a version of the language, so unsupported if it isn't this one; everything else is
// bad-api-version. A newer version may have keys that this one lacks, in any place before `apiVersion`: so an unsupported
// version is reported before everything else but broken JSON and a root that is no object.
export function refuseOtherVersions(json: JsonObject): void {
  const version = member(json, "apiVersion");
  if (version?.type !== "string" || version.text === LANGUAGE) return;
  if (/^hostfit\/v[0-9]/.test(version.text)) throw new Refusal("unsupported-version", version.pointer);
}

export function readApiVersion(json: Json): void {
  if (string(json) !== LANGUAGE) throw new Refusal("bad-api-version", json.pointer);
}

export function readKind(json: Json, kind: string): void {
  if (string(json) !== kind) throw new Refusal("bad-value", json.pointer);
}

/** At most one `/`, with something before it; then a source without dots, a dot, and something more. */
export function isFeatureName(name: string): boolean {
  return /^(?:[^/]+\/)?[^./][^./]*\.[^/]+$/.test(name);
}

/** Whether the feature is one of the built-in sources `host` and `candidate`. */
export function isReservedFeature(name: string): boolean {
  return name.startsWith("host.") || name.startsWith("candidate.");
}
