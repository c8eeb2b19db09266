/**
 * NFD's names of processor features (those of its CPUID library) and the words of /proc/cpuinfo that say the same.
 *
 * `since` is the first kernel that is sure to print the word, as [major, minor], rounded up: an older kernel that doesn't print it may
 * not know it, so its absence there denies nothing. Without `since` every kernel in use knows it.
 */
export interface FlagName {
  /** NFD's name. */
  readonly name: string;
  /** The kernel's word. */
  readonly flag: string;
  readonly since?: readonly [number, number];
  /** The word means this name on these vendors' processors only; on others the name stays unknown. */
  readonly vendors?: readonly string[];
  /** The word proves the name, but a kernel may well not print it for a processor that has it. */
  readonly denies?: "never";
}

type Since = readonly [number, number];

/** Words that are the name in lower case. */
function same(names: string, since?: Since): FlagName[] {
  return renamed(Object.fromEntries(names.split(" ").map((name) => [name, name.toLowerCase()])), since);
}

function renamed(names: Readonly<Record<string, string>>, since?: Since): FlagName[] {
  return Object.entries(names).map(([name, flag]) =>
    since === undefined ? { name, flag } : { name, flag, since },
  );
}

const AMD: readonly string[] = ["AMD", "Hygon"];
const INTEL: readonly string[] = ["Intel"];

/** x86: every name that a word of `flags` decides alone. */
export const X86_FLAGS: readonly FlagName[] = [
  ...same(
    "ADX AVX AVX2 AVX512F BMI1 BMI2 CMOV CX16 ERMS F16C FMA4 FXSR HLE HYPERVISOR IBS MMX MMXEXT MOVBE NX POPCNT " +
      "RDRAND RDSEED RDTSCP RTM SSE SSE2 SSE4A SSSE3 SVM SYSCALL VMX XOP XSAVE XSAVEOPT",
  ),
  ...renamed({
    AESNI: "aes",
    AMD3DNOW: "3dnow",
    AMD3DNOWEXT: "3dnowext",
    CLMUL: "pclmulqdq",
    CMPXCHG8: "cx8",
    CPBOOST: "cpb",
    FMA3: "fma",
    // The library sets it from SSE's bit as well as from its own, so it says no more than SSE.
    FXSROPT: "sse",
    LAHF: "lahf_lm",
    LBRVIRT: "lbrv",
    LZCNT: "abm",
    NRIPS: "nrip_save",
    // Not printed. The kernel sets it when it uses XSAVE, and takes `xsave` away when it does not.
    OSXSAVE: "xsave",
    SSE3: "pni",
    SSE4: "sse4_1",
    SSE42: "sse4_2",
    SVMDA: "decodeassists",
    SVMFBASID: "flushbyasid",
    SVML: "svm_lock",
    SVMNP: "npt",
    SVMPF: "pausefilter",
    SVMPFT: "pfthreshold",
    SYSEE: "sep",
    TOPEXT: "topoext",
    TSCRATEMSR: "tsc_scale",
    VMCBCLEAN: "vmcb_clean",
    X87: "fpu",
  }),
  ...same(
    "AVX512BW AVX512CD AVX512DQ AVX512ER AVX512IFMA AVX512PF AVX512VBMI AVX512VL CLZERO GFNI MPX SEV SME SUCCOR VAES " +
      "VPCLMULQDQ XGETBV1 XSAVEC XSAVES",
    [4, 19],
  ),
  ...renamed(
    {
      AVX512BITALG: "avx512_bitalg",
      AVX512VBMI2: "avx512_vbmi2",
      AVX512VNNI: "avx512_vnni",
      AVX512VPOPCNTDQ: "avx512_vpopcntdq",
      MCAOVERFLOW: "overflow_recov",
      MSRIRC: "irperf",
      SHA: "sha_ni",
    },
    [4, 19],
  ),
  ...same("CLDEMOTE FLUSH_L1D IBPB MD_CLEAR MOVDIR64B MOVDIRI PCONFIG STIBP TME WAITPKG WBNOINVD", [5, 4]),
  ...renamed(
    {
      AVX512BF16: "avx512_bf16",
      AVX512VP2INTERSECT: "avx512_vp2intersect",
      IA32_ARCH_CAP: "arch_capabilities",
    },
    [5, 4],
  ),
  ...same("FSRM RDPRU SERIALIZE SEV_ES TSXLDTRK", [5, 10]),
  ...renamed({ PPIN: "amd_ppin" }, [5, 10]),
  ...same("ENQCMD SGX", [5, 15]),
  ...renamed(
    { AVX512FP16: "avx512_fp16", AVXVNNI: "avx_vnni", SGXLC: "sgx_lc", SME_COHERENT: "sme_coherent" },
    [5, 15],
  ),
  ...same("CPPC TDX_GUEST", [5, 18]),
  ...renamed({ AMXBF16: "amx_bf16", AMXINT8: "amx_int8", AMXTILE: "amx_tile", CETIBT: "ibt" }, [5, 18]),
  ...renamed({ SEV_DEBUGSWAP: "debug_swap" }, [6, 6]),
  ...same("LAM", [6, 6]),
  ...same("FRED SEV_SNP", [6, 12]),
  { name: "IBRS", flag: "ibrs", since: [5, 4], vendors: AMD },
  { name: "SPEC_CTRL_SSBD", flag: "ssbd", since: [5, 4], vendors: INTEL },
  { name: "CETSS", flag: "user_shstk", denies: "never" },
  { name: "INVLPGB", flag: "invlpgb", denies: "never" },
  { name: "WRMSRNS", flag: "wrmsrns", denies: "never" },
];

/** The names of x86-64's levels, each beside those of the levels below it. Level 1 also wants SYSCALL or SYSEE. */
export const X86_64_LEVELS: readonly (readonly string[])[] = [
  ["CMOV", "CMPXCHG8", "X87", "FXSR", "MMX", "SSE", "SSE2"],
  ["CX16", "LAHF", "POPCNT", "SSE3", "SSE4", "SSE42", "SSSE3"],
  ["AVX", "AVX2", "BMI1", "BMI2", "F16C", "FMA3", "LZCNT", "MOVBE", "OSXSAVE"],
  ["AVX512F", "AVX512BW", "AVX512CD", "AVX512DQ", "AVX512VL"],
];

/** Names whose processors can't be without AVX512F, which says that the kernel keeps the registers: without it none is usable. */
export const AVX512_PREFIX = "AVX512";

/** arm64: NFD gives the kernel's words in upper case. These are the ones that it knows, by the first kernel sure to print them. */
export const ARM64_FLAGS: readonly FlagName[] = [
  ...same("FP ASIMD EVTSTRM AES PMULL SHA1 SHA2 CRC32"),
  ...same(
    "ATOMICS FPHP ASIMDHP CPUID ASIMDRDM JSCVT FCMA LRCPC DCPOP SHA3 SM3 SM4 ASIMDDP SHA512 SVE",
    [4, 19],
  ),
  ...same("ASIMDFHM DIT USCAT ILRCPC FLAGM", [4, 19]),
  ...same("SSBS SB PACA PACG DCPODP SVE2 SVEAES SVEPMULL SVEBITPERM SVESHA3 SVESM4 FLAGM2 FRINT", [5, 4]),
  ...same("SVEI8MM SVEF32MM SVEF64MM SVEBF16 I8MM BF16 DGH RNG BTI MTE", [5, 10]),
  ...same(
    "ECV AFP RPRES MTE3 SME SMEI16I64 SMEF64F64 SMEI8I32 SMEF16F32 SMEB16F32 SMEF32F32 SMEFA64 WFXT EBF16 SVEEBF16",
    [6, 1],
  ),
];

/** s390x: the same, by its hardware capabilities. */
export const S390X_FLAGS: readonly FlagName[] = [
  ...same("ESAN3 ZARCH STFLE MSA LDISP EIMM DFP EDAT ETF3EH HIGHGPRS TE"),
  ...same("VX VXD VXE GS", [4, 19]),
  ...same("VXE2 VXP SORT DFLT", [5, 4]),
  ...same("VXP2 NNPA PCIMIO SIE", [5, 18]),
];

/** vendor_id of /proc/cpuinfo (x86) to NFD's name of it; others are `VendorUnknown`. */
export const X86_VENDORS: Readonly<Record<string, string>> = {
  AuthenticAMD: "AMD",
  CentaurHauls: "VIA",
  GenuineIntel: "Intel",
  "Genuine  RDC": "RDC",
  "Geode by NSC": "NSC",
  GenuineTMx86: "Transmeta",
  HygonGenuine: "Hygon",
  "SiS SiS SiS ": "SiS",
  TransmetaCPU: "Transmeta",
  "VIA VIA VIA ": "VIA",
};

/** `CPU implementer` (arm64) to NFD's name of it; others are `VendorUnknown`. */
export const ARM_IMPLEMENTERS: Readonly<Record<number, string>> = {
  65: "ARM",
  66: "Broadcom",
  67: "Cavium",
  68: "DEC",
  70: "Fujitsu",
  73: "Infineon",
  77: "Motorola",
  78: "NVIDIA",
  80: "AMCC",
  81: "Qualcomm",
  86: "Marvell",
  105: "Intel",
  192: "Ampere",
};
