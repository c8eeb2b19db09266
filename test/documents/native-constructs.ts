/** Which constructs of the native dialect stand in a document, facts or a policy that the core accepts. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Map = Readonly<Record<string, Json>>;
type Found = Set<string>;

const EXPLANATIONS = ["name", "description", "documentation"];
const BUILT_IN = ["host.platform", "candidate.platform", "candidate.annotations"];

export function documentConstructs(value: unknown, found: Found): void {
  const document = keys("document", value, found);
  if (document.requires !== undefined) condition(document.requires, found);
  for (const include of list(document.includes)) condition(keys("include", include, found).requires!, found);
  for (const one of list(document.prefers)) condition(keys("preference", one, found).when!, found);
  for (const one of list(document.runtimes)) {
    const { requires } = keys("runtime", one, found);
    if (requires !== undefined) condition(requires, found);
  }
}

export function policyConstructs(value: unknown, found: Found): void {
  const policy = keys("policy", value, found);
  if (policy.requires !== undefined) condition(policy.requires, found);
  for (const one of list(policy.prefers)) condition(keys("preference", one, found).when!, found);
  if (policy.runtimes !== undefined) keys("runtimes-policy", policy.runtimes, found);
  if (policy.bases !== undefined) keys("bases-policy", policy.bases, found);
}

export function factsConstructs(value: unknown, found: Found): void {
  const facts = value as Map;
  if (facts.kind === "NodeFeature") {
    found.add("node-feature");
    return;
  }
  keys("host", facts, found);
  for (const platform of list(facts.platforms)) keys("platform", platform, found);
  const features = keys("features", facts.features ?? {}, found);
  for (const flags of Object.values(map(features.flags))) {
    const { elements } = keys("flags-facts", flags, found);
    found.add(`flags-facts.${elements === null ? "null" : Array.isArray(elements) ? "list" : "map"}`);
  }
  for (const attributes of Object.values(map(features.attributes))) {
    const { elements } = keys("attributes-facts", attributes, found);
    if (elements === null || Object.keys(map(elements)).length === 0) found.add("attributes-facts.empty");
  }
  for (const instances of Object.values(map(features.instances))) {
    const { elements } = keys("instances-facts", instances, found);
    if (elements === null) found.add("instances-facts.null");
    for (const instance of list(elements)) keys("instance", instance, found);
  }
}

function condition(value: Json, found: Found): void {
  if (Array.isArray(value)) {
    found.add("condition.list");
    for (const one of value) condition(one, found);
    return;
  }
  found.add("condition.map");
  const entries = map(value);
  if (entries.if !== undefined && entries.else === undefined) found.add("condition.if-alone-with-then");
  if (entries.if !== undefined && entries.then === undefined) found.add("condition.if-alone-with-else");
  for (const [key, entry] of Object.entries(entries)) {
    if (key.includes(".")) {
      found.add(key.includes("/") ? "condition.domain" : "condition.feature");
      if (BUILT_IN.includes(key)) found.add(`builtin.${key}`);
      matcher(entry, found);
      continue;
    }
    found.add(`condition.${key}`);
    if (EXPLANATIONS.includes(key)) continue;
    if (key === "any") for (const one of list(entry)) condition(one, found);
    else condition(entry, found);
  }
}

const INSTANCES = ["some", "every", "none", "count"];

function matcher(value: Json, found: Found): void {
  if (Array.isArray(value)) {
    found.add("matcher.list");
    return;
  }
  const kinds = new Set<string>();
  for (const [key, part] of Object.entries(map(value))) {
    kinds.add(key === "flags" ? "flags" : INSTANCES.includes(key) ? "instances" : "attributes");
    if (key === "flags") {
      found.add("matcher.flags");
      keys("flags", part, found);
    } else if (key === "attributes") {
      found.add("matcher.attributes");
      for (const one of Object.values(map(part))) test(one, found);
    } else if (key === "count") {
      found.add("matcher.count");
      const { of, is } = keys("count", part, found);
      if (of === undefined) found.add("count.without-of");
      else over(of, found);
      range(is!, "number", found);
    } else if (INSTANCES.includes(key)) {
      found.add(`matcher.${key}`);
      over(part, found);
    } else {
      found.add("matcher.attribute");
      test(part, found);
    }
  }
  if (kinds.size > 1) found.add("matcher.several-kinds");
}

function over(value: Json, found: Found): void {
  if (Array.isArray(value)) {
    found.add("over.list");
    for (const one of value) over(one, found);
    return;
  }
  found.add("over.map");
  for (const [key, entry] of Object.entries(map(value))) {
    if (key === "attributes") {
      found.add("over.attributes");
      for (const one of Object.values(map(entry))) test(one, found);
    } else if (key === "any") {
      found.add("over.any");
      for (const one of list(entry)) over(one, found);
    } else if (key === "all" || key === "not") {
      found.add(`over.${key}`);
      over(entry, found);
    } else {
      found.add("over.attribute");
      test(entry, found);
    }
  }
}

function test(value: Json, found: Found): void {
  if (Array.isArray(value)) {
    found.add("test.list");
    for (const one of value) scalar(one, found);
    return;
  }
  if (typeof value !== "object" || value === null) {
    found.add("test.scalar");
    scalar(value, found);
    return;
  }
  const parts = keys("test", value, found);
  const { text, ...others } = parts;
  const texts = text === undefined ? {} : keys("text", text, found);
  if (Object.keys(others).length + Object.keys(texts).length > 1) found.add("test.several");
  for (const one of [...list(texts.in), ...list(texts.notIn)]) scalar(one, found);
  for (const type of ["version", "number", "size"] as const) {
    if (parts[type] !== undefined) range(parts[type], type, found);
  }
}

function scalar(value: Json, found: Found): void {
  found.add(`scalar.${typeof value === "string" ? "text" : typeof value}`);
}

/** The pieces of a range that the core has accepted: what stands between blanks, with blanks after operators closed up. */
function range(value: Json, type: "version" | "number" | "size", found: Found): void {
  if (typeof value === "number") found.add("range.number");
  const text = String(value);
  if (/[<>=] /.test(text)) found.add("range.space-after-operator");
  const groups = text.split("||");
  if (groups.length > 1) found.add("range.alternatives");
  for (const group of groups) {
    const terms = group
      .trim()
      .replaceAll(/([<>=]) +/g, "$1")
      .split(/ +/);
    if (terms.length > 1) found.add("range.terms");
    for (const term of terms) {
      const [, operator = "", bound = ""] = /^([<>=!]*)(.*)$/.exec(term) ?? [];
      found.add(`range.${operator === "" ? "no-operator" : operator}`);
      if (type === "version") versionBound(operator, bound, found);
      else if (type === "number") numberBound(bound, found);
      else if (/[KMGT]/.test(bound)) found.add(bound.endsWith("i") ? "size.Ki-Mi-Gi-Ti" : "size.K-M-G-T");
    }
  }
}

function versionBound(operator: string, bound: string, found: Found): void {
  const prefix = bound.endsWith(".*");
  const tail = bound.includes("-");
  if (prefix) found.add(operator === "!=" ? "version.not-prefix" : "version.prefix");
  if (tail) found.add("version.tail");
  if (prefix && tail) found.add("version.prefix-with-tail");
}

function numberBound(bound: string, found: Found): void {
  if (/^[+-]/.test(bound)) found.add("number.sign");
  if (bound.includes(".")) found.add("number.fraction");
  if (/e/i.test(bound)) found.add("number.exponent");
}

/** Notes every key of a map as a word of that part. */
function keys(part: string, value: unknown, found: Found): Map {
  const entries = map(value as Json);
  for (const key of Object.keys(entries)) found.add(`${part}.${key}`);
  return entries;
}

function map(value: Json | undefined): Map {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Map) : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
