/** Processors as Node Feature Discovery describes them: vendor, family, model and the flags of their generation. */
export interface Cpu {
  readonly vendor: "Intel" | "AMD" | "ARM";
  readonly name: string;
  readonly architecture: "amd64" | "arm64";
  readonly variant: string;
  readonly family: string;
  readonly model: string;
  readonly flags: readonly string[];
  /** How many of a hundred nodes have it. */
  readonly share: number;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const X86 = words(
  "CMOV CMPXCHG8 FXSR FXSROPT MMX SSE SSE2 SYSCALL SYSEE X87 NX RDTSCP HTT CMPXCHG16B LAHF POPCNT SSE3 SSE4 SSE42 SSSE3 X86_64_V1 X86_64_V2 XSAVE XSAVEOPT OSXSAVE AESNI CLMUL",
);
const SANDY_BRIDGE = words("AVX VMX FLUSH_L1D IBPB STIBP SPEC_CTRL_SSBD MD_CLEAR IA32_ARCH_CAP TSCDEADLINE");
const HASWELL = words("AVX2 BMI1 BMI2 ERMS F16C FMA3 LZCNT MOVBE RDRAND X86_64_V3");
const BROADWELL = words("ADX RDSEED RTM HLE RDTMON RDTCMT RDTL3CA SMAP");
const SKYLAKE = words(
  "AVX512F AVX512BW AVX512CD AVX512DQ AVX512VL MPX X86_64_V4 XGETBV1 XSAVEC XSAVES CLFLUSHOPT CLWB",
);
const CASCADE_LAKE = words("AVX512VNNI IBRS_ALL RDCL_NO MDS_NO TAA_NO");
const ICE_LAKE = words(
  "AVX512BITALG AVX512IFMA AVX512VBMI AVX512VBMI2 AVX512VPOPCNTDQ GFNI SHA VAES VPCLMULQDQ FSRM PCONFIG WBNOINVD SGX SGXLC",
);
const SAPPHIRE_RAPIDS = words(
  "AMXBF16 AMXINT8 AMXTILE AVX512BF16 AVX512FP16 AVXVNNI CLDEMOTE ENQCMD HRESET MOVDIR64B MOVDIRI SERIALIZE TSXLDTRK UINTR WAITPKG BUS_LOCK_DETECT",
);
const GRANITE_RAPIDS = words("AMXFP16 PREFETCHI AVXIFMA");

const ZEN = words(
  "AVX AVX2 BMI1 BMI2 F16C FMA3 LZCNT MOVBE RDRAND RDSEED ADX SHA X86_64_V3 SSE4A SVM SVMNP NRIPS LBRVIRT TSCRATEMSR VMCBCLEAN SVMFBASID SVMDA SVMPF SVMPFT CLZERO CPBOOST MCAOVERFLOW MSRIRC XGETBV1 XSAVEC XSAVES CLFLUSHOPT SEV SEV_ES IBPB SMAP",
);
const ZEN2 = words("CLWB RDPRU WBNOINVD STIBP MCOMMIT PPIN RDTMON RDTL3CA");
const ZEN3 = words("ERMS FSRM INVLPGB VAES VPCLMULQDQ SEV_SNP SPEC_CTRL_SSBD CETSS PSFD");
const ZEN4 = words(
  "AVX512F AVX512BW AVX512CD AVX512DQ AVX512VL AVX512BF16 AVX512BITALG AVX512IFMA AVX512VBMI AVX512VBMI2 AVX512VNNI AVX512VPOPCNTDQ GFNI X86_64_V4 SEV_DEBUGSWAP IBRS_PREFERRED",
);
const ZEN5 = words("AVXVNNI MOVDIR64B MOVDIRI AVX512VP2INTERSECT PREFETCHI");

const NEOVERSE_N1 = words(
  "AES ASIMD ASIMDDP ASIMDHP ASIMDRDM ATOMICS CPUID CRC32 DCPOP EVTSTRM FP FPHP LRCPC PMULL SHA1 SHA2 SSBS",
);
const NEOVERSE_V1 = words(
  "SVE SHA3 SHA512 SM3 SM4 ASIMDFHM BF16 DCPODP DGH DIT FCMA FLAGM I8MM ILRCPC JSCVT PACA PACG RNG SVEBF16 SVEI8MM USCAT",
);
const NEOVERSE_V2 = words("SVE2 SVEAES SVEBITPERM SVEPMULL SVESHA3 BTI FLAGM2 FRINT SB");

/** Makes each generation out of the ones before it. */
function generations(
  base: Pick<Cpu, "vendor" | "architecture" | "family">,
  first: readonly string[],
  steps: readonly (readonly [
    name: string,
    model: string,
    variant: string,
    share: number,
    added: readonly string[],
  ])[],
): Cpu[] {
  const flags = new Set(first);
  return steps.map(([name, model, variant, share, added]) => {
    for (const flag of added) flags.add(flag);
    return { ...base, name, model, variant, share, flags: [...flags].sort() };
  });
}

/** Generations that clusters run today, old ones included. */
export const CPUS: readonly Cpu[] = [
  ...generations({ vendor: "Intel", architecture: "amd64", family: "6" }, X86, [
    ["Sandy Bridge", "45", "v2", 2, SANDY_BRIDGE],
    ["Haswell", "63", "v3", 4, HASWELL],
    ["Broadwell", "79", "v3", 8, BROADWELL],
    ["Skylake", "85", "v4", 12, SKYLAKE],
    ["Cascade Lake", "85", "v4", 14, CASCADE_LAKE],
    ["Ice Lake", "106", "v4", 14, ICE_LAKE],
    ["Sapphire Rapids", "143", "v4", 10, SAPPHIRE_RAPIDS],
    ["Granite Rapids", "173", "v4", 2, GRANITE_RAPIDS],
  ]),
  ...generations({ vendor: "AMD", architecture: "amd64", family: "23" }, X86, [
    ["Zen", "1", "v3", 3, ZEN],
    ["Zen 2", "49", "v3", 7, ZEN2],
  ]),
  ...generations(
    { vendor: "AMD", architecture: "amd64", family: "25" },
    [...X86, ...ZEN, ...ZEN2],
    [
      ["Zen 3", "1", "v3", 8, ZEN3],
      ["Zen 4", "17", "v4", 7, ZEN4],
    ],
  ),
  ...generations(
    { vendor: "AMD", architecture: "amd64", family: "26" },
    [...X86, ...ZEN, ...ZEN2, ...ZEN3, ...ZEN4],
    [["Zen 5", "2", "v4", 3, ZEN5]],
  ),
  ...generations(
    { vendor: "ARM", architecture: "arm64", family: "8" },
    [],
    [
      ["Neoverse N1", "3340", "v8.2", 3, NEOVERSE_N1],
      ["Neoverse V1", "3392", "v8.4", 2, NEOVERSE_V1],
      ["Neoverse V2", "3407", "v9", 1, NEOVERSE_V2],
    ],
  ),
];
