/** `cpu.model`: vendor, family, id, hypervisor. */
import type { Observations } from "../../observations.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";
import { parseDecimal, wordsOf } from "../text.ts";
import { cpuFamily } from "./cpuid.ts";
import { ARM_IMPLEMENTERS, X86_VENDORS } from "./cpuid-names.ts";
import type { CpuInfo } from "./cpuinfo.ts";

/** What a table of heuristics makes of a clock source: a paravirtual clock is the hypervisor's own. */
const CLOCK_HYPERVISORS: readonly (readonly [RegExp, string])[] = [
  [/^kvm-clock$/, "kvm"],
  [/^hyperv_clocksource/, "msvm"],
  [/^xen$/, "xenhvm"],
];

/** Firmware that only one hypervisor has. QEMU's is not among them: it runs KVM, TCG and others. */
const FIRMWARE_HYPERVISORS: readonly (readonly [RegExp, string])[] = [
  [/^VMware/, "vmware"],
  [/^BHYVE/, "bhyve"],
];

/** Vendor, family and id as NFD's library gives them; what can't be read is in `unknown`. */
export function cpuModel(info: CpuInfo): { elements: Record<string, string>; unknown: string[] } | undefined {
  switch (cpuFamily(info)) {
    case "x86":
      return withUnknown({
        vendor_id: X86_VENDORS[info.first.get("vendor_id") ?? ""] ?? "VendorUnknown",
        family: decimal(info.first.get("cpu family")),
        id: decimal(info.first.get("model")),
      });
    case "arm":
      return armModel(info);
    default:
      return undefined;
  }
}

/** From the main ID register: family is its variant and architecture fields, id its part and revision. The latter field is 15 since Armv7. */
function armModel(info: CpuInfo): { elements: Record<string, string>; unknown: string[] } {
  // NFD reads the register of the core that it happens to run on; on a machine with several kinds, nobody knows which.
  const kinds = ["CPU implementer", "CPU part"].some((key) => (info.variants.get(key)?.length ?? 0) > 1);
  if (kinds) return { elements: {}, unknown: ["vendor_id", "family", "id"] };
  // Without this flag the register can't be read, and the library says so.
  if (info.flags !== undefined && !info.flags.has("cpuid")) {
    return { elements: { vendor_id: "VendorUnknown", family: "0", id: "0" }, unknown: [] };
  }
  const implementer = hexadecimal(info.first.get("CPU implementer"));
  const variant = hexadecimal(info.first.get("CPU variant"));
  const part = hexadecimal(info.first.get("CPU part"));
  const revision = parseDecimal(info.first.get("CPU revision") ?? "");
  return withUnknown({
    vendor_id: implementer === undefined ? undefined : (ARM_IMPLEMENTERS[implementer] ?? "VendorUnknown"),
    family: variant === undefined ? undefined : String((variant << 4) | 0xf),
    id: part === undefined || revision === undefined ? undefined : String((part << 4) | revision),
  });
}

function withUnknown(fields: Readonly<Record<string, string | undefined>>): {
  elements: Record<string, string>;
  unknown: string[];
} {
  const elements: Record<string, string> = {};
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) unknown.push(name);
    else elements[name] = value;
  }
  return { elements, unknown };
}

function decimal(text: string | undefined): string | undefined {
  const value = parseDecimal(text ?? "");
  return value === undefined ? undefined : String(value);
}

function hexadecimal(text: string | undefined): number | undefined {
  return text !== undefined && /^0x[0-9a-f]{1,4}$/i.test(text) ? Number(text) : undefined;
}

/** `none` on bare metal, the hypervisor's name in a guest, undefined where it can't be told without asking the processor. */
function hypervisor(sources: LinuxSources, info: CpuInfo): string | undefined {
  const machine = sources.text("/proc/sysinfo", 65_536);
  if (machine.ok) {
    const program = /^.*Control Program:(.*)$/m.exec(machine.text)?.[1]?.trim();
    if (program !== undefined && program !== "") return program.replace(/[^-A-Za-z0-9_.]+/g, "_");
  }
  if (cpuFamily(info) !== "x86" || info.flags === undefined) return undefined;
  if (!info.flags.has("hypervisor")) return "none";
  const clocks = sources.attribute("/sys/devices/system/clocksource/clocksource0/available_clocksource");
  const words = clocks.ok ? wordsOf(clocks.text) : [];
  const named = CLOCK_HYPERVISORS.filter(([pattern]) => words.some((word) => pattern.test(word)));
  if (named.length === 1) return named[0]?.[1];
  if (named.length > 1) return undefined;
  const vendor = sources.attribute("/sys/devices/virtual/dmi/id/sys_vendor");
  return vendor.ok ? FIRMWARE_HYPERVISORS.find(([pattern]) => pattern.test(vendor.text))?.[1] : undefined;
}

function observeModel(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.model";
  const file = "/proc/cpuinfo";
  const read = sources.cpuInfo();
  if (!read.ok) {
    observations.failure(feature, file, read);
    return;
  }
  const model = cpuModel(read.info) ?? { elements: {}, unknown: ["vendor_id", "family", "id"] };
  const above = hypervisor(sources, read.info);
  if (above === undefined) {
    const message =
      "the hypervisor can't be told from files; only the processor's CPUID names it for certain";
    observations.note(feature, file, "no-hypervisor", message);
    observations.attributes(feature, model.elements, [...model.unknown, "hypervisor"]);
  } else observations.attributes(feature, { ...model.elements, hypervisor: above }, model.unknown);
}

export const modelOfCpu: Subject = { builtin: "cpu-model", observe: observeModel };
