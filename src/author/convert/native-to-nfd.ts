/**
 * Native documents as NFD's image-compatibility documents (v1alpha1).
 *
 * INVARIANT: wherever NFD's document has an answer that is no error, both have the same verdict, on hosts whose features are
 * of the kinds that the document asks for; what is told as a warning excepted. test/author/convert holds the core to it.
 */
import { childPointer } from "../pointer.ts";
import { type Clause, clausesOf, MAX_ALTERNATIVES, type Tree } from "./alternatives.ts";
import { type Conversion, Findings, isMap, type JsonMap, listOf, textOf } from "./conversion.ts";
import { isFeatureName } from "./native-condition.ts";
import { MatcherTerms, type NfdTerm } from "./native-matcher.ts";

/** Preferences that can be said as sets: each doubles their number. */
export const MAX_PREFERENCES = 4;

/**
 * @param text the document's JSON, which the core has accepted: numbers are taken as they are spelled
 */
export function nativeToNfd(text: string): Conversion {
  const document = JSON.parse(numbersAsText(text)) as JsonMap;
  const findings = new Findings();
  leftOut(document, findings);
  const reader = new ConditionReader(findings);
  const musts: Named[] = named(document.requires, "/requires");
  for (const [at, include] of listOf(document.includes).entries()) {
    if (isMap(include)) musts.push(...named(include.requires, `/includes/${at}/requires`));
  }
  const rules = musts.flatMap((must) => reader.rule(must));
  return findings.conversion({
    version: "v1alpha1",
    compatibilities: setsOf(document, rules, reader, findings),
  });
}

/** Numbers become texts: a scalar means its own spelling. */
function numbersAsText(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

function leftOut(document: JsonMap, findings: Findings): void {
  if (document.annotations !== undefined) {
    findings.tell(
      "warning",
      "left-out",
      "/annotations",
      "NFD's documents have no annotations",
      "keep the native document beside it",
    );
  }
  if (document.runtimes !== undefined) {
    findings.cant(
      "/runtimes",
      "NFD's documents choose no runtime",
      "leave runtimes out, or keep the native document",
    );
  }
}

/** One part of what is demanded, which becomes a rule. */
interface Named {
  readonly condition: unknown;
  readonly pointer: string;
}

/** The parts of a condition that must hold, one by one: each a rule with its own name. */
function named(condition: unknown, pointer: string): Named[] {
  if (Array.isArray(condition)) {
    return condition.flatMap((one: unknown, at) => named(one, `${pointer}/${at}`));
  }
  if (!isMap(condition)) return [];
  const titled = ["name", "description", "documentation"].some((key) => key in condition);
  if (titled) return [{ condition, pointer }];
  const entries = Object.entries(condition);
  const branches = entries.filter(([key]) => BRANCHES.has(key));
  return [
    ...entries
      .filter(([key]) => !BRANCHES.has(key))
      .flatMap(([key, value]) =>
        key === "all" ? named(value, childPointer(pointer, key)) : [{ condition: { [key]: value }, pointer }],
      ),
    ...(branches.length === 0 ? [] : [{ condition: Object.fromEntries(branches), pointer }]),
  ];
}

/** What is one term (docs/language.md, "The requirements document"). */
const BRANCHES: ReadonlySet<string> = new Set(["if", "then", "else"]);

function setsOf(
  document: JsonMap,
  rules: readonly JsonMap[],
  reader: ConditionReader,
  findings: Findings,
): readonly JsonMap[] {
  const head = {
    ...(textOf(document.name) === "" ? {} : { tag: textOf(document.name) }),
    ...(textOf(document.description) === "" ? {} : { description: textOf(document.description) }),
  };
  const preferences = listOf(document.prefers).flatMap((preference, at) => {
    if (!isMap(preference)) return [];
    const pointer = `/prefers/${at}/when`;
    const wanted = named(preference.when, pointer).flatMap((must) => reader.rule(must));
    return [{ weight: Number(preference.weight), rules: wanted }];
  });
  if (preferences.length > MAX_PREFERENCES) {
    findings.cant(
      "/prefers",
      `${preferences.length} preferences would be ${2 ** preferences.length} sets`,
      `NFD adds no weights up: leave at most ${MAX_PREFERENCES}`,
    );
    return [];
  }
  if (preferences.length === 0) return [{ ...head, rules: distinct(rules) }];
  findings.tell(
    "warning",
    "one-sided",
    "/prefers",
    "NFD's document has a score only where it is known to hold, the native one everywhere",
    "nothing to do: only what holds is ranked by its score",
  );
  // NFD takes the greatest weight of the sets that hold: one set for each choice of preferences has their sum.
  const choices = Array.from({ length: 2 ** preferences.length }, (_, choice) =>
    preferences.filter((_preference, at) => (choice & (1 << at)) !== 0),
  );
  const sets = choices
    .map((chosen) => ({
      ...head,
      weight: chosen.reduce((sum, { weight }) => sum + weight, 0),
      rules: distinct([...rules, ...chosen.flatMap((one) => one.rules)]),
    }))
    .sort((a, b) => b.weight - a.weight);
  // Of sets with the same rules the weightiest counts: it stands first.
  const byRules = new Map(sets.reverse().map((set) => [JSON.stringify(set.rules), set]));
  return [...byRules.values()].reverse();
}

/** Rules that are written alike are one. */
function distinct(rules: readonly JsonMap[]): readonly JsonMap[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

class ConditionReader {
  readonly #findings: Findings;
  readonly #matchers: MatcherTerms;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#matchers = new MatcherTerms(findings);
  }

  /** NFD's rules for a condition: terms that must all hold in one, each choice in one of its own. */
  rule({ condition, pointer }: Named): readonly JsonMap[] {
    const clauses = clausesOf(this.#condition(condition, pointer, "holds"));
    if (clauses === null) {
      this.#findings.cant(
        pointer,
        `written out for NFD, which nests nothing, it has more than ${MAX_ALTERNATIVES} alternatives`,
        "nest less",
      );
      return [];
    }
    const title = isMap(condition) ? textOf(condition.name) || textOf(condition.description) : "";
    const name = title === "" ? {} : { name: title };
    const terms = clauses.flatMap((clause) => (clause.length === 1 ? (clause[0] ?? []) : []));
    const choices = clauses.filter((clause) => clause.length !== 1);
    const rules = choices.map((clause): JsonMap => ({ ...name, matchAny: choiceOf(clause) }));
    return terms.length === 0 ? rules : [{ ...name, matchFeatures: terms.map(termOf) }, ...rules];
  }

  #condition(condition: unknown, pointer: string, wanted: "holds" | "fails"): Tree<NfdTerm> {
    const join = (trees: readonly Tree<NfdTerm>[]): Tree<NfdTerm> =>
      wanted === "holds" ? { all: trees } : { any: trees };
    if (Array.isArray(condition)) {
      return join(condition.map((one: unknown, at) => this.#condition(one, `${pointer}/${at}`, wanted)));
    }
    if (!isMap(condition)) return { all: [] };
    return join(
      Object.entries(condition).flatMap(([key, value]) => {
        const place = childPointer(pointer, key);
        switch (key) {
          case "name":
          case "description":
          case "documentation":
          case "then":
          case "else":
            return [];
          case "all":
            return [this.#condition(value, place, wanted)];
          case "any":
            return [this.#any(listOf(value), place, wanted)];
          case "not":
            return [this.#condition(value, place, wanted === "holds" ? "fails" : "holds")];
          case "if":
            return [this.#branches(condition, pointer, wanted)];
          default:
            return [this.#feature(key, value, place, wanted)];
        }
      }),
    );
  }

  #any(conditions: readonly unknown[], pointer: string, wanted: "holds" | "fails"): Tree<NfdTerm> {
    const trees = conditions.map((one, at) => this.#condition(one, `${pointer}/${at}`, wanted));
    return wanted === "holds" ? { any: trees } : { all: trees };
  }

  /** If it holds then, else; where it isn't known, what both branches say (docs/language.md, "Three values"). */
  #branches(condition: JsonMap, pointer: string, wanted: "holds" | "fails"): Tree<NfdTerm> {
    const part = (key: "if" | "then" | "else", side: "holds" | "fails"): Tree<NfdTerm> => {
      if (condition[key] === undefined) return side === "holds" ? { all: [] } : { any: [] };
      return this.#condition(condition[key], childPointer(pointer, key), side);
    };
    return {
      any: [
        { all: [part("if", "holds"), part("then", wanted)] },
        { all: [part("if", "fails"), part("else", wanted)] },
        { all: [part("then", wanted), part("else", wanted)] },
      ],
    };
  }

  #feature(feature: string, matcher: unknown, pointer: string, wanted: "holds" | "fails"): Tree<NfdTerm> {
    if (!isFeatureName(feature) || feature === "rule.matched") {
      this.#findings.cant(pointer, `NFD knows no ${feature}`, "leave it out, or keep the native document");
      return { all: [] };
    }
    if (feature !== feature.replace(/[A-Z]/g, (letter) => letter.toLowerCase())) {
      this.#findings.cant(
        pointer,
        `NFD looks for features in lower case, and never finds ${feature}`,
        "rename it",
      );
      return { all: [] };
    }
    if (feature.includes("/")) {
      this.#findings.tell(
        "warning",
        "one-sided",
        pointer,
        `NFD's own tools don't know ${feature}: to them it is never there`,
        "judge the document with hostfit",
      );
    }
    return this.#matchers.matcher(feature, matcher, pointer, wanted);
  }
}

function choiceOf(clause: Clause<NfdTerm>): readonly JsonMap[] {
  return clause.map((terms) => ({ matchFeatures: terms.map(termOf) }));
}

function termOf({ feature, expressions }: NfdTerm): JsonMap {
  return { feature, matchExpressions: Object.fromEntries(expressions) };
}
