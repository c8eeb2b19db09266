import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LayoutSource } from "../../src/registry/layout.ts";
import { Content, temporaryFolder } from "./content.ts";
import { rejection } from "./rejection.ts";

describe("a damaged layout is told by its file, what is wrong and what to do", () => {
  const IMAGE = { os: "linux", architecture: "amd64" };
  /** A layout whose first entry is an index, with an artifact beside it. */
  function layout(): { folder: string; blob: (digest: string) => string; index: string; inner: string } {
    const content = new Content();
    const { index, images } = content.platforms([IMAGE]);
    const artifact = content.artifact(index, { revision: 1 });
    const folder = content.writeLayout(temporaryFolder(), [index, artifact]);
    const blob = (digest: string): string => join(folder, "blobs", "sha256", digest.slice("sha256:".length));
    return { folder, blob, index: index.digest, inner: images[0]?.digest ?? "" };
  }

  test.each([
    [
      "index.json ends too early",
      (one: ReturnType<typeof layout>) => writeFileSync(join(one.folder, "index.json"), '{"manifests": ['),
      "not-json",
      "/index.json: the file is not JSON: it ends too early",
    ],
    [
      "index.json is empty",
      (one: ReturnType<typeof layout>) => writeFileSync(join(one.folder, "index.json"), ""),
      "not-json",
      "/index.json: the file is empty",
    ],
    [
      "index.json is a list",
      (one: ReturnType<typeof layout>) => writeFileSync(join(one.folder, "index.json"), "[]"),
      "not-json",
      "/index.json: the file is a list, not a JSON object",
    ],
    [
      "index.json names no digest",
      (one: ReturnType<typeof layout>) =>
        writeFileSync(
          join(one.folder, "index.json"),
          '{"manifests": [{"mediaType": "a/b", "digest": "x", "size": 1}]}',
        ),
      "layout-invalid",
      "index.json is wrong at /manifests/0/digest: ",
    ],
    [
      "the image's blob is missing",
      (one: ReturnType<typeof layout>) => rmSync(one.blob(one.index)),
      "manifest-unknown",
      "(/manifests/0), and blobs/sha256/",
    ],
  ])("%s", async (_what, damage, code, says) => {
    const one = layout();
    damage(one);
    const error = await rejection(new LayoutSource(one.folder).resolve({ tag: null, digest: null }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
    expect(error.message).toContain(one.folder);
    expect(`${error.message} ${error.help}`.replaceAll(one.folder, "")).not.toMatch(/answer|registry/);
    expect(error.help).toMatch(/layout|Copy/);
  });

  test("a manifest that is no JSON is told by its digest", async () => {
    const content = new Content();
    const broken = content.manifest({}, undefined, new TextEncoder().encode("nonsense"));
    const folder = content.writeLayout(temporaryFolder(), [broken]);
    const error = await rejection(new LayoutSource(folder).resolve({ tag: null, digest: null }));
    expect(error.message).toBe(`oci:${folder}@${broken.digest}: it is not JSON`);
    expect(error.help).toContain("Build or copy the image again");
  });

  test("a descriptor that is wrong is told with the manifest that it stands in", async () => {
    const content = new Content();
    const broken = content.manifest({ config: { mediaType: "a/b" }, layers: [] });
    const folder = content.writeLayout(temporaryFolder(), [broken]);
    const error = await rejection(new LayoutSource(folder).resolve({ tag: null, digest: null }));
    expect(error.message).toContain(`oci:${folder}@${broken.digest}: at /config/digest: `);
  });
});
