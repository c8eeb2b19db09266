/** `org.hostfit/gpu.nvidia`: GPUs that NVIDIA's kernel driver serves, one instance each. */
import type { Instance } from "../facts.ts";
import { instance, type Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import { cudaOfDriver } from "./cuda.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";
import { linesOf, splitOnce } from "./text.ts";

const FEATURE = "org.hostfit/gpu.nvidia";
const DRIVER = "/proc/driver/nvidia";
const TEXT_LIMIT = 65_536;
const MAX_GPUS = 1_024;

/** Key in `information`, and the attribute that it becomes. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["Model", "model"],
  ["GPU UUID", "uuid"],
  ["Video BIOS", "video_bios"],
  ["Bus Type", "bus_type"],
  ["Bus Location", "bus_location"],
  ["Device Minor", "minor"],
  ["GPU Firmware", "firmware"],
]);

/** The driver's version, and whether its kernel module is the open one; undefined if the text isn't the driver's. */
export function parseDriverVersion(
  text: string,
): { driver: string; module: "open" | "proprietary" } | undefined {
  const line = /^NVRM version:.*$/m.exec(text)?.[0];
  const driver = line === undefined ? undefined : /\s(\d+\.\d+(?:\.\d+)*)\s/.exec(`${line} `)?.[1];
  if (line === undefined || driver === undefined) return undefined;
  return { driver, module: line.includes("Open Kernel Module") ? "open" : "proprietary" };
}

/** A GPU's `information` file. A value of question marks only is one that the driver doesn't know yet. */
export function parseGpuInformation(text: string): { attributes: Record<string, string>; unknown: string[] } {
  const attributes: Record<string, string> = {};
  const unknown: string[] = [];
  for (const line of linesOf(text)) {
    const [key, value] = splitOnce(line, ":") ?? [];
    const name = key === undefined ? undefined : FIELDS.get(key);
    if (name === undefined || value === undefined || value === "") continue;
    if (/^[?.-]+$/.test(value.replace(/^GPU-/, "")) || value.includes("??")) unknown.push(name);
    else attributes[name] = value;
  }
  return { attributes, unknown };
}

function observe(sources: LinuxSources, observations: Observations): void {
  const file = `${DRIVER}/version`;
  const version = sources.text(file, TEXT_LIMIT);
  if (!version.ok) {
    // Sandboxes give programs a GPU without a word in /proc: only a kernel that lists its modules denies it. WSL lists them, and hands
    // out Windows' GPUs through a device of its own.
    const isForwarded = sources.exists("/dev/dxg") !== false;
    if (isAbsent(version) && !isForwarded && sources.isMissing("/sys/module/nvidia", "/sys/module")) {
      observations.instances(FEATURE, []);
    } else observations.failure(FEATURE, file, version);
    return;
  }
  const parsed = parseDriverVersion(version.text);
  if (parsed === undefined)
    observations.note(FEATURE, file, "no-version", `${file}: has no version of the driver`);
  const gpus = sources.files.list(`${DRIVER}/gpus`, MAX_GPUS);
  if (!gpus.ok) {
    if (isAbsent(gpus)) observations.instances(FEATURE, []);
    else observations.failure(FEATURE, `${DRIVER}/gpus`, gpus);
    return;
  }
  const cuda = parsed === undefined ? undefined : cudaOfDriver(parsed.driver);
  const driver = {
    ...(parsed === undefined ? {} : { driver: parsed.driver, module: parsed.module }),
    ...(cuda === undefined ? {} : { cuda }),
  };
  const driverUnknown = [
    ...(parsed === undefined ? ["driver", "module"] : []),
    ...(cuda === undefined ? ["cuda"] : []),
  ];
  const elements: Instance[] = [];
  let partial = gpus.truncated;
  for (const name of gpus.names) {
    const information = sources.text(`${DRIVER}/gpus/${name}/information`, TEXT_LIMIT);
    if (!information.ok) {
      observations.failure(FEATURE, `${DRIVER}/gpus/${name}/information`, information);
      partial = true;
      continue;
    }
    const { attributes, unknown } = parseGpuInformation(information.text);
    const node = numaNode(sources, attributes.bus_location ?? name);
    const where = node === undefined ? ["numa_node"] : [];
    const found = { ...attributes, ...driver, ...(node === undefined ? {} : { numa_node: node }) };
    elements.push(instance(found, [...unknown, ...driverUnknown, ...where]));
  }
  observations.instances(FEATURE, elements, partial ? "partial" : "complete");
}

/** The PCI device's memory node; undefined if it can't be read. */
function numaNode(sources: LinuxSources, location: string): string | undefined {
  if (!/^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(location)) return undefined;
  const read = sources.attribute(`/sys/bus/pci/devices/${location.toLowerCase()}/numa_node`);
  return read.ok && read.text !== "" ? read.text : undefined;
}

export const nvidia: Subject = { builtin: "nvidia", observe };
