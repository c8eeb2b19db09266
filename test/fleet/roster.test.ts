/** The fleet inside the core: profiles, errors, the end of memory, and work that is stopped. */
import { describe, expect, test } from "vitest";
import { createFleetMatcher } from "../../bindings/js/fleet-node.ts";
import type { FleetHost } from "../../src/fleet/hosts.ts";
import { Omissions } from "../../src/fleet/left-out.ts";
import { loadRoster } from "../../src/fleet/roster.ts";
import { shortfallsOf } from "../../src/fleet/shortfalls.ts";
import { reachOf, SummaryCounter } from "../../src/fleet/summary.ts";
import { survey } from "../../src/fleet/survey.ts";
import type { Judgeable } from "../../src/fleet/workload.ts";

function host(name: string, kernel: string | number, extra: object = {}): FleetHost {
  const features = { attributes: { "kernel.version": { elements: { full: kernel } } } };
  return {
    name,
    file: "hosts.json",
    facts: { apiVersion: "hostfit/v1.0", kind: "Host", name, features, ...extra },
    json: null,
  };
}

async function* all(hosts: readonly FleetHost[]): AsyncGenerator<FleetHost> {
  yield* hosts;
}

const KERNEL = {
  apiVersion: "hostfit/v1.0",
  kind: "Requirements",
  requires: { "kernel.version": { full: { version: ">=5" } } },
};

describe("the roster of a fleet", () => {
  test("hosts that differ in their name alone are of one profile", async () => {
    const matcher = await createFleetMatcher();
    const hosts = [
      host("a", "5.1"),
      host("b", "4.1"),
      host("c", "5.1"),
      host("d", "5.1", { closedWorld: ["x.y"] }),
    ];
    const roster = await loadRoster(matcher.fleet(), all(hosts), { omissions: new Omissions(false) });
    expect(roster.names).toEqual(["a", "b", "c", "d"]);
    expect(roster.profiles).toEqual([0, 1, 0, 2]);
    expect(roster.members).toEqual([[0, 2], [1], [3]]);
    matcher.dispose();
  });

  test("a host that the core refuses ends the loading with its name, or is left out", async () => {
    const matcher = await createFleetMatcher();
    const hosts = [host("a", "5.1"), host("b", "5.1", { features: 3 }), host("c", "5.1")];
    await expect(
      loadRoster(matcher.fleet(), all(hosts), { omissions: new Omissions(false) }),
    ).rejects.toMatchObject({ code: "wrong-type", message: expect.stringMatching(/^hosts\.json: b: /) });
    const omissions = new Omissions(true);
    const roster = await loadRoster(matcher.fleet(), all(hosts), { omissions });
    expect([roster.names, omissions.list.map(({ item }) => item)]).toEqual([["a", "c"], ["hosts.json: b"]]);
    matcher.dispose();
  });

  test("where memory ends the host that found no room is named, and those before it are judged", async () => {
    const matcher = await createFleetMatcher({ memory: 4 * 1024 * 1024 });
    let read = 0;
    async function* endless(): AsyncGenerator<FleetHost> {
      for (; read < 1_000_000; read++)
        yield host(`n${read}`, `5.${read}`, { features: { attributes: manyOf(read) } });
    }
    const omissions = new Omissions(true);
    const roster = await loadRoster(matcher.fleet(), endless(), { omissions });
    expect(roster.fleet.size).toBeGreaterThan(10);
    expect(read).toBe(roster.fleet.size);
    expect(omissions.list).toMatchObject([{ item: `hosts.json: n${read}`, code: "out-of-memory" }]);
    const requirements = matcher.compile({
      apiVersion: "hostfit/v1.0",
      kind: "Requirements",
      requires: { "a.b": { x0: "v" } },
    });
    expect(roster.fleet.evaluate(requirements).incompatible).toBe(roster.fleet.size);
    matcher.dispose();
  });

  test("loading and judging stop when they are told to", async () => {
    const matcher = await createFleetMatcher();
    const controller = new AbortController();
    async function* hosts(): AsyncGenerator<FleetHost> {
      for (let at = 0; at < 10_000; at++) {
        if (at === 600) controller.abort(new Error("enough"));
        yield host(`n${at}`, "5.1");
      }
    }
    const loading = loadRoster(matcher.fleet(), hosts(), {
      omissions: new Omissions(false),
      signal: controller.signal,
    });
    await expect(loading).rejects.toThrow("enough");
    matcher.dispose();
  });
});

function manyOf(seed: number): object {
  const elements = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`x${at}`, `${seed} ${at} ${"v".repeat(40)}`]),
  );
  return { "a.b": { elements } };
}

describe("a survey", () => {
  test("says for each image on how many hosts it fits, and groups what the others lack", async () => {
    const matcher = await createFleetMatcher();
    const hosts = [host("a", "5.1"), host("b", "4.1"), host("c", "4.9"), host("d", "6.0")];
    const roster = await loadRoster(
      matcher.fleet(),
      all([...hosts, { ...host("e", "x"), facts: { apiVersion: "hostfit/v1.0", kind: "Host", name: "e" } }]),
      {
        omissions: new Omissions(false),
      },
    );
    const requirements = matcher.compile(KERNEL);
    const subject: Judgeable = {
      name: "needs.yaml",
      digest: null,
      pods: null,
      variants: [{ requirements, candidate: null, label: "", digest: null, documented: true }],
    };
    const done: number[] = [];
    const counter = new SummaryCounter(roster.fleet.size);
    for await (const row of survey(roster.fleet, [subject, subject], {
      policy: null,
      progress: (count) => done.push(count),
    })) {
      counter.add(row);
      expect([...row.cells]).toEqual([2, 0, 0, 2, 1]);
      expect([row.compatible, row.undetermined, row.incompatible, reachOf(row)]).toEqual([
        2,
        1,
        2,
        "somewhere",
      ]);
      const { list, unexplained } = shortfallsOf(row, roster);
      expect(unexplained).toBe(0);
      expect(list.map(({ verdict, slots }) => [verdict, slots])).toEqual([
        ["incompatible", [1, 2]],
        ["undetermined", [4]],
      ]);
      expect(list[0]?.reasons).toMatchObject([{ feature: "kernel.version", found: "4.1" }]);
    }
    expect(done).toEqual([1, 2]);
    expect(counter.summary).toEqual({
      images: 2,
      hosts: 5,
      everywhere: 0,
      somewhere: 2,
      unknown: 0,
      nowhere: 0,
    });
    matcher.dispose();
  });
});
