/** `cpu.rdt`: Intel's Resource Director Technology, from the kernel's words for it. */
import type { Observations } from "../../observations.ts";
import { releaseNumbers } from "../kernel/version.ts";
import type { LinuxSources } from "../sources.ts";
import type { Subject } from "../subject.ts";
import { parseDecimal } from "../text.ts";
import { cpuFamily } from "./cpuid.ts";

/** NFD's name, and the words that must all be there. */
const CAPABILITIES: readonly (readonly [string, readonly string[]])[] = [
  ["RDTMON", ["cqm", "cqm_llc"]],
  ["RDTCMT", ["cqm", "cqm_llc", "cqm_occup_llc"]],
  ["RDTMBM", ["cqm", "cqm_llc", "cqm_mbm_total", "cqm_mbm_local"]],
  ["RDTL3CA", ["rdt_a", "cat_l3"]],
  ["RDTL2CA", ["rdt_a", "cat_l2"]],
  ["RDTMBA", ["rdt_a", "mba"]],
];
const BANDWIDTH = "RDTMBA";

const CLASSES = "RDTL3CA_NUM_CLOSID";
const CLASSES_FILE = "/sys/fs/resctrl/info/L3/num_closids";

function observe(sources: LinuxSources, observations: Observations): void {
  const feature = "cpu.rdt";
  const read = sources.cpuInfo();
  if (!read.ok) {
    observations.failure(feature, "/proc/cpuinfo", read);
    return;
  }
  const flags = read.info.flags;
  if (cpuFamily(read.info) !== "x86" || flags === undefined) return;
  const release = sources.kernelRelease();
  const kernel = release.ok ? releaseNumbers(release.text) : undefined;
  const elements: Record<string, string> = {};
  const doubtful: string[] = [];
  const intel = read.info.first.get("vendor_id") === "GenuineIntel";
  for (const [name, words] of CAPABILITIES) {
    if (!words.every((word) => flags.has(word))) continue;
    // AMD says it in a leaf that NFD doesn't read, and the kernel has one word for both.
    if (name === BANDWIDTH && !intel) doubtful.push(name);
    else elements[name] = "true";
  }
  // Kernels before 4.19 may lack words for what the processor has.
  const knows = kernel !== undefined && (kernel[0] > 4 || (kernel[0] === 4 && kernel[1] >= 19));
  const unknown = knows ? doubtful : CAPABILITIES.map(([name]) => name);
  if (elements.RDTL3CA === "true") addClasses(sources, elements, unknown);
  else if (!knows) unknown.push(CLASSES);
  observations.attributes(feature, elements, unknown);
}

/** The classes of service besides the default one; they are visible where resctrl is mounted. */
function addClasses(sources: LinuxSources, elements: Record<string, string>, unknown: string[]): void {
  const classes = sources.attribute(CLASSES_FILE);
  const count = classes.ok ? parseDecimal(classes.text) : undefined;
  if (count !== undefined && count > 0) elements[CLASSES] = String(count - 1);
  else unknown.push(CLASSES);
}

export const cpuResourceDirector: Subject = { builtin: "resource-director", observe };
