/** The recipes of NFD's features, on what kernels and distributions write. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeSet, HostFeatures } from "../../src/probe/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import { filesOf } from "./files.ts";

type Contents = Readonly<Record<string, string>>;

async function features(contents: Contents, ...only: string[]): Promise<HostFeatures> {
  const { host } = await probe({ files: filesOf(contents), env: {}, arch: "amd64", only });
  return host.features;
}

async function attributes(contents: Contents, feature: string): Promise<AttributeSet | undefined> {
  return (await features(contents, feature)).attributes[feature];
}

describe("kernel.version is mangled as NFD mangles it", () => {
  const of = (release: string) => attributes({ "/proc/sys/kernel/osrelease": release }, "kernel.version");
  const cases: readonly [release: string, want: Record<string, string>][] = [
    ["5.15.0-91-generic", { full: "5.15.0-91-generic", major: "5", minor: "15", revision: "0" }],
    [
      "5.14.0-427.13.1.el9_4.x86_64",
      { full: "5.14.0-427.13.1.el9_4.x86_64", major: "5", minor: "14", revision: "0" },
    ],
    // Four numeric parts: only the whole.
    ["6.6.87.2-microsoft-standard-WSL2", { full: "6.6.87.2-microsoft-standard-WSL2" }],
    ["4.4.0+", { full: "4.4.0", major: "4", minor: "4", revision: "0" }],
    ["6.1.0-rpi7+rpt-rpi-v8", { full: "6.1.0-rpi7_rpt-rpi-v8", major: "6", minor: "1", revision: "0" }],
    ["6.8.0-rc1+", { full: "6.8.0-rc1", major: "6", minor: "8", revision: "0" }],
    ["5", { full: "5", major: "5", minor: "", revision: "" }],
    ["6.12-dirty", { full: "6.12-dirty", major: "6", minor: "12", revision: "" }],
    ["-_.5.4.-_", { full: "5.4", major: "5", minor: "4", revision: "" }],
    ["", { full: "" }],
    ["6.1.0~ö", { full: "6.1.0", major: "6", minor: "1", revision: "0" }],
  ];
  it.each(cases)("%j", async (release, want) => {
    expect((await of(release))?.elements).toEqual(want);
  });

  it("full never has a character that a label can't have", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (release) => {
        expect((await of(release))?.elements.full).toMatch(
          /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
        );
      }),
    );
  });
});

describe("modules keep their spelling", () => {
  const proc = {
    "/proc/sys/kernel/osrelease": "6.8.0",
    "/proc/modules": "vfio_pci 41412 0 - Live 0x0\n\nnvidia 1 0 - Live\n",
  };
  const builtin = {
    "/lib/modules/6.8.0/modules.builtin":
      "kernel/crypto/sha256-generic.ko\n kernel/a.ko \nkernel/b.ko.xz\n.ko\n",
  };
  const flags = async (contents: Contents, feature: string) =>
    (await features(contents, feature)).flags[feature];

  it("as /proc/modules and the files spell them", async () => {
    expect(await flags(proc, "kernel.loadedmodule")).toEqual({ elements: { nvidia: {}, vfio_pci: {} } });
    expect(
      Object.keys((await flags({ ...proc, ...builtin }, "kernel.enabledmodule"))?.elements ?? {}),
    ).toEqual(["a", "nvidia", "sha256-generic", "vfio_pci"]);
  });

  it("and those that could be loaded have underscores; the list is complete only with all three files", async () => {
    const feature = "org.hostfit/kernel.loadablemodule";
    const loadable = {
      "/lib/modules/6.8.0/modules.dep": "kernel/fs/btrfs.ko.zst: kernel/lib/zstd-c.ko\nx-y.ko:\n",
    };
    expect(await flags({ ...proc, ...builtin, ...loadable }, feature)).toEqual({
      elements: { a: {}, btrfs: {}, nvidia: {}, sha256_generic: {}, vfio_pci: {}, x_y: {} },
    });
    expect((await flags({ ...proc, ...loadable }, feature))?.scope).toEqual([
      "btrfs",
      "nvidia",
      "vfio_pci",
      "x_y",
    ]);
  });

  it("without the list of those built in, nothing is said of what is enabled", async () => {
    expect(await flags(proc, "kernel.enabledmodule")).toBeUndefined();
    expect(
      (await flags({ ...builtin, "/proc/sys/kernel/osrelease": "6.8.0" }, "kernel.enabledmodule"))?.scope,
    ).toEqual(["a", "sha256-generic"]);
  });
});

describe("system.osrelease", () => {
  const cases: readonly [text: string, want: Record<string, string> | undefined][] = [
    [
      'ID="rhel"\nVERSION_ID="9.4"',
      { ID: "rhel", VERSION_ID: "9.4", "VERSION_ID.major": "9", "VERSION_ID.minor": "4" },
    ],
    ["VERSION_ID=12", { VERSION_ID: "12", "VERSION_ID.major": "12" }],
    ["VERSION_ID=3.20.3", { VERSION_ID: "3.20.3", "VERSION_ID.major": "3", "VERSION_ID.minor": "20" }],
    ["VERSION_ID=22.04-beta", { VERSION_ID: "22.04-beta", "VERSION_ID.major": "22" }],
    ["VERSION_ID=rolling", { VERSION_ID: "rolling" }],
    ["A=\nB='x\"'\n# C=1\n D=1\nE-F=1\n=1", { B: "x" }],
    // A file that says nothing denies nothing.
    ["", undefined],
  ];
  it.each(cases)("%j", async (text, want) => {
    expect((await attributes({ "/etc/os-release": text }, "system.osrelease"))?.elements).toEqual(want);
    if (want !== undefined)
      expect((await attributes({ "/usr/lib/os-release": text }, "system.osrelease"))?.elements).toEqual(want);
  });

  it("the first place counts", async () => {
    const both = { "/etc/os-release": "ID=a", "/usr/lib/os-release": "ID=b" };
    expect((await attributes(both, "system.osrelease"))?.elements).toEqual({ ID: "a" });
  });

  it("names of an object's own are names", async () => {
    const set = await attributes(
      { "/etc/os-release": "__proto__=x\nID=y\nconstructor=z" },
      "system.osrelease",
    );
    expect(Object.keys(set?.elements ?? {})).toEqual(["ID", "__proto__", "constructor"]);
  });
});

describe("values are written as NFD writes them", () => {
  it.each([
    ["0x030200", "0302"],
    ["0302", "0302"],
    ["0x01", "01"],
  ])("the PCI class %s is %s", async (text, want) => {
    const device = {
      vendor: "0x10de",
      device: "0x20b0",
      subsystem_vendor: "0x10de",
      subsystem_device: "0x1463",
    };
    const contents = Object.fromEntries(
      Object.entries({ ...device, class: text }).map(([name, value]) => [
        `/sys/bus/pci/devices/a/${name}`,
        value,
      ]),
    );
    expect((await features(contents, "pci.device")).instances["pci.device"]?.elements).toEqual([
      {
        attributes: {
          class: want,
          vendor: "10de",
          device: "20b0",
          subsystem_vendor: "10de",
          subsystem_device: "1463",
        },
      },
    ]);
  });

  it("sizes of huge pages are Kubernetes quantities, and there are some if one size has any", async () => {
    const sizes = { "64": "0", "2048": "0", "32768": "0", "1048576": "3" };
    const contents = Object.fromEntries(
      Object.entries(sizes).map(([size, count]) => [
        `/sys/kernel/mm/hugepages/hugepages-${size}kB/nr_hugepages`,
        count,
      ]),
    );
    expect((await attributes(contents, "memory.hugepages"))?.elements).toEqual({
      enabled: "true",
      "hugepages-64Ki": "0",
      "hugepages-2Mi": "0",
      "hugepages-32Mi": "0",
      "hugepages-1Gi": "3",
    });
    expect((await attributes({ "/sys/kernel/mm/ksm/run": "0" }, "memory.hugepages"))?.elements).toEqual({
      enabled: "false",
    });
  });

  it.each([
    ["Filename Type\n", "false"],
    ["Filename Type\n/dev/sda2    partition 1 0 -2\n", "true"],
    ["Filename Type\n(unreachable)/swap\\040file file 1 0 -2\n", "true"],
    ["", "false"],
    ["Filename\n \n", "false"],
  ])("swap as in %j is %s", async (text, want) => {
    expect((await attributes({ "/proc/swaps": text }, "memory.swap"))?.elements).toEqual({ enabled: want });
  });

  it.each([
    ["0", "false"],
    ["9", "true"],
    ["10", "true"],
    ["00", "false"],
  ])("a deepest idle state of %s is enabled: %s", async (text, want) => {
    const contents = {
      "/sys/devices/system/cpu/cpuidle/current_driver": "intel_idle",
      "/sys/module/intel_idle/parameters/max_cstate": text,
    };
    expect((await attributes(contents, "cpu.cstate"))?.elements).toEqual({ enabled: want });
  });

  it("processors share cores if one of them does, and one that is offline leaves all of it open", async () => {
    const cpu = (name: string, siblings: string, socket: string): Contents => ({
      [`/sys/bus/cpu/devices/${name}/topology/thread_siblings_list`]: siblings,
      [`/sys/bus/cpu/devices/${name}/topology/physical_package_id`]: socket,
    });
    const two = { ...cpu("cpu0", "0,2", "0"), ...cpu("cpu1", "1", "1") };
    expect((await attributes(two, "cpu.topology"))?.elements).toEqual({
      hardware_multithreading: "true",
      socket_count: "2",
    });
    expect((await attributes(cpu("cpu0", "0", "0"), "cpu.topology"))?.elements).toEqual({
      hardware_multithreading: "false",
      socket_count: "1",
    });
    expect(
      await attributes({ ...two, "/sys/bus/cpu/devices/cpu2/online": "0" }, "cpu.topology"),
    ).toBeUndefined();
  });

  it("a governor counts if all policies with processors have it", async () => {
    const policy = (name: string, cpus: string, governor: string): Contents => ({
      [`/sys/devices/system/cpu/cpufreq/${name}/affected_cpus`]: cpus,
      [`/sys/devices/system/cpu/cpufreq/${name}/scaling_governor`]: governor,
    });
    const active = {
      "/sys/devices/system/cpu/intel_pstate/status": "active",
      "/sys/devices/system/cpu/intel_pstate/no_turbo": "0",
      ...policy("policy0", "0", "powersave"),
      ...policy("policy1", "", "performance"),
    };
    expect((await attributes(active, "cpu.pstate"))?.elements).toEqual({
      status: "active",
      turbo: "true",
      scaling_governor: "powersave",
    });
    expect(
      (await attributes({ ...active, ...policy("policy2", "2", "performance") }, "cpu.pstate"))?.elements,
    ).toEqual({
      status: "active",
      turbo: "true",
    });
  });
});

describe("cpu.rdt", () => {
  const of = (release: string, vendor: string, flags: string, more: Contents = {}) =>
    attributes(
      {
        "/proc/sys/kernel/osrelease": release,
        "/proc/cpuinfo": `processor : 0\nvendor_id\t: ${vendor}\nflags\t\t: ${flags}\n`,
        ...more,
      },
      "cpu.rdt",
    );

  it("is what the kernel's words say, and a class less than resctrl counts", async () => {
    const classes = { "/sys/fs/resctrl/info/L3/num_closids": "16" };
    expect(await of("5.14.0", "GenuineIntel", "fpu rdt_a cat_l3 mba cqm cqm_llc", classes)).toEqual({
      elements: { RDTL3CA: "true", RDTL3CA_NUM_CLOSID: "15", RDTMBA: "true", RDTMON: "true" },
    });
  });

  it("an AMD's bandwidth is unknown, and so are classes that can't be seen", async () => {
    expect(await of("5.14.0", "AuthenticAMD", "fpu rdt_a cat_l3 mba")).toEqual({
      elements: { RDTL3CA: "true" },
      unknown: ["RDTL3CA_NUM_CLOSID", "RDTMBA"],
    });
  });

  it("an old kernel denies nothing", async () => {
    expect((await of("4.18.0-553.el8", "GenuineIntel", "fpu rdt_a cat_l2"))?.elements).toEqual({
      RDTL2CA: "true",
    });
    expect((await of("4.18.0-553.el8", "GenuineIntel", "fpu"))?.unknown).toHaveLength(7);
    expect(await of("4.19.0", "GenuineIntel", "fpu")).toEqual({ elements: {} });
    expect(await of("10.0.0", "GenuineIntel", "fpu")).toEqual({ elements: {} });
  });
});

describe("cpu.security", () => {
  const of = (release: string, vendor: string, flags: string, more: Contents = {}) =>
    attributes(
      {
        "/proc/sys/kernel/osrelease": release,
        "/proc/cpuinfo": `processor : 0\nvendor_id\t: ${vendor}\nflags\t\t: ${flags}\n`,
        "/sys/module/loop/x": "",
        ...more,
      },
      "cpu.security",
    );
  const epc = {
    "/sys/devices/system/node/node0/x86/sgx_total_bytes": "4096",
    "/sys/devices/system/node/node1/x86/sgx_total_bytes": "8192",
  };

  it("enclaves are what all nodes have", async () => {
    expect(await of("6.1.0", "GenuineIntel", "fpu sgx", epc)).toEqual({
      elements: { "sgx.enabled": "true", "sgx.epc": "12288" },
    });
    expect((await of("5.16.0", "GenuineIntel", "fpu sgx"))?.unknown).toEqual(["sgx.enabled", "sgx.epc"]);
  });

  it("an old kernel hides an Intel's enclaves, and a guest's protection", async () => {
    expect(await of("5.15.0", "GenuineIntel", "fpu")).toEqual({ elements: {} });
    expect((await of("5.14.0", "GenuineIntel", "fpu"))?.unknown).toEqual(["sgx.enabled", "sgx.epc"]);
    expect(await of("5.14.0", "AuthenticAMD", "fpu")).toEqual({ elements: {} });
    expect((await of("5.15.0", "AuthenticAMD", "fpu hypervisor"))?.unknown).toEqual(["tdx.protected"]);
    expect(await of("5.18.0", "AuthenticAMD", "fpu hypervisor")).toEqual({ elements: {} });
    expect((await of("5.18.0", "GenuineIntel", "fpu hypervisor tdx_guest"))?.elements).toEqual({
      "tdx.protected": "true",
    });
  });

  it("a stock of identifiers is a line of its own, and unknown where it isn't counted", async () => {
    const amd = { "/sys/module/kvm_amd/parameters/sev": "Y", "/sys/module/kvm_amd/parameters/sev_es": "1" };
    const counted = { ...amd, "/sys/fs/cgroup/misc.capacity": "sev_es 99\nsev 410\n" };
    expect((await of("6.1.0", "AuthenticAMD", "fpu", counted))?.elements).toEqual({
      "sev.enabled": "true",
      "sev.asids": "410",
      "sev.es.enabled": "true",
      "sev.encrypted_state_ids": "99",
    });
    expect((await of("6.1.0", "AuthenticAMD", "fpu", amd))?.unknown).toEqual([
      "sev.asids",
      "sev.encrypted_state_ids",
    ]);
    const off = { "/sys/module/kvm_amd/parameters/sev": "N" };
    expect(await of("6.1.0", "AuthenticAMD", "fpu", off)).toEqual({ elements: {} });
    const keys = { "/sys/module/kvm_intel/parameters/tdx": "Y", "/sys/fs/cgroup/misc.capacity": "tdx 31\n" };
    expect((await of("6.8.0", "GenuineIntel", "fpu", keys))?.elements).toEqual({
      "tdx.enabled": "true",
      "tdx.total_keys": "31",
    });
  });

  it("other architectures have none of it", async () => {
    const files = filesOf({ "/proc/sys/kernel/arch": "aarch64" });
    const { host } = await probe({ files, env: {}, only: ["cpu.security"] });
    expect(host.features.attributes["cpu.security"]).toEqual({ elements: {} });
    expect(host.closedWorld).toEqual(["cpu.security"]);
  });
});
