/** What the vocabularies at hand say about NFD's image-compatibility documents (v1alpha1), as its JSON: warnings, as for native ones. */
import type { Catalog, CatalogFeature } from "../../probe/vocabulary/catalog.ts";
import { childPointer } from "../pointer.ts";
import type { VocabularyFinding } from "./finding.ts";
import { type DescribedTerm, TermUsage } from "./term-usage.ts";

const MAX_FINDINGS = 100;

type Json = unknown;
type JsonMap = Readonly<Record<string, Json>>;

/** Operators that compare numbers, or versions if the expression's type says so. */
const ORDERS: ReadonlySet<string> = new Set(["Gt", "Ge", "Lt", "Le", "GtLt", "GeLe"]);

/** Findings about a document, as far as its shape is right. At most 100. */
export function nfdUsageFindings(document: Json, catalog: Catalog): VocabularyFinding[] {
  const terms = new TermUsage(catalog);
  for (const [set, at] of elements(member(document, "compatibilities"), "/compatibilities")) {
    for (const [rule, of] of elements(member(set, "rules"), `${at}/rules`)) {
      readTerms(terms, rule, of);
      for (const [any, within] of elements(member(rule, "matchAny"), `${of}/matchAny`))
        readTerms(terms, any, within);
    }
    if (terms.findings.length >= MAX_FINDINGS) break;
  }
  return terms.findings.slice(0, MAX_FINDINGS);
}

function isMap(value: Json): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(value: Json, key: string): Json {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function elements(list: Json, pointer: string): (readonly [Json, string])[] {
  return Array.isArray(list) ? list.map((one: Json, index) => [one, `${pointer}/${index}`] as const) : [];
}

function readTerms(terms: TermUsage, rule: Json, pointer: string): void {
  for (const [term, at] of elements(member(rule, "matchFeatures"), `${pointer}/matchFeatures`)) {
    const name = member(term, "feature");
    // What earlier rules matched is no feature of a host.
    if (typeof name !== "string" || name.toLowerCase() === "rule.matched") continue;
    const known = terms.feature(name, `${at}/feature`, "any-case");
    if (known !== undefined) readTerm(terms, known, term, at);
  }
}

function readTerm(terms: TermUsage, known: CatalogFeature, term: Json, pointer: string): void {
  const expressions = member(term, "matchExpressions");
  for (const [key, expression] of Object.entries(isMap(expressions) ? expressions : {})) {
    const at = childPointer(`${pointer}/matchExpressions`, key);
    if (known.feature.kind === "flags") {
      terms.flag(known, key, at, "key");
      continue;
    }
    const described = terms.attribute(known, key, at);
    if (described !== undefined) readExpression(terms, described, expression, at);
  }
  // Over the names: those of a list of flags are flags.
  const names = member(term, "matchName");
  if (known.feature.kind !== "flags" || member(names, "op") !== "In") return;
  for (const [value, at] of elements(member(names, "value"), `${pointer}/matchName/value`)) {
    if (typeof value === "string") terms.flag(known, value, at, "value");
  }
}

function readExpression(terms: TermUsage, described: DescribedTerm, expression: Json, pointer: string): void {
  const op = member(expression, "op");
  if (op === "In" || op === "NotIn") terms.values(described, member(expression, "value"), `${pointer}/value`);
  else if (typeof op === "string" && ORDERS.has(op)) {
    const order = member(expression, "type") === "version" ? "version" : "number";
    terms.order(described, order, `${pointer}/op`, "value");
  } else if (op === "IsTrue" || op === "IsFalse") {
    const wanted = op === "IsTrue" ? "true" : "false";
    const { what, term } = described;
    const values = term.values ?? (term.type === undefined || term.type === "boolean" ? [wanted] : []);
    if (!values.includes(wanted)) terms.never(what, wanted, `${pointer}/op`);
  }
}
