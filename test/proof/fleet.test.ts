/**
 * Fleets under the guarded build: allocations that fail, work that runs out, handles that are freed. A call that fails changes nothing; and
 * after very many updates the memory is about that of a fleet made anew.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { BareCore, bytesOf, Code, fleetModule, guardedModule, type Outcome } from "./core.ts";
import { type Corpus, corpus } from "./corpus.ts";
import { settle } from "./fuzz.ts";

/** Hosts of a fleet that is tried: more than an index is made for. */
const HOSTS = 110;
/** Documents that are tried. */
const size = Number(process.env["HOSTFIT_FLEET_INPUTS"] ?? 10);
/** Updates of the memory test: 1,000,000 in CI. */
const updates = Number(process.env["HOSTFIT_MEMORY_CALLS"] ?? 50_000);
const PATIENCE = 3_600_000;
const PLENTY = 2_000_000_000;
/** Budgets grow by this, so that each call is cut off at some hundred places. */
const GROWTH = 1.1;

let inputs: Corpus;
beforeAll(() => {
  guardedModule();
  const all = corpus(Math.max(HOSTS * 2, size), 12);
  inputs = { ...all, facts: all.facts.slice(0, HOSTS * 2) };
}, 600_000);

interface Stage {
  readonly core: BareCore;
  readonly fleet: number;
  readonly documents: readonly number[];
  readonly policy: number;
}

/** A fleet of so many hosts, and documents of both dialects. */
function stage(module: WebAssembly.Module, hosts: number, documents: number): Stage {
  const core = new BareCore(module);
  const fleet = core.fleet().status;
  for (let i = 0; i < hosts; i++) core.fleetPut(fleet, -1, bytesOf(inputs.facts[i % inputs.facts.length]!));
  const handles = Array.from({ length: documents }, (_, i) => {
    const native = { id: "n", bytes: bytesOf(inputs.native[i]!) };
    const nfd = { id: "f", bytes: bytesOf(inputs.nfd[i]!), dialect: "nfd" as const };
    return core.compile(...(i % 3 === 0 ? [native] : i % 3 === 1 ? [nfd] : [native, nfd])).status;
  }).filter((handle) => handle > 0);
  const policy = inputs.policies
    .map((text) => core.policy(bytesOf(text)).status)
    .find((handle) => handle > 0)!;
  return { core, fleet, documents: handles, policy };
}

/** What all documents say of all hosts. */
function answers({ core, fleet, documents, policy }: Stage): string {
  const row = (document: number) => core.fleetRow(fleet, document, { policy, parts: 3, best: 7 }).text;
  return [core.fleetRows(fleet, documents).text, ...documents.map(row)].join();
}

/** Makes a call with its n-th allocation failing, for every n that there is; how many there were. */
function failEach(core: BareCore, call: () => Outcome, fresh: () => void, after: () => void): number {
  for (let n = 1; ; n++) {
    fresh();
    core.failAllocation(n);
    const outcome = call();
    const done = core.failurePending;
    core.failAllocation(0);
    if (outcome.status < 0) expect(outcome.code, `allocation ${n}`).toBe(Code.OUT_OF_MEMORY);
    after();
    if (done) {
      expect(outcome.status, outcome.text).toBeGreaterThanOrEqual(0);
      return n - 1;
    }
  }
}

describe("a failing allocation", () => {
  it("of making a fleet leaks nothing", () => {
    const core = new BareCore(guardedModule());
    core.free(core.fleet().status);
    settle(core);
    const memory = core.memory;
    const count = failEach(
      core,
      () => core.fleet(),
      () => {},
      () => {
        core.freeAll();
        settle(core);
        expect(core.memory).toBeLessThanOrEqual(memory);
      },
    );
    expect(count).toBeGreaterThan(10);
  });

  it("of adding, replacing and removing hosts changes nothing", { timeout: PATIENCE }, () => {
    const all = stage(guardedModule(), 20, 6);
    const { core, fleet } = all;
    let allocations = 0;
    for (const [i, text] of inputs.facts.slice(HOSTS, HOSTS + size).entries()) {
      const before = answers(all);
      const hosts = core.fleetSize(fleet, 0);
      const slot = i % 2 === 0 ? -1 : i;
      let added = -1;
      const unchanged = () => {
        if (added >= 0) return;
        expect(core.fleetSize(fleet, 0)).toBe(hosts);
        expect(answers(all)).toBe(before);
      };
      const put = () => {
        const outcome = core.fleetPut(fleet, slot, bytesOf(text));
        added = outcome.status;
        return outcome;
      };
      allocations += failEach(core, put, () => {}, unchanged);
      expect(core.fleetRemove(fleet, added).status).toBe(0);
    }
    expect(allocations).toBeGreaterThan(size * 5);
    core.freeAll();
  });

  it("of rows and explanations changes no later answer", { timeout: PATIENCE }, () => {
    const all = stage(guardedModule(), HOSTS, size);
    const { core, fleet, documents, policy } = all;
    const before = answers(all);
    let allocations = 0;
    for (const [i, document] of documents.entries()) {
      const candidate = i % 2 === 0 ? null : bytesOf(inputs.candidates[i]!);
      const row = () => core.fleetRow(fleet, document, { policy, candidate, parts: 3, best: 9 });
      const right = row().text;
      const calls = [
        row,
        () => core.fleetRows(fleet, documents),
        () => core.fleetEvaluate(fleet, i, document),
      ];
      for (const call of calls) {
        allocations += failEach(
          core,
          call,
          () => core.fleetTrim(fleet),
          () => expect(row().text).toBe(right),
        );
      }
    }
    expect(allocations).toBeGreaterThan(size * 5);
    expect(answers(all)).toBe(before);
    core.freeAll();
    settle(core);
  });
});

describe("a budget that runs out", () => {
  it("misleads no later call", { timeout: PATIENCE }, () => {
    const all = stage(guardedModule(), HOSTS, size);
    const { core, fleet, documents, policy } = all;
    let cuts = 0;
    for (const [i, document] of documents.entries()) {
      const candidate = i % 2 === 0 ? null : bytesOf(inputs.candidates[i]!);
      const row = () => core.fleetRow(fleet, document, { policy, candidate, parts: 3, best: 9 });
      const calls = [
        row,
        () => core.fleetRows(fleet, documents),
        () => core.fleetEvaluate(fleet, i, document),
      ];
      for (const call of calls) {
        const expected = call();
        for (let budget = 1; ; budget = Math.ceil(budget * GROWTH)) {
          core.fleetTrim(fleet);
          core.limit({ work: budget });
          const outcome = call();
          core.limit({ work: PLENTY });
          if (outcome.code !== Code.BUDGET) {
            expect(outcome).toEqual(expected);
            break;
          }
          cuts++;
          if (cuts % 5 === 0) expect(call()).toEqual(expected);
        }
        expect(call()).toEqual(expected);
      }
    }
    expect(cuts).toBeGreaterThan(size * 20);
  });

  it("of adding a host leaves the fleet as it was", { timeout: PATIENCE }, () => {
    const all = stage(guardedModule(), 20, 6);
    const { core, fleet } = all;
    // The slot that the others get, too.
    core.fleetRemove(fleet, core.fleetPut(fleet, -1, bytesOf(inputs.facts[0]!)).status);
    const before = answers(all);
    for (const text of inputs.facts.slice(HOSTS, HOSTS + size)) {
      for (let budget = 1; ; budget = Math.ceil(budget * GROWTH)) {
        core.limit({ work: budget });
        const outcome = core.fleetPut(fleet, -1, bytesOf(text));
        core.limit({ work: PLENTY });
        if (outcome.status >= 0) {
          core.fleetRemove(fleet, outcome.status);
          break;
        }
        expect(outcome.code).toBe(Code.BUDGET);
        expect(core.fleetSize(fleet, 0)).toBe(20);
      }
      expect(answers(all)).toBe(before);
    }
  });
});

describe("a fleet's handle", () => {
  it("is no handle of another kind, and none once it was freed", () => {
    const { core, fleet, documents } = stage(guardedModule(), 3, 2);
    expect(core.fleetRow(documents[0]!, documents[0]!).code).toBe(Code.WRONG_HANDLE);
    expect(core.fleetRow(fleet, fleet).code).toBe(Code.WRONG_HANDLE);
    expect(core.decide(fleet, fleet).code).toBe(Code.WRONG_HANDLE);
    expect(core.fleetPut(fleet, 99, bytesOf(inputs.facts[0]!)).code).toBe(Code.BAD_CALL);
    expect(core.fleetPut(fleet, -2, bytesOf(inputs.facts[0]!)).code).toBe(Code.BAD_CALL);
    expect(core.fleetRemove(fleet, 3).code).toBe(Code.BAD_CALL);
    expect(core.fleetEvaluate(fleet, 3, documents[0]!).code).toBe(Code.BAD_CALL);
    expect(core.fleetRow(fleet, documents[0]!, { parts: 8 }).code).toBe(Code.BAD_CALL);
    core.free(fleet);
    expect(core.fleetRow(fleet, documents[0]!).code).toBe(Code.STALE_HANDLE);
    expect(core.fleetPut(fleet, -1, bytesOf(inputs.facts[0]!)).code).toBe(Code.STALE_HANDLE);
  });

  it("gives everything back when it is freed", { timeout: PATIENCE }, () => {
    const core = new BareCore(guardedModule());
    settle(core);
    const memory = core.memory;
    const all = stage(guardedModule(), HOSTS, size);
    answers(all);
    all.core.freeAll();
    settle(all.core);
    expect(all.core.memory).toBeLessThanOrEqual(memory + (1 << 20));
    const once = all.core.memory;
    for (let i = 0; i < 3; i++) {
      const fleet = all.core.fleet().status;
      for (const text of inputs.facts.slice(0, HOSTS)) all.core.fleetPut(fleet, -1, bytesOf(text));
      all.core.freeAll();
    }
    settle(all.core);
    expect(all.core.memory).toBeLessThanOrEqual(once);
  });
});

describe(`after ${updates} updates`, () => {
  /** Facts of which no two are equal in the long run: texts that come and go for good. */
  function changing(i: number): Uint8Array {
    const host = JSON.parse(inputs.facts[i % inputs.facts.length]!) as Record<string, unknown>;
    const features = { ...(host["features"] as Record<string, unknown> | undefined) };
    const serial = { elements: { serial: `board-${i}`, build: `5.14.0-${i}.${i * 7}` } };
    const names = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`module_${(i * 13 + n * 7) % 500}`, {}]),
    );
    features["attributes"] = { ...(features["attributes"] as object), "system.dmi": serial };
    features["flags"] = { ...(features["flags"] as object), "kernel.loadedmodule": { elements: names } };
    return bytesOf({ ...host, kind: "Host", spec: undefined, features });
  }

  it("the memory is at most one and a half times a fresh fleet's", { timeout: PATIENCE }, () => {
    const hosts = 1000;
    const { core, fleet, documents } = stage(fleetModule(), 0, 6);
    const slots = Array.from({ length: hosts }, (_, i) => core.fleetPut(fleet, -1, changing(i)).status);
    core.fleetRows(fleet, documents);
    const last = new Map<number, number>();
    for (let i = 0; i < updates; i++) {
      const slot = slots[(i * 7919) % hosts]!;
      last.set(slot, hosts + i);
      if (i % 17 === 0) {
        expect(core.fleetRemove(fleet, slot).status).toBe(0);
        expect(core.fleetPut(fleet, -1, changing(hosts + i)).status).toBe(slot);
      } else expect(core.fleetPut(fleet, slot, changing(hosts + i)).status).toBe(slot);
      if (i % 1000 === 0) core.fleetRows(fleet, documents);
    }
    // What was moved to fresh storage many times says what the pairs say.
    for (const document of documents) {
      const row = Buffer.from(core.fleetRow(fleet, document).text, "hex");
      const words = Math.ceil(row.readUInt32LE(0) / 32);
      const bit = (plane: number, slot: number) =>
        (row.readUInt32LE(20 + 4 * (plane * words + (slot >>> 5))) >>> (slot & 31)) & 1;
      for (const [slot, i] of [...last].slice(0, 50)) {
        const host = core.facts(changing(i)).status;
        expect(bit(0, slot) + bit(1, slot), `slot ${slot}`).toBe(core.decide(document, host).status);
        core.free(host);
      }
    }
    core.fleetTrim(fleet);
    const used = core.memory;
    core.free(fleet);
    const without = core.memory;
    const fresh = core.fleet().status;
    for (let i = 0; i < hosts; i++) core.fleetPut(fresh, -1, changing(hosts + updates - i));
    core.fleetRows(fresh, documents);
    core.fleetTrim(fresh);
    const once = core.memory;
    console.log(`a fleet after ${updates} updates: ${used - without} bytes, fresh: ${once - without}`);
    expect(used - without).toBeLessThanOrEqual(1.5 * (once - without));
    expect(core.fleetSize(fresh, 1)).toBe(hosts);
  });
});
