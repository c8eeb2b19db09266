import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cacheFolder, DiskStore } from "../../src/registry/disk-store.ts";
import { makeLayoutIfNew } from "../../src/registry/new-layout.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { hostfit } from "../cli/harness.ts";
import { imageWithAttachedDocuments } from "../stories/image.ts";
import { Content, sha256, temporaryFolder } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe("the cache on disk", () => {
  test.each<[Record<string, string>, string | null]>([
    [{ XDG_CACHE_HOME: "/c", HOME: "/h" }, "/c/hostfit"],
    [{ XDG_CACHE_HOME: "relative", HOME: "/h" }, "/h/.cache/hostfit"],
    [{ HOME: "/h" }, "/h/.cache/hostfit"],
    [{ HOME: "/h", HOSTFIT_CACHE: "/mine" }, "/mine"],
    [{ HOME: "/h", HOSTFIT_CACHE: "off" }, null],
    [{}, null],
  ])("%j is in %j", (environment, expected) => {
    expect(cacheFolder(environment)).toBe(expected);
  });

  test("gives back what it was given, to other processes too", async () => {
    const folder = temporaryFolder();
    const content = { bytes: encode("line\nline"), mediaType: "a/b" };
    const digest = sha256(content.bytes);
    await new DiskStore(folder).set(digest, content);
    const kept = await new DiskStore(folder).get(digest);
    expect({ ...kept, bytes: new TextDecoder().decode(kept?.bytes) }).toEqual({
      bytes: "line\nline",
      mediaType: "a/b",
    });
    expect(statSync(filesIn(folder)[0] ?? "").mode & 0o077).toBe(0);
    expect(await new DiskStore(folder).get(sha256("other"))).toBeUndefined();
  });

  test("a damaged file is no content, and goes", async () => {
    const folder = temporaryFolder();
    const store = new DiskStore(folder);
    const digest = sha256("right");
    await store.set(digest, { bytes: encode("right"), mediaType: null });
    const [file] = filesIn(folder);
    writeFileSync(file ?? "", "\nwrong");
    expect(await store.get(digest)).toBeUndefined();
    expect(filesIn(folder)).toEqual([]);
  });

  test("keeps to its size: what was used longest ago goes first", async () => {
    const folder = temporaryFolder();
    const bytes = (fill: number): Uint8Array => new Uint8Array(1000).fill(fill);
    for (let at = 0; at < 5; at++) {
      // Each writer looks at its first write.
      await new DiskStore(folder, 4500).set(sha256(bytes(at)), { bytes: bytes(at), mediaType: null });
      for (const file of filesIn(folder)) {
        if (readFileSync(file)[1] === at) utimesSync(file, 1000 + at, 1000 + at);
      }
    }
    const store = new DiskStore(folder, 4500);
    expect(await store.get(sha256(bytes(0)))).toBeUndefined();
    expect(await store.get(sha256(bytes(4)))).toBeDefined();
  });

  test("many writers at once leave whole files", async () => {
    const folder = temporaryFolder();
    const digest = sha256("same");
    await Promise.all(
      Array.from({ length: 16 }, () =>
        new DiskStore(folder).set(digest, { bytes: encode("same"), mediaType: null }),
      ),
    );
    expect(filesIn(folder)).toHaveLength(1);
    expect(await new DiskStore(folder).get(digest)).toBeDefined();
  });

  test("a folder that can't be written is no cache, and no error", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const store = new DiskStore(join(file, "below"));
    await store.set(sha256("a"), { bytes: encode("a"), mediaType: null });
    await store.note("a", 1);
    expect([await store.get(sha256("a")), await store.recall("a")]).toEqual([undefined, undefined]);
  });

  // What is there says of a new folder that it isn't: mkdir with `recursive` never comes back.
  test("a folder in which none can be made is no cache either", async () => {
    const store = new DiskStore("/proc/hostfit/cache");
    await store.set(sha256("a"), { bytes: encode("a"), mediaType: null });
    expect(await store.get(sha256("a"))).toBeUndefined();
    const layout = parseReference("oci:/proc/hostfit/layout:1");
    await expect(makeLayoutIfNew(layout)).rejects.toMatchObject({ code: "write-refused" });
  });
});

describe("--offline", () => {
  const FACTS = ["--facts", "examples/hosts/gpu.yaml"];

  test("answers as before without asking anybody; what was not seen is an error", async () => {
    const { content } = imageWithAttachedDocuments();
    const registry = await FakeRegistry.start(content);
    const image = `${registry.host}/org/image:1`;
    const env = { HOSTFIT_CACHE: temporaryFolder() };
    const unseen = await hostfit(["check", image, "--offline", ...FACTS], { env });
    expect(unseen.status).toBe(5);
    expect(unseen.stderr).toContain("error offline");
    expect(registry.log).toEqual([]);
    const online = await hostfit(["check", image, ...FACTS], { env });
    expect(online.status).toBe(0);
    const asked = registry.log.length;
    await registry.stop();
    expect(await hostfit(["check", image, "--offline", ...FACTS], { env })).toEqual(online);
    // Another platform's documents were never asked for: that is not "no documents".
    const other = await hostfit(["check", image, "--offline", "--facts", "examples/hosts/arm.yaml"], { env });
    expect(other.stdout + other.stderr).toContain("offline");
    expect(registry.log.length).toBe(asked);
  });

  test("a warm cache saves what is under a digest, and still sees a new document", async () => {
    const { content, images } = imageWithAttachedDocuments();
    const registry = await FakeRegistry.start(content);
    const image = `${registry.host}/org/image:1`;
    const env = { HOSTFIT_CACHE: temporaryFolder() };
    const first = await hostfit(["check", image, ...FACTS], { env });
    const cold = registry.log.splice(0);
    await hostfit(["check", image, ...FACTS], { env });
    const warm = registry.log.splice(0);
    expect(cold.some((line) => /\/(?:blobs|manifests)\/sha256:/.test(line))).toBe(true);
    expect(warm.filter((line) => /\/(?:blobs|manifests)\/sha256:/.test(line))).toEqual([]);
    for (const one of images) {
      content.artifact(one, {
        revision: 2,
        document:
          '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"kernel.version":{"full":{"version":">=99"}}}}',
      });
    }
    expect([first.status, (await hostfit(["check", image, ...FACTS], { env })).status]).toEqual([0, 1]);
    await registry.stop();
  });

  test("content that a registry sends wrongly is never kept", async () => {
    const content = new Content();
    content.tag("1", content.platforms([{ os: "linux", architecture: "amd64" }]).index);
    const registry = await FakeRegistry.start(content, {
      fault: (_request, response) => {
        response.writeHead(200, { "Docker-Content-Digest": `sha256:${"0".repeat(64)}` }).end("{}");
        return true;
      },
    });
    const folder = temporaryFolder();
    const { status } = await hostfit(["list", `${registry.host}/org/image:1`], {
      env: { HOSTFIT_CACHE: folder },
    });
    expect([status, filesIn(folder)]).toEqual([4, []]);
    await registry.stop();
  });
});
