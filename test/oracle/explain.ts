/** Reasons: docs/language.md, "Answers". Which terms of a tree decided it, and what is said of each. */
import type { Found, Reason } from "../../bindings/js/types.ts";
import { type Condition, type Leaf, truthOf } from "./condition.ts";
import type { Kleene } from "./kleene.ts";
import { MAX_REASONS } from "./limits.ts";
import type { Situation } from "./situation.ts";

/** Collects reasons in order, each leaf once. */
export class Reasons {
  readonly reasons: Reason[] = [];
  omitted = 0;
  private readonly given = new Set<string>();
  private readonly situation: Situation;

  constructor(situation: Situation) {
    this.situation = situation;
  }

  /** Adds the terms that gave a condition its value. */
  explain(condition: Condition): void {
    switch (condition.op) {
      case "leaf":
        this.add(condition);
        break;
      case "all":
        for (const child of this.decisive(condition)) this.explain(child);
        break;
      case "any":
        for (const child of this.decisive(condition)) this.explain(child);
        break;
      case "not":
        this.explain(condition.child);
        break;
      case "if":
        this.explain(condition.condition);
        for (const branch of this.taken(condition)) this.explain(branch);
        break;
    }
  }

  /**
   * Adds, of a condition that needs no defence, the alternatives that it took: the first true child of each *any*, and
   * the taken branches of each `if`.
   */
  explainAlternatives(condition: Condition): void {
    switch (condition.op) {
      case "leaf":
        break;
      case "all":
        for (const child of this.decisive(condition)) this.explainAlternatives(child);
        break;
      case "any": {
        // AMBIGUOUS: under a `not`, a false *any* took no alternative; what stands below it is looked through.
        const isTaken = this.value(condition) === "true";
        for (const child of this.decisive(condition)) {
          if (isTaken) this.explain(child);
          else this.explainAlternatives(child);
        }
        break;
      }
      case "not":
        this.explainAlternatives(condition.child);
        break;
      case "if":
        // The condition of an `if` isn't given here, except where the `if` itself stands in an alternative.
        for (const branch of this.taken(condition)) this.explain(branch);
        break;
    }
  }

  private value(condition: Condition): Kleene {
    return truthOf(condition, this.situation);
  }

  private decisive(condition: Condition & { op: "all" | "any" }): readonly Condition[] {
    const value = this.value(condition);
    const { children } = condition;
    if (value === "unknown") return children.filter((child) => this.value(child) === "unknown");
    if (condition.op === "all") {
      return value === "true" ? children : children.filter((child) => this.value(child) === "false");
    }
    return value === "false" ? children : [this.firstTrue(condition)];
  }

  /** The first true child; among weighted ones (NFD's sets) the first of the greatest weight. */
  private firstTrue(condition: Condition & { op: "any" }): Condition {
    const { children, best } = condition;
    const indexes = children.map((_, i) => i).filter((i) => this.value(children[i]!) === "true");
    const weight = (i: number) => best?.[i] ?? 0;
    const index = indexes.reduce((chosen, i) => (weight(i) > weight(chosen) ? i : chosen));
    return children[index]!;
  }

  private taken(condition: Condition & { op: "if" }): readonly Condition[] {
    const value = this.value(condition.condition);
    if (value === "unknown") return [condition.whenTrue, condition.whenFalse];
    return [value === "true" ? condition.whenTrue : condition.whenFalse];
  }

  private add(leaf: Leaf): void {
    const { value, found } = leaf.ask(this.situation);
    const key = identity(leaf, value, found);
    if (this.given.has(key)) return;
    this.given.add(key);
    if (this.reasons.length === MAX_REASONS) {
      this.omitted++;
      return;
    }
    this.reasons.push(reasonOf(leaf, value, found));
  }
}

// Feature, name, wanted and value alone would take `some` and `every` over one condition, a flag and an attribute of one
// name, or a runtime that is missing in two ways for one leaf.
function identity(leaf: Leaf, value: Kleene, found: Found): string {
  const quantifier = leaf.kind === "instances" ? leaf.pointer.slice(leaf.pointer.lastIndexOf("/")) : "";
  return JSON.stringify([leaf.kind, quantifier, leaf.feature, leaf.name, leaf.wanted, value, found]);
}

function reasonOf(leaf: Leaf, value: Kleene, found: Found): Reason {
  const { around } = leaf;
  return {
    document: around.document,
    pointer: leaf.pointer,
    kind: leaf.kind,
    value,
    feature: leaf.feature,
    name: leaf.name,
    wanted: JSON.parse(leaf.wanted),
    found,
    within: around.within,
    title: around.title,
    description: around.description,
    documentation: around.documentation,
    origin: around.origin,
  } as Reason;
}
