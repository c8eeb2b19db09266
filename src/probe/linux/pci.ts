/** `pci.device`. */
import type { Observations } from "../observations.ts";
import { type DeviceAttribute, observeDevices, readDevice } from "./devices.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";

const FEATURE = "pci.device";
const DIRECTORY = "/sys/bus/pci/devices";

function withoutPrefix(text: string): string {
  return text.replace(/^0x/, "");
}

/** `0x030200` is `0302`: the programming interface is cut off. */
export function pciClass(text: string): string {
  return withoutPrefix(text).slice(0, 4);
}

const ATTRIBUTES: readonly DeviceAttribute[] = [
  { file: "class", required: "required", transform: pciClass },
  { file: "vendor", required: "required", transform: withoutPrefix },
  { file: "device", required: "required", transform: withoutPrefix },
  { file: "subsystem_vendor", required: "required", transform: withoutPrefix },
  { file: "subsystem_device", required: "required", transform: withoutPrefix },
  { file: "sriov_totalvfs", transform: withoutPrefix },
  { file: "iommu_group/type", transform: withoutPrefix },
  { file: "iommu/intel-iommu/version", transform: withoutPrefix },
];

function observe(sources: LinuxSources, observations: Observations): void {
  // A machine without the bus has no devices on it.
  if (sources.isMissing(DIRECTORY, "/sys/bus")) {
    observations.instances(FEATURE, []);
    return;
  }
  observeDevices(sources, observations, FEATURE, DIRECTORY, (name) => {
    const device = readDevice(sources, observations, FEATURE, `${DIRECTORY}/${name}`, ATTRIBUTES, {});
    return device === undefined ? null : [device];
  });
}

export const pci: Subject = { builtin: "pci", observe };
