import { CPUS, type Cpu } from "./cpus.ts";
import { MODULES } from "./modules.ts";
import { type PciDevice, pciDevices } from "./pci-devices.ts";
import { SeededRandom } from "./random.ts";
import { SYSTEMS } from "./systems.ts";

interface Elements<T> {
  readonly elements: T;
}
type Flags = Elements<Readonly<Record<string, Readonly<Record<string, never>>>>>;
type Attributes = Elements<Readonly<Record<string, string>>>;
interface Instances {
  readonly elements: readonly { readonly attributes: Readonly<Record<string, string>> }[];
}

/** NFD's `spec.features` of one node. */
export interface NodeFeatures {
  readonly flags: Readonly<Record<string, Flags>>;
  readonly attributes: Readonly<Record<string, Attributes>>;
  readonly instances: Readonly<Record<string, Instances>>;
}

/** An NFD `NodeFeature` object as `kubectl get nodefeatures -o json` prints it. */
export interface NodeFeature {
  readonly apiVersion: "nfd.k8s-sigs.io/v1alpha1";
  readonly kind: "NodeFeature";
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: { readonly features: NodeFeatures; readonly labels: Readonly<Record<string, string>> };
}

/** How large a generated node is. */
export interface NodeSize {
  readonly modules: number;
  readonly pciDevices: number;
  /** Settings of the kernel's configuration; 0 leaves the feature out. */
  readonly kernelConfig: number;
  /** Whether `metadata.managedFields` repeats every name, as a server's objects do. */
  readonly managedFields: boolean;
}

/** The size that every figure about one pair is for. */
export const USUAL_SIZE: NodeSize = { modules: 250, pciDevices: 61, kernelConfig: 0, managedFields: false };

const flags = (names: Iterable<string>): Flags => ({
  elements: Object.fromEntries([...names].map((name) => [name, {}])),
});

/** The node with number `index` of the cluster `seed`: always the same one. */
export function nodeFeature(seed: number, index: number, size: NodeSize = USUAL_SIZE): NodeFeature {
  const random = new SeededRandom(Math.imul(seed, 0x1000193) ^ index);
  const cpu = pickCpu(random);
  const system = random.pick(SYSTEMS);
  const release = releaseOf(random, system.kernels, system.namesArchitecture, cpu);
  const features: NodeFeatures = {
    flags: {
      "cpu.cpuid": flags(cpu.flags),
      "kernel.loadedmodule": flags(loadedModules(random, size.modules)),
    },
    attributes: {
      "cpu.model": { elements: modelOf(cpu) },
      "cpu.topology": {
        elements: {
          hardware_multithreading: String(cpu.vendor !== "ARM" && random.chance(0.8)),
          socket_count: random.pick(["1", "2"]),
        },
      },
      ...(size.kernelConfig === 0
        ? {}
        : { "kernel.config": { elements: kernelConfig(random, size.kernelConfig) } }),
      "kernel.selinux": { elements: { enabled: String(["rhel", "rocky"].includes(system.id)) } },
      "kernel.version": { elements: versionOf(release) },
      "memory.numa": { elements: { is_numa: "true", node_count: random.pick(["1", "2", "4", "8"]) } },
      "system.osrelease": {
        elements: {
          ID: system.id,
          NAME: system.name,
          VERSION_ID: system.version,
          ...versionParts(system.version),
        },
      },
    },
    instances: {
      "network.device": { elements: networkDevices(random) },
      "pci.device": {
        elements: pciDevices(random, cpu, size.pciDevices).map((attributes) => ({ attributes })),
      },
      "storage.block": { elements: blockDevices(random) },
      "usb.device": { elements: [] },
    },
  };
  const name = `node-${String(index).padStart(5, "0")}`;
  return {
    apiVersion: "nfd.k8s-sigs.io/v1alpha1",
    kind: "NodeFeature",
    metadata: metadataOf(random, name, size.managedFields ? features : null),
    spec: { features, labels: labelsOf(cpu) },
  };
}

/** A copy of a node with other PCI devices added and modules loaded besides: to let a document hold. */
export function withAdded(
  node: NodeFeature,
  added: { readonly modules?: readonly string[]; readonly pciDevices?: readonly Partial<PciDevice>[] },
): NodeFeature {
  const { features } = node.spec;
  const modules = Object.keys(features.flags["kernel.loadedmodule"]!.elements);
  const devices = features.instances["pci.device"]!.elements;
  const more = added.pciDevices ?? [];
  return {
    ...node,
    spec: {
      ...node.spec,
      features: {
        ...features,
        flags: {
          ...features.flags,
          "kernel.loadedmodule": flags(
            [...modules.slice(added.modules?.length ?? 0), ...(added.modules ?? [])].sort(),
          ),
        },
        instances: {
          ...features.instances,
          "pci.device": {
            elements: [...devices.slice(more.length), ...more.map((attributes) => ({ attributes }))],
          },
        },
      },
    },
  };
}

/** About `bytes` of `kubectl get nodefeatures -A -o json`, as one object whose kind the core takes for facts without features. */
export function nodeFeatureDump(seed: number, bytes: number): string {
  const items: string[] = [];
  let length = 0;
  for (let index = 0; length < bytes; index++) {
    const item = JSON.stringify(
      nodeFeature(seed, index, { modules: 250, pciDevices: 61, kernelConfig: 400, managedFields: true }),
      null,
      4,
    );
    items.push(item);
    length += item.length;
  }
  return `{\n"apiVersion": "v1",\n"kind": "NodeFeature",\n"items": [\n${items.join(",\n")}\n]\n}\n`;
}

function pickCpu(random: SeededRandom): Cpu {
  const total = CPUS.reduce((sum, cpu) => sum + cpu.share, 0);
  let left = random.below(total);
  for (const cpu of CPUS) {
    left -= cpu.share;
    if (left < 0) return cpu;
  }
  return CPUS[0]!;
}

/** A few nodes have loaded `vfio-pci` in the spelling that NFD's documentation uses. */
function loadedModules(random: SeededRandom, count: number): string[] {
  const modules = random.sample(MODULES, count);
  if (random.chance(0.3)) modules[0] = "vfio-pci";
  return modules.sort();
}

function modelOf(cpu: Cpu): Record<string, string> {
  return { family: cpu.family, hypervisor: "none", id: cpu.model, vendor_id: cpu.vendor };
}

function releaseOf(
  random: SeededRandom,
  kernels: readonly string[],
  namesArchitecture: boolean,
  cpu: Cpu,
): string {
  const release = random.pick(kernels).replace("%", String(random.below(190) + 10));
  return namesArchitecture ? release + (cpu.architecture === "amd64" ? "x86_64" : "aarch64") : release;
}

function versionOf(release: string): Record<string, string> {
  const [major = "", minor = "", revision = ""] = /^(\d+)\.(\d+)\.(\d+)/.exec(release)?.slice(1) ?? [];
  return { full: release, major, minor, revision };
}

function versionParts(version: string): Record<string, string> {
  const [major, minor] = version.split(".");
  return { "VERSION_ID.major": major ?? "", ...(minor === undefined ? {} : { "VERSION_ID.minor": minor }) };
}

const CONFIG_STEMS = [
  "NET",
  "USB",
  "SND",
  "DRM",
  "X86",
  "CRYPTO",
  "BLK_DEV",
  "SCSI",
  "I2C",
  "MTD",
  "NF",
  "FS",
  "CGROUP",
  "DEBUG",
  "VIRTIO",
  "INPUT",
];

function kernelConfig(random: SeededRandom, count: number): Record<string, string> {
  const settings: Record<string, string> = {};
  while (Object.keys(settings).length < count) {
    const name = `${random.pick(CONFIG_STEMS)}_${random.hex(6).toUpperCase()}`;
    settings[name] = random.chance(0.9) ? random.pick(["y", "m"]) : String(random.below(4096));
  }
  return settings;
}

function networkDevices(random: SeededRandom): { attributes: Record<string, string> }[] {
  return Array.from({ length: 2 + random.below(3) }, (_, i) => ({
    attributes: {
      mtu: random.pick(["1500", "9000"]),
      name: `ens${i + 1}f0np0`,
      operstate: i < 2 ? "up" : "down",
      speed: random.pick(["10000", "25000", "100000"]),
      sriov_numvfs: "0",
      sriov_totalvfs: random.pick(["8", "64", "128"]),
    },
  }));
}

function blockDevices(random: SeededRandom): { attributes: Record<string, string> }[] {
  return Array.from({ length: 2 + random.below(7) }, (_, i) => ({
    attributes: { dax: "0", name: `nvme${i}n1`, nr_zones: "0", rotational: "0", zoned: "none" },
  }));
}

function labelsOf(cpu: Cpu): Record<string, string> {
  const names = cpu.flags.filter((flag) => /^(AVX|ADX|FMA|AES|VMX|SHA|AMX|SVE)/.test(flag));
  return Object.fromEntries(names.map((name) => [`feature.node.kubernetes.io/cpu-cpuid.${name}`, "true"]));
}

function metadataOf(
  random: SeededRandom,
  name: string,
  managed: NodeFeatures | null,
): Record<string, unknown> {
  return {
    annotations: { "nfd.node.kubernetes.io/worker.version": "v0.19.0" },
    creationTimestamp: "2026-03-02T07:11:09Z",
    generation: random.below(90) + 1,
    labels: { "nfd.node.kubernetes.io/node-name": name },
    ...(managed === null ? {} : { managedFields: [managedFields(managed)] }),
    name,
    namespace: "node-feature-discovery",
    ownerReferences: [
      { apiVersion: "v1", kind: "Pod", name: `nfd-worker-${random.hex(5)}`, uid: uid(random) },
    ],
    resourceVersion: String(random.below(90_000_000)),
    uid: uid(random),
  };
}

/** The owner of each field, as server-side apply keeps it: every name once more, behind `f:`. */
function managedFields(features: NodeFeatures): Record<string, unknown> {
  const named = (map: Readonly<Record<string, Flags | Attributes>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(map).map(([feature, { elements }]) => [
        `f:${feature}`,
        {
          ".": {},
          "f:elements": Object.fromEntries(
            [".", ...Object.keys(elements).map((key) => `f:${key}`)].map((key) => [key, {}]),
          ),
        },
      ]),
    );
  const listed = Object.fromEntries(
    Object.keys(features.instances).map((feature) => [`f:${feature}`, { ".": {}, "f:elements": {} }]),
  );
  return {
    apiVersion: "nfd.k8s-sigs.io/v1alpha1",
    fieldsType: "FieldsV1",
    fieldsV1: {
      "f:spec": {
        ".": {},
        "f:features": {
          ".": {},
          "f:attributes": { ".": {}, ...named(features.attributes) },
          "f:flags": { ".": {}, ...named(features.flags) },
          "f:instances": { ".": {}, ...listed },
        },
      },
    },
    manager: "nfd-worker",
    operation: "Update",
    time: "2026-03-02T07:11:09Z",
  };
}

function uid(random: SeededRandom): string {
  return [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join("-");
}
