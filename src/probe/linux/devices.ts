/**
 * Devices that sysfs lists as one directory each, with one value a file: what to read is data. PCI, block devices and network
 * interfaces are read by this one walk.
 */
import type { Instance } from "../facts.ts";
import { instance, type Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import type { LinuxSources } from "./sources.ts";

/** More devices than this of one kind are left out, and the list is partial. */
export const MAX_DEVICES = 4_096;

export interface DeviceAttribute {
  /** Below the device's directory. */
  readonly file: string;
  /** The attribute's name, if it isn't `file`. */
  readonly name?: string;
  /** A device that lacks it is left out, as NFD does. */
  readonly required?: "required";
  readonly transform?: (text: string) => string;
}

/**
 * One device. A file that doesn't exist is an attribute that the device lacks; one that exists and can't be read (a link that is down
 * answers EINVAL when asked for its speed) is unknown. Undefined if a required one can't be read.
 */
export function readDevice(
  sources: LinuxSources,
  observations: Observations,
  feature: string,
  directory: string,
  attributes: readonly DeviceAttribute[],
  given: Readonly<Record<string, string>>,
): Instance | undefined {
  const found: Record<string, string> = { ...given };
  const unknown: string[] = [];
  for (const { file, name, required, transform } of attributes) {
    const path = `${directory}/${file}`;
    const value = sources.attribute(path);
    const key = name ?? file;
    if (value.ok) found[key] = transform === undefined ? value.text : transform(value.text);
    else if (required !== undefined) {
      observations.failure(feature, path, value);
      return undefined;
    } else if (!isAbsent(value)) unknown.push(key);
  }
  return instance(found, unknown);
}

/** Lists `directory` and makes each of its names a device; null means that a device is there but can't be given. */
export function observeDevices(
  sources: LinuxSources,
  observations: Observations,
  feature: string,
  directory: string,
  read: (name: string) => readonly Instance[] | null,
): void {
  const entries = sources.files.list(directory, MAX_DEVICES);
  if (!entries.ok) {
    observations.failure(feature, directory, entries);
    return;
  }
  let partial = entries.truncated;
  if (partial) {
    const message = `${directory}: more than ${MAX_DEVICES} entries; the rest is left out`;
    observations.note(feature, directory, "too-many-entries", message);
  }
  const elements: Instance[] = [];
  for (const name of entries.names) {
    const found = read(name);
    if (found === null) partial = true;
    else elements.push(...found);
  }
  observations.instances(feature, elements, partial ? "partial" : "complete");
}
