/** some, every, none and count: docs/language.md, "Instances". */
import { host, requires, type Table, type TableCase, TRUTHS, type Truth, verdict } from "./table.ts";

const INSTANCE = {
  T: { attributes: { n: "1" } },
  F: { attributes: { n: "2" } },
  U: { attributes: {}, unknown: ["n"] },
} as const;

function list(truths: string, partial = false): string {
  const elements = [...truths].map((truth) => INSTANCE[truth as Truth]);
  return host({ instances: { "p.d": { elements, ...(partial ? { partial } : {}) } } });
}

function counted(truths: string, partial: boolean) {
  const matching = [...truths].filter((truth) => truth === "T").length;
  const unknown = [...truths].filter((truth) => truth === "U").length;
  return { instances: truths.length, matching, unknown, partial };
}

/** By the instances: some, every, and the same over a partial list. */
const QUANTIFIED: readonly (readonly [string, Truth, Truth, Truth, Truth])[] = [
  ["", "F", "T", "U", "U"],
  ["T", "T", "T", "T", "U"],
  ["F", "F", "F", "U", "F"],
  ["U", "U", "U", "U", "U"],
  ["TT", "T", "T", "T", "U"],
  ["TF", "T", "F", "T", "F"],
  ["TU", "T", "U", "T", "U"],
  ["FF", "F", "F", "U", "F"],
  ["FU", "U", "F", "U", "F"],
  ["UU", "U", "U", "U", "U"],
  ["FUT", "T", "F", "T", "F"],
];

const NOT: Readonly<Record<Truth, Truth>> = { T: "F", F: "T", U: "U" };

function quantifiedCases([
  truths,
  some,
  every,
  somePartial,
  everyPartial,
]: (typeof QUANTIFIED)[number]): TableCase[] {
  return [false, true].flatMap((partial): TableCase[] => {
    const [ofSome, ofEvery] = partial ? [somePartial, everyPartial] : [some, every];
    const one = (quantifier: string, truth: Truth): TableCase => ({
      name: `${quantifier} over [${truths}]${partial ? ", partial," : ""} is ${truth}`,
      documents: [requires({ "p.d": { [quantifier]: { n: "1" } } })],
      facts: list(truths, partial),
      want: verdict(
        truth,
        truth === "T" ? {} : { reasons: [{ kind: "instances", found: counted(truths, partial) }] },
      ),
    });
    return [one("some", ofSome), one("every", ofEvery), one("none", NOT[ofSome])];
  });
}

const COUNTS: readonly (readonly [truths: string, partial: boolean, is: string | number, truth: Truth])[] = [
  ["", false, 0, "T"],
  ["", false, 1, "F"],
  ["T", false, 1, "T"],
  ["T", false, ">=2", "F"],
  ["TT", false, ">=2", "T"],
  ["TTF", false, 2, "T"],
  ["TU", false, ">=2", "U"],
  ["TU", false, ">=1", "T"],
  ["TU", false, "<=2", "T"],
  ["TU", false, ">2", "F"],
  ["TU", false, 1, "U"],
  ["TU", false, "1 || 2", "T"],
  ["TU", false, "!=0", "T"],
  ["TU", false, "!=2", "U"],
  ["UU", false, "!=1", "U"],
  ["UU", false, "0 || 2", "U"],
  ["UU", false, "0 || 1 || 2", "T"],
  ["UU", false, ">2 || <0", "F"],
  ["TFU", false, ">=1 <3", "T"],
  ["", true, 0, "U"],
  ["", true, ">=0", "T"],
  ["", true, "<0", "F"],
  ["", true, ">=1", "U"],
  ["T", true, ">=1", "T"],
  ["T", true, ">=2", "U"],
  ["T", true, "<1", "F"],
  ["T", true, "<=1", "U"],
  ["T", true, "!=0", "T"],
  ["T", true, "!=5", "U"],
  ["T", true, 0, "F"],
  ["T", true, "<10 || >=10", "T"],
  ["T", true, "<10 || >10", "U"],
  ["T", true, ">1.5 <1.7", "F"],
  ["T", true, "<1.5 || >1.7", "T"],
  ["T", true, "<1e6 || >=1000000", "T"],
  ["T", true, ">1e6 <1000002", "U"],
  ["T", true, ">1000000 <1000001", "F"],
  ["TU", true, "<=3", "U"],
  ["", true, -1.5, "F"],
  ["", true, "-1", "F"],
  ["", true, "1.5", "F"],
  ["T", true, "!=1.5", "T"],
  ["T", true, "!=-1", "T"],
  ["T", true, "<-1.5", "F"],
  ["T", true, ">-1.5", "T"],
  ["T", true, ">=1.5", "U"],
  ["T", true, "<=0.5", "F"],
  ["T", true, "<1.5", "U"],
  ["T", true, "1.5 || 2.5", "F"],
  ["T", true, "!=1.5 !=2.5", "T"],
  ["T", true, ">0.5 !=1e9", "U"],
  ["T", true, "1e-1", "F"],
  ["T", true, "0", "F"],
  ["TT", true, "1 || 0.5", "F"],
  ["T", true, "<=1e400 || >1e400", "T"],
  // A partial list has at most 10^18 instances.
  ["T", true, "<=1e18", "T"],
  ["T", true, "<1e18", "U"],
  ["T", true, "1000000000000000000", "U"],
  ["T", true, "!=1e18", "U"],
  ["T", true, ">=1e18", "U"],
  ["T", true, ">1e18", "F"],
  ["T", true, "1000000000000000001", "F"],
  ["T", true, "<1e19", "T"],
  ["T", true, ">=1e19", "F"],
  ["T", true, "!=1e19", "T"],
  ["T", true, ">1e19 <10000000000000000002", "F"],
  ["T", true, "<=999999999999999999", "U"],
  ["T", true, ">999999999999999998 <1e18", "U"],
  ["T", true, ">999999999999999998.5 <999999999999999999.5", "U"],
  ["T", true, ">999999999999999998.25 <999999999999999998.75", "F"],
  ["T", true, "<999999999999999998.25 || >999999999999999998.75", "T"],
  ["T", true, "<999999999999999999 || >999999999999999999", "U"],
  ["T", true, ">1e-999999999", "T"],
  ["", true, ">1e-999999999", "U"],
  ["", true, "0 || >0", "T"],
  ["", true, ">0", "U"],
  ["", true, "<=0", "U"],
  ["", true, "!=0", "U"],
  ["", true, "0 || >=1", "T"],
  ["", true, "0 || >1", "U"],
  ["", true, ">=0 !=7", "U"],
  ["TTT", false, ">=2 <4", "T"],
  ["TTU", false, ">=3", "U"],
  ["TTU", false, "<3", "U"],
  ["TTU", false, ">3", "F"],
  ["TTU", false, "2 || 3", "T"],
  ["TUUUU", false, "!=3", "U"],
  ["TUUUU", false, "1 || 2 || 4 || 5", "U"],
  ["TUUUU", false, "<=5", "T"],
  ["TUUUU", false, ">=5", "U"],
  ["TUUUU", false, ">=6 || 0", "F"],
  ["TUUUU", false, ">4.5 <4.75", "F"],
  ["TU", false, "1.5", "F"],
  ["TU", false, "!=1.5", "T"],
  ["TT", false, "2.0", "T"],
  ["TT", false, "2e0", "T"],
  ["TT", false, "1.5", "F"],
  ["TT", false, ">-1", "T"],
];

function countCase([truths, partial, is, truth]: (typeof COUNTS)[number]): TableCase {
  return {
    name: `count of [${truths}]${partial ? ", partial," : ""} is ${JSON.stringify(is)}: ${truth}`,
    documents: [requires({ "p.d": { count: { of: { n: "1" }, is } } })],
    facts: list(truths, partial),
    want: verdict(
      truth,
      truth === "T" ? {} : { reasons: [{ kind: "count", found: counted(truths, partial) }] },
    ),
  };
}

const DEVICES = host({
  instances: {
    "pci.device": {
      elements: [
        { attributes: { vendor: "10de", class: "0302", device: "20b0", name: "gpu0" } },
        { attributes: { vendor: "10de", class: "0300", device: "2204", name: "gpu1" } },
        { attributes: { vendor: "8086", class: "0200" }, unknown: ["numa_node"] },
      ],
    },
  },
});

const OVER: readonly (readonly [name: string, matcher: unknown, truth: Truth])[] = [
  ["all tests on one instance", { some: { vendor: "10de", class: "0302" } }, "T"],
  ["tests that no one instance meets", { some: { vendor: "8086", class: "0302" } }, "F"],
  ["a list of conditions", { some: [{ vendor: "10de" }, { class: ["0300", "0302"] }] }, "T"],
  ["any over one instance", { some: { vendor: "10de", any: [{ device: "2204" }, { device: "ffff" }] } }, "T"],
  ["all over one instance", { some: { all: [{ vendor: "10de" }, { device: "ffff" }] } }, "F"],
  ["all as a map", { some: { all: { vendor: "10de", device: "2204" } } }, "T"],
  ["not over one instance", { some: { vendor: "10de", not: { class: "0302" } } }, "T"],
  ["not over every instance", { every: { not: { vendor: "1002" } } }, "T"],
  [
    "every instance of a vendor has a class",
    { every: { any: [{ vendor: "8086" }, { class: { text: { matches: "^03" } } }] } },
    "T",
  ],
  ["name is an attribute of an instance", { some: { name: "gpu1" } }, "T"],
  ["attributes: the long form", { some: { attributes: { vendor: "8086" } } }, "T"],
  ["an unknown attribute in any", { some: { any: [{ numa_node: "0" }, { vendor: "10de" }] } }, "T"],
  [
    "an unknown attribute of the only instance that could hold",
    { some: { vendor: "8086", numa_node: "0" } },
    "U",
  ],
  [
    "an unknown attribute of an instance that fails anyhow",
    { some: { vendor: "1002", numa_node: "0" } },
    "F",
  ],
  [
    "nested any, all and not",
    { some: { any: [{ all: [{ not: { vendor: "10de" } }, { class: "0200" }] }] } },
    "T",
  ],
  ["count without of counts all", { count: { is: 3 } }, "T"],
  ["count without of, wrong", { count: { is: 2 } }, "F"],
  ["count of a list", { count: { of: [{ vendor: "10de" }], is: ">=2" } }, "T"],
  [
    "some and every and none and count together",
    {
      some: { vendor: "10de" },
      every: { class: { exists: true } },
      none: { vendor: "1002" },
      count: { is: ">=1" },
    },
    "T",
  ],
  ["an exists test that is unknown", { count: { of: { numa_node: { exists: true } }, is: 0 } }, "U"],
  [
    "an exists test that is false elsewhere",
    { count: { of: { numa_node: { exists: true } }, is: "<=1" } },
    "T",
  ],
];

export const instances: Table = {
  file: "instances",
  description:
    "some, every, none and count over instances that hold (T), don't (F) or are unknown (U), and over partial lists.",
  cases: [
    ...QUANTIFIED.flatMap(quantifiedCases),
    ...COUNTS.map(countCase),
    ...OVER.map(
      ([name, matcher, truth]): TableCase => ({
        name: `${name} is ${truth}`,
        documents: [requires({ "pci.device": matcher })],
        facts: DEVICES,
        want: verdict(truth),
      }),
    ),
    ...TRUTHS.map(
      (truth): TableCase => ({
        name: `count without of over [${truth}] counts it`,
        documents: [requires({ "p.d": { count: { is: 1 } } })],
        facts: list(truth),
        want: verdict("T"),
      }),
    ),
  ],
};
