import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factsFrom } from "../../src/probe/elsewhere/facts-from.ts";
import type { HostFacts } from "../../src/probe/facts.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function from(...texts: (string | object)[]): Promise<HostFacts> {
  const files = texts.map((text, index) => ({
    name: `file${index}`,
    bytes: bytes(typeof text === "string" ? text : JSON.stringify(text)),
  }));
  return (await factsFrom(files)).host;
}

const nodeFeature = (name: string, namespace: string, node: string, features: object): object => ({
  apiVersion: "nfd.k8s-sigs.io/v1alpha1",
  kind: "NodeFeature",
  metadata: { name, namespace, labels: { "nfd.node.kubernetes.io/node-name": node } },
  spec: { features },
});

describe("NFD's objects", () => {
  const own = nodeFeature("node-1", "node-feature-discovery", "node-1", {
    flags: { "cpu.cpuid": { elements: { AVX2: {}, X86_64_V3: {}, X86_64_V2: {} } } },
    attributes: {
      "kernel.version": { elements: { full: "5.14.0-427.el9.x86_64", major: "5" } },
      "cpu.sst": { elements: {} },
    },
    instances: { "pci.device": { elements: [{ attributes: { vendor: "10de" } }] } },
  });
  const other = nodeFeature("a-vendor", "gpu", "node-1", {
    attributes: { "kernel.version": { elements: { major: "99" } } },
    instances: { "pci.device": { elements: [{ attributes: { vendor: "8086" } }] } },
  });

  it("are merged in NFD's order, whatever the list's", async () => {
    const expected = await from({ kind: "List", items: [own, other] });
    expect(await from({ kind: "List", items: [other, own] })).toEqual(expected);
    expect(expected).toEqual({
      apiVersion: "hostfit/v1.0",
      kind: "Host",
      name: "node-1",
      platforms: [{ os: "linux", architecture: "amd64", variant: "v3" }],
      features: {
        flags: { "cpu.cpuid": { elements: { AVX2: {}, X86_64_V2: {}, X86_64_V3: {} } } },
        attributes: { "kernel.version": { elements: { full: "5.14.0-427.el9.x86_64", major: "99" } } },
        instances: {
          "pci.device": {
            elements: [{ attributes: { vendor: "10de" } }, { attributes: { vendor: "8086" } }],
          },
        },
      },
    });
  });

  it("of several nodes are refused", async () => {
    const second = nodeFeature("node-2", "node-feature-discovery", "node-2", {});
    await expect(from({ kind: "List", items: [own, second] })).rejects.toMatchObject({
      code: "several-nodes",
    });
  });

  it("are read as nfd export features prints them, in JSON or YAML", async () => {
    const features = {
      flags: { "kernel.loadedmodule": { elements: { loop: {} } } },
      attributes: {},
      instances: {},
    };
    const expected = { "kernel.loadedmodule": { elements: { loop: {} } } };
    expect((await from(features)).features.flags).toEqual(expected);
    expect(
      (await from("flags:\n  kernel.loadedmodule:\n    elements: { loop: {} }\n")).features.flags,
    ).toEqual(expected);
  });
});

describe("a Kubernetes Node", () => {
  const node = {
    kind: "Node",
    metadata: {
      name: "worker-3",
      labels: {
        "kubernetes.io/arch": "arm64",
        "kubernetes.io/os": "linux",
        "feature.node.kubernetes.io/cpu-cpuid.ASIMDHP": "true",
        "feature.node.kubernetes.io/kernel-version.major": "6",
        "feature.node.kubernetes.io/pci-0302_10de.present": "true",
        "feature.node.kubernetes.io/memory-numa": "true",
        "feature.node.kubernetes.io/custom-thing": "x",
      },
    },
    status: { nodeInfo: { kernelVersion: "6.1.0-aws" } },
  };

  it("gives the kubelet's word for the kernel as NFD would write it", async () => {
    const { features } = await from({ ...node, status: { nodeInfo: { kernelVersion: "5.15.0-1042+gke" } } });
    expect(features.attributes["kernel.version"]?.elements.full).toBe("5.15.0-1042_gke");
  });

  it("gives what its labels say, and denies nothing", async () => {
    const host = await from(node);
    expect(host).toMatchObject({ name: "worker-3", platforms: [{ os: "linux", architecture: "arm64" }] });
    expect(host.features).toEqual({
      flags: { "cpu.cpuid": { elements: { ASIMDHP: {} }, scope: ["ASIMDHP"] } },
      attributes: {
        "kernel.version": { elements: { full: "6.1.0-aws", major: "6" }, unknown: ["minor", "revision"] },
        "memory.numa": { elements: { is_numa: "true" }, unknown: ["node_count"] },
      },
      instances: {
        "pci.device": {
          elements: [
            {
              attributes: { class: "0302", vendor: "10de" },
              unknown: ["device", "subsystem_device", "subsystem_vendor"],
            },
          ],
          partial: true,
        },
      },
    });
  });

  it("is one: a list of several is refused", async () => {
    expect((await from({ kind: "List", items: [node] })).name).toBe("worker-3");
    await expect(from({ kind: "List", items: [node, node] })).rejects.toMatchObject({
      code: "several-nodes",
    });
  });
});

describe("lscpu -J", () => {
  const fields = (data: Record<string, string>): object => ({
    lscpu: Object.entries(data).map(([field, value]) => ({ field: `${field}:`, data: value })),
  });
  const flags =
    "fpu cx8 cmov mmx fxsr sse sse2 syscall lm pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c rdrand lahf_lm abm bmi1 avx2 bmi2 hypervisor";

  it("gives the processor, its level and its microarchitecture", async () => {
    const host = await from(
      fields({
        Architecture: "x86_64",
        "Vendor ID": "GenuineIntel",
        "Model name": "Intel(R) Xeon(R) CPU E5-2690 v3",
        "CPU family": "6",
        Model: "63",
        "Thread(s) per core": "2",
        "Socket(s)": "2",
        "NUMA node(s)": "2",
        "Hypervisor vendor": "KVM",
        Flags: flags,
      }),
    );
    expect(host.platforms).toEqual([{ os: "linux", architecture: "amd64", variant: "v3" }]);
    expect(Object.keys(host.features.flags["cpu.microarchitecture"]?.elements ?? {})).toContain("haswell");
    expect(host.features.attributes).toEqual({
      "cpu.model": { elements: { family: "6", hypervisor: "kvm", id: "63", vendor_id: "Intel" } },
      "cpu.topology": { elements: { hardware_multithreading: "true", socket_count: "2" } },
      "memory.numa": { elements: { is_numa: "true", node_count: "2" } },
      "org.hostfit/cpu.model": { elements: { name: "Intel(R) Xeon(R) CPU E5-2690 v3" } },
    });
    // Without the kernel's version nothing that came late is denied.
    expect(host.features.flags["cpu.cpuid"]?.scope).not.toContain("AVXVNNI");
  });

  it("is read where newer versions nest it", async () => {
    const nested = {
      lscpu: [
        { field: "Architecture:", data: "aarch64" },
        {
          field: "Vendor ID:",
          data: "ARM",
          children: [
            {
              field: "Model name:",
              data: "Neoverse-N1",
              children: [{ field: "Flags:", data: "fp asimd atomics" }],
            },
          ],
        },
      ],
    };
    const host = await from(nested);
    expect(host.platforms).toEqual([{ os: "linux", architecture: "arm64" }]);
    expect(Object.keys(host.features.flags["cpu.cpuid"]?.elements ?? {})).toEqual(["ASIMD", "ATOMICS", "FP"]);
  });
});

describe("lspci -nnmm", () => {
  it("gives a complete list of devices", async () => {
    const host = await from(
      '00:1f.2 "SATA controller [0106]" "Intel Corporation [8086]" "82801IR [2922]" -r02 -p01 "Red Hat [1af4]" "QEMU [1100]"\n' +
        '0000:17:00.0 "3D controller [0302]" "NVIDIA Corporation [10de]" "A100 [20b2]" -ra1 "" ""\n',
    );
    const unseen = ["iommu/intel-iommu/version", "iommu_group/type", "sriov_totalvfs"];
    expect(host.features.instances["pci.device"]).toEqual({
      elements: [
        {
          attributes: {
            class: "0106",
            vendor: "8086",
            device: "2922",
            subsystem_vendor: "1af4",
            subsystem_device: "1100",
          },
          unknown: unseen,
        },
        {
          attributes: { class: "0302", vendor: "10de", device: "20b2" },
          unknown: [...unseen, "subsystem_device", "subsystem_vendor"],
        },
      ],
    });
    expect(
      host.features.instances["org.hostfit/pci.locality"]?.elements.map((one) => one.attributes.address),
    ).toEqual(["0000:00:1f.2", "0000:17:00.0"]);
  });

  it("with quotes in a name", async () => {
    const host = await from(
      '00:1f.2 "SATA controller [0106]" "Intel \\"Corporation\\" [8086]" "82801IR \\\\ [2922]" -r02 "" ""\n',
    );
    expect(host.features.instances["pci.device"]?.elements[0]?.attributes).toEqual({
      class: "0106",
      vendor: "8086",
      device: "2922",
    });
  });

  it("without numbers (lspci -mm) is partial", async () => {
    const host = await from(
      '00:1f.2 "SATA controller" "Intel Corporation" "82801IR" -r02 "Red Hat" "QEMU"\n',
    );
    expect(host.features.instances["pci.device"]).toEqual({ elements: [], partial: true });
  });
});

describe("nvidia-smi -q -x", () => {
  const XML = `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
  <driver_version>535.104.05</driver_version>
  <cuda_version>12.2</cuda_version>
  <attached_gpus>1</attached_gpus>
  <gpu id="00000000:17:00.0">
    <product_name>NVIDIA A100-SXM4-80GB</product_name>
    <minor_number>0</minor_number>
    <uuid>GPU-1</uuid>
    <vbios_version>92.00.45.00.03</vbios_version>
    <gsp_firmware_version>N/A</gsp_firmware_version>
  </gpu>
</nvidia_smi_log>
`;
  it("gives the GPUs", async () => {
    expect((await from(XML)).features.instances["org.hostfit/gpu.nvidia"]).toEqual({
      elements: [
        {
          attributes: {
            bus_location: "0000:17:00.0",
            cuda: "12.2",
            driver: "535.104.05",
            minor: "0",
            model: "NVIDIA A100-SXM4-80GB",
            uuid: "GPU-1",
            video_bios: "92.00.45.00.03",
          },
          unknown: ["bus_type", "firmware", "module", "numa_node"],
        },
      ],
    });
  });

  it("that is cut off is partial, and entities are not expanded", async () => {
    const cut = XML.slice(0, XML.indexOf("<uuid>")).replace("535.104.05", "&driver;");
    const set = (await from(cut)).features.instances["org.hostfit/gpu.nvidia"];
    expect(set).toMatchObject({ partial: true });
    expect(set?.elements[0]?.attributes.driver).toBeUndefined();
  });

  it("that says nothing of the platform leaves it unknown, with a note", async () => {
    const { host, notes } = await factsFrom([{ name: "x", bytes: bytes(XML) }]);
    expect(host).not.toHaveProperty("platforms");
    expect(notes).toContainEqual(expect.objectContaining({ feature: "platforms", code: "no-platform" }));
  });

  it("can be redacted", async () => {
    const { host } = await factsFrom([{ name: "x", bytes: bytes(XML) }], { redact: true });
    expect(host.features.instances["org.hostfit/gpu.nvidia"]?.elements[0]?.attributes.uuid).toBeUndefined();
  });
});

describe("YAML that ends within a line", () => {
  it("is noted, since it may be the beginning of a longer file", async () => {
    const yaml = "flags:\n  cpu.cpuid:\n    elements:\n      ADX: {}\n      AVX: {}\n      AVX512F: {}\n";
    const codes = async (text: string): Promise<string[]> =>
      (await factsFrom([{ name: "x", bytes: bytes(text) }])).notes.map(({ code }) => code);
    expect(await codes(yaml)).not.toContain("may-be-cut-off");
    expect(await codes(yaml.slice(0, yaml.indexOf(": {}\n      AVX512F") + 4))).toContain("may-be-cut-off");
  });
});

describe("several files", () => {
  it("describe one host together", async () => {
    const lspci = '00:02.0 "VGA [0300]" "Intel [8086]" "GPU [1234]" "" ""\n';
    const lscpu = {
      lscpu: [
        { field: "Architecture:", data: "aarch64" },
        { field: "NUMA node(s):", data: "1" },
      ],
    };
    const { host, sources } = await factsFrom([
      { name: "lspci.txt", bytes: bytes(lspci) },
      { name: "lscpu.json", bytes: bytes(JSON.stringify(lscpu)) },
    ]);
    expect(host.platforms).toEqual([{ os: "linux", architecture: "arm64" }]);
    expect(sources.find((source) => source.feature === "pci.device")?.files).toEqual(["lspci.txt"]);
    expect(sources.find((source) => source.feature === "memory.numa")?.files).toEqual(["lscpu.json"]);
  });

  it.each(["", "hello", "{}", "[1]", '{"kind": "Pod"}', "\0\0", "a: &a [*a]"])(
    "%j is no description",
    async (text) => {
      await expect(from(text)).rejects.toMatchObject({ code: "unknown-description" });
    },
  );
});

describe("files of any content", () => {
  const seeds = [
    '00:1f.2 "SATA controller [0106]" "Intel [8086]" "X [2922]" -r02 "RH [1af4]" "Q [1100]"\n',
    '<nvidia_smi_log><driver_version>1.2</driver_version><gpu id="00000000:17:00.0"><uuid>x</uuid></gpu></nvidia_smi_log>',
    '{"lscpu":[{"field":"Architecture:","data":"x86_64"},{"field":"Flags:","data":"fpu"}]}',
    '{"kind":"Node","metadata":{"labels":{"feature.node.kubernetes.io/cpu-cpuid.AVX":"true"}}}',
    '{"flags":{"a.b":{"elements":{"x":{}}}}}',
  ];
  it("give facts or an error of the two kinds, whatever is cut out or put in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.nat(200),
        fc.nat(200),
        fc.uint8Array({ maxLength: 8 }),
        async (seed, from, length, noise) => {
          const whole = bytes(seed);
          const changed = Buffer.concat([whole.subarray(0, from), noise, whole.subarray(from + length)]);
          try {
            const { host } = await factsFrom([{ name: "x", bytes: changed }]);
            expect(host.kind).toBe("Host");
          } catch (error) {
            expect(["unknown-description", "several-nodes"]).toContain((error as { code?: string }).code);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
