/** Which architecture a host's kernel is of, in OCI's (that is, Go's) words. */
import { cpuFamily } from "./cpu/cpuid.ts";
import type { LinuxSources } from "./sources.ts";

export interface ArchitectureHints {
  /** What the caller says it is; nothing else counts then. */
  readonly given?: string;
  /** What the kernel that runs this program says, if it is the host's own: `uname -m`. */
  readonly machine?: string;
  /** What to assume where nothing says. */
  readonly assumed: string;
}

/** `uname -m` to OCI's architecture. */
const MACHINES: Readonly<Record<string, string>> = {
  aarch64: "arm64",
  aarch64_be: "arm64be",
  amd64: "amd64",
  arm64: "arm64",
  armv6l: "arm",
  armv7l: "arm",
  armv8l: "arm",
  i386: "386",
  i586: "386",
  i686: "386",
  loongarch64: "loong64",
  mips: "mips",
  mips64: "mips64",
  ppc64: "ppc64",
  ppc64le: "ppc64le",
  riscv64: "riscv64",
  s390x: "s390x",
  x86_64: "amd64",
};

/** Node's `process.arch` to OCI's architecture, for little-endian machines where both exist. */
const NODE_ARCHITECTURES: Readonly<Record<string, string>> = {
  arm: "arm",
  arm64: "arm64",
  ia32: "386",
  loong64: "loong64",
  mipsel: "mipsle",
  ppc64: "ppc64le",
  riscv64: "riscv64",
  s390x: "s390x",
  x64: "amd64",
};

/** OCI's architecture for `uname -m`; undefined if the machine isn't known. */
export function architectureOfMachine(machine: string): string | undefined {
  return Object.hasOwn(MACHINES, machine) ? MACHINES[machine] : undefined;
}

/** OCI's architecture for Node's `process.arch`, as it is where it isn't known. */
export function architectureOfNode(arch: string): string {
  return (Object.hasOwn(NODE_ARCHITECTURES, arch) ? NODE_ARCHITECTURES[arch] : undefined) ?? arch;
}

export interface Architecture {
  readonly architecture: string;
  readonly origin: "known" | "assumed";
}

/**
 * From what is surest: what the caller says, /proc/sys/kernel/arch (Linux 6.1), the running kernel if it is the host's, the end of the
 * kernel's release (`...el9_4.x86_64`), the shape of /proc/cpuinfo, the assumption.
 */
export function findArchitecture(sources: LinuxSources, hints: ArchitectureHints): Architecture {
  const known =
    hints.given ??
    architectureOfFile(sources) ??
    (hints.machine === undefined ? undefined : architectureOfMachine(hints.machine)) ??
    architectureOfRelease(sources) ??
    architectureOfProcessor(sources);
  return known === undefined
    ? { architecture: hints.assumed, origin: "assumed" }
    : { architecture: known, origin: "known" };
}

function architectureOfFile(sources: LinuxSources): string | undefined {
  const own = sources.attribute("/proc/sys/kernel/arch");
  return own.ok ? architectureOfMachine(own.text) : undefined;
}

function architectureOfRelease(sources: LinuxSources): string | undefined {
  const release = sources.kernelRelease();
  const end = release.ok ? /[^0-9a-z_]([a-z][0-9a-z_]+)$/.exec(release.text)?.[1] : undefined;
  return end === undefined ? undefined : architectureOfMachine(end);
}

function architectureOfProcessor(sources: LinuxSources): string | undefined {
  const read = sources.cpuInfo();
  if (!read.ok) return undefined;
  const flags = read.info.flags;
  switch (cpuFamily(read.info)) {
    case "x86":
      return flags === undefined ? undefined : flags.has("lm") ? "amd64" : "386";
    case "arm":
      // 32-bit kernels call it `neon`, 64-bit ones `asimd`.
      return flags === undefined ? undefined : flags.has("asimd") ? "arm64" : "arm";
    case "s390x":
      return "s390x";
    case "other":
      return undefined;
  }
}
