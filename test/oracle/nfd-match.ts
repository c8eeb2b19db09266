/** What NFD itself answers: docs/nfd-dialect.md, "NFD's answer: match". Nothing is cut short, as in `nfd compat`. */
import type { NfdAnswer, NfdSet } from "../../bindings/js/types.ts";
import type { Host } from "./facts.ts";
import {
  compareBytes,
  type NfdDocument,
  type NfdExpression,
  type NfdExpressions,
  type NfdRule,
  type NfdTerm,
} from "./nfd-document.ts";
import { holdsFor, type NfdErrorCode, NfdFailure, type NfdKey } from "./nfd-expression.ts";

/** The error that NFD's evaluation ends in, with its place. */
export interface NfdStop {
  readonly code: NfdErrorCode;
  readonly pointer: string;
  readonly wanted: string;
  readonly feature: string | null;
  readonly name: string | null;
  readonly unreadable: string | null;
  readonly set: number;
  readonly rule: number;
  /** Pointer of the `matchAny` that it stands in. */
  readonly matchAny: string | null;
}

export interface NfdResult {
  readonly answer: NfdAnswer;
  readonly stop: NfdStop | null;
}

/** A feature as NFD sees it: a kind that is null has no elements; a feature of which no kind is there is null. */
interface Feature {
  readonly flags: ReadonlySet<string> | null;
  readonly attributes: ReadonlyMap<string, string> | null;
  readonly instances: readonly ReadonlyMap<string, string>[];
}

/** Thrown through the evaluation. */
class Stopped extends Error {
  readonly stop: NfdStop;
  constructor(stop: NfdStop) {
    super(stop.code);
    this.stop = stop;
  }
}

export function matchNfd(document: NfdDocument, host: Host): NfdResult {
  try {
    const holding = new Evaluation(host).holdingSets(document);
    const match = document.sets.length === 0 || holding.length > 0;
    return { answer: { document: document.id, match, set: greatest(document, holding) }, stop: null };
  } catch (thrown) {
    if (!(thrown instanceof Stopped)) throw thrown;
    const { code, pointer } = thrown.stop;
    return { answer: { document: document.id, error: { code, pointer } }, stop: thrown.stop };
  }
}

function greatest(document: NfdDocument, holding: readonly number[]): NfdSet | null {
  const [first] = holding;
  if (first === undefined) return null;
  const weight = (i: number) => document.sets[i]?.weight ?? 0;
  const index = holding.reduce((best, i) => (weight(i) > weight(best) ? i : best), first);
  const set = document.sets[index]!;
  return { index, weight: set.weight, tag: set.tag || null, description: set.description || null };
}

class Evaluation {
  private readonly host: Host;
  /** `rule.matched`, once a rule was evaluated. */
  private vars: Map<string, string> | null = null;
  private set = 0;
  private rule = 0;
  private matchAny: string | null = null;

  constructor(host: Host) {
    this.host = host;
  }

  holdingSets(document: NfdDocument): number[] {
    const holding: number[] = [];
    document.sets.forEach((set, index) => {
      this.set = index;
      const results = set.rules.map((rule, i) => {
        this.rule = i;
        return this.ruleHolds(rule);
      });
      if (results.every(Boolean)) holding.push(index);
    });
    return holding;
  }

  private ruleHolds(rule: NfdRule): boolean {
    let anyHolds = rule.matchAny.length === 0;
    for (const terms of rule.matchAny) {
      this.matchAny = rule.matchAnyPointer;
      const holds = this.termsHold(terms);
      if (holds) this.runTemplate(rule);
      anyHolds ||= holds;
    }
    this.matchAny = null;
    const featuresHold = this.termsHold(rule.matchFeatures);
    if (featuresHold && rule.matchFeatures.length > 0) this.runTemplate(rule);
    this.vars ??= new Map();
    if (featuresHold) for (const [name, text] of rule.vars) this.vars.set(name, text);
    return anyHolds && featuresHold;
  }

  private runTemplate({ varsTemplate }: NfdRule): void {
    if (varsTemplate !== null) this.stop("unsupported-template", varsTemplate, null, null);
  }

  /**
   * NFD keeps the outcome of the last term that it evaluated in one variable for all terms of a list. So after a term that
   * is false, the `matchName` of a term without `matchExpressions` isn't evaluated, and can't be an error.
   */
  private termsHold(terms: readonly NfdTerm[]): boolean {
    let holds = true;
    let last = true;
    for (const term of terms) {
      const feature = this.feature(term.feature);
      if (feature === null) {
        holds = false;
        continue;
      }
      if (term.matchExpressions !== null) last = this.expressionsHold(term, term.matchExpressions, feature);
      if (last && term.matchName !== null) last = this.nameMatches(term, term.matchName, feature);
      holds &&= last;
    }
    return holds;
  }

  private feature(name: string): Feature | null {
    const flags = this.host.flags.get(name);
    const attributes = this.host.attributes.get(name);
    const instances = this.host.instances.get(name);
    const vars = name === "rule.matched" ? this.vars : null;
    if (flags === undefined && attributes === undefined && instances === undefined && vars === null)
      return null;
    const elements = attributes?.elements ?? null;
    return {
      flags: flags?.elements ?? null,
      attributes: elements === null && vars === null ? null : new Map([...(elements ?? []), ...(vars ?? [])]),
      instances: (instances?.elements ?? []).map((instance) => instance.attributes),
    };
  }

  private expressionsHold(term: NfdTerm, expressions: NfdExpressions, feature: Feature): boolean {
    const sorted = [...expressions.list].sort((a, b) => compareBytes(a.name, b.name));
    const evaluate = (name: string, key: NfdKey): boolean => {
      const { expression, pointer, wanted } = sorted.find((candidate) => candidate.name === name)!;
      if (expression === null) return this.stop("null-expression", { pointer, wanted }, term.feature, name);
      return this.holds(term.feature, name, expression, key);
    };
    let keysHold = feature.flags !== null || feature.attributes !== null;
    for (const { name, expression } of sorted) {
      const overFlags = feature.flags === null ? null : evaluate(name, flagKey(feature.flags, name));
      if (expression?.op === "DoesNotExist") {
        const overAttributes =
          feature.attributes === null || overFlags === false
            ? null
            : evaluate(name, textKey(feature.attributes, name));
        if (overFlags === false || overAttributes === false) keysHold = false;
      } else {
        const overAttributes =
          feature.attributes === null ? null : evaluate(name, textKey(feature.attributes, name));
        if (overFlags !== true && overAttributes !== true) keysHold = false;
      }
    }
    const instancesHold = feature.instances
      .map((instance) => sorted.map(({ name }) => evaluate(name, textKey(instance, name))).every(Boolean))
      .some(Boolean);
    return keysHold || instancesHold;
  }

  private nameMatches(term: NfdTerm, expression: NfdExpression, feature: Feature): boolean {
    const names = [
      sortedNames(feature.flags?.keys()),
      sortedNames(feature.attributes?.keys()),
      ...feature.instances.map((instance) => sortedNames(instance.keys())),
    ].flat();
    return names
      .map((name) => this.holds(term.feature, null, expression, { present: true, value: name }))
      .some(Boolean);
  }

  private holds(feature: string, name: string | null, expression: NfdExpression, key: NfdKey): boolean {
    try {
      return holdsFor(expression, key);
    } catch (thrown) {
      if (!(thrown instanceof NfdFailure)) throw thrown;
      return this.stop(thrown.code, expression, feature, name, thrown.unreadable);
    }
  }

  private stop(
    code: NfdErrorCode,
    { pointer, wanted }: { pointer: string; wanted: string },
    feature: string | null,
    name: string | null,
    unreadable: string | null = null,
  ): never {
    const { set, rule, matchAny } = this;
    throw new Stopped({ code, pointer, wanted, feature, name, unreadable, set, rule, matchAny });
  }
}

function sortedNames(names: Iterable<string> | undefined): string[] {
  return [...(names ?? [])].sort(compareBytes);
}

function flagKey(flags: ReadonlySet<string>, name: string): NfdKey {
  return flags.has(name) ? { present: true, value: null } : { present: false };
}

function textKey(texts: ReadonlyMap<string, string>, name: string): NfdKey {
  const text = texts.get(name);
  return text === undefined ? { present: false } : { present: true, value: text };
}
