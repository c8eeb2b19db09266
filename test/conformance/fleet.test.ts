/**
 * Fleets against pairs: over random hosts, documents, policies and candidates, with sequences of changes, every cell, verdict and score
 * of a row is what the pair gives, and what a fleet made anew gives. HOSTFIT_FLEET_CASES is the number of cases (200 by default),
 * HOSTFIT_SEED repeats a run.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fleet, Row, RowQuestion } from "../../bindings/js/fleet.ts";
import { createFleetMatcher, HostfitError } from "../../bindings/js/fleet-node.ts";
import type { Host, Policy, Requirements } from "../../bindings/js/matcher.ts";
import { nativeDocument, policy } from "./arbitrary-document.ts";
import { candidate, facts, type JsonMap } from "./arbitrary-facts.ts";
import { nfdDocument } from "./arbitrary-nfd.ts";

const CASES = Number(process.env.HOSTFIT_FLEET_CASES ?? 200);
const SEED = process.env.HOSTFIT_SEED === undefined ? {} : { seed: Number(process.env.HOSTFIT_SEED) };
const PATIENCE = 3_600_000;

const matcher = await createFleetMatcher();

type Change =
  | { readonly kind: "add"; readonly facts: JsonMap }
  | { readonly kind: "update"; readonly which: number; readonly facts: JsonMap }
  | { readonly kind: "remove"; readonly which: number }
  | { readonly kind: "ask"; readonly which: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: facts.map((value) => ({ kind: "add" as const, facts: value })) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(), facts)
      .map(([which, value]) => ({ kind: "update" as const, which, facts: value })),
  },
  { weight: 2, arbitrary: fc.nat().map((which) => ({ kind: "remove" as const, which })) },
  { weight: 3, arbitrary: fc.nat().map((which) => ({ kind: "ask" as const, which })) },
);

const documents = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: nativeDocument.map((document) => ({ dialect: "native" as const, document })) },
    { weight: 2, arbitrary: nfdDocument.map((document) => ({ dialect: "nfd" as const, document })) },
  ),
  { minLength: 1, maxLength: 2 },
);

interface Question {
  readonly requirements: Requirements;
  readonly question: RowQuestion;
}

/** A fleet beside the hosts that are in it, each as a handle for pairs. */
class Twin {
  readonly fleet: Fleet = matcher.fleet();
  readonly hosts = new Map<number, { readonly facts: JsonMap; readonly handle: Host }>();

  apply(one: Change): void {
    if (one.kind === "ask") return;
    if (one.kind === "add") {
      const handle = matcher.facts(one.facts);
      const slot = this.fleet.add(this.hosts.size % 2 === 0 ? handle : one.facts);
      expect(this.hosts.has(slot)).toBe(false);
      this.hosts.set(slot, { facts: one.facts, handle });
      return;
    }
    const slots = [...this.hosts.keys()];
    if (slots.length === 0) return;
    const slot = slots[one.which % slots.length]!;
    this.hosts.get(slot)!.handle.dispose();
    if (one.kind === "remove") {
      this.fleet.remove(slot);
      this.hosts.delete(slot);
      return;
    }
    const handle = matcher.facts(one.facts);
    this.fleet.update(slot, one.which % 2 === 0 ? handle : one.facts);
    this.hosts.set(slot, { facts: one.facts, handle });
  }

  /** Compares a row with all pairs. */
  check({ requirements, question }: Question): void {
    const { fleet, hosts } = this;
    const row = fleet.evaluate(requirements, { ...question, scores: true, best: 5, allowUndetermined: true });
    const counts = { compatible: 0, undetermined: 0, incompatible: 0 };
    const expected: { slot: number; verdict: string; score: number }[] = [];
    for (let slot = 0; slot < fleet.slots + 3; slot++) {
      const host = hosts.get(slot);
      if (host === undefined) {
        expect(row.verdict(slot)).toBe(null);
        if (slot < fleet.slots) expect(row.scores![slot]).toBe(0);
        continue;
      }
      const pair = matcher.evaluate(requirements, host.handle, question);
      counts[pair.verdict]++;
      expected.push({ slot, verdict: pair.verdict, score: pair.score });
      expect({ slot, verdict: row.verdict(slot), score: row.scores![slot] }).toEqual(expected.at(-1));
    }
    expect({
      compatible: row.compatible,
      undetermined: row.undetermined,
      incompatible: row.incompatible,
    }).toEqual(counts);
    checkIterators(row, expected);
    const fitting = expected.filter(({ verdict }) => verdict !== "incompatible");
    fitting.sort(
      (a, b) =>
        Number(b.verdict === "compatible") - Number(a.verdict === "compatible") ||
        b.score - a.score ||
        a.slot - b.slot,
    );
    expect(row.best).toEqual(fitting.slice(0, 5));
  }

  /** Compares explanations of some cells, byte by byte. */
  explain({ requirements, question }: Question): void {
    for (const [slot, { handle }] of [...this.hosts].slice(0, 4)) {
      expect(JSON.stringify(this.fleet.explain(slot, requirements, question))).toBe(
        JSON.stringify(matcher.evaluate(requirements, handle, question)),
      );
    }
  }

  dispose(): void {
    this.fleet.dispose();
    for (const { handle } of this.hosts.values()) handle.dispose();
  }
}

function checkIterators(row: Row, expected: readonly { slot: number; verdict: string }[]): void {
  const of = (verdict: string) =>
    expected.filter((host) => host.verdict === verdict).map((host) => host.slot);
  expect([...row.compatibleHosts()]).toEqual(of("compatible"));
  expect([...row.undeterminedHosts()]).toEqual(of("undetermined"));
  expect([...row.incompatibleHosts()]).toEqual(of("incompatible"));
}

/** Compiled, or null where the core refuses the document. */
function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof HostfitError) return null;
    throw error;
  }
}

async function run(
  changes: readonly Change[],
  lists: readonly (readonly { dialect: "native" | "nfd"; document: JsonMap }[])[],
  rules: JsonMap,
  judged: JsonMap,
): Promise<void> {
  const handles = lists
    .map((list) =>
      attempt(() =>
        matcher.compile(list.map(({ dialect, document }, i) => ({ id: `d${i}`, dialect, document }))),
      ),
    )
    .filter((handle) => handle !== null);
  const limits: Policy | null = attempt(() => matcher.policy(rules));
  if (handles.length === 0) return;
  const withCandidate = { candidate: { platform: null, ...judged } } as RowQuestion;
  const questions: Question[] = handles.flatMap((requirements) => [
    { requirements, question: {} },
    { requirements, question: { ...withCandidate, ...(limits === null ? {} : { policy: limits }) } },
  ]);
  const twin = new Twin();
  try {
    for (const one of changes) {
      twin.apply(one);
      if (one.kind === "ask") twin.check(questions[one.which % questions.length]!);
    }
    const fresh = new Twin();
    for (const { facts: value } of twin.hosts.values()) fresh.apply({ kind: "add", facts: value });
    for (const question of questions) {
      twin.check(question);
      fresh.check(question);
      twin.explain(question);
    }
    fresh.dispose();
    let i = 0;
    for await (const row of twin.fleet.matrix(handles)) {
      const alone = twin.fleet.evaluate(handles[i++]!);
      expect([...row.compatibleHosts()]).toEqual([...alone.compatibleHosts()]);
      expect([...row.undeterminedHosts()]).toEqual([...alone.undeterminedHosts()]);
      expect(row.incompatible).toBe(alone.incompatible);
    }
    expect(i).toBe(handles.length);
  } finally {
    twin.dispose();
    for (const handle of handles) handle.dispose();
    limits?.dispose();
  }
}

describe("a fleet answers as its pairs do, and as a fleet made anew", () => {
  it("after any sequence of changes", { timeout: PATIENCE }, async () => {
    const cases = fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 40, size: "max" }),
      fc.array(documents, { minLength: 1, maxLength: 3 }),
      policy,
      candidate,
      run,
    );
    await fc.assert(cases, { numRuns: CASES, ...SEED });
  });

  it("with so many distinct hosts that columns have indexes", { timeout: PATIENCE }, async () => {
    const many = facts.map((value) => ({ kind: "add" as const, facts: value }));
    const cases = fc.asyncProperty(
      fc.array(many, { minLength: 90, maxLength: 120, size: "max" }),
      fc.array(change, { maxLength: 50, size: "max" }),
      fc.array(documents, { minLength: 1, maxLength: 3 }),
      policy,
      candidate,
      (first, changes, ...rest) => run([...first, { kind: "ask", which: 0 }, ...changes], ...rest),
    );
    await fc.assert(cases, { numRuns: Math.ceil(CASES / 4), ...SEED });
  });
});
