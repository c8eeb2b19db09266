/**
 * The core against the oracle over random cases. HOSTFIT_CASES is the number of cases of each property (3,000 by default),
 * HOSTFIT_SEED repeats a run. What once failed stays in REGRESSIONS.
 */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import { nativeDocument, policy } from "./arbitrary-document.ts";
import { candidate, facts, type JsonMap } from "./arbitrary-facts.ts";
import { nfdDocument } from "./arbitrary-nfd.ts";
import { damage, damaged } from "./damage.ts";
import { answerWithMatcher } from "./matcher-answers.ts";
import { answerWithOracle } from "./oracle-answers.ts";
import { REGRESSIONS } from "./regressions.ts";
import type { Answer, VectorCandidate, VectorCase, VectorDocument } from "./vector.ts";

const CASES = Number(process.env.HOSTFIT_CASES ?? 3000);
const SEED = process.env.HOSTFIT_SEED === undefined ? {} : { seed: Number(process.env.HOSTFIT_SEED) };
const PATIENCE = 3_600_000;

const matcher = await createMatcher();
const tally: Record<string, number> = {};
afterAll(() => console.log(`answers compared: ${JSON.stringify(tally)}`));

function compare(vector: VectorCase): void {
  const wanted = answerWithOracle(vector);
  count(wanted);
  expect(JSON.stringify(answerWithMatcher(matcher, vector))).toBe(JSON.stringify(wanted));
}

function count(answer: Answer): void {
  const kind = "error" in answer ? answer.error.code : "verdict" in answer ? answer.verdict : "ranking";
  tally[kind] = (tally[kind] ?? 0) + 1;
}

function source(value: unknown) {
  return { text: JSON.stringify(value) };
}

const native = nativeDocument.map((value) => ({ dialect: "native" as const, ...source(value) }));
const nfd = nfdDocument.map((value) => ({ dialect: "nfd" as const, ...source(value) }));
const anyDocument = fc.oneof({ weight: 4, arbitrary: native }, { weight: 1, arbitrary: nfd });

/** Documents with ids by their places. */
function documents(of: fc.Arbitrary<Omit<VectorDocument, "id">>, minLength: number, maxLength: number) {
  return fc
    .array(of, { minLength, maxLength })
    .map((list) => list.map((document, i) => ({ ...document, id: `document ${i}` }) as VectorDocument));
}

function evaluation(of: fc.Arbitrary<Omit<VectorDocument, "id">>): fc.Arbitrary<VectorCase> {
  return fc.record(
    {
      name: fc.constant(""),
      documents: documents(of, 1, 2),
      facts: facts.map(source),
      candidate: candidate as fc.Arbitrary<VectorCandidate>,
      policy: policy.map(source),
    },
    { requiredKeys: ["name", "documents", "facts"] },
  ) as fc.Arbitrary<VectorCase>;
}

const ranked = fc
  .tuple(candidate, documents(anyDocument, 0, 2), fc.constantFrom("", "one", "two"))
  .map(([members, list, author]): VectorCandidate => ({ ...members, documents: list, author }));

const ranking = fc.record(
  {
    name: fc.constant(""),
    candidates: fc
      .array(ranked, { maxLength: 5 })
      .map((list) => list.map((candidate, i) => ({ ...candidate, id: `candidate ${i}` }))),
    facts: facts.map(source),
    policy: policy.map(source),
    allowUndetermined: fc.constant(true as const),
  },
  { requiredKeys: ["name", "candidates", "facts"] },
) as fc.Arbitrary<VectorCase>;

const MINIMAL = { apiVersion: "hostfit/v1.0", kind: "Requirements" };

function damagedInput(of: fc.Arbitrary<JsonMap>, place: (text: string) => Omit<VectorCase, "name">) {
  return fc
    .tuple(of, damage)
    .map(([value, harm]): VectorCase => ({ name: "", ...place(damaged(value, harm)) }));
}

const host = source({ kind: "Host" });

function property(name: string, cases: fc.Arbitrary<VectorCase>): void {
  it(name, { timeout: PATIENCE }, () => {
    fc.assert(fc.property(cases, compare), { numRuns: CASES, ...SEED });
  });
}

describe("the core answers as the oracle does", () => {
  property("native documents", evaluation(native));
  property("documents of NFD", evaluation(nfd));
  property("documents of both dialects", evaluation(anyDocument));
  property("rankings", ranking);
  property(
    "damaged native documents",
    damagedInput(nativeDocument, (text) => ({
      documents: [{ id: "d", dialect: "native", text }],
      facts: host,
    })),
  );
  property(
    "damaged documents of NFD",
    damagedInput(nfdDocument, (text) => ({ documents: [{ id: "d", dialect: "nfd", text }], facts: host })),
  );
  property(
    "damaged facts",
    damagedInput(facts, (text) => ({
      documents: [{ id: "d", dialect: "native", ...source(MINIMAL) }],
      facts: { text },
    })),
  );
  property(
    "damaged policies",
    damagedInput(policy, (text) => ({
      documents: [{ id: "d", dialect: "native", ...source(MINIMAL) }],
      facts: host,
      policy: { text },
    })),
  );
});

describe("what once differed", () => {
  it.each(REGRESSIONS)("$name", (vector) => compare(vector));
});
