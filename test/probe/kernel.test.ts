import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommandLine, splitCommandLine } from "../../src/probe/linux/kernel/cmdline.ts";
import { parseKernelConfig } from "../../src/probe/linux/kernel/config.ts";
import { parseBuiltinModules, parseLoadedModules } from "../../src/probe/linux/kernel/modules.ts";
import { parseKernelVersion } from "../../src/probe/linux/kernel/version.ts";
import { probe } from "../../src/probe/probe.ts";
import { withTree } from "./tree.ts";

describe("kernel.version is mangled as NFD mangles it", () => {
  const cases: readonly [release: string, want: Record<string, string>][] = [
    ["5.15.0-91-generic", { full: "5.15.0-91-generic", major: "5", minor: "15", revision: "0" }],
    [
      "5.14.0-427.13.1.el9_4.x86_64",
      { full: "5.14.0-427.13.1.el9_4.x86_64", major: "5", minor: "14", revision: "0" },
    ],
    // Four numeric parts: only the whole.
    ["6.6.87.2-microsoft-standard-WSL2", { full: "6.6.87.2-microsoft-standard-WSL2" }],
    ["4.4.0+", { full: "4.4.0", major: "4", minor: "4", revision: "0" }],
    ["6.1.0-rpi7+rpt-rpi-v8", { full: "6.1.0-rpi7_rpt-rpi-v8", major: "6", minor: "1", revision: "0" }],
    ["6.8.0-rc1+", { full: "6.8.0-rc1", major: "6", minor: "8", revision: "0" }],
    ["5", { full: "5", major: "5", minor: "", revision: "" }],
    ["6.12-dirty", { full: "6.12-dirty", major: "6", minor: "12", revision: "" }],
    ["-_.5.4.-_", { full: "5.4", major: "5", minor: "4", revision: "" }],
    ["", { full: "" }],
    ["6.1.0~ö", { full: "6.1.0", major: "6", minor: "1", revision: "0" }],
  ];
  for (const [release, want] of cases) {
    it(`${JSON.stringify(release)}`, () => {
      expect(parseKernelVersion(release)).toEqual(want);
    });
  }

  it("full never has a character that a label can't have", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (release) => {
        expect(parseKernelVersion(release).full).toMatch(/^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/);
      }),
    );
  });
});

describe("kernel.config gives what is set, without quotes", () => {
  it("values as they are, the last of two, no comments", () => {
    const text =
      '# CONFIG_A is not set\nCONFIG_B=y\nCONFIG_C=m\nCONFIG_D="text with = and \\"quotes\\""\nCONFIG_E=""\nCONFIG_F=0x10\nCONFIG_B=n\n CONFIG_G=y\nCONFIG_H\n';
    expect(Object.fromEntries(parseKernelConfig(text))).toEqual({
      B: "n",
      C: "m",
      D: 'text with = and \\"quotes\\',
      E: "",
      F: "0x10",
    });
  });

  it("the first readable file counts, in NFD's order", async () => {
    const tree = `/proc/sys/kernel/osrelease = 6.8.0
/boot/config-6.8.0 = CONFIG_FROM=boot
/usr/lib/modules/6.8.0/config = CONFIG_FROM=modules
`;
    const { host } = await withTree(tree, (root) => probe({ root, env: {}, only: ["kernel.config"] }));
    expect(host.features.attributes["kernel.config"]?.elements).toEqual({ FROM: "modules" });
  });

  it("a config.gz that is none, or unpacks to more than any configuration, is passed over", async () => {
    const huge = "x".repeat(1_000_000);
    for (const first of [
      "/proc/config.gz = not gzip",
      `<<< gzip /proc/config.gz\n${Array(5).fill(huge).join("\n")}\n>>>`,
    ]) {
      const tree = `/proc/sys/kernel/osrelease = 6.8.0\n/boot/config-6.8.0 = CONFIG_FROM=boot\n${first}\n`;
      const { host } = await withTree(tree, (root) => probe({ root, env: {}, only: ["kernel.config"] }));
      expect(host.features.attributes["kernel.config"]?.elements).toEqual({ FROM: "boot" });
    }
  });

  it("a release that names another directory opens nothing there", async () => {
    const tree = `/proc/sys/kernel/osrelease = ../../etc/shadow\n/etc/shadow = CONFIG_X=y\n/boot/config-x/ a=b\n`;
    const { host, notes } = await withTree(tree, (root) => probe({ root, env: {}, only: ["kernel"] }));
    expect(host.features.attributes["kernel.config"]).toBeUndefined();
    expect(notes.find((note) => note.feature === "kernel.enabledmodule")?.code).toBe("no-release");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => parseKernelConfig(`CONFIG_${text}`).size >= 0),
    );
  });
});

describe("modules keep their spelling", () => {
  it("the first word of a line, and a file's name without its end", () => {
    expect(parseLoadedModules("vfio_pci 41412 0 - Live 0x0\n\nnvidia 1 0 - Live\n")).toEqual([
      "vfio_pci",
      "nvidia",
    ]);
    expect(
      parseBuiltinModules("kernel/crypto/sha256-generic.ko\n kernel/a.ko \nkernel/b.ko.xz\n.ko\n"),
    ).toEqual(["sha256-generic", "a"]);
  });
});

describe("kernel.cmdline", () => {
  const parameters = (line: string) => parseCommandLine(splitCommandLine(line));

  it("names and values, `true` without one, the last of two, up to --", () => {
    expect(parameters("ro quiet console=tty0 console=ttyS0,115200 a.b=c=d -- init=x").parameters).toEqual({
      ro: "true",
      quiet: "true",
      console: "ttyS0,115200",
      "a.b": "c=d",
    });
  });

  it("quotes hold a value together", () => {
    expect(parameters('dyndbg="file a.c +p" x="1').parameters).toEqual({ dyndbg: "file a.c +p", x: "1" });
  });

  it("values that may be secret are withheld, and named", () => {
    const line = "rd.luks.key=/k password=hunter2 my_token=abc ecc.key=1 keyboard=de monkey=1";
    expect(parameters(line)).toEqual({
      parameters: { keyboard: "de", monkey: "1" },
      withheld: ["rd.luks.key", "password", "my_token", "ecc.key"],
    });
  });

  it("never throws, and takes a name like __proto__ as a name", () => {
    expect(Object.keys(parameters("__proto__=1 constructor=2").parameters)).toEqual([
      "__proto__",
      "constructor",
    ]);
    fc.assert(fc.property(fc.string({ unit: "binary" }), (line) => parameters(line).withheld.length >= 0));
  });
});
