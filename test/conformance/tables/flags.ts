/** Flags: docs/language.md, "The requirements document" (Matcher) and "Facts". */
import { host, requires, type Table, type TableCase, type Truth, verdict } from "./table.ts";

const OBSERVED = { elements: { AVX: {}, AVX2: {} } };
const AS_LIST = { elements: ["AVX", "AVX2"] };
const SCOPED = { elements: ["AVX", "AVX2"], scope: ["AVX2", "AVX512F"] };

/** By what is asked: the values with observed flags, with a scope that lacks FMA3, and without any. */
const CASES: readonly (readonly [
  name: string,
  matcher: unknown,
  observed: Truth,
  scoped: Truth,
  unseen: Truth,
])[] = [
  ["a flag that is present", ["AVX"], "T", "T", "U"],
  ["a flag that is absent and in scope", ["AVX512F"], "F", "F", "U"],
  ["a flag that is absent and out of scope", ["FMA3"], "F", "U", "U"],
  ["two present flags", ["AVX", "AVX2"], "T", "T", "U"],
  ["a present and an absent flag", ["AVX", "AVX512F"], "F", "F", "U"],
  ["a present and an unheard-of flag", ["AVX", "FMA3"], "F", "U", "U"],
  ["an absent and an unheard-of flag", ["AVX512F", "FMA3"], "F", "F", "U"],
  ["names are case-sensitive", ["avx"], "F", "U", "U"],
  ["one flag twice", ["AVX", "AVX"], "T", "T", "U"],
  ["flags.all of present ones", { flags: { all: ["AVX", "AVX2"] } }, "T", "T", "U"],
  ["flags.all with an absent one", { flags: { all: ["AVX", "AVX512F"] } }, "F", "F", "U"],
  ["flags.any with a present one", { flags: { any: ["AVX512F", "AVX"] } }, "T", "T", "U"],
  ["flags.any of absent ones", { flags: { any: ["AVX512F"] } }, "F", "F", "U"],
  ["flags.any of an absent and an unheard-of one", { flags: { any: ["AVX512F", "FMA3"] } }, "F", "U", "U"],
  ["flags.any of a present and an unheard-of one", { flags: { any: ["FMA3", "AVX"] } }, "T", "T", "U"],
  ["flags.none of an absent one", { flags: { none: ["AVX512F"] } }, "T", "T", "U"],
  ["flags.none of a present one", { flags: { none: ["AVX"] } }, "F", "F", "U"],
  ["flags.none of an unheard-of one", { flags: { none: ["FMA3"] } }, "T", "U", "U"],
  ["flags.none of a present and an unheard-of one", { flags: { none: ["FMA3", "AVX"] } }, "F", "F", "U"],
  ["flags.none of an absent and an unheard-of one", { flags: { none: ["FMA3", "AVX512F"] } }, "T", "U", "U"],
  [
    "all, any and none that hold",
    { flags: { all: ["AVX"], any: ["AVX2"], none: ["AVX512F"] } },
    "T",
    "T",
    "U",
  ],
  [
    "all and any hold, none doesn't",
    { flags: { all: ["AVX"], any: ["AVX2"], none: ["AVX"] } },
    "F",
    "F",
    "U",
  ],
  ["all holds, any is unknown in scope", { flags: { all: ["AVX"], any: ["FMA3"] } }, "F", "U", "U"],
];

function cases(): TableCase[] {
  return CASES.flatMap(([name, matcher, observed, scoped, unseen]): TableCase[] => {
    const documents = [requires({ "cpu.cpuid": matcher })];
    const one = (state: string, flags: unknown, truth: Truth): TableCase => ({
      name: `${name}, ${state}`,
      documents,
      facts: host(flags === null ? {} : { flags: { "cpu.cpuid": flags } }),
      want: verdict(truth),
    });
    return [
      one("flags observed", OBSERVED, observed),
      one("flags with a scope", SCOPED, scoped),
      one("flags not observed", null, unseen),
    ];
  });
}

export const flags: Table = {
  file: "flags",
  description: "Flags that are present, absent, out of scope and unobserved.",
  cases: [
    ...cases(),
    {
      name: "flags as a list are the same",
      documents: [requires({ "cpu.cpuid": { flags: { all: ["AVX"], none: ["FMA3"] } } })],
      facts: host({ flags: { "cpu.cpuid": AS_LIST } }),
      want: verdict("T"),
    },
    {
      name: "an empty set of flags is observed",
      documents: [requires({ "cpu.cpuid": ["AVX"] })],
      facts: host({ flags: { "cpu.cpuid": { elements: {} } } }),
      want: verdict("F"),
    },
    {
      name: "elements: null is not observed",
      documents: [requires({ "cpu.cpuid": ["AVX"] })],
      facts: host({ flags: { "cpu.cpuid": { elements: null } } }),
      want: verdict("U"),
    },
    {
      name: "elements: null with a scope is not observed",
      documents: [requires({ "cpu.cpuid": ["AVX"] })],
      facts: host({ flags: { "cpu.cpuid": { elements: null, scope: ["AVX"] } } }),
      want: verdict("U"),
    },
    {
      name: "an empty scope leaves everything else open",
      documents: [requires({ "cpu.cpuid": ["FMA3"] })],
      facts: host({ flags: { "cpu.cpuid": { elements: ["AVX"], scope: [] } } }),
      want: verdict("U", {
        reasons: [
          { kind: "flag", value: "unknown", feature: "cpu.cpuid", name: "FMA3", wanted: "FMA3", found: null },
        ],
      }),
    },
    {
      name: "closedWorld doesn't override a scope",
      documents: [requires({ "cpu.cpuid": ["FMA3"] })],
      facts: host(
        { flags: { "cpu.cpuid": { elements: ["AVX"], scope: [] } } },
        { closedWorld: ["cpu.cpuid"] },
      ),
      want: verdict("U"),
    },
    {
      name: "closedWorld makes unobserved flags absent",
      documents: [requires({ "cpu.cpuid": ["FMA3"] })],
      facts: host({}, { closedWorld: ["cpu.cpuid"] }),
      want: verdict("F", { reasons: [{ found: "absent", value: "false" }] }),
    },
    {
      name: "flags and attributes of one feature are apart",
      documents: [requires({ "cpu.cpuid": ["AVX"] })],
      facts: host({ attributes: { "cpu.cpuid": { elements: { AVX: "true" } } } }),
      want: verdict("U"),
    },
  ],
};
