/** Inputs that were made to do harm: each is a bundle, facts, a policy and a ranking, or some of them. */
import { layOutBundle } from "../../bindings/js/bundle.ts";
import { type Colliding, plainCollisions, zeroSeedCollisions } from "./collisions.ts";
import { bytesOf } from "./core.ts";

export interface Attack {
  readonly name: string;
  readonly seed?: readonly [number, number];
  readonly bundle?: () => Uint8Array;
  readonly facts?: () => Uint8Array;
  readonly policy?: () => Uint8Array;
  /** Candidates of a ranking; `requirements` are the bundle's. */
  readonly candidates?: number;
  readonly candidate?: () => Uint8Array;
}

const MIB = 1 << 20;

function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function requirements(body: Record<string, unknown> | string): Uint8Array {
  const head = '{"apiVersion":"hostfit/v1.0","kind":"Requirements",';
  return bytesOf(`${head + (typeof body === "string" ? body : JSON.stringify(body).slice(1, -1))}}`);
}

function single(body: Record<string, unknown> | string): () => Uint8Array {
  return () => layOutBundle([{ id: "d", dialect: "native", bytes: requirements(body) }]);
}

/** As many copies of a document as a bundle may hold. */
function many(count: number, body: (i: number) => Record<string, unknown> | string): () => Uint8Array {
  return () =>
    layOutBundle(
      times(count, (i) => ({ id: `d${i}`, dialect: "native" as const, bytes: requirements(body(i)) })),
    );
}

function host(features: unknown, more: Record<string, unknown> = {}): () => Uint8Array {
  return () => bytesOf({ kind: "Host", ...more, features });
}

const plainHost = host({
  flags: { "a.x": { elements: ["a"] } },
  attributes: { "a.x": { elements: { n: "1" } } },
});

/** Names of one letter after another. */
function name(i: number): string {
  return i.toString(36);
}

function collisions(title: string, { seed, strings }: Colliding): Attack[] {
  return [
    {
      name: `${strings.length} keys of one object that collide, ${title}`,
      seed,
      facts: host({
        attributes: { "a.x": { elements: Object.fromEntries(strings.map((key) => [key, "1"])) } },
      }),
      bundle: single({ annotations: Object.fromEntries(strings.slice(0, 8000).map((key) => [key, "1"])) }),
    },
    {
      name: `${strings.length} flags that collide, ${title}`,
      seed,
      facts: host({ flags: { "a.x": { elements: strings } } }),
      bundle: single({ requires: { "a.x": strings.slice(0, 6000) } }),
    },
    {
      name: `${strings.length} texts of instances that collide, ${title}`,
      seed,
      facts: host({
        instances: { "a.x": { elements: strings.map((text) => ({ attributes: { n: text } })) } },
      }),
      bundle: single({ requires: { "a.x": { some: { n: strings.slice(0, 6000) } } } }),
    },
  ];
}

/** Bounds of a range that fill a document. */
function longBounds(count: number, bytes: number, domain: string, text: string): Attack {
  const bound = "1".repeat(bytes);
  const range = times(count, () => `!=${bound}`).join(" ");
  return {
    name: `${count} bounds of ${bytes} bytes against many instances, ${domain}`,
    bundle: single({ requires: { "a.x": { some: { n: { [domain]: range } } } } }),
    facts: host({
      instances: {
        "a.x": { elements: times(20_000, (i) => ({ attributes: { n: text.replace("#", `${i}`) } })) },
      },
    }),
    candidates: 8,
  };
}

function nested(depth: number, open: string, inner: string, close: string): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

export function attacks(): readonly Attack[] {
  return [
    ...collisions("seed found for them", plainCollisions(15_000)),
    ...collisions("seed 0", zeroSeedCollisions(8_000)),
    {
      name: "60,000 runtimes in each of several documents",
      bundle: many(8, (d) => ({
        runtimes: times(40_000, (i) => ({ type: d === 7 ? name(i) : name(40_000 - i) })),
      })),
      facts: host({}, { runtimes: Object.fromEntries(times(50_000, (i) => [`t${i}`, "h"])) }),
    },
    {
      name: "2,000 runtimes in each of 8 documents, none in all",
      bundle: many(8, (d) => ({ runtimes: times(2000, (i) => ({ type: name(i * 8 + (i === 0 ? 0 : d)) })) })),
      facts: host({}, { runtimes: Object.fromEntries(times(16_000, (i) => [name(i), "h"])) }),
      candidates: 8,
    },
    {
      name: "4,000 runtimes that the host has, with a policy that lists others",
      bundle: single({ runtimes: times(4000, (i) => ({ type: `t${i}` })) }),
      facts: host({}, { runtimes: Object.fromEntries(times(40_000, (i) => [`t${i}`, "h"])) }),
      policy: () =>
        bytesOf({
          apiVersion: "hostfit/v1.0",
          kind: "Policy",
          runtimes: { allow: times(40_000, (i) => `u${i}`) },
        }),
      candidates: 4,
    },
    {
      name: "20,000 preferences with their pointers",
      bundle: many(4, () => `"prefers":[${times(20_000, () => '{"weight":1,"when":{"a.x":["a"]}}').join()}]`),
      facts: plainHost,
      candidates: 16,
    },
    {
      name: "1 MiB of flags",
      bundle: single({ requires: { "a.x": times(130_000, name) } }),
      facts: host({ flags: { "a.x": { elements: times(400_000, name) } } }),
      candidates: 8,
    },
    {
      name: "a million terms in 8 documents of 1 MiB",
      bundle: many(
        8,
        (d) => `"requires":{"any":[${times(60_000, (i) => `{"a.x":["${name(i + d)}"]}`).join()}]}`,
      ),
      facts: plainHost,
      candidates: 8,
    },
    {
      name: "240,000 terms in 4 documents of 1 MiB",
      bundle: many(
        4,
        (d) => `"requires":{"any":[${times(60_000, (i) => `{"a.x":["${name(i + d)}"]}`).join()}]}`,
      ),
      facts: plainHost,
      candidates: 8,
    },
    {
      name: "a document of 1 MiB and one byte",
      bundle: () =>
        layOutBundle([{ id: "d", dialect: "native", bytes: bytesOf(`"${"a".repeat(MIB - 1)}"`) }]),
    },
    {
      name: "reasons far into a long list",
      bundle: single(`"requires":{"all":[${times(60_000, () => '{"a.x":["a"]}').join()},{"a.x":["b"]}]}`),
      facts: plainHost,
    },
    {
      name: "any of 30,000 that are all unknown",
      bundle: single(`"requires":{"any":[${times(30_000, (i) => `{"b.${name(i)}":["b"]}`).join()}]}`),
      facts: plainHost,
      candidates: 8,
    },
    {
      name: "long equal tests, told apart only at their ends",
      bundle: single({
        requires: {
          all: times(500, (i) => ({ "a.x": { n: { text: { notIn: [`${"1".repeat(1900)}${i}`, "1"] } } } })),
        },
      }),
      facts: plainHost,
    },
    longBounds(60, 16_000, "number", "1#"),
    longBounds(60, 16_000, "version", "1.#"),
    longBounds(64, 20, "size", "#"),
    {
      name: "counts over ranges with long bounds",
      bundle: single({
        requires: { "a.x": { count: { is: times(64, () => `!=${"1".repeat(16_000)}`).join(" ") } } },
      }),
      facts: host({ instances: { "a.x": { elements: times(100, () => ({ attributes: {} })) } } }),
      candidates: 64,
    },
    {
      name: "numbers of a million digits",
      bundle: single(`"requires":{"a.x":{"n":{"number":">=${"9".repeat(1_000_000)}"}}}`),
      facts: () =>
        bytesOf(
          `{"kind":"Host","features":{"attributes":{"a.x":{"elements":{"n":${"9".repeat(1_000_000)}}}}}}`,
        ),
      candidates: 64,
    },
    {
      name: "a weight of a million digits",
      bundle: single(`"prefers":[{"weight":${"9".repeat(1_000_000)},"when":{"a.x":["a"]}}]`),
    },
    {
      name: "arrays in arrays",
      bundle: () => bytesOf("["),
      facts: () => bytesOf("[".repeat(4 * MIB)),
      policy: () => bytesOf('{"a":'.repeat(100_000)),
    },
    {
      name: "conditions nested as deeply as JSON may be",
      bundle: single(`"requires":${nested(62, '{"not":{"if":', '{"a.x":["a"]}', ',"then":{"a.x":["a"]}}}')}`),
      facts: plainHost,
    },
    {
      name: "a tree of not, any and if that doubles at each level",
      bundle: single(
        `"requires":${times(14, () => 0).reduce((inner) => `{"if":${inner},"then":${inner},"else":{"a.x":["b"]}}`, '{"a.x":["a"]}')}`,
      ),
      facts: plainHost,
      candidates: 8,
    },
    {
      name: "patterns that repeat repetitions",
      bundle: single({
        requires: {
          any: times(2000, (i) => ({ "a.x": { n: { text: { matches: `(a{50}){1${i % 10}}|${i}` } } } })),
        },
      }),
      facts: host({ attributes: { "a.x": { elements: { n: "a".repeat(100_000) } } } }),
      candidates: 4,
    },
    {
      name: "patterns over all of Unicode without regard to case",
      bundle: single({
        requires: {
          any: times(9000, () => ({ "a.x": { n: { text: { matches: "(?i)[^\\pL]\\p{Lu}" } } } })),
        },
      }),
      facts: host({ attributes: { "a.x": { elements: { n: "é".repeat(50_000) } } } }),
    },
    {
      name: "a pattern that keeps many places open over a long text",
      bundle: single({ requires: { "a.x": { n: { text: { matches: "(a?){500}b[ab]{400}c" } } } } }),
      facts: host({ attributes: { "a.x": { elements: { n: "ab".repeat(200_000) } } } }),
    },
    {
      name: "patterns of every length over distinct texts of instances",
      bundle: single({
        requires: { "a.x": { some: { n: { text: { matches: "([0-9]{1,40}x|y){1,20}$" } } } } },
      }),
      facts: host({
        instances: { "a.x": { elements: times(30_000, (i) => ({ attributes: { n: `${i}`.repeat(8) } })) } },
      }),
    },
    {
      name: "instances of which each has another attribute",
      facts: host({
        instances: { "a.x": { elements: times(5000, (i) => ({ attributes: { [name(i)]: "1" } })) } },
      }),
      bundle: single({ requires: { "a.x": { every: { any: times(3000, (i) => ({ [name(i)]: "1" })) } } } }),
    },
    {
      name: "a million instances",
      facts: () =>
        bytesOf(
          `{"kind":"Host","features":{"instances":{"a.x":{"elements":[${times(1_000_000, (i) => `{"attributes":{"n":${i % 977}}}`).join()}]}}}}`,
        ),
      bundle: single({
        requires: { all: times(300, (i) => ({ "a.x": { some: { n: { number: `>${i}` } } } })) },
      }),
      candidates: 4,
    },
    {
      name: "60,000 features, each with a little",
      facts: host({ flags: Object.fromEntries(times(60_000, (i) => [`f.${name(i)}`, { elements: ["a"] }])) }),
      bundle: single({ requires: Object.fromEntries(times(30_000, (i) => [`f.${name(i)}`, ["a"]])) }),
      candidates: 8,
    },
    {
      name: "1,024 candidates whose long authors differ at their ends",
      bundle: single({ requires: { "a.x": ["a"] } }),
      facts: plainHost,
      candidates: 1024,
    },
    {
      name: "a candidate of 8 MiB of annotations",
      bundle: single({
        requires: { "candidate.annotations": Object.fromEntries(times(20_000, (i) => [name(i), "1"])) },
      }),
      facts: plainHost,
      candidate: () =>
        bytesOf({
          platform: { os: "linux", architecture: "amd64", "os.features": times(256, name) },
          annotations: Object.fromEntries(times(400_000, (i) => [name(i), "1"])),
        }),
    },
    {
      name: "64 platforms, each with 256 features and many handlers",
      facts: host(
        {},
        {
          platforms: times(64, (p) => ({
            os: "linux",
            architecture: "amd64",
            "os.features": times(256, (i) => `${"f".repeat(200)}${i}${p}`),
            handlers: times(3000, name),
          })),
          runtimes: Object.fromEntries(times(3000, (i) => [name(i), name(3000 - i)])),
        },
      ),
      bundle: single({ runtimes: times(3000, (i) => ({ type: name(i) })) }),
      candidate: () =>
        bytesOf({
          platform: {
            os: "linux",
            architecture: "amd64",
            "os.features": times(256, (i) => `${"f".repeat(200)}${i}x`),
          },
        }),
    },
  ];
}

/** A ranking of `count` candidates that all have the same requirements and authors of the same beginning. */
export function ranking(count: number, handle: number): Uint8Array {
  const author = "a".repeat(count > 100 ? 30_000 : 10);
  return bytesOf({
    candidates: times(count, (i) => ({
      id: `c${i}`,
      platform: { os: "linux", architecture: "amd64" },
      author: `${author}${i}`,
      ...(handle > 0 ? { requirements: handle } : {}),
    })),
  });
}

/** Byte sequences that are not UTF-8 (Unicode 15, table 3-7), each alone a string's content. */
export const NOT_UTF8: readonly (readonly number[])[] = [
  [0x80],
  [0xbf],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc2],
  [0xc2, 0x7f],
  [0xc2, 0xc0],
  [0xdf],
  [0xe0, 0x80, 0x80],
  [0xe0, 0x9f, 0xbf],
  [0xe0, 0xa0],
  [0xe1, 0x80],
  [0xe1, 0x80, 0x7f],
  [0xed, 0xa0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xef, 0xbf],
  [0xf0, 0x80, 0x80, 0x80],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf0, 0x90, 0x80],
  [0xf1, 0x80, 0x80],
  [0xf1, 0x80, 0x80, 0xc0],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xfe],
  [0xff],
];
