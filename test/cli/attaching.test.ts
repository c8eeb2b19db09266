import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { imageWithAttachedDocuments, imageWithInlineDocuments, requirements } from "../stories/image.ts";
import {
  type Attached,
  answer,
  folder,
  type Listed,
  layout,
  NEEDS,
  NFD,
  OTHER,
  WRONG,
} from "./documents-and-images.ts";
import { hostfit } from "./harness.ts";

describe("hostfit attach, list, pull and detach", () => {
  test("go round: what is attached is listed, judged, pulled byte for byte, and taken off", async () => {
    const image = layout();
    const attached = await answer<Attached>("attachment", "attach", NEEDS, image);
    expect(attached.attachments).toMatchObject([{ outcome: "attached", revision: 1, listedBy: "layout" }]);
    const listed = await answer<Listed>("document-list", "list", image);
    expect(listed.documents).toMatchObject([
      {
        subjectKind: "index",
        dialect: "native",
        counts: true,
        revision: 1,
        artifact: attached.attachments[0]?.artifact,
      },
    ]);
    const judged = await hostfit(["select", image, "--facts", "examples/hosts/old.yaml"]);
    expect({ status: judged.status, told: judged.stdout.includes("cpu.cpuid") }).toEqual({
      status: 1,
      told: true,
    });
    expect((await hostfit(["pull", image])).stdout).toBe(
      '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"cpu.cpuid":["AVX2"]}}',
    );
    const document = attached.attachments[0]?.document ?? "";
    const plan = await answer("detachment", "detach", image, document, "--dry-run");
    expect(plan).toMatchObject({ dryRun: true, detachments: [{ outcome: "planned" }] });
    const gone = await answer("detachment", "detach", image, document);
    expect(gone).toMatchObject({ detachments: [{ outcome: "removed", document }] });
    expect((await answer<Listed>("document-list", "list", image)).documents).toEqual([]);
    expect(await hostfit(["list", "-q", image])).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("the same input at the same time gives the same artifact, everywhere", async () => {
    const env = { SOURCE_DATE_EPOCH: "1700000000" };
    const [one, two] = [layout(), layout()];
    const first = await hostfit(["attach", "-q", NEEDS, one], { env });
    const second = await hostfit(["attach", "-q", NEEDS, two], { env });
    const digest = /@sha256:\w+/;
    expect(first.stdout.match(digest)?.[0]).toBe(second.stdout.match(digest)?.[0]);
    expect(first.stdout).toMatch(digest);
    const listed = await answer<Listed>("document-list", "list", one);
    expect(listed.documents[0]?.created).toBe("2023-11-14T22:13:20Z");
    const other = await hostfit(["attach", "-q", OTHER, one, "--created", "2024-01-01T01:00:00+01:00"], {
      env,
    });
    expect(other.status).toBe(0);
    const both = await answer<Listed>("document-list", "list", one);
    expect(both.documents.map(({ created, counts, why }) => ({ created, counts, why }))).toEqual([
      { created: "2024-01-01T00:00:00Z", counts: true, why: null },
      { created: "2023-11-14T22:13:20Z", counts: false, why: "older-revision" },
    ]);
  });

  test("NFD's document is attached as NFD's tools write it, and counts", async () => {
    const image = layout();
    await answer("attachment", "attach", NFD, image);
    const { stdout } = await hostfit(["pull", image]);
    expect(stdout).toBe(readFileSync(NFD, "utf8"));
    const listed = await answer<Listed>("document-list", "list", image);
    expect(listed.documents).toMatchObject([{ dialect: "nfd", counts: true }]);
  });

  test("--platform attaches to one variant, and pull finds it there", async () => {
    const image = layout();
    const attached = await answer<Attached>(
      "attachment",
      "attach",
      NEEDS,
      image,
      "--platform",
      "linux/arm64",
    );
    expect(attached.attachments).toMatchObject([{ platform: { architecture: "arm64" } }]);
    expect((await hostfit(["pull", image])).status).toBe(4);
    expect((await hostfit(["pull", image, "--platform", "linux/arm64"])).status).toBe(0);
    expect((await hostfit(["attach", NEEDS, image, "--platform", "linux/s390x"])).status).toBe(1);
  });

  test("list shows what stands in an index, what is attached, and why something doesn't count", async () => {
    const made = imageWithInlineDocuments();
    const [first] = made.images;
    if (first !== undefined)
      made.content.artifact(first, { document: JSON.stringify(requirements(1)), revision: 3 });
    const image = `oci:${made.content.writeLayout(join(folder, "shadow"), [
      ...[...made.content.manifests].map(([digest, mediaType]) => ({
        digest,
        mediaType,
        size: made.content.blobs.get(digest)?.length ?? 0,
      })),
    ])}@${made.index.digest}`;
    const listed = await answer<Listed>("document-list", "list", image);
    expect(listed.documents.filter(({ counts }) => counts)).toHaveLength(3);
    expect(listed.documents.filter(({ counts }) => !counts)).toMatchObject([
      { why: "shadowed", revision: 3, dialect: "native" },
    ]);
    expect((await hostfit(["list", image])).stdout).toContain(
      "doesn't count: a document in the index takes its place",
    );
  });

  test("pull asks which, where several count, and takes one by digest", async () => {
    const { content, index } = imageWithAttachedDocuments();
    content.artifact(index, { document: '{"on":"index"}', revision: 1 });
    const image = `oci:${content.writeLayout(join(folder, "several"), [
      ...[...content.manifests].map(([digest, mediaType]) => ({
        digest,
        mediaType,
        size: content.blobs.get(digest)?.length ?? 0,
      })),
    ])}@${index.digest}`;
    const { status, stderr } = await hostfit(["pull", image, "--platform", "linux/arm64"]);
    expect(status).toBe(4);
    expect(stderr).toContain("error several-documents");
    const digest = /--digest (sha256:\w+)/.exec(stderr)?.[1] ?? "";
    const file = join(folder, "pulled.json");
    expect((await hostfit(["pull", image, "--digest", digest, "--file", file, "-q"])).status).toBe(0);
    expect(readFileSync(file, "utf8")).toBe('{"on":"index"}');
    expect(existsSync(`${file}.${process.pid}.tmp`)).toBe(false);
  });

  test.each([
    ["a document that is wrong", ["attach", WRONG, "IMAGE"], 4, "wrong-type"],
    ["facts", ["attach", "examples/hosts/gpu.yaml", "IMAGE"], 4, "wrong-kind"],
    ["an image that isn't there", ["attach", NEEDS, "oci:nowhere"], 4, "layout-invalid"],
    ["no image", ["attach", NEEDS], 3, "usage"],
    ["two ways at once", ["attach", NEEDS, "IMAGE", "--all-platforms", "--layer", "x"], 3, "usage"],
    [
      "a layer that nothing has",
      ["attach", NEEDS, "IMAGE", "--layer", `sha256:${"0".repeat(64)}`],
      4,
      "layer-unknown",
    ],
    ["a time that is none", ["attach", NEEDS, "IMAGE", "--created", "yesterday"], 4, "created-invalid"],
    ["detaching nothing in particular", ["detach", "IMAGE"], 3, "usage"],
    ["detaching what isn't there", ["detach", "IMAGE", `sha256:${"0".repeat(64)}`], 4, "document-unknown"],
    ["pulling where there is nothing", ["pull", "IMAGE"], 4, "no-document"],
    ["pushing without a tag", ["push", NEEDS, "oci:DIR"], 4, "tag-missing"],
    ["pushing over an image", ["push", NEEDS, "IMAGE"], 4, "tag-in-use"],
  ] as const)("%s is refused, and nothing is written", async (_what, argv, status, code) => {
    const image = layout();
    const before = readFileSync(join(image.slice(4, -2), "index.json"), "utf8");
    const outcome = await hostfit(
      argv.map((word) => (word === "IMAGE" ? image : word === "oci:DIR" ? image.slice(0, -2) : word)),
    );
    expect({ status: outcome.status, stdout: outcome.stdout }).toEqual({ status, stdout: "" });
    expect(outcome.stderr).toContain(`error ${code}`);
    expect(readFileSync(join(image.slice(4, -2), "index.json"), "utf8")).toBe(before);
  });
});

describe("hostfit push", () => {
  test("IA-4: a document stands by itself, is pulled, and grows its revision", async () => {
    const place = `${layout().slice(0, -2)}:needs`;
    expect(await answer("push", "push", NEEDS, place)).toMatchObject({ outcome: "pushed", revision: 1 });
    expect(await answer("push", "push", NEEDS, place)).toMatchObject({ outcome: "unchanged", revision: 1 });
    expect(await answer("push", "push", OTHER, place)).toMatchObject({ outcome: "pushed", revision: 2 });
    expect((await hostfit(["pull", place])).stdout).toBe(readFileSync(OTHER, "utf8"));
  });
});
