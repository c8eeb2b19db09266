/**
 * Memory that is not there: every allocation of a call fails once, those inside regions as well. The call then says so, or gives
 * the same answer by other means; nothing leaks, and afterwards the same call gives the same bytes.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { BareCore, bytesOf, Code, guardedModule, type Outcome } from "./core.ts";
import { type Corpus, corpus } from "./corpus.ts";
import { settle } from "./fuzz.ts";

/** Inputs of each kind, beside the vectors, and how long they may be: a call is made as often as it allocates. */
const size = Number(process.env["HOSTFIT_ALLOCATION_INPUTS"] ?? 12);
const MOST_BYTES = 1500;

let inputs: Corpus;
beforeAll(() => {
  const all = corpus(size, 4);
  const short = (texts: readonly string[]) => texts.filter((text) => text.length <= MOST_BYTES);
  inputs = {
    native: short(all.native),
    nfd: short(all.nfd),
    facts: short(all.facts),
    policies: short(all.policies),
    candidates: short(all.candidates),
  };
});

/** Makes a call with its n-th allocation failing, for every n that there is; how many there were. */
function failEach(core: BareCore, call: () => Outcome, undo: (outcome: Outcome) => void): number {
  settle(core);
  const before = call();
  undo(before);
  const memory = core.memory;
  for (let n = 1; ; n++) {
    core.failAllocation(n);
    const outcome = call();
    const done = core.failurePending;
    core.failAllocation(0);
    if (outcome.status < 0 && before.status >= 0) {
      expect(outcome.code, `allocation ${n}`).toBe(Code.OUT_OF_MEMORY);
      expect(core.memory, `allocation ${n}`).toBeLessThanOrEqual(memory);
    } else if (before.status < 0 && outcome.code === Code.OUT_OF_MEMORY) {
      expect(core.memory, `allocation ${n}`).toBeLessThanOrEqual(memory);
    } else {
      expect(said(outcome), `allocation ${n}`).toEqual(said(before));
      undo(outcome);
    }
    if (done) {
      expect(core.memory).toBeLessThanOrEqual(memory);
      return n - 1;
    }
  }
}

/** An outcome without the number of the handle. */
function said(outcome: Outcome): unknown {
  return { ...outcome, status: outcome.status > 2 ? "handle" : outcome.status };
}

function made(outcome: Outcome, core: BareCore): void {
  if (outcome.status > 2) core.free(outcome.status);
}

describe("a failing allocation", () => {
  it("of compiling, loading facts or a policy leaks nothing and changes nothing", {
    timeout: 600_000,
  }, () => {
    const core = new BareCore(guardedModule());
    let allocations = 0;
    const kinds = [
      ...inputs.native.map((text) => () => core.compile({ bytes: bytesOf(text) })),
      ...inputs.nfd.map((text) => () => core.compile({ bytes: bytesOf(text), dialect: "nfd" as const })),
      ...inputs.facts.map((text) => () => core.facts(bytesOf(text))),
      ...inputs.policies.map((text) => () => core.policy(bytesOf(text))),
    ];
    for (const call of kinds) allocations += failEach(core, call, (outcome) => made(outcome, core));
    expect(allocations).toBeGreaterThan(kinds.length * 5);
  });

  it("of evaluating and ranking leaks nothing and changes nothing", { timeout: 600_000 }, () => {
    const core = new BareCore(guardedModule());
    let allocations = 0;
    const texts = inputs.native.slice(0, size);
    for (const [i, text] of texts.entries()) {
      const requirements = core.compile({ id: "d", bytes: bytesOf(text) }).status;
      const host = core.facts(bytesOf(inputs.facts[i % inputs.facts.length]!)).status;
      const policy = core.policy(bytesOf(inputs.policies[i % inputs.policies.length]!)).status;
      const candidate = inputs.candidates[i % inputs.candidates.length]!;
      const list = [0, 1, 2].map((n) => ({
        id: `c${n}`,
        ...(JSON.parse(inputs.candidates[(i + n) % inputs.candidates.length]!) as object),
        requirements: n === 2 ? null : requirements,
      }));
      if (requirements > 0 && host > 0 && policy > 0) {
        allocations += failEach(
          core,
          () => core.evaluate(requirements, host, policy, bytesOf(candidate)),
          () => {},
        );
        allocations += failEach(
          core,
          () => core.rank(host, policy, bytesOf({ candidates: list })),
          () => {},
        );
      }
      core.freeAll();
    }
    expect(allocations).toBeGreaterThan(texts.length * 5);
  });

  it("of an instance that has nothing yet leaves it as it was", () => {
    const texts = inputs.native.filter((text) => text.length < 1000).slice(0, 5);
    for (const text of texts) {
      const settled = new BareCore(guardedModule());
      const expected = said(settled.compile({ bytes: bytesOf(text) }));
      settled.freeAll();
      settle(settled);
      for (let n = 1; ; n++) {
        const core = new BareCore(guardedModule());
        core.failAllocation(n);
        const outcome = core.compile({ bytes: bytesOf(text) });
        const done = core.failurePending;
        core.failAllocation(0);
        if (outcome.code !== Code.OUT_OF_MEMORY) core.freeAll();
        settle(core);
        expect(core.memory, `allocation ${n}`).toBeLessThanOrEqual(settled.memory);
        expect(said(core.compile({ bytes: bytesOf(text) })), `after allocation ${n}`).toEqual(expected);
        if (done) break;
      }
    }
  });
});

describe("the guarded build", () => {
  it("allows the input and its padding, and nothing behind it", () => {
    const core = new BareCore(guardedModule());
    const address = core.input(bytesOf("[1]"));
    expect(core.mayTouch(address, 35)).toBe(true);
    expect(core.mayTouch(address + 34, 2)).toBe(false);
    expect(core.mayTouch(address - 1, 1)).toBe(false);
  });

  it("allows neither address 0 nor what lies past the memory", () => {
    const core = new BareCore(guardedModule());
    for (const address of [0, 8, 1023, core.linearMemory - 4, -8, -1])
      expect(core.mayTouch(address, 4), `${address}`).toBe(false);
  });
});
