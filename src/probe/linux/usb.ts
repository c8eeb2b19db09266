/** `usb.device`: one instance a device, or one an interface for devices that leave their class to those. */
import type { Instance } from "../facts.ts";
import { instance, type Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import { observeDevices } from "./devices.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";

const FEATURE = "usb.device";
const DIRECTORY = "/sys/bus/usb/devices";
/** USB allows 32 interfaces, each a directory beside a few dozen files. */
const MAX_ENTRIES = 512;

const FILES: readonly (readonly [string, string])[] = [
  ["class", "bDeviceClass"],
  ["vendor", "idVendor"],
  ["device", "idProduct"],
  ["serial", "serial"],
];

function readUsbDevice(sources: LinuxSources, directory: string): readonly Instance[] | null {
  // Hubs' interfaces and the like have no product.
  const hasProduct = sources.exists(`${directory}/idProduct`);
  if (hasProduct !== true) return hasProduct === undefined ? null : [];
  const attributes: Record<string, string> = {};
  const unknown: string[] = [];
  for (const [name, file] of FILES) {
    const value = sources.attribute(`${directory}/${file}`);
    if (!value.ok) {
      if (!isAbsent(value)) unknown.push(name);
    } else if (value.text !== "") attributes[name] = value.text;
  }
  // Without the class nobody knows whether it's one instance or several.
  if (unknown.includes("class")) return null;
  if (attributes.class !== "00") return [instance(attributes, unknown)];
  const entries = sources.files.list(directory, MAX_ENTRIES);
  if (!entries.ok) return null;
  const instances: Instance[] = [];
  for (const entry of entries.names) {
    const value = sources.attribute(`${directory}/${entry}/bInterfaceClass`);
    if (value.ok) instances.push(instance({ ...attributes, class: value.text }, unknown));
    else if (!isAbsent(value)) return null;
  }
  return instances;
}

function observe(sources: LinuxSources, observations: Observations): void {
  if (sources.isMissing(DIRECTORY, "/sys/bus")) {
    observations.instances(FEATURE, []);
    return;
  }
  observeDevices(sources, observations, FEATURE, DIRECTORY, (name) =>
    readUsbDevice(sources, `${DIRECTORY}/${name}`),
  );
}

export const usb: Subject = { builtin: "usb", observe };
