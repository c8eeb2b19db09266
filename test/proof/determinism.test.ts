/**
 * The same bytes in give the same bytes out: in every instance, whatever the hash's seed, whatever was done before, in the
 * release and in the guarded build. Handles' numbers are the caller's to give, and are the same for the same calls.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { BareCore, bytesOf, guardedModule, type Outcome, releaseModule } from "./core.ts";
import { type Corpus, corpus } from "./corpus.ts";
import { changedBytes, changedText } from "./mutations.ts";
import { Random } from "./random.ts";

/** Characters of a changed input. */
const LONGEST = 64 << 10;

/** Inputs of each kind, beside the vectors. */
const size = Number(process.env["HOSTFIT_DETERMINISM_INPUTS"] ?? 400);

let inputs: Corpus;
beforeAll(() => {
  inputs = corpus(size, 5);
});

/** What one situation gives: every export that answers. Its handles are freed. */
function answers(core: BareCore, i: number): readonly Omit<Outcome, "status">[] {
  const random = new Random(i);
  const take = (list: readonly string[], offset: number): Uint8Array => {
    const text = list[(i + offset) % list.length]!;
    const way = random.below(10);
    if (way < 6) return bytesOf(text);
    return way < 9
      ? bytesOf(changedText(random, text, 1, text, LONGEST))
      : changedBytes(random, bytesOf(text));
  };
  const native = take(inputs.native, 0);
  const parts = random.chance(1, 3)
    ? [
        { id: "i", bytes: native },
        { id: "m", bytes: take(inputs.nfd, 1), dialect: "nfd" as const },
      ]
    : [{ id: "d", bytes: native }];
  const made = [
    core.compile(...parts),
    core.facts(take(inputs.facts, 2)),
    core.policy(take(inputs.policies, 3)),
  ];
  const [requirements, host, policy] = made.map(({ status }) => Math.max(status, 0)) as [
    number,
    number,
    number,
  ];
  const outcomes = [...made];
  outcomes.push(core.decide(requirements, host));
  outcomes.push(core.evaluate(requirements, host, policy, take(inputs.candidates, 4)));
  outcomes.push(core.evaluate(requirements, host));
  const candidates = [0, 1, 2, 3].map((n) => ({
    id: `c${n}`,
    author: n % 2 === 0 ? "a" : "b",
    ...(JSON.parse(inputs.candidates[(i + 5 * n) % inputs.candidates.length]!) as object),
  }));
  // Handles' numbers depend on what was done before: only candidates without documents are told apart by nothing else.
  outcomes.push(core.rank(host, policy, bytesOf({ candidates, allowUndetermined: i % 2 === 0 })));
  core.freeAll();
  return outcomes.map(({ code, offset, text }) => ({ code, offset, text }));
}

/** Work that leaves symbols, buffers, free lists and generations of handles in another state. */
function disturb(core: BareCore, random: Random): void {
  const kept: number[] = [];
  for (let i = 0; i < 40; i++) {
    const outcome = random.chance(1, 2)
      ? core.facts(bytesOf(random.pick(inputs.facts)))
      : core.compile({ bytes: bytesOf(random.pick(inputs.native)) });
    if (outcome.status > 0) kept.push(outcome.status);
    if (random.chance(1, 2) && kept.length > 0) core.free(kept.splice(random.below(kept.length), 1)[0]!);
  }
  core.facts(bytesOf(`{"kind":"Host","name":"${"x".repeat(3_000_000)}"}`));
  core.compile({ bytes: bytesOf("[".repeat(200)) });
}

describe("the core gives the same bytes", () => {
  let reference: (readonly Omit<Outcome, "status">[])[];
  beforeAll(() => {
    const core = new BareCore(releaseModule(), { seed: [1, 2] });
    reference = Array.from({ length: size }, (_, i) => answers(core, i));
  });

  it("for something to compare", () => {
    const compatible = reference.flat().filter(({ text }) => text.startsWith('{"verdict"')).length;
    expect(compatible).toBeGreaterThan(size / 2);
  });

  it("in a fresh instance for each situation", () => {
    for (let i = 0; i < size; i++) expect(answers(new BareCore(releaseModule()), i)).toEqual(reference[i]);
  });

  it.each([
    [0, 0],
    [-1, -1],
    [0x12345678, 0x0badcafe],
    [1, 0],
  ])("with the hash's seed %i, %i", (a, b) => {
    const core = new BareCore(releaseModule(), { seed: [a, b] });
    for (let i = 0; i < size; i++) expect(answers(core, i)).toEqual(reference[i]);
  });

  it("in another order, after other work", () => {
    const core = new BareCore(releaseModule(), { seed: [7, 7] });
    const random = new Random(6);
    for (let i = size - 1; i >= 0; i--) {
      if (i % 20 === 0) disturb(core, random);
      expect(answers(core, i)).toEqual(reference[i]);
    }
  });

  it("in the guarded build, whose fresh memory is not zero", { timeout: 300_000 }, () => {
    const core = new BareCore(guardedModule(), { seed: [3, 4] });
    for (let i = 0; i < size; i++) expect(answers(core, i)).toEqual(reference[i]);
  });

  it("when the serials of facts begin anew", () => {
    const core = new BareCore(guardedModule());
    const condition = { "a.x": { n: "1" } };
    const native = bytesOf({ apiVersion: "hostfit/v1.0", kind: "Requirements", requires: condition });
    const term = { feature: "a.x", matchExpressions: { n: { op: "In", value: ["1"] } } };
    const nfd = bytesOf({ compatibilities: [{ rules: [{ matchFeatures: [term] }] }] });
    const policy = core.policy(
      bytesOf({ apiVersion: "hostfit/v1.0", kind: "Policy", requires: condition }),
    ).status;
    const program = core.compile({ bytes: native }, { bytes: nfd, dialect: "nfd" }).status;
    /** Facts that hold, and facts that don't and number their names in another order. */
    const load = (elements: Record<string, string>) =>
      core.facts(bytesOf({ kind: "Host", features: { attributes: { "a.x": { elements } } } })).status;
    const ask = (host: number) => core.evaluate(program, host, policy).status;
    const old = load({ n: "1" });
    expect(ask(old)).toBe(2);
    core.setSerial(-1);
    const hosts = [0, 1, 2].map(() => load({ z: "3", m: "1", n: "2" }));
    for (const host of hosts) expect([ask(host), ask(old)]).toEqual([0, 2]);
    core.setSerial(-1);
    const more = [0, 1, 2, 3, 4, 5].map(() => load({ y: "4", z: "3", m: "1", n: "1" }));
    for (const host of more) expect([ask(host), ask(old), ask(hosts[0]!)]).toEqual([2, 2, 0]);
  });
});
