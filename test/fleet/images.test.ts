import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { HostfitError } from "../../src/errors.ts";
import { readWorkloads, type Workload } from "../../src/fleet/images.ts";
import { temporaryFolder } from "../registry/content.ts";
import { list, pod } from "./cluster.ts";

const folder = temporaryFolder();
const DIGEST = `sha256:${"a".repeat(64)}`;

function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

function read(path: string): Promise<readonly Workload[]> {
  return readWorkloads({ path, cwd: "/", read: (one) => readFile(one) });
}

describe("the images that are asked about", () => {
  test("a list of references, with comments, each once", async () => {
    const path = file(
      "list.txt",
      "# ours\nregistry.example/a:1\n\n  oci:images/b # local\nregistry.example/a:1\n",
    );
    expect(await read(path)).toEqual([
      { kind: "image", name: "registry.example/a:1", pods: null },
      { kind: "image", name: "oci:images/b", pods: null },
    ]);
  });

  test("pods: each image once with the pods that run it, by digest where the kubelet tells one", async () => {
    const pods = list([
      pod("one", {
        app: ["example.org/app:1", `example.org/app@${DIGEST}`],
        side: ["example.org/side:2", "docker.io/library/side@sha256:short"],
      }),
      pod("two", {
        app: ["example.org/app:1", `docker-pullable://example.org/app@${DIGEST}`],
        again: ["example.org/app:1", `example.org/app@${DIGEST}`],
        config: ["example.org/config:3", DIGEST],
        pinned: [`example.org/p@${DIGEST}`, ""],
      }),
      { kind: "Pod", spec: { initContainers: [{ name: "i", image: "example.org/init" }] } },
    ]);
    expect(await read(file("pods.json", pods))).toEqual([
      { kind: "image", name: `example.org/app@${DIGEST}`, pods: 2 },
      { kind: "image", name: "example.org/side:2", pods: 1 },
      { kind: "image", name: "example.org/config:3", pods: 1 },
      { kind: "image", name: `example.org/p@${DIGEST}`, pods: 1 },
      { kind: "image", name: "example.org/init", pods: 1 },
    ]);
  });

  test("a folder of documents, and a document alone", async () => {
    const documents = join(folder, "documents");
    mkdirSync(documents);
    writeFileSync(join(documents, "b.yaml"), "kind: Requirements\n");
    writeFileSync(join(documents, "a.json"), "{}");
    writeFileSync(join(documents, "notes.md"), "");
    const found = await read(documents);
    expect(found.map(({ kind, name }) => `${kind} ${name.replace(documents, "")}`)).toEqual([
      "document /a.json",
      "document /b.yaml",
    ]);
    const alone = file("alone.yaml", "apiVersion: hostfit/v1.0\nkind: Requirements\n");
    expect(await read(alone)).toMatchObject([{ kind: "document", name: alone }]);
  });

  test.each<[string, string | object, string]>([
    ["an empty list", "# nothing\n", "no-images"],
    ["no pods", { kind: "PodList", items: [] }, "no-images"],
    ["a line that is no reference", "docker run nginx\n", "bad-list"],
  ])("%s is an error", async (name, content, code) => {
    const error = await read(file(`${name}.txt`, content)).catch((why: HostfitError) => why);
    expect(error).toMatchObject({ code });
  });
});
