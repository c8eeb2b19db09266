/**
 * What NFD would refuse of an image-compatibility document, told before a host is asked: NFD finds a wrong expression
 * only while it evaluates it. The core is given each expression alone, with a fact that it applies to.
 */
import type { Matcher } from "../../bindings/js/matcher.ts";
import { childPointer } from "../author/pointer.ts";

/** A wrong expression: NFD's answer about it, and where it stands. */
export interface WrongExpression {
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly pointer: string;
}

/** Expressions that are looked at in one document; what comes after them is left to the evaluation. */
const MAX_EXPRESSIONS = 10_000;

const OPERATORS = "In, NotIn, InRegexp, Exists, DoesNotExist, Gt, Ge, Lt, Le, GtLt, GeLe, IsTrue, IsFalse";

/** NFD's errors, by the code that the core gives them (docs/nfd-dialect.md). */
const MEANINGS: Readonly<Record<string, readonly [message: string, help: string]>> = {
  "unknown-op": ["NFD has no such operator", `write one of ${OPERATORS}, or leave op out`],
  "value-not-empty": ["this operator takes no value", "remove value"],
  "value-empty": ["this operator needs at least one value", "add value, a list of texts"],
  "value-count": [
    "this operator takes another number of values",
    "Gt, Ge, Lt and Le take one value, GtLt and GeLe take two",
  ],
  "bad-pattern": ["a value is no pattern that NFD can read", "patterns are RE2 syntax, as in Go's regexp"],
  "not-a-number": ["a value is not a whole number", "write digits, or type: version to compare versions"],
  "not-a-version": ["a value is not a version", "write it as 1.2.3"],
  "bad-interval": ["the lower bound is not below the upper one", "put the smaller value first"],
  "bad-type": ["there is no such type", "leave type out to compare whole numbers, or write version"],
};

/** The first expression that NFD would refuse if it came to it; null if there is none. The document must compile. */
export function wrongExpression(matcher: Matcher, document: unknown): WrongExpression | null {
  const facts = matcher.facts(FACTS);
  try {
    let count = 0;
    for (const { expression, pointer } of expressions(document)) {
      if (++count > MAX_EXPRESSIONS) break;
      const code = errorOf(matcher, facts, expression);
      const meaning = code === null ? undefined : MEANINGS[code];
      if (code !== null && meaning !== undefined) {
        const [message, help] = meaning;
        return { code, message: `${message}: NFD ends with an error`, help, pointer };
      }
    }
    return null;
  } finally {
    facts.dispose();
  }
}

/** An attribute that every operator and both types can read. */
const FACTS = {
  apiVersion: "hostfit/v1.0",
  kind: "Host",
  features: { attributes: { "a.b": { elements: { c: "1" } } } },
};

function errorOf(matcher: Matcher, facts: ReturnType<Matcher["facts"]>, expression: unknown): string | null {
  const alone = {
    compatibilities: [
      { rules: [{ matchFeatures: [{ feature: "a.b", matchExpressions: { c: expression } }] }] },
    ],
  };
  const requirements = matcher.compile(alone, { dialect: "nfd" });
  try {
    const [answer] = matcher.evaluate(requirements, facts).nfd ?? [];
    return answer !== undefined && "error" in answer ? answer.error.code : null;
  } finally {
    requirements.dispose();
  }
}

/** The expressions in document order, those of `matchName` too. What has another shape is passed over: the core refuses it. */
function* expressions(document: unknown): Generator<{ expression: unknown; pointer: string }> {
  for (const set of itemsOf(document, "", "compatibilities")) {
    for (const rule of itemsOf(set.value, set.pointer, "rules")) {
      const any = [...itemsOf(rule.value, rule.pointer, "matchAny")];
      for (const list of [...any, rule]) {
        for (const term of itemsOf(list.value, list.pointer, "matchFeatures")) {
          const named = memberOf(term.value, "matchExpressions");
          if (typeof named === "object" && named !== null) {
            for (const [name, expression] of Object.entries(named)) {
              const within = childPointer(term.pointer, "matchExpressions");
              if (expression !== null) yield { expression, pointer: childPointer(within, name) };
            }
          }
          const name = memberOf(term.value, "matchName");
          if (typeof name === "object" && name !== null) {
            yield { expression: name, pointer: childPointer(term.pointer, "matchName") };
          }
        }
      }
    }
  }
}

function* itemsOf(
  holder: unknown,
  pointer: string,
  key: string,
): Generator<{ value: unknown; pointer: string }> {
  const list = memberOf(holder, key);
  if (!Array.isArray(list)) return;
  for (const [index, value] of list.entries()) {
    yield { value, pointer: childPointer(childPointer(pointer, key), index) };
  }
}

function memberOf(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
