/**
 * NFD's image-compatibility documents in the native dialect.
 *
 * INVARIANT: wherever NFD's document has an answer that is no error, the native one gives the same verdict and the same
 * score, on hosts whose features are of the kinds that the vocabularies say; what is told as a warning excepted. What can't
 * be said so is told, and then there is no document. test/author/convert holds the core to it.
 */
import { childPointer } from "../pointer.ts";
import {
  type Conversion,
  Findings,
  isMap,
  type JsonMap,
  listOf,
  textOf,
  warnClosedWorld,
} from "./conversion.ts";
import { allOf, anyOf, attributeTests, type Condition, isFeatureName } from "./native-condition.ts";
import { type Asked, readExpression } from "./nfd-expression.ts";

/** Of which kind a feature is; undefined where no vocabulary says. */
export type KindOf = (feature: string) => "flags" | "attributes" | "instances" | undefined;

/** What weights the native dialect has. */
const MAX_WEIGHT = 100;

/** @param document as readDocument gives it in the dialect `nfd`, parsed */
export function nfdToNative(document: unknown, kindOf: KindOf): Conversion {
  const findings = new Findings();
  const terms = new Terms(kindOf, findings);
  const sets = listOf(isMap(document) ? document.compatibilities : null).map((set, at) =>
    readSet(set, `/compatibilities/${at}`, terms, findings),
  );
  const requires = sets.length === 0 ? true : anyOf(sets.map(({ condition }) => condition));
  const prefers = preferences(sets, findings);
  return findings.conversion({
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    ...(requires === true ? {} : { requires }),
    ...(prefers.length === 0 ? {} : { prefers }),
  });
}

interface Set {
  readonly condition: Condition;
  readonly weight: number;
  readonly tag: string;
  readonly pointer: string;
}

function readSet(value: unknown, pointer: string, terms: Terms, findings: Findings): Set {
  const set = isMap(value) ? value : {};
  const rules = listOf(set.rules).map((rule, at) => {
    const place = `${pointer}/rules/${at}`;
    if (!isMap(rule)) return true;
    if (textOf(rule.varsTemplate) !== "") {
      findings.cant(`${place}/varsTemplate`, "a template can't be said", "write the rule without it");
    }
    const elements = listOf(rule.matchAny).map((element, index) =>
      terms.list(isMap(element) ? element.matchFeatures : null, `${place}/matchAny/${index}/matchFeatures`),
    );
    return allOf(
      [
        elements.length === 0 ? true : anyOf(elements),
        terms.list(rule.matchFeatures, `${place}/matchFeatures`),
      ],
      { name: textOf(rule.name) },
    );
  });
  const weight = typeof set.weight === "number" ? set.weight : 0;
  const tag = textOf(set.tag);
  const condition = allOf(rules, { name: tag, description: textOf(set.description) });
  return { condition, weight, tag, pointer };
}

/**
 * Of NFD's sets the greatest weight counts, of native preferences the sum: so each is worth what it adds to the next lower
 * weight, and holds if a set of at least its weight does.
 */
function preferences(sets: readonly Set[], findings: Findings): readonly JsonMap[] {
  for (const { weight, pointer } of sets) {
    if (weight < 0) {
      findings.cant(`${pointer}/weight`, `the weight ${weight} is below 0`, "native weights add up from 0");
    }
  }
  const weights = [...new Set(sets.map(({ weight }) => weight))]
    .filter((one) => one > 0)
    .sort((a, b) => b - a);
  return weights.flatMap((weight, at) => {
    const reaching = sets.filter((set) => set.weight >= weight);
    const worth = weight - (weights[at + 1] ?? 0);
    const when = anyOf(reaching.map(({ condition }) => condition));
    const place = `${sets.find((set) => set.weight === weight)?.pointer}/weight`;
    if (worth > MAX_WEIGHT) {
      findings.cant(
        place,
        `the weight ${weight} is more than ${MAX_WEIGHT} above the next`,
        "weigh from 0 to 100",
      );
      return [];
    }
    if (when === true) {
      findings.cant(place, "a set that always holds can't have a weight", "leave its weight out");
      return [];
    }
    return [
      { name: reaching.find((set) => set.weight === weight)?.tag || `weight ${weight}`, weight: worth, when },
    ];
  });
}

class Terms {
  readonly #kindOf: KindOf;
  readonly #findings: Findings;

  constructor(kindOf: KindOf, findings: Findings) {
    this.#kindOf = kindOf;
    this.#findings = findings;
  }

  list(terms: unknown, pointer: string): Condition {
    return allOf(listOf(terms).map((term, at) => this.#term(isMap(term) ? term : {}, `${pointer}/${at}`)));
  }

  #term(term: JsonMap, pointer: string): Condition {
    // NFD looks for the feature in lower case.
    const feature = textOf(term.feature).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const place = `${pointer}/feature`;
    if (feature === "rule.matched") {
      this.#findings.cant(
        place,
        "what earlier rules found can't be asked for",
        "write the conditions themselves",
      );
      return true;
    }
    if (!isFeatureName(feature)) {
      this.#findings.cant(
        place,
        `${JSON.stringify(feature)} is no feature's name`,
        "names are source.feature",
      );
      return true;
    }
    const kind = this.#kindOf(feature);
    if (kind === undefined) {
      this.#findings.tell(
        "error",
        "kind-unknown",
        place,
        `no vocabulary says whether ${feature} is flags, attributes or instances`,
        "give one that does (--vocabulary)",
      );
      return true;
    }
    const { matchExpressions, matchName } = term;
    const given = isMap(matchExpressions) || isMap(matchName);
    if (!given) return this.#onlyFeature(pointer, feature);
    return allOf([
      isMap(matchExpressions)
        ? this.#expressions(matchExpressions, feature, kind, `${pointer}/matchExpressions`)
        : true,
      isMap(matchName) ? this.#name(matchName, feature, kind, `${pointer}/matchName`) : true,
    ]);
  }

  #onlyFeature(pointer: string, feature: string): true {
    this.#findings.cant(
      pointer,
      `that ${feature} is known, whatever it holds, can't be asked for`,
      "say what it must hold",
    );
    return true;
  }

  #expressions(expressions: JsonMap, feature: string, kind: ReturnType<KindOf>, pointer: string): Condition {
    const read = Object.entries(expressions).map(([key, expression]) => {
      const place = childPointer(pointer, key);
      return { key, place, asked: readExpression(expression, place, this.#findings) };
    });
    const asked = read.flatMap(({ key, place, asked: one }) =>
      one === null ? [] : [{ key, place, asked: one }],
    );
    if (asked.length < read.length) return true;
    if (kind === "instances") return this.#instance(asked, feature);
    const real = asked.filter((one) => one.asked.kind !== "anything");
    if (real.length === 0) return this.#onlyFeature(pointer, feature);
    for (const { place, asked: one } of real) {
      if (one.kind === "lacks") warnClosedWorld(this.#findings, place, feature);
    }
    return kind === "flags" ? this.#flags(real, feature) : attributes(real, feature);
  }

  #flags(asked: readonly Expression[], feature: string): Condition {
    for (const { key, place, asked: one } of asked) {
      if (one.kind !== "value") continue;
      this.#findings.tell(
        "error",
        "never-holds",
        place,
        `${key} is a flag, which has no value: NFD finds this false on every host`,
        "use Exists, or name the feature that has the value",
      );
    }
    const all = asked.filter((one) => one.asked.kind === "exists").map(({ key }) => key);
    const none = asked.filter((one) => one.asked.kind === "lacks").map(({ key }) => key);
    if (none.length === 0) return { [feature]: all };
    return { [feature]: { flags: { ...(all.length === 0 ? {} : { all }), none } } };
  }

  /** All expressions hold on one instance. */
  #instance(asked: readonly Expression[], feature: string): Condition {
    const real = asked.filter((one) => one.asked.kind !== "anything");
    if (real.length === 0) return { [feature]: { count: { is: ">=1" } } };
    const { single, several } = bySeveral(real);
    const own = single === null ? [] : [attributeTests(single, "over")];
    const patterns = several.map(({ key, tests }) => ({
      any: tests.map((test) => attributeTests({ [key]: test }, "over")),
    }));
    const [only, ...more] = [...own, ...patterns];
    return { [feature]: { some: more.length === 0 ? only : [only, ...more] } };
  }

  #name(expression: JsonMap, feature: string, kind: ReturnType<KindOf>, pointer: string): Condition {
    const op = textOf(expression.op);
    const names = [...new Set(listOf(expression.value).map((one) => textOf(one)))];
    if (op !== "In" || names.length === 0) {
      this.#findings.cant(
        pointer,
        `matchName with ${op === "" ? "no op" : op} asks for names that nobody lists`,
        "list them: op In",
      );
      return true;
    }
    if (kind === "flags") return anyOf(names.map((name) => ({ [feature]: [name] })));
    if (kind === "attributes") {
      return anyOf(
        names.map((name) => ({ [feature]: attributeTests({ [name]: { exists: true } }, "matcher") })),
      );
    }
    const overs = names.map((name) => attributeTests({ [name]: { exists: true } }, "over"));
    return { [feature]: { some: overs.length === 1 ? overs[0] : { any: overs } } };
  }
}

interface Expression {
  readonly key: string;
  readonly place: string;
  readonly asked: Asked;
}

function testsOf(asked: Asked): readonly unknown[] {
  if (asked.kind === "value") return asked.tests;
  return [{ exists: asked.kind === "exists" }];
}

/** What has one test goes into one map; what has several alternatives stands by itself. */
function bySeveral(asked: readonly Expression[]) {
  const read = asked.map(({ key, asked: one }) => ({ key, tests: testsOf(one) }));
  const single = read.filter(({ tests }) => tests.length === 1).map(({ key, tests }) => [key, tests[0]]);
  return {
    single: single.length === 0 ? null : (Object.fromEntries(single) as JsonMap),
    several: read.filter(({ tests }) => tests.length > 1),
  };
}

function attributes(asked: readonly Expression[], feature: string): Condition {
  const { single, several } = bySeveral(asked);
  return allOf([
    single === null ? true : { [feature]: attributeTests(single, "matcher") },
    ...several.map(({ key, tests }) =>
      anyOf(tests.map((test) => ({ [feature]: attributeTests({ [key]: test }, "matcher") }))),
    ),
  ]);
}
