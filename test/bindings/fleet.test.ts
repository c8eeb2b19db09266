/** The JavaScript binding of fleets: slots, rows, long work, and what is misuse. That the answers are right is test/conformance/fleet.test.ts. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Fleet, FleetMatcher } from "../../bindings/js/fleet.ts";
import { createFleetMatcher, InputError, LimitError, MisuseError } from "../../bindings/js/fleet-node.ts";
import { createMatcher } from "../../bindings/js/index.ts";
import type { Requirements } from "../../bindings/js/matcher.ts";

function host(flags: readonly string[], speed = "1"): Record<string, unknown> {
  const features = {
    flags: { "cpu.cpuid": { elements: flags } },
    attributes: { "net.card": { elements: { speed } } },
  };
  return { kind: "Host", features };
}

const DOCUMENT = {
  apiVersion: "hostfit/v1.0",
  kind: "Requirements",
  requires: { "cpu.cpuid": ["AVX2"] },
  prefers: [{ weight: 7, when: { "net.card": { speed: { number: ">=10" } } } }],
};

let matcher: FleetMatcher;
let requirements: Requirements;
beforeAll(async () => {
  matcher = await createFleetMatcher();
  requirements = matcher.compile(DOCUMENT);
});

/** A fleet of one that fits, one that doesn't, one of which nothing is known, and one that is the best. */
function four(): Fleet {
  const fleet = matcher.fleet();
  fleet.add(host(["AVX2"]));
  fleet.add(host(["SSE"]));
  fleet.add({ kind: "Host", features: {} });
  fleet.add(host(["AVX2"], "25"));
  return fleet;
}

describe("a fleet", () => {
  it("tells verdicts, scores and the best hosts of a row", () => {
    using fleet = four();
    const row = fleet.evaluate(requirements, { scores: true, best: 3, allowUndetermined: true });
    expect([row.compatible, row.undetermined, row.incompatible]).toEqual([2, 1, 1]);
    expect([...row.compatibleHosts()]).toEqual([0, 3]);
    expect([...row.undeterminedHosts()]).toEqual([2]);
    expect([...row.incompatibleHosts()]).toEqual([1]);
    expect([...row.scores!]).toEqual([0, 0, 0, 7]);
    expect(row.best).toEqual([
      { slot: 3, verdict: "compatible", score: 7 },
      { slot: 0, verdict: "compatible", score: 0 },
      { slot: 2, verdict: "undetermined", score: 0 },
    ]);
    expect(fleet.evaluate(requirements).scores).toBe(null);
    expect(fleet.evaluate(requirements, { best: 3 }).best).toHaveLength(2);
  });

  it("gives a freed slot to the next host, and leaves rows as they were", () => {
    using fleet = four();
    const before = fleet.evaluate(requirements);
    fleet.remove(1);
    expect(fleet.size).toBe(3);
    expect(before.verdict(1)).toBe("incompatible");
    expect(fleet.evaluate(requirements).verdict(1)).toBe(null);
    expect(fleet.add(host(["AVX2"]))).toBe(1);
    expect(fleet.evaluate(requirements).verdict(1)).toBe("compatible");
    fleet.update(1, host([]));
    expect(fleet.evaluate(requirements).verdict(1)).toBe("incompatible");
    expect(before.verdict(1)).toBe("incompatible");
    expect([fleet.size, fleet.slots]).toEqual([4, 4]);
  });

  it("takes handles, which aren't needed afterwards", () => {
    using fleet = matcher.fleet();
    const handle = matcher.facts(host(["AVX2"]));
    const slot = fleet.add(handle);
    handle.dispose();
    expect(fleet.evaluate(requirements).verdict(slot)).toBe("compatible");
  });

  it("explains a cell as the pair is explained", () => {
    using fleet = four();
    using pair = matcher.facts(host(["SSE"]));
    expect(fleet.explain(1, requirements)).toEqual(matcher.evaluate(requirements, pair));
  });

  it("forgets evaluated tests without changing an answer", () => {
    using fleet = four();
    const before = [...fleet.evaluate(requirements).compatibleHosts()];
    fleet.trim();
    expect([...fleet.evaluate(requirements).compatibleHosts()]).toEqual(before);
  });

  it("is as it was when a host can't be read", () => {
    using fleet = four();
    expect(() => fleet.add("{")).toThrow(InputError);
    expect(() => fleet.update(0, { kind: "Host", features: { flags: 5 } })).toThrow(InputError);
    expect(fleet.size).toBe(4);
    expect(fleet.evaluate(requirements).compatible).toBe(2);
  });
});

describe("long work", () => {
  it("gives a row for each document, with progress", async () => {
    using fleet = four();
    const documents = Array.from({ length: 2400 }, () => requirements);
    const seen: number[] = [];
    let rows = 0;
    for await (const row of fleet.matrix(documents, { progress: (done) => seen.push(done) })) {
      expect(row.compatible).toBe(2);
      rows++;
    }
    expect(rows).toBe(2400);
    expect(seen.at(-1)).toBe(2400);
    expect(seen.length).toBeGreaterThan(1);
  });

  it("takes documents one by one, with candidates of their own", async () => {
    using fleet = matcher.fleet();
    fleet.add({ kind: "Host", features: {}, platforms: [{ os: "linux", architecture: "amd64" }] });
    const any = matcher.compile({ apiVersion: "hostfit/v1.0", kind: "Requirements" });
    async function* documents() {
      for (const architecture of ["amd64", "arm64"]) {
        yield { requirements: any, candidate: { platform: { os: "linux", architecture } } };
      }
    }
    const verdicts: unknown[] = [];
    for await (const row of fleet.matrix(documents())) verdicts.push(row.verdict(0));
    expect(verdicts).toEqual(["compatible", "incompatible"]);
  });

  it("ends with the signal's reason between slices", async () => {
    using fleet = four();
    const abort = new AbortController();
    const documents = Array.from({ length: 2000 }, () => requirements);
    let rows = 0;
    const all = async () => {
      const progress = () => abort.abort(new Error("enough"));
      for await (const _ of fleet.matrix(documents, { signal: abort.signal, progress })) rows++;
    };
    await expect(all()).rejects.toThrow("enough");
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(2000);
    await expect(fleet.addAll([host([])], { signal: abort.signal })).rejects.toThrow("enough");
    expect(fleet.size).toBe(4);
  });

  it("adds many hosts, and says how far it is", async () => {
    using fleet = matcher.fleet();
    const hosts = Array.from({ length: 150 }, (_, i) => host([`F${i}`]));
    const seen: (readonly [number, number | null])[] = [];
    const slots = await fleet.addAll(hosts, { progress: (done, total) => seen.push([done, total]) });
    expect(slots).toHaveLength(150);
    expect(seen.at(-1)).toEqual([150, 150]);
  });
});

describe("misuse of a fleet", () => {
  it.each([-1, 4, 0.5, Number.NaN, 2 ** 31])("there is no host in slot %s", (slot) => {
    using fleet = four();
    expect(() => fleet.update(slot, host([]))).toThrow(MisuseError);
    expect(() => fleet.remove(slot)).toThrow(MisuseError);
    expect(() => fleet.explain(slot, requirements)).toThrow(MisuseError);
  });

  it("a fleet, or a matcher, that was disposed of", async () => {
    const other = await createFleetMatcher();
    const fleet = other.fleet();
    fleet.dispose();
    expect(() => fleet.add(host([]))).toThrow(MisuseError);
    const left = other.fleet();
    other.dispose();
    expect(() => left.add(host([]))).toThrow(MisuseError);
    expect(() => other.fleet()).toThrow(MisuseError);
    left.dispose();
  });

  it("handles of another matcher, limits that are none, modules without fleets", async () => {
    using fleet = four();
    const stranger = (await createMatcher()).compile(DOCUMENT);
    expect(() => fleet.evaluate(stranger)).toThrow(MisuseError);
    expect(() => matcher.fleet({ cache: 0 })).toThrow(MisuseError);
    expect(() => fleet.evaluate(requirements, { best: -1 })).toThrow(MisuseError);
    await expect(
      createFleetMatcher({ wasm: new URL("../../dist/hostfit.wasm", import.meta.url) }),
    ).rejects.toThrow();
  });

  it("a ceiling that is reached leaves the fleet usable", async () => {
    const small = await createFleetMatcher({ memory: 3 << 20 });
    const fleet = small.fleet();
    const document = small.compile(DOCUMENT);
    let added = 0;
    expect(() => {
      for (; added < 100_000; added++)
        fleet.add(host(Array.from({ length: 50 }, (_, i) => `F${added}.${i}`)));
    }).toThrow(LimitError);
    expect(fleet.size).toBe(added);
    for (let slot = 0; slot < added; slot++) if (slot % 2 === 0) fleet.remove(slot);
    expect(fleet.evaluate(document).incompatible).toBe(Math.floor(added / 2));
  });
});
