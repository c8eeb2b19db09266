/** The recipes that hostfit brings along, on what kernels and distributions write, and on what they would not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeSet, HostFeatures } from "../../src/probe/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import { filesOf } from "./files.ts";
import { fixture, parseTree } from "./tree.ts";

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

describe("NVIDIA's driver", () => {
  const gpu = { "/proc/driver/nvidia/gpus/0000:17:00.0/information": "Model: \t\t NVIDIA H100\n" };
  const of = async (version: string, information?: string) => {
    const contents = {
      ...gpu,
      ...(information === undefined
        ? {}
        : { "/proc/driver/nvidia/gpus/0000:17:00.0/information": information }),
      "/proc/driver/nvidia/version": version,
    };
    return (await features(contents, "org.hostfit/gpu.nvidia")).instances["org.hostfit/gpu.nvidia"]
      ?.elements[0];
  };
  const line = (driver: string): string =>
    `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${driver}  Thu Oct 19`;

  it.each([
    [line("535.129.03"), { driver: "535.129.03", module: "proprietary", cuda: "12.2" }],
    [
      "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.54.14  Release Build  (dvs-builder@U16-I2-C03-12-3)",
      { driver: "550.54.14", module: "open", cuda: "12.4" },
    ],
    [
      "NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  560.35",
      { driver: "560.35", module: "open", cuda: "12.6" },
    ],
  ])("%j", async (version, want) => {
    expect((await of(version))?.attributes).toEqual({ model: "NVIDIA H100", ...want });
  });

  it.each(["NVRM version: nothing", "", "GCC version: 13.2.0"])("%j says nothing", async (version) => {
    expect(await of(version)).toEqual({
      attributes: { model: "NVIDIA H100" },
      unknown: ["cuda", "driver", "module", "numa_node"],
    });
  });

  it.each([
    ["346.46", "7.0"],
    ["470.256.02", "11.4"],
    ["511.0", "11.6"],
    ["580.65.06", "13.0"],
    ["590.48.01", "13.1"],
    ["595.71.05", "13.2"],
    ["610.43.02", "13.3"],
  ])("driver %s has CUDA %s", async (driver, cuda) => {
    expect((await of(line(driver)))?.attributes.cuda).toBe(cuda);
  });

  it.each(["340.108", "600.1", "615.1", "9999.1"])(
    "what CUDA driver %s has is unknown, not none",
    async (driver) => {
      expect((await of(line(driver)))?.unknown).toContain("cuda");
    },
  );

  it("question marks are unknown, and unknown keys are passed over", async () => {
    const text =
      "Model: \t\t NVIDIA H100\nGPU UUID: \t GPU-????????-????\nVideo BIOS: \t ??.??\nNew: 1\nIRQ\n";
    const found = await of(line("535.1"), text);
    expect(found?.attributes.model).toBe("NVIDIA H100");
    expect(found?.unknown).toEqual(["numa_node", "uuid", "video_bios"]);
  });
});

describe("rules of binfmt_misc", () => {
  const feature = "org.hostfit/kernel.binfmt";
  const status = { "/proc/sys/fs/binfmt_misc/status": "enabled", "/proc/sys/fs/binfmt_misc/register": "" };
  const rules = async (contents: Contents) => (await features(contents, feature)).instances[feature];
  const rule = (magic: string): string =>
    `enabled\ninterpreter /usr/bin/qemu\nflags: OCF\noffset 0\nmagic ${magic}\n`;

  it.each([
    ["7f454c460201010000000000000000000200b700", "arm64"],
    ["7f454c4601010100000000000000000002002800", "arm"],
    ["7f454c4602020100000000000000000000020016", "s390x"],
    ["7f454c4601020100000000000000000000020008", "mips"],
    ["7f454c4602010100000000000000000002003e00", "amd64"],
    ["7f454c460201010000000000000000000200ffff", undefined],
    ["4d5a", undefined],
  ])("of programs that begin with %s: %s", async (magic, architecture) => {
    const found = await rules({ ...status, "/proc/sys/fs/binfmt_misc/x": rule(magic) });
    expect(found).toEqual({
      elements: [
        {
          attributes: {
            name: "x",
            enabled: "true",
            interpreter: "/usr/bin/qemu",
            flags: "OCF",
            fixed: "true",
            ...(architecture === undefined ? {} : { architecture }),
          },
        },
      ],
    });
  });

  it("by ending, without a flag, switched off", async () => {
    const text = "disabled\ninterpreter /usr/bin/wine\nflags: \nextension .exe\n";
    expect(
      (await rules({ ...status, "/proc/sys/fs/binfmt_misc/wine": text }))?.elements[0]?.attributes,
    ).toEqual({
      name: "wine",
      enabled: "false",
      interpreter: "/usr/bin/wine",
      flags: "",
      fixed: "false",
      extension: ".exe",
    });
  });

  it("are none if it is mounted and empty, or the kernel hasn't it, and unknown if it isn't mounted", async () => {
    expect(await rules(status)).toEqual({ elements: [] });
    expect(await rules({ "/proc/sys/fs/file-max": "1" })).toEqual({ elements: [] });
    expect(await rules({ "/proc/sys/fs/binfmt_misc/": "" })).toBeUndefined();
    expect(await rules({ "/proc/version": "Linux" })).toBeUndefined();
  });
});

describe("control groups", () => {
  const feature = "org.hostfit/kernel.cgroup";
  it("of the second kind, of the first, and of both", async () => {
    expect(
      (await attributes({ "/sys/fs/cgroup/cgroup.controllers": "memory cpu io" }, feature))?.elements,
    ).toEqual({
      version: "2",
      mode: "unified",
      controllers: "cpu io memory",
    });
    const first = {
      "/sys/fs/cgroup/memory/x": "",
      "/sys/fs/cgroup/cpu,cpuacct/x": "",
      "/sys/fs/cgroup/cpu/x": "",
    };
    expect((await attributes(first, feature))?.elements).toEqual({
      version: "1",
      mode: "legacy",
      controllers: "cpu memory",
    });
    const hybrid = { ...first, "/sys/fs/cgroup/unified/x": "", "/sys/fs/cgroup/systemd/x": "" };
    expect((await attributes(hybrid, feature))?.elements).toMatchObject({
      mode: "hybrid",
      controllers: "cpu memory",
    });
  });

  it("that are not mounted are unknown", async () => {
    expect(await attributes({ "/sys/fs/cgroup/": "" }, feature)).toBeUndefined();
    expect(await attributes({ "/sys/fs/ext4/x": "" }, feature)).toBeUndefined();
  });
});

/** A fixture's files, without its links. */
function contentsOf(name: string): Record<string, Buffer> {
  return Object.fromEntries(
    parseTree(fixture(name)).flatMap((entry) => (entry.kind === "file" ? [[entry.path, entry.bytes]] : [])),
  );
}

describe("no content of a file makes a recipe throw, or give what isn't text", () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        "\0",
        "\n\n\n",
        "=",
        ":",
        "\r\n",
        "\ufffd",
        "__proto__=x\n",
        "\u2028",
        '"',
        "\t: ",
        "{}",
        "- [",
      )
      .map((text) => Buffer.from(text)),
    fc.constantFrom("x", "= : ", "7f454c46", "\n").map((text) => Buffer.from(text.repeat(20_000))),
  );
  const edits = fc.array(fc.record({ file: fc.nat(), at: fc.nat(4_000), cut: fc.nat(4_000), noise }), {
    minLength: 1,
    maxLength: 40,
  });

  it.each(["xeon-v2", "zen4", "gpu-node", "infiniband", "s390x", "wsl2"])(
    "%s",
    { timeout: 60_000 },
    async (name) => {
      const good = contentsOf(`${name}.tree`);
      const paths = Object.keys(good);
      await fc.assert(
        fc.asyncProperty(edits, async (changes) => {
          const contents = { ...good };
          for (const { file, at, cut, noise: added } of changes) {
            const path = paths[file % paths.length] as string;
            const bytes = contents[path] as Buffer;
            const from = at % (bytes.length + 1);
            contents[path] = Buffer.concat([bytes.subarray(0, from), added, bytes.subarray(from + cut)]);
          }
          const { host } = await probe({ files: filesOf(contents), env: {} });
          const { attributes: sets, instances } = host.features;
          const values = [
            ...Object.values(sets).map(({ elements }) => elements),
            ...Object.values(instances).flatMap(({ elements }) => elements.map((one) => one.attributes)),
          ].flatMap((elements) => Object.values(elements));
          expect(values.filter((value) => typeof value !== "string")).toEqual([]);
        }),
        { numRuns: 25 },
      );
    },
  );
});
