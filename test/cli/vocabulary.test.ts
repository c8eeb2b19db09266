import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Content } from "../registry/content.ts";
import { expectValid } from "./answer-schemas.ts";
import { hostfit } from "./harness.ts";

const MPICH = "examples/vocabularies/mpich.yaml";
const root = mkdtempSync(join(tmpdir(), "hostfit-vocabulary-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, "opt/mpich/4.2.1/etc"), { recursive: true });
writeFileSync(join(root, "opt/mpich/4.2.1/etc/build.conf"), "device=ch4:ofi\n");
mkdirSync(join(root, "sys/devices/virtual/dmi/id"), { recursive: true });
writeFileSync(join(root, "sys/devices/virtual/dmi/id/board_asset_tag"), "A-17\n");

describe("hostfit vocabulary check", () => {
  test("finds where a file isn't the JSON that its name promises", async () => {
    for (const [text, column] of [
      ['{"apiVersion": "hostfit/v1.0", "kind": "Vocab', 46],
      ['{"a":'.repeat(20_000), 641],
      ["", 1],
    ] as const) {
      const file = join(root, "cut.json");
      writeFileSync(file, text);
      const { status, stdout } = await hostfit(["vocabulary", "check", "-o", "json", file]);
      const { errors, diagnostics } = JSON.parse(stdout);
      expect({ status, errors }).toEqual({ status: 4, errors: 1 });
      expect(diagnostics[0]).toMatchObject({ line: 1, column });
    }
  });
});

describe("hostfit probe", () => {
  test("reads the features of a vocabulary that is given", async () => {
    const argv = [
      "probe",
      "-q",
      "-o",
      "json",
      "--host-root",
      root,
      "--vocabulary",
      MPICH,
      "--only",
      "org.example.mpi/library",
    ];
    const { status, stdout } = await hostfit(argv);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).features.instances).toEqual({
      "org.example.mpi/library.mpich": {
        elements: [{ attributes: { device: "ch4:ofi", version: "4.2.1" } }],
      },
    });
  });

  test("reads what an HPC centre describes", async () => {
    const centre = join(root, "centre");
    const files: Readonly<Record<string, string>> = {
      "opt/ohpc/pub/mpi/openmpi4-gnu12/4.1.6/etc/openmpi-mca-params.conf": "# site\npml = ucx\n",
      "opt/ohpc/pub/mpi/mvapich2-gnu12/2.3.7/lib/libmpi.so": "",
      "opt/ohpc/pub/mpi/mpi-selector/1.0/x": "",
      "opt/ohpc/pub/modulefiles/openmpi4/4.1.6": "",
      "sys/class/infiniband/mlx5_0/ports/1/state": "4: ACTIVE\n",
      "sys/class/infiniband/mlx5_0/ports/1/rate": "200 Gb/sec (4X HDR)\n",
      "sys/class/infiniband/mlx5_1/ports/1/state": "1: DOWN\n",
      "sys/class/infiniband/mlx5_1/ports/1/rate": "200 Gb/sec (4X HDR)\n",
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(centre, path, ".."), { recursive: true });
      writeFileSync(join(centre, path), text);
    }
    const file = "examples/vocabularies/openhpc.yaml";
    expect((await hostfit(["vocabulary", "check", file])).stdout).toContain("nothing wrong");
    const given = ["--host-root", centre, "--vocabulary", file, "--only", "org.example.hpc"];
    const { stdout } = await hostfit(["probe", "-q", "-o", "json", ...given]);
    expect(JSON.parse(stdout).features).toEqual({
      flags: { "org.example.hpc/library.module": { elements: { openmpi4: {} } } },
      attributes: {
        "org.example.hpc/fabric.infiniband": { elements: { generation: "HDR", ports: "1", rate: "200" } },
      },
      instances: {
        "org.example.hpc/library.mpi": {
          elements: [
            { attributes: { family: "mvapich2", compiler: "gnu12", version: "2.3.7" } },
            { attributes: { family: "openmpi4", compiler: "gnu12", version: "4.1.6", transport: "ucx" } },
          ],
        },
      },
    });
  });

  test("chooses features, several times, and leaves out others", async () => {
    const argv = [
      "probe",
      "-q",
      "-o",
      "json",
      "--host-root",
      root,
      "--only",
      "system",
      "--only",
      "memory",
      "--except",
      "memory.numa",
    ];
    const { features } = JSON.parse((await hostfit(argv)).stdout);
    expect(Object.keys(features.attributes)).toEqual(["system.dmiid"]);
    expect((await hostfit(["probe", "--only", "cpu.nothing"])).stderr).toContain("unknown-feature");
  });

  test("leaves out what identifies the machine", async () => {
    const argv = ["probe", "-q", "-o", "json", "--host-root", root, "--only", "system.dmiid"];
    const plain = JSON.parse((await hostfit(argv)).stdout);
    expect(plain.features.attributes["system.dmiid"].elements).toEqual({ board_asset_tag: "A-17" });
    const redacted = JSON.parse((await hostfit([...argv, "--redact"])).stdout);
    expect(redacted.name).toBe("redacted");
    expect(redacted.features.attributes["system.dmiid"]).toEqual({
      elements: {},
      unknown: ["board_asset_tag"],
    });
  });

  test("refuses a vocabulary that is wrong, and says where", async () => {
    const file = join(root, "wrong.yaml");
    writeFileSync(
      file,
      "apiVersion: hostfit/v1.0\nkind: Vocabulary\nversion: 1.0.0\nfeatures: { a.b: { kind: flags, description: x } }\n",
    );
    const { status, stderr } = await hostfit(["probe", "--vocabulary", file]);
    expect(status).toBe(4);
    expect(stderr).toContain("missing-key");
    expect(stderr).toContain("a vocabulary needs a domain");
  });
});

describe("hostfit explain", () => {
  test("prints just the links if it is told so", async () => {
    expect(await hostfit(["explain", "library.mpich", "-q", "--vocabulary", MPICH])).toEqual({
      status: 0,
      stdout: "https://example.org/mpi/mpich\n",
      stderr: "",
    });
  });
});

describe("hostfit vocabulary", () => {
  test("shows names, pages, and what it doesn't bring along", async () => {
    expect((await hostfit(["vocabulary", "show", "-q", MPICH])).stdout).toBe(
      "org.example.mpi/library.mpich\n",
    );
    const names = (await hostfit(["vocabulary", "show", "-q"])).stdout.split("\n");
    expect(names).toEqual(expect.arrayContaining(["cpu.cpuid", "kernel.cmdline", "org.hostfit/gpu.nvidia"]));
    expect((await hostfit(["vocabulary", "docs", "nfd"])).stdout).toContain("## `cpu.cpuid`");
    expect((await hostfit(["vocabulary", "show", "org.nobody"])).stderr).toContain("unknown-vocabulary");
  });

  test.each([
    [["vocabulary"]],
    [["vocabulary", "check"]],
    [["vocabulary", "chekc", "x"]],
    [["vocabulary", "show", "a", "b"]],
  ])("%j is a mistake of usage", async (argv) => {
    expect((await hostfit(argv)).status).toBe(3);
  });
});

describe("a vocabulary that is published", () => {
  const content = new Content();
  const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
  content.tag("image", index);
  const layout = content.writeLayout(join(root, "layout"));
  const reference = `oci:${layout}:mpi`;
  const publish = (...argv: string[]) =>
    hostfit(["vocabulary", "publish", MPICH, reference, "--created", "2026-01-01T00:00:00Z", ...argv]);

  test("is written once, and pulled as it is", async () => {
    const first = await publish("-o", "json");
    expectValid("vocabulary-publication", JSON.parse(first.stdout));
    expectValid("vocabulary-publication", JSON.parse((await publish("-o", "json")).stdout));
    expect(JSON.parse(first.stdout)).toMatchObject({
      kind: "VocabularyPublication",
      outcome: "published",
      domain: "org.example.mpi",
      version: "1.0.0",
    });
    expect(JSON.parse((await publish("-o", "json")).stdout)).toMatchObject({
      outcome: "unchanged",
      reference: JSON.parse(first.stdout).reference,
    });
    expect((await publish("-q")).stdout).toBe(`${JSON.parse(first.stdout).reference}\n`);
    const file = join(root, "pulled.json");
    const pulled = await hostfit(["vocabulary", "pull", reference, "--file", file]);
    expect(pulled.status).toBe(0);
    expect(pulled.stderr).toContain("org.example.mpi 1.0.0 (sha256:");
    expect((await hostfit(["vocabulary", "check", file])).stdout).toContain("nothing wrong");
    expect((await hostfit(["vocabulary", "pull", reference])).stdout).toBe(readFileSync(file, "utf8"));
    expect((await hostfit(["explain", "library.mpich", "--vocabulary", file])).stdout).toContain(
      "MPICH below /opt",
    );
  });

  test("doesn't take an image's tag, and an image is no vocabulary", async () => {
    const over = await hostfit(["vocabulary", "publish", MPICH, `oci:${layout}:image`]);
    expect([over.status, over.stderr]).toEqual([4, expect.stringContaining("tag-in-use")]);
    const wrong = await hostfit(["vocabulary", "pull", `oci:${layout}:image`]);
    expect([wrong.status, wrong.stderr]).toEqual([4, expect.stringContaining("no-vocabulary")]);
    expect((await hostfit(["vocabulary", "publish", MPICH, `oci:${layout}`])).status).toBe(4);
  });

  test("makes a layout of a folder that isn't there, and of no other", async () => {
    const fresh = `oci:${join(root, "fresh")}:mpi`;
    expect((await hostfit(["vocabulary", "publish", MPICH, fresh])).stdout).toContain("published");
    expect((await hostfit(["vocabulary", "show", fresh, "-q"])).stdout).toBe(
      "org.example.mpi/library.mpich\n",
    );
    const { status, stderr } = await hostfit([
      "vocabulary",
      "publish",
      MPICH,
      `oci:${join(root, "opt")}:mpi`,
    ]);
    expect([status, stderr]).toEqual([4, expect.stringContaining("layout-invalid")]);
  });

  test("must be one that can be used", async () => {
    const file = join(root, "unusable.yaml");
    writeFileSync(file, readFileSync(MPICH, "utf8").replace("/opt/mpich/{version} #", "/root/{version} #"));
    const { status, stderr } = await hostfit(["vocabulary", "publish", file, reference]);
    expect([status, stderr]).toEqual([4, expect.stringContaining("not-allowed")]);
  });
});
