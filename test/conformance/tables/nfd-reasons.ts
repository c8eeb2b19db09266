/** Reasons of the dialect nfd. */
import { ALL, AVX, AVX2, document, OPEN, SET, TERM, WRONG, withTerms } from "./nfd-cases.ts";
import { host, type TableCase, verdict } from "./table.ts";

export const REASONS: readonly TableCase[] = [
  {
    name: "reasons: expressions, one by one, with texts around them",
    documents: [
      document({
        compatibilities: [
          {
            description: "why",
            rules: [
              {
                name: "cpu",
                matchFeatures: [
                  {
                    feature: "CPU.cpuid",
                    matchExpressions: {
                      FMA3: { op: "Exists" },
                      AVX2: { op: "DoesNotExist" },
                      AVX10_VERSION: { op: "Gt", value: ["1"] },
                    },
                  },
                ],
              },
            ],
          },
        ],
      }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        {
          document: "nfd",
          pointer: `${TERM}/matchExpressions/FMA3`,
          kind: "nfd",
          value: "false",
          feature: "cpu.cpuid",
          name: "FMA3",
          wanted: { op: "Exists" },
          found: { absent: true },
          within: "/compatibilities",
          title: "cpu",
          description: "why",
          documentation: null,
          origin: null,
        },
        {
          pointer: `${TERM}/matchExpressions/AVX2`,
          name: "AVX2",
          value: "false",
          wanted: { op: "DoesNotExist" },
          found: "present",
        },
        {
          pointer: `${TERM}/matchExpressions/AVX10_VERSION`,
          name: "AVX10_VERSION",
          value: "false",
          wanted: { op: "Gt", value: ["1"] },
          found: "1",
        },
      ],
    }),
  },
  {
    name: "reasons: a feature that isn't observed",
    documents: [withTerms(OPEN)],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: TERM,
          kind: "nfd",
          value: "unknown",
          feature: "no.such",
          name: null,
          wanted: OPEN,
          found: { unknown: true },
        },
      ],
    }),
  },
  {
    name: "reasons: a feature that is absent in a closed world",
    documents: [withTerms(OPEN)],
    facts: host({}, { closedWorld: ["no.such"] }),
    want: verdict("F", { reasons: [{ pointer: TERM, value: "false", found: { absent: true } }] }),
  },
  {
    name: "reasons: instances",
    documents: [
      withTerms({ feature: "pci.device", matchExpressions: { vendor: { op: "In", value: ["1002"] } } }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        {
          pointer: `${TERM}/matchExpressions`,
          name: null,
          wanted: { vendor: { op: "In", value: ["1002"] } },
          found: { instances: 2, matching: 0, unknown: 0, partial: false },
        },
      ],
    }),
  },
  {
    name: "reasons: a name",
    documents: [withTerms({ feature: "cpu.cpuid", matchName: { op: "InRegexp", value: ["^NEON"] } })],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        {
          pointer: `${TERM}/matchName`,
          name: null,
          wanted: { op: "InRegexp", value: ["^NEON"] },
          found: { absent: true },
        },
      ],
    }),
  },
  {
    name: "reasons: an error on the feature's side",
    documents: [
      withTerms({
        feature: "kernel.version",
        matchExpressions: { el9: { op: "Ge", value: ["5.14"], type: "version" } },
      }),
    ],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: `${TERM}/matchExpressions/el9`,
          kind: "nfd",
          value: "unknown",
          feature: "kernel.version",
          name: "el9",
          wanted: { op: "Ge", value: ["5.14"], type: "version" },
          found: { unreadable: "5.14.0-427.el9_4.x86_64" },
          within: "/compatibilities",
          title: "rule",
        },
      ],
    }),
  },
  {
    name: "reasons: an error on the document's side, in matchAny",
    documents: [document({ compatibilities: [{ rules: [{ matchAny: [{ matchFeatures: [WRONG] }] }] }] })],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: "/compatibilities/0/rules/0/matchAny/0/matchFeatures/0/matchExpressions/AVX2",
          value: "unknown",
          wanted: { op: "Like" },
          found: null,
          within: "/compatibilities/0/rules/0/matchAny",
          title: null,
        },
      ],
    }),
  },
  {
    name: "reasons: a template",
    documents: [
      document({
        compatibilities: [{ rules: [{ name: "r", varsTemplate: "{{ . }}", matchFeatures: [AVX2] }] }],
      }),
    ],
    facts: ALL,
    want: verdict("U", {
      reasons: [
        {
          pointer: "/compatibilities/0/rules/0/varsTemplate",
          feature: null,
          name: null,
          wanted: "{{ . }}",
          found: null,
          title: "r",
        },
      ],
    }),
  },
  {
    name: "reasons: a compatible verdict gives the set that counts",
    documents: [
      document({
        compatibilities: [
          SET(1, [AVX2]),
          SET(2, [{ feature: "cpu.model", matchName: { op: "InRegexp", value: ["^[ef]"] } }]),
          SET(3, [AVX]),
        ],
      }),
    ],
    facts: ALL,
    want: verdict("T", {
      reasons: [
        { pointer: "/compatibilities/1/rules/0/matchFeatures/0/matchName", value: "true", found: "empty" },
      ],
    }),
  },
  {
    name: "reasons: every set that fails",
    documents: [
      document({
        compatibilities: [SET(1, [AVX]), SET(2, [AVX2, { feature: "usb.device", matchExpressions: {} }])],
      }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        { pointer: "/compatibilities/0/rules/0/matchFeatures/0/matchExpressions/AVX" },
        {
          pointer: "/compatibilities/1/rules/0/matchFeatures/1/matchExpressions",
          found: { instances: 0, matching: 0, unknown: 0, partial: false },
        },
      ],
    }),
  },
  {
    name: "reasons: matchAny comes before matchFeatures",
    documents: [
      document({
        compatibilities: [
          {
            rules: [
              {
                matchFeatures: [AVX],
                matchAny: [{ matchFeatures: [{ ...AVX, matchExpressions: { FMA3: { op: "Exists" } } }] }],
              },
            ],
          },
        ],
      }),
    ],
    facts: ALL,
    want: verdict("F", {
      reasons: [
        { name: "FMA3", within: "/compatibilities/0/rules/0/matchAny" },
        { name: "AVX", within: "/compatibilities" },
      ],
    }),
  },
];
