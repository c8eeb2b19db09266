/** Strong Kleene logic: docs/language.md, "Three values". */

export type Kleene = "true" | "false" | "unknown";

export function all(values: readonly Kleene[]): Kleene {
  if (values.includes("false")) return "false";
  return values.includes("unknown") ? "unknown" : "true";
}

export function any(values: readonly Kleene[]): Kleene {
  if (values.includes("true")) return "true";
  return values.includes("unknown") ? "unknown" : "false";
}

export function not(value: Kleene): Kleene {
  if (value === "unknown") return "unknown";
  return value === "true" ? "false" : "true";
}

export function known(value: boolean): Kleene {
  return value ? "true" : "false";
}

export function ifThenElse(condition: Kleene, then: Kleene, otherwise: Kleene): Kleene {
  if (condition === "true") return then;
  if (condition === "false") return otherwise;
  return then === otherwise ? then : "unknown";
}
