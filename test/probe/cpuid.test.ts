import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amd64Level, cpuFlags } from "../../src/probe/linux/cpu/cpuid.ts";
import { ARM64_FLAGS, S390X_FLAGS, X86_FLAGS } from "../../src/probe/linux/cpu/cpuid-names.ts";
import { parseCpuInfo } from "../../src/probe/linux/cpu/cpuinfo.ts";
import { powerFlags } from "../../src/probe/linux/cpu/hwcap.ts";
import { cpuModel } from "../../src/probe/linux/cpu/model.ts";
import { probe } from "../../src/probe/probe.ts";
import { withTree } from "./tree.ts";

const V1 = "fpu cx8 sep cmov mmx fxsr sse sse2 syscall nx lm";
const V2 = `${V1} cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3`;
const V3 = `${V2} xsave avx avx2 bmi1 bmi2 f16c fma abm movbe`;
const V4 = `${V3} avx512f avx512bw avx512cd avx512dq avx512vl`;

function x86(flags: string, more: Record<string, string> = {}): string {
  const fields = { vendor_id: "GenuineIntel", "cpu family": "6", model: "85", ...more, flags };
  return `processor\t: 0\n${Object.entries(fields)
    .map(([key, value]) => `${key}\t: ${value}\n`)
    .join("")}\n`;
}

function flagsOf(text: string, release = "6.8.0") {
  const flags = cpuFlags(parseCpuInfo(text, "whole"), release);
  if (flags === undefined) throw new Error("no flags");
  return flags;
}

/** What the core would make of a name: true, false, or unknown. */
function answer(text: string, name: string, release = "6.8.0"): boolean | undefined {
  const { present, scope } = flagsOf(text, release);
  return present.has(name) ? true : scope.has(name) ? false : undefined;
}

describe("kernel words become NFD's names", () => {
  const cases: readonly [flags: string, name: string, more?: Record<string, string>][] = [
    ["aes", "AESNI"],
    ["pclmulqdq", "CLMUL"],
    ["pni", "SSE3"],
    ["fma", "FMA3"],
    ["abm", "LZCNT"],
    ["sha_ni", "SHA"],
    ["xsave", "OSXSAVE"],
    ["sse", "FXSROPT"],
    ["avx512_vnni", "AVX512VNNI"],
    ["avx_vnni", "AVXVNNI"],
    ["amx_tile", "AMXTILE"],
    ["ibt", "CETIBT"],
    ["arch_capabilities", "IA32_ARCH_CAP"],
    ["npt", "SVMNP"],
    ["nrip_save", "NRIPS"],
    ["svm_lock", "SVML"],
    ["overflow_recov", "MCAOVERFLOW"],
    ["irperf", "MSRIRC"],
    ["amd_ppin", "PPIN"],
    ["debug_swap", "SEV_DEBUGSWAP"],
    ["tdx_guest", "TDX_GUEST"],
    ["user_shstk", "CETSS"],
    ["ibrs", "IBRS", { vendor_id: "AuthenticAMD" }],
    ["ssbd", "SPEC_CTRL_SSBD"],
    ["ht", "HTT", { siblings: "8", "cpu cores": "4" }],
    ["avx", "AVXSLOW", { model: "58" }],
    ["avx", "AVXSLOW", { vendor_id: "AuthenticAMD", "cpu family": "23", model: "1" }],
  ];
  for (const [flags, name, more] of cases) {
    it(`${flags} is ${name}`, () => {
      expect(answer(x86(flags, more), name)).toBe(true);
    });
  }

  it("no name stands twice, and none has the word of another by mistake", () => {
    for (const table of [X86_FLAGS, ARM64_FLAGS, S390X_FLAGS]) {
      const names = table.map((entry) => entry.name);
      expect(new Set(names).size).toBe(names.length);
    }
    const words = X86_FLAGS.map((entry) => entry.flag);
    const twice = words.filter((word, at) => words.indexOf(word) !== at).sort();
    // `sse` is also FXSROPT and `xsave` also OSXSAVE, on purpose.
    expect(twice).toEqual(["sse", "xsave"]);
  });
});

describe("a name is denied only where the kernel would have printed it", () => {
  const cases: readonly [name: string, release: string, want: boolean | undefined, why: string][] = [
    ["FMA4", "3.10.0", false, "every kernel knows fma4"],
    ["AVX512FP16", "6.8.0", false, "the kernel knows avx512_fp16"],
    ["SERIALIZE", "4.18.0-513.el8.x86_64", undefined, "a kernel of 2018 may not print serialize"],
    ["SERIALIZE", "5.10.0", false, "since 5.10 it does"],
    ["FRED", "6.11.0", undefined, "FRED came later"],
    ["CETSS", "6.8.0", undefined, "only some kernels print it"],
    ["FP256", "6.8.0", undefined, "no kernel prints it"],
    ["MOVU", "6.8.0", undefined, "no kernel prints it"],
    ["TSA_SQ_NO", "6.8.0", undefined, "no kernel prints it"],
    ["IBRS", "6.8.0", undefined, "on Intel the word means something else"],
    ["TBM", "6.8.0", undefined, "NFD's library never sets it"],
    ["AVX512VNNI", "3.10.0", false, "no AVX512F, so none of its kin is usable"],
    ["SERIALIZE", "not a version", undefined, "an unknown kernel"],
  ];
  for (const [name, release, want, why] of cases) {
    it(`${name} under ${release}: ${want} (${why})`, () => {
      expect(answer(x86(V3), name, release)).toBe(want);
    });
  }

  it("a name that is present is in scope, whatever the kernel's age", () => {
    expect(answer(x86(`${V4} avx512_fp16`), "AVX512FP16", "3.10.0")).toBe(true);
  });

  it("threads: as many siblings as cores deny HTT, missing numbers leave it open, no ht denies it", () => {
    expect(answer(x86("ht", { siblings: "4", "cpu cores": "4" }), "HTT")).toBe(false);
    expect(answer(x86("ht"), "HTT")).toBeUndefined();
    expect(answer(x86("fpu"), "HTT")).toBe(false);
  });
});

describe("amd64's level", () => {
  const cases: readonly [flags: string, release: string, want: number | undefined, why: string][] = [
    [V1, "6.8.0", 1, "kvm64"],
    [V2, "6.8.0", 2, "Nehalem"],
    [`${V2} xsave avx`, "6.8.0", 2, "Ivy Bridge"],
    [V3, "6.8.0", 3, "Haswell, Alder Lake"],
    [V4, "6.8.0", 4, "Skylake server"],
    [V4, "3.10.0", 4, "what is printed counts under any kernel"],
    [V3, "3.10.0", 3, "without AVX512F it is not v4"],
    [`${V3} avx512f avx512cd`, "3.16.0", undefined, "an old kernel may not print avx512bw"],
    [`${V3} avx512f avx512cd`, "6.8.0", 3, "Knights Landing"],
    ["fpu", "6.8.0", undefined, "no x86-64 at all"],
  ];
  for (const [flags, release, want, why] of cases) {
    it(`v${want} for ${why}`, () => {
      expect(amd64Level(flagsOf(x86(flags), release))).toBe(want);
    });
  }

  it("each level's flag implies those below it", () => {
    for (const flags of [V1, V2, V3, V4]) {
      const { present } = flagsOf(x86(flags));
      const levels = [1, 2, 3, 4].filter((level) => present.has(`X86_64_V${level}`));
      expect(levels).toEqual(levels.map((_, at) => at + 1));
    }
  });

  it("taking any one name away lowers it", () => {
    for (const word of V4.split(" ").filter((name) => !["sep", "syscall", "nx", "lm"].includes(name))) {
      const fewer = V4.split(" ")
        .filter((name) => name !== word)
        .join(" ");
      expect(amd64Level(flagsOf(x86(fewer))), `without ${word}`).not.toBe(4);
    }
  });
});

describe("arm64 and s390x", () => {
  const arm = (features: string, more = ""): string =>
    `processor\t: 0\nFeatures\t: ${features}\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n${more}`;

  it("the kernel's words in upper case, with those that it would print in scope", () => {
    expect(answer(arm("fp asimd atomics"), "ATOMICS")).toBe(true);
    expect(answer(arm("fp asimd"), "SVE2")).toBe(false);
    expect(answer(arm("fp asimd"), "SVE2", "4.14.0")).toBeUndefined();
    expect(answer(arm("fp asimd"), "CSSC")).toBeUndefined();
    expect(answer(arm("fp asimd cssc"), "CSSC")).toBe(true);
  });

  it("the model is that of the main ID register", () => {
    const model = cpuModel(parseCpuInfo(arm("fp asimd cpuid"), "whole"));
    expect(model).toEqual({ elements: { vendor_id: "ARM", family: "63", id: "53441" }, unknown: [] });
  });

  it("cores of two kinds leave the model open, and share only the flags that both have", () => {
    const other =
      "processor\t: 1\nFeatures\t: fp asimd sve cpuid\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n";
    const info = parseCpuInfo(arm("fp asimd cpuid aes", other), "whole");
    expect(cpuModel(info)).toEqual({ elements: {}, unknown: ["vendor_id", "family", "id"] });
    expect([...(info.flags ?? [])].sort()).toEqual(["asimd", "cpuid", "fp"]);
  });

  it("s390x has one line of features for all processors", () => {
    const text =
      "vendor_id       : IBM/S390\nfeatures\t: esan3 zarch stfle vx vxe sie \nprocessor 0: version = FF\n";
    expect(answer(text, "VXE", "5.18.0")).toBe(true);
    expect(answer(text, "NNPA", "5.18.0")).toBe(false);
  });
});

describe("ppc64le's flags come from the auxiliary vector", () => {
  const vector = (...entries: readonly (readonly [bigint, bigint])[]): Buffer => {
    const bytes = Buffer.alloc(entries.length * 16);
    entries.forEach(([kind, value], at) => {
      bytes.writeBigUInt64LE(kind, at * 16);
      bytes.writeBigUInt64LE(value, at * 16 + 8);
    });
    return bytes;
  };

  it("POWER9's", () => {
    const flags = powerFlags(
      vector([6n, 65_536n], [16n, 0xdc0065c2n], [26n, 0xaef00000n], [0n, 0n], [16n, 0n]),
    );
    expect(flags?.present).toEqual(
      "TRUE_LE ARCHPMU VSX ARCH_2_06 DFP IC_SNOOP SMT MMU FPU ALTIVEC PPC64 PPC32 SCV DARN IEEE128 ARCH_3_00 VCRYPTO TAR ISEL DSCR ARCH_2_07".split(
        " ",
      ),
    );
    expect(flags?.scope).toContain("HTM");
  });

  it("without the second word its names are unknown; without either, all are", () => {
    expect(powerFlags(vector([16n, 0x2n]))?.scope).not.toContain("HTM");
    expect(powerFlags(vector([6n, 65_536n]))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const flags = powerFlags(Buffer.from(bytes));
        for (const name of flags?.present ?? []) expect(flags?.scope).toContain(name);
      }),
    );
  });

  it("and are read where the kernel says what it is", async () => {
    const { host } = await withTree("/proc/sys/kernel/arch = ppc64le\n/proc/self/auxv = x\n", (root) =>
      probe({ root, env: {}, only: ["cpu.cpuid"] }),
    );
    expect(host.features.flags).toEqual({});
    expect(host.platforms).toEqual([{ os: "linux", architecture: "ppc64le" }]);
  });
});

describe("/proc/cpuinfo of any content", { timeout: 60_000 }, () => {
  it("a cut text loses its last line, not a flag's tail", () => {
    const text = x86("fpu avx2 avx512f");
    const cut = text.slice(0, text.indexOf("avx512f") + 3);
    expect([...(parseCpuInfo(cut, "cut").flags ?? [])]).toEqual([]);
    const two = `${x86("fpu avx2")}${cut}`;
    expect([...(parseCpuInfo(two, "cut").flags ?? [])].sort()).toEqual(["avx2", "fpu"]);
  });

  it("a thousand processors are read as fast as one: equal lines are one", () => {
    const info = parseCpuInfo(x86(V4).repeat(1_000), "whole");
    expect(info.flags?.size).toBe(V4.split(" ").length);
  });

  it("never throws, and what is present is in scope", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "flags\t: ",
        "Features\t: ",
        "vendor_id\t: AuthenticAMD",
        "cpu family\t: 25",
        "processor\t: 0",
        "",
      ),
      fc
        .tuple(fc.constantFrom("flags", "siblings", "model", "CPU part"), fc.string())
        .map(([key, value]) => `${key}\t: ${value}`),
      fc.subarray(V4.split(" ")).map((flags) => `flags\t\t: ${flags.join(" ")}`),
    );
    fc.assert(
      fc.property(
        fc.array(line),
        fc.constantFrom("whole", "cut"),
        fc.constantFrom("3.10.0", "6.8.0", "?"),
        (lines, end, release) => {
          const info = parseCpuInfo(lines.join("\n"), end as "whole" | "cut");
          const flags = cpuFlags(info, release);
          cpuModel(info);
          for (const name of flags?.present ?? []) expect(flags?.scope.has(name)).toBe(true);
        },
      ),
    );
  });
});
