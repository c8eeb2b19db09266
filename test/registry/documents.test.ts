import { describe, expect, test } from "vitest";
import { Content } from "./content.ts";
import type { FakeOptions } from "./fake-registry.ts";
import { AMD64, inRegistry, short } from "./looking.ts";

describe("absence is not silence: looking that failed", () => {
  test.each<[string, FakeOptions, string]>([
    [
      "on the referrers",
      {
        fault: (_, response, url) => {
          if (!url.pathname.includes("/referrers/")) return false;
          response.writeHead(500).end();
          return true;
        },
      },
      "registry-error",
    ],
    [
      "on the artifact",
      {
        fault: (_, response, url) => {
          if (!url.pathname.endsWith("wanted")) return false;
          response.writeHead(500).end();
          return true;
        },
      },
      "registry-error",
    ],
    [
      "on endless pages",
      {
        fault: (_, response, url) => {
          if (!url.pathname.includes("/referrers/")) return false;
          const page = Number(url.searchParams.get("p") ?? 0) + 1;
          response.writeHead(200, {
            "Content-Type": "application/vnd.oci.image.index.v1+json",
            Link: `<?p=${page}>; rel="next"`,
          });
          response.end('{"schemaVersion":2,"manifests":[]}');
          return true;
        },
      },
      "page-limit",
    ],
  ])("%s is a failure of the subject", async (_, fake, code) => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const artifact = content.artifact(index);
    const { fault } = fake;
    const { documents } = await inRegistry(content, index, {
      fault: (request, response, url) => {
        if (url.pathname.endsWith(artifact.digest)) url.pathname += "wanted";
        const answered = fault?.(request, response, url);
        url.pathname = url.pathname.replace("wanted", "");
        return answered;
      },
    });
    expect(short(documents).indexes).toEqual([`failed: ${code}`]);
  });

  test("and a caller who gives up is no failure but the caller's own reason", async () => {
    const content = new Content();
    const { index } = content.platforms([AMD64]);
    const controller = new AbortController();
    const promise = inRegistry(
      content,
      index,
      {
        fault: (_, __, url) => {
          if (!url.pathname.includes("/referrers/")) return false;
          controller.abort(new Error("enough"));
          return true;
        },
      },
      { signal: controller.signal },
    );
    await expect(promise).rejects.toThrow("enough");
  });
});
