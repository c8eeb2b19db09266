/** `cpu.security`: what protects guests and enclaves (SGX, TDX, SEV, Secure Execution), as NFD names it. */
import type { Observations } from "../../observations.ts";
import { isAbsent } from "../../root.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";
import { linesOf, parseDecimal } from "../text.ts";
import { type CpuFlags, cpuFamily } from "./cpuid.ts";

const FEATURE = "cpu.security";
const MISC_LIMIT = 65_536;
const MAX_NODES = 4_096;

/** Attributes found, and those that could not be. */
interface Findings {
  readonly sources: LinuxSources;
  readonly elements: Record<string, string>;
  readonly unknown: string[];
}

/** A module's parameter: `missing` if the module isn't there, undefined if it can't be read. */
function parameter(sources: LinuxSources, module: string, name: string): string | "missing" | undefined {
  const read = sources.attribute(`/sys/module/${module}/parameters/${name}`);
  if (read.ok) return read.text;
  return isAbsent(read) && sources.exists("/sys/module") === true ? "missing" : undefined;
}

/** The host's stock of a resource from the misc controller; undefined where it isn't counted. */
export function miscCapacity(text: string, resource: string): number | undefined {
  const line = linesOf(text).find((candidate) => candidate.startsWith(`${resource} `));
  return line === undefined ? undefined : parseDecimal(line.slice(resource.length + 1).trim());
}

function addCapacity({ sources, elements, unknown }: Findings, attribute: string, resource: string): void {
  for (const file of ["/sys/fs/cgroup/misc.capacity", "/sys/fs/cgroup/misc/misc.capacity"]) {
    const read = sources.text(file, MISC_LIMIT);
    if (!read.ok) continue;
    const capacity = miscCapacity(read.text, resource);
    if (capacity !== undefined) elements[attribute] = String(capacity);
    return;
  }
  unknown.push(attribute);
}

function addEncryptedVirtualization(findings: Findings): void {
  const rows = [
    ["sev", "sev.enabled", "sev.asids"],
    ["sev_es", "sev.es.enabled", "sev.encrypted_state_ids"],
    ["sev_snp", "sev.snp.enabled", undefined],
  ] as const;
  for (const [name, enabled, capacity] of rows) {
    const value = parameter(findings.sources, "kvm_amd", name);
    if (value === undefined) findings.unknown.push(enabled, ...(capacity === undefined ? [] : [capacity]));
    else if (/^[1Y]/.test(value)) {
      findings.elements[enabled] = "true";
      if (capacity !== undefined) addCapacity(findings, capacity, name);
    }
  }
}

function addTrustDomains(findings: Findings, flags: CpuFlags): void {
  const { sources, elements, unknown } = findings;
  const enabled = parameter(sources, "kvm_intel", "tdx");
  if (enabled === undefined) unknown.push("tdx.enabled", "tdx.total_keys");
  else if (enabled === "Y") {
    elements["tdx.enabled"] = "true";
    addCapacity(findings, "tdx.total_keys", "tdx");
  }
  if (flags.present.has("TDX_GUEST")) elements["tdx.protected"] = "true";
  // A kernel that is too old to tell can only be sure that it isn't a guest at all.
  else if (!flags.scope.has("TDX_GUEST") && flags.present.has("HYPERVISOR")) unknown.push("tdx.protected");
}

/** The size of the enclave page cache, which the kernel gives a node since 5.17. */
function addEnclaves(
  { sources, elements, unknown }: Findings,
  flags: CpuFlags,
  vendor: string | undefined,
): void {
  if (!flags.present.has("SGX")) {
    if (!flags.scope.has("SGX") && vendor === "GenuineIntel") unknown.push("sgx.enabled", "sgx.epc");
    return;
  }
  const directory = "/sys/devices/system/node";
  const nodes = sources.files.list(directory, MAX_NODES);
  let bytes = 0;
  let whole = nodes.ok && !nodes.truncated;
  let seen = false;
  for (const node of nodes.ok ? nodes.names.filter((name) => /^node\d+$/.test(name)) : []) {
    const read = sources.attribute(`${directory}/${node}/x86/sgx_total_bytes`);
    const size = read.ok ? parseDecimal(read.text) : undefined;
    if (size !== undefined) {
      seen = true;
      bytes += size;
    } else if (read.ok || !isAbsent(read)) whole = false;
  }
  // A node without the file has none of it; a kernel without the file on any node says nothing.
  whole = whole && seen;
  if (bytes > 0) elements["sgx.enabled"] = "true";
  else if (!whole) unknown.push("sgx.enabled");
  if (!whole) unknown.push("sgx.epc");
  else if (bytes > 0) elements["sgx.epc"] = String(bytes);
}

function observe(sources: LinuxSources, observations: Observations): void {
  const read = sources.cpuInfo();
  if (!read.ok) {
    observations.failure(FEATURE, "/proc/cpuinfo", read);
    return;
  }
  const findings: Findings = { sources, elements: {}, unknown: [] };
  switch (cpuFamily(read.info)) {
    case "x86": {
      const flags = sources.cpuFlags();
      if (flags === undefined) return;
      addEnclaves(findings, flags, read.info.first.get("vendor_id"));
      addTrustDomains(findings, flags);
      addEncryptedVirtualization(findings);
      break;
    }
    case "s390x": {
      const host = sources.attribute("/sys/firmware/uv/prot_virt_host");
      if (host.ok && host.text === "1") findings.elements["se.enabled"] = "true";
      else if (!host.ok && !isAbsent(host)) findings.unknown.push("se.enabled");
      break;
    }
    default:
      break;
  }
  observations.attributes(FEATURE, findings.elements, findings.unknown);
  if (findings.unknown.length > 0) {
    const message = `not visible from here: ${[...new Set(findings.unknown)].sort().join(", ")}`;
    observations.note(FEATURE, "", "not-visible", message);
  }
}

export const cpuSecurity: Subject = { builtin: "cpu-security", observe };
