/** Documents of NFD's dialect that were made to do harm, with the facts that they do it on. */
import { layOutBundle } from "../../bindings/js/bundle.ts";
import { bytesOf } from "./core.ts";
import type { Attack } from "./hostile.ts";

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function name(i: number): string {
  return i.toString(36);
}

/** A document of one rule, or of sets; as many copies as said. */
function document(rules: readonly unknown[], copies = 1): () => Uint8Array {
  const bytes = () => bytesOf({ compatibilities: [{ rules }] });
  return () => layOutBundle(times(copies, (i) => ({ id: `d${i}`, dialect: "nfd" as const, bytes: bytes() })));
}

function host(features: unknown): () => Uint8Array {
  return () => bytesOf({ kind: "Host", features });
}

const flags = (count: number) => host({ flags: { "a.x": { elements: times(count, name) } } });

function instances(count: number, attributes: (i: number) => Record<string, string>) {
  return host({ instances: { "a.x": { elements: times(count, (i) => ({ attributes: attributes(i) })) } } });
}

function term(expressions: Record<string, unknown>) {
  return { feature: "a.x", matchExpressions: expressions };
}

export function nfdAttacks(): readonly Attack[] {
  return [
    {
      name: "nfd: names matched by patterns, many terms over many names",
      bundle: document([
        {
          matchFeatures: times(5000, () => ({
            feature: "a.x",
            matchName: { op: "InRegexp", value: ["(a|b)*c{1,9}$"] },
          })),
        },
      ]),
      facts: flags(200_000),
      candidates: 4,
    },
    {
      name: "nfd: 30,000 values of In over a million instances",
      bundle: document([{ matchFeatures: [term({ n: { op: "In", value: times(30_000, name) } })] }]),
      facts: instances(300_000, (i) => ({ n: name(i) })),
      candidates: 4,
    },
    {
      name: "nfd: a term of 20,000 expressions in descending order, over instances",
      bundle: document([
        {
          matchFeatures: [
            term(Object.fromEntries(times(20_000, (i) => [name(9_999_999 - i), { op: "Exists" }]))),
          ],
        },
      ]),
      facts: instances(5000, (i) => ({ [name(9_999_999 - (i % 500))]: "1" })),
      candidates: 4,
    },
    {
      name: "nfd: expressions whose names share a long beginning",
      bundle: document([
        {
          matchFeatures: [
            term(
              Object.fromEntries(
                times(900, (i) => ["a".repeat(1000) + ((i * 7919) % 900), { op: "Exists" }]),
              ),
            ),
          ],
        },
      ]),
      facts: flags(10),
    },
    {
      name: "nfd: 15,000 variables that every later rule asks for",
      bundle: document([
        { name: "r", vars: Object.fromEntries(times(15_000, (i) => [name(i), `${i}`])) },
        ...times(3000, () => ({
          matchFeatures: [{ feature: "rule.matched", matchName: { op: "In", value: ["zzzz"] } }],
        })),
      ]),
      facts: host({
        attributes: { "rule.matched": { elements: Object.fromEntries(times(5000, (i) => [name(i), "1"])) } },
      }),
      candidates: 4,
    },
    {
      name: "nfd: 12,000 rules in each of 16 documents",
      bundle: document(
        times(12_000, () => ({ matchFeatures: [term({ a: { op: "Exists" } })] })),
        16,
      ),
      facts: flags(10),
      candidates: 64,
    },
    {
      name: "nfd: numbers of many digits against many instances",
      bundle: document([
        { matchFeatures: [term({ n: { op: "Gt", value: ["9".repeat(500_000)], type: "version" } })] },
      ]),
      facts: instances(20_000, (i) => ({ n: `1.${"7".repeat(200)}${i}` })),
      candidates: 4,
    },
    {
      name: "nfd: fields in every spelling",
      bundle: () => {
        const spelling = (word: string, i: number) =>
          [...word].map((c, at) => ((i >>> at) & 1 ? c.toUpperCase() : c.toLowerCase())).join("");
        const many = (word: string, value: unknown) =>
          Object.fromEntries(times(1 << Math.min(word.length, 12), (i) => [spelling(word, i), value]));
        const rule = { ...many("matchFeatures", []), ...many("matchAny", []), ...many("varsTemplate", "") };
        return layOutBundle([
          { id: "d", dialect: "nfd", bytes: bytesOf({ compatibilities: [{ rules: [rule, rule] }] }) },
        ]);
      },
      facts: flags(10),
    },
    {
      name: "nfd: instances partial, with names that nobody observed",
      bundle: document([
        {
          matchFeatures: times(2000, (i) => ({
            feature: "a.x",
            matchName: { op: "In", value: times(20, (k) => name(i + k)) },
          })),
        },
      ]),
      facts: host({
        instances: {
          "a.x": {
            elements: times(3000, (i) => ({ attributes: { [name(i % 50)]: "1" }, unknown: [name(i % 70)] })),
            partial: true,
          },
        },
        flags: { "a.x": { elements: times(3000, name), scope: times(9000, name) } },
      }),
      candidates: 16,
    },
  ];
}
