import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HostfitError } from "../../src/errors.ts";
import { fits, runtimeType } from "../../src/probe/linux/runtimes.ts";
import { probe } from "../../src/probe/probe.ts";
import { parseToml } from "../../src/probe/toml.ts";
import { withTree } from "./tree.ts";

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function runtimesOf(tree: string) {
  const { host, notes } = await withTree(`/proc/sys/kernel/arch = x86_64\n${tree}`, (root) =>
    probe({ root, env: {}, only: ["org.hostfit/runtime.handler", "org.hostfit/runtime.engine"] }),
  );
  return { runtimes: host.runtimes, platforms: host.platforms, features: host.features, notes };
}

describe("the types of runtimes", () => {
  const cases: readonly [name: string, program: string, want: string][] = [
    ["runc", "io.containerd.runc.v2", "runc"],
    ["crun", "/usr/bin/crun", "crun"],
    ["nvidia-cdi", "", "nvidia"],
    ["gpu", "/usr/bin/nvidia-container-runtime", "nvidia"],
    ["kata-qemu", "io.containerd.kata-qemu.v2", "kata"],
    ["sandboxed", "io.containerd.runsc.v1", "gvisor"],
    ["wasmtime", "io.containerd.wasmtime.v1", "wasm"],
    ["crun-wasm", "/usr/bin/crun", "wasm"],
    ["edge", "io.containerd.spin.v2", "wasm"],
    ["inspinning", "/bin/inspinning", "inspinning"],
  ];
  for (const [name, program, want] of cases) {
    it(`${name} (${program}) is ${want}`, () => {
      expect(runtimeType(name, program)).toBe(want);
    });
  }
});

describe("configurations of engines", () => {
  it("containerd 1 (version 2), with a default that it describes", async () => {
    const { runtimes, platforms } = await runtimesOf(`<<< /etc/containerd/config.toml
version = 2
[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "runc"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.wasm]
runtime_type = "io.containerd.wasmedge.v1"
>>>
`);
    expect(runtimes).toEqual({ default: "runc", runc: "runc", wasm: "wasm" });
    expect(platforms?.map(({ os, architecture, handlers }) => [os, architecture, handlers])).toEqual([
      ["linux", "amd64", ["runc"]],
      ["wasi", "wasm", ["wasm"]],
    ]);
  });

  it("containerd without a configuration, but with its socket's place", async () => {
    const { runtimes } = await runtimesOf("/run/containerd/containerd.sock = \n");
    expect(runtimes).toEqual({ default: "runc", runc: "runc" });
  });

  it("CRI-O: the drop-ins come after the main file, in order of their names", async () => {
    const { runtimes } = await runtimesOf(`<<< /etc/crio/crio.conf
[crio.runtime]
default_runtime = "runc"
[crio.runtime.runtimes.runc]
runtime_path = "/usr/bin/runc"
>>>
<<< /etc/crio/crio.conf.d/20-crun.conf
[crio.runtime]
default_runtime = "crun"
[crio.runtime.runtimes.crun]
runtime_path = "/usr/libexec/crio/crun"
>>>
<<< /etc/crio/crio.conf.d/10-nvidia.conf
[crio.runtime]
default_runtime = "nvidia"
[crio.runtime.runtimes.nvidia]
runtime_path = "/usr/bin/nvidia-container-runtime"
>>>
/etc/crio/crio.conf.d/ignored.bak = not toml [
`);
    expect(runtimes).toEqual({ default: "crun", runc: "runc", nvidia: "nvidia", crun: "crun" });
  });

  it("Podman: a default without a description is a handler too", async () => {
    const { runtimes } = await runtimesOf(`<<< /etc/containers/containers.conf
[engine]
runtime = "crun"
[engine.runtimes]
kata = ["/usr/bin/kata-runtime", "/opt/kata"]
>>>
`);
    expect(runtimes).toEqual({ default: "crun", kata: "kata", crun: "crun" });
  });

  it("Docker: runc is always there, and the default if nothing else is", async () => {
    expect((await runtimesOf("/etc/docker/daemon.json = {}\n")).runtimes).toEqual({
      default: "runc",
      runc: "runc",
    });
  });

  it("a cluster's engine comes before a developer's", async () => {
    const { runtimes } = await runtimesOf(`<<< /etc/containerd/config.toml
[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "kata"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.kata]
runtime_type = "io.containerd.kata.v2"
>>>
/etc/docker/daemon.json = {"default-runtime": "runc"}
`);
    expect(runtimes?.default).toBe("kata");
  });

  it("no engine: nothing is said", async () => {
    const { runtimes, platforms, features, notes } = await runtimesOf("/etc/hostname = x\n");
    expect(runtimes).toBeUndefined();
    expect(platforms?.[0]).not.toHaveProperty("handlers");
    expect(features.flags).toEqual({});
    expect(notes.some((note) => note.code === "no-engine")).toBe(true);
  });

  const broken: readonly [title: string, tree: string, code: string][] = [
    ["malformed TOML", "/etc/crio/crio.conf = [crio\n", "malformed-toml"],
    ["malformed JSON", "/etc/docker/daemon.json = {\n", "malformed-json"],
    ["JSON of another shape", "/etc/docker/daemon.json = [1]\n", "malformed-json"],
    ["a directory", "/etc/docker/daemon.json/\n", "not-a-regular-file"],
  ];
  for (const [title, tree, code] of broken) {
    it(`${title}: what was found elsewhere counts, what is missing stays open`, async () => {
      const containerd = `<<< /etc/containerd/config.toml
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
>>>
`;
      const { runtimes, platforms, features, notes } = await runtimesOf(containerd + tree);
      expect(runtimes).toBeUndefined();
      expect(platforms?.[0]).not.toHaveProperty("handlers");
      expect(features.flags["org.hostfit/runtime.handler"]).toEqual({
        elements: { runc: {} },
        scope: ["runc"],
      });
      expect(features.instances["org.hostfit/runtime.engine"]?.partial).toBe(true);
      expect(notes.map((note) => note.code)).toContain(code);
    });
  }

  it("imports that import each other end", async () => {
    const { runtimes } = await runtimesOf(`<<< /etc/containerd/config.toml
imports = ["/etc/containerd/config.toml", "other.toml", "*.toml", "missing.toml", 7]
>>>
<<< /etc/containerd/other.toml
imports = ["config.toml"]
[plugins.cri.containerd.runtimes.youki]
runtime_type = "io.containerd.runc.v2"
>>>
`);
    expect(runtimes).toEqual({ youki: "youki" });
  });
});

describe("patterns of imports", () => {
  const cases: readonly [name: string, pattern: string, want: boolean][] = [
    ["a.toml", "*.toml", true],
    ["a.toml", "a.toml", true],
    ["a.toml", "b*", false],
    ["abcabc", "a*c", true],
    ["abcabc", "a*b*c", true],
    ["abc", "abc*abc", false],
    ["aXbXc", "a*b*b*c", false],
    ["", "*", true],
  ];
  for (const [name, pattern, want] of cases) {
    it(`${name} and ${pattern}: ${want}`, () => {
      expect(fits(name, pattern)).toBe(want);
    });
  }
});

describe("TOML", { timeout: 60_000 }, () => {
  it("reads what runtimes' configurations are written in", () => {
    const text = String.raw`
# a comment
title = "a \"b\" \u00e9 \\" # another
literal = 'C:\n'
"quoted key".'and another' = 1
numbers = [1, -2, 3.5, 1_000, 0xff, inf,] 
dates = 2024-01-01
many = """
first\
   second
third"""
raw = '''
a'b'''
inline = { a = 1, b.c = true, d = [] }
[a.b]
x = false
[a]
y = "z"
[[list]]
n = 1
[[list]]
n = 2
[list.sub]
m = 3
`;
    expect(plain(parseToml(text))).toEqual({
      title: 'a "b" é \\',
      literal: "C:\\n",
      "quoted key": { "and another": 1 },
      numbers: [1, -2, 3.5, 1000, 255, null],
      dates: "2024-01-01",
      many: "firstsecond\nthird",
      raw: "a'b",
      inline: { a: 1, b: { c: true }, d: [] },
      a: { b: { x: false }, y: "z" },
      list: [{ n: 1 }, { n: 2, sub: { m: 3 } }],
    });
  });

  const wrong: readonly [text: string, line: number][] = [
    ["a", 1],
    ["a =", 1],
    ["\n\na = [1", 3],
    ["a = 'x\n'", 1],
    ['a = "\\q"', 1],
    ["a = 1 b = 2", 1],
    ["[a\nb = 1", 1],
    ["a = 1\n[a.b]\n", 2],
    [`a = ${"[".repeat(100)}`, 1],
    [`a = ${"{a=".repeat(100)}`, 1],
    ['a = "\\U00ffffff"', 1],
  ];
  for (const [text, line] of wrong) {
    it(`is refused with its line: ${JSON.stringify(text.slice(0, 20))}`, () => {
      expect(() => parseToml(text)).toThrow(HostfitError);
      try {
        parseToml(text);
      } catch (error) {
        expect(error).toMatchObject({ code: "malformed-toml", details: { line } });
      }
    });
  }

  it("keys such as __proto__ are keys", () => {
    const table = parseToml("[__proto__]\npolluted = 1\n");
    expect(Object.keys(table)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("of any content is a table or an error of ours", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "[",
        "]",
        "[[",
        "=",
        '"',
        "'",
        '"""',
        "'''",
        "\n",
        " ",
        ".",
        ",",
        "{",
        "}",
        "#",
        "\\",
        "a",
        "1",
        "true",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          parseToml(pieces.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(HostfitError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
