import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { Content, temporaryFolder } from "../registry/content.ts";
import { imageWithAttachedDocuments, imageWithInlineDocuments, requirements } from "../stories/image.ts";
import { hostfit, ROOT } from "./harness.ts";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
beforeAll(() => {
  const folder = `${ROOT}src/cli/schemas`;
  for (const file of readdirSync(folder)) {
    ajv.addSchema(JSON.parse(readFileSync(`${folder}/${file}`, "utf8")), file);
  }
});

const folder = temporaryFolder();
const NEEDS = join(folder, "needs.yaml");
const OTHER = join(folder, "other.json");
const NFD = join(folder, "nfd.yaml");
const WRONG = join(folder, "wrong.yaml");
writeFileSync(NEEDS, "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { cpu.cpuid: [AVX2] }\n");
writeFileSync(OTHER, JSON.stringify(requirements(10)));
writeFileSync(
  NFD,
  "version: v1alpha1\ncompatibilities:\n  - rules:\n      - name: a\n        matchFeatures:\n          - feature: kernel.loadedmodule\n            matchExpressions: { vfio: { op: Exists } }\n",
);
writeFileSync(WRONG, "apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { cpu.cpuid: AVX2 }\n");

let count = 0;
/** A layout with an image of three variants. */
function layout(made = imageWithPlatforms()): string {
  return `oci:${made.writeLayout(join(folder, `image-${++count}`))}:1`;
}
function imageWithPlatforms(): Content {
  const content = new Content();
  const { index } = content.platforms([
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "amd64", variant: "v3" },
    { os: "linux", architecture: "arm64" },
  ]);
  content.tag("1", index);
  return content;
}

/** Runs a command, whose JSON must be of its schema's form. */
async function answer<T>(schema: string, ...argv: string[]): Promise<T> {
  const { status, stdout, stderr } = await hostfit([...argv, "-o", "json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const json: unknown = JSON.parse(stdout);
  const validate = ajv.getSchema(`${schema}.schema.json`);
  validate?.(json);
  expect(validate?.errors ?? []).toEqual([]);
  return json as T;
}

interface Listed {
  readonly documents: readonly {
    readonly subjectKind: string;
    readonly digest: string | null;
    readonly artifact: string | null;
    readonly dialect: string | null;
    readonly counts: boolean;
    readonly why: string | null;
    readonly revision: number | null;
    readonly created: string | null;
  }[];
}
interface Attached {
  readonly attachments: readonly {
    readonly outcome: string;
    readonly artifact: string;
    readonly document: string;
  }[];
}

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

describe("IA-6 and IA-4: inheritance and groups", () => {
  const base = (image: string): string => image.replace(/:1$/, "");
  const NAMED = join(folder, "base.yaml");
  writeFileSync(
    NAMED,
    "apiVersion: hostfit/v1.0\nkind: Requirements\nname: ubi10\nrequires: { kernel.version: { full: { version: '>=5.14' } } }\n",
  );

  test("what the base requires is copied in, pinned, and the reasons say where it is from", async () => {
    const [one, two] = [layout(), layout()];
    const attached = await answer<Attached>("attachment", "attach", NAMED, one);
    const made = await answer<{ attachments: { included: { origin: string; digest: string }[] }[] }>(
      "attachment",
      "attach",
      NEEDS,
      two,
      "--include",
      one,
    );
    const [included] = made.attachments[0]?.included ?? [];
    expect(included?.digest).toBe(attached.attachments[0]?.document);
    expect(included?.origin).toMatch(/^oci:.*:1@sha256:/);
    const { stdout, status } = await hostfit(["select", two, "--facts", "examples/hosts/old.yaml"]);
    expect(status).toBe(1);
    expect(stdout).toContain(`included from ${included?.origin}`);
    expect(stdout).toContain("ubi10");
  });

  test("what is included through another comes along with its path", async () => {
    const [one, two, three] = [layout(), layout(), layout()];
    await answer("attachment", "attach", NAMED, one);
    await answer("attachment", "attach", NEEDS, two, "--include", one);
    const made = await answer<{ attachments: { included: { origin: string }[] }[] }>(
      "attachment",
      "attach",
      OTHER,
      three,
      "--include",
      two,
    );
    expect(made.attachments[0]?.included.map(({ origin }) => origin.split(" > ").length)).toEqual([1, 2]);
    const { stdout } = await hostfit(["pull", three]);
    expect((await hostfit(["lint", "-"], { stdin: stdout })).stdout).toBe("(stdin): nothing wrong\n");
  });

  test("a pushed document is included, and list --stale finds who has an old one of it", async () => {
    const image = layout();
    const group = `${base(layout())}:group`;
    await answer("push", "push", NAMED, group);
    await answer("attachment", "attach", NEEDS, image, "--include", group);
    expect((await hostfit(["list", "--stale", "-q", image])).stdout).toBe("");
    const current = await answer<{ includes: { state: string }[] }>(
      "document-list",
      "list",
      "--stale",
      image,
    );
    expect(current.includes.map(({ state }) => state)).toEqual(["current"]);
  });

  test("list --stale tells a newer document of the base", async () => {
    const [one, two] = [layout(), layout()];
    await answer("attachment", "attach", NAMED, one);
    await answer("attachment", "attach", NEEDS, two, "--include", one);
    await answer("attachment", "attach", OTHER, one);
    const { includes } = await answer<{ includes: { state: string; now: string[] }[] }>(
      "document-list",
      "list",
      "--stale",
      two,
    );
    expect(includes).toMatchObject([{ state: "newer" }]);
    expect((await hostfit(["list", "--stale", two])).stdout).toContain("stale: there is a newer one");
    // Attaching anew brings it up to date, in place of the old one.
    const pulled = join(folder, "again.json");
    await hostfit(["pull", two, "--file", pulled, "-q"]);
    await answer("attachment", "attach", pulled, two, "--include", one);
    const fresh = await answer<{ includes: { state: string }[] }>("document-list", "list", "--stale", two);
    expect(fresh.includes.map(({ state }) => state)).toEqual(["current"]);
  });

  test.each([
    ["an image that includes itself", ["--include", "SELF"], "include-cycle"],
    ["an image without documents", ["--include", "BARE"], "nothing-to-include"],
    ["NFD's document", ["--include", "NFD"], "include-dialect"],
    ["an image that names no base", ["--from-base"], "base-unknown"],
  ] as const)("%s is refused, and nothing is written", async (_what, argv, code) => {
    const [image, bare, nfd] = [layout(), layout(), layout()];
    await answer("attachment", "attach", NFD, nfd);
    const words = { SELF: image, BARE: bare, NFD: nfd } as Readonly<Record<string, string>>;
    const outcome = await hostfit(["attach", NEEDS, image, ...argv.map((word) => words[word] ?? word)]);
    expect(outcome).toMatchObject({ status: 4, stdout: "" });
    expect(outcome.stderr).toContain(`error ${code}`);
    expect((await answer<Listed>("document-list", "list", image)).documents).toEqual([]);
  });

  test("numbers keep their spelling on the way", async () => {
    const [one, two] = [layout(), layout()];
    const spelled = join(folder, "spelled.json");
    writeFileSync(
      spelled,
      '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"a.b":{"v":"1.10","w":1.10}}}',
    );
    await answer("attachment", "attach", spelled, one);
    await answer("attachment", "attach", NEEDS, two, "--include", one);
    expect((await hostfit(["pull", two])).stdout).toContain('"requires":{"a.b":{"v":"1.10","w":1.10}}');
  });
});
