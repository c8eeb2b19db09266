/** One expression of NFD's rules as a test of the native dialect. */
import { type Findings, isMap, type JsonMap, listOf, textOf } from "./conversion.ts";
import { plainInteger, plainVersion } from "./nfd-bounds.ts";

/** What an expression asks of an attribute. */
export type Asked =
  /** Any value, or none: an expression without `op`. */
  | { readonly kind: "anything" }
  | { readonly kind: "exists" }
  | { readonly kind: "lacks" }
  /** One of these tests; several only for several patterns. */
  | { readonly kind: "value"; readonly tests: readonly unknown[] };

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  Gt: [">"],
  Ge: [">="],
  Lt: ["<"],
  Le: ["<="],
  GtLt: [">", "<"],
  GeLe: [">=", "<="],
};

/** Reads an expression; null after telling what of it can't be said. */
export function readExpression(expression: unknown, pointer: string, findings: Findings): Asked | null {
  if (!isMap(expression)) {
    findings.cant(
      pointer,
      "an expression that is null makes NFD crash",
      "write what is wanted, or remove it",
    );
    return null;
  }
  const op = textOf(expression.op);
  const value = listOf(expression.value).map((one) => textOf(one));
  const distinct = [...new Set(value)];
  const errs = (why: string): null => {
    findings.cant(pointer, `NFD answers with an error where the feature has this: ${why}`, "mend it first");
    return null;
  };
  const test = (...tests: unknown[]): Asked => ({
    kind: "value",
    tests: tests.map((one) => (isMap(one) ? findings.from(pointer, { ...one }) : one)),
  });
  switch (op) {
    case "":
    case "Exists":
    case "DoesNotExist":
    case "IsTrue":
    case "IsFalse": {
      if (value.length > 0) return errs(`${op === "" ? "without op" : op} takes no value`);
      if (op === "") return { kind: "anything" };
      if (op === "Exists" || op === "DoesNotExist") return { kind: op === "Exists" ? "exists" : "lacks" };
      return test(op === "IsTrue" ? "true" : "false");
    }
    case "In":
    case "NotIn":
    case "InRegexp": {
      if (value.length === 0) return errs(`${op} needs a value`);
      if (op === "In") return test(distinct.length === 1 ? distinct[0] : distinct);
      if (op === "NotIn") return test({ text: { notIn: distinct } });
      return test(...distinct.map((matches) => ({ text: findings.from(pointer, { matches }) })));
    }
    default: {
      const operators = ORDERS[op];
      return operators === undefined
        ? errs(`it has no op ${JSON.stringify(op)}`)
        : ordered(expression, op, operators, value, { errs, test });
    }
  }
}

function ordered(
  expression: JsonMap,
  op: string,
  operators: readonly string[],
  value: readonly string[],
  { errs, test }: { errs: (why: string) => null; test: (...tests: unknown[]) => Asked },
): Asked | null {
  const type = textOf(expression.type);
  if (value.length !== operators.length) {
    return errs(`${op} needs ${operators.length === 1 ? "one value" : "two values"}`);
  }
  if (type !== "" && type !== "version") return errs(`there is no type ${JSON.stringify(type)}`);
  const bounds = value.map((one) => (type === "version" ? plainVersion(one) : plainInteger(one)));
  const bad = bounds.indexOf(null);
  if (bad >= 0) {
    return errs(`${JSON.stringify(value[bad])} is no ${type === "version" ? "version" : "whole number"}`);
  }
  const [low, high] = bounds as string[];
  if (type === "" && high !== undefined && BigInt(low ?? "0") >= BigInt(high)) {
    return errs(`${low} isn't below ${high}`);
  }
  const range = operators.map((operator, at) => `${operator}${bounds[at]}`).join(" ");
  return test(type === "version" ? { version: range } : { number: range });
}
