/** Explaining takes work in proportion to a document's size, however many reasons are only counted. */
import { expect, test } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import type { JsonInput } from "../../bindings/js/types.ts";

const HOST = {
  apiVersion: "hostfit/v1.0",
  kind: "Host",
  features: {
    flags: { "c.d": { elements: {} } },
    attributes: { "a.b": { elements: { known: "1" } } },
  },
};

function native(alternatives: number): JsonInput {
  const any = Array.from({ length: alternatives }, (_, at) => ({ "a.b": { [`x${at}`]: "y" } }));
  return { apiVersion: "hostfit/v1.0", kind: "Requirements", requires: { any } };
}

function nfd(sets: number): JsonInput {
  const set = (at: number): object => ({
    rules: [
      { matchFeatures: [{ feature: "a.b", matchExpressions: { [`x${at}`]: { op: "In", value: ["y"] } } }] },
    ],
  });
  return { compatibilities: Array.from({ length: sets }, (_, at) => set(at)) };
}

test.each([
  ["alternatives", native, "native"],
  ["NFD's sets", nfd, "nfd"],
] as const)("ten times as many %s cost about ten times the work", async (_, make, dialect) => {
  // The least budget, in powers of two, with which the answer comes.
  const least = async (count: number): Promise<number> => {
    for (let work = 1 << 16; ; work *= 2) {
      using matcher = await createMatcher({ work });
      try {
        const requirements = matcher.compile(make(count), { dialect });
        const { verdict, reasons, omitted } = matcher.evaluate(requirements, matcher.facts(HOST));
        expect([verdict, reasons.length, omitted]).toEqual(["incompatible", 64, count - 64]);
        return work;
      } catch (error) {
        expect(error).toMatchObject({ code: "budget-exceeded" });
      }
    }
  };
  const [few, many] = [await least(800), await least(8_000)];
  expect(many / few).toBeLessThanOrEqual(16);
});
