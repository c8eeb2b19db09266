/** The recipes of features that NFD doesn't have, on what kernels and drivers write. */
import { describe, expect, it } from "vitest";
import type { AttributeSet, HostFeatures } from "../../src/probe/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import { filesOf } from "./files.ts";
import { withTree } from "./tree.ts";

type Contents = Readonly<Record<string, string>>;

async function features(contents: Contents, ...only: string[]): Promise<HostFeatures> {
  const { host } = await probe({ files: filesOf(contents), env: {}, arch: "amd64", only });
  return host.features;
}

async function attributes(contents: Contents, feature: string): Promise<AttributeSet | undefined> {
  return (await features(contents, feature)).attributes[feature];
}

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

describe("software stacks below /opt", () => {
  it("are denied where the host's folders can be seen, not where only /proc and /sys are", async () => {
    const bare = "/proc/sys/kernel/osrelease = 6.8.0\n/sys/class/\n";
    const stacks = ["org.supercontainers/gpu.rocm", "org.supercontainers/gpu.cuda"];
    for (const [tree, found] of [
      [bare, undefined],
      [`${bare}/usr/\n`, { elements: [] }],
    ] as const) {
      const { host, notes } = await withTree(tree, (root) => probe({ root, env: {}, only: stacks }));
      for (const stack of stacks) expect(host.features.instances[stack], stack).toEqual(found);
      if (found === undefined)
        expect(notes.map(({ feature }) => feature)).toEqual(expect.arrayContaining(stacks));
    }
  });
});
