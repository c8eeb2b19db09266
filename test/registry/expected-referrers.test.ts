/** What is asked for before it is needed: when, and what becomes of it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";

const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

const FACTS = ["--facts", "examples/hosts/gpu.yaml"];
const needs = (version: string): string =>
  JSON.stringify({
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    requires: { "kernel.version": { full: { version } } },
  });

async function setting(make: (content: Content) => JsonDescriptor, fault?: FakeOptions["fault"]) {
  const content = new Content();
  const root = make(content);
  content.tag("1", root);
  let how = fault;
  const registry = await FakeRegistry.start(content, { fault: (...about) => how?.(...about) });
  running.push(registry);
  const env = { HOSTFIT_CACHE: temporaryFolder() };
  const image = `${registry.host}/org/app:1`;
  return {
    content,
    root,
    check: async (...more: string[]) => {
      registry.log.splice(0);
      const { status, stderr } = await hostfit(["check", image, ...FACTS, ...more], { env });
      const asked = registry.log.map((line) => line.replace(/sha256[:-][a-f0-9]{64}/, "DIGEST"));
      return { status, stderr, asked };
    },
    misbehave: (now: FakeOptions["fault"]) => {
      how = now;
    },
  };
}

const single = (content: Content): JsonDescriptor => {
  const image = content.image({ os: "linux", architecture: "amd64" });
  content.artifact(image, { revision: 1, document: needs(">=1") });
  return image;
};

describe("referrers are asked for in advance", () => {
  test("beside the config of a single image", async () => {
    const { check } = await setting(single);
    const { status, asked } = await check();
    expect(status).toBe(0);
    expect(asked[0]).toBe("GET /v2/org/app/manifests/1");
    expect(asked.slice(1, 4).sort()).toEqual([
      "GET /v2/org/app/blobs/DIGEST",
      "GET /v2/org/app/manifests/DIGEST",
      "GET /v2/org/app/referrers/DIGEST",
    ]);
  });

  test("of many variants at once, without a word of Node's", async () => {
    const { check } = await setting((content) => {
      const versions = Array.from({ length: 12 }, (_, at) => ({
        os: "linux",
        architecture: "amd64",
        "os.version": String(at),
      }));
      const { index, images } = content.platforms(versions);
      for (const image of images) content.artifact(image, { revision: 1, document: needs(">=1") });
      return index;
    });
    const warnings: string[] = [];
    const hear = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", hear);
    try {
      await check();
      const { asked } = await check();
      expect(asked.filter((line) => line.includes("/referrers/")).length).toBeGreaterThan(10);
      // Warnings are told in the next turn.
      await new Promise((resolve) => setImmediate(resolve));
      expect(warnings).toEqual([]);
    } finally {
      process.off("warning", hear);
    }
  });

  test("beside the tag's HEAD, of an image that was seen before, and each once", async () => {
    const { check } = await setting(single);
    await check();
    const { status, asked } = await check();
    expect(status).toBe(0);
    expect([...asked].sort()).toEqual([
      "GET /v2/org/app/manifests/DIGEST",
      "GET /v2/org/app/referrers/DIGEST",
      "HEAD /v2/org/app/manifests/1",
    ]);
  });

  test("not where another document is to be judged by", async () => {
    const { check } = await setting(single);
    const file = join(temporaryFolder(), "needs.json");
    writeFileSync(file, needs(">=99"));
    await check();
    const { status, asked } = await check("--requirements", file);
    expect(status).toBe(1);
    expect(asked.filter((line) => line.includes("referrers") || line.includes("/manifests/DIGEST"))).toEqual(
      [],
    );
  });
});

describe("an answer in advance", () => {
  test("that fails is a failure, and never no documents", async () => {
    const { check, misbehave } = await setting(single);
    await check();
    misbehave((_request, response, url) => {
      if (!url.pathname.includes("/referrers/")) return false;
      response.writeHead(403).end();
      return true;
    });
    expect((await check()).status).toBe(5);
    misbehave(undefined);
    expect((await check()).status).toBe(0);
  });

  test("about what the tag named before is thrown away", async () => {
    const { check, content } = await setting(single);
    await check();
    const other = content.image({ os: "linux", architecture: "amd64", other: true });
    content.artifact(other, { revision: 1, document: needs(">=99") });
    content.tag("1", other);
    expect((await check()).status).toBe(1);
  });

  test("a tag that is gone is gone", async () => {
    const { check, content } = await setting(single);
    await check();
    content.tags.delete("1");
    const { status, stderr } = await check();
    expect(status).toBe(4);
    expect(stderr).toContain("error manifest-unknown");
  });

  test("whoever may no longer read finds nothing in the cache", async () => {
    const { check, misbehave } = await setting(single);
    await check();
    misbehave((_request, response) => {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
      return true;
    });
    const { status, stderr } = await check();
    expect(status).toBe(5);
    expect(stderr).toContain("error unauthorized");
  });
});
