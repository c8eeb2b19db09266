/** `system.osrelease`, `system.dmiid`, `system.name`. */
import type { Observations } from "../observations.ts";
import { isAbsent } from "../root.ts";
import type { LinuxSources } from "./sources.ts";
import type { Subject } from "./subject.ts";
import { linesOf } from "./text.ts";

const OS_RELEASE_LIMIT = 65_536;

/** The firmware's fields that all users may read; serial numbers and the UUID are not among them. */
const DMI_FIELDS = [
  "bios_date",
  "bios_vendor",
  "bios_version",
  "board_asset_tag",
  "board_name",
  "board_vendor",
  "board_version",
  "chassis_asset_tag",
  "chassis_type",
  "chassis_vendor",
  "chassis_version",
  "product_family",
  "product_name",
  "product_sku",
  "product_version",
  "sys_vendor",
];

/** All `KEY=value` lines, quotes trimmed at both ends; and `VERSION_ID.major` and `.minor` where the version begins with numbers. */
export function parseOsRelease(text: string): Record<string, string> {
  const release: Record<string, string> = {};
  for (const line of linesOf(text)) {
    const pair = /^([A-Za-z0-9_]+)=(.+)/.exec(line);
    const [, key, value] = pair ?? [];
    if (key !== undefined && value !== undefined) release[key] = value.replace(/^["']+|["']+$/g, "");
  }
  const parts = /^(\d+)(?:\.(\d+))?(?:\..*)?$/.exec(release.VERSION_ID ?? "");
  if (parts?.[1] !== undefined) release["VERSION_ID.major"] = parts[1];
  if (parts?.[2] !== undefined) release["VERSION_ID.minor"] = parts[2];
  return release;
}

function observeOsRelease(sources: LinuxSources, observations: Observations): void {
  const feature = "system.osrelease";
  const file = "/etc/os-release";
  let read = sources.text(file, OS_RELEASE_LIMIT);
  // os-release(5): the second place counts where the first has nothing.
  if (!read.ok && isAbsent(read)) read = sources.text("/usr/lib/os-release", OS_RELEASE_LIMIT);
  if (!read.ok) {
    observations.failure(feature, file, read);
    return;
  }
  const release = parseOsRelease(read.text);
  if (Object.keys(release).length === 0) observations.note(feature, file, "empty", `${file}: says nothing`);
  else observations.attributes(feature, release);
}

function observeFirmware(sources: LinuxSources, observations: Observations): void {
  const feature = "system.dmiid";
  const directory = "/sys/devices/virtual/dmi/id";
  const elements: Record<string, string> = {};
  const unknown: string[] = [];
  for (const field of DMI_FIELDS) {
    const value = sources.attribute(`${directory}/${field}`);
    if (value.ok) elements[field] = value.text;
    else if (!isAbsent(value)) unknown.push(field);
  }
  if (Object.keys(elements).length > 0) observations.attributes(feature, elements, unknown);
  else observations.note(feature, directory, "no-fields", `${directory}: no field can be read`);
}

/** NFD knows a node's name from its environment only; it isn't the host's name. */
function observeNodeName(sources: LinuxSources, observations: Observations): void {
  const feature = "system.name";
  const name = sources.environment.NODE_NAME;
  if (name !== undefined && name !== "") observations.attributes(feature, { nodename: name });
  else observations.note(feature, "", "no-node-name", "the variable NODE_NAME is not set");
}

export const system: readonly Subject[] = [
  { builtin: "os-release", observe: observeOsRelease },
  { builtin: "firmware", observe: observeFirmware },
  { builtin: "node-name", observe: observeNodeName },
];
