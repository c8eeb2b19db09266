/** The part of a verdict that a document of the dialect nfd decides: docs/nfd-dialect.md, "The verdict's part", "Reasons". */
import type { Found, NfdAnswer } from "../../bindings/js/types.ts";
import { type Around, type Condition, type Leaf, truthOf } from "./condition.ts";
import type { Host, InstanceFacts } from "./facts.ts";
import { all, any, type Kleene, known } from "./kleene.ts";
import {
  compareBytes,
  type NfdDocument,
  type NfdExpression,
  type NfdRule,
  type NfdTerm,
} from "./nfd-document.ts";
import { holdsFor, NfdFailure, type NfdKey } from "./nfd-expression.ts";
import { matchNfd, type NfdStop } from "./nfd-match.ts";
import { situationOf } from "./situation.ts";

export type { NfdDocument } from "./nfd-document.ts";
export { readNfdDocument } from "./nfd-document.ts";

export interface NfdJudgement {
  readonly condition: Condition;
  readonly score: number;
  readonly maxScore: number;
  readonly answer: NfdAnswer;
}

export function judgeNfd(document: NfdDocument, host: Host): NfdJudgement {
  const { answer, stop } = matchNfd(document, host);
  const weights = document.sets.map((set) => set.weight);
  const maxScore = document.sets.length === 0 ? 0 : Math.max(...weights);
  if (stop !== null) return { condition: errorLeaf(document, stop), score: 0, maxScore, answer };
  const condition = new Verdict(document, host).condition();
  const situation = situationOf(host, null);
  const holding = weights.filter((_, i) => truthOf(condition.children[i]!, situation) === "true");
  if (document.sets.length === 0)
    return { condition: { op: "all", children: [] }, score: 0, maxScore, answer };
  return { condition, score: holding.length === 0 ? 0 : Math.max(...holding), maxScore, answer };
}

function aroundOf(document: NfdDocument, set: number, rule: number, matchAny: string | null): Around {
  const { description, rules } = document.sets[set]!;
  return {
    document: document.id,
    within: matchAny ?? document.setsPointer,
    title: rules[rule]?.name || null,
    description: description || null,
    documentation: null,
    origin: null,
  };
}

function errorLeaf(document: NfdDocument, stop: NfdStop): Leaf {
  const { pointer, wanted, feature, name, unreadable } = stop;
  const around = aroundOf(document, stop.set, stop.rule, stop.matchAny);
  const found = unreadable === null ? null : { unreadable };
  return leaf({ pointer, wanted, feature, name, around }, "unknown", found);
}

function leaf(about: Omit<Leaf, "op" | "kind" | "ask">, value: Kleene, found: Found): Leaf {
  return { op: "leaf", kind: "nfd", ...about, ask: () => ({ value, found }) };
}

/** A key of a feature, as far as it is known. */
type Key = NfdKey | "unknown";

/** E in Kleene's sense. `hasValue`: whether the key has a value if it is there; a flag has none. */
function evaluate(expression: NfdExpression | null, key: Key, hasValue: boolean): Kleene {
  if (expression === null) return "unknown";
  if (key === "unknown") {
    if (expression.op === "") return "true";
    if (expression.op === "Exists" || expression.op === "DoesNotExist") return "unknown";
    return hasValue ? "unknown" : "false";
  }
  try {
    return known(holdsFor(expression, key));
  } catch (thrown) {
    if (thrown instanceof NfdFailure) return "unknown";
    throw thrown;
  }
}

/** The observed kinds of a feature; what isn't observed is null. */
interface Observed {
  readonly flags: ((name: string) => Key) | null;
  readonly flagNames: readonly string[];
  /** null: no names but those that are given. */
  readonly scope: ReadonlySet<string> | null;
  readonly attributes: InstanceFacts | null;
  readonly instances: readonly InstanceFacts[] | null;
  readonly partial: boolean;
}

class Verdict {
  private readonly document: NfdDocument;
  private readonly host: Host;
  /** `rule.matched`, once there was a rule. */
  private vars: { attributes: Map<string, string>; unknown: Set<string> } | null = null;

  constructor(document: NfdDocument, host: Host) {
    this.document = document;
    this.host = host;
  }

  condition(): Condition & { op: "any" } {
    const sets = this.document.sets.map((set, i): Condition => {
      return { op: "all", children: set.rules.map((rule, j) => this.rule(rule, i, j)) };
    });
    return { op: "any", children: sets, best: this.document.sets.map((set) => set.weight) };
  }

  private rule(rule: NfdRule, set: number, index: number): Condition {
    const parts: Condition[] = [];
    if (rule.matchAny.length > 0) {
      const around = aroundOf(this.document, set, index, rule.matchAnyPointer);
      parts.push({ op: "any", children: rule.matchAny.map((terms) => this.terms(terms, around)) });
    }
    const features = this.terms(rule.matchFeatures, aroundOf(this.document, set, index, null));
    parts.push(features);
    this.setVars(rule, truthOf(features, situationOf(this.host, null)));
    return { op: "all", children: parts };
  }

  private setVars(rule: NfdRule, areSet: Kleene): void {
    this.vars ??= { attributes: new Map(), unknown: new Set() };
    for (const [name, text] of rule.vars) {
      if (areSet === "true") {
        this.vars.attributes.set(name, text);
        this.vars.unknown.delete(name);
      } else if (areSet === "unknown") this.vars.unknown.add(name);
    }
  }

  private terms(terms: readonly NfdTerm[], around: Around): Condition {
    return { op: "all", children: terms.map((term) => this.term(term, around)) };
  }

  private term(term: NfdTerm, around: Around): Condition {
    const { feature, pointer, wanted, matchExpressions, matchName } = term;
    const about = { pointer, wanted, feature, name: null, around };
    const observed = this.observed(feature);
    if (observed === null) {
      const isClosed = this.host.closedWorld.has(feature);
      return leaf(about, isClosed ? "false" : "unknown", isClosed ? { absent: true } : { unknown: true });
    }
    if (matchExpressions === null && matchName === null) return leaf(about, "true", "present");
    const children: Condition[] = [];
    if (matchExpressions !== null) children.push(expressionsCondition(term, observed, around));
    if (matchName !== null) {
      const { pointer, wanted } = matchName;
      const { value, found } = nameMatches(matchName, observed);
      children.push(leaf({ ...about, pointer, wanted }, value, found));
    }
    return { op: "all", children };
  }

  private observed(feature: string): Observed | null {
    const isClosed = this.host.closedWorld.has(feature);
    const flags = this.host.flags.get(feature);
    const flagNames = flags?.elements ?? null;
    const list = this.host.instances.get(feature);
    const attributes = this.attributes(feature, isClosed);
    const instances = list?.elements ?? null;
    if (flagNames === null && attributes === null && instances === null) return null;
    const scope = flagNames === null ? null : (flags?.scope ?? null);
    return {
      flags: flagNames === null ? null : (name) => flagKey(name, flagNames, scope),
      flagNames: [...(flagNames ?? [])],
      scope,
      attributes,
      instances,
      partial: instances !== null && list?.partial === true,
    };
  }

  private attributes(feature: string, isClosed: boolean): InstanceFacts | null {
    const set = this.host.attributes.get(feature);
    const vars = feature === "rule.matched" ? this.vars : null;
    const elements = set?.elements ?? null;
    const isObserved = elements !== null && (elements.size > 0 || isClosed || (set?.unknown.size ?? 0) > 0);
    if (!isObserved && vars === null) return null;
    const unknown = new Set(isObserved ? set?.unknown : []);
    for (const name of vars?.attributes.keys() ?? []) unknown.delete(name);
    for (const name of vars?.unknown ?? []) unknown.add(name);
    return { attributes: new Map([...(elements ?? []), ...(vars?.attributes ?? [])]), unknown };
  }
}

function flagKey(name: string, present: ReadonlySet<string>, scope: ReadonlySet<string> | null): Key {
  if (present.has(name)) return { present: true, value: null };
  return scope === null || scope.has(name) ? { present: false } : "unknown";
}

function attributeKey(name: string, facts: InstanceFacts): Key {
  if (facts.unknown.has(name)) return "unknown";
  const value = facts.attributes.get(name);
  return value === undefined ? { present: false } : { present: true, value };
}

function expressionsCondition(term: NfdTerm, observed: Observed, around: Around): Condition {
  const { pointer, wanted, list } = term.matchExpressions!;
  const { feature } = term;
  const about = { pointer, wanted, feature, name: null, around };
  const keyValues = list.map(({ name, expression }) => overKeys(name, expression, observed));
  const isKeyed = observed.flags !== null || observed.attributes !== null;
  if (observed.instances === null) {
    if (list.length === 0) return leaf(about, "true", "present");
    const children = list.map(({ name, pointer, wanted }, i) =>
      leaf({ ...about, pointer, wanted, name }, keyValues[i]!, foundOfKey(name, observed)),
    );
    return { op: "all", children };
  }
  const instanceValues = observed.instances.map((instance) =>
    all(list.map(({ name, expression }) => evaluate(expression, attributeKey(name, instance), true))),
  );
  const found = {
    instances: instanceValues.length,
    matching: instanceValues.filter((value) => value === "true").length,
    unknown: instanceValues.filter((value) => value === "unknown").length,
    partial: observed.partial,
  };
  const overInstances = any([...instanceValues, ...(observed.partial ? (["unknown"] as const) : [])]);
  return leaf(about, any([isKeyed ? all(keyValues) : "false", overInstances]), found);
}

function overKeys(name: string, expression: NfdExpression | null, observed: Observed): Kleene {
  const values: Kleene[] = [];
  if (observed.flags !== null) values.push(evaluate(expression, observed.flags(name), false));
  if (observed.attributes !== null) {
    values.push(evaluate(expression, attributeKey(name, observed.attributes), true));
  }
  return expression?.op === "DoesNotExist" ? all(values) : any(values);
}

function foundOfKey(name: string, observed: Observed): Found {
  const flag: Key = observed.flags?.(name) ?? { present: false };
  const attribute: Key =
    observed.attributes === null ? { present: false } : attributeKey(name, observed.attributes);
  if (attribute !== "unknown" && attribute.present) return attribute.value;
  if (flag !== "unknown" && flag.present) return "present";
  return attribute === "unknown" || flag === "unknown" ? { unknown: true } : { absent: true };
}

function nameMatches(expression: NfdExpression, observed: Observed): { value: Kleene; found: Found } {
  const named: { name: string; value: Kleene }[] = [];
  const evaluateName = (name: string, exists: Kleene): void => {
    named.push({ name, value: all([exists, evaluate(expression, { present: true, value: name }, true)]) });
  };
  for (const name of observed.flagNames) evaluateName(name, "true");
  for (const facts of [observed.attributes, ...(observed.instances ?? [])]) {
    for (const name of facts?.attributes.keys() ?? []) {
      if (facts?.unknown.has(name) !== true) evaluateName(name, "true");
    }
    for (const name of facts?.unknown ?? []) evaluateName(name, "unknown");
  }
  const values = [...named.map(({ value }) => value), ...unseenNames(expression, observed)];
  const value = any(values);
  const first = named
    .filter((candidate) => candidate.value === "true")
    .map(({ name }) => name)
    .sort(compareBytes)[0];
  return { value, found: first ?? (value === "unknown" ? { unknown: true } : { absent: true }) };
}

/** Names that nobody observed and that may be there. */
function unseenNames({ op, value }: NfdExpression, { flagNames, scope, partial }: Observed): Kleene[] {
  if (op === "DoesNotExist") return [];
  const unseen: Kleene[] = [];
  if (op === "In") {
    for (const name of value) {
      if (partial || (scope !== null && !scope.has(name) && !flagNames.includes(name)))
        unseen.push("unknown");
    }
  } else if (partial || scope !== null) unseen.push("unknown");
  return unseen;
}
