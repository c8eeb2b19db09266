/** Spellings that NFD reads, and documents that are refused. */

import { ALL, document, nfdMatch } from "./nfd-cases.ts";
import { type TableCase, verdict } from "./table.ts";

export const SPELLINGS: readonly TableCase[] = [
  {
    name: "names of fields in any case, unknown fields",
    documents: [
      document(
        '{"VERSION":"v1alpha1","Compatibilities":[{"RULES":[{"MatchFeatures":[{"Feature":"cpu.cpuid","matchexpressions":{"AVX2":{"OP":"Exists"}},"other":5}],"labels":{"a":1}}],"Weight":4,"x":null}]}',
      ),
    ],
    facts: ALL,
    want: verdict("T", { score: 4, nfd: nfdMatch(0, 4) }),
  },
  {
    name: "of several spellings the bytewise greatest counts",
    documents: [document('{"compatibilities":[],"Compatibilities":[{"weight":1,"WEIGHT":2,"Weight":3}]}')],
    facts: ALL,
    want: verdict("T", { maxScore: 0, nfd: [{ document: "nfd", match: true, set: null }] }),
  },
  {
    name: "pointers are spelled as the document is",
    documents: [
      document(
        '{"Compatibilities":[{"Rules":[{"MatchFeatures":[{"Feature":"cpu.cpuid","MatchExpressions":{"AVX2":{"op":"Like"}}}]}]}]}',
      ),
    ],
    facts: ALL,
    want: verdict("U", {
      nfd: [
        {
          document: "nfd",
          error: {
            code: "unknown-op",
            pointer: "/Compatibilities/0/Rules/0/MatchFeatures/0/MatchExpressions/AVX2",
          },
        },
      ],
    }),
  },
  { name: "an empty document", documents: [document("{}")], facts: ALL, want: verdict("T") },
  { name: "an empty version", documents: [document('{"version":""}')], facts: ALL, want: verdict("T") },
  { name: "a null version", documents: [document('{"version":null}')], facts: ALL, want: verdict("T") },
];

export const REFUSED: readonly (readonly [name: string, code: string, pointer: string, text: string])[] = [
  ["an array", "wrong-type", "", "[]"],
  ["broken JSON", "invalid-json", "", "{"],
  ["another version", "unsupported-version", "/version", '{"compatibilities":5,"version":"v1beta1"}'],
  ["a version that is a number", "wrong-type", "/version", '{"version":1}'],
  ["sets that are an object", "wrong-type", "/compatibilities", '{"compatibilities":{}}'],
  ["a set that is a string", "wrong-type", "/compatibilities/0", '{"compatibilities":["x"]}'],
  [
    "a weight that is a string",
    "wrong-type",
    "/compatibilities/0/weight",
    '{"compatibilities":[{"weight":"5"}]}',
  ],
  [
    "a weight with a fraction",
    "bad-value",
    "/compatibilities/0/weight",
    '{"compatibilities":[{"weight":1.5}]}',
  ],
  [
    "a weight of 2^31",
    "bad-value",
    "/compatibilities/0/weight",
    '{"compatibilities":[{"weight":2147483648}]}',
  ],
  ["a tag that is a boolean", "wrong-type", "/compatibilities/0/tag", '{"compatibilities":[{"tag":true}]}'],
  [
    "rules that are an object",
    "wrong-type",
    "/compatibilities/0/rules",
    '{"compatibilities":[{"rules":{}}]}',
  ],
  [
    "vars that are a list",
    "wrong-type",
    "/compatibilities/0/rules/0/vars",
    '{"compatibilities":[{"rules":[{"vars":[]}]}]}',
  ],
  [
    "a var that is a number",
    "wrong-type",
    "/compatibilities/0/rules/0/vars/a",
    '{"compatibilities":[{"rules":[{"vars":{"a":1}}]}]}',
  ],
  [
    "terms that are an object",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures",
    '{"compatibilities":[{"rules":[{"matchFeatures":{}}]}]}',
  ],
  [
    "a feature that is a number",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/feature",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"feature":1}]}]}]}',
  ],
  [
    "expressions that are a list",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchExpressions",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchExpressions":[]}]}]}]}',
  ],
  [
    "an expression that is a string",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchExpressions/a",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchExpressions":{"a":"Exists"}}]}]}]}',
  ],
  [
    "a value that is a scalar",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchName/value",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchName":{"value":"x"}}]}]}]}',
  ],
  [
    "a value with a number",
    "wrong-type",
    "/compatibilities/0/rules/0/matchFeatures/0/matchName/value/1",
    '{"compatibilities":[{"rules":[{"matchFeatures":[{"matchName":{"value":["x",5]}}]}]}]}',
  ],
  [
    "an op that is a number",
    "wrong-type",
    "/compatibilities/0/rules/0/matchAny/0/matchFeatures/0/matchName/op",
    '{"compatibilities":[{"rules":[{"matchAny":[{"matchFeatures":[{"matchName":{"op":5}}]}]}]}]}',
  ],
  ["one key twice", "duplicate-key", "/version", '{"version":"v1alpha1","version":"v1alpha1"}'],
];
