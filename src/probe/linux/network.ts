/** `network.device` and `network.virtual`: interfaces with and without a device behind them. */
import type { Instance } from "../facts.ts";
import type { Observations } from "../observations.ts";
import { type DeviceAttribute, MAX_DEVICES, readDevice } from "./devices.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";

const DEVICE = "network.device";
const VIRTUAL = "network.virtual";
const DIRECTORY = "/sys/class/net";

const VIRTUAL_ATTRIBUTES: readonly DeviceAttribute[] = [
  { file: "operstate" },
  { file: "speed" },
  { file: "mtu" },
];
const DEVICE_ATTRIBUTES: readonly DeviceAttribute[] = [
  ...VIRTUAL_ATTRIBUTES,
  { file: "device/sriov_numvfs", name: "sriov_numvfs" },
  { file: "device/sriov_totalvfs", name: "sriov_totalvfs" },
];

function observe(sources: LinuxSources, observations: Observations): void {
  const interfaces = sources.files.list(DIRECTORY, MAX_DEVICES);
  if (!interfaces.ok) {
    observations.failure(DEVICE, DIRECTORY, interfaces);
    observations.failure(VIRTUAL, DIRECTORY, interfaces);
    return;
  }
  if (interfaces.truncated) {
    const message = `${DIRECTORY}: more than ${MAX_DEVICES} entries; the rest is left out`;
    observations.note(DEVICE, DIRECTORY, "too-many-entries", message);
  }
  const devices: Instance[] = [];
  const virtual: Instance[] = [];
  let whole = !interfaces.truncated;
  for (const name of interfaces.names) {
    if (name === "bonding_masters") continue;
    const directory = `${DIRECTORY}/${name}`;
    const isDevice = sources.exists(`${directory}/device`);
    if (isDevice === undefined) {
      const message = `${directory}: whether it has a device can't be told, so it is left out`;
      observations.note(DEVICE, `${directory}/device`, "not-visible", message);
      whole = false;
      continue;
    }
    const feature = isDevice ? DEVICE : VIRTUAL;
    const attributes = isDevice ? DEVICE_ATTRIBUTES : VIRTUAL_ATTRIBUTES;
    const found = readDevice(sources, observations, feature, directory, attributes, { name });
    if (found !== undefined) (isDevice ? devices : virtual).push(found);
  }
  const partial = whole ? "complete" : "partial";
  observations.instances(DEVICE, devices, partial);
  observations.instances(VIRTUAL, virtual, partial);
}

export const network: Subject = { builtin: "network", observe };
