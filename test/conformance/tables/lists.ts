/** Lists of instances that are longer than what the core judges at a time: docs/language.md, "Instances". */
import { host, requires, type Table, type TableCase, verdict } from "./table.ts";

/** An instance by its place: n is "0" or "1", or unknown; v is a version; z is there in a few alone. */
interface Numbered {
  readonly n: string | null;
  readonly v: string | null;
  readonly z: string | null;
}

function numbered(i: number): Numbered {
  return {
    n: i % 7 === 5 ? null : String(i % 2),
    v: i % 5 === 4 ? null : `${i % 3}.${i % 11}`,
    z: i % 9 === 0 ? "z" : null,
  };
}

type Value = "T" | "F" | "U";

/** What a condition over the instances gives for each. */
interface Over {
  readonly name: string;
  readonly of: unknown;
  readonly value: (instance: Numbered) => Value;
}

const known = (holds: boolean): Value => (holds ? "T" : "F");
const least = (a: Value, b: Value): Value =>
  a === "F" || b === "F" ? "F" : a === "U" || b === "U" ? "U" : "T";
const greatest = (a: Value, b: Value): Value =>
  a === "T" || b === "T" ? "T" : a === "U" || b === "U" ? "U" : "F";
const negated = (a: Value): Value => (a === "U" ? "U" : known(a === "F"));

/** n is unknown where it is null; v and z are lacking there. */
const isOne = ({ n }: Numbered): Value => (n === null ? "U" : known(n === "1"));
const isTwo = ({ v }: Numbered): Value => known(v?.startsWith("2.") === true);
const hasZ = ({ z }: Numbered): Value => known(z !== null);

const OVERS: readonly Over[] = [
  { name: "one text", of: { n: "1" }, value: isOne },
  { name: "one of two texts", of: { z: ["z", "y"] }, value: hasZ },
  { name: "a text that none has", of: { n: "7" }, value: ({ n }) => (n === null ? "U" : "F") },
  {
    name: "two tests of one text",
    of: { n: { text: { in: ["0", "1"], notIn: ["1"] } } },
    value: ({ n }) => (n === null ? "U" : known(n === "0")),
  },
  { name: "not a text", of: { not: { n: "1" } }, value: (i) => negated(isOne(i)) },
  { name: "a version", of: { v: { version: "2.*" } }, value: isTwo },
  { name: "not a version", of: { not: { v: { version: "2.*" } } }, value: (i) => negated(isTwo(i)) },
  { name: "what is lacking", of: { z: { exists: false } }, value: (i) => negated(hasZ(i)) },
  { name: "what all lack", of: { w: { exists: false } }, value: () => "T" },
  { name: "a text that all lack", of: { w: "1" }, value: () => "F" },
  { name: "no text that all lack", of: { w: { text: { notIn: ["1"] } } }, value: () => "F" },
  { name: "two attributes", of: { n: "1", z: "z" }, value: (i) => least(isOne(i), hasZ(i)) },
  { name: "either of two", of: { any: [{ n: "1" }, { z: "z" }] }, value: (i) => greatest(isOne(i), hasZ(i)) },
  {
    name: "all, of which the first is true everywhere",
    of: [{ w: { exists: false } }, { z: "z" }],
    value: hasZ,
  },
  {
    name: "any, of which the first is false everywhere",
    of: { any: [{ w: "1" }, { v: { version: "2.*" } }] },
    value: isTwo,
  },
  { name: "all, of which the first is false everywhere", of: [{ w: "1" }, { n: "1" }], value: () => "F" },
  {
    name: "any, of which the first is true everywhere",
    of: { any: [{ w: { exists: false } }, { n: "1" }] },
    value: () => "T",
  },
];

const LENGTHS = [1, 4, 5, 15, 16, 17, 31, 63, 64, 65, 130];

function listOf(length: number): string {
  const elements = Array.from({ length }, (_, i) => {
    const { n, v, z } = numbered(i);
    const attributes = {
      ...(n === null ? {} : { n }),
      ...(v === null ? {} : { v }),
      ...(z === null ? {} : { z }),
    };
    return { attributes, ...(n === null ? { unknown: ["n"] } : {}) };
  });
  return host({ instances: { "p.d": { elements } } });
}

function countOf({ name, of, value }: Over, length: number): TableCase[] {
  const values = Array.from({ length }, (_, i) => value(numbered(i)));
  const matching = values.filter((one) => one === "T").length;
  const unknown = values.filter((one) => one === "U").length;
  const found = { instances: length, matching, unknown, partial: false };
  // One more than there can be: false, and the reason says how many there are.
  return [
    {
      name: `${name}, counted over ${length}`,
      documents: [requires({ "p.d": { count: { of, is: `>${matching + unknown}` } } })],
      facts: listOf(length),
      want: verdict("F", { reasons: [{ kind: "count", value: "false", found }] }),
    },
  ];
}

/** By a list's length and the places that hold: some, every and none. */
function placed(length: number, holding: readonly number[]): TableCase {
  const elements = Array.from({ length }, (_, i) => ({ attributes: { n: holding.includes(i) ? "1" : "0" } }));
  const every = { every: { not: { n: "1" } } };
  return {
    name: `${holding.length === 0 ? "none" : `number ${holding.join(", ")}`} of ${length} holds`,
    documents: [
      requires([
        { "p.d": { count: { of: { n: "1" }, is: holding.length } } },
        holding.length === 0 ? { "p.d": every } : { "p.d": { some: { n: "1" } } },
      ]),
    ],
    facts: host({ instances: { "p.d": { elements } } }),
    want: verdict("T"),
  };
}

export const lists: Table = {
  file: "lists",
  description:
    "Conditions over lists of up to 130 instances, of which some hold, some don't and some are unknown.",
  cases: [
    ...OVERS.flatMap((over) => LENGTHS.flatMap((length) => countOf(over, length))),
    ...[15, 16, 17, 64, 65, 129].flatMap((length) => [
      placed(length, []),
      placed(length, [0]),
      placed(length, [length - 1]),
    ]),
    placed(130, [0, 15, 16, 63, 64, 127, 128, 129]),
  ],
};
