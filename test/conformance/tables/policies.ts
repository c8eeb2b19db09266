/** Policies: docs/language.md, "Policy". */
import { ATOMS, F, policyText, requirements, requires, T, type Table, U, verdict } from "./table.ts";

const LINUX = { os: "linux", architecture: "amd64" };

export const policies: Table = {
  file: "policies",
  description: "What a policy adds to a verdict: its requires, under the document id policy.",
  cases: [
    {
      name: "a policy's requires that is true",
      documents: [requires(T)],
      facts: ATOMS,
      policy: policyText({ requires: T }),
      want: verdict("T", { reasons: [] }),
    },
    {
      name: "a policy's requires that is false",
      documents: [requires(T)],
      facts: ATOMS,
      policy: policyText({ name: "ours", requires: { description: "why", ...F } }),
      want: verdict("F", {
        reasons: [
          {
            document: "policy",
            pointer: "/requires/s.flags/0",
            kind: "flag",
            value: "false",
            feature: "s.flags",
            name: "f",
            wanted: "f",
            found: "absent",
            within: null,
            title: "ours",
            description: "why",
            documentation: null,
            origin: null,
          },
        ],
      }),
    },
    {
      name: "a policy's requires that is unknown",
      documents: [requires(T)],
      facts: ATOMS,
      policy: policyText({ requires: U }),
      want: verdict("U", { reasons: [{ document: "policy", value: "unknown" }] }),
    },
    {
      name: "a policy's requires doesn't save a false document",
      documents: [requires(F)],
      facts: ATOMS,
      policy: policyText({ requires: T, allowUndetermined: true }),
      want: verdict("F"),
    },
    {
      name: "allowUndetermined doesn't change a verdict",
      documents: [requires(U)],
      facts: ATOMS,
      policy: policyText({ allowUndetermined: true }),
      want: verdict("U"),
    },
    {
      name: "a policy without documents",
      facts: ATOMS,
      policy: policyText({ requires: F }),
      want: verdict("F"),
    },
    {
      name: "a policy's requires asks the candidate",

      facts: ATOMS,
      policy: policyText({ requires: { "candidate.annotations": { "org.example.stable": "yes" } } }),
      candidate: { platform: null, annotations: { "org.example.stable": "no" } },
      want: verdict("F", {
        reasons: [{ document: "policy", feature: "candidate.annotations", found: "no" }],
      }),
    },
    {
      name: "everything that a policy may have",
      documents: [requires(T)],
      facts: ATOMS,
      policy: policyText({
        name: "n",
        description: "d",
        documentation: "https://example.org",
        annotations: { a: "b" },
        allowUndetermined: false,
        requires: [T],
        prefers: [{ weight: 1, when: T }],
        runtimes: { allow: ["default"] },
        onMissing: "refuse",
        bases: { allow: ["registry.example/base"] },
      }),
      want: verdict("T", { score: 0, maxScore: 0 }),
    },
    {
      name: "the order of reasons is platform, documents, policy, runtimes",
      documents: [requirements({ requires: F, runtimes: [{ type: "kata" }] })],
      facts: JSON.stringify({
        ...JSON.parse(ATOMS),
        platforms: [{ os: "linux", architecture: "arm64" }],
        runtimes: {},
      }),
      policy: policyText({ requires: { "s.flags": ["g"] } }),
      candidate: { platform: LINUX },
      want: verdict("F", {
        reasons: [
          { kind: "platform" },
          { kind: "flag", document: "doc" },
          { kind: "flag", document: "policy" },
          { kind: "runtime", document: "doc" },
        ],
      }),
    },
  ],
};
