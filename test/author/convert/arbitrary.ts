/** Random documents and facts for conversions: each feature has the kinds that the vocabulary says, and no others. */
import fc from "fast-check";
import { type JsonMap, mapOf, some } from "../../conformance/arbitrary-facts.ts";

export const FLAGS = ["f.x", "f.y"] as const;
export const ATTRIBUTES = ["a.x", "a.y"] as const;
export const INSTANCES = ["i.x", "i.y"] as const;

/** What a vocabulary would say of these features. */
export function kindOf(feature: string): "flags" | "attributes" | "instances" | undefined {
  const kinds = { f: "flags", a: "attributes", i: "instances" } as const;
  return /^[fai]\.[xy]$/.test(feature) ? kinds[feature[0] as keyof typeof kinds] : undefined;
}

const NAMES = ["n", "m", "all", "some"] as const;
const TEXTS = [
  "",
  "1",
  "2",
  "3",
  "10",
  "007",
  "+5",
  "-1",
  "true",
  "false",
  "abc",
  "v1.2",
  "1.2.3",
  "1.2.3-rc.1",
  "6.8.0-1010-aws",
  "5.14.0-427.el9_4",
  "1.0",
  "1e2",
  "9223372036854775808",
] as const;
export const name = fc.constantFrom(...NAMES);
export const text = fc.constantFrom(...TEXTS);
const names = fc.uniqueArray(name, { maxLength: 3 });

const elements = (of: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: of }, { weight: 1, arbitrary: fc.constant(null) });
const texts = mapOf(name, text, 0, 4);

/** @param closed whether features that are absent altogether may be in `closedWorld` */
export function facts(closed: "any" | "present"): fc.Arbitrary<JsonMap> {
  return fc
    .record({
      flags: mapOf(
        fc.constantFrom(...FLAGS),
        some({ elements: elements(names), scope: names }, ["elements"]),
        0,
        2,
      ),
      attributes: mapOf(
        fc.constantFrom(...ATTRIBUTES),
        // Of what isn't there (null) no names can be unknown either.
        fc.oneof(
          { weight: 9, arbitrary: some({ elements: texts, unknown: names }, ["elements"]) },
          { weight: 1, arbitrary: fc.constant<JsonMap>({ elements: null }) },
        ),
        0,
        2,
      ),
      instances: mapOf(
        fc.constantFrom(...INSTANCES),
        some(
          {
            elements: elements(
              fc.array(some({ attributes: texts, unknown: names }, ["attributes"]), { maxLength: 3 }),
            ),
            partial: fc.boolean(),
          },
          ["elements"],
        ),
        0,
        2,
      ),
    })
    .chain((features) => {
      const present = Object.values(features).flatMap((kind) =>
        Object.entries(kind)
          .filter(([, one]) => (one as JsonMap)["elements"] !== null)
          .map(([feature]) => feature),
      );
      const all = [...FLAGS, ...ATTRIBUTES, ...INSTANCES];
      return some(
        {
          kind: fc.constant("Host"),
          features: fc.constant(features),
          closedWorld: fc.subarray(closed === "any" ? [...all] : present),
        },
        ["kind", "features"],
      );
    });
}

const OPS = ["In", "NotIn", "InRegexp", "Exists", "DoesNotExist", "IsTrue", "IsFalse"] as const;
const ORDERS = ["Gt", "Ge", "Lt", "Le", "GtLt", "GeLe"] as const;

const plain = fc
  .oneof({ weight: 30, arbitrary: fc.constantFrom(...OPS) }, { weight: 1, arbitrary: fc.constant("") })
  .chain((op) => {
    const [minLength, maxLength] = /In/.test(op) ? [1, 3] : [0, 0];
    const value = op === "InRegexp" ? fc.constantFrom("^1", "a.c", "[0-9]", "^1", "(", "v", "b$") : text;
    return some({ op: fc.constant(op), value: fc.array(value, { minLength, maxLength }) }, ["op", "value"]);
  });
const BOUNDS = {
  "": ["-1", "1", "2", "+3", "10", "x"],
  version: ["1", "1.2", "v1.2.3", "1.2.3-rc.1", "6.8", "x"],
};
const ordered = fc
  .constantFrom<"" | "version">("", "version")
  .chain((type) =>
    fc.tuple(
      fc.constantFrom(...ORDERS),
      fc.subarray([...BOUNDS[type]], { minLength: 2, maxLength: 2 }),
      fc.constant(type),
    ),
  )
  .map(
    ([op, value, type]): JsonMap => ({
      op,
      value: op.length > 2 ? value : [value[0]],
      ...(type === "" ? {} : { type }),
    }),
  );
const expression = fc.oneof({ weight: 3, arbitrary: plain }, { weight: 2, arbitrary: ordered });

function term(feature: string): fc.Arbitrary<JsonMap> {
  const isFlag = feature.startsWith("f");
  const one = isFlag
    ? some({ op: fc.constantFrom("Exists", "Exists", "Exists", "DoesNotExist") }, ["op"])
    : expression;
  return some(
    {
      feature: fc.constantFrom(feature, feature.toUpperCase()),
      matchExpressions: mapOf(name, one, 1, 2),
      matchName: some(
        {
          op: fc.oneof(
            { weight: 30, arbitrary: fc.constant("In") },
            { weight: 1, arbitrary: fc.constant("NotIn") },
          ),
          value: fc.array(name, { minLength: 1, maxLength: 2 }),
        },
        ["op", "value"],
      ),
    },
    ["feature", "matchExpressions"],
  );
}

const anyTerm = fc.constantFrom(...FLAGS, ...ATTRIBUTES, ...INSTANCES).chain(term);
const terms = fc.array(anyTerm, { minLength: 1, maxLength: 2 });
const rule = some(
  {
    name: fc.constantFrom("", "r"),
    matchFeatures: terms,
    matchAny: fc.array(some({ matchFeatures: terms }), { maxLength: 3 }),
  },
  ["matchFeatures"],
);

/** NFD's documents, most of which can be said. */
export const nfdDocument: fc.Arbitrary<JsonMap> = some(
  {
    version: fc.constant("v1alpha1"),
    compatibilities: fc.array(
      some({
        rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
        weight: fc.constantFrom(0, 0, 1, 2, 50, 100),
        tag: fc.constantFrom("", "t"),
        description: fc.constantFrom("", "why"),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
  ["compatibilities"],
);

const range = fc.constantFrom(
  ">=1",
  "<2",
  "=1.2.3",
  "1.2",
  "!=2",
  ">=1 <10",
  ">1 <=3",
  ">1.2 <6.9",
  ">=1 <=10 || >20",
  "=1.2.3 || <1",
  ">=6.8",
  ">=1.2.3",
  "1.2.*",
);
const integers = fc.constantFrom(">=1", "<2", "=7", "!=2", ">=1 <10", ">1 <3", ">=1 <=10 || >20");
const simpleTest = fc.oneof(
  text as fc.Arbitrary<unknown>,
  fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
  range.map((version) => ({ version })),
  integers.map((number) => ({ number })),
  fc.boolean().map((exists) => ({ exists })),
  fc.uniqueArray(text, { minLength: 1, maxLength: 2 }).map((notIn) => ({ text: { notIn } })),
  fc.constantFrom("^1", "a.c", "[0-9]").map((matches) => ({ text: { matches } })),
);
const longNames = fc.constantFrom("n", "m");
const tests = mapOf(longNames, simpleTest, 1, 2);
const flagNames = fc.uniqueArray(longNames, { minLength: 1, maxLength: 2 });
const over: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: tests as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.array(tests, { minLength: 1, maxLength: 2 }).map((any) => ({ any })) },
  { weight: 1, arbitrary: tests.map((not) => ({ not })) },
);
const matcherOf = {
  f: fc.oneof(
    flagNames as fc.Arbitrary<unknown>,
    some({ all: flagNames, any: flagNames, none: flagNames }, ["any"]).map((flags) => ({ flags })),
    flagNames.map((none) => ({ flags: { none } })),
  ),
  a: fc.oneof(
    tests as fc.Arbitrary<unknown>,
    tests.map((attributes) => ({ attributes })),
  ),
  i: fc.oneof(
    { weight: 4, arbitrary: over.map((one) => ({ some: one })) as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: over.map((of) => ({ count: { of, is: ">=1" } })) },
    { weight: 1, arbitrary: fc.constant({ count: { is: ">=1" } }) },
  ),
};
const about = (features: readonly string[]) =>
  fc
    .constantFrom(...features)
    .chain((feature) =>
      matcherOf[feature[0] as keyof typeof matcherOf].map((one): JsonMap => ({ [feature]: one })),
    );
const featureEntry = about([...FLAGS, ...ATTRIBUTES, ...INSTANCES]);
/** What NFD can deny as well. */
const deniable = about([...FLAGS, ...ATTRIBUTES]);
const { condition } = fc.letrec<{ condition: JsonMap }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 4, arbitrary: featureEntry },
    {
      weight: 1,
      arbitrary: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(tie("condition"), { minLength: 1, maxLength: 3 })
        .map((all) => ({ name: "why", all })),
    },
    { weight: 1, arbitrary: deniable.map((not) => ({ not })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(deniable, tie("condition"), fc.option(tie("condition"), { nil: undefined }))
        .map((parts) => {
          const said = (["if", "then", "else"] as const).map((key, at) => [key, parts[at]] as const);
          return Object.fromEntries(said.filter(([, part]) => part !== undefined));
        }),
    },
  ),
}));

/** Native documents, most of which can be said as NFD's. */
export const nativeDocument: fc.Arbitrary<JsonMap> = some(
  {
    apiVersion: fc.constant("hostfit/v1.0"),
    kind: fc.constant("Requirements"),
    name: fc.constant("d"),
    requires: condition,
    includes: fc
      .array(condition, { minLength: 1, maxLength: 1 })
      .map((all) => all.map((requires) => ({ origin: "registry.example/base:1", requires }))),
    prefers: fc.array(
      fc.tuple(fc.integer({ min: 1, max: 100 }), condition).map(([weight, when]) => ({ weight, when })),
      { minLength: 1, maxLength: 2 },
    ),
  },
  ["apiVersion", "kind", "requires"],
);
