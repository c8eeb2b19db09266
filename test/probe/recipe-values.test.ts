/** What recipes make of what they read: conditions, one value of many rows, rows as attributes, words and numbers. */
import { describe, expect, it } from "vitest";
import { probe } from "../../src/probe/probe.ts";
import type { FeatureKind, Recipe, Value } from "../../src/probe/vocabulary/model.ts";
import { filesOf } from "./files.ts";

type Contents = Readonly<Record<string, string>>;

async function read(contents: Contents, kind: FeatureKind, recipe: Recipe): Promise<unknown> {
  const { host } = await probe({
    files: filesOf(contents),
    env: {},
    arch: "amd64",
    only: ["org.example"],
    vocabularies: [
      {
        apiVersion: "hostfit/v1.0",
        kind: "Vocabulary",
        domain: "org.example",
        version: "1",
        features: { "a.b": { kind, probe: recipe } },
      },
    ],
  });
  return host.features[kind]["org.example/a.b"];
}

/** What a value is: its text, undefined if there is none, `unknown`. */
async function value(contents: Contents, given: Value): Promise<string | undefined> {
  const files = { "/sys/there": "x", ...contents };
  const set = (await read(files, "attributes", { attributes: { v: given, there: "/sys/there" } })) as {
    elements: Record<string, string>;
    unknown?: string[];
  };
  return set.unknown?.includes("v") === true ? "unknown" : set.elements.v;
}

describe("a value", () => {
  it.each<[string, Value, string | undefined]>([
    ["a b c", { read: "/sys/x", has: ["c", "a"] }, "true"],
    ["a b c", { read: "/sys/x", has: ["a", "d"] }, "false"],
    ["a-b+c", { read: "/sys/x", replace: { characters: "[^a-z]", with: "_" } }, "a_b_c"],
    ["a-b-c", { read: "/sys/x", replace: { characters: "-", with: "" } }, "abc"],
    ["--a-b.", { read: "/sys/x", trim: "-." }, "a-b"],
    ["....", { read: "/sys/x", trim: "." }, ""],
    ["7", { read: "/sys/x", plus: -1 }, "6"],
    ["7", { read: "/sys/x", times: 10, plus: 3 }, "73"],
    ["0", { read: "/sys/x", plus: -1 }, "unknown"],
    ["seven", { read: "/sys/x", plus: 1 }, "unknown"],
    ["12", { read: "/sys/x", steps: { "10": "ten", "20": "twenty" } }, "ten"],
    ["20", { read: "/sys/x", steps: { "20": "twenty", "10": "ten" } }, "twenty"],
    ["9", { read: "/sys/x", steps: { "10": "ten" } }, "unknown"],
    ["30", { read: "/sys/x", steps: { "10": "ten", "20": null } }, "unknown"],
    ["off", { read: "/sys/x", map: { off: null, "*": "on" } }, undefined],
    ["other", { read: "/sys/x", map: { off: null, "*": "on" } }, "on"],
    ["v1", { read: "/sys/x", pattern: "^w(?<value>.)" }, "unknown"],
    ["v1", { read: "/sys/x", pattern: "^w(?<value>.)", otherwise: null }, undefined],
    ["v1", { read: "/sys/x", pattern: "^w(?<value>.)", otherwise: "none" }, "none"],
    ["v1", { text: "{architecture}", pattern: "^(?<value>...)" }, "amd"],
    ['{"a": {"b": "v-1"}}', { read: "/sys/x", at: "/a/b", pattern: "^v-(?<value>.)" }, "1"],
    ["on", { read: "/sys/there", when: { read: "/sys/x", is: ["on"] } }, "x"],
    ["off", { read: "/sys/there", when: { read: "/sys/x", is: ["on"] } }, undefined],
    ["off", { read: "/sys/there", when: { read: "/sys/x", is: ["on"] }, otherwise: "y" }, "y"],
    ["off", { read: "/sys/there", when: { read: "/sys/x", not: ["on"] } }, "x"],
    ["on", { read: "/sys/there", when: { read: "/sys/none" } }, "unknown"],
    ["on", { read: "/sys/there", when: { read: "/sys/none", none: "/sys" } }, undefined],
    ["on", { read: "/sys/there", when: { exists: "/sys/x" } }, "x"],
    ["on", { read: "/sys/there", when: { exists: "/sys/none", none: "/sys" } }, undefined],
  ])("of %j as %j is %j", async (text, given, want) => {
    expect(await value({ "/sys/x": text }, given)).toBe(want);
  });

  const cpus = { "/sys/cpu/0/g": "a", "/sys/cpu/1/g": "a", "/sys/cpu/2/g": "b", "/sys/cpu/3/other": "" };
  const over = (take: "same" | "sum" | "distinct" | "list", more: object = {}): Value => ({
    over: { each: "/sys/cpu/{c}", value: { read: "/sys/cpu/{c}/g", ...more }, take },
  });

  it.each<[string, Value, string | undefined]>([
    ["what all have", over("same", { omit: ["b"] }), "a"],
    ["nothing where they differ", over("same"), undefined],
    ["how many different ones there are", over("distinct"), "2"],
    ["all of them", over("list"), "a b"],
    ["a sum", over("sum", { map: { a: "2", b: "3" } }), "7"],
    ["unknown, if one that is needed isn't there", over("distinct", { required: true }), "unknown"],
    ["unknown, if one of them is none", over("sum"), "unknown"],
    [
      "of some rows",
      {
        over: {
          each: "/sys/cpu/{c}/g",
          where: { text: "{c}", not: ["2"] },
          value: "/sys/cpu/{c}/g",
          take: "same",
        },
      },
      "a",
    ],
    ["of words", { over: { from: { read: "/sys/words", words: "" }, value: "{word}", take: "list" } }, "x y"],
    ["of none", { over: { each: "/sys/none/{c}", none: "/sys", value: "{c}", take: "sum" } }, "0"],
    ["of what can't be seen", { over: { each: "/sys/none/{c}", value: "{c}", take: "sum" } }, "unknown"],
  ])("over rows is %s", async (_what, given, want) => {
    expect(await value({ ...cpus, "/sys/words": "y x y" }, given)).toBe(want);
  });
});

describe("a recipe", () => {
  const nets = { "/sys/net/eth0/device/x": "", "/sys/net/eth0/mtu": "1500", "/sys/net/lo/mtu": "65536" };

  it("lists the rows for which a condition holds", async () => {
    const rows = (where: Recipe["where"]): Recipe => ({
      each: "/sys/net/{n}",
      ...(where === undefined ? {} : { where }),
    });
    expect(await read(nets, "flags", rows({ exists: "/sys/net/{n}/device" }))).toEqual({
      elements: { eth0: {} },
    });
    expect(await read(nets, "flags", rows({ exists: "/sys/net/{n}/device", is: ["false"] }))).toEqual({
      elements: { lo: {} },
    });
    const doubtful = rows({ read: "/sys/net/{n}/mtu", pattern: "^1(?<value>.)" });
    expect(await read(nets, "flags", doubtful)).toEqual({ elements: { eth0: {} }, scope: ["eth0"] });
  });

  it("whose condition doesn't hold finds nothing, and one that can't be told leaves all open", async () => {
    const recipe = (when: Recipe["when"]): Recipe => ({
      ...(when === undefined ? {} : { when }),
      each: "/sys/net/{n}",
    });
    expect(await read(nets, "flags", recipe({ read: "/sys/net/lo/mtu", is: ["1"] }))).toEqual({
      elements: {},
    });
    expect(await read(nets, "flags", recipe({ read: "/sys/other", is: ["1"] }))).toBeUndefined();
    expect(await read(nets, "flags", recipe({ read: "/sys/net/lo/mtu" }))).toEqual({
      elements: { eth0: {}, lo: {} },
    });
  });

  it("makes each row an attribute", async () => {
    const recipe: Recipe = {
      each: "/sys/net/{n}",
      name: { text: "mtu-{n}", map: { "mtu-lo": null } },
      value: "/sys/net/{n}/mtu",
    };
    expect(await read(nets, "attributes", recipe)).toEqual({ elements: { "mtu-eth0": "1500" } });
  });

  it("makes a flag of a value", async () => {
    const recipe: Recipe = { each: "/sys/net/{n}/mtu", flag: "/sys/net/{n}/mtu", map: { "65536": null } };
    expect(await read(nets, "flags", recipe)).toEqual({ elements: { "1500": {} } });
  });

  it("denies no attribute that one of several could not tell", async () => {
    const all: Recipe[] = [
      { attributes: { here: "/sys/net/lo/mtu" } },
      { attributes: { gone: "/sys/other" } },
    ];
    expect(await read(nets, "attributes", { all })).toEqual({
      elements: { here: "65536" },
      unknown: ["gone"],
    });
    const open: Recipe[] = [...all, { pairs: { read: "/sys/pairs" } }];
    expect(await read(nets, "attributes", { all: open })).toBeUndefined();
    const needed = all.map((one) => ({ ...one, required: true }));
    expect(await read(nets, "attributes", { all: needed })).toBeUndefined();
  });

  it("puts instances of several in the order of a name", async () => {
    const attributes = { n: "{n}" };
    const all: Recipe[] = [
      { each: "/sys/net/{n}/mtu", where: { text: "{n}", is: ["lo"] }, attributes },
      { each: "/sys/net/{n}/mtu", where: { text: "{n}", is: ["eth0"] }, attributes },
    ];
    const names = async (by?: string) =>
      (
        (await read(nets, "instances", by === undefined ? { all } : { all, by })) as {
          elements: { attributes: { n: string } }[];
        }
      ).elements.map((one) => one.attributes.n);
    expect(await names()).toEqual(["lo", "eth0"]);
    expect(await names("n")).toEqual(["eth0", "lo"]);
  });

  it("says nothing where one of several things hides what there may be", async () => {
    const recipe = (unless: string | readonly string[]): Recipe => ({
      each: "/sys/gpu/{n}",
      none: "/sys",
      unless,
      attributes: { n: "{n}" },
    });
    expect(await read(nets, "instances", recipe(["/dev/a", "/dev/b"]))).toEqual({ elements: [] });
    expect(await read({ ...nets, "/dev/b": "" }, "instances", recipe(["/dev/a", "/dev/b"]))).toBeUndefined();
    const nested: Recipe = { first: [recipe("/sys/net"), recipe("/dev/a")] };
    expect(await read(nets, "instances", nested)).toEqual({ elements: [] });
  });

  it("takes what is missing beside a row as absent, unless nothing vouches for it", async () => {
    const attributes = { gone: "/sys/net/{n}/x", open: { read: "/sys/net/{n}/x", none: null } };
    expect(await read(nets, "instances", { each: "/sys/net/{n}/mtu", attributes })).toEqual({
      elements: [
        { attributes: {}, unknown: ["open"] },
        { attributes: {}, unknown: ["open"] },
      ],
    });
  });
});
