import { describe, expect, test } from "vitest";
import type { Fault } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";
import { setting } from "./setting.ts";

describe("referrers in a registry", () => {
  const TYPES = [
    "application/vnd.hostfit.requirements.v1",
    "application/vnd.nfd.image-compatibility.v1alpha1",
  ];

  test("are found through the API and the tag, once each", async () => {
    const { source, content, index, registry } = await setting();
    const inBoth = content.artifact(index, { revision: 1 });
    content.tagReferrers(index);
    const inApi = content.artifact(index, { revision: 2 });
    const found = await source().referrers(index.digest, TYPES);
    expect(found.descriptors.map(({ digest }) => digest)).toEqual([inBoth.digest, inApi.digest].sort());
    expect(found.from).toBe("api-and-tag");
    expect(registry.log).toHaveLength(2);
  });

  test("are found through the tag alone where there is no API, which is then not asked again", async () => {
    const { source, content, index, images, registry } = await setting({ referrersApi: false });
    const artifact = content.artifact(index);
    content.tagReferrers(index);
    const one = source();
    expect((await one.referrers(index.digest, TYPES)).descriptors).toMatchObject([
      { digest: artifact.digest },
    ]);
    expect((await one.referrers(images[0]?.digest ?? index.digest, TYPES)).descriptors).toEqual([]);
    expect(registry.log).toHaveLength(3);
  });

  test("are asked for in one place where the API is known to be whole", async () => {
    const { source, content, index, registry } = await setting();
    content.artifact(index);
    const found = await source({ referrers: "api" }).referrers(index.digest, TYPES);
    expect(found).toMatchObject({ from: "api", descriptors: [{}] });
    expect(registry.log).toHaveLength(1);
  });

  test("come in pages", async () => {
    const { source, content, index } = await setting({ pageSize: 2 });
    for (let revision = 0; revision < 7; revision++) content.artifact(index, { revision });
    expect((await source().referrers(index.digest, TYPES)).descriptors).toHaveLength(7);
  });

  test.each([true, false])(
    "of one type are filtered, whether the registry does so or not (%s)",
    async (filters) => {
      const { source, content, index, registry } = await setting({ filters });
      const native = content.artifact(index);
      content.artifact(index, { dialect: "nfd" });
      const found = await source().referrers(index.digest, TYPES.slice(0, 1));
      expect(found.descriptors.map(({ digest }) => digest)).toEqual([native.digest]);
      expect(registry.log.join()).toContain("artifactType=application%2Fvnd.hostfit");
    },
  );

  const index0 = { "Content-Type": "application/vnd.oci.image.index.v1+json" };
  test.each<[string, Fault, string]>([
    [
      "endless pages",
      (_, response, url) => {
        const page = Number(url.searchParams.get("p") ?? 0) + 1;
        response.writeHead(200, { ...index0, Link: `<${url.pathname}?p=${page}>; rel="next"` });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "page-limit",
    ],
    [
      "a page that names itself",
      (_, response, url) => {
        response.writeHead(200, { ...index0, Link: `<${url.pathname}?again>; rel=next` });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "page-limit",
    ],
    [
      "a next page on another host",
      (_, response) => {
        response.writeHead(200, { ...index0, Link: '<http://example.org/v2/x>; rel="next"' });
        response.end('{"schemaVersion":2,"manifests":[]}');
        return true;
      },
      "redirect-refused",
    ],
    [
      "a second page that is missing",
      (_, response, url) => {
        if (url.searchParams.has("p")) response.writeHead(404).end();
        else {
          response.writeHead(200, { ...index0, Link: `<${url.pathname}?p=1>; rel="next"` });
          response.end('{"schemaVersion":2,"manifests":[]}');
        }
        return true;
      },
      "registry-error",
    ],
    [
      "an error",
      (_, response) => {
        response.writeHead(500).end();
        return true;
      },
      "registry-error",
    ],
    [
      "an entry that can't be read",
      (_, response) => {
        response.writeHead(200, index0).end('{"schemaVersion":2,"manifests":[{"digest":1}]}');
        return true;
      },
      "descriptor-invalid",
    ],
    [
      "no index",
      (_, response) => {
        response.writeHead(200, { "Content-Type": "application/json" }).end("[]");
        return true;
      },
      "not-json",
    ],
  ])("with %s are an error, never a short list", async (_, fault, code) => {
    const { source, index } = await setting({
      fault: (request, response, url) =>
        url.pathname.includes("/referrers/") && fault(request, response, url),
    });
    expect((await rejection(source().referrers(index.digest, TYPES))).code).toBe(code);
  });

  test("an error of the tag is an error too", async () => {
    const { source, index } = await setting({
      fault: (_, response, url) => {
        if (!url.pathname.includes("/manifests/sha256-")) return false;
        response.writeHead(500).end();
        return true;
      },
    });
    expect((await rejection(source().referrers(index.digest, TYPES))).code).toBe("registry-error");
  });

  test("a page of a front end means that there is no API", async () => {
    const { source, content, index } = await setting({
      fault: (_, response, url) => {
        if (!url.pathname.includes("/referrers/")) return false;
        response.writeHead(200, { "Content-Type": "text/html" }).end("<html>");
        return true;
      },
    });
    const artifact = content.artifact(index);
    content.tagReferrers(index);
    const found = await source().referrers(index.digest, TYPES);
    expect(found).toMatchObject({ from: "tag", descriptors: [{ digest: artifact.digest }] });
  });
});
