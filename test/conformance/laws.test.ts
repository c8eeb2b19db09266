/** Laws that the core keeps whatever the documents and facts are. HOSTFIT_CASES and HOSTFIT_SEED as in differential.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import type { VerdictValue } from "../../bindings/js/types.ts";
import { condition, nativeDocument, policy } from "./arbitrary-document.ts";
import { candidate, facts, type JsonMap } from "./arbitrary-facts.ts";
import { nfdDocument } from "./arbitrary-nfd.ts";
import { type Choice, choice, refine } from "./refinement.ts";

const CASES = Number(process.env.HOSTFIT_CASES ?? 3000);
const SEED = process.env.HOSTFIT_SEED === undefined ? {} : { seed: Number(process.env.HOSTFIT_SEED) };
const PATIENCE = { timeout: 3_600_000 };

const matcher = await createMatcher();

/** A variable, since an object that says `then` itself looks like a promise. */
const THEN = "then";

function requiring(condition: unknown): JsonMap {
  return { apiVersion: "hostfit/v1.0", kind: "Requirements", requires: condition };
}

function decide(document: JsonMap, facts: JsonMap): VerdictValue {
  using requirements = matcher.compile(document);
  using host = matcher.facts(facts);
  return matcher.decide(requirements, host);
}

const NEGATED: Readonly<Record<VerdictValue, VerdictValue>> = {
  compatible: "incompatible",
  incompatible: "compatible",
  undetermined: "undetermined",
};

function law<Values extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  holds: (...values: Values) => void,
  numRuns = CASES,
): void {
  it(name, PATIENCE, () => {
    fc.assert(fc.property(...arbitraries, holds), { numRuns, ...SEED });
  });
}

/** Both conditions have one value on every host. */
function equivalent(
  name: string,
  of: (a: unknown, b: unknown, c: unknown) => readonly [unknown, unknown],
): void {
  law(name, [condition, condition, condition, facts], (a, b, c, facts) => {
    const [left, right] = of(a, b, c);
    expect(decide(requiring(left), facts)).toBe(decide(requiring(right), facts));
  });
}

describe("knowing more never changes what was settled", () => {
  const known = (before: VerdictValue, after: VerdictValue): void => {
    if (before !== "undetermined") expect(after).toBe(before);
  };

  law(
    "a native document",
    [nativeDocument, facts, fc.array(choice, { minLength: 1, maxLength: 3 })],
    (document, facts, choices) => {
      known(decide(document, facts), decide(document, learn(facts, choices)));
    },
  );

  law(
    "a document with a candidate and a policy",
    [nativeDocument, facts, fc.array(choice, { minLength: 1, maxLength: 3 }), candidate, policy],
    (document, facts, choices, candidate, policyDocument) => {
      using requirements = matcher.compile(document);
      using policy = matcher.policy(policyDocument);
      using before = matcher.facts(facts);
      using after = matcher.facts(learn(facts, choices));
      const options = { candidate, policy };
      const first = matcher.evaluate(requirements, before, options);
      const second = matcher.evaluate(requirements, after, options);
      known(first.verdict, second.verdict);
      expect(second.score).toBeGreaterThanOrEqual(first.score);
    },
  );
});

describe("knowing more of the platforms never changes which runtimes there are", () => {
  const ladders = [
    { architecture: "amd64", variants: ["v1", "v2", "v3"], wanted: ["amd64", "386"] },
    { architecture: "arm64", variants: ["v8", "v8.2", "v9"], wanted: ["arm64", "arm"] },
  ] as const;

  /** Two or three platforms of one ladder, a wanted one, and the same platforms with one thing more known. */
  const platforms = fc.constantFrom(...ladders).chain(({ architecture, variants, wanted }) => {
    const variant = fc.constantFrom(...variants);
    return fc.record({
      before: fc.array(
        fc.record(
          { variant, "os.features": fc.subarray(["gpu"]), handlers: fc.subarray(["runc", "nvidia"]) },
          { requiredKeys: [] },
        ),
        { minLength: 2, maxLength: 3 },
      ),
      learnt: fc.record({ variant, "os.features": fc.subarray(["gpu"]) }),
      place: fc.nat(2),
      wanted: fc.record({
        os: fc.constant("linux"),
        architecture: fc.constantFrom(...wanted),
        variant: fc.constantFrom(...variants, ""),
        "os.features": fc.subarray(["gpu"]),
      }),
      base: fc.constant({ os: "linux", architecture }),
    });
  });
  const document: JsonMap = {
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    runtimes: [{ type: "nvidia" }],
  };

  law("where handlers serve some of the platforms", [platforms], (all) => {
    const judged = (list: readonly object[]) => {
      using requirements = matcher.compile(document);
      using host = matcher.facts({
        kind: "Host",
        platforms: list.map((platform) => ({ ...all.base, ...platform })),
        runtimes: { nvidia: "nvidia" },
      });
      return matcher.evaluate(requirements, host, { candidate: { platform: all.wanted } }).verdict;
    };
    const place = all.place % all.before.length;
    const after = all.before.map((platform, i) => (i === place ? { ...all.learnt, ...platform } : platform));
    const first = judged(all.before);
    if (first !== "undetermined") expect(judged(after)).toBe(first);
  });
});

function learn(facts: JsonMap, choices: readonly Choice[]): JsonMap {
  return choices.reduce((known, choice) => refine(known, choice) ?? known, facts);
}

describe("conditions that mean the same", () => {
  equivalent("not any is all not", (a, b) => [{ not: { any: [a, b] } }, [{ not: a }, { not: b }]]);
  equivalent("not all is any not", (a, b) => [{ not: { all: [a, b] } }, { any: [{ not: a }, { not: b }] }]);
  equivalent("not not", (a) => [{ not: { not: a } }, a]);
  equivalent("all is a list", (a, b) => [{ all: [a, b] }, [a, b]]);
  equivalent("the order of any doesn't count", (a, b, c) => [{ any: [a, b, c] }, { any: [c, a, b] }]);
  equivalent("all is associative", (a, b, c) => [
    [a, [b, c]],
    [[a, b], c],
  ]);
  equivalent("all distributes over any", (a, b, c) => [
    [a, { any: [b, c] }],
    {
      any: [
        [a, b],
        [a, c],
      ],
    },
  ]);
  equivalent("any of one", (a) => [{ any: [a] }, a]);
  equivalent("if is any of its branches, or both of them", (a, b, c) => [
    { if: a, [THEN]: b, else: c },
    {
      any: [
        [a, b],
        [{ not: a }, c],
        [b, c],
      ],
    },
  ]);
  equivalent("if without else", (a, b) => [{ if: a, [THEN]: b }, { any: [{ not: a }, b] }]);
  equivalent("if with its branches changed", (a, b, c) => [
    { if: a, [THEN]: b, else: c },
    { if: { not: a }, [THEN]: c, else: b },
  ]);

  law("not swaps the verdict", [condition, facts], (a, facts) => {
    expect(decide(requiring({ not: a }), facts)).toBe(NEGATED[decide(requiring(a), facts)]);
  });
});

describe("over instances", () => {
  const over = fc.constantFrom<unknown>(
    { n: "1" },
    { n: { exists: true } },
    { m: { number: ">=1" } },
    { any: [{ n: "1" }, { full: { version: ">5" } }] },
  );
  const same = (name: string, of: (over: unknown) => readonly [unknown, unknown]): void => {
    law(name, [over, facts], (over, facts) => {
      const [left, right] = of(over);
      expect(decide(requiring(left), facts)).toBe(decide(requiring(right), facts));
    });
  };
  same("none is not some", (over) => [{ "a.x": { none: over } }, { not: { "a.x": { some: over } } }]);
  same("every is none not", (over) => [{ "a.x": { every: over } }, { "a.x": { none: { not: over } } }]);
  same("some is a count of at least 1", (over) => [
    { "a.x": { some: over } },
    { "a.x": { count: { of: over, is: ">=1" } } },
  ]);
  same("none is a count of 0", (over) => [
    { "a.x": { none: over } },
    { "a.x": { count: { of: over, is: 0 } } },
  ]);
  same("a count is at least 0", (over) => [
    { "a.x": { count: { of: over, is: ">=0" } } },
    { not: { "a.x": { count: { of: over, is: "<0" } } } },
  ]);
});

describe("a verdict holds in every completion of what is unknown", () => {
  const ATOMS = ["f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9"];
  const { formula } = fc.letrec<{ formula: unknown }>((tie) => ({
    formula: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.constantFrom(...ATOMS).map((name): unknown => ({ "u.f": [name] })),
      fc.array(tie("formula"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      fc.array(tie("formula"), { minLength: 1, maxLength: 3 }),
      tie("formula").map((not) => ({ not })),
      fc
        .tuple(tie("formula"), tie("formula"), tie("formula"))
        .map(([a, b, c]) => ({ if: a, [THEN]: b, else: c })),
    ),
  }));

  const flags = (elements: readonly string[], scope?: readonly string[]): JsonMap => ({
    kind: "Host",
    features: { flags: { "u.f": { elements, ...(scope === undefined ? {} : { scope }) } } },
  });

  const completions = Array.from({ length: 1 << ATOMS.length }, (_, bits) =>
    matcher.facts(flags(ATOMS.filter((_, i) => bits & (1 << i)))),
  );

  law(
    "ten flags that nobody observed",
    [formula, fc.subarray(ATOMS)],
    (condition, heardOf) => {
      using requirements = matcher.compile(requiring(condition));
      using host = matcher.facts(flags([], heardOf));
      const verdict = matcher.decide(requirements, host);
      if (verdict === "undetermined") return;
      completions.forEach((completion, bits) => {
        if (heardOf.some((name) => bits & (1 << ATOMS.indexOf(name)))) return;
        expect(matcher.decide(requirements, completion)).toBe(verdict);
      });
    },
    Math.ceil(CASES / 10),
  );
});

describe("NFD's answer", () => {
  law("agrees with a verdict that is settled", [nfdDocument, facts], (document, facts) => {
    using requirements = matcher.compile(document, { dialect: "nfd" });
    using host = matcher.facts(facts);
    const { verdict, nfd } = matcher.evaluate(requirements, host);
    const [answer] = nfd;
    if (answer === undefined) throw new Error("no answer");
    if ("error" in answer) expect(verdict).toBe("undetermined");
    else if (verdict !== "undetermined") expect(answer.match).toBe(verdict === "compatible");
  });
});

describe("every formula to depth 3 over three atoms", () => {
  type Value = "true" | "false" | "unknown";
  interface Formula {
    readonly condition: unknown;
    readonly value: (valuation: readonly Value[]) => Value;
  }
  const VALUES: readonly Value[] = ["false", "unknown", "true"];
  const least = (...values: Value[]): Value => VALUES.find((value) => values.includes(value))!;
  const greatest = (...values: Value[]): Value => VALUES.findLast((value) => values.includes(value))!;
  const negated = (value: Value): Value => VALUES[2 - VALUES.indexOf(value)]!;

  const atoms = ["p", "q", "r"].map(
    (name, i): Formula => ({ condition: { "v.f": [name] }, value: (v) => v[i]! }),
  );

  function above(below: readonly Formula[], branches: readonly Formula[]): Formula[] {
    const pairs = below.flatMap((a) => below.map((b) => [a, b] as const));
    return [
      ...below.map((a): Formula => ({ condition: { not: a.condition }, value: (v) => negated(a.value(v)) })),
      ...pairs.map(
        ([a, b]): Formula => ({
          condition: [a.condition, b.condition],
          value: (v) => least(a.value(v), b.value(v)),
        }),
      ),
      ...pairs.map(
        ([a, b]): Formula => ({
          condition: { any: [a.condition, b.condition] },
          value: (v) => greatest(a.value(v), b.value(v)),
        }),
      ),
      ...branches.flatMap((a) =>
        pairs.map(
          ([b, c]): Formula => ({
            condition: { if: a.condition, [THEN]: b.condition, else: c.condition },
            value: (v) => choose(a.value(v), b.value(v), c.value(v)),
          }),
        ),
      ),
    ];
  }

  function choose(condition: Value, then: Value, otherwise: Value): Value {
    if (condition === "unknown") return then === otherwise ? then : "unknown";
    return condition === "true" ? then : otherwise;
  }

  const second = above(atoms, atoms);
  // With an `if` of depth 2 as condition of another, there are ten times as many.
  const third = above([...atoms, ...second], CASES >= 10_000 ? [...atoms, ...second] : atoms);
  const formulas = [...atoms, ...second, ...third];

  const valuations = VALUES.flatMap((p) =>
    VALUES.flatMap((q) => VALUES.map((r): [Value, Value, Value] => [p, q, r])),
  );

  function hostOf(valuation: readonly Value[]): JsonMap {
    const names = (value: Value) => ["p", "q", "r"].filter((_, i) => valuation[i] === value);
    return {
      kind: "Host",
      features: { flags: { "v.f": { elements: names("true"), scope: names("false") } } },
    };
  }

  it(
    `has Kleene's value: ${formulas.length} formulas under ${valuations.length} valuations`,
    PATIENCE,
    () => {
      const hosts = valuations.map((valuation) => matcher.facts(hostOf(valuation)));
      for (let start = 0; start < formulas.length; start += 500) {
        const some = formulas.slice(start, start + 500);
        using requirements = matcher.compile({
          apiVersion: "hostfit/v1.0",
          kind: "Requirements",
          prefers: some.map(({ condition }) => ({ weight: 1, when: condition })),
        });
        valuations.forEach((valuation, i) => {
          const { preferences } = matcher.evaluate(requirements, hosts[i]!);
          expect(preferences.map(({ value }) => value)).toEqual(some.map(({ value }) => value(valuation)));
        });
      }
      for (const host of hosts) host.dispose();
    },
  );
});
