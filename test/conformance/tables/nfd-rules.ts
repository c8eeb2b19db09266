/** Rules, variables and sets of the dialect nfd: docs/nfd-dialect.md. */

import {
  ALL,
  AVX,
  AVX2,
  document,
  type Match,
  NO_MATCH,
  nfdAnswer,
  nfdMatch,
  OPEN,
  SET,
  WRONG,
} from "./nfd-cases.ts";
import { type TableCase, type Truth, verdict } from "./table.ts";

export function rules(
  name: string,
  list: readonly unknown[],
  match: Match,
  truth: Truth,
  pointer = "",
): TableCase {
  return {
    name,
    documents: [document({ compatibilities: [{ rules: list }] })],
    facts: ALL,
    want: verdict(truth, { nfd: [nfdAnswer(match, `/compatibilities/0/rules${pointer}`)] }),
  };
}

const matched = (key: string, expression: object = { op: "Exists" }) => ({
  matchFeatures: [{ feature: "rule.matched", matchExpressions: { [key]: expression } }],
});

export const RULES: readonly TableCase[] = [
  rules("no rules hold", [], true, "T"),
  rules("an empty rule holds", [{}], true, "T"),
  rules("a null rule is an empty rule", [null], true, "T"),
  rules("matchAny of one empty element holds", [{ matchAny: [{}] }], true, "T"),
  rules("matchAny of a null element holds", [{ matchAny: [null] }], true, "T"),
  rules("an empty matchAny doesn't count", [{ matchAny: [], matchFeatures: [AVX2] }], true, "T"),
  rules(
    "matchAny, the second holds",
    [{ matchAny: [{ matchFeatures: [AVX] }, { matchFeatures: [AVX2] }] }],
    true,
    "T",
  ),
  rules(
    "matchAny, none holds",
    [{ matchAny: [{ matchFeatures: [AVX] }, { matchFeatures: [AVX2, AVX] }] }],
    false,
    "F",
  ),
  rules(
    "matchAny, one is open",
    [{ matchAny: [{ matchFeatures: [AVX] }, { matchFeatures: [OPEN] }] }],
    false,
    "U",
  ),
  rules(
    "matchAny, one is open and one holds",
    [{ matchAny: [{ matchFeatures: [OPEN] }, { matchFeatures: [AVX2] }] }],
    true,
    "T",
  ),
  rules(
    "matchAny and matchFeatures, both hold",
    [{ matchAny: [{ matchFeatures: [AVX2] }], matchFeatures: [AVX2] }],
    true,
    "T",
  ),
  rules(
    "matchAny holds, matchFeatures doesn't",
    [{ matchAny: [{ matchFeatures: [AVX2] }], matchFeatures: [AVX] }],
    false,
    "F",
  ),
  rules(
    "matchFeatures holds, matchAny doesn't",
    [{ matchAny: [{ matchFeatures: [AVX] }], matchFeatures: [AVX2] }],
    false,
    "F",
  ),
  rules("all terms must hold", [{ matchFeatures: [AVX2, AVX] }], false, "F"),
  rules("an open and a failing term", [{ matchFeatures: [OPEN, AVX] }], false, "F"),
  rules("an open and a holding term", [{ matchFeatures: [OPEN, AVX2] }], false, "U"),
  rules("all rules must hold", [{ matchFeatures: [AVX2] }, { matchFeatures: [AVX] }], false, "F"),
  rules(
    "an error after a term that fails is an error",
    [{ matchFeatures: [AVX, WRONG] }],
    "unknown-op",
    "U",
    "/0/matchFeatures/1/matchExpressions/AVX2",
  ),
  rules(
    "an error after a rule that fails is an error",
    [{ matchFeatures: [AVX] }, { matchFeatures: [WRONG] }],
    "unknown-op",
    "U",
    "/1/matchFeatures/0/matchExpressions/AVX2",
  ),
  rules(
    "an error after an element of matchAny that holds is an error",
    [{ matchAny: [{ matchFeatures: [AVX2] }, { matchFeatures: [WRONG] }] }],
    "unknown-op",
    "U",
    "/0/matchAny/1/matchFeatures/0/matchExpressions/AVX2",
  ),
  rules(
    "matchAny is evaluated before matchFeatures",
    [{ matchFeatures: [WRONG], matchAny: [{ matchFeatures: [WRONG] }] }],
    "unknown-op",
    "U",
    "/0/matchAny/0/matchFeatures/0/matchExpressions/AVX2",
  ),
  rules(
    "expressions are evaluated by their names' bytes",
    [
      {
        matchFeatures: [{ feature: "cpu.model", matchExpressions: { b: { op: "Like" }, a: { op: "Like" } } }],
      },
    ],
    "unknown-op",
    "U",
    "/0/matchFeatures/0/matchExpressions/a",
  ),
  rules(
    "a name after a term that failed isn't evaluated",
    [{ matchFeatures: [AVX, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    false,
    "F",
  ),
  rules(
    "a name after a term that failed and one that is a feature alone isn't either",
    [{ matchFeatures: [AVX, { feature: "cpu.cpuid" }, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    false,
    "F",
  ),
  rules(
    "a name after an absent feature is evaluated",
    [{ matchFeatures: [OPEN, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    "unknown-op",
    "U",
    "/0/matchFeatures/1/matchName",
  ),
  rules(
    "a name after a term that held is evaluated",
    [{ matchFeatures: [AVX, AVX2, { feature: "cpu.cpuid", matchName: { op: "Like" } }] }],
    "unknown-op",
    "U",
    "/0/matchFeatures/2/matchName",
  ),
  rules(
    "a name in another list is evaluated",
    [
      {
        matchAny: [
          { matchFeatures: [AVX] },
          { matchFeatures: [{ feature: "cpu.cpuid", matchName: { op: "Like" } }] },
        ],
      },
    ],
    "unknown-op",
    "U",
    "/0/matchAny/1/matchFeatures/0/matchName",
  ),
  // Vars.
  rules(
    "rule.matched isn't there in the first rule",
    [{ matchFeatures: [{ feature: "rule.matched" }] }],
    false,
    "U",
  ),
  rules(
    "rule.matched is there, and empty, in the second",
    [{}, { matchFeatures: [{ feature: "rule.matched", matchExpressions: {} }] }],
    true,
    "T",
  ),
  rules(
    "vars of a rule that holds",
    [{ vars: { gpu: "yes" }, matchFeatures: [AVX2] }, matched("gpu", { op: "In", value: ["yes"] })],
    true,
    "T",
  ),
  rules(
    "vars of a rule that doesn't",
    [{ vars: { gpu: "yes" }, matchFeatures: [AVX] }, matched("gpu", { op: "DoesNotExist" })],
    false,
    "F",
  ),
  rules(
    "vars of a rule whose matchAny fails are set all the same",
    [{ vars: { gpu: "yes" }, matchAny: [{ matchFeatures: [AVX] }] }, matched("gpu", { op: "DoesNotExist" })],
    false,
    "F",
  ),
  rules(
    "vars of a rule that is open are unknown",
    [{ vars: { gpu: "yes" }, matchFeatures: [OPEN] }, matched("gpu", { op: "DoesNotExist" })],
    false,
    "U",
  ),
  rules(
    "later vars overwrite earlier ones",
    [{ vars: { v: "1" } }, { vars: { v: "2" } }, matched("v", { op: "In", value: ["2"] })],
    true,
    "T",
  ),
  rules(
    "vars are compared as numbers",
    [{ vars: { v: "12" } }, matched("v", { op: "Gt", value: ["9"] })],
    true,
    "T",
  ),
  rules(
    "vars that are null are empty",
    [{ vars: { v: null } }, matched("v", { op: "In", value: [""] })],
    true,
    "T",
  ),
  // varsTemplate.
  rules(
    "a template where the rule holds",
    [{ varsTemplate: "a=b", matchFeatures: [AVX2] }],
    "unsupported-template",
    "U",
    "/0/varsTemplate",
  ),
  rules(
    "a template where the rule doesn't hold isn't run",
    [{ varsTemplate: "a=b", matchFeatures: [AVX] }],
    false,
    "F",
  ),
  rules("a template without terms isn't run", [{ varsTemplate: "a=b" }], true, "T"),
  rules(
    "a template is run for an element of matchAny that holds",
    [{ varsTemplate: "a=b", matchAny: [{ matchFeatures: [AVX2] }], matchFeatures: [AVX] }],
    "unsupported-template",
    "U",
    "/0/varsTemplate",
  ),
  rules("an empty template", [{ varsTemplate: "", matchFeatures: [AVX2] }], true, "T"),
];

export function sets(name: string, list: unknown, want: TableCase["want"]): TableCase {
  return { name, documents: [document({ version: "v1alpha1", compatibilities: list })], facts: ALL, want };
}

export const SETS: readonly TableCase[] = [
  sets(
    "no sets",
    [],
    verdict("T", { score: 0, maxScore: 0, nfd: [{ document: "nfd", match: true, set: null }] }),
  ),
  sets("null sets", null, verdict("T", { nfd: [{ document: "nfd", match: true, set: null }] })),
  sets("a null set is an empty one", [null], verdict("T", { nfd: nfdMatch(0, 0) })),
  sets(
    "the greatest weight that holds counts",
    [SET(5, [AVX2], { tag: "a" }), SET(9, [AVX2], { tag: "b", description: "why" }), SET(20, [AVX])],
    verdict("T", { score: 9, maxScore: 20, nfd: nfdMatch(1, 9, "b", "why") }),
  ),
  sets(
    "the first of equal weights",
    [SET(5, [AVX2], { tag: "a" }), SET(5, [AVX2], { tag: "b" })],
    verdict("T", { score: 5, maxScore: 5, nfd: nfdMatch(0, 5, "a") }),
  ),
  sets(
    "a set without a weight weighs 0",
    [SET(-3, [AVX2]), { rules: [{ matchFeatures: [AVX2] }] }],
    verdict("T", { score: 0, maxScore: 0, nfd: nfdMatch(1, 0) }),
  ),
  sets(
    "negative weights",
    [SET(-3, [AVX2]), SET(-1, [AVX])],
    verdict("T", { score: -3, maxScore: -1, nfd: nfdMatch(0, -3) }),
  ),
  sets(
    "no set holds",
    [SET(5, [AVX]), SET(7, [AVX])],
    verdict("F", { score: 0, maxScore: 7, nfd: NO_MATCH }),
  ),
  sets(
    "an open set of greater weight",
    [SET(5, [AVX2]), SET(7, [OPEN])],
    verdict("T", { score: 5, maxScore: 7, nfd: nfdMatch(0, 5) }),
  ),
  sets(
    "an open set and one that fails",
    [SET(5, [AVX]), SET(7, [OPEN])],
    verdict("U", { score: 0, maxScore: 7, nfd: NO_MATCH }),
  ),
  sets(
    "an error in one set is the document's",
    [SET(5, [AVX2]), SET(7, [WRONG])],
    verdict("U", {
      score: 0,
      maxScore: 7,
      nfd: [
        {
          document: "nfd",
          error: {
            code: "unknown-op",
            pointer: "/compatibilities/1/rules/0/matchFeatures/0/matchExpressions/AVX2",
          },
        },
      ],
    }),
  ),
  sets(
    "vars last across sets",
    [{ rules: [{ vars: { a: "1" } }, { matchFeatures: [AVX] }] }, { rules: [matched("a")], weight: 3 }],
    verdict("T", { score: 3, nfd: nfdMatch(1, 3) }),
  ),
];
