/**
 * Inputs that were made to do harm. Every call ends within its budget of work, with an answer or a structured error, and the
 * instance goes on as if nothing had happened. Time is counted in turns of loops, not measured.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { BareCore, bytesOf, Code, guardedModule, type Outcome } from "./core.ts";
import { settle } from "./fuzz.ts";
import { type Attack, attacks, NOT_UTF8, ranking } from "./hostile.ts";
import { nfdAttacks } from "./hostile-nfd.ts";

/** Units of work for a call, and the turns of loops that a unit, and a byte of input, may stand for. */
const BUDGET = Number(process.env["HOSTFIT_HOSTILE_BUDGET"] ?? 15_000_000);
const STEPS_FOR_A_UNIT = 8;

const document = {
  apiVersion: "hostfit/v1.0",
  kind: "Requirements",
  requires: { "a.x": { n: { version: ">=1.2" } } },
};
const facts = { kind: "Host", features: { attributes: { "a.x": { elements: { n: "1.3" } } } } };

/** That an instance still works. */
function expectUsable(core: BareCore): void {
  core.limit({ work: 2_000_000_000 });
  const requirements = core.compile({ bytes: bytesOf(document) });
  const host = core.facts(bytesOf(facts));
  expect(core.evaluate(requirements.status, host.status).text).toContain('"verdict":"compatible"');
  core.freeAll();
}

/** Makes a call and says how many steps it took for a unit that it was charged and a byte that it was given. */
function bounded(core: BareCore, what: string, bytes: number, call: () => Outcome): Outcome {
  core.takeWork();
  const outcome = call();
  const { steps, charged } = core.takeWork();
  const paid = charged + bytes + 100_000;
  // Telling an error has a budget of its own.
  expect(charged, what).toBeLessThanOrEqual(2 * BUDGET);
  expect(steps / paid, `${what}: ${steps} steps for ${charged} units and ${bytes} bytes`).toBeLessThanOrEqual(
    STEPS_FOR_A_UNIT,
  );
  if (outcome.status < 0 && outcome.code !== Code.OUT_OF_MEMORY) {
    expect(JSON.parse(outcome.text)).toMatchObject({
      code: expect.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    });
  }
  return outcome;
}

function attack(
  core: BareCore,
  { bundle, facts: hostOf, policy: policyOf, candidate, candidates }: Attack,
): string {
  const said: string[] = [];
  const make = (
    what: string,
    bytes: Uint8Array | undefined,
    call: (bytes: Uint8Array) => Outcome,
  ): number => {
    if (bytes === undefined) return 0;
    const outcome = bounded(core, what, bytes.length, () => call(bytes));
    said.push(`${what} ${outcome.status < 0 ? outcome.code : "ok"}`);
    return Math.max(outcome.status, 0);
  };
  const requirements = make("compile", bundle?.(), (bytes) => core.bundle(bytes));
  const host = make("facts", hostOf?.(), (bytes) => core.facts(bytes));
  const policy = make("policy", policyOf?.(), (bytes) => core.policy(bytes));
  if (requirements > 0 && host > 0) {
    said.push(`decide ${bounded(core, "decide", 0, () => core.decide(requirements, host)).code}`);
    const hosts = Array.from({ length: 64 }, () => host);
    said.push(`many ${bounded(core, "many", 0, () => core.decideMany(requirements, hosts).outcome).code}`);
    said.push(
      `evaluate ${bounded(core, "evaluate", 0, () => core.evaluate(requirements, host, policy)).code}`,
    );
    if (candidate !== undefined) {
      const bytes = candidate();
      said.push(
        `candidate ${bounded(core, "evaluate", bytes.length, () => core.evaluate(requirements, host, policy, bytes)).code}`,
      );
    }
    if (candidates !== undefined) {
      const bytes = ranking(candidates, requirements);
      said.push(`rank ${bounded(core, "rank", bytes.length, () => core.rank(host, policy, bytes)).code}`);
    }
  }
  core.freeAll();
  return said.join(", ");
}

describe("an attack ends within its budget, and the instance goes on", () => {
  it.each([...attacks(), ...nfdAttacks()].map((entry) => [entry.name, entry] as const))(
    "%s",
    { timeout: 300_000 },
    (_name, entry) => {
      const core = new BareCore(guardedModule(), { work: BUDGET, seed: entry.seed ?? [11, 12] });
      core.stepsAreAtMost(40 * BUDGET);
      const said = attack(core, entry);
      if (process.env["HOSTFIT_VERBOSE"] !== undefined) console.log(`${entry.name}: ${said}`);
      expectUsable(core);
      settle(core);
      expect(core.memory).toBeLessThan(16 << 20);
    },
  );
});

describe("what is cut off or broken is refused with its place", () => {
  let core: BareCore;
  beforeEach(() => {
    core = new BareCore(guardedModule());
  });

  it("every beginning of a document, of facts, of a policy, of a candidate and of a ranking", () => {
    const requirements = core.compile({ bytes: bytesOf(document) }).status;
    const host = core.facts(bytesOf(facts)).status;
    const policy = bytesOf({
      apiVersion: "hostfit/v1.0",
      kind: "Policy",
      requires: document.requires,
      onMissing: "accept",
    });
    const candidate = bytesOf({
      platform: { os: "linux", architecture: "arm64", variant: "v8" },
      annotations: { a: "é\n\u{1f600}" },
    });
    const calls: readonly [Uint8Array, (bytes: Uint8Array) => Outcome][] = [
      [bytesOf(document), (bytes) => core.compile({ bytes })],
      [bytesOf(facts), (bytes) => core.facts(bytes)],
      [policy, (bytes) => core.policy(bytes)],
      [candidate, (bytes) => core.evaluate(requirements, host, 0, bytes)],
      [ranking(3, requirements), (bytes) => core.rank(host, 0, bytes)],
    ];
    for (const [bytes, call] of calls) {
      for (let length = 1; length < bytes.length; length++) {
        const outcome = call(bytes.slice(0, length));
        expect(outcome.status, `${length} bytes`).toBe(-1);
        expect([Code.INVALID_JSON, Code.INVALID_UTF8]).toContain(outcome.code);
        expect(outcome.offset).toBeLessThanOrEqual(length);
      }
      expect(call(bytes).status).toBeGreaterThanOrEqual(0);
    }
  });

  it.each(NOT_UTF8.map((bytes) => [Buffer.from(bytes).toString("hex"), bytes] as const))(
    "the bytes %s",
    (_hex, bytes) => {
      for (const [before, after] of [
        ['{"kind":"Host","name":"', '"}'],
        ['{"kind":"Host","name":"', "e"],
        ['{"kind":"Host","name":"0123456789abcde', 'x"}'],
        ['{"', '":1}'],
      ] as const) {
        const outcome = core.facts(Buffer.concat([bytesOf(before), Uint8Array.from(bytes), bytesOf(after)]));
        expect(outcome.code).toBe(Code.INVALID_UTF8);
        expect(outcome.offset).toBeGreaterThanOrEqual(before.length);
        expect(outcome.offset).toBeLessThan(before.length + bytes.length);
      }
    },
  );

  it("128 containers within each other are read, 129 are not", () => {
    expect(core.facts(bytesOf("[".repeat(128) + "]".repeat(128))).code).not.toBe(Code.TOO_DEEP);
    expect(core.facts(bytesOf("[".repeat(129) + "]".repeat(129)))).toMatchObject({
      code: Code.TOO_DEEP,
      offset: 128,
    });
    expect(core.facts(bytesOf(`${'{"a":'.repeat(129)}1${"}".repeat(129)}`))).toMatchObject({
      code: Code.TOO_DEEP,
      offset: 640,
    });
  });

  it("a document of 1 MiB is read, one byte more is not", () => {
    const text = JSON.stringify({ ...document, description: "" });
    const padded = (bytes: number) =>
      text.replace('"description":""', `"description":"${"x".repeat(bytes - text.length)}"`);
    expect(core.compile({ bytes: bytesOf(padded(1 << 20)) }).status).toBeGreaterThan(0);
    expect(core.compile({ bytes: bytesOf(padded((1 << 20) + 1)) })).toMatchObject({
      status: -1,
      code: Code.TOO_LARGE,
    });
  });

  it("lengths and handles that were never given", () => {
    for (const length of [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 64 << 20, -33, -32]) {
      for (const name of ["hf_compile", "hf_facts", "hf_policy"] as const) {
        const { status, code } = core.raw(name, length);
        expect(status).toBe(-1);
        expect(code).toBeGreaterThan(0);
      }
    }
    for (const handle of [0, -1, 1, 2 ** 31 - 1, -(2 ** 31), 1 << 20, (1 << 20) | 1]) {
      expect(core.free(handle).code).toBe(Code.STALE_HANDLE);
      expect(core.decide(handle, handle).code).toBe(Code.STALE_HANDLE);
      expect(core.rank(handle, 0, bytesOf({ candidates: [] })).code).toBe(Code.STALE_HANDLE);
    }
    const host = core.facts(bytesOf(facts)).status;
    expect(core.decide(host, host).code).toBe(Code.WRONG_HANDLE);
    expect(core.evaluate(host, host).code).toBe(Code.WRONG_HANDLE);
    core.free(host);
    expect(core.free(host).code).toBe(Code.STALE_HANDLE);
  });

  it("a seed after the first object, which would lose what was hashed before", () => {
    expect(core.seed(1, 2).status).toBe(0);
    const requirements = core.compile({ bytes: bytesOf(document) }).status;
    expect(core.seed(3, 4)).toMatchObject({ status: -1, code: Code.BAD_CALL });
    const host = core.facts(bytesOf(facts)).status;
    expect(core.decide(requirements, host).status).toBe(2);
  });

  it("everything, when there is hardly a budget; and says so", () => {
    core.limit({ work: 1 });
    const refused = core.facts(bytesOf(facts));
    expect(refused.code).toBe(Code.BUDGET);
    expect(JSON.parse(refused.text)).toMatchObject({ code: "budget-exceeded" });
    expectUsable(core);
  });
});
