/** A Kubernetes Node: NFD's labels, which are a selection of its features, and what the kubelet says. */
import { instance, type Observations } from "../observations.ts";
import { type Described, isMap, type JsonMap, scalar } from "./described.ts";

const PREFIX = "feature.node.kubernetes.io/";

/** How NFD writes features into labels: what stands before the name, and the feature. */
const FLAG_LABELS: readonly (readonly [string, string])[] = [["cpu-cpuid.", "cpu.cpuid"]];
const ATTRIBUTE_LABELS: readonly (readonly [string, string])[] = [
  ["cpu-model.", "cpu.model"],
  ["cpu-pstate.", "cpu.pstate"],
  ["cpu-cstate.", "cpu.cstate"],
  ["cpu-rdt.", "cpu.rdt"],
  ["cpu-security.", "cpu.security"],
  ["cpu-coprocessor.", "cpu.coprocessor"],
  ["kernel-version.", "kernel.version"],
  ["kernel-config.", "kernel.config"],
  ["kernel-selinux.", "kernel.selinux"],
  ["system-os_release.", "system.osrelease"],
];
const SINGLE_LABELS: Readonly<Record<string, readonly [string, string]>> = {
  "cpu-hardware_multithreading": ["cpu.topology", "hardware_multithreading"],
  "memory-numa": ["memory.numa", "is_numa"],
  "memory-swap": ["memory.swap", "enabled"],
};

/** `pci-0300_10de.present`, `usb-ef_0456_a001.present`: which parts stand in it is the administrator's choice, here NFD's default. */
const DEVICE = /^(pci|usb)-([0-9a-f]{2,4})_([0-9a-f]{4})(?:_([0-9a-f]{4}))?\.present$/;

/** Labels never deny: NFD writes a selection of its features, so what no label says is unknown. */
export function observeNode(node: JsonMap, observations: Observations): Described {
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const labels = isMap(metadata.labels) ? metadata.labels : {};
  const flags = new Map<string, string[]>();
  const attributes = new Map<string, Record<string, string>>();
  const devices = new Map<string, Record<string, string>[]>();
  const set = (feature: string, name: string, value: string): void => {
    attributes.set(feature, { ...attributes.get(feature), [name]: value });
  };
  for (const [label, given] of Object.entries(labels)) {
    const value = scalar(given);
    if (value === undefined || !label.startsWith(PREFIX)) continue;
    const name = label.slice(PREFIX.length);
    const flag = FLAG_LABELS.find(([start]) => name.startsWith(start));
    const attribute = ATTRIBUTE_LABELS.find(([start]) => name.startsWith(start));
    const single = Object.hasOwn(SINGLE_LABELS, name) ? SINGLE_LABELS[name] : undefined;
    const device = DEVICE.exec(name);
    if (flag !== undefined && value === "true") {
      flags.set(flag[1], [...(flags.get(flag[1]) ?? []), name.slice(flag[0].length)]);
    } else if (attribute !== undefined) set(attribute[1], name.slice(attribute[0].length), value);
    else if (single !== undefined) set(single[0], single[1], value);
    else if (device !== null && value === "true") {
      const [, bus = "", kind = "", vendor = "", product] = device;
      const found = { class: kind, vendor, ...(product === undefined ? {} : { device: product }) };
      devices.set(`${bus}.device`, [...(devices.get(`${bus}.device`) ?? []), found]);
    }
  }
  const status = isMap(node.status) ? node.status : {};
  const info = isMap(status.nodeInfo) ? status.nodeInfo : {};
  const release = scalar(info.kernelVersion);
  if (release !== undefined && attributes.get("kernel.version")?.full === undefined) {
    // As NFD writes it, so that the same kernel is the same text wherever it comes from.
    set("kernel.version", "full", release.replace(/[^-A-Za-z0-9_.]/g, "_").replace(/^[-_.]+|[-_.]+$/g, ""));
  }
  for (const [feature, names] of flags) observations.flags(feature, names, []);
  for (const [feature, elements] of attributes) {
    observations.attributes(feature, elements, OTHERS[feature] ?? []);
  }
  for (const [feature, found] of devices) {
    // A label stands for one device or for many, and says little of it.
    const lacks =
      feature === "pci.device" ? ["device", "subsystem_device", "subsystem_vendor"] : ["device", "serial"];
    const elements = found.map((one) =>
      instance(
        one,
        lacks.filter((name) => !(name in one)),
      ),
    );
    observations.instances(feature, elements, "partial");
  }
  const os = scalar(labels["kubernetes.io/os"]) ?? scalar(info.operatingSystem);
  const architecture = scalar(labels["kubernetes.io/arch"]) ?? scalar(info.architecture);
  const name = scalar(metadata.name);
  return {
    ...(name === undefined ? {} : { name }),
    ...(os === undefined || architecture === undefined ? {} : { platforms: [{ os, architecture }] }),
  };
}

/** Attributes that a feature has beside those of NFD's default labels: unknown rather than absent. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "cpu.model": ["vendor_id", "family", "id", "hypervisor"],
  "cpu.topology": ["socket_count", "hardware_multithreading"],
  "kernel.version": ["full", "major", "minor", "revision"],
  "memory.numa": ["node_count", "is_numa"],
  "system.osrelease": [
    "ID",
    "ID_LIKE",
    "NAME",
    "VERSION",
    "VERSION_ID",
    "VERSION_ID.major",
    "VERSION_ID.minor",
  ],
};
