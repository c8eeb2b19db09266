/** What Node itself knows of a host that isn't Linux: platform, system, processor, memory. */
import { cpus, hostname, release, totalmem, version } from "node:os";
import type { HostPlatform } from "./facts.ts";
import { architectureOfNode } from "./linux/architecture.ts";
import { appleMicroarchitecture } from "./linux/cpu/microarchitecture.ts";
import type { Observations } from "./observations.ts";

/** What is asked of the system, so that a test can answer for it. */
export interface PortableSystem {
  readonly platform: string;
  readonly arch: string;
  readonly hostname: string;
  /** The kernel's version: `23.5.0` on macOS 14, `10.0.20348` on Windows. */
  readonly release: string;
  /** What the system says of itself, `Windows Server 2022 Datacenter`. */
  readonly version: string;
  /** The first processor's name; empty if there is none. */
  readonly cpuModel: string;
  readonly memoryBytes: number;
}

/** The system that this runs on. */
export function thisSystem(): PortableSystem {
  return {
    platform: process.platform,
    arch: process.arch,
    hostname: hostname(),
    release: release(),
    version: version(),
    cpuModel: cpus()[0]?.model ?? "",
    memoryBytes: totalmem(),
  };
}

/** Go's names of systems, where Node's differ. */
const SYSTEMS: Readonly<Record<string, string>> = { win32: "windows", sunos: "solaris" };

/** Records the features that there are, and gives the platform. The variant of the processor isn't known. */
export function observePortable(
  system: PortableSystem,
  observations: Observations,
  wants: (feature: string) => boolean,
): HostPlatform[] {
  const features: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [
      "org.hostfit/system.os",
      { name: system.platform, release: system.release, description: system.version },
    ],
    ["org.hostfit/cpu.model", system.cpuModel === "" ? {} : { name: system.cpuModel.trim() }],
    ["org.hostfit/memory.total", { bytes: String(system.memoryBytes) }],
  ];
  for (const [feature, elements] of features) {
    if (wants(feature) && Object.keys(elements).length > 0) observations.attributes(feature, elements);
  }
  const apple = system.arch === "arm64" ? appleMicroarchitecture(system.cpuModel) : undefined;
  if (apple !== undefined && wants("cpu.microarchitecture")) {
    observations.flags("cpu.microarchitecture", apple.present, apple.scope);
  }
  const os = SYSTEMS[system.platform] ?? system.platform;
  // On Windows the build decides which images run.
  const build = os === "windows" ? { "os.version": system.release } : {};
  return [{ os, architecture: architectureOfNode(system.arch), ...build }];
}
