import { describe, expect, it } from "vitest";
import { createMatcher } from "../../bindings/js/index.ts";
import { type CrossingReport, crossOnce } from "./crossing.ts";

/** How many cases at least; ten millions by build/differential.mjs. */
const cases = Number(process.env["HOSTFIT_CROSSED_CASES"] ?? 20_000);
const first = Number(process.env["HOSTFIT_SEED"] ?? 20_261_124);

const matcher = await createMatcher();

describe("the core answers as the oracle does, over documents, facts, policies and candidates that are combined", () => {
  it(`in ${cases} cases, from seed ${first} on`, { timeout: 3_600_000 }, async () => {
    const report: CrossingReport = { cases: 0, rankings: 0, verdicts: {} };
    for (let seed = first; report.cases < cases; seed++) {
      crossOnce(matcher, seed, report);
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(`crossed: ${JSON.stringify(report)}`);
    for (const verdict of ["compatible", "incompatible", "undetermined"]) {
      expect(report.verdicts[verdict] ?? 0).toBeGreaterThan(report.cases / 50);
    }
  });
});
