/** Reasons: docs/language.md, "Answers". */
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

const THEN = "then";

/** The reasons as `pointer value`, nothing else is compared. */
function reasons(truth: Truth, ...expected: readonly string[]) {
  return verdict(truth, {
    omitted: 0,
    reasons: expected.map((line) => {
      const [pointer, value] = line.split(" ");
      return { pointer: `/requires${pointer}`, value };
    }),
  });
}

function one(name: string, condition: unknown, want: TableCase["want"]): TableCase {
  return { name, documents: [requires(condition)], facts: ATOMS, want };
}

const flag = (...names: string[]) => ({ "s.flags": names });
const unseen = (name: string) => ({ "s.unseen": [name] });

const FACTS = host({
  flags: { "cpu.cpuid": { elements: ["AVX"] } },
  attributes: { "kernel.version": { elements: { full: "5.4.0-1", bad: "five" }, unknown: ["lost"] } },
  instances: {
    "pci.device": {
      elements: [{ attributes: { vendor: "10de" } }, { attributes: { class: "03" }, unknown: ["vendor"] }],
    },
  },
});

const TREE: readonly TableCase[] = [
  one(
    "a false all gives its false children",
    [T, flag("f"), U, flag("g")],
    reasons("F", "/1/s.flags/0 false", "/3/s.flags/0 false"),
  ),
  one(
    "an unknown all gives its unknown children",
    [T, unseen("u"), T, unseen("v")],
    reasons("U", "/1/s.unseen/0 unknown", "/3/s.unseen/0 unknown"),
  ),
  one(
    "a false any gives every child",
    { any: [flag("f"), flag("g")] },
    reasons("F", "/any/0/s.flags/0 false", "/any/1/s.flags/0 false"),
  ),
  one(
    "an unknown any gives its unknown children",
    { any: [flag("f"), unseen("u"), unseen("v")] },
    reasons("U", "/any/1/s.unseen/0 unknown", "/any/2/s.unseen/0 unknown"),
  ),
  one("a compatible verdict without alternatives has no reasons", [T, { not: F }, { all: T }], reasons("T")),
  one(
    "a compatible verdict gives the first true child of each any",
    [T, { any: [F, U, flag("t"), { not: F }] }],
    reasons("T", "/1/any/2/s.flags/0 true"),
  ),
  one(
    "a compatible verdict: an any within the taken child",
    { any: [F, [{ not: flag("g") }, { any: [F, T] }]] },
    reasons("T", "/any/1/0/not/s.flags/0 false", "/any/1/1/any/1/s.flags/0 true"),
  ),
  one(
    "a compatible verdict: an any under not not",
    { not: { not: { any: [F, T] } } },
    reasons("T", "/not/not/any/1/s.flags/0 true"),
  ),
  one(
    "a compatible verdict: a false any under not took no alternative",
    { not: { any: [F, flag("g")] } },
    reasons("T"),
  ),
  one(
    "a compatible verdict: if takes then",
    { if: T, [THEN]: { not: flag("g") } },
    reasons("T", "/then/not/s.flags/0 false"),
  ),
  one(
    "a compatible verdict: if takes else",
    { if: F, [THEN]: F, else: T },
    reasons("T", "/else/s.flags/0 true"),
  ),
  one("a compatible verdict: if takes a missing branch", { if: F, [THEN]: F }, reasons("T")),
  one(
    "a compatible verdict: if with an unknown condition takes both",
    { if: U, [THEN]: T, else: { not: flag("g") } },
    reasons("T", "/then/s.flags/0 true", "/else/not/s.flags/0 false"),
  ),
  one(
    "a compatible verdict: an if in an alternative gives its condition too",
    { any: [{ if: T, [THEN]: { not: flag("g") } }] },
    reasons("T", "/any/0/if/s.flags/0 true", "/any/0/then/not/s.flags/0 false"),
  ),
  one("a false not gives a true child", { not: T }, reasons("F", "/not/s.flags/0 true")),
  one(
    "a false not of a true all gives every child",
    { not: [T, { not: flag("g") }] },
    reasons("F", "/not/0/s.flags/0 true", "/not/1/not/s.flags/0 false"),
  ),
  one(
    "a false not of a true any gives the first true child",
    { not: { any: [F, T, { not: F }] } },
    reasons("F", "/not/any/1/s.flags/0 true"),
  ),
  one(
    "an unknown not of an unknown all",
    { not: [T, unseen("u"), unseen("v")] },
    reasons("U", "/not/1/s.unseen/0 unknown", "/not/2/s.unseen/0 unknown"),
  ),
  one(
    "if with a true condition: its reasons and those of then",
    { if: T, [THEN]: flag("f"), else: unseen("u") },
    reasons("F", "/if/s.flags/0 true", "/then/s.flags/0 false"),
  ),
  one(
    "if with a false condition: its reasons and those of else",
    { if: flag("g"), [THEN]: T, else: flag("f") },
    reasons("F", "/if/s.flags/0 false", "/else/s.flags/0 false"),
  ),
  one(
    "if with an unknown condition: its reasons and those of each branch",
    { if: unseen("u"), [THEN]: T, else: flag("f") },
    reasons("U", "/if/s.unseen/0 unknown", "/then/s.flags/0 true", "/else/s.flags/0 false"),
  ),
  one(
    "if with an unknown condition and equal branches",
    { if: unseen("u"), [THEN]: flag("f"), else: flag("g") },
    reasons("F", "/if/s.unseen/0 unknown", "/then/s.flags/0 false", "/else/s.flags/0 false"),
  ),
  one(
    "if with an unknown condition and one branch",
    { if: unseen("u"), else: flag("f") },
    reasons("U", "/if/s.unseen/0 unknown", "/else/s.flags/0 false"),
  ),
  one(
    "reasons come in document order",
    { ...flag("f"), any: [flag("g")], not: T },
    reasons("F", "/s.flags/0 false", "/any/0/s.flags/0 false", "/not/s.flags/0 true"),
  ),
  one(
    "if stands where its first member stands",
    { [THEN]: flag("f"), ...flag("g"), if: T },
    reasons("F", "/if/s.flags/0 true", "/then/s.flags/0 false", "/s.flags/0 false"),
  ),
  one(
    "a leaf that was given isn't repeated",
    [flag("f"), { any: [flag("f"), flag("g", "f")] }],
    reasons("F", "/0/s.flags/0 false", "/1/any/1/s.flags/0 false"),
  ),
  one(
    "a leaf that was given isn't repeated in another alternative",
    { any: [[F, unseen("u")], F] },
    reasons("F", "/any/0/0/s.flags/0 false"),
  ),
  one(
    "flags.any gives every flag",
    { "s.flags": { flags: { any: ["f", "g"] } } },
    reasons("F", "/s.flags/flags/any/0 false", "/s.flags/flags/any/1 false"),
  ),
  one(
    "flags.none gives the flags that are present",
    { "s.flags": { flags: { none: ["f", "t"] } } },
    reasons("F", "/s.flags/flags/none/1 true"),
  ),
  one(
    "flags.all gives the flags that are absent",
    { "s.flags": { flags: { all: ["f", "t", "g"] } } },
    reasons("F", "/s.flags/flags/all/0 false", "/s.flags/flags/all/2 false"),
  ),
  one(
    "a compatible verdict: flags.any gives the first that is present",
    { "s.flags": { flags: { any: ["f", "t"] } } },
    reasons("T", "/s.flags/flags/any/1 true"),
  ),
  one(
    "a pointer's tokens are escaped",
    { "a/b.c~d": { "x/y~z": "1" } },
    reasons("U", "/a~1b.c~0d/x~1y~0z unknown"),
  ),
];

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
