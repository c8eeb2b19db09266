import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommandLine, splitCommandLine } from "../../src/probe/linux/kernel/cmdline.ts";
import { parseKernelConfig } from "../../src/probe/linux/kernel/config.ts";
import { probe } from "../../src/probe/probe.ts";
import { withTree } from "./tree.ts";

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
    const { host } = await withTree(tree, (root) => probe({ root, env: {}, only: ["kernel"] }));
    expect(host.features.attributes["kernel.config"]).toBeUndefined();
    expect(host.features.flags["kernel.enabledmodule"]).toBeUndefined();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => parseKernelConfig(`CONFIG_${text}`).size >= 0),
    );
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
