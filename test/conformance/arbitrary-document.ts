/** Random requirements documents and policies of the native dialect: every construct, over the alphabets of the facts. */
import fc from "fast-check";
import {
  FEATURES,
  type JsonMap,
  mapOf,
  NAMES,
  name,
  RUNTIME_TYPES,
  scalar,
  some,
} from "./arbitrary-facts.ts";

const documentFeature = fc.constantFrom(
  ...FEATURES,
  "host.platform",
  "candidate.platform",
  "candidate.annotations",
);

const attributeName = fc.oneof(
  { weight: 8, arbitrary: name as fc.Arbitrary<string> },
  { weight: 1, arbitrary: fc.constantFrom("os", "architecture", "variant", "os.version") },
);

const flagName = fc.constantFrom(...NAMES, "X86_64_V2");

const versionRange = fc.constantFrom(
  ">=5.14",
  ">=5.14 <7 || 4.18.*",
  ">=4.18.0-305",
  "!=5.15.*",
  "=6.8",
  "<5.15.0-91",
  "5.14.0-427.*",
  "0",
);
const numberRange = fc.constantFrom(">=1", "<2 || >100", "=0.1", "!=100", "1", ">-3 <=1e2", "<0");
const sizeRange = fc.constantFrom(">=16Gi", "<1G", "=1000M", "1 || 2", ">0");

const test = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { minLength: 1, maxLength: 3 }) as fc.Arbitrary<unknown> },
  { weight: 2, arbitrary: fc.boolean().map((exists) => ({ exists })) },
  {
    weight: 4,
    arbitrary: oneOrTwo({
      version: versionRange,
      number: numberRange,
      size: sizeRange,
      exists: fc.boolean(),
      text: oneOrTwo({
        in: fc.array(scalar, { minLength: 1, maxLength: 2 }),
        notIn: fc.array(scalar, { minLength: 1, maxLength: 2 }),
        matches: fc.constantFrom("^5", "a|é", "[0-9]+$", "^$", "(?i)TRUE"),
      }),
    }),
  },
);

/** One or two of the given members: a part of a document that stays small. */
function oneOrTwo(members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonMap> {
  return fc
    .subarray(Object.keys(members), { minLength: 1, maxLength: 2 })
    .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, members[key]!]))));
}

function list(of: fc.Arbitrary<unknown>, maxLength = 2) {
  return fc.array(of, { minLength: 1, maxLength });
}

const attributes = mapOf(attributeName, test, 1, 2);

const { over } = fc.letrec<{ over: unknown }>((tie) => ({
  over: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 5, arbitrary: attributes as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: attributes.map((map) => ({ attributes: map })) },
    { weight: 1, arbitrary: fc.record({ any: list(tie("over"), 2) }) },
    { weight: 1, arbitrary: fc.record({ all: tie("over") }) },
    { weight: 1, arbitrary: fc.record({ not: tie("over") }) },
    { weight: 1, arbitrary: list(tie("over"), 2) },
  ),
}));

const flags = oneOrTwo({ all: list(flagName), any: list(flagName), none: list(flagName) });

const count = some(
  { of: over, is: fc.constantFrom<unknown>(">=2", 1, "0", "!=1", "<3", ">0 <3 || 5", "<=1e1") },
  ["is"],
);

const matcher = fc.oneof(
  { weight: 3, arbitrary: list(flagName) as fc.Arbitrary<unknown> },
  { weight: 4, arbitrary: attributes },
  { weight: 1, arbitrary: attributes.map((map) => ({ attributes: map })) },
  {
    weight: 4,
    arbitrary: oneOrTwo({ flags, some: over, every: over, none: over, count }),
  },
);

const texts = {
  name: fc.constantFrom("gpu", "kernel"),
  description: fc.constant("why"),
  documentation: fc.constant("https://example.org/why"),
};

/** A variable, since an object that says `then` itself looks like a promise. */
const THEN = "then";

const entry = fc.tuple(documentFeature, matcher).map(([feature, value]) => ({ [feature]: value }));

const { condition } = fc.letrec<{ condition: unknown }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: entry as fc.Arbitrary<unknown> },
    {
      weight: 3,
      arbitrary: fc
        .tuple(some({ ...texts, all: tie("condition"), not: tie("condition") }), entry)
        .map(([map, feature]) => ({ ...map, ...feature })),
    },
    { weight: 3, arbitrary: some({ ...texts, any: list(tie("condition")) }, ["any"]) },
    { weight: 2, arbitrary: fc.record({ not: tie("condition") }) },
    {
      weight: 2,
      arbitrary: some({ if: tie("condition"), [THEN]: tie("condition"), else: tie("condition") }, ["if"]).map(
        (map) => (THEN in map || "else" in map ? map : { ...map, [THEN]: { "a.x": ["n"] } }),
      ),
    },
    { weight: 2, arbitrary: list(tie("condition")) },
  ),
}));

export { condition };

export const preference = some({ weight: fc.integer({ min: 1, max: 100 }), when: condition, ...texts }, [
  "weight",
  "when",
]);

const runtimes = fc.uniqueArray(
  some({ type: fc.constantFrom(...RUNTIME_TYPES), requires: condition, ...texts }, ["type"]),
  { minLength: 1, maxLength: 3, selector: (entry) => entry.type },
);

const include = some(
  { origin: fc.constantFrom("base", "mpi"), digest: fc.constant("sha256:0"), requires: condition },
  ["origin", "requires"],
);

const about = some({ ...texts, annotations: fc.constant({ "org.example.niche": "kept" }) });

export const nativeDocument = fc
  .tuple(
    about,
    oneOrTwo({ requires: condition, includes: list(include), prefers: list(preference), runtimes }),
  )
  .map(
    ([texts, parts]): JsonMap => ({ apiVersion: "hostfit/v1.0", kind: "Requirements", ...texts, ...parts }),
  );

export const policy = some(
  {
    apiVersion: fc.constant("hostfit/v1.0"),
    kind: fc.constant("Policy"),
    allowUndetermined: fc.boolean(),
    requires: condition,
    prefers: list(preference),
    runtimes: fc.record({ allow: fc.uniqueArray(fc.constantFrom(...RUNTIME_TYPES), { maxLength: 2 }) }),
    onMissing: fc.constantFrom("accept", "undetermined", "refuse"),
    bases: fc.record({ allow: fc.array(fc.constantFrom("registry.example", ""), { maxLength: 2 }) }),
  },
  ["apiVersion", "kind"],
);
