/** What is observed, closedWorld, NodeFeature objects and built-in features: docs/language.md, "Facts". */
import { host, requires, type Table, type TableCase, type Truth, verdict } from "./table.ts";

const ATTRIBUTE = { "a.x": { n: { exists: true } } };
const SOME = { "a.x": { some: { n: "1" } } };
const EVERY = { "a.x": { every: { n: "1" } } };

function one(name: string, condition: unknown, facts: string, truth: Truth): TableCase {
  return { name, documents: [requires(condition)], facts, want: verdict(truth) };
}

const CLOSED = { closedWorld: ["a.x"] };

const NODE_FEATURE = JSON.stringify({
  apiVersion: "nfd.k8s-sigs.io/v1alpha1",
  kind: "NodeFeature",
  metadata: {
    name: "node-1",
    labels: { "nfd.node.kubernetes.io/node-name": "node-1" },
    managedFields: [null],
  },
  spec: {
    labels: { a: "b" },
    features: {
      flags: { "cpu.cpuid": { elements: { AVX2: {} } }, "kernel.loadedmodule": { elements: null } },
      attributes: {
        "kernel.version": { elements: { full: "6.8.0-31-generic" } },
        "cpu.cstate": { elements: {} },
      },
      instances: { "pci.device": { elements: [{ attributes: { vendor: "10de", class: "0302" } }] } },
      future: { kind: "of feature" },
    },
  },
});

const NODE_CASES: readonly (readonly [string, unknown, Truth])[] = [
  ["a flag that is there", { "cpu.cpuid": ["AVX2"] }, "T"],
  ["a flag that isn't", { "cpu.cpuid": ["AVX"] }, "F"],
  ["elements null", { "kernel.loadedmodule": ["vfio"] }, "U"],
  ["an attribute", { "kernel.version": { full: { version: ">=6" } } }, "T"],
  ["an attribute that is lacking", { "kernel.version": { major: { exists: true } } }, "F"],
  ["an empty attribute set, as NFD publishes after read errors", { "cpu.cstate": { enabled: "true" } }, "U"],
  ["an instance", { "pci.device": { some: { vendor: "10de", class: ["0300", "0302"] } } }, "T"],
  ["no instance", { "pci.device": { some: { vendor: "1002" } } }, "F"],
  ["its platform isn't known", { "host.platform": { some: { os: "linux" } } }, "U"],
  ["its name is no feature", { "metadata.name": { x: { exists: false } } }, "U"],
];

const PLATFORMED = host(
  {},
  {
    platforms: [
      { os: "Linux", architecture: "x86_64", variant: "V3" },
      { os: "linux", architecture: "386" },
      { os: "windows", architecture: "arm64", variant: "v8", "os.version": "10.0.20348.1" },
    ],
  },
);

const ARM = { os: "linux", architecture: "aarch64", variant: "9.0" };

function candidateCase(
  name: string,
  condition: unknown,
  candidate: object | undefined,
  truth: Truth,
): TableCase {
  const facts = host({}, { platforms: [{ os: "linux", architecture: "arm64", variant: "v9" }] });
  return {
    name,
    documents: [requires(condition)],
    facts,
    ...(candidate === undefined ? {} : { candidate }),
    want: verdict(truth),
  };
}

export const observation: Table = {
  file: "observation",
  description:
    "Which kinds of features are observed, closedWorld, partial lists, NodeFeature objects, built-in features.",
  cases: [
    one(
      "attributes with an element are observed",
      { "a.x": { n: "1" } },
      host({ attributes: { "a.x": { elements: { m: "2" } } } }),
      "F",
    ),
    one(
      "attributes without an element are not",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: {} } } }),
      "U",
    ),
    one(
      "attributes with null elements are not",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: null } } }),
      "U",
    ),
    one(
      "attributes with an unknown name alone are observed",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: {}, unknown: ["m"] } } }),
      "F",
    ),
    one(
      "attributes with null elements and an unknown name are observed",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: null, unknown: ["m"] } } }),
      "F",
    ),
    one(
      "an empty list of unknown names observes nothing",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: {}, unknown: [] } } }),
      "U",
    ),
    one(
      "an unknown name is unknown",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: null, unknown: ["n"] } } }),
      "U",
    ),
    one("closedWorld: an absent kind of attributes is empty", ATTRIBUTE, host({}, CLOSED), "F"),
    one(
      "closedWorld: empty attributes are observed",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: {} } } }, CLOSED),
      "F",
    ),
    one(
      "closedWorld never overrides unknown",
      ATTRIBUTE,
      host({ attributes: { "a.x": { elements: {}, unknown: ["n"] } } }, CLOSED),
      "U",
    ),
    one("closedWorld counts by feature", { "a.y": { n: { exists: true } } }, host({}, CLOSED), "U"),
    one("closedWorld: exists: false holds", { "a.x": { n: { exists: false } } }, host({}, CLOSED), "T"),
    one(
      "instances that are observed and empty: some",
      SOME,
      host({ instances: { "a.x": { elements: [] } } }),
      "F",
    ),
    one(
      "instances that are observed and empty: every",
      EVERY,
      host({ instances: { "a.x": { elements: [] } } }),
      "T",
    ),
    one("instances that aren't observed: some", SOME, host(), "U"),
    one("instances that aren't observed: every", EVERY, host(), "U"),
    one("instances with null elements: some", SOME, host({ instances: { "a.x": { elements: null } } }), "U"),
    one("closedWorld: some over absent instances", SOME, host({}, CLOSED), "F"),
    one("closedWorld: every over absent instances", EVERY, host({}, CLOSED), "T"),
    one("closedWorld: none over absent instances", { "a.x": { none: { n: "1" } } }, host({}, CLOSED), "T"),
    one(
      "closedWorld: a partial list stays partial",
      SOME,
      host({ instances: { "a.x": { elements: [], partial: true } } }, CLOSED),
      "U",
    ),
    one(
      "closedWorld of one kind doesn't unobserve another",
      { "a.x": { some: { n: "1" }, flags: { none: ["f"] } } },
      host({ instances: { "a.x": { elements: [{ attributes: { n: "1" } }] } } }, CLOSED),
      "T",
    ),
    one(
      "an instance's lacking attribute",
      SOME,
      host({ instances: { "a.x": { elements: [{ attributes: { m: "1" } }] } } }),
      "F",
    ),
    one(
      "an instance's unknown attribute",
      SOME,
      host({ instances: { "a.x": { elements: [{ attributes: { m: "1" }, unknown: ["n"] }] } } }),
      "U",
    ),
    one(
      "an instance's unknown attribute that has a text",
      SOME,
      host({ instances: { "a.x": { elements: [{ attributes: { n: "1" }, unknown: ["n"] }] } } }),
      "U",
    ),
    one(
      "an instance without attributes lacks all",
      { "a.x": { some: { n: { exists: false } } } },
      host({ instances: { "a.x": { elements: [{ attributes: {} }] } } }),
      "T",
    ),
    one(
      "a feature of an interest group's own",
      { "org.lab/mpi.install": { version: { version: ">=4" } } },
      host({ attributes: { "org.lab/mpi.install": { elements: { version: "4.1" } } } }),
      "T",
    ),
    one("facts without features", ATTRIBUTE, '{"kind":"Host"}', "U"),
    one(
      "facts with everything",
      ATTRIBUTE,
      JSON.stringify({
        apiVersion: "hostfit/v1.0",
        kind: "Host",
        name: "n",
        annotations: { a: "b" },
        platforms: [],
        runtimes: {},
        features: { flags: {}, attributes: { "a.x": { elements: { n: 1 } } }, instances: {} },
        closedWorld: [],
      }),
      "T",
    ),
    ...NODE_CASES.map(([name, condition, truth]) =>
      one(`NodeFeature: ${name}`, condition, NODE_FEATURE, truth),
    ),
    one(
      "NodeFeature: null maps are absent",
      ATTRIBUTE,
      '{"kind":"NodeFeature","apiVersion":5,"spec":{"features":{"flags":null,"attributes":null,"instances":null}}}',
      "U",
    ),
    one("NodeFeature: no spec", ATTRIBUTE, '{"kind":"NodeFeature"}', "U"),
    one("NodeFeature: null spec", ATTRIBUTE, '{"kind":"NodeFeature","spec":null}', "U"),
    one("NodeFeature: null features", ATTRIBUTE, '{"kind":"NodeFeature","spec":{"features":null}}', "U"),
    one(
      "NodeFeature: a set without elements",
      ATTRIBUTE,
      '{"kind":"NodeFeature","spec":{"features":{"attributes":{"a.x":{}}}}}',
      "U",
    ),
    one(
      "NodeFeature: an instance without attributes",
      { "a.x": { count: { is: 1 } } },
      '{"kind":"NodeFeature","spec":{"features":{"instances":{"a.x":{"elements":[{}]}}}}}',
      "T",
    ),
    one(
      "host.platform is normalised",
      { "host.platform": { some: { os: "linux", architecture: "amd64", variant: "v3" } } },
      PLATFORMED,
      "T",
    ),
    one(
      "host.platform: the written spelling isn't there",
      { "host.platform": { some: { architecture: "x86_64" } } },
      PLATFORMED,
      "F",
    ),
    one(
      "host.platform: an absent variant is unknown",
      { "host.platform": { some: { architecture: "386", variant: { exists: true } } } },
      PLATFORMED,
      "U",
    ),
    one(
      "host.platform: a written baseline is known and lacking",
      { "host.platform": { some: { architecture: "arm64", variant: { exists: false } } } },
      PLATFORMED,
      "T",
    ),
    one(
      "host.platform: os.version",
      { "host.platform": { some: { "os.version": { version: ">=10.0.20348" } } } },
      PLATFORMED,
      "T",
    ),
    one(
      "host.platform: an absent os.version is unknown",
      { "host.platform": { every: { "os.version": { exists: true } } } },
      PLATFORMED,
      "U",
    ),
    one(
      "host.platform: counted",
      { "host.platform": { count: { of: { os: "linux" }, is: 2 } } },
      PLATFORMED,
      "T",
    ),
    one("host.platform: without platforms", { "host.platform": { some: { os: "linux" } } }, host(), "U"),
    one(
      "host.platform: an empty list is known",
      { "host.platform": { count: { is: 0 } } },
      host({}, { platforms: [] }),
      "T",
    ),
    one(
      "host.platform: any other attribute is lacking",
      { "host.platform": { some: { features: { exists: true } } } },
      PLATFORMED,
      "F",
    ),
    one("host.platform has no attributes of its own", { "host.platform": { os: "linux" } }, PLATFORMED, "U"),
    candidateCase(
      "candidate.platform is normalised",
      { "candidate.platform": { os: "linux", architecture: "arm64", variant: "v9" } },
      { platform: ARM },
      "T",
    ),
    candidateCase(
      "candidate.platform: an absent variant is lacking",
      { "candidate.platform": { variant: { exists: false } } },
      { platform: { os: "linux", architecture: "arm64" } },
      "T",
    ),
    candidateCase(
      "candidate.platform: a variant that normalises to nothing is lacking",
      { "candidate.platform": { variant: { exists: false } } },
      { platform: { os: "linux", architecture: "arm64", variant: "v8" } },
      "T",
    ),
    candidateCase(
      "candidate.platform: an absent os.version is lacking",
      { "candidate.platform": { "os.version": "10" } },
      { platform: ARM },
      "F",
    ),
    ...["os", "architecture"].flatMap((name) => {
      const platform = { os: "linux", architecture: "amd64", [name]: "" };
      const facts = host({}, { platforms: [platform] });
      const candidate = { platform };
      return [
        {
          ...one(
            `candidate.platform: an empty ${name} is lacking`,
            { "candidate.platform": { [name]: { exists: false } } },
            facts,
            "T",
          ),
          candidate,
        },
        {
          ...one(
            `candidate.platform: an empty ${name} equals no text, not the empty one either`,
            { "candidate.platform": { [name]: "" } },
            facts,
            "F",
          ),
          candidate,
        },
        one(
          `host.platform: an empty ${name} is lacking`,
          { "host.platform": { some: { [name]: { exists: false } } } },
          facts,
          "T",
        ),
      ];
    }),
    candidateCase(
      "candidate.platform: without a known platform",
      { "candidate.platform": { os: { exists: false } } },
      { platform: null },
      "U",
    ),
    candidateCase(
      "candidate.platform: without a candidate",
      { "candidate.platform": { os: "linux" } },
      undefined,
      "U",
    ),
    candidateCase(
      "candidate.annotations",
      { "candidate.annotations": { "org.example.a": "b" } },
      { platform: ARM, annotations: { "org.example.a": "b" } },
      "T",
    ),
    candidateCase(
      "candidate.annotations: one that is lacking",
      { "candidate.annotations": { "org.example.a": "b" } },
      { platform: ARM, annotations: { x: "b" } },
      "F",
    ),
    candidateCase(
      "candidate.annotations: none given is observed and empty",
      { "candidate.annotations": { x: { exists: false } } },
      { platform: ARM },
      "T",
    ),
    candidateCase(
      "candidate.annotations: without a candidate",
      { "candidate.annotations": { x: { exists: false } } },
      undefined,
      "U",
    ),
    candidateCase(
      "a branch on the candidate's architecture",
      { if: { "candidate.platform": { architecture: "arm64" } }, else: { "a.x": ["f"] } },
      { platform: ARM },
      "T",
    ),
    candidateCase(
      "without a candidate nothing of it is known, not even a count of 0 or more",
      { "candidate.annotations": { count: { is: ">=0" } } },
      undefined,
      "U",
    ),
    candidateCase(
      "without a candidate nothing of it is known, not even that a count isn't negative",
      { "candidate.annotations": { count: { is: "<0" } } },
      undefined,
      "U",
    ),
    candidateCase(
      "with a candidate, instances that it doesn't have are a partial list",
      { "candidate.annotations": { count: { is: ">=0" } } },
      { platform: ARM },
      "T",
    ),
    candidateCase(
      "with a candidate, some over instances that it doesn't have",
      { "candidate.annotations": { some: { n: "1" } } },
      { platform: ARM },
      "U",
    ),
  ],
};
