import { arch, machine, release } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { isContainer } from "../../src/probe/container.ts";
import type { PortableSystem } from "../../src/probe/portable.ts";
import { PROBED_FEATURES, probe } from "../../src/probe/probe.ts";
import { openRoot } from "../../src/probe/root.ts";
import { fixture, withTree } from "./tree.ts";

const onGpuNode = <T>(body: (root: string) => Promise<T>): Promise<T> =>
  withTree(fixture("gpu-node.tree"), body);

function featuresOf(host: Awaited<ReturnType<typeof probe>>["host"]): string[] {
  return Object.values(host.features)
    .flatMap((kind) => Object.keys(kind))
    .sort();
}

describe("only and except", () => {
  const cases: readonly { only?: string[]; except?: string[]; want: string[] }[] = [
    { only: ["kernel.version"], want: ["kernel.version"] },
    { only: ["memory"], except: ["memory.nv"], want: ["memory.hugepages", "memory.numa", "memory.swap"] },
    { only: ["org.hostfit/gpu.nvidia", "system.name"], want: ["org.hostfit/gpu.nvidia", "system.name"] },
    { only: ["network.device"], want: ["network.device"] },
    {
      only: ["org.supercontainers"],
      except: ["org.supercontainers/gpu.cuda"],
      want: ["org.supercontainers/gpu.rocm", "org.supercontainers/mpi.installation"],
    },
    { only: ["memory.swap"], except: ["memory"], want: [] },
  ];
  for (const { only, except, want } of cases) {
    it(`only ${only?.join(", ")}, except ${except?.join(", ") ?? "nothing"}`, async () => {
      const tree = `${fixture("gpu-node.tree")}/usr/\n`;
      const { host, notes } = await withTree(tree, (root) =>
        probe({ root, env: { NODE_NAME: "n" }, ...(only ? { only } : {}), ...(except ? { except } : {}) }),
      );
      expect(featuresOf(host)).toEqual(want);
      const noted = notes.map((note) => note.feature).filter((feature) => feature.includes("."));
      expect(noted.every((feature) => want.includes(feature))).toBe(true);
    });
  }

  it("a name that no probe gives is an error, not an empty answer", async () => {
    await expect(probe({ only: ["cpu.cpuidd"] })).rejects.toMatchObject({ code: "unknown-feature" });
    await expect(probe({ except: ["kern"] })).rejects.toMatchObject({ code: "unknown-feature" });
  });

  it("closedWorld names only what was asked for", async () => {
    const { host } = await onGpuNode((root) => probe({ root, env: {}, only: ["kernel.version"] }));
    expect(host.closedWorld).toBeUndefined();
  });

  it("every feature that a probe gives is one that can be named", async () => {
    for (const name of ["xeon-v2", "zen4", "gpu-node", "graviton3"]) {
      const { host } = await withTree(fixture(`${name}.tree`), (root) =>
        probe({ root, env: { NODE_NAME: "n" } }),
      );
      expect(featuresOf(host).filter((feature) => !PROBED_FEATURES.includes(feature))).toEqual([]);
    }
  });
});

describe("redact takes out what identifies the machine", () => {
  it("and leaves what describes it", async () => {
    const secrets = ["IT-004711", "db-07", "0000:00:1a.0", "vg0-root"];
    const { host } = await withTree(fixture("xeon-v2.tree"), (root) =>
      probe({ root, env: {}, redact: true }),
    );
    const text = JSON.stringify(host);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(host.features.attributes["system.dmiid"]).toMatchObject({ unknown: ["chassis_asset_tag"] });
    expect(host.features.attributes["kernel.cmdline"]?.elements).toMatchObject({
      intel_iommu: "on",
      hugepages: "1024",
    });
    expect(host.features.attributes["kernel.cmdline"]?.unknown).toEqual(["BOOT_IMAGE", "root"]);
    expect(host.features.attributes["cpu.model"]?.elements.id).toBe("62");
  });

  it("GPUs' and nodes' identities too", async () => {
    const { host } = await onGpuNode((root) =>
      probe({ root, env: { NODE_NAME: "gpu-03.cluster" }, redact: true }),
    );
    expect(JSON.stringify(host)).not.toMatch(/GPU-5c2d|gpu-03/);
    expect(host.features.attributes["system.name"]).toEqual({ elements: {}, unknown: ["nodename"] });
  });
});

describe("redact finds what identifies a machine by its form", () => {
  it("in the names of devices, on the command line, and in administrators' facts", async () => {
    const tree = [
      "/sys/class/net/enx78e7d1ea46da/device/uevent = DRIVER=r8152",
      "/sys/class/net/enx78e7d1ea46da/operstate = up",
      "/sys/class/net/enx78e7d1ea46da/speed/",
      "/sys/class/net/eth0/device/uevent = DRIVER=igb",
      '/etc/cdi/gpu.json = {"cdiVersion":"0.6.0","kind":"nvidia.com/gpu","devices":[{"name":"GPU-8a56a4bc-e184-a047-2620-be19fdf913d5"},{"name":"all"}]}',
      "/proc/cmdline = quiet systemd.hostname=mars serial=ABCD console=tty",
      '/etc/hostfit/facts.d/a.json = {"features":{"attributes":{"com.acme/nic.main":{"elements":{"address":"00:1B:44:11:3A:B7","firmware":"20:5:13"}}}}}',
      "",
    ].join("\n");
    const { host, notes } = await withTree(tree, (root) => probe({ root, env: {}, redact: true }));
    expect(notes.map((note) => note.file)).toContain("/sys/class/net/redacted/speed");
    expect(JSON.stringify({ host, notes })).not.toMatch(/78e7d1|8a56a4bc|mars|ABCD|3A:B7/);
    const { attributes, instances } = host.features;
    expect(instances["org.hostfit/network.locality"]?.elements.map((one) => one.attributes)).toEqual([
      { driver: "r8152" },
      { driver: "igb", name: "eth0" },
    ]);
    expect(instances["network.device"]?.elements[0]?.unknown).toContain("name");
    expect(instances["org.hostfit/cdi.device"]?.elements.map((one) => one.attributes.name)).toEqual([
      undefined,
      "all",
    ]);
    expect(attributes["kernel.cmdline"]).toEqual({
      elements: { console: "tty", quiet: "true" },
      unknown: ["serial", "systemd.hostname"],
    });
    expect(attributes["com.acme/nic.main"]).toEqual({
      elements: { firmware: "20:5:13" },
      unknown: ["address"],
    });
  });
});

describe("a signal", () => {
  it("that is already given stops the probe before it reads", async () => {
    const reason = new Error("no longer wanted");
    await expect(probe({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("that comes meanwhile stops it between two subjects", async () => {
    const controller = new AbortController();
    const running = probe({ signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("the host's root", () => {
  it("that doesn't exist, or is a file, is an error", async () => {
    await expect(probe({ root: "/no/such/place" })).rejects.toMatchObject({ code: "bad-host-root" });
    await expect(probe({ root: "/proc/version" })).rejects.toMatchObject({ code: "bad-host-root" });
  });

  it("of which nothing is known has no platforms, with a note", async () => {
    const { host, notes } = await withTree("/etc/hostname = bare\n", (root) => probe({ root, env: {} }));
    expect(host.name).toBe("bare");
    expect(host.platforms).toBeUndefined();
    expect(host.features.attributes).not.toHaveProperty("cpu.coprocessor");
    expect(notes.map((note) => note.code)).toContain("architecture-unknown");
  });

  it("of another architecture is taken at its word", async () => {
    const { host } = await withTree("/etc/hostname = bare\n", (root) =>
      probe({ root, env: {}, arch: "s390x" }),
    );
    expect(host.platforms).toEqual([{ os: "linux", architecture: "s390x" }]);
  });
});

describe("containers", () => {
  const marked = "/.dockerenv = \n";
  const cases: readonly [
    tree: string,
    env: Record<string, string>,
    namespace: string | undefined,
    want: boolean,
  ][] = [
    [marked, {}, "pid:[4026532001]", true],
    [marked, {}, "pid:[4026531836]", false],
    [marked, {}, undefined, false],
    ["/run/.containerenv = \n", {}, "pid:[4026532001]", true],
    ["/etc/x = \n", { KUBERNETES_SERVICE_HOST: "10.0.0.1" }, "pid:[4026532001]", true],
    ["/etc/x = \n", {}, "pid:[4026532001]", false],
  ];
  for (const [tree, env, namespace, want] of cases) {
    it(`${JSON.stringify(tree)} ${JSON.stringify(env)} ${namespace}: ${want}`, async () => {
      expect(await withTree(tree, (root) => isContainer(openRoot(root), env, namespace))).toBe(want);
    });
  }

  it("the image's files are not given for the host's", async () => {
    const { host, notes } = await onGpuNode((root) => probe({ root, env: {}, surroundings: "container" }));
    const given = featuresOf(host);
    for (const feature of [
      "system.osrelease",
      "network.device",
      "local.label",
      "org.hostfit/runtime.handler",
    ]) {
      expect(given).not.toContain(feature);
    }
    expect(given).toContain("kernel.version");
    expect(host.runtimes).toBeUndefined();
    expect(notes.find((note) => note.code === "inside-container")?.message).toContain("system.osrelease");
  });
});

describe("systems other than Linux", () => {
  const system: PortableSystem = {
    platform: "win32",
    arch: "x64",
    hostname: "win-1",
    release: "10.0.20348",
    version: "Windows Server 2022 Datacenter",
    cpuModel: "AMD EPYC 7763 64-Core Processor                ",
    memoryBytes: 17_179_869_184,
  };
  const cases: readonly [changes: Partial<PortableSystem>, platform: Record<string, string>][] = [
    [{}, { os: "windows", architecture: "amd64", "os.version": "10.0.20348" }],
    [
      { platform: "darwin", arch: "arm64", release: "23.5.0" },
      { os: "darwin", architecture: "arm64" },
    ],
    [{ platform: "freebsd" }, { os: "freebsd", architecture: "amd64" }],
    [{ platform: "sunos" }, { os: "solaris", architecture: "amd64" }],
    [{ arch: "ia32" }, { os: "windows", architecture: "386", "os.version": "10.0.20348" }],
  ];
  for (const [changes, platform] of cases) {
    it(`${JSON.stringify(changes)} is ${JSON.stringify(platform)}`, async () => {
      const { host } = await probe({ system: { ...system, ...changes } });
      expect(host.platforms).toEqual([platform]);
      expect(host.name).toBe("win-1");
    });
  }

  it("give their system, processor and memory, and nothing that they don't know", async () => {
    const { host } = await probe({ system });
    expect(JSON.parse(JSON.stringify(host.features))).toEqual({
      flags: {},
      attributes: {
        "org.hostfit/cpu.model": { elements: { name: "AMD EPYC 7763 64-Core Processor" } },
        "org.hostfit/memory.total": { elements: { bytes: "17179869184" } },
        "org.hostfit/system.os": {
          elements: { name: "win32", release: "10.0.20348", description: "Windows Server 2022 Datacenter" },
        },
      },
      instances: {},
    });
  });
});

describe("this very machine", () => {
  const nodeName = process.env.NODE_NAME;
  afterEach(() => {
    if (nodeName === undefined) delete process.env.NODE_NAME;
    else process.env.NODE_NAME = nodeName;
  });

  it("has its own architecture, kernel and memory, and flags within their scope", async () => {
    const { host, notes } = await probe();
    const names: Record<string, string> = {
      x64: "amd64",
      arm64: "arm64",
      ia32: "386",
      s390x: "s390x",
      ppc64: "ppc64le",
    };
    expect(host).toMatchObject({ apiVersion: "hostfit/v1.0", kind: "Host" });
    expect(host.platforms?.[0]?.architecture).toBe(names[arch()] ?? arch());
    if (process.platform !== "linux") return;
    expect(host.features.attributes["kernel.version"]?.elements.full).toBe(
      release()
        .replace(/[^-A-Za-z0-9_.]/g, "_")
        .replace(/^[-_.]+|[-_.]+$/g, ""),
    );
    const flags = host.features.flags["cpu.cpuid"];
    if (flags !== undefined) {
      const scope = new Set(flags.scope);
      expect(Object.keys(flags.elements).filter((name) => !scope.has(name))).toEqual([]);
      if (machine() === "x86_64") expect(Object.keys(flags.elements)).toContain("X86_64_V1");
    }
    for (const note of notes)
      expect(note).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(JSON.parse(JSON.stringify(host))).toEqual(JSON.parse(JSON.stringify((await probe()).host)));
  });

  it("is the same when read through its root by hand", async () => {
    const direct = await probe({
      only: ["cpu", "kernel", "memory", "pci", "storage", "usb"],
      surroundings: "host",
    });
    const only = ["cpu", "kernel", "memory", "pci", "storage", "usb"];
    const byHand = await probe({ root: "/.", only });
    expect(JSON.stringify(byHand.host.features)).toBe(JSON.stringify(direct.host.features));
  });

  it("takes its node's name from the environment, and only from there", async () => {
    process.env.NODE_NAME = "node-17";
    const { host } = await probe({ only: ["system.name"] });
    expect(host.name).toBe("node-17");
    expect(host.features.attributes["system.name"]?.elements).toEqual({ nodename: "node-17" });
  });
});
