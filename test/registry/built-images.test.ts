/** Images as builders make them today, with documents attached to them. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { describeWith } from "../tools.ts";
import { temporaryFolder } from "./content.ts";
import { type RegistryServer, startDockerRegistry, startZot } from "./servers.ts";

const folder = temporaryFolder();
const needs = join(folder, "needs.json");
writeFileSync(
  needs,
  '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"kernel.version":{"full":{"version":">=99"}}}}',
);
const env = { HOSTFIT_CACHE: "off" };
const facts = (host: string): readonly string[] => ["--facts", `examples/hosts/${host}.yaml`];

/** Attaches a document that holds nowhere, and takes it off again. */
async function expectDocumented(image: string, host: string): Promise<void> {
  expect((await hostfit(["check", image, ...facts(host)], { env })).status).toBe(0);
  expect((await hostfit(["attach", needs, image], { env })).status).toBe(0);
  expect((await hostfit(["check", image, ...facts(host)], { env })).status).toBe(1);
  expect((await hostfit(["detach", "--all", image], { env })).status).toBe(0);
  expect((await hostfit(["check", image, ...facts(host)], { env })).status).toBe(0);
}

describeWith("umoci", "umoci", () => {
  test("makes layouts that documents are attached to, and reads them afterwards", async () => {
    const layout = join(folder, "umoci");
    const umoci = (...parameters: string[]): string =>
      execFileSync("umoci", parameters, { encoding: "utf8", stdio: "pipe" });
    umoci("init", "--layout", layout);
    umoci("new", "--image", `${layout}:1`);
    umoci("config", "--image", `${layout}:1`, "--architecture", "amd64", "--os", "linux");
    await expectDocumented(`oci:${layout}:1`, "gpu");
    await hostfit(["attach", needs, `oci:${layout}:1`], { env });
    expect(umoci("list", "--layout", layout).trim()).toBe("1");
    expect(umoci("stat", "--image", `${layout}:1`)).toContain("LAYER");
  });
});

describeWith("buildah", "buildah", () => {
  const store = [
    "--root",
    join(folder, "storage"),
    "--runroot",
    join(folder, "run"),
    "--storage-driver",
    "vfs",
  ];
  const buildah = (...parameters: string[]): string =>
    execFileSync("buildah", [...store, ...parameters], {
      encoding: "utf8",
      stdio: "pipe",
      // Whoever runs the tests may have a configuration that looks elsewhere.
      env: { ...process.env, HOME: folder, BUILDAH_ISOLATION: "chroot" },
    }).trim();
  const platforms = ["amd64", "arm64"] as const;

  beforeAll(() => {
    buildah("manifest", "create", "both");
    for (const architecture of platforms) {
      const container = buildah("from", "--arch", architecture, "scratch");
      buildah("config", "--arch", architecture, "--os", "linux", "--label", `of=${architecture}`, container);
      buildah("commit", "--quiet", "--format", "docker", container, `made:${architecture}`);
      buildah("manifest", "add", "both", `made:${architecture}`);
    }
  }, 60_000);

  test("makes layouts: one image of two platforms", async () => {
    const layout = join(folder, "buildah");
    buildah("manifest", "push", "--all", "both", `oci:${layout}:1`);
    await expectDocumented(`oci:${layout}:1`, "gpu");
    await expectDocumented(`oci:${layout}:1`, "arm");
  });

  for (const [program, start, formats] of [
    ["docker-registry", startDockerRegistry, ["oci", "v2s2"]],
    // It takes no manifests of Docker's.
    ["zot-registry", startZot, ["oci"]],
  ] as const) {
    describeWith(program, `pushed to ${program}`, () => {
      let server: RegistryServer;
      beforeAll(async () => {
        server = await start();
      });
      afterAll(() => server?.stop());

      test.each([...formats])("as %s", async (format) => {
        const image = `${server.host}/made/${format}:1`;
        buildah(
          "manifest",
          "push",
          "--all",
          "--tls-verify=false",
          "--format",
          format,
          "both",
          `docker://${image}`,
        );
        const { stdout } = await hostfit(["inspect", image, "-o", "json"], { env });
        const { candidates } = JSON.parse(stdout) as { candidates: { platform: { architecture: string } }[] };
        expect(candidates.map(({ platform }) => platform.architecture).sort()).toEqual(["amd64", "arm64"]);
        await expectDocumented(image, "gpu");
      });
    });
  }
});
