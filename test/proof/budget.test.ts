/**
 * Work that runs out, anywhere: a call with a budget of any size says `budget-exceeded`, or gives the very answer that it gives with
 * a large one; and what it had found out by then misleads no later call.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { BareCore, bytesOf, Code, guardedModule, type Outcome } from "./core.ts";
import { type Corpus, corpus } from "./corpus.ts";

/** Situations that are tried. */
const size = Number(process.env["HOSTFIT_BUDGET_INPUTS"] ?? 25);
const PLENTY = 2_000_000_000;
/** Budgets grow by this, so that each call is cut off at some hundred places. */
const GROWTH = 1.06;

let inputs: Corpus;
beforeAll(() => {
  inputs = corpus(size, 9);
});

/** An outcome without the number of a handle. */
function said(outcome: Outcome): unknown {
  return { ...outcome, status: outcome.status > 2 ? "handle" : outcome.status };
}

/** Cuts a call off at many places; after each it is made with plenty. How often it was cut off. */
function cutOff(core: BareCore, call: () => Outcome, fresh: () => void): number {
  core.limit({ work: PLENTY });
  fresh();
  const expected = said(call());
  let cuts = 0;
  for (let budget = 1; ; budget = Math.max(budget + 1, Math.floor(budget * GROWTH))) {
    fresh();
    core.limit({ work: budget });
    const outcome = call();
    core.limit({ work: PLENTY });
    if (outcome.code !== Code.BUDGET) {
      expect(said(outcome), `budget ${budget}`).toEqual(expected);
      return cuts;
    }
    cuts++;
    expect(outcome.status).toBe(-1);
    expect(said(call()), `after budget ${budget}`).toEqual(expected);
  }
}

describe("a budget that runs out", () => {
  it("of compiling, loading facts or a policy leaves nothing behind", { timeout: 600_000 }, () => {
    const core = new BareCore(guardedModule());
    let cuts = 0;
    const free = () => core.freeAll();
    for (let i = 0; i < size; i++) {
      const pick = (list: readonly string[]) => bytesOf(list[i % list.length]!);
      cuts += cutOff(core, () => core.compile({ bytes: pick(inputs.native) }), free);
      cuts += cutOff(core, () => core.compile({ bytes: pick(inputs.nfd), dialect: "nfd" }), free);
      cuts += cutOff(core, () => core.facts(pick(inputs.facts)), free);
      cuts += cutOff(core, () => core.policy(pick(inputs.policies)), free);
    }
    expect(cuts).toBeGreaterThan(size * 20);
  });

  it("of deciding, evaluating and ranking misleads no later call", { timeout: 600_000 }, () => {
    const core = new BareCore(guardedModule());
    let cuts = 0;
    for (let i = 0; i < size; i++) {
      const pick = (list: readonly string[], offset = 0) => list[(i + offset) % list.length]!;
      let requirements = 0;
      let host = 0;
      let policy = 0;
      // Handles that nothing was found out about yet: bindings, levels, tables of patterns and answers are all to be made.
      const fresh = () => {
        core.freeAll();
        const parts = [{ id: "n", bytes: bytesOf(pick(inputs.native)) }];
        const both = [...parts, { id: "f", bytes: bytesOf(pick(inputs.nfd)), dialect: "nfd" as const }];
        requirements = core.compile(...(i % 2 === 0 ? parts : both)).status;
        host = core.facts(bytesOf(pick(inputs.facts))).status;
        policy = core.policy(bytesOf(pick(inputs.policies))).status;
      };
      fresh();
      if (requirements < 0 || host < 0 || policy < 0) continue;
      const candidate = bytesOf(pick(inputs.candidates));
      const list = () =>
        bytesOf({
          candidates: [0, 1, 2].map((n) => ({
            id: `c${n}`,
            ...(JSON.parse(pick(inputs.candidates, n)) as object),
            requirements: n === 2 ? null : requirements,
          })),
        });
      cuts += cutOff(core, () => core.decide(requirements, host), fresh);
      cuts += cutOff(core, () => core.evaluate(requirements, host, policy, candidate), fresh);
      cuts += cutOff(core, () => core.rank(host, policy, list()), fresh);
    }
    expect(cuts).toBeGreaterThan(size * 20);
  });
});
