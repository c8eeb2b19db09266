/** Tests of an attribute: docs/language.md, "Tests": scalars, lists, text, exists, and what observation makes of each. */
import { host, requires, type Table, type TableCase, type Truth, verdict, withText } from "./table.ts";

const TEXT: readonly (readonly [text: string, test: unknown, truth: Truth])[] = [
  ["on", "on", "T"],
  ["on", "off", "F"],
  ["on", "On", "F"],
  ["on ", "on", "F"],
  ["", "", "T"],
  ["x", "", "F"],
  ["é", "é", "T"],
  ["e\u0301", "é", "F"],
  ["日本", "日本", "T"],
  ["\u0000", "\u0000", "T"],
  ["\ud83d\ude00", "\ud83d\ude00", "T"],
  ["debian", ["ubuntu", "debian"], "T"],
  ["fedora", ["ubuntu", "debian"], "F"],
  ["5", [5], "T"],
  ["true", [true, false], "T"],
  ["a", { text: { in: ["a", "b"] } }, "T"],
  ["c", { text: { in: ["a", "b"] } }, "F"],
  ["c", { text: { notIn: ["a", "b"] } }, "T"],
  ["b", { text: { notIn: ["a", "b"] } }, "F"],
  ["c", { text: { in: ["a", "c"], notIn: ["c"] } }, "F"],
  ["a", { text: { in: ["a", "c"], notIn: ["c"] } }, "T"],
  ["Intel Xeon Gold", { text: { matches: "Xeon" } }, "T"],
  ["Intel Xeon Gold", { text: { matches: "^Xeon" } }, "F"],
  ["Intel Xeon Gold", { text: { matches: "^Intel.*Gold$" } }, "T"],
  ["intel", { text: { matches: "(?i)INTEL" } }, "T"],
  ["abc", { text: { matches: "" } }, "T"],
  ["", { text: { matches: "^$" } }, "T"],
  ["a\nb", { text: { matches: "a.b" } }, "F"],
  ["a\nb", { text: { matches: "(?s)a.b" } }, "T"],
  ["a\nb", { text: { matches: "^b" } }, "F"],
  ["a\nb", { text: { matches: "(?m)^b" } }, "T"],
  ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", { text: { matches: "(a*)*c" } }, "F"],
  ["é", { text: { matches: "^.$" } }, "T"],
  ["é", { text: { matches: "^\\pL$" } }, "T"],
  ["x86_64", { text: { matches: "^\\w+$" } }, "T"],
  ["10de", { text: { matches: "^[0-9a-f]{4}$" } }, "T"],
  ["10dE", { text: { matches: "^[0-9a-f]{4}$" } }, "F"],
  ["a.b", { text: { matches: "a\\.b" } }, "T"],
  ["axb", { text: { matches: "a\\.b" } }, "F"],
  ["foo bar", { text: { matches: "\\bbar\\b" } }, "T"],
  ["foobar", { text: { matches: "\\bbar\\b" } }, "F"],
  ["on", { exists: true }, "T"],
  ["on", { exists: false }, "F"],
  ["", { exists: true }, "T"],
  ["5", { exists: true, number: ">=5" }, "T"],
  ["5", { exists: false, number: ">=5" }, "F"],
  ["5", { number: ">=5", version: "<6", size: "5", text: { in: ["5"] } }, "T"],
  ["5", { number: ">=5", version: "<5" }, "F"],
  ["x", { number: ">=5", text: { in: ["x"] } }, "U"],
  ["x", { number: ">=5", text: { in: ["y"] } }, "F"],
  ["x", { number: ">=5", exists: false }, "F"],
  ["5.1.2", { number: ">=5", version: ">=5" }, "U"],
];

const TESTS: readonly (readonly [name: string, test: unknown])[] = [
  ["a scalar", "x"],
  ["a list", ["x"]],
  ["text.in", { text: { in: ["x"] } }],
  ["text.notIn", { text: { notIn: ["x"] } }],
  ["text.matches", { text: { matches: "" } }],
  ["version", { version: ">=0" }],
  ["number", { number: ">=0" }],
  ["size", { size: ">=0" }],
  ["exists: true", { exists: true }],
  ["exists: false", { exists: false }],
  ["exists: false and notIn", { exists: false, text: { notIn: ["x"] } }],
];

function textCase([text, test, truth]: (typeof TEXT)[number]): TableCase {
  return {
    name: `${JSON.stringify(text)} under ${JSON.stringify(test)} is ${truth}`,
    documents: [requires({ "a.x": { n: test } })],
    facts: withText(text),
    want: verdict(truth),
  };
}

/** Of a lacking attribute every test is false, but `exists: false`; of an unknown one, every test is unknown. */
function stateCases([name, test]: (typeof TESTS)[number]): TableCase[] {
  const documents = [requires({ "a.x": { n: test } })];
  const isAbsence = name === "exists: false";
  const absent = { reasons: [{ kind: "attribute", found: { absent: true } }] };
  const unknown = { reasons: [{ kind: "attribute", value: "unknown", found: { unknown: true } }] };
  return [
    {
      name: `${name} of an attribute that an observed set lacks`,
      documents,
      facts: host({ attributes: { "a.x": { elements: { other: "1" } } } }),
      want: isAbsence ? verdict("T") : verdict("F", absent),
    },
    {
      name: `${name} of an attribute of a set that isn't observed`,
      documents,
      facts: host(),
      want: verdict("U", unknown),
    },
    {
      name: `${name} of an attribute that is listed as unknown`,
      documents,
      facts: host({ attributes: { "a.x": { elements: { other: "1" }, unknown: ["n"] } } }),
      want: verdict("U", unknown),
    },
    {
      name: `${name} of an attribute that is listed as unknown and has a text`,
      documents,
      facts: host({ attributes: { "a.x": { elements: { n: "x" }, unknown: ["n"] } } }),
      want: verdict("U", unknown),
    },
  ];
}

/** The long form, and attributes whose names are words of the language. */
function placeCases(): TableCase[] {
  const facts = host({
    attributes: {
      "a.x": {
        elements: { flags: "1", some: "2", all: "3", name: "4", "dotted.name": "5", "": "6", n: "7" },
      },
    },
  });
  const place = (name: string, matcher: unknown, truth: Truth): TableCase => ({
    name,
    documents: [requires({ "a.x": matcher })],
    facts,
    want: verdict(truth),
  });
  return [
    place("attributes: a long form", { attributes: { n: "7" } }, "T"),
    place("attributes named as a matcher's words", { attributes: { flags: "1", some: "2" } }, "T"),
    place("an attribute named all in a matcher", { all: "3" }, "T"),
    place("an attribute named name in a matcher", { name: "4" }, "T"),
    place("an attribute with a dot in its name", { "dotted.name": "5" }, "T"),
    place("an attribute with an empty name", { "": "6" }, "T"),
    place("several attributes, one of them wrong", { n: "7", name: "5" }, "F"),
    place("short and long form beside each other", { n: "7", attributes: { name: "4" } }, "T"),
    place("short and long form of one attribute that disagree", { n: "7", attributes: { n: "8" } }, "F"),
  ];
}

export const tests: Table = {
  file: "tests",
  description:
    "Scalars, lists, text and exists; lacking, unknown and unobserved attributes under every kind of test.",
  cases: [...TEXT.map(textCase), ...TESTS.flatMap(stateCases), ...placeCases()],
};
