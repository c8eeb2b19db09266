/** Reasons: docs/language.md, "Answers". */
import { FACTS, flag, TREE } from "./reason-trees.ts";
import {
  ATOMS,
  F,
  host,
  native,
  requirements,
  requires,
  requiresText,
  T,
  type Table,
  type TableCase,
  type Truth,
  U,
  verdict,
} from "./table.ts";

function fields(name: string, condition: unknown, truth: Truth, reason: object): TableCase {
  return {
    name,
    documents: [requires(condition)],
    facts: FACTS,
    want: verdict(truth, { reasons: [reason] }),
  };
}

const EXPLAINED = requirements({
  name: "lammps",
  description: "the document's",
  documentation: "https://example.org/doc",
  requires: [
    flag("f"),
    {
      description: "outer",
      any: [
        {
          name: "inner",
          documentation: "https://example.org/inner",
          ...flag("g"),
          not: { description: "innermost", ...T },
        },
      ],
      name: "outer name",
    },
  ],
});

function many(count: number): unknown {
  return { "s.flags": Array.from({ length: count }, (_, i) => `missing${i}`) };
}

export const reasonsTable: Table = {
  file: "reasons",
  description: "Which terms decided, in which order, what was wanted and found, and the texts around them.",
  cases: [
    ...TREE,
    fields("a flag that is absent", { "cpu.cpuid": ["AVX2"] }, "F", {
      document: "doc",
      pointer: "/requires/cpu.cpuid/0",
      kind: "flag",
      value: "false",
      feature: "cpu.cpuid",
      name: "AVX2",
      wanted: "AVX2",
      found: "absent",
      within: null,
      title: null,
      description: null,
      documentation: null,
      origin: null,
    }),
    fields("a flag that is present under none", { "cpu.cpuid": { flags: { none: ["AVX"] } } }, "F", {
      kind: "flag",
      value: "true",
      name: "AVX",
      wanted: "AVX",
      found: "present",
    }),
    fields("a flag that is unknown", { "a.unseen": ["AVX2"] }, "U", {
      kind: "flag",
      value: "unknown",
      name: "AVX2",
      found: null,
    }),
    fields("an attribute's text", { "kernel.version": { full: { version: ">=5.14" } } }, "F", {
      document: "doc",
      pointer: "/requires/kernel.version/full",
      kind: "attribute",
      value: "false",
      feature: "kernel.version",
      name: "full",
      wanted: { version: ">=5.14" },
      found: "5.4.0-1",
    }),
    fields("an attribute in the long form", { "kernel.version": { attributes: { full: ["6", "7"] } } }, "F", {
      pointer: "/requires/kernel.version/attributes/full",
      wanted: ["6", "7"],
      found: "5.4.0-1",
    }),
    fields("an attribute that is absent", { "kernel.version": { major: "5" } }, "F", {
      value: "false",
      wanted: "5",
      found: { absent: true },
    }),
    fields(
      "an attribute that is there and must not",
      { "kernel.version": { full: { exists: false } } },
      "F",
      { value: "false", wanted: { exists: false }, found: "5.4.0-1" },
    ),
    fields("an attribute that is unknown", { "kernel.version": { lost: "5" } }, "U", {
      value: "unknown",
      found: { unknown: true },
    }),
    fields("an attribute that can't be read", { "kernel.version": { bad: { version: ">=5" } } }, "U", {
      value: "unknown",
      wanted: { version: ">=5" },
      found: { unreadable: "five" },
    }),
    fields(
      "several tests of one attribute are one reason",
      { "kernel.version": { full: { version: ">=5.14", text: { in: ["x"] } } } },
      "F",
      { wanted: { version: ">=5.14", text: { in: ["x"] } }, found: "5.4.0-1" },
    ),
    fields(
      "an unreadable part that doesn't matter",
      { "kernel.version": { bad: { version: ">=5", text: { in: ["x"] } } } },
      "F",
      { value: "false", found: "five" },
    ),
    fields("some over instances", { "pci.device": { some: { vendor: "1002", class: "03" } } }, "U", {
      pointer: "/requires/pci.device/some",
      kind: "instances",
      value: "unknown",
      feature: "pci.device",
      name: null,
      wanted: { vendor: "1002", class: "03" },
      found: { instances: 2, matching: 0, unknown: 1, partial: false },
    }),
    fields("every over instances", { "pci.device": { every: { class: { exists: true } } } }, "F", {
      pointer: "/requires/pci.device/every",
      kind: "instances",
      value: "false",
      found: { instances: 2, matching: 1, unknown: 0, partial: false },
    }),
    fields("none over instances has its own value", { "pci.device": { none: { vendor: "10de" } } }, "F", {
      pointer: "/requires/pci.device/none",
      kind: "instances",
      value: "false",
      found: { instances: 2, matching: 1, unknown: 1, partial: false },
    }),
    fields("count over instances", { "pci.device": { count: { of: { vendor: "10de" }, is: ">=3" } } }, "F", {
      pointer: "/requires/pci.device/count",
      kind: "count",
      value: "false",
      name: null,
      wanted: { of: { vendor: "10de" }, is: ">=3" },
      found: { instances: 2, matching: 1, unknown: 1, partial: false },
    }),
    fields("count without of", { "pci.device": { count: { is: 3 } } }, "F", {
      kind: "count",
      wanted: { is: 3 },
      found: { instances: 2, matching: 2, unknown: 0, partial: false },
    }),
    fields("unobserved instances", { "usb.device": { some: { vendor: "1" } } }, "U", {
      kind: "instances",
      value: "unknown",
      found: { instances: 0, matching: 0, unknown: 0, partial: true },
    }),
    {
      name: "some, every and none over one condition are three reasons",
      documents: [
        requires({
          "pci.device": { some: { vendor: "1" }, every: { vendor: "1" } },
          not: { "pci.device": { none: { vendor: "10de", class: "04" } } },
        }),
      ],
      facts: host({ instances: { "pci.device": { elements: [{ attributes: { vendor: "2" } }] } } }),
      want: verdict("F", {
        reasons: [
          { pointer: "/requires/pci.device/some" },
          { pointer: "/requires/pci.device/every" },
          { pointer: "/requires/not/pci.device/none", value: "true" },
        ],
      }),
    },
    {
      name: "within, title, description and documentation are the nearest",
      documents: [EXPLAINED],
      facts: ATOMS,
      want: verdict("F", {
        reasons: [
          {
            pointer: "/requires/0/s.flags/0",
            within: null,
            title: "lammps",
            description: "the document's",
            documentation: "https://example.org/doc",
          },
          {
            pointer: "/requires/1/any/0/s.flags/0",
            within: "/requires/1/any",
            title: "inner",
            description: "outer",
            documentation: "https://example.org/inner",
          },
          {
            pointer: "/requires/1/any/0/not/s.flags/0",
            within: "/requires/1/any",
            title: "inner",
            description: "innermost",
            documentation: "https://example.org/inner",
          },
        ],
      }),
    },
    {
      name: "within is the innermost any",
      documents: [requires({ any: [{ any: [F] }, { all: { "s.flags": { flags: { any: ["g"] } } } }] })],
      facts: ATOMS,
      want: verdict("F", {
        reasons: [{ within: "/requires/any/0/any" }, { within: "/requires/any/1/all/s.flags/flags/any" }],
      }),
    },
    {
      name: "wanted is the test as it stands, without white space",
      documents: [
        requiresText(
          '{ "a.x" : { "n" : { "text" : { "in" : [ 1.0 , "\\u0041 b" , true ] } , "exists" : true } } }',
        ),
      ],
      facts: host({ attributes: { "a.x": { elements: { n: "x" } } } }),
      want: verdict("F", {
        reasons: [{ wanted: { text: { in: [1, "A b", true] }, exists: true }, found: "x" }],
      }),
    },
    {
      name: "64 reasons are given",
      documents: [requires(many(64))],
      facts: ATOMS,
      want: verdict("F", { omitted: 0 }),
    },
    {
      name: "past 64 reasons are counted",
      documents: [requires([many(70), many(64)])],
      facts: ATOMS,
      want: verdict("F", { omitted: 6 }),
    },
    {
      name: "reasons of several documents, in their order",
      documents: [requires(F, "index"), requires(T, "middle"), requires([flag("f"), flag("g")], "manifest")],
      facts: ATOMS,
      want: verdict("F", {
        reasons: [
          { document: "index", name: "f" },
          { document: "manifest", name: "g" },
        ],
      }),
    },
    {
      name: "the reasons of requires come before those of includes, and includes carry their origin",
      documents: [
        native(
          JSON.stringify({
            includes: [
              { origin: "registry.example/base", digest: "sha256:00", requires: flag("g") },
              { requires: { name: "mpi", ...flag("h") }, origin: "registry.example/mpi" },
            ],
            apiVersion: "hostfit/v1.0",
            requires: F,
            kind: "Requirements",
            name: "app",
          }),
        ),
      ],
      facts: ATOMS,
      want: verdict("F", {
        reasons: [
          { pointer: "/requires/s.flags/0", origin: null, title: "app" },
          { pointer: "/includes/0/requires/s.flags/0", origin: "registry.example/base", title: "app" },
          { pointer: "/includes/1/requires/s.flags/0", origin: "registry.example/mpi", title: "mpi" },
        ],
      }),
    },
    {
      name: "one leaf in two includes is given once",
      documents: [
        requirements({
          includes: [
            { origin: "a", requires: F },
            { origin: "b", requires: F },
          ],
        }),
      ],
      facts: ATOMS,
      want: verdict("F", { reasons: [{ origin: "a" }] }),
    },
    {
      name: "an unknown verdict doesn't give what is true or false",
      documents: [requires([T, { any: [F, U] }, U])],
      facts: ATOMS,
      want: verdict("U", {
        reasons: [{ pointer: "/requires/1/any/1/s.unseen/0", value: "unknown", within: "/requires/1/any" }],
      }),
    },
  ],
};
