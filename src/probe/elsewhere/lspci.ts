/** The devices of `lspci -nnmm`: a line each, with names in quotes (a quote in one has a backslash) and numbers in brackets at their ends. */
import { instance, type Observations } from "../observations.ts";
import type { Described } from "./described.ts";

const MAX_DEVICES = 4_096;
const ADDRESS = /^(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] /i;

/** Whether a text looks like it: its first line is a device. */
export function isLspci(text: string): boolean {
  return ADDRESS.test(text) && text.slice(0, 4_096).includes('"');
}

/** The number in brackets at the end of a quoted field; undefined without one. */
function numberOf(field: string | undefined): string | undefined {
  return /\[([0-9a-f]{4})\]$/i.exec(field ?? "")?.[1]?.toLowerCase();
}

/** A complete list: lspci lists all devices, whoever asks. Lines that aren't understood make it partial. */
export function observeLspci(text: string, observations: Observations): Described {
  const devices: ReturnType<typeof instance>[] = [];
  const places: ReturnType<typeof instance>[] = [];
  let whole = true;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const fields = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((field) => field[1] ?? "");
    const [kind, vendor, device, subsystemVendor, subsystemDevice] = fields.map(numberOf);
    const address = ADDRESS.exec(line)?.[0].trim().toLowerCase();
    if (address === undefined || kind === undefined || vendor === undefined || device === undefined) {
      whole = false;
      continue;
    }
    if (devices.length >= MAX_DEVICES) {
      whole = false;
      break;
    }
    const subsystem = {
      ...(subsystemVendor === undefined ? {} : { subsystem_vendor: subsystemVendor }),
      ...(subsystemDevice === undefined ? {} : { subsystem_device: subsystemDevice }),
    };
    const lacks = ["subsystem_vendor", "subsystem_device"].filter((name) => !(name in subsystem));
    const unseen = ["sriov_totalvfs", "iommu_group/type", "iommu/intel-iommu/version", ...lacks];
    devices.push(instance({ class: kind, vendor, device, ...subsystem }, unseen));
    const full = address.length > 7 ? address : `0000:${address}`;
    places.push(instance({ address: full, vendor, device }, ["class", "driver", "numa_node"]));
  }
  observations.instances("pci.device", devices, whole ? "complete" : "partial");
  observations.instances("org.hostfit/pci.locality", places, whole ? "complete" : "partial");
  if (!whole) {
    observations.note(
      "pci.device",
      "",
      "not-understood",
      "not every line is a device as lspci -nnmm prints it",
    );
  }
  return {};
}
