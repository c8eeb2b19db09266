/** `storage.block`. */
import type { Observations } from "../observations.ts";
import { type DeviceAttribute, observeDevices, readDevice } from "./devices.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";

const FEATURE = "storage.block";
const DIRECTORY = "/sys/block";

const ATTRIBUTES: readonly DeviceAttribute[] = ["dax", "rotational", "nr_zones", "zoned"].map((name) => ({
  name,
  file: `queue/${name}`,
}));

function observe(sources: LinuxSources, observations: Observations): void {
  observeDevices(sources, observations, FEATURE, DIRECTORY, (name) => {
    const device = readDevice(sources, observations, FEATURE, `${DIRECTORY}/${name}`, ATTRIBUTES, { name });
    return device === undefined ? null : [device];
  });
}

export const storage: Subject = { builtin: "block-devices", observe };
