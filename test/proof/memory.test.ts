/** What is in use after very many calls is what a fresh instance would have in use. */
import { beforeAll, describe, expect, it } from "vitest";
import { BareCore, bytesOf, releaseModule } from "./core.ts";
import { type Corpus, corpus } from "./corpus.ts";
import { settle } from "./fuzz.ts";

/** Evaluations, and replacements of facts: 1,000,000 each in CI. */
const calls = Number(process.env["HOSTFIT_MEMORY_CALLS"] ?? 50_000);
const POOL = 40;

let inputs: Corpus;
beforeAll(() => {
  inputs = corpus(POOL, 8);
});

/** An instance that has seen every input once, and holds the first document, facts and policy. */
function warm(): { core: BareCore; requirements: number; host: number; policy: number } {
  const core = new BareCore(releaseModule());
  const valid = (outcome: { status: number }) => {
    expect(outcome.status).toBeGreaterThan(0);
    return outcome.status;
  };
  const requirements = valid(core.compile({ bytes: bytesOf(inputs.native[0]!) }));
  const policy = valid(core.policy(bytesOf(inputs.policies[0]!)));
  const host = valid(core.facts(bytesOf(inputs.facts[0]!)));
  for (const text of inputs.facts) {
    const outcome = core.facts(bytesOf(text));
    if (outcome.status > 0) core.free(outcome.status);
  }
  for (const text of inputs.candidates) core.evaluate(requirements, host, policy, bytesOf(text));
  core.rank(host, policy, ranking(requirements));
  settle(core);
  return { core, requirements, host, policy };
}

function ranking(requirements: number): Uint8Array {
  const candidates = inputs.candidates
    .slice(0, 8)
    .map((text, i) => ({ id: `c${i}`, ...(JSON.parse(text) as object), requirements }));
  return bytesOf({ candidates });
}

describe(`after ${calls} calls the memory is what it was`, () => {
  it("evaluations, with a candidate, with a policy, and rankings", { timeout: 3_600_000 }, () => {
    const { core, requirements, host, policy } = warm();
    const before = core.memory;
    const linear = core.linearMemory;
    const candidates = inputs.candidates.map((text) => bytesOf(text));
    for (let i = 0; i < calls; i++) {
      if (i % 100 === 0) core.rank(host, policy, ranking(requirements));
      else
        core.evaluate(
          requirements,
          host,
          i % 2 === 0 ? policy : 0,
          i % 3 === 0 ? null : candidates[i % candidates.length]!,
        );
    }
    settle(core);
    expect(core.memory).toBe(before);
    expect(core.linearMemory).toBe(linear);
  });

  it("replacements of facts, each with an evaluation", { timeout: 3_600_000 }, () => {
    const { core, requirements, policy, host: first } = warm();
    const before = core.memory;
    const linear = core.linearMemory;
    const texts = inputs.facts.map((text) => bytesOf(text));
    let host = first;
    for (let i = 1; i <= calls; i++) {
      const next = core.facts(texts[i % texts.length]!);
      core.evaluate(requirements, next.status, policy);
      core.free(host);
      host = next.status;
    }
    const last = core.facts(texts[0]!).status;
    core.free(host);
    settle(core);
    expect(core.handles).toContain(last);
    expect(core.memory).toBe(before);
    expect(core.linearMemory).toBeLessThanOrEqual(linear + (1 << 20));
  });

  it("documents that are compiled and refused", { timeout: 3_600_000 }, () => {
    const { core } = warm();
    const texts = [...inputs.native, ...inputs.nfd]
      .map((text, i) => (i % 3 === 0 ? text.slice(0, -5) : text))
      .map((text) => bytesOf(text));
    const round = () => {
      for (const [i, bytes] of texts.entries()) {
        const outcome = core.compile({ bytes, dialect: i < inputs.native.length ? "native" : "nfd" });
        if (outcome.status > 0) core.free(outcome.status);
      }
      settle(core);
    };
    round();
    const before = core.memory;
    const linear = core.linearMemory;
    for (let done = texts.length; done < calls; done += texts.length * 10) round();
    expect(core.memory).toBe(before);
    expect(core.linearMemory).toBe(linear);
  });
});
