import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { HostFeatures, ProbeNote } from "../../src/probe/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import type {
  Feature,
  FeatureKind,
  Recipe,
  Term,
  Value,
  Vocabulary,
} from "../../src/probe/vocabulary/model.ts";
import { withTree } from "./tree.ts";

function vocabulary(kind: FeatureKind, recipe: Recipe, names: Record<string, Term> = {}): Vocabulary {
  const feature: Feature = { kind, names, probe: recipe };
  return {
    apiVersion: "hostfit/v1.0",
    kind: "Vocabulary",
    domain: "org.example",
    version: "1",
    features: { "a.b": feature },
  };
}

async function read(
  tree: string,
  kind: FeatureKind,
  recipe: Recipe,
  names?: Record<string, Term>,
  prepare?: (root: string) => void,
): Promise<{ set: unknown; notes: readonly ProbeNote[]; features: HostFeatures }> {
  return withTree(tree, async (root) => {
    prepare?.(root);
    const { host, notes } = await probe({
      root,
      env: {},
      arch: "amd64",
      only: ["org.example/a.b"],
      vocabularies: [vocabulary(kind, recipe, names)],
    });
    return { set: host.features[kind]["org.example/a.b"], notes, features: host.features };
  });
}

const codes = (notes: readonly ProbeNote[]): string[] =>
  notes.filter((note) => note.feature === "org.example/a.b").map((note) => note.code);

describe("flags", () => {
  it("are a folder's entries", async () => {
    const { set } = await read("/sys/class/ib/b/\n/sys/class/ib/a/\n", "flags", {
      each: "/sys/class/ib/{name}",
    });
    expect(set).toEqual({ elements: { a: {}, b: {} } });
  });

  it("are the words of a file, by any separator, under other names", async () => {
    const recipe: Recipe = { from: { read: "/sys/x", words: "," }, map: { old: "new" } };
    expect((await read("/sys/x = one, old,\n", "flags", recipe)).set).toEqual({
      elements: { one: {}, new: {} },
    });
  });

  it("are lines that fit, put together from what they name", async () => {
    const recipe: Recipe = {
      from: { read: "/proc/modules", lines: "^(?<m>\\S+) (?<size>\\d+)" },
      flag: "{m}:{size}",
    };
    const { set } = await read("<<< /proc/modules\nnf 12\nodd\nx 3\n>>>\n", "flags", recipe);
    expect(set).toEqual({ elements: { "nf:12": {}, "x:3": {} } });
  });

  it("deny what the vocabulary names, or nothing, if the recipe says so", async () => {
    const names = { one: {}, two: {}, "other-*": {} };
    const from = { read: "/sys/x", words: "" };
    const tree = "/sys/x = one more\n";
    expect((await read(tree, "flags", { from, scope: "named" }, names)).set).toEqual({
      elements: { more: {}, one: {} },
      scope: ["more", "one", "two"],
    });
    expect((await read(tree, "flags", { from, scope: "present" }, names)).set).toEqual({
      elements: { more: {}, one: {} },
      scope: ["more", "one"],
    });
  });

  it("are none where a folder above shows that there are none, and unknown where nothing can be seen", async () => {
    const recipe: Recipe = { each: "/sys/class/ib/{name}", none: "/sys/class" };
    expect((await read("/sys/class/\n", "flags", recipe)).set).toEqual({ elements: {} });
    const unseen = await read("/proc/version = x\n", "flags", recipe);
    expect(unseen.set).toBeUndefined();
    expect(codes(unseen.notes)).toEqual(["not-visible"]);
  });
});

describe("attributes", () => {
  it("are texts, files, parts of files, numbers and whether something is there", async () => {
    const tree = `/sys/a = 12
<<< /usr/lib/x.pc
# Version: 0
Name: "MPI"
Version: 4.1.2
>>>
/usr/v.json = {"cuda": {"version": "12.4"}, "list": [1, 2]}
/opt/x/one = 1
/opt/x/two = 2
`;
    const { set } = await read(tree, "attributes", {
      attributes: {
        text: "{architecture}",
        file: "/sys/a",
        kib: { read: "/sys/a", times: 1024 },
        key: { read: "/usr/lib/x.pc", key: "Version", separator: ":" },
        quoted: { read: "/usr/lib/x.pc", key: "Name", separator: ":" },
        major: { read: "/usr/lib/x.pc", key: "Version", separator: ":", pattern: "^(?<value>\\d+)" },
        line: { read: "/usr/lib/x.pc", pattern: "^Version: (?<value>.*)$" },
        json: { read: "/usr/v.json", at: "/cuda/version" },
        second: { read: "/usr/v.json", at: "/list/1" },
        there: { exists: "/opt/x/one" },
        many: { count: "/opt/x/*" },
        word: { read: "/sys/a", map: { "12": "twelve", "*": "other" } },
        fallback: { first: [{ read: "/sys/none" }, { read: "/sys/a" }] },
      },
    });
    expect(set).toEqual({
      elements: {
        text: "amd64",
        file: "12",
        kib: "12288",
        key: "4.1.2",
        quoted: "MPI",
        major: "4",
        line: "4.1.2",
        json: "12.4",
        second: "2",
        there: "true",
        many: "2",
        word: "twelve",
        fallback: "12",
      },
    });
  });

  it("that aren't there are absent only where something vouches for it", async () => {
    const attributes = {
      here: "/sys/a",
      plain: "/sys/none",
      vouched: { read: "/sys/none", none: "/sys" },
      denied: { exists: "/sys/none", none: "/sys" },
      unseen: { exists: "/nowhere/x", none: "/nowhere" },
      usual: { read: "/sys/none", none: "/sys", otherwise: "off" },
    };
    expect((await read("/sys/a = 1\n", "attributes", { attributes })).set).toEqual({
      elements: { here: "1", denied: "false", usual: "off" },
      unknown: ["plain", "unseen"],
    });
  });

  it("that a file says in other words are unknown, with a note", async () => {
    const attributes = { a: { read: "/sys/a", pattern: "^v(?<value>\\d)" }, b: "/sys/a" };
    const { set, notes } = await read("/sys/a = 1\n", "attributes", { attributes });
    expect(set).toEqual({ elements: { b: "1" }, unknown: ["a"] });
    expect(codes(notes)).toEqual(["no-match"]);
  });

  it("are all the pairs of a file", async () => {
    const recipe: Recipe = { pairs: { read: "/etc/hostfit/mpi" } };
    const { set } = await read("<<< /etc/hostfit/mpi\n# no\nA=1\nB='x y'\nodd\n>>>\n", "attributes", recipe);
    expect(set).toEqual({ elements: { A: "1", B: "x y" } });
  });

  it("come from the first folder that is there", async () => {
    const recipe: Recipe = {
      each: "/opt/rocm-{version}",
      none: "/opt",
      attributes: { version: "{version}" },
    };
    expect((await read("/opt/rocm-6.2/\n", "attributes", recipe)).set).toEqual({
      elements: { version: "6.2" },
    });
    expect((await read("/opt/other/\n", "attributes", recipe)).set).toEqual({ elements: {} });
  });
});

describe("instances", () => {
  it("are rows of folders, with files beside them; absent files are absent attributes", async () => {
    const tree = "/sys/ib/a/fw = 1.2\n/sys/ib/b/x = 1\n";
    const attributes = { name: "{d}", fw: "/sys/ib/{d}/fw" };
    expect((await read(tree, "instances", { each: "/sys/ib/{d}", attributes })).set).toEqual({
      elements: [{ attributes: { fw: "1.2", name: "a" } }, { attributes: { name: "b" } }],
    });
  });

  it("without a required attribute, or with one that is to be left out, are left out", async () => {
    const tree = "/sys/n/0/simd = 0\n/sys/n/1/simd = 8\n/sys/n/2/x = 1\n";
    const simd = { read: "/sys/n/{n}/simd", required: true, omit: ["0"] };
    expect((await read(tree, "instances", { each: "/sys/n/{n}", attributes: { simd } })).set).toEqual({
      elements: [{ attributes: { simd: "8" } }],
    });
  });

  it("are elements of JSON and YAML documents", async () => {
    const tree = `/etc/cdi/a.json = {"kind": "x.com/gpu", "devices": [{"name": "0"}, {"name": "all", "n": null}]}
<<< /etc/cdi/b.yaml
kind: y.com/nic
devices:
  - name: eth0
    n: 3
>>>
/etc/cdi/c.yaml = [unclosed
`;
    const recipe: Recipe = {
      each: "/etc/cdi/{file}",
      from: { read: "/etc/cdi/{file}", at: "/devices/*" },
      attributes: {
        kind: { read: "/etc/cdi/{file}", at: "/kind" },
        name: { item: "/name" },
        n: { item: "/n" },
      },
    };
    const { set, notes } = await read(tree, "instances", recipe);
    expect(set).toEqual({
      elements: [
        { attributes: { kind: "x.com/gpu", name: "0" } },
        { attributes: { kind: "x.com/gpu", name: "all" } },
        { attributes: { kind: "y.com/nic", n: "3", name: "eth0" } },
      ],
      partial: true,
    });
    expect(codes(notes)).toEqual(["malformed"]);
  });

  it("of several recipes stand together, and are partial if one of them can't see", async () => {
    const all: Recipe[] = [
      { each: "/opt/a-{v}", none: "/opt", attributes: { v: "{v}" } },
      { each: "/opt/b/{v}", none: "/opt", attributes: { v: "{v}" } },
    ];
    const tree = "/opt/a-1/\n/opt/b/2/\n";
    expect((await read(tree, "instances", { all })).set).toEqual({
      elements: [{ attributes: { v: "1" } }, { attributes: { v: "2" } }],
    });
    const blind: Recipe = { each: "/usr/x/{v}", none: "/usr/x", attributes: { v: "{v}" } };
    expect((await read(tree, "instances", { all: [...all, blind] })).set).toMatchObject({ partial: true });
  });

  it("of alternatives are those of the first that finds any", async () => {
    const first: Recipe[] = ["c", "b", "a"].map((letter) => ({
      each: `/opt/${letter}-{v}`,
      none: "/opt",
      attributes: { v: `${letter}{v}` },
    }));
    expect((await read("/opt/a-1/\n/opt/b-2/\n", "instances", { first })).set).toEqual({
      elements: [{ attributes: { v: "b2" } }],
    });
    expect((await read("/opt/x/\n", "instances", { first })).set).toEqual({ elements: [] });
  });
});

describe("recipes of other platforms", () => {
  it("are not carried out", async () => {
    const one = (platforms: readonly string[]): Recipe => ({ platforms, each: "/sys/{x}" });
    expect((await read("/sys/a = 1\n", "flags", one(["linux/arm64", "darwin"]))).set).toBeUndefined();
    expect((await read("/sys/a = 1\n", "flags", one(["linux/amd64"]))).set).toEqual({ elements: { a: {} } });
  });
});

describe("a recipe can't do harm", () => {
  const secret =
    "/etc/shadow = root:x\n/sys/a/x = 1\n/opt/link -> /etc/shadow\n/opt/out -> ../../../../../../etc/hostname\n";
  it("it doesn't read where it may not, whatever a row's name is", async () => {
    const attributes = { a: "/etc/shadow", b: { read: "/etc/{file}" }, c: "/sys/a/x" };
    const from = { read: "/usr/names", words: "" };
    const tree = `${secret}/usr/names = shadow\n`;
    const { set, notes } = await read(tree, "instances", {
      from,
      attributes: { ...attributes, b: { read: "/etc/{word}" } },
    });
    expect(set).toEqual({ elements: [{ attributes: { c: "1" }, unknown: ["a", "b"] }] });
    expect(codes(notes)).toContain("not-allowed");
  });

  it("names from files don't lead elsewhere", async () => {
    const recipe: Recipe = {
      from: { read: "/usr/names", words: "" },
      attributes: { up: { read: "/sys/{word}/x" }, name: "{word}" },
    };
    const { set } = await read(`${secret}/usr/names = .. a a/../a\n`, "instances", recipe);
    expect(set).toEqual({
      elements: [
        { attributes: { name: ".." }, unknown: ["up"] },
        { attributes: { name: "a", up: "1" } },
        { attributes: { name: "a/../a" }, unknown: ["up"] },
      ],
    });
  });

  it("links don't lead from where it may read to where it may not", async () => {
    const tree = [
      "/etc/ssl/private/host.key = PRIVATE",
      "/usr/lib/ssl/private -> /etc/ssl/private",
      "/opt/key -> ../etc/ssl/private/host.key",
      "/usr/share/fine = 1",
      "/opt/fine -> /usr/share/fine",
      "",
    ].join("\n");
    const attributes = {
      a: "/opt/key",
      b: "/usr/lib/ssl/private/host.key",
      c: { over: { each: "/usr/lib/ssl/private/{n}", value: "{n}", take: "list" } },
      d: "/opt/fine",
    } as const;
    const { set, notes } = await read(tree, "attributes", { attributes });
    expect(set).toEqual({ elements: { d: "1" }, unknown: ["a", "b", "c"] });
    expect(codes(notes)).toContain("not-allowed");
  });

  it("a folder that it may read may be a link itself", async () => {
    const tree = "/opt -> /var/opt\n/var/opt/a = 1\n/var/opt/out -> /var/b\n/var/b = 2\n";
    const { set } = await read(tree, "attributes", { attributes: { a: "/opt/a", b: "/opt/out" } });
    expect(set).toEqual({ elements: { a: "1" }, unknown: ["b"] });
  });

  it("links stay below the host's root", async () => {
    const { set, notes } = await read(secret, "attributes", { attributes: { a: "/opt/out", b: "/sys/a/x" } });
    expect(set).toEqual({ elements: { b: "1" }, unknown: ["a"] });
    expect(codes(notes)).toEqual(["ENOENT"]);
  });

  it("FIFOs, devices and folders in the place of files are notes", async () => {
    const { set, notes } = await read(
      "/sys/a = 1\n",
      "attributes",
      {
        attributes: { fifo: "/opt/fifo", folder: "/opt", a: "/sys/a" },
      },
      {},
      (root) => {
        mkdirSync(`${root}/opt`);
        execFileSync("mkfifo", [`${root}/opt/fifo`]);
      },
    );
    expect(set).toEqual({ elements: { a: "1" }, unknown: ["fifo", "folder"] });
    expect(codes(notes)).toEqual(["not-a-regular-file", "not-a-regular-file"]);
  });

  it("large files, long lines and binary ones are bounded", async () => {
    const attributes = {
      large: "/opt/large",
      line: { read: "/opt/line", pattern: "^(?<value>a)" },
      binary: "/opt/binary",
    };
    const { set, notes } = await read("/sys/a = 1\n", "attributes", { attributes }, {}, (root) => {
      mkdirSync(`${root}/opt`);
      writeFileSync(`${root}/opt/large`, Buffer.alloc(2 * 1024 * 1024, 97));
      writeFileSync(`${root}/opt/line`, Buffer.alloc(100_000, 97));
      writeFileSync(`${root}/opt/binary`, Buffer.from([0xff, 0xfe, 0, 65]));
    });
    expect(set).toEqual({ elements: { binary: "\ufffd\ufffd\u0000A" }, unknown: ["large", "line"] });
    expect(codes(notes)).toEqual(["too-large", "no-match"]);
  });

  it("YAML that grows without end is refused", async () => {
    const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`;
    const recipe: Recipe = { from: { read: "/opt/x.yaml", at: "/c/*" }, attributes: { v: "{value}" } };
    const { set, notes } = await read(`<<< /opt/x.yaml\n${bomb}>>>\n`, "instances", recipe);
    expect(set).toBeUndefined();
    expect(codes(notes)).toEqual(["malformed"]);
  });

  it("rows of rows of rows end, whatever is read once and looked through again", {
    timeout: 60_000,
  }, async () => {
    let value: Value = "{word}";
    for (let depth = 0; depth < 6; depth += 1) {
      value = { over: { from: { read: "/opt/words", words: "" }, value, take: "distinct" } };
    }
    const keys = { read: "/opt/words", key: "none", separator: "b" };
    const rows: Recipe = {
      from: { read: "/opt/words", words: "" },
      attributes: { w: "{word}", v: value, k: keys, at: { read: "/opt/words", pattern: "^c(?<value>.)" } },
    };
    const { set, notes } = await read(`/opt/words = ${"ab ".repeat(16_000)}\n`, "instances", rows);
    expect(codes(notes)).toContain("too-much");
    const { elements } = set as { elements: { attributes: { v?: string } }[] };
    expect(elements.every((one) => one.attributes.v === undefined || one.attributes.v === "1")).toBe(true);
  });

  it("a folder of very many entries ends in a partial list", async () => {
    const { set, notes } = await read("/sys/a = 1\n", "flags", { each: "/opt/{name}" }, {}, (root) => {
      mkdirSync(`${root}/opt`);
      for (let index = 0; index < 17_000; index += 1) writeFileSync(`${root}/opt/f${index}`, "");
    });
    expect((set as { scope?: unknown }).scope).toBeDefined();
    expect(codes(notes)).toContain("too-much");
  });
});
