/**
 * Random documents of the dialect nfd and facts for them. Beside those of test/conformance there are dense ones, whose terms meet
 * what is there: so variables, instances, names and errors late in a document are reached.
 */
import fc from "fast-check";
import { features, type JsonMap, mapOf, some } from "../conformance/arbitrary-facts.ts";
import { nfdDocument } from "../conformance/arbitrary-nfd.ts";

const FEATURES = ["a.x", "b.y", "rule.matched"] as const;
const NAMES = ["n", "m", "k10", "k9", "é", ""] as const;
const TEXTS = [
  "1",
  "2",
  "10",
  "true",
  "false",
  "abc",
  "v1.2",
  "1.2.3-rc.1",
  "+3",
  "3",
  "n",
  "m",
  "",
] as const;

const name = fc.constantFrom(...NAMES);
const text = fc.constantFrom(...TEXTS);
const names = fc.uniqueArray(name, { maxLength: 3 });
const texts = mapOf(name, text, 0, 4);

function orNull(arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: fc.constant(null) });
}

const instance = some({ attributes: texts, unknown: fc.uniqueArray(name, { maxLength: 2 }) }, ["attributes"]);
const instances = fc.oneof(
  { weight: 12, arbitrary: fc.array(instance, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(instance, { minLength: 60, maxLength: 140 }) },
);

const denseFeatures = some({
  flags: mapOf(
    fc.constantFrom(...FEATURES),
    some({ elements: orNull(names), scope: names }, ["elements"]),
    0,
    3,
  ),
  attributes: mapOf(
    fc.constantFrom(...FEATURES),
    some({ elements: orNull(texts), unknown: names }, ["elements"]),
  ),
  instances: mapOf(
    fc.constantFrom(...FEATURES),
    some({ elements: orNull(instances), partial: fc.boolean() }, ["elements"]),
  ),
});

const OPS = ["In", "NotIn", "InRegexp", "Exists", "DoesNotExist", "IsTrue", "IsFalse", ""] as const;
const ORDERS = ["Gt", "Ge", "Lt", "Le", "GtLt", "GeLe"] as const;

function withValues(op: string, values: fc.Arbitrary<string>, type?: string): fc.Arbitrary<JsonMap> {
  const count = op === "GtLt" || op === "GeLe" ? 2 : 1;
  const [minLength, maxLength] = /In/.test(op) ? [1, 3] : /^[GL]/.test(op) ? [count, count] : [0, 0];
  const members = { op: fc.constant(op), value: fc.array(values, { minLength, maxLength }) };
  return some({ ...members, ...(type === undefined ? {} : { type: fc.constant(type) }) }, [
    "op",
    ...(maxLength > 0 ? ["value"] : []),
    ...(type === undefined ? [] : ["type"]),
  ]);
}

/** Bounds that values of the facts lie on, and mostly in order. */
function ordered(bounds: readonly string[], type?: string): fc.Arbitrary<JsonMap> {
  return fc
    .tuple(fc.constantFrom(...ORDERS), fc.subarray([...bounds], { minLength: 2, maxLength: 2 }))
    .map(([op, value]) => ({
      op,
      value: op.length > 2 ? value : [value[1]],
      ...(type === undefined ? {} : { type }),
    }));
}

const expression = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...OPS).chain((op) => withValues(op, text)) },
  { weight: 3, arbitrary: ordered(["-1", "1", "2", "10", "+3", "11"]) },
  { weight: 2, arbitrary: ordered(["0.9", "1", "v1.2.0", "1.2.3", "01.2.4", "2"], "version") },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...ORDERS)
      .chain((op) => withValues(op, fc.constantFrom("1", "v1.2.3", "1.2.0-0", "01.2", "2"), "version")),
  },
);

/** Expressions over names that there are, in scope or not. */
const ofNames = fc
  .constantFrom("In", "In", "NotIn", "InRegexp")
  .chain((op) => withValues(op, fc.constantFrom("n", "m", "k9")));

const term = some(
  {
    feature: fc.constantFrom(...FEATURES, "A.X", "host.platform", "no.such"),
    matchExpressions: mapOf(name, expression, 0, 3),
    matchName: fc.oneof(expression, ofNames),
  },
  ["feature"],
);

const terms = fc.array(term, { minLength: 1, maxLength: 3, size: "max" });

const rule = fc.oneof(
  some({ name: fc.constantFrom("r", "s", ""), vars: texts, matchFeatures: terms }, ["matchFeatures"]),
  some(
    {
      vars: texts,
      matchFeatures: terms,
      matchAny: fc.array(some({ matchFeatures: terms }), { maxLength: 3, size: "max" }),
    },
    ["matchAny"],
  ),
);

const set = some(
  {
    rules: fc.array(rule, { minLength: 1, maxLength: 3, size: "max" }),
    weight: fc.oneof(fc.integer({ min: -2, max: 3 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
    tag: fc.constantFrom("", "t"),
    description: fc.constantFrom("", "why"),
  },
  ["rules"],
);

const denseDocument = some({ compatibilities: fc.array(set, { minLength: 1, maxLength: 3, size: "max" }) }, [
  "compatibilities",
]);

export const document = fc.oneof(
  { weight: 1, arbitrary: nfdDocument },
  { weight: 2, arbitrary: denseDocument },
);

export const facts = fc
  .oneof({ weight: 1, arbitrary: features }, { weight: 2, arbitrary: denseFeatures })
  .chain((chosen) =>
    some(
      {
        kind: fc.constant("Host"),
        features: fc.constant(chosen),
        closedWorld: fc.uniqueArray(fc.constantFrom(...FEATURES, "cpu.cpuid", "no.such"), { maxLength: 2 }),
        platforms: fc.constant([{ os: "linux", architecture: "amd64" }]),
      },
      ["kind", "features"],
    ),
  );

/** Documents of which something is changed: the case of a key, its type, or a second spelling beside it. */
export const changed: fc.Arbitrary<unknown> = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(), fc.nat(9), fc.nat()), { minLength: 1, maxLength: 4 }))
  .map(([original, changes]) => {
    const copy = structuredClone(original) as JsonMap;
    for (const [place, kind, more] of changes) change(copy, place, kind, more);
    return copy;
  });

const STRANGE = [
  null,
  true,
  0,
  -0.5,
  1e3,
  "",
  "x",
  [],
  [null],
  {},
  [1],
  { a: 1 },
  { op: 1 },
  ["a"],
  -1,
  4294967296,
];

function change(root: JsonMap, place: number, kind: number, more: number): void {
  const objects: JsonMap[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value)) objects.push(value as JsonMap);
    for (const child of Object.values(value)) visit(child);
  };
  visit(root);
  const object = objects[place % objects.length]!;
  const keys = Object.keys(object);
  const strange = structuredClone(STRANGE[more % STRANGE.length]);
  if (keys.length === 0) {
    object["Op"] = strange;
    return;
  }
  const key = keys[more % keys.length]!;
  const other = kind % 2 === 0 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1);
  if (kind < 3) object[other] = object[key];
  else if (kind < 5) object[other] = strange;
  else if (kind === 5) object["version"] = ["v1alpha1", "v1", "", 1, null][more % 5];
  else object[key] = strange;
}
