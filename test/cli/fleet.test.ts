import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, test } from "vitest";
import { list, node, nodeFeature, pod } from "../fleet/cluster.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "../registry/content.ts";
import { FakeRegistry } from "../registry/fake-registry.ts";
import { hostfit, ROOT } from "./harness.ts";

const folder = temporaryFolder();
const IMAGES = ["--images", "examples/fleet/images.txt"];
const HOSTS = ["--hosts", "examples/fleet/nodefeatures.json"];

function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

interface FleetJson {
  readonly images: readonly {
    readonly name: string;
    readonly digest: string | null;
    readonly pods: number | null;
    readonly compatible: number;
    readonly undetermined: number;
    readonly incompatible: number;
    readonly hosts: { readonly undetermined: string[]; readonly incompatible: string[] };
    readonly shortfalls: readonly { readonly hosts: number; readonly examples: string[] }[];
  }[];
  readonly leftOut: readonly { readonly item: string; readonly code: string }[];
  readonly summary: Readonly<Record<string, number>>;
}

async function fleetJson(
  argv: readonly string[],
  stdin = "",
): Promise<{ status: number; answer: FleetJson }> {
  const { status, stdout, stderr } = await hostfit(["fleet", ...argv, "-o", "json"], { stdin });
  expect(stderr).toBe("");
  return { status, answer: JSON.parse(stdout) as FleetJson };
}

describe("hostfit fleet", () => {
  test("gives every cell what hostfit check gives for the pair", async () => {
    const { answer } = await fleetJson(["--images", "examples/lammps-src", "--hosts", "examples/hosts"]);
    for (const image of answer.images) {
      for (const [host, name] of [
        ["arm", "arm-01"],
        ["gpu", "gpu-01"],
        ["old", "old-01"],
        ["unseen", "unseen-01"],
      ] as const) {
        const check = await hostfit([
          "check",
          "--requirements",
          image.name,
          "--facts",
          `examples/hosts/${host}.yaml`,
        ]);
        const { undetermined, incompatible } = image.hosts;
        const status = incompatible.includes(name) ? 1 : undetermined.includes(name) ? 2 : 0;
        expect([image.name, name, status]).toEqual([image.name, name, check.status]);
      }
    }
  });

  test("an image fits where one of its variants does, as select chooses one", async () => {
    const { answer } = await fleetJson([...IMAGES, "--hosts", "examples/hosts"]);
    expect(answer.images[0]?.hosts).toEqual({ undetermined: ["unseen-01"], incompatible: ["old-01"] });
    for (const [host, status] of [
      ["arm", 0],
      ["gpu", 0],
      ["old", 1],
      ["unseen", 2],
    ] as const) {
      const select = await hostfit([
        "select",
        "oci:examples/lammps",
        "--facts",
        `examples/hosts/${host}.yaml`,
      ]);
      expect(select.status).toBe(status);
    }
  });

  test("has the form of its schema", async () => {
    const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
    for (const name of ["answer-parts", "fleet"]) {
      ajv.addSchema(JSON.parse(readFileSync(`${ROOT}src/cli/schemas/${name}.schema.json`, "utf8")), name);
    }
    const documents = ["--images", "examples/documents", "--hosts", "examples/fleet/nodefeatures.json"];
    for (const argv of [documents, [...IMAGES, ...HOSTS, "--what-if", "examples/fleet/rhel-10.yaml"]]) {
      const { answer } = await fleetJson(argv);
      const validate = ajv.getSchema("fleet");
      validate?.(answer);
      expect(validate?.errors ?? []).toEqual([]);
    }
  });

  test.each<[string, string[], number]>([
    ["an image fits no host", ["--images", "examples/documents/rocm.yaml", ...HOSTS], 1],
    ["it isn't known whether it fits any", ["--images", "examples/documents/wasm.yaml", ...HOSTS], 2],
    ["every image fits a host", [...IMAGES, ...HOSTS], 0],
  ])("where %s the exit status is %s", async (_, argv, status) => {
    expect((await hostfit(["fleet", ...argv])).status).toBe(status);
    expect(await hostfit(["fleet", ...argv, "--quiet"])).toEqual({ status, stdout: "", stderr: "" });
  });

  test("--what-if is every host with the patch laid over it", async () => {
    const before = await fleetJson([...IMAGES, ...HOSTS]);
    expect(before.answer.images[0]?.hosts.incompatible).toEqual(["worker-3"]);
    const after = await fleetJson([...IMAGES, ...HOSTS, "--what-if", "examples/fleet/rhel-10.yaml"]);
    expect(after.answer.summary).toMatchObject({ everywhere: 1, hosts: 4 });
    const without = file("no-kernel.json", { features: { attributes: { "kernel.version": null } } });
    const unknown = await fleetJson([...IMAGES, ...HOSTS, "--what-if", without]);
    expect(unknown.answer.images[0]?.undetermined).toBe(4);
  });

  test("groups what hosts lack, and says of how many", async () => {
    const { answer } = await fleetJson(["--images", "examples/documents/rocm.yaml", ...HOSTS]);
    expect(answer.images[0]?.shortfalls).toMatchObject([
      { hosts: 3, examples: ["worker-1", "worker-2", "gpu-1"] },
      { hosts: 1, examples: ["worker-3"] },
    ]);
  });

  test("the policy counts", async () => {
    const policy = file(
      "policy.yaml",
      "apiVersion: hostfit/v1.0\nkind: Policy\nrequires: { name: newer, kernel.version: { full: { version: '>=5' } } }\n",
    );
    const { stdout } = await hostfit(["fleet", ...IMAGES, ...HOSTS, "--policy", policy]);
    expect(stdout).toContain("fits 1, doesn't fit 3");
    expect(stdout).toContain("the administrator's policy demands:");
  });

  test("--output csv has a line for each cell, and no formulas", async () => {
    const hosts = file("odd.json", [
      { apiVersion: "hostfit/v1.0", kind: "Host", name: '=cmd,"x"' },
      { apiVersion: "hostfit/v1.0", kind: "Host", name: "plain" },
    ]);
    const { stdout } = await hostfit(["fleet", ...IMAGES, "--hosts", hosts, "-o", "csv"]);
    const lines = stdout.split("\r\n");
    expect(lines[0]).toBe("image,digest,host,verdict");
    expect(lines[1]).toMatch(/^oci:examples\/lammps,sha256:[0-9a-f]{64},"'=cmd,""x""",undetermined$/);
    expect(lines[2]).toMatch(/,plain,undetermined$/);
    expect(lines).toHaveLength(4);
  });

  test("--output html is one page with the matrix in it", async () => {
    const { stdout, status } = await hostfit(["fleet", ...IMAGES, ...HOSTS, "-o", "html"]);
    expect(status).toBe(0);
    const data = JSON.parse(
      /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(stdout)?.[1] ?? "",
    );
    expect(data).toMatchObject({
      title: "1 images on 4 hosts",
      images: [{ name: "oci:examples/lammps", compatible: 3, incompatible: 1 }],
      // Two workers are alike.
      profiles: 3,
    });
  });

  test("a progress line is drawn on a terminal, and taken away", async () => {
    const outcome = await hostfit(["fleet", ...IMAGES, ...HOSTS], { tty: "both", env: { TERM: "xterm" } });
    expect(outcome.stderr).toContain("reading images [");
    expect(outcome.stderr.endsWith("\r\u001b[2K")).toBe(true);
    const piped = await hostfit(["fleet", ...IMAGES, ...HOSTS]);
    expect(piped.stderr).toBe("");
  });
});

describe("a cluster", () => {
  const content = new Content();
  let registry: FakeRegistry | undefined;
  afterAll(() => registry?.stop());

  test("pods on nodes: images by digest, each asked for once, documents where a node may run the platform", async () => {
    const { index, images } = content.platforms([
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "arm64" },
    ]);
    content.artifact(images[0] as JsonDescriptor, {
      document: JSON.stringify({
        apiVersion: "hostfit/v1.0",
        kind: "Requirements",
        requires: { "kernel.version": { full: { version: ">=6" } } },
      }),
    });
    content.tag("1", index);
    content.tag("same", index);
    registry = await FakeRegistry.start(content);
    const app = `${registry.host}/image`;
    const pods = list([
      pod("one", { app: [`${app}:1`, `${app}@${index.digest}`] }),
      pod("two", { app: [`${app}:same`, `${app}@${index.digest}`], other: [`${app}:same`] }),
    ]);
    const nodes = list([
      nodeFeature("new", {
        flags: { "cpu.cpuid": { elements: { X86_64_V1: {} } } },
        attributes: { "kernel.version": { elements: { full: "6.1.0-x86_64" } } },
      }),
      node("old", {}, "5.4.0"),
    ]);
    const argv = ["--images", file("pods.json", pods), "--hosts", file("nodes.json", nodes)];
    const { status, answer } = await fleetJson(argv);
    expect(answer.images.map(({ name, pods: count }) => [name.replace(app, ""), count])).toEqual([
      [`@${index.digest}`, 2],
      [":same", 1],
    ]);
    expect(answer.images[0]).toMatchObject({
      compatible: 1,
      incompatible: 1,
      hosts: { incompatible: ["old"] },
    });
    expect(status).toBe(0);
    const asked = new Map<string, number>();
    for (const line of registry.log) asked.set(line, (asked.get(line) ?? 0) + 1);
    const digest = images.map((image) => image.digest);
    expect(registry.log.filter((line) => line.includes(digest[1] ?? ""))).toEqual([]);
    for (const [line, times] of asked) if (line.includes("sha256")) expect([line, times]).toEqual([line, 1]);
  });
});

describe("what can't be used", () => {
  test.each<[string, string[], number, string]>([
    ["no images", ["--hosts", "x"], 3, "the images are needed"],
    ["no hosts", ["--images", "x"], 3, "the hosts are needed"],
    ["standard input twice", ["--images", "-", "--hosts", "-"], 3, "once only"],
    ["a file that isn't there", ["--images", "nowhere.txt", ...HOSTS], 4, "nowhere.txt"],
    ["hosts that are none", [...IMAGES, "--hosts", "package.json"], 4, "package.json"],
    [
      "a patch that is none",
      [...IMAGES, ...HOSTS, "--what-if", "examples/fleet/images.txt"],
      4,
      "images.txt",
    ],
  ])("%s: hostfit fleet %j exits with %i", async (_, argv, status, says) => {
    const outcome = await hostfit(["fleet", ...argv]);
    expect([outcome.status, outcome.stdout]).toEqual([status, ""]);
    expect(outcome.stderr).toContain(says);
  });

  test("an error names the item; with --keep-going the rest is judged, and the end says what was left out", async () => {
    const images = file("some.txt", "oci:nowhere\noci:examples/lammps\n");
    const hosts = file("some.json", [
      { apiVersion: "hostfit/v1.0", kind: "Host", name: "bad", features: 3 },
      { kind: "Pod" },
      ...(JSON.parse(readFileSync(`${ROOT}examples/fleet/nodefeatures.json`, "utf8")) as { items: object[] })
        .items,
    ]);
    const argv = ["--images", images, "--hosts", hosts];
    const stopped = await hostfit(["fleet", ...argv]);
    expect([stopped.status, stopped.stdout]).toEqual([4, ""]);
    expect(stopped.stderr).toContain("some.json: bad: ");
    const { status, answer } = await fleetJson([...argv, "--keep-going"]);
    expect(status).toBe(4);
    expect(answer.summary).toMatchObject({ images: 1, hosts: 4 });
    expect(answer.leftOut.map(({ item, code }) => [item.replace(`${folder}/`, ""), code])).toEqual([
      ["some.json: bad", "wrong-type"],
      ["some.json: item 1", "not-a-host"],
      ["oci:nowhere", "layout-invalid"],
    ]);
    const text = await hostfit(["fleet", ...argv, "--keep-going"]);
    expect(text.stdout).toContain("left out: 3\n");
  });

  test("if nothing is left there is no answer", async () => {
    const images = file("none.txt", "oci:nowhere\n");
    const outcome = await hostfit(["fleet", "--images", images, ...HOSTS, "--keep-going"]);
    expect([outcome.status, outcome.stdout]).toEqual([4, ""]);
    expect(outcome.stderr).toContain("none of the images");
  });
});
