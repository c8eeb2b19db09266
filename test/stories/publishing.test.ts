import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "../registry/content.ts";
import {
  type RegistryServer,
  startCrane,
  startDockerRegistry,
  startReferrersRegistry,
  startZot,
} from "../registry/servers.ts";
import { describeWith } from "../tools.ts";
import { PLATFORMS, requirements } from "./image.ts";

const FACTS = ["--facts", "examples/hosts/old.yaml"];
const folder = temporaryFolder();
const NEEDS = join(folder, "needs.json");
const BASE = join(folder, "base.json");
writeFileSync(NEEDS, JSON.stringify(requirements(10, ">=3")));
writeFileSync(BASE, JSON.stringify({ ...requirements(10, ">=6"), name: "ubi10", prefers: undefined }));

async function done(...argv: string[]): Promise<string> {
  const outcome = await hostfit(argv);
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  return outcome.stdout;
}

for (const [program, start] of [
  ["referrers-registry", startReferrersRegistry],
  ["zot-registry", startZot],
  ["crane", startCrane],
  ["docker-registry", startDockerRegistry],
] as const) {
  describeWith(program, `in ${program}`, () => {
    let server: RegistryServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());

    /** Pushes an image of three platforms, whose manifests have these annotations. */
    async function push(
      name: string,
      annotations: (platform: number) => Record<string, string> = () => ({}),
    ): Promise<{ image: string; index: JsonDescriptor; images: JsonDescriptor[] }> {
      const content = new Content();
      const images = PLATFORMS.map((platform, at) => ({
        ...content.image({ ...platform, name }, { annotations: annotations(at) }),
        platform,
      }));
      const index = content.index(images);
      content.tag("1", index);
      await content.push(`http://${server.host}`, name);
      return { image: `${server.host}/${name}:1`, index, images };
    }

    async function manifestOf(name: string, reference: string): Promise<unknown> {
      const accept = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
      const url = `http://${server.host}/v2/${name}/manifests/${reference}`;
      return (await fetch(url, { headers: { Accept: accept } })).json();
    }

    test("IA-1, DE-3: requirements change without the image's being built or pushed again", async () => {
      const { image, index } = await push("team/app");
      expect((await hostfit(["check", image, ...FACTS])).status).toBe(0);
      await done("attach", BASE, image);
      expect((await hostfit(["check", image, ...FACTS])).status).toBe(1);
      await done("attach", NEEDS, image);
      expect((await hostfit(["check", image, ...FACTS])).status).toBe(0);
      expect(JSON.parse(await done("inspect", image, "-o", "json"))).toMatchObject({
        image: { digest: index.digest },
      });
    });

    test("IA-4: one document for a whole group of images", async () => {
      const images = (await Promise.all([push("group/a"), push("group/b"), push("group/c")])).map(
        ({ image }) => image,
      );
      const answer = JSON.parse(await done("attach", BASE, ...images, "-o", "json")) as {
        attachments: { document: string }[];
      };
      expect(new Set(answer.attachments.map(({ document }) => document)).size).toBe(1);
      for (const image of images) expect((await hostfit(["check", image, ...FACTS])).status).toBe(1);
    });

    test("IA-5: the index says that there is a document to be consulted", async () => {
      const { image } = await push("team/consult");
      const made = await hostfit(["embed", image, "--tag", "2", "--as", "consult", "-q"]);
      expect(made.status).toBe(0);
      const asked = image.replace(/:1$/, ":2");
      expect((await hostfit(["check", asked, ...FACTS])).status).not.toBe(0);
      await done("attach", NEEDS, asked);
      expect((await hostfit(["check", asked, ...FACTS])).status).toBe(0);
    });

    test("IA-6: the base image's document is included, per platform, and a newer one is found out", async () => {
      const base = await push("base/ubi");
      await done("attach", BASE, base.image, "--platform", "linux/amd64/v3");
      await done("attach", NEEDS, base.image);
      const app = await push("team/on-base", (at) => ({
        "org.opencontainers.image.base.name": base.image,
        "org.opencontainers.image.base.digest": base.images[at]?.digest ?? "",
      }));
      const { attachments } = JSON.parse(
        await done("attach", NEEDS, app.image, "--all-platforms", "--from-base", "-o", "json"),
      ) as { attachments: { included: { origin: string }[] }[] };
      // The index's document holds for all variants, that of v3 for one.
      expect(attachments.map(({ included }) => included.length)).toEqual([1, 2, 1]);
      expect(attachments[0]?.included[0]?.origin).toContain(`${base.image}@sha256:`);
      const gpu = ["--facts", "examples/hosts/gpu.yaml"];
      const told = await hostfit(["check", app.image, "--platform", "linux/amd64/v3", ...gpu]);
      expect(told.status).toBe(1);
      expect(told.stdout).toContain(`included from ${base.image}@sha256:`);
      expect(await done("list", "--stale", "-q", app.image)).toBe("");
      await done("attach", BASE, base.image);
      expect(await done("list", "--stale", "-q", app.image)).not.toBe("");
    });

    test("TW-4: a document about one layer is kept apart from those about the image", async () => {
      const { image, images } = await push("team/layers");
      const manifest = (await manifestOf("team/layers", images[0]?.digest ?? "")) as {
        layers: { digest: string }[];
      };
      const layer = manifest.layers[0]?.digest ?? "";
      await done("attach", BASE, image, "--layer", layer);
      expect((await hostfit(["check", image, ...FACTS])).status).toBe(0);
      expect(await done("list", image)).toContain(
        `doesn't count: it is about one layer (It is about the layer ${layer}.)`,
      );
    });

    describeWith("oras", "beside oras", () => {
      test("DE-7: what oras attached counts, and what hostfit attached oras finds", async () => {
        const { image } = await push("team/oras");
        const oras = (...argv: string[]): string =>
          execFileSync("oras", argv, {
            cwd: folder,
            encoding: "utf8",
            stdio: "pipe",
            env: { ...process.env, HOME: folder },
          });
        oras(
          "attach",
          "--plain-http",
          "--artifact-type",
          "application/vnd.hostfit.requirements.v1",
          image,
          "base.json:application/vnd.hostfit.requirements.v1+json",
        );
        expect((await hostfit(["check", image, ...FACTS])).status).toBe(1);
        const artifact = (await done("attach", NEEDS, image, "-q")).trim().replace(/^.*@/, "");
        expect(oras("discover", "--plain-http", "--format", "json", image)).toContain(artifact);
        expect((await hostfit(["check", image, ...FACTS])).status).toBe(0);
      });
    });

    test("SM-1: nothing of the image changes, and other artifacts stay where they are", async () => {
      const { image, index } = await push("team/signed");
      const content = new Content();
      const signature = content.manifest({
        artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        config: content.blob("{}", "application/vnd.oci.empty.v1+json"),
        layers: [content.blob("{}", "application/json")],
        subject: { mediaType: index.mediaType, digest: index.digest, size: index.size },
      });
      content.tagReferrers(index);
      await content.push(`http://${server.host}`, "team/signed");
      await done("attach", NEEDS, image);
      await done("attach", BASE, image, "--replace");
      await done("detach", "--all", image);
      const tag = index.digest.replace(":", "-");
      const listed = (await manifestOf("team/signed", tag)) as { manifests: { digest: string }[] };
      expect(listed.manifests.map(({ digest }) => digest)).toEqual([signature.digest]);
    });

    test("RM-2: registries of today are enough: the whole way of a document", async () => {
      const { image } = await push("team/way");
      await done("attach", NEEDS, image);
      expect(await done("list", "-q", image)).toMatch(/^sha256:\w{64}\n$/);
      expect(await done("pull", image)).toBe(JSON.stringify(requirements(10, ">=3")));
      await done("detach", "--all", image);
      expect(await done("list", "-q", image)).toBe("");
    });
  });
}
