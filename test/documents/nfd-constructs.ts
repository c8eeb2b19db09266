/** Which constructs of NFD's dialect stand in a document. */

type Map = Readonly<Record<string, unknown>>;

export function nfdConstructs(value: unknown, found: Set<string>): void {
  const document = map(value);
  if (document.version !== undefined) found.add("nfd.version");
  for (const set of maps(document.compatibilities)) {
    for (const key of ["tag", "weight", "description", "rules"]) if (key in set) found.add(`nfd.${key}`);
    for (const rule of maps(set.rules)) {
      for (const key of Object.keys(rule)) found.add(`nfd.${key}`);
      for (const term of maps(rule.matchFeatures)) termConstructs(term, found);
      for (const element of maps(rule.matchAny)) {
        for (const term of maps(element.matchFeatures)) termConstructs(term, found);
      }
    }
  }
}

function termConstructs(term: Map, found: Set<string>): void {
  for (const key of Object.keys(term)) found.add(`nfd.${key}`);
  if (Object.keys(term).length === 1) found.add("nfd.feature-alone");
  for (const expression of Object.values(map(term.matchExpressions)))
    expressionConstructs(map(expression), found);
  if (term.matchName !== undefined) expressionConstructs(map(term.matchName), found);
}

function expressionConstructs(expression: Map, found: Set<string>): void {
  found.add(`op.${typeof expression.op === "string" ? expression.op : "none"}`);
  if (expression.type === "version") found.add("nfd.type-version");
}

function map(value: unknown): Map {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Map) : {};
}

function maps(value: unknown): readonly Map[] {
  return Array.isArray(value) ? value.map(map) : [];
}
