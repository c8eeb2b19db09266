import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";
import { type Call, replay } from "./replay.ts";

/** How many calls; 20,000 unless HOSTFIT_FUZZ_CALLS says otherwise. HOSTFIT_FUZZ_SEED repeats a run. */
const calls = Number(process.env["HOSTFIT_FUZZ_CALLS"] ?? 20_000);
const seed = Number(process.env["HOSTFIT_FUZZ_SEED"] ?? 20_261_124);
/** Calls between two turns of the event loop; each part has a seed of its own. */
const PART = 100_000;
const failures = fileURLToPath(new URL("./failures/", import.meta.url));

describe("the core, given anything", () => {
  it(`survives ${calls} calls, from seed ${seed} on`, { timeout: 3_600_000 }, async () => {
    for (let done = 0, part = 0; done < calls; done += PART, part++) {
      const started = performance.now();
      const report = fuzz({ calls: Math.min(PART, calls - done), seed: seed + part });
      const seconds = (performance.now() - started) / 1000;
      console.log(
        `fuzz: seed ${seed + part}, ${report.calls} calls, ${Math.round(report.calls / seconds)} a second, ` +
          `${Math.round((100 * report.evaluated) / report.calls)} % evaluated, at most ${report.worstRatio.toFixed(2)} steps a unit, ` +
          `${JSON.stringify(report.outcomes)}, codes ${JSON.stringify([...report.codes].sort((a, b) => a[0] - b[0]))}`,
      );
      expect(report.evaluated / report.calls).toBeGreaterThanOrEqual(0.6);
      // Instances that are done with are only collected between turns of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  const files = existsSync(failures) ? readdirSync(failures).filter((file) => file.endsWith(".json")) : [];
  it.each(files)("survives what it once failed on: %s", (file) => {
    const { calls } = JSON.parse(readFileSync(`${failures}${file}`, "utf8")) as { calls: readonly Call[] };
    expect(() => replay(calls)).not.toThrow();
  });
});
