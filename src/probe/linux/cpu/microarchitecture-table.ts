/**
 * Microarchitectures as a partial order, by the names that archspec and compilers use. A target runs what is built for it and
 * for every ancestor. What a target needs is what its ancestors need and what it adds, in the kernel's words.
 *
 * Being a target is more than having its words: a Zen 3 has all that a Haswell has, and isn't one.
 */
export interface Microarchitecture {
  readonly name: string;
  /** OCI's architecture that it belongs to. */
  readonly architecture: string;
  /** `vendor_id` (x86), `CPU implementer` (arm64), `uarch` (riscv64). Without one anybody's processor may be it. */
  readonly vendor?: string;
  /** arm64: the values of `CPU part` that are it. */
  readonly parts?: readonly string[];
  readonly parents: readonly string[];
  /** Words of /proc/cpuinfo that it adds. */
  readonly adds: readonly string[];
}

type Row = readonly [name: string, parents: string, adds: string, parts?: string];

function words(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}

function family(architecture: string, vendor: string | undefined, rows: readonly Row[]): Microarchitecture[] {
  return rows.map(([name, parents, adds, parts]) => ({
    name,
    architecture,
    parents: words(parents),
    adds: words(adds),
    ...(vendor === undefined ? {} : { vendor }),
    ...(parts === undefined ? {} : { parts: words(parts) }),
  }));
}

export const MICROARCHITECTURES: readonly Microarchitecture[] = [
  ...family("amd64", undefined, [
    ["x86_64", "", ""],
    ["x86_64_v2", "x86_64", "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3"],
    ["x86_64_v3", "x86_64_v2", "avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"],
    ["x86_64_v4", "x86_64_v3", "avx512f avx512bw avx512cd avx512dq avx512vl"],
  ]),
  ...family("amd64", "GenuineIntel", [
    ["nocona", "x86_64", "pni"],
    ["core2", "nocona", "ssse3 cx16 lahf_lm"],
    ["nehalem", "core2 x86_64_v2", ""],
    ["westmere", "nehalem", "aes pclmulqdq"],
    ["sandybridge", "westmere", "avx xsave"],
    ["ivybridge", "sandybridge", "rdrand f16c"],
    ["haswell", "ivybridge x86_64_v3", ""],
    ["broadwell", "haswell", "rdseed adx"],
    ["skylake", "broadwell", "xsavec xsaveopt clflushopt"],
    ["mic_knl", "broadwell", "avx512f avx512cd avx512er avx512pf"],
    ["skylake_avx512", "skylake x86_64_v4", "clwb"],
    ["cascadelake", "skylake_avx512", "avx512_vnni"],
    ["cooperlake", "cascadelake", "avx512_bf16"],
    ["cannonlake", "skylake x86_64_v4", "avx512vbmi avx512ifma sha_ni"],
    [
      "icelake",
      "cascadelake cannonlake",
      "avx512_vbmi2 avx512_bitalg avx512_vpopcntdq vaes vpclmulqdq gfni rdpid",
    ],
    ["tigerlake", "icelake", "avx512_vp2intersect movdiri movdir64b"],
    ["sapphirerapids", "icelake cooperlake", "cldemote movdir64b movdiri serialize waitpkg"],
    ["alderlake", "skylake", "avx_vnni sha_ni vaes vpclmulqdq gfni rdpid fsrm movdiri movdir64b serialize"],
    ["silvermont", "nehalem", "aes pclmulqdq movbe rdrand"],
    ["goldmont", "silvermont", "rdseed sha_ni xsavec xsaveopt clflushopt fsgsbase"],
    ["tremont", "goldmont", "rdpid gfni clwb movdiri movdir64b"],
  ]),
  ...family("amd64", "AuthenticAMD", [
    ["k10", "x86_64", "3dnow 3dnowext abm cx16 lahf_lm popcnt pni sse4a"],
    ["bobcat", "x86_64", "abm cx16 lahf_lm popcnt pni ssse3 sse4a"],
    ["jaguar", "bobcat x86_64_v2", "avx aes pclmulqdq bmi1 f16c movbe xsave"],
    ["bulldozer", "x86_64_v2", "abm aes avx fma4 pclmulqdq sse4a xop xsave"],
    ["piledriver", "bulldozer", "bmi1 f16c fma tbm"],
    ["steamroller", "piledriver", "fsgsbase"],
    ["excavator", "steamroller x86_64_v3", ""],
    ["zen", "x86_64_v3", "aes clflushopt clzero fsgsbase pclmulqdq rdseed sse4a xsavec xsaveopt"],
    ["zen2", "zen", "clwb"],
    ["zen3", "zen2", "vaes vpclmulqdq"],
    [
      "zen4",
      "zen3 x86_64_v4",
      "avx512ifma avx512vbmi avx512_bf16 avx512_bitalg avx512_vbmi2 avx512_vnni avx512_vpopcntdq gfni",
    ],
    ["zen5", "zen4", "avx_vnni avx512_vp2intersect movdiri movdir64b"],
  ]),
  ...family("arm64", undefined, [
    ["aarch64", "", "fp asimd"],
    ["armv8.1a", "aarch64", "atomics asimdrdm crc32"],
    ["armv8.2a", "armv8.1a", "dcpop"],
    ["armv8.3a", "armv8.2a", "jscvt fcma lrcpc"],
    ["armv8.4a", "armv8.3a", "asimddp uscat ilrcpc flagm"],
    ["armv8.5a", "armv8.4a", "sb flagm2 frint"],
    ["armv8.6a", "armv8.5a", "bf16 i8mm ecv"],
    ["armv9.0a", "armv8.5a", "sve sve2"],
  ]),
  ...family("arm64", "0x41", [
    ["cortex_a72", "aarch64", "aes pmull sha1 sha2 crc32", "0xd08"],
    ["neoverse_n1", "cortex_a72 armv8.2a", "fphp asimdhp lrcpc asimddp", "0xd0c"],
    ["neoverse_v1", "neoverse_n1 armv8.4a", "sve bf16 i8mm", "0xd40"],
    ["neoverse_n2", "neoverse_n1 armv9.0a", "bf16 i8mm svebf16 svei8mm", "0xd49"],
    ["neoverse_v2", "neoverse_n1 armv9.0a", "bf16 i8mm svebf16 svei8mm", "0xd4f"],
    ["neoverse_v3", "neoverse_v2", "", "0xd83 0xd84"],
    ["neoverse_n3", "neoverse_n2", "", "0xd8e"],
  ]),
  ...family("arm64", "0x42", [["vulcan", "armv8.1a", "aes pmull sha1 sha2", "0x516"]]),
  ...family("arm64", "0x43", [
    ["thunderx", "aarch64", "aes pmull sha1 sha2 crc32", "0x0a0 0x0a1"],
    ["thunderx2", "armv8.1a", "aes pmull sha1 sha2", "0x0af"],
  ]),
  ...family("arm64", "0x46", [["a64fx", "armv8.2a", "sha1 sha2 fphp asimdhp fcma sve", "0x001"]]),
  ...family("arm64", "0x48", [["tsv110", "armv8.2a", "aes pmull sha1 sha2 fphp asimdhp asimddp", "0xd01"]]),
  ...family("arm64", "0x51", [["oryon", "armv8.6a", "aes pmull sha1 sha2 fphp asimdhp", "0x001"]]),
  ...family("arm64", "0x61", [
    [
      "m1",
      "armv8.4a",
      "aes pmull sha1 sha2 sha3 sha512 fphp asimdhp sb flagm2 frint",
      "0x020 0x021 0x022 0x023 0x024 0x025 0x028 0x029",
    ],
    ["m2", "m1 armv8.6a", "", "0x030 0x031 0x032 0x033 0x034 0x035 0x038 0x039"],
    ["m3", "m2", "", "0x042 0x043 0x044 0x045 0x048 0x049"],
    ["m4", "m3", "", "0x052 0x053 0x054 0x055 0x058 0x059"],
  ]),
  ...family("arm64", "0xc0", [
    ["ampere1", "armv8.6a", "aes pmull sha1 sha2 sha3 sha512 fphp asimdhp", "0xac3"],
    ["ampere1a", "ampere1", "sm3 sm4", "0xac4"],
    ["ampere1b", "ampere1a", "", "0xac5"],
  ]),
  ...family("ppc64le", undefined, [
    ["ppc64le", "", ""],
    ["power8le", "ppc64le", "POWER8"],
    ["power9le", "power8le", "POWER9"],
    ["power10le", "power9le", "POWER10"],
    ["power11le", "power10le", "POWER11"],
  ]),
  ...family("riscv64", undefined, [
    ["riscv64", "", ""],
    ["rva20u64", "riscv64", "i m a f d c"],
    ["rva22u64", "rva20u64", "zba zbb zbs zicbom zicboz zfhmin zihintpause zkt"],
    ["rva23u64", "rva22u64", "v zcb zcmop zfa zawrs zicond zihintntl zimop zvbb zvfhmin zvkt"],
  ]),
  ...family("riscv64", "sifive,u74-mc", [["u74mc", "rva20u64", ""]]),
];

/**
 * The first kernel that is sure to print a word which no table of processor features dates, as [major, minor]. What stands in none of
 * them and not here is printed by every kernel in use.
 */
export const PRINTED_SINCE: Readonly<Record<string, readonly [number, number]>> = {
  clflushopt: [4, 19],
  clwb: [4, 19],
  rdpid: [4, 19],
  // Vector and bit manipulation came one by one; this is the first release with all of their names.
  ...Object.fromEntries(
    "v zawrs zba zbb zbs zcb zcmop zfa zfhmin zicbom zicboz zicond zihintntl zihintpause zimop zkt zvbb zvfhmin zvkt"
      .split(" ")
      .map((word) => [word, [6, 12] as const]),
  ),
};
