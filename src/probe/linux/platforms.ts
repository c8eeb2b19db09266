/** `platforms`: what the host runs natively, in 32 bits, emulated, and as WebAssembly; with the handlers that serve it. */
import type { HostPlatform } from "../facts.ts";
import type { Observations } from "../observations.ts";
import { emulatedArchitectures } from "./binfmt.ts";
import { amd64Level } from "./cpu/cpuid.ts";
import { parseCommandLine, splitCommandLine } from "./kernel/cmdline.ts";
import { releaseNumbers } from "./kernel/release.ts";
import type { RuntimeFindings } from "./runtimes.ts";
import type { LinuxSources } from "./sources.ts";

/** Parts by Arm (implementer 0x41) whose user mode still runs 32-bit code: Cortex-A35 to A78, X1, Neoverse N1 and V1. */
const ARM_32_BIT_PARTS: ReadonlySet<string> = new Set(
  "0xd03 0xd04 0xd05 0xd06 0xd07 0xd08 0xd09 0xd0a 0xd0b 0xd0c 0xd0d 0xd0e 0xd40 0xd41 0xd42 0xd43 0xd44 0xd4b".split(
    " ",
  ),
);

/**
 * All platforms, in the host's order; undefined where nothing tells the architecture. What is doubtful is left out, with a note.
 */
export function findPlatforms(
  sources: LinuxSources,
  observations: Observations,
  runtimes: RuntimeFindings,
): HostPlatform[] | undefined {
  const native = runtimes.handlers.filter((entry) => entry.type !== "wasm").map((entry) => entry.name);
  const wasm = runtimes.handlers.filter((entry) => entry.type === "wasm").map((entry) => entry.name);
  const served = (names: readonly string[]): Pick<HostPlatform, "handlers"> =>
    names.length === 0 || !runtimes.complete ? {} : { handlers: [...new Set(names)] };

  const { architecture, origin } = sources.architecture;
  if (origin === "assumed") {
    const message = "nothing under the host's root says its architecture, so its platforms are not known";
    observations.note("platforms", "", "architecture-unknown", message);
    return undefined;
  }
  const platforms: HostPlatform[] = [
    { os: "linux", architecture, ...nativeVariant(sources, observations), ...served(native) },
  ];
  const second = secondArchitecture(sources, observations);
  if (second !== undefined) platforms.push({ os: "linux", ...second, ...served(native) });
  for (const emulated of emulatedArchitectures(sources, observations)) {
    if (platforms.some((known) => known.architecture === emulated)) continue;
    platforms.push({ os: "linux", architecture: emulated, ...served(native) });
  }
  if (wasm.length > 0) platforms.push({ os: "wasi", architecture: "wasm", ...served(wasm) });
  return platforms;
}

function nativeVariant(sources: LinuxSources, observations: Observations): { variant?: string } {
  const cpu = sources.cpuInfo();
  if (!cpu.ok) {
    observations.note("platforms", "/proc/cpuinfo", cpu.code, `${cpu.message}; the variant is not known`);
    return {};
  }
  if (sources.architecture.architecture === "amd64") {
    const flags = sources.cpuFlags();
    const level = flags === undefined ? undefined : amd64Level(flags);
    if (level !== undefined) return { variant: `v${level}` };
    const message = "/proc/cpuinfo: the level of x86-64 can't be told from its flags under this kernel";
    observations.note("platforms", "/proc/cpuinfo", "no-level", message);
    return {};
  }
  if (sources.architecture.architecture === "arm") {
    // Armv7 with the hard float that images for it are built with; anything less certain is left open.
    const kinds = cpu.info.variants.get("CPU architecture") ?? [];
    if (kinds.length === 1 && /^[5-8]$/.test(kinds[0] ?? "")) return { variant: `v${kinds[0]}` };
  }
  return {};
}

/** 386 beside amd64, arm beside arm64. */
function secondArchitecture(
  sources: LinuxSources,
  observations: Observations,
): { architecture: string; variant?: string } | undefined {
  const runs =
    sources.architecture.architecture === "amd64"
      ? runs386(sources)
      : sources.architecture.architecture === "arm64"
        ? runsArm(sources)
        : "no";
  if (runs === "yes") {
    return sources.architecture.architecture === "amd64"
      ? { architecture: "386" }
      : { architecture: "arm", variant: "v8" };
  }
  if (runs === "unknown") {
    const message = "whether the kernel runs 32-bit programs can't be told, so that platform is left out";
    observations.note("platforms", "", "32-bit-unknown", message);
  }
  return undefined;
}

/**
 * The kernel must be built with it, and since 6.7 not have it switched off: by `ia32_emulation=` on its command line, or by being built so.
 */
function runs386(sources: LinuxSources): "yes" | "no" | "unknown" {
  const switched = switch386(sources);
  const read = sources.kernelConfig();
  if (read.ok) {
    const { options } = read.config;
    if (options.get("IA32_EMULATION") !== "y") return "no";
    if (switched === "default") return options.get("IA32_EMULATION_DEFAULT_DISABLED") === "y" ? "no" : "yes";
    return switched === "on" ? "yes" : switched === "off" ? "no" : "unknown";
  }
  const built = sources.exists("/proc/sys/abi/vsyscall32");
  if (built === undefined || sources.exists("/proc/sys/abi") !== true) return "unknown";
  if (!built || switched === "off") return "no";
  return switched === "on" ? "yes" : "unknown";
}

/** Whether 32-bit programs are switched on or off; `default` is as the kernel was built. */
function switch386(sources: LinuxSources): "on" | "off" | "default" | "unknown" {
  const release = sources.kernelRelease();
  const kernel = release.ok ? releaseNumbers(release.text) : undefined;
  if (kernel !== undefined && (kernel[0] < 6 || (kernel[0] === 6 && kernel[1] < 7))) return "on";
  const line = sources.commandLine();
  if (!line.ok) return "unknown";
  const { parameters } = parseCommandLine(splitCommandLine(line.text));
  if (!Object.hasOwn(parameters, "ia32_emulation")) return "default";
  return /^(?:1|y|yes|t|true|on)$/i.test(parameters.ia32_emulation ?? "") ? "on" : "off";
}

function runsArm(sources: LinuxSources): "yes" | "no" | "unknown" {
  const cpu = sources.cpuInfo();
  const read = sources.kernelConfig();
  if (read.ok && read.config.options.get("COMPAT") !== "y") return "no";
  if (!read.ok || !cpu.ok) return "unknown";
  const implementers = cpu.info.variants.get("CPU implementer") ?? [];
  const parts = cpu.info.variants.get("CPU part") ?? [];
  if (implementers.length !== 1 || implementers[0] !== "0x41" || parts.length === 0) return "unknown";
  return parts.every((part) => ARM_32_BIT_PARTS.has(part)) ? "yes" : "unknown";
}
