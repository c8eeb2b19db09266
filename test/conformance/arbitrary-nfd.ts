/** Random documents of the dialect nfd, over the alphabets of the facts. */
import fc from "fast-check";
import { FEATURES, mapOf, name, some, text } from "./arbitrary-facts.ts";

const OPS = [
  "In",
  "NotIn",
  "InRegexp",
  "Exists",
  "DoesNotExist",
  "Gt",
  "Ge",
  "Lt",
  "Le",
  "GtLt",
  "GeLe",
  "IsTrue",
  "IsFalse",
  "",
] as const;

const value = fc.oneof(
  { weight: 6, arbitrary: text as fc.Arbitrary<string> },
  { weight: 2, arbitrary: name },
  {
    weight: 1,
    arbitrary: fc.constantFrom("[0-9]", "^a", "(", "+5", "007", "9223372036854775808", "1.2", "5.14"),
  },
);

/** Mostly with as many values as the op wants, so that errors don't drown everything else. */
const wellFormed = fc.constantFrom(...OPS).chain((op) => {
  const [minLength, maxLength] = valueCount(op);
  const members = { op: fc.constant(op), value: fc.array(value, { minLength, maxLength }) };
  return some(members, maxLength > 0 ? ["op", "value"] : ["op"]);
});

function valueCount(op: (typeof OPS)[number]): [number, number] {
  if (op === "GtLt" || op === "GeLe") return [2, 2];
  if (op === "In" || op === "NotIn" || op === "InRegexp") return [1, 3];
  return op.startsWith("G") || op.startsWith("L") ? [1, 1] : [0, 0];
}

const strange = some({
  op: fc.constantFrom(...OPS, "Like", null),
  value: fc.oneof(fc.array(value, { maxLength: 3 }) as fc.Arbitrary<unknown>, fc.constant(null)),
  type: fc.constantFrom("version", "", "number", null),
});

const expression = fc.oneof(
  { weight: 12, arbitrary: wellFormed },
  { weight: 3, arbitrary: wellFormed.map((map) => ({ ...map, type: "version" })) },
  { weight: 2, arbitrary: strange },
);

const nullable = fc.oneof(
  { weight: 40, arbitrary: expression as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.constant(null) },
);

const feature = fc.constantFrom(...FEATURES, "CPU.CPUID", "rule.matched", "no.such");

const term = some({ feature, matchExpressions: mapOf(name, nullable, 0, 2), matchName: expression }, [
  "feature",
]);

const terms = fc.array(term, { maxLength: 2 });

const rule = fc.oneof(
  {
    weight: 20,
    arbitrary: some({
      name: fc.constantFrom("r", "s", ""),
      vars: mapOf(name, text, 0, 2),
      varsTemplate: fc.oneof(
        { weight: 9, arbitrary: fc.constant("") },
        { weight: 1, arbitrary: fc.constant("a=b") },
      ),
      matchFeatures: terms,
      matchAny: fc.array(some({ matchFeatures: terms }), { maxLength: 2 }),
      labels: fc.constant({ ignored: true }),
    }) as fc.Arbitrary<unknown>,
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

const set = some({
  rules: fc.array(rule, { maxLength: 2 }),
  weight: fc.integer({ min: -2, max: 5 }),
  tag: fc.constantFrom("", "t"),
  description: fc.constantFrom("", "why"),
});

export const nfdDocument = some(
  { version: fc.constant("v1alpha1"), compatibilities: fc.array(set, { maxLength: 3 }) },
  ["compatibilities"],
);
