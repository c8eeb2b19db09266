/** Every parser of the probe, on what no kernel would write: truncated, huge, binary, full of strange characters. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elfArchitecture, parseBinfmtEntry } from "../../src/probe/linux/binfmt.ts";
import { cpuFlags } from "../../src/probe/linux/cpu/cpuid.ts";
import { parseCpuInfo } from "../../src/probe/linux/cpu/cpuinfo.ts";
import { powerFlags } from "../../src/probe/linux/cpu/hwcap.ts";
import { microarchitectures, processorOf } from "../../src/probe/linux/cpu/microarchitecture.ts";
import { cpuModel } from "../../src/probe/linux/cpu/model.ts";
import { parseCommandLine, splitCommandLine } from "../../src/probe/linux/kernel/cmdline.ts";
import { parseKernelConfig } from "../../src/probe/linux/kernel/config.ts";
import { glibcVersion } from "../../src/probe/linux/libc.ts";
import { parseFeatureFile } from "../../src/probe/linux/local.ts";
import { parseToml } from "../../src/probe/toml.ts";

const CPUINFO = `processor	: 0
vendor_id	: GenuineIntel
cpu family	: 6
model		: 63
siblings	: 2
cpu cores	: 1
flags		: fpu cx8 cmov mmx fxsr sse sse2 syscall avx avx2 ht

CPU implementer	: 0x41
CPU part	: 0xd0c
Features	: fp asimd
isa		: rv64imafdcv_zba
`;

/** Each parser with a text that it understands. */
const PARSERS: readonly (readonly [string, string, (text: string) => unknown])[] = [
  ["cpuinfo", CPUINFO, (text) => parseCpuInfo(text, "cut")],
  [
    "processor features",
    CPUINFO,
    (text) => {
      const info = parseCpuInfo(text, "whole");
      const kinds = ["amd64", "arm64", "ppc64le", "riscv64", "s390x"].map((architecture) => {
        const processor = processorOf(info, architecture, "6.1.0");
        return processor === undefined ? undefined : microarchitectures(processor);
      });
      return [cpuFlags(info, text), cpuModel(info), kinds];
    },
  ],
  [
    "auxiliary vector",
    "\x10\0\0\0\0\0\0\0\xff\0\0\0\0\0\0\0",
    (text) => powerFlags(Buffer.from(text, "latin1")),
  ],
  ["command line", 'a=b c="d e" -- f', (text) => parseCommandLine(splitCommandLine(text))],
  ["kernel configuration", 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="x"\n', parseKernelConfig],
  [
    "C library",
    "GNU C Library (x) stable release version 2.36.\n",
    (text) => glibcVersion(Buffer.from(text, "latin1")),
  ],
  [
    "feature file",
    "# +expiry-time=2026-01-01T00:00:00Z\na=b\nc\n",
    (text) => parseFeatureFile(text, new Date(0)),
  ],
  [
    "binfmt entry",
    "enabled\ninterpreter /usr/bin/qemu\nflags: F\noffset 0\nmagic 7f454c46\n",
    parseBinfmtEntry,
  ],
  [
    "ELF header",
    "\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0",
    (text) => elfArchitecture(Buffer.from(text, "latin1")),
  ],
];

/** The text with a part cut out and something else put in. */
const edits = fc.record({
  from: fc.nat(400),
  length: fc.nat(400),
  noise: fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(
      "\0",
      "\n\n\n",
      "=",
      ":",
      "\r\n",
      "\ufffd",
      "__proto__=x\n",
      "constructor: y\n",
      "\u2028",
      '"',
      "\t: ",
    ),
  ),
});

describe("no text makes a parser throw, or give what isn't text", () => {
  it.each(PARSERS)("%s", (_name, good, parse) => {
    expect(parse(good)).toBeDefined();
    fc.assert(
      fc.property(fc.array(edits, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = good;
        for (const { from, length, noise } of changes) {
          text = text.slice(0, from) + noise + text.slice(from + length);
        }
        parse(text);
      }),
      { numRuns: 300 },
    );
    parse("");
    parse("\0".repeat(10_000));
    parse(`${"x".repeat(100_000)}\n${"= : ".repeat(10_000)}`);
    parse(good.repeat(500));
  });

  it("TOML: a tree, or an error with the line", () => {
    const good = 'version = 3\n[plugins."a.b"]\nx = ["y", 1, true]\nz = { q = 1 }\n[[list]]\nn = """m"""\n';
    fc.assert(
      fc.property(fc.array(edits, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = good;
        for (const { from, length, noise } of changes) {
          text = text.slice(0, from) + noise + text.slice(from + length);
        }
        try {
          parseToml(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "malformed-toml" });
        }
      }),
      { numRuns: 500 },
    );
  });

  it("names of an object's own don't become anything else", () => {
    expect(Object.hasOwn(parseCommandLine(["__proto__=x", "a=b"]).parameters, "__proto__")).toBe(true);
  });
});
