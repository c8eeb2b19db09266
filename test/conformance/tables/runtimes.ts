/** Runtimes: docs/language.md, "Runtimes". */
import { DEFAULT, FLAGS, MAPPED, NVIDIA, ROWS, rowCase } from "./runtime-rows.ts";
import {
  F,
  host,
  policyText,
  requirements,
  T,
  type Table,
  type TableCase,
  type Truth,
  U,
  verdict,
} from "./table.ts";

function several(
  name: string,
  lists: readonly (readonly object[] | null)[],
  truth: Truth,
  runtime: object | null,
): TableCase {
  return {
    name,
    documents: lists.map((runtimes, i) => requirements(runtimes === null ? {} : { runtimes }, `doc${i}`)),
    facts: host(FLAGS, MAPPED),
    want: verdict(truth, { runtime }),
  };
}

const REASONS: readonly TableCase[] = [
  {
    name: "reasons of runtimes that are all false",
    documents: [
      requirements({
        runtimes: [
          { type: "kata", name: "vm", description: "why" },
          { type: "nvidia", requires: F },
          { type: "default" },
        ],
      }),
    ],
    facts: host(FLAGS, { runtimes: { nvidia: "n", wasm: "w" } }),
    policy: policyText({ runtimes: { allow: ["kata", "nvidia"] } }),
    want: verdict("F", {
      reasons: [
        {
          document: "doc",
          pointer: "/runtimes/0/type",
          kind: "runtime",
          value: "false",
          feature: null,
          name: null,
          wanted: "kata",
          found: ["nvidia", "wasm"],
          within: "/runtimes",
          title: "vm",
          description: "why",
          documentation: null,
          origin: null,
        },
        {
          document: "doc",
          pointer: "/runtimes/1/requires/s.flags/0",
          kind: "flag",
          value: "false",
          feature: "s.flags",
          name: "f",
          wanted: "f",
          found: "absent",
          within: "/runtimes",
          title: null,
          description: null,
          documentation: null,
          origin: null,
        },
        {
          document: "doc",
          pointer: "/runtimes/2/type",
          kind: "runtime",
          value: "false",
          feature: null,
          name: null,
          wanted: "default",
          found: ["kata", "nvidia"],
          within: "/runtimes",
          title: null,
          description: null,
          documentation: null,
          origin: null,
        },
      ],
    }),
  },
  {
    name: "a compatible verdict gives the runtime that was taken",
    documents: [requirements({ runtimes: [{ type: "nvidia", requires: T }, { type: "default" }] })],
    facts: host(FLAGS, MAPPED),
    want: verdict("T", {
      reasons: [
        { pointer: "/runtimes/0/requires/s.flags/0", kind: "flag", value: "true", found: "present" },
        {
          pointer: "/runtimes/0/type",
          kind: "runtime",
          value: "true",
          wanted: "nvidia",
          found: "nvidia-container",
        },
      ],
    }),
  },
  {
    name: "reasons of an unknown runtime",
    documents: [requirements({ runtimes: [{ type: "nvidia", requires: T }] })],
    facts: host(FLAGS),
    want: verdict("U", {
      reasons: [
        { pointer: "/runtimes/0/type", kind: "runtime", value: "unknown", wanted: "nvidia", found: null },
      ],
    }),
  },
  {
    name: "the reason of a type that another document doesn't list",
    documents: [
      requirements({ runtimes: [{ type: "default" }] }, "one"),
      requirements({ runtimes: [{ type: "nvidia" }] }, "two"),
    ],
    facts: host(FLAGS, MAPPED),
    want: verdict("F", {
      reasons: [
        {
          document: "one",
          pointer: "/runtimes",
          kind: "runtime",
          value: "false",
          wanted: "nvidia",
          found: ["default"],
        },
      ],
    }),
  },
];

export const runtimes: Table = {
  file: "runtimes",
  description:
    "Which runtime is chosen, by requirements, the host's handlers, the platform's, and the policy.",
  cases: [
    ...ROWS.map(rowCase),
    several("no document has a list", [null, null], "T", null),
    several(
      "the last document that has a list gives the order",
      [
        [{ type: "default" }, { type: "nvidia" }],
        [{ type: "nvidia" }, { type: "default" }],
      ],
      "T",
      NVIDIA,
    ),
    several(
      "a later document without a list changes nothing",
      [[{ type: "nvidia" }, { type: "default" }], null],
      "T",
      NVIDIA,
    ),
    several(
      "an entry must hold in every document that has a list",
      [
        [{ type: "nvidia", requires: F }, { type: "default" }],
        [{ type: "nvidia" }, { type: "default" }],
      ],
      "T",
      DEFAULT,
    ),
    several(
      "a type that another document doesn't list is false",
      [[{ type: "default" }], [{ type: "nvidia" }, { type: "default" }]],
      "T",
      DEFAULT,
    ),
    {
      name: "what a document without a list requires is no list",
      documents: [
        requirements({ requires: T, prefers: [{ weight: 1, when: T }] }, "doc0"),
        requirements({ requires: T, runtimes: [{ type: "nvidia" }] }, "doc1"),
      ],
      facts: host(FLAGS, MAPPED),
      want: verdict("T", { runtime: NVIDIA }),
    },
    {
      name: "a handler's name is no type",
      documents: [requirements({ runtimes: [{ type: "runc" }] })],
      facts: host(FLAGS, MAPPED),
      want: verdict("F", {
        runtime: null,
        reasons: [{ kind: "runtime", wanted: "runc", found: ["default", "nvidia", "wasm"] }],
      }),
    },
    several("lists that have nothing in common", [[{ type: "default" }], [{ type: "nvidia" }]], "F", null),
    several(
      "an entry that the last of three documents forbids",
      [
        [{ type: "nvidia" }, { type: "default" }],
        [{ type: "default" }, { type: "nvidia" }],
        [{ type: "nvidia", requires: F }, { type: "default" }],
      ],
      "T",
      DEFAULT,
    ),
    several(
      "an entry that the second of three documents doesn't list",
      [
        [{ type: "nvidia" }, { type: "default" }],
        [{ type: "default" }],
        [{ type: "nvidia" }, { type: "default" }],
      ],
      "T",
      DEFAULT,
    ),
    several(
      "an entry that is unknown in the second of three documents",
      [[{ type: "nvidia" }], [{ type: "nvidia", requires: U }], [{ type: "nvidia" }]],
      "U",
      null,
    ),
    several(
      "a document without a list between two that have one",
      [
        [{ type: "nvidia", requires: F }, { type: "default" }],
        null,
        [{ type: "nvidia" }, { type: "default" }],
      ],
      "T",
      DEFAULT,
    ),
    several(
      "unknown in one document, true in the other",
      [[{ type: "nvidia", requires: U }], [{ type: "nvidia" }]],
      "U",
      null,
    ),
    several(
      "three lists",
      [
        [{ type: "wasm" }, { type: "default" }],
        [{ type: "default" }, { type: "wasm" }],
        [{ type: "nvidia" }, { type: "wasm" }],
      ],
      "T",
      { type: "wasm", handler: "shim" },
    ),
    ...REASONS,
  ],
};
