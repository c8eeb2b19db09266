/** What a native document asks of one feature, as terms of NFD's rules. */
import { childPointer } from "../pointer.ts";
import { clausesOf, MAX_ALTERNATIVES, productOf, type Tree } from "./alternatives.ts";
import { type Findings, isMap, type JsonMap, listOf, warnClosedWorld } from "./conversion.ts";
import { type NfdExpression, rangeAlternatives } from "./range-alternatives.ts";

/** A term: all its expressions hold, of instances on one of them. */
export interface NfdTerm {
  readonly feature: string;
  readonly expressions: readonly (readonly [name: string, expression: NfdExpression])[];
}

/** What is asked of one attribute. */
interface Asked {
  readonly name: string;
  readonly expression: NfdExpression;
  readonly pointer: string;
}

type Wanted = "holds" | "fails";

const NEVER: Tree<never> = { any: [] };

/** Reads matchers, and tells what NFD has no words for. */
export class MatcherTerms {
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The terms for a matcher that must hold, or fail. */
  matcher(feature: string, matcher: unknown, pointer: string, wanted: Wanted): Tree<NfdTerm> {
    if (Array.isArray(matcher)) return this.#flags(feature, { all: matcher }, pointer, wanted);
    if (!isMap(matcher)) return NEVER;
    const parts = Object.entries(matcher).map(([key, part]) => {
      const place = childPointer(pointer, key);
      switch (key) {
        case "flags":
          return this.#flags(feature, isMap(part) ? part : {}, place, wanted);
        case "attributes":
          return joined(
            wanted,
            Object.entries(isMap(part) ? part : {}).map(([name, test]) =>
              this.#attribute(feature, name, test, childPointer(place, name), wanted),
            ),
          );
        case "some":
        case "none":
          return this.#instances(feature, part, place, key === "some" ? wanted : opposite(wanted), key);
        case "every":
          return this.#cant(place, "NFD can't say that every instance is so");
        case "count":
          return this.#count(feature, isMap(part) ? part : {}, place, wanted);
        default:
          return this.#attribute(feature, key, part, place, wanted);
      }
    });
    return joined(wanted, parts);
  }

  #cant(pointer: string, message: string): Tree<never> {
    this.#findings.cant(pointer, message, "say it otherwise, or keep the native document");
    return NEVER;
  }

  #flags(feature: string, flags: JsonMap, pointer: string, wanted: Wanted): Tree<NfdTerm> {
    const flag = (name: unknown, op: "Exists" | "DoesNotExist"): Tree<NfdTerm> => {
      if (op === "DoesNotExist") warnClosedWorld(this.#findings, pointer, feature);
      return { term: { feature, expressions: [[String(name), { op }]] } };
    };
    const [present, absent] =
      wanted === "holds" ? (["Exists", "DoesNotExist"] as const) : (["DoesNotExist", "Exists"] as const);
    return joined(
      wanted,
      Object.entries(flags).map(([key, names]) => {
        const each = listOf(names).map((name) => flag(name, key === "none" ? absent : present));
        return key === "any" ? joined(opposite(wanted), each) : joined(wanted, each);
      }),
    );
  }

  #attribute(feature: string, name: string, test: unknown, pointer: string, wanted: Wanted): Tree<NfdTerm> {
    const asked = this.#test(name, test, pointer, wanted);
    return mapTerms(asked, ({ expression, pointer: place }) => {
      if (expression.op === "DoesNotExist") warnClosedWorld(this.#findings, place, feature);
      return { feature, expressions: [[name, expression]] };
    });
  }

  #count(feature: string, { of, is }: JsonMap, pointer: string, wanted: Wanted): Tree<NfdTerm> {
    if (!/^\s*(?:>=\s*1|>\s*0)\s*$/.test(String(is))) {
      return this.#cant(pointer, "NFD counts no instances: it can say that there is one");
    }
    if (of !== undefined) return this.#instances(feature, of, `${pointer}/of`, wanted, "count");
    if (wanted === "fails") return this.#cant(pointer, "NFD can't say that there is no instance");
    return { term: { feature, expressions: [] } };
  }

  /** An instance for which everything holds: for each alternative a term. */
  #instances(feature: string, over: unknown, pointer: string, wanted: Wanted, key: string): Tree<NfdTerm> {
    if (wanted === "fails") {
      return this.#cant(
        pointer,
        key === "none" ? "NFD can't say that no instance is so" : "NFD can't deny that one is",
      );
    }
    const clauses = clausesOf(this.#over(over, pointer, "holds"));
    const alternatives = clauses === null ? null : productOf(clauses);
    if (alternatives === null) {
      return this.#cant(pointer, `written out for NFD it has more than ${MAX_ALTERNATIVES} alternatives`);
    }
    return {
      any: alternatives.map((asked): Tree<NfdTerm> => {
        const byName = new Map<string, NfdExpression>();
        for (const { name, expression, pointer: place } of asked) {
          const known = byName.get(name);
          if (known !== undefined && JSON.stringify(known) !== JSON.stringify(expression)) {
            return this.#cant(place, `NFD can ask one thing of an instance's ${name}, not several`);
          }
          byName.set(name, expression);
        }
        return { term: { feature, expressions: [...byName] } };
      }),
    };
  }

  #over(over: unknown, pointer: string, wanted: Wanted): Tree<Asked> {
    if (Array.isArray(over)) {
      return joined(
        wanted,
        over.map((one: unknown, at) => this.#over(one, `${pointer}/${at}`, wanted)),
      );
    }
    if (!isMap(over)) return NEVER;
    return joined(
      wanted,
      Object.entries(over).map(([key, value]): Tree<Asked> => {
        const place = childPointer(pointer, key);
        switch (key) {
          case "all":
            return this.#over(value, place, wanted);
          case "any":
            return joined(
              opposite(wanted),
              listOf(value).map((one, at) => this.#over(one, `${place}/${at}`, wanted)),
            );
          case "not":
            return this.#over(value, place, opposite(wanted));
          case "attributes":
            return joined(
              wanted,
              Object.entries(isMap(value) ? value : {}).map(([name, test]) =>
                this.#test(name, test, childPointer(place, name), wanted),
              ),
            );
          default:
            return this.#test(key, value, place, wanted);
        }
      }),
    );
  }

  /** An attribute that is missing makes every test fail but `exists: false`. */
  #test(name: string, test: unknown, pointer: string, wanted: Wanted): Tree<Asked> {
    const ask = (expression: NfdExpression): Tree<Asked> => ({ term: { name, expression, pointer } });
    const lacks = ask({ op: "DoesNotExist" });
    const oneOf = (values: readonly unknown[], op: "In" | "NotIn"): Tree<Asked> => {
      const value = values.map(String);
      if (wanted === "holds") return ask({ op, value });
      return { any: [lacks, ask({ op: op === "In" ? "NotIn" : "In", value })] };
    };
    if (Array.isArray(test)) return oneOf(test, "In");
    if (!isMap(test)) return oneOf([test], "In");
    return joined(
      wanted,
      Object.entries(test).map(([key, value]): Tree<Asked> => {
        const place = childPointer(pointer, key);
        switch (key) {
          case "exists":
            return (value === true) === (wanted === "holds") ? ask({ op: "Exists" }) : lacks;
          case "version":
          case "number": {
            const found = rangeAlternatives(String(value), key, wanted === "holds" ? "inside" : "outside");
            if (typeof found === "string") return this.#cant(place, found);
            const range = { any: found.map((bounds) => ({ all: bounds.map(ask) })) };
            return wanted === "holds" ? range : { any: [lacks, range] };
          }
          case "text":
            return joined(
              wanted,
              Object.entries(isMap(value) ? value : {}).map(([word, texts]): Tree<Asked> => {
                if (word !== "matches") return oneOf(listOf(texts), word === "in" ? "In" : "NotIn");
                if (wanted === "holds") return ask({ op: "InRegexp", value: [String(texts)] });
                return this.#cant(childPointer(place, word), "NFD can't say that a pattern doesn't match");
              }),
            );
          default:
            return this.#cant(place, `NFD has no ${key}s`);
        }
      }),
    );
  }
}

function opposite(wanted: Wanted): Wanted {
  return wanted === "holds" ? "fails" : "holds";
}

/** What must all hold; one of which must fail for the whole to fail. */
function joined<Term>(wanted: Wanted, trees: readonly Tree<Term>[]): Tree<Term> {
  return wanted === "holds" ? { all: trees } : { any: trees };
}

function mapTerms<From, To>(tree: Tree<From>, convert: (term: From) => To): Tree<To> {
  if ("term" in tree) return { term: convert(tree.term) };
  if ("all" in tree) return { all: tree.all.map((child) => mapTerms(child, convert)) };
  return { any: tree.any.map((child) => mapTerms(child, convert)) };
}
