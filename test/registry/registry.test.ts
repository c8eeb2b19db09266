import { describe, expect, test } from "vitest";
import { rejection } from "./rejection.ts";
import { LATEST, setting } from "./setting.ts";

describe("asking a registry", () => {
  test("a tag is one request, and its digest that of the bytes", async () => {
    const { source, index, events } = await setting();
    const resolved = await source().resolve(LATEST);
    expect(resolved.descriptor).toMatchObject({
      digest: index.digest,
      size: index.size,
      mediaType: index.mediaType,
    });
    expect(events).toMatchObject([
      { method: "GET", path: "/v2/org/app/manifests/latest", purpose: "manifest" },
    ]);
  });

  test("with tag and digest the digest decides", async () => {
    const { source, images, registry } = await setting();
    const digest = images[1]?.digest ?? null;
    expect((await source().resolve({ tag: "latest", digest })).descriptor.digest).toBe(digest);
    expect(registry.log).toEqual([`GET /v2/org/app/manifests/${digest}`]);
  });

  test("head asks for the digest alone", async () => {
    const { source, index, registry } = await setting();
    expect(await source().head(LATEST)).toEqual({ digest: index.digest, size: index.size });
    expect(registry.log).toEqual(["HEAD /v2/org/app/manifests/latest"]);
  });

  test("head falls back to GET where a registry doesn't tell the digest", async () => {
    const { source, index, registry } = await setting({
      fault: (request, response) => {
        if (request.method !== "HEAD") return false;
        response.writeHead(405).end();
        return true;
      },
    });
    expect(await source().head(LATEST)).toEqual({ digest: index.digest, size: index.size });
    expect(registry.log.map((line) => line.split(" ")[0])).toEqual(["HEAD", "GET"]);
  });

  test("what is asked for at once is fetched once, and what was verified is not fetched again", async () => {
    const { source, images, registry } = await setting();
    const target = { tag: null, digest: images[0]?.digest ?? null };
    const shared = source();
    await Promise.all(Array.from({ length: 10 }, () => shared.resolve(target)));
    await shared.resolve(target);
    expect(registry.log).toHaveLength(1);
  });

  test("a tag is asked for again, because it may have moved", async () => {
    const { source, registry } = await setting();
    const one = source();
    await one.resolve(LATEST);
    await one.resolve(LATEST);
    expect(registry.log).toHaveLength(2);
  });

  test("a caller who gives up leaves the others alone", async () => {
    const { source, images, registry } = await setting();
    const target = { tag: null, digest: images[0]?.digest ?? null };
    const shared = source();
    const controller = new AbortController();
    const given = shared.resolve(target, { signal: controller.signal });
    const kept = shared.resolve(target);
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    expect((await kept).descriptor.digest).toBe(target.digest);
    expect(registry.log).toHaveLength(1);
  });

  test("a caller who is alone ends the request with its own reason", async () => {
    const { source } = await setting({ fault: () => true });
    const controller = new AbortController();
    const promise = source().resolve(LATEST, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(promise).rejects.toThrow("enough");
  });

  test("a layer is refused without a request", async () => {
    const { source, content, registry } = await setting();
    const layer = content.blob("x", "application/vnd.docker.image.rootfs.diff.tar.gzip");
    expect((await rejection(source().blob(layer, 1000))).code).toBe("layer-refused");
    expect(registry.log).toEqual([]);
  });

  test("content that travels in its descriptor is used without a request, once verified", async () => {
    const { source, content, registry } = await setting();
    const blob = content.blob("{}", "application/json");
    const data = new TextEncoder().encode("{}");
    expect(await source().blob({ ...blob, data }, 10)).toEqual(data);
    const forged = new TextEncoder().encode("[]");
    expect((await rejection(source().blob({ ...blob, data: forged }, 10))).code).toBe("digest-mismatch");
    expect(registry.log).toEqual([]);
  });
});
