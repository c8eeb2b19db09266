import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createMatcher, HostfitError } from "../../../bindings/js/index.ts";
import type { Conversion, JsonMap } from "../../../src/author/convert/conversion.ts";
import { nativeToNfd } from "../../../src/author/convert/native-to-nfd.ts";
import { nfdToNative } from "../../../src/author/convert/nfd-to-native.ts";
import { facts, kindOf, nativeDocument, nfdDocument } from "./arbitrary.ts";

const CASES = Number(process.env["HOSTFIT_CASES"] ?? 2000);
const seed = process.env["HOSTFIT_SEED"];
const RUNS = { numRuns: CASES, ...(seed === undefined ? {} : { seed: Number(seed) }) };
const matcher = await createMatcher();

/** What the core says of a document on a host: null where it refuses the document, or NFD's answer is an error. */
function judged(document: JsonMap, dialect: "native" | "nfd", host: JsonMap) {
  try {
    using requirements = matcher.compile(JSON.stringify(document), { dialect });
    using facts = matcher.facts(JSON.stringify(host));
    const { verdict, score, maxScore, nfd } = matcher.evaluate(requirements, facts);
    const failed = nfd?.some((answer) => "error" in answer) === true;
    return failed ? null : { verdict, score, maxScore };
  } catch (error) {
    if (error instanceof HostfitError) return null;
    throw error;
  }
}

function warnsOf(conversion: Conversion, code: string): boolean {
  return conversion.findings.some((finding) => finding.code === code);
}

/** Whether a feature is closed of which the facts have nothing: what `closed-world` warns of. */
function closesNothing(host: JsonMap): boolean {
  const kinds = Object.values(host["features"] as Record<string, Record<string, { elements: unknown }>>);
  const observed = (feature: string): boolean =>
    kinds.some((kind) => (kind[feature]?.elements ?? null) !== null);
  return ((host["closedWorld"] as readonly string[] | undefined) ?? []).some((feature) => !observed(feature));
}

const seen = new Map<string, number>();
function count(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

describe("a converted document gives the same verdict as the one it was made from", () => {
  test("NFD to native, with its score", () => {
    fc.assert(
      fc.property(nfdDocument, facts("any"), (document, host) => {
        const conversion = nfdToNative(document, kindOf);
        if (conversion.document === null) {
          count("nfd unsayable");
          return;
        }
        const before = judged(document, "nfd", host);
        const after = judged(conversion.document, "native", host);
        if (before === null || after === null) {
          count("nfd error");
          return;
        }
        if (warnsOf(conversion, "closed-world") && closesNothing(host)) return;
        count(`nfd ${before.verdict}`);
        expect(after).toEqual(before);
      }),
      RUNS,
    );
    for (const verdict of ["compatible", "incompatible", "undetermined"]) {
      expect(seen.get(`nfd ${verdict}`) ?? 0, verdict).toBeGreaterThan(CASES / 400);
    }
  });

  test("native to NFD, with its score where it holds", () => {
    fc.assert(
      fc.property(nativeDocument, facts("any"), (document, host) => {
        const conversion = nativeToNfd(JSON.stringify(document));
        if (conversion.document === null) {
          count("native unsayable");
          return;
        }
        const before = judged(document, "native", host);
        const after = judged(conversion.document, "nfd", host);
        if (before === null || after === null) {
          count("native error");
          return;
        }
        if (warnsOf(conversion, "closed-world") && closesNothing(host)) return;
        count(`native ${before.verdict}`);
        expect(after.verdict).toBe(before.verdict);
        if (before.verdict === "compatible") expect(after.score).toBe(before.score);
      }),
      RUNS,
    );
    for (const verdict of ["compatible", "incompatible", "undetermined"]) {
      expect(seen.get(`native ${verdict}`) ?? 0, verdict).toBeGreaterThan(CASES / 400);
    }
  });

  test("there and back", () => {
    fc.assert(
      fc.property(nfdDocument, facts("present"), (document, host) => {
        const there = nfdToNative(document, kindOf);
        if (there.document === null) return;
        const back = nativeToNfd(JSON.stringify(there.document));
        if (back.document === null) return;
        const before = judged(document, "nfd", host);
        const after = judged(back.document, "nfd", host);
        if (before === null || after === null) return;
        count("round trip");
        expect(after.verdict).toBe(before.verdict);
      }),
      RUNS,
    );
    expect(seen.get("round trip") ?? 0).toBeGreaterThan(CASES / 20);
  });
});

afterAll(() => {
  if (process.env["HOSTFIT_COUNTS"] !== undefined) console.error(Object.fromEntries([...seen].sort()));
});
