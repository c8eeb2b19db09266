import { describe, expect, it } from "vitest";
import type { ProbeResult } from "../../src/probe/probe.ts";
import { type ProbeOptions, probe } from "../../src/probe/probe.ts";
import { withTree } from "./tree.ts";

const BASE =
  "/proc/sys/kernel/arch = x86_64\n/proc/sys/kernel/osrelease = 6.1.0-9-amd64\n/proc/modules = loop 1 0 - Live 0x0\n";

function probed(tree: string, options: ProbeOptions = {}): Promise<ProbeResult> {
  return withTree(BASE + tree, (root) => probe({ root, env: {}, ...options }));
}

const D = "/etc/hostfit/facts.d";

describe("administrators' facts", () => {
  it("lie over what was probed: flags are added, attributes replaced, instances appended", async () => {
    const { host } = await probed(`<<< ${D}/10-site.yaml
features:
  flags: { kernel.loadedmodule: { elements: [lustre] }, com.acme/rack.label: { elements: { hot: {} }, scope: [hot, cold] } }
  attributes: { kernel.version: { elements: { full: 6.1.0-acme } }, com.acme/rack.place: { elements: { row: 07, version: 1.10 } } }
  instances: { com.acme/fpga.card: { elements: [{ attributes: { model: u50 } }] } }
>>>
`);
    expect(host.features.flags["kernel.loadedmodule"]).toEqual({ elements: { loop: {}, lustre: {} } });
    expect(host.features.flags["com.acme/rack.label"]).toEqual({
      elements: { hot: {} },
      scope: ["hot", "cold"],
    });
    expect(host.features.attributes["kernel.version"]?.elements).toMatchObject({
      full: "6.1.0-acme",
      major: "6",
    });
    expect(host.features.attributes["com.acme/rack.place"]).toEqual({
      elements: { row: "07", version: "1.10" },
    });
    expect(host.features.instances["com.acme/fpga.card"]).toEqual({
      elements: [{ attributes: { model: "u50" } }],
    });
  });

  it("of several files are laid over each other by the files' names", async () => {
    const one = (value: string): string =>
      `{"features": {"attributes": {"a.b": {"elements": {"x": "${value}", "${value}": 1}}}}}`;
    const { host, sources } = await probed(
      `${D}/20-b.json = ${one("second")}\n${D}/10-a.json = ${one("first")}\n`,
    );
    expect(host.features.attributes["a.b"]).toEqual({ elements: { x: "second", first: "1", second: "1" } });
    expect(sources.filter((source) => source.feature === "a.b")).toEqual([
      { feature: "a.b", name: "x", files: [`${D}/10-a.json`] },
      { feature: "a.b", name: "first", files: [`${D}/10-a.json`] },
      { feature: "a.b", name: "x", files: [`${D}/20-b.json`] },
      { feature: "a.b", name: "second", files: [`${D}/20-b.json`] },
    ]);
  });

  it("can say the platforms, the runtimes and what is complete", async () => {
    const { host } = await probed(`<<< ${D}/a.yaml
kind: Host
platforms: [{ os: linux, architecture: arm64, handlers: [runc] }]
runtimes: { default: runc }
closedWorld: [com.acme/x.y]
>>>
`);
    expect(host.platforms).toEqual([{ os: "linux", architecture: "arm64", handlers: ["runc"] }]);
    expect(host.runtimes).toEqual({ default: "runc" });
    expect(host.closedWorld).toContain("com.acme/x.y");
  });

  it.each([
    ["no map", "a.json", "[1]"],
    ["no JSON", "a.json", "{"],
    ["YAML with aliases", "a.yaml", "{features: {flags: &a {x.y: {}}, attributes: *a}}"],
    ["a strange key", "a.json", '{"feature": {}}'],
    ["another kind", "a.json", '{"kind": "Policy"}'],
    ["a name that is none", "a.json", '{"features": {"flags": {"x": {}}}}'],
    ["a reserved name", "a.json", '{"features": {"attributes": {"host.platform": {}}}}'],
    ["a nested value", "a.json", '{"features": {"attributes": {"a.b": {"elements": {"x": {}}}}}}'],
    ["an instance that is a text", "a.json", '{"features": {"instances": {"a.b": {"elements": ["x"]}}}}'],
    ["platforms without architecture", "a.json", '{"platforms": [{"os": "linux"}]}'],
  ])("with %s are left out whole, with a note; other files count", async (_what, name, text) => {
    const good = `${D}/z.json = {"features": {"attributes": {"a.b": {"elements": {"ok": "1"}}}}}\n`;
    const { host, notes } = await probed(`${D}/${name} = ${text}\n${good}`);
    expect(host.features.attributes["a.b"]).toEqual({ elements: { ok: "1" } });
    expect(notes.filter((note) => note.feature === "facts.d")).toMatchObject([
      { file: `${D}/${name}`, code: "malformed-facts" },
    ]);
  });

  it("in files of other kinds, and in hidden ones, are not read", async () => {
    const { host, notes } = await probed(`${D}/readme.txt = x\n${D}/.hidden.json = {\n`);
    expect(host.features.flags["kernel.loadedmodule"]).toEqual({ elements: { loop: {} } });
    expect(notes.filter((note) => note.feature === "facts.d").map((note) => note.code)).toEqual(["ignored"]);
  });

  it("in what is no regular file are a note", async () => {
    await withTree(`${BASE}${D}/a.json/x = 1\n`, async (root) => {
      const { notes } = await probe({ root, env: {} });
      expect(notes.filter((note) => note.feature === "facts.d")).toMatchObject([
        { code: "not-a-regular-file" },
      ]);
    });
  });

  it("are chosen by name as well, or kept whole", async () => {
    const tree = `${D}/a.json = {"features": {"attributes": {"com.acme/a.b": {"elements": {"x": "1"}}, "com.acme/c.d": {"elements": {"y": "1"}}}}}\n`;
    const names = async (options: ProbeOptions): Promise<string[]> =>
      Object.keys((await probed(tree, options)).host.features.attributes);
    expect(await names({ only: ["com.acme/a"] })).toEqual(["com.acme/a.b"]);
    expect(await names({ only: ["kernel.version"], administrator: "all" })).toEqual([
      "com.acme/a.b",
      "com.acme/c.d",
      "kernel.version",
    ]);
    await expect(names({ only: ["com.acme/nothing"] })).rejects.toMatchObject({ code: "unknown-feature" });
  });

  it("inside a container are the image's, and not read", async () => {
    const { host } = await probed(
      `${D}/a.json = {"features": {"attributes": {"a.b": {"elements": {"x": "1"}}}}}\n`,
      {
        surroundings: "container",
      },
    );
    expect(host.features.attributes["a.b"]).toBeUndefined();
  });
});

describe("every fact can be traced", () => {
  it("to what is read for its feature, or to NFD's feature file that it stands in", async () => {
    const folder = "/etc/kubernetes/node-feature-discovery/features.d";
    const { sources } = await probed(`${folder}/a = rack=1\n${folder}/b = rack=2\n`);
    expect(sources.filter((source) => source.feature === "local.feature")).toEqual([
      { feature: "local.feature", name: "rack", files: [`${folder}/b`] },
    ]);
    expect(sources.find((source) => source.feature === "kernel.version")).toEqual({
      feature: "kernel.version",
      name: null,
      files: ["/proc/sys/kernel/osrelease"],
    });
  });
});
