/** What `lscpu -J` says of a processor. */
import type { HostPlatform } from "../facts.ts";
import { architectureOfMachine } from "../linux/architecture.ts";
import { amd64Level, cpuFlags } from "../linux/cpu/cpuid.ts";
import { parseCpuInfo } from "../linux/cpu/cpuinfo.ts";
import { microarchitectures, processorOf } from "../linux/cpu/microarchitecture.ts";
import { cpuModel } from "../linux/cpu/model.ts";
import type { Observations } from "../observations.ts";
import { type Described, isMap, type JsonMap, scalar } from "./described.ts";

/** Deepest nesting of its fields. */
const MAX_DEPTH = 8;

/** lscpu's name of a hypervisor's vendor, and NFD's of the hypervisor. */
const HYPERVISORS: Readonly<Record<string, string>> = { KVM: "kvm", Microsoft: "msvm", VMware: "vmware" };

/** Fields by name without the colon; newer versions nest them. */
function fieldsOf(list: unknown, depth = 0): Map<string, string> {
  const fields = new Map<string, string>();
  if (!Array.isArray(list) || depth > MAX_DEPTH) return fields;
  for (const one of list as readonly unknown[]) {
    if (!isMap(one)) continue;
    const field = scalar(one.field)?.replace(/:$/, "");
    const data = scalar(one.data);
    if (field !== undefined && data !== undefined && !fields.has(field)) fields.set(field, data);
    for (const [name, value] of fieldsOf(one.children, depth + 1)) {
      if (!fields.has(name)) fields.set(name, value);
    }
  }
  return fields;
}

/** The kernel isn't named, so only words that every kernel prints deny anything. */
export function observeLscpu(document: JsonMap, observations: Observations): Described {
  const fields = fieldsOf(document.lscpu);
  const architecture = architectureOfMachine(fields.get("Architecture") ?? "");
  const numbers = (name: string): number =>
    Number(/^\d{1,6}$/.exec(fields.get(name) ?? "")?.[0] ?? Number.NaN);
  const flags = fields.get("Flags");
  // The same facts as in /proc/cpuinfo, in other words.
  const isArm = architecture === "arm64" || architecture === "arm";
  const lines = isArm
    ? ["CPU architecture: 8", ...(flags === undefined ? [] : [`Features: ${flags}`])]
    : [
        `vendor_id: ${fields.get("Vendor ID") ?? ""}`,
        `cpu family: ${fields.get("CPU family") ?? ""}`,
        `model: ${fields.get("Model") ?? ""}`,
        ...(flags === undefined ? [] : [`flags: ${flags}`]),
      ];
  const info = parseCpuInfo(`${lines.join("\n")}\n`, "whole");
  const found = architecture === undefined ? undefined : cpuFlags(info, undefined);
  if (found !== undefined) observations.flags("cpu.cpuid", found.present, found.scope);
  const processor = architecture === undefined ? undefined : processorOf(info, architecture, undefined);
  const kinds = processor === undefined ? undefined : microarchitectures(processor);
  if (kinds !== undefined) observations.flags("cpu.microarchitecture", kinds.present, kinds.scope);
  if (architecture === "amd64") {
    const model = cpuModel(info);
    const vendor = fields.get("Hypervisor vendor");
    const above = vendor === undefined ? (flags === undefined ? undefined : "none") : HYPERVISORS[vendor];
    const known = above === undefined ? {} : { hypervisor: above };
    observations.attributes("cpu.model", { ...model?.elements, ...known }, [
      ...(model?.unknown ?? []),
      "hypervisor",
    ]);
  }
  const name = fields.get("Model name");
  if (name !== undefined) observations.attributes("org.hostfit/cpu.model", { name });
  const threads = numbers("Thread(s) per core");
  const sockets = numbers("Socket(s)");
  if (!Number.isNaN(threads) && !Number.isNaN(sockets)) {
    observations.attributes("cpu.topology", {
      hardware_multithreading: String(threads > 1),
      socket_count: String(sockets),
    });
  }
  const nodes = numbers("NUMA node(s)");
  if (!Number.isNaN(nodes)) {
    observations.attributes("memory.numa", { is_numa: String(nodes > 1), node_count: String(nodes) });
  }
  if (architecture === undefined) return {};
  const level = architecture === "amd64" && found !== undefined ? amd64Level(found) : undefined;
  const platform: HostPlatform = {
    os: "linux",
    architecture,
    ...(level === undefined ? {} : { variant: `v${level}` }),
  };
  return { platforms: [platform] };
}
