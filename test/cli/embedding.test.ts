import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Content } from "../registry/content.ts";
import { requirements } from "../stories/image.ts";
import { answer, folder, type Listed, layout, NEEDS, OTHER } from "./documents-and-images.ts";
import { hostfit } from "./harness.ts";

describe("hostfit embed", () => {
  interface Embedded {
    readonly digest: string;
    readonly reference: string;
    readonly places: readonly { readonly subject: string | null; readonly document: string | null }[];
    readonly notes: readonly { readonly code: string }[];
  }
  const bare = (image: string): string => image.replace(/:1$/, "");

  test("SR-3: what is attached stands in a new index, and counts there; the images' digests stay", async () => {
    const image = layout();
    await answer("attachment", "attach", NEEDS, image, "--all-platforms");
    const before = JSON.parse((await hostfit(["inspect", image, "-o", "json"])).stdout) as {
      candidates: { digest: string }[];
    };
    const made = await answer<Embedded>("embedding", "embed", image, "--tag", "2");
    expect(made.places).toHaveLength(3);
    const after = JSON.parse((await hostfit(["inspect", `${bare(image)}:2`, "-o", "json"])).stdout) as {
      candidates: { digest: string; documents: { origin: string }[] }[];
    };
    expect(after.candidates.map(({ digest }) => digest)).toEqual(
      before.candidates.map(({ digest }) => digest),
    );
    expect(after.candidates.flatMap(({ documents }) => documents.map(({ origin }) => origin))).toEqual([
      "inline",
      "inline",
      "inline",
    ]);
    const again = await answer<Embedded>("embedding", "embed", image, "--tag", "3");
    expect(again.digest).toBe(made.digest);
  });

  test("IA-5: only the demand to consult, and a document that is missing then is no silence", async () => {
    const image = layout();
    await answer("embedding", "embed", image, "--tag", "2", "--as", "consult");
    const select = ["select", `${bare(image)}:2`, "--facts", "examples/hosts/gpu.yaml"];
    expect((await hostfit(select)).status).not.toBe(0);
    await answer("attachment", "attach", NEEDS, `${bare(image)}:2`);
    expect((await hostfit(select)).status).toBe(0);
  });

  test("digests are pinned, and artifacts hold on to the blobs", async () => {
    const image = layout();
    const made = await answer<Embedded>(
      "embedding",
      "embed",
      image,
      "--tag",
      "2",
      "--as",
      "digest",
      "--requirements",
      OTHER,
      "--all-platforms",
    );
    expect(made.places).toHaveLength(3);
    const listed = await answer<Listed>("document-list", "list", `${bare(image)}:2`);
    expect(listed.documents.filter(({ counts }) => counts).map(({ digest }) => digest)).toEqual(
      made.places.map(({ document }) => document),
    );
    expect(listed.documents.filter(({ why }) => why === "shadowed")).toHaveLength(3);
  });

  test("past the budget it refuses and offers the digest", async () => {
    const image = layout();
    const big = join(folder, "big.json");
    writeFileSync(big, JSON.stringify({ ...requirements(1), description: "x".repeat(17 * 1024) }));
    const index = readFileSync(join(bare(image).slice(4), "index.json"), "utf8");
    const { status, stderr } = await hostfit(["embed", image, "--tag", "2", "--requirements", big]);
    expect(status).toBe(4);
    expect(stderr).toContain("error inline-too-large");
    expect(stderr).toContain("--as digest");
    expect(readFileSync(join(bare(image).slice(4), "index.json"), "utf8")).toBe(index);
    expect(
      (await hostfit(["embed", image, "--tag", "2", "--requirements", big, "--as", "digest"])).status,
    ).toBe(0);
  });

  test("Docker's list becomes an OCI index, and a single image gets one", async () => {
    const content = new Content();
    const images = [content.image({ os: "linux", architecture: "amd64" })];
    const list = content.index(
      images.map((one) => ({ ...one, platform: { os: "linux", architecture: "amd64" } })),
      {},
      "application/vnd.docker.distribution.manifest.list.v2+json",
    );
    content.tag("1", list);
    content.tag("single", images[0] ?? list);
    const image = layout(content);
    const docker = await answer<Embedded>("embedding", "embed", image, "--tag", "2", "--requirements", OTHER);
    expect(docker.notes.map(({ code }) => code)).toEqual(["docker-list"]);
    const one = await answer<Embedded>(
      "embedding",
      "embed",
      `${bare(image)}:single`,
      "--tag",
      "3",
      "--requirements",
      OTHER,
      "--all-platforms",
    );
    expect(one.notes.map(({ code }) => code)).toEqual(["new-index"]);
    const shown = JSON.parse((await hostfit(["inspect", `${bare(image)}:3`, "-o", "json"])).stdout);
    expect(shown.image.mediaType).toBe("application/vnd.oci.image.index.v1+json");
    expect(shown.candidates).toMatchObject([
      { platform: { os: "linux", architecture: "amd64" }, documents: [{ origin: "inline" }] },
    ]);
  });

  test("what an index says already leaves it as it is, and nothing is said to stay behind", async () => {
    const image = layout();
    const embed = (...more: string[]) => hostfit(["embed", image, "--requirements", OTHER, ...more]);
    await embed("--tag", "1");
    await answer("attachment", "attach", NEEDS, image);
    const before = await answer<Listed & { readonly image: { readonly digest: string } }>(
      "document-list",
      "list",
      image,
    );
    for (const mode of [["--dry-run"], []]) {
      const text = await embed("--tag", "2", ...mode);
      expect({ status: text.status, stderr: text.stderr }).toEqual({ status: 0, stderr: "" });
      expect(text.stdout).toMatch(new RegExp(`^(would be|same) +2 +${before.image.digest}$`, "m"));
      expect(text.stdout).toContain("note: the index says this already: it keeps its digest");
    }
    const again = await answer<Embedded & { readonly leftBehind: object }>(
      "embedding",
      "embed",
      image,
      "--requirements",
      OTHER,
      "--tag",
      "3",
    );
    expect(again.digest).toBe(before.image.digest);
    expect(again.leftBehind).toEqual({ referrers: [], tags: [] });
    expect(again.notes.map(({ code }) => code)).toContain("unchanged");
  });

  test("SM-1: what stays behind with the old index is named", async () => {
    const image = layout();
    await answer("attachment", "attach", NEEDS, image);
    const { stderr } = await hostfit(["embed", image, "--tag", "2"]);
    expect(stderr).toMatch(
      /don't follow to the new index; here: 1 of application\/vnd.hostfit.requirements.v1/,
    );
  });
});
