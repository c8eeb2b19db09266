/** Preferences and score: docs/language.md, "Preferences and score". */
import { ATOMS, F, policyText, requirements, T, type Table, type TableCase, U, verdict } from "./table.ts";

const DOCUMENT = requirements({
  requires: T,
  prefers: [
    { weight: 20, when: T, name: "numa", description: "why", documentation: "https://example.org/numa" },
    { weight: 30, when: F },
    { weight: 7, when: U, name: "open" },
    { weight: 100, when: { not: F } },
    { weight: 1, when: [T, { any: [F, T] }] },
  ],
});

const ANSWERS = [
  { document: "doc", pointer: "/prefers/0", name: "numa", weight: 20, value: "true" },
  { document: "doc", pointer: "/prefers/1", name: null, weight: 30, value: "false" },
  { document: "doc", pointer: "/prefers/2", name: "open", weight: 7, value: "unknown" },
  { document: "doc", pointer: "/prefers/3", name: null, weight: 100, value: "true" },
  { document: "doc", pointer: "/prefers/4", name: null, weight: 1, value: "true" },
];

export const preferences: Table = {
  file: "preferences",
  description:
    "The score sums the weights of the preferences that are true; the unknown ones are named and not counted.",
  cases: [
    {
      name: "true, false and unknown preferences",
      documents: [DOCUMENT],
      facts: ATOMS,
      want: verdict("T", { score: 121, maxScore: 158, preferences: ANSWERS }),
    },
    {
      name: "preferences never decide a verdict",
      documents: [requirements({ prefers: [{ weight: 1, when: F }] })],
      facts: ATOMS,
      want: verdict("T", { score: 0, maxScore: 1, reasons: [] }),
    },
    {
      name: "an incompatible verdict has its score all the same",
      documents: [requirements({ requires: F, prefers: [{ weight: 9, when: T }] })],
      facts: ATOMS,
      want: verdict("F", { score: 9, maxScore: 9 }),
    },
    {
      name: "preferences of several documents are summed in order",
      documents: [
        requirements({ prefers: [{ weight: 1, when: T }] }, "one"),
        requirements({ prefers: [{ weight: 2, when: U }] }, "two"),
        requirements({ prefers: [{ weight: 4, when: T }] }, "three"),
      ],
      facts: ATOMS,
      want: verdict("T", {
        score: 5,
        maxScore: 7,
        preferences: [
          { document: "one", pointer: "/prefers/0", name: null, weight: 1, value: "true" },
          { document: "two", pointer: "/prefers/0", name: null, weight: 2, value: "unknown" },
          { document: "three", pointer: "/prefers/0", name: null, weight: 4, value: "true" },
        ],
      }),
    },
    {
      name: "a policy's preferences are listed last and counted apart",
      documents: [requirements({ prefers: [{ weight: 1, when: T }] })],
      facts: ATOMS,
      policy: policyText({ prefers: [{ weight: 50, when: T, name: "ours" }] }),
      want: verdict("T", {
        score: 1,
        maxScore: 1,
        preferences: [
          { document: "doc", pointer: "/prefers/0", name: null, weight: 1, value: "true" },
          { document: "policy", pointer: "/prefers/0", name: "ours", weight: 50, value: "true" },
        ],
      }),
    },
    ...[1, 100].map(
      (weight): TableCase => ({
        name: `the weight ${weight} is allowed`,
        documents: [requirements({ prefers: [{ weight, when: T }] })],
        facts: ATOMS,
        want: verdict("T", { score: weight, maxScore: weight }),
      }),
    ),
  ],
};
