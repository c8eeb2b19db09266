import { describe, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";

const HOSTS = ["--hosts", "examples/fleet/nodefeatures.json"];

describe("SR-4: which applications fit a new operating system or version is known before the migration", () => {
  test("today one node can't run it; with the new system every node can", async () => {
    const argv = ["fleet", "--images", "examples/fleet/images.txt", ...HOSTS];
    const today = await hostfit(argv);
    expect(today.stdout).toContain("fits 3, doesn't fit 1");
    expect(today.stdout).toContain("found 3.10.0-1160.el7.x86_64, wanted: version >=4.18");
    const migrated = await hostfit([...argv, "--what-if", "examples/fleet/rhel-10.yaml"]);
    expect(migrated.stdout).toMatch(/^ +1 {2}fit every host$/m);
  });

  test("what would no longer fit anywhere ends with 1, so that a pipeline stops", async () => {
    const older = '{"features":{"attributes":{"kernel.version":{"elements":{"full":"3.10.0"}}}}}';
    const argv = ["fleet", "--images", "examples/lammps-src/amd64.yaml", ...HOSTS, "--what-if", "-"];
    const outcome = await hostfit(argv, { stdin: older });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toMatch(/^ +1 {2}fit no host$/m);
  });
});

describe("SR-5: the same for new hardware", () => {
  const argv = ["fleet", "--images", "examples/lammps-src/amd64-v4.yaml", ...HOSTS, "-o", "json"];

  async function compatible(stdin?: string): Promise<number | undefined> {
    const { stdout } = await hostfit([...argv, ...(stdin === undefined ? [] : ["--what-if", "-"])], {
      ...(stdin === undefined ? {} : { stdin }),
    });
    return (JSON.parse(stdout) as { images: { compatible: number }[] }).images[0]?.compatible;
  }

  test("a processor with AVX-512 in every node lets it run where the kernel is new enough", async () => {
    const flags = ["AVX512F", "AVX512CD", "AVX512BW", "AVX512DQ", "AVX512VL"].map((name) => `"${name}":{}`);
    expect(await compatible()).toBe(1);
    expect(await compatible(`{"features":{"flags":{"cpu.cpuid":{"elements":{${flags.join()}}}}}}`)).toBe(3);
  });

  test("and one without it nowhere", async () => {
    expect(await compatible('{"features":{"flags":{"cpu.cpuid":{"elements":{"AVX512F":null}}}}}')).toBe(0);
  });
});
