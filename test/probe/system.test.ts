import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elfArchitecture, parseBinfmtEntry } from "../../src/probe/linux/binfmt.ts";
import { glibcVersion } from "../../src/probe/linux/libc.ts";
import { parseFeatureFile } from "../../src/probe/linux/local.ts";
import { probe } from "../../src/probe/probe.ts";
import { withTree } from "./tree.ts";

const anyText = fc.string({ unit: "binary" });

describe("local features are NFD's files", () => {
  const now = new Date("2026-06-01T00:00:00Z");
  const parsed = (text: string) => {
    const { labels, features, odd } = parseFeatureFile(text, now);
    return { labels: Object.fromEntries(labels), features: Object.fromEntries(features), odd };
  };

  it("keys, values, comments", () => {
    const want = { a: "true", b: "x=y", "c d": "" };
    expect(parsed("a\n# comment\n  b=x=y  \nc d=\n")).toEqual({ labels: want, features: want, odd: [] });
  });

  it("directives count for the next line only", () => {
    expect(parsed("# +no-feature\na=1\nb=2\n# +no-label\nc=3\n# +no-label\n# +no-feature\nb=4\n")).toEqual({
      labels: { a: "1" },
      features: { c: "3" },
      odd: [],
    });
  });

  it("a day that there isn't, or 24 o'clock, is no expiry time", () => {
    for (const time of ["2012-02-30T00:00:00Z", "2012-13-01T00:00:00Z", "2012-07-28T24:00:00Z"]) {
      const { labels, odd } = parsed(`# +expiry-time=${time}\na=1\n`);
      expect({ labels, odd }, time).toEqual({ labels: { a: "1" }, odd: [`# +expiry-time=${time}`] });
    }
  });

  it("an expiry time counts until the next one", () => {
    const text =
      "# +expiry-time=2012-07-28T11:22:33Z\na=1\n# +expiry-time=2080-07-28T11:22:33Z\nb=2\n# +expiry-time=2026-06-01T01:00:00+02:00\nc=3\n";
    expect(parsed(text).features).toEqual({ b: "2" });
  });

  it("a directive that is not understood is ignored, and told", () => {
    expect(parsed("# +expiry-time=tomorrow\n# +expiry-time\n# +x\na=1")).toEqual({
      labels: { a: "1" },
      features: { a: "1" },
      odd: ["# +expiry-time=tomorrow", "# +expiry-time", "# +x"],
    });
  });

  it("never throws", () => {
    fc.assert(fc.property(anyText, (text) => parsed(`# +${text}\n${text}`).odd.length >= 0));
  });
});

describe("NVIDIA's driver", () => {
  it("GPUs are not denied where the kernel shows no modules", async () => {
    const proc = "/proc/version = Linux\n/proc/sys/kernel/osrelease = 6.6.0\n";
    const sandbox = await withTree(proc, (root) => probe({ root, env: {}, only: ["org.hostfit/gpu"] }));
    expect(sandbox.host.features.instances).toEqual({});
    const host = await withTree(`${proc}/sys/module/loop/\n`, (root) =>
      probe({ root, env: {}, only: ["org.hostfit/gpu"] }),
    );
    expect(host.host.features.instances).toEqual({
      "org.hostfit/gpu.amd": { elements: [] },
      "org.hostfit/gpu.intel": { elements: [] },
      "org.hostfit/gpu.nvidia": { elements: [] },
    });
  });
});

describe("the C library", () => {
  it("glibc says its version in its banner", () => {
    const library = Buffer.concat([
      Buffer.alloc(5_000),
      Buffer.from("GNU C Library (Debian GLIBC 2.36-9+deb12u13) stable release version 2.36.\nCopyright"),
      Buffer.alloc(100),
    ]);
    expect(glibcVersion(library)).toBe("2.36");
    expect(glibcVersion(Buffer.from("musl libc"))).toBeUndefined();
    expect(glibcVersion(Buffer.from("GNU C Library without one"))).toBeUndefined();
  });

  it("a host's own architecture comes before a foreign one's", async () => {
    const banner = (version: string): string => `GNU C Library stable release version ${version}.`;
    const tree = `/proc/sys/kernel/arch = aarch64
/lib/x86_64-linux-gnu/libc.so.6 = ${banner("2.31")}
/lib/aarch64-linux-gnu/libc.so.6 = ${banner("2.39")}
`;
    const { host } = await withTree(tree, (root) =>
      probe({ root, env: {}, only: ["org.hostfit/system.libc"] }),
    );
    expect(host.features.attributes).toEqual({
      "org.hostfit/system.libc": { elements: { name: "glibc", version: "2.39" } },
    });
  });
});

describe("emulators", () => {
  const header = (machine: number, bits: 1 | 2, order: 1 | 2): string => {
    const bytes = Buffer.alloc(20);
    bytes.write("\x7fELF", "latin1");
    bytes[4] = bits;
    bytes[5] = order;
    if (order === 1) bytes.writeUInt16LE(machine, 18);
    else bytes.writeUInt16BE(machine, 18);
    return bytes.toString("hex");
  };
  const cases: readonly [machine: number, bits: 1 | 2, order: 1 | 2, want: string | undefined][] = [
    [62, 2, 1, "amd64"],
    [3, 1, 1, "386"],
    [183, 2, 1, "arm64"],
    [40, 1, 1, "arm"],
    [243, 2, 1, "riscv64"],
    [21, 2, 1, "ppc64le"],
    [21, 2, 2, "ppc64"],
    [22, 2, 2, "s390x"],
    [8, 1, 2, "mips"],
    [258, 2, 1, "loong64"],
    [62, 1, 1, undefined],
    [9_999, 2, 1, undefined],
  ];
  for (const [machine, bits, order, want] of cases) {
    it(`machine ${machine}, ${bits * 32} bits, order ${order}: ${want}`, () => {
      expect(elfArchitecture(Buffer.from(header(machine, bits, order), "hex"))).toBe(want);
    });
  }

  it("rules by file ending, at an offset, or of garbage are none", () => {
    const magic = header(62, 2, 1);
    expect(parseBinfmtEntry("enabled\ninterpreter /x\nflags: F\nextension .exe\n")).toBeUndefined();
    expect(parseBinfmtEntry(`enabled\ninterpreter /x\nflags: F\noffset 4\nmagic ${magic}\n`)).toBeUndefined();
    expect(parseBinfmtEntry("enabled\nmagic xyz\n")).toBeUndefined();
    expect(parseBinfmtEntry(`enabled\ninterpreter /x\nflags: OCF\noffset 0\nmagic ${magic}\n`)).toEqual({
      enabled: true,
      interpreter: "/x",
      flags: "OCF",
      architecture: "amd64",
    });
    fc.assert(fc.property(anyText, (text) => parseBinfmtEntry(`enabled\nmagic ${text}`)?.enabled ?? true));
  });
});

describe("32-bit programs beside amd64", () => {
  const tree = (release: string, more: string): string => `/proc/sys/kernel/osrelease = ${release}
/proc/sys/kernel/arch = x86_64
${more}`;
  const cmdline = "/proc/cmdline = quiet\n";
  const cases: readonly [title: string, tree: string, runs: boolean][] = [
    ["built with it", tree("6.1.0", `${cmdline}/boot/config-6.1.0 = CONFIG_IA32_EMULATION=y\n`), true],
    [
      "built without it",
      tree("6.1.0", `${cmdline}/boot/config-6.1.0 = CONFIG_64BIT=y\n/proc/sys/abi/ vsyscall32=1\n`),
      false,
    ],
    ["no configuration, but its sysctl", tree("6.1.0", `${cmdline}/proc/sys/abi/ vsyscall32=1\n`), true],
    ["no configuration, no sysctl", tree("6.1.0", `${cmdline}/proc/sys/abi/ other=1\n`), false],
    [
      "no configuration, a kernel that may have it off",
      tree("6.8.0", `${cmdline}/proc/sys/abi/ vsyscall32=1\n`),
      false,
    ],
    ["nothing at all", tree("6.1.0", ""), false],
    [
      "switched off",
      tree("6.8.0", "/proc/cmdline = ia32_emulation=0\n/boot/config-6.8.0 = CONFIG_IA32_EMULATION=y\n"),
      false,
    ],
    [
      "built off, switched on",
      tree(
        "6.8.0",
        "/proc/cmdline = ia32_emulation=on\n<<< /boot/config-6.8.0\nCONFIG_IA32_EMULATION=y\nCONFIG_IA32_EMULATION_DEFAULT_DISABLED=y\n>>>\n",
      ),
      true,
    ],
    [
      "built off",
      tree(
        "6.8.0",
        `${cmdline}<<< /boot/config-6.8.0\nCONFIG_IA32_EMULATION=y\nCONFIG_IA32_EMULATION_DEFAULT_DISABLED=y\n>>>\n`,
      ),
      false,
    ],
  ];
  for (const [title, text, runs] of cases) {
    it(`${title}: ${runs}`, async () => {
      const { host } = await withTree(text, (root) => probe({ root, env: {}, only: ["system.name"] }));
      expect(host.platforms?.some((platform) => platform.architecture === "386")).toBe(runs);
    });
  }
});
