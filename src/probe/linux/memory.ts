/** `memory.*`: nodes, swap, huge pages, persistent memory, and (not NFD's) the total. */
import { instance, type Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";
import { linesOf, parseDecimal } from "./text.ts";

const TEXT_LIMIT = 65_536;
const MAX_ENTRIES = 4_096;

function observeNodes(sources: LinuxSources, observations: Observations): void {
  const directory = "/sys/bus/node/devices";
  const nodes = sources.files.list(directory, MAX_ENTRIES);
  if (!nodes.ok) observations.failure("memory.numa", directory, nodes);
  else if (nodes.truncated) {
    const message = `${directory}: more than ${MAX_ENTRIES} entries`;
    observations.note("memory.numa", directory, "too-many-entries", message);
  } else {
    const count = nodes.names.length;
    observations.attributes("memory.numa", { is_numa: String(count > 1), node_count: String(count) });
  }
}

/** Swap is on if /proc/swaps has a line below its heading. */
export function hasSwap(text: string): boolean {
  return linesOf(text).filter((line) => line.trim() !== "").length > 1;
}

function observeSwap(sources: LinuxSources, observations: Observations): void {
  const swaps = sources.text("/proc/swaps", TEXT_LIMIT);
  if (swaps.ok) observations.attributes("memory.swap", { enabled: String(hasSwap(swaps.text)) });
  else observations.failure("memory.swap", "/proc/swaps", swaps);
}

/** `2048` (KiB) is `2Mi`: the largest binary unit that divides it, as Kubernetes writes quantities. */
export function pageSizeName(kibibytes: number): string {
  const units = ["Ki", "Mi", "Gi", "Ti", "Pi"];
  let size = kibibytes;
  let unit = 0;
  while (size > 0 && size % 1_024 === 0 && unit < units.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  return `${size}${units[unit]}`;
}

function observeHugePages(sources: LinuxSources, observations: Observations): void {
  const feature = "memory.hugepages";
  const directory = "/sys/kernel/mm/hugepages";
  const sizes = sources.files.list(directory, MAX_ENTRIES);
  if (!sizes.ok) {
    if (sources.isMissing(directory, "/sys/kernel/mm"))
      observations.attributes(feature, { enabled: "false" });
    else observations.failure(feature, directory, sizes);
    return;
  }
  const elements: Record<string, string> = { enabled: "false" };
  const unknown: string[] = [];
  for (const entry of sizes.names) {
    const kibibytes = parseDecimal(/^hugepages-(\d+)kB$/.exec(entry)?.[1] ?? "");
    if (kibibytes === undefined) continue;
    const name = `hugepages-${pageSizeName(kibibytes)}`;
    const file = `${directory}/${entry}/nr_hugepages`;
    const count = sources.attribute(file);
    if (!count.ok) {
      observations.failure(feature, file, count);
      unknown.push(name);
      continue;
    }
    elements[name] = count.text;
    if ((parseDecimal(count.text) ?? 0) > 0) elements.enabled = "true";
  }
  if (unknown.length > 0 && elements.enabled === "false") {
    delete elements.enabled;
    unknown.push("enabled");
  }
  observations.attributes(feature, elements, unknown);
}

function observePersistentMemory(sources: LinuxSources, observations: Observations): void {
  const feature = "memory.nv";
  const directory = "/sys/bus/nd/devices";
  const devices = sources.files.list(directory, MAX_ENTRIES);
  if (!devices.ok) {
    if (sources.isMissing(directory, "/sys/bus")) observations.instances(feature, []);
    else observations.failure(feature, directory, devices);
    return;
  }
  const elements = devices.names.map((name) => {
    const attributes: Record<string, string> = { name };
    const unknown: string[] = [];
    for (const attribute of ["devtype", "mode"]) {
      const value = sources.attribute(`${directory}/${name}/${attribute}`);
      if (value.ok) attributes[attribute] = value.text;
      else if (!isAbsent(value)) unknown.push(attribute);
    }
    return instance(attributes, unknown);
  });
  observations.instances(feature, elements, devices.truncated ? "partial" : "complete");
}

function observeTotal(sources: LinuxSources, observations: Observations): void {
  const feature = "org.hostfit/memory.total";
  const info = sources.text("/proc/meminfo", TEXT_LIMIT);
  if (!info.ok) {
    observations.failure(feature, "/proc/meminfo", info);
    return;
  }
  const kibibytes = parseDecimal(/^MemTotal:\s+(\d+) kB$/m.exec(info.text)?.[1] ?? "");
  if (kibibytes !== undefined) observations.attributes(feature, { bytes: String(kibibytes * 1_024) });
  else observations.note(feature, "/proc/meminfo", "no-total", "/proc/meminfo: has no MemTotal in kB");
}

export const memory: readonly Subject[] = [
  { builtin: "numa", observe: observeNodes },
  { builtin: "swap", observe: observeSwap },
  { builtin: "huge-pages", observe: observeHugePages },
  { builtin: "persistent-memory", observe: observePersistentMemory },
  { builtin: "memory-total", observe: observeTotal },
];
