/**
 * POWER's features. The kernel doesn't print them in /proc/cpuinfo; it hands them to every program in its auxiliary vector (AT_HWCAP and
 * AT_HWCAP2), which /proc/self/auxv shows.
 */

const AT_NULL = 0n;
const AT_HWCAP = 16n;
const AT_HWCAP2 = 26n;

/** NFD's names by bit, lowest first; bits without a name are the kernel's own or unused. */
const HWCAP_NAMES: readonly (readonly [bit: number, name: string])[] = [
  [0, "PPCLE"],
  [1, "TRUE_LE"],
  [6, "ARCHPMU"],
  [7, "VSX"],
  [8, "ARCH_2_06"],
  [9, "POWER6X"],
  [10, "DFP"],
  [11, "PA6T"],
  [12, "ARCH_2_05"],
  [13, "IC_SNOOP"],
  [14, "SMT"],
  [15, "BOOKE"],
  [16, "CELLBE"],
  [17, "POWER5+"],
  [18, "POWER5"],
  [19, "POWER4"],
  [20, "NOTB"],
  [21, "EFPDOUBLE"],
  [22, "EFPFLOAT"],
  [23, "SPE"],
  [24, "UCACHE"],
  [25, "4xxMAC"],
  [26, "MMU"],
  [27, "FPU"],
  [28, "ALTIVEC"],
  [29, "PPC601"],
  [30, "PPC64"],
  [31, "PPC32"],
];

const HWCAP2_NAMES: readonly (readonly [bit: number, name: string])[] = [
  [19, "HTM-NO-SUSPEND"],
  [20, "SCV"],
  [21, "DARN"],
  [22, "IEEE128"],
  [23, "ARCH_3_00"],
  [24, "HTM-NOSC"],
  [25, "VCRYPTO"],
  [26, "TAR"],
  [27, "ISEL"],
  [28, "EBB"],
  [29, "DSCR"],
  [30, "HTM"],
  [31, "ARCH_2_07"],
];

/** Names that are there, and all that the vectors can say: since the kernel sets every bit that holds, the rest is denied. */
export interface PowerFlags {
  readonly present: readonly string[];
  readonly scope: readonly string[];
}

/** Reads a 64-bit little-endian auxiliary vector; undefined if it has no capabilities. */
export function powerFlags(vector: Buffer): PowerFlags | undefined {
  let first: bigint | undefined;
  let second: bigint | undefined;
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    const kind = vector.readBigUInt64LE(at);
    if (kind === AT_NULL) break;
    if (kind === AT_HWCAP) first = vector.readBigUInt64LE(at + 8);
    if (kind === AT_HWCAP2) second = vector.readBigUInt64LE(at + 8);
  }
  if (first === undefined) return undefined;
  const tables =
    second === undefined
      ? [[first, HWCAP_NAMES] as const]
      : ([
          [first, HWCAP_NAMES],
          [second, HWCAP2_NAMES],
        ] as const);
  return {
    present: tables.flatMap(([bits, names]) =>
      names.filter(([bit]) => (bits >> BigInt(bit)) & 1n).map(([, name]) => name),
    ),
    scope: tables.flatMap(([, names]) => names.map(([, name]) => name)),
  };
}
