import { beforeAll, describe, expect, test } from "vitest";
import { plainDescriptor } from "../../src/registry/descriptor.ts";
import { isUnreachable } from "../../src/registry/errors.ts";
import { MAX_MANIFEST_BYTES, MAX_REDIRECTS } from "../../src/registry/limits.ts";
import type { RegistryOptions } from "../../src/registry/registry.ts";
import type { JsonDescriptor } from "./content.ts";
import type { Fault } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";
import { LATEST, login, running, setting } from "./setting.ts";
import { TRANSPORTS, transport } from "./transports.ts";

for (const [over, fetch] of TRANSPORTS) {
  describe(`over ${over}`, () => {
    beforeAll(() => {
      transport.fetch = fetch;
    });

    describe("a registry that misbehaves", () => {
      const json = { "Content-Type": "application/vnd.oci.image.index.v1+json" };
      const cases: [string, Fault, string, RegistryOptions?][] = [
        [
          "breaks the body off",
          (_, response) => {
            response.writeHead(200, { ...json, "Content-Length": 1000 });
            response.write("{");
            setTimeout(() => response.destroy(), 5);
            return true;
          },
          "registry-unreachable",
        ],
        [
          "sends another content than its digest header says",
          (_, response) => {
            response.writeHead(200, { ...json, "Docker-Content-Digest": `sha256:${"0".repeat(64)}` });
            response.end('{"schemaVersion":2,"manifests":[]}');
            return true;
          },
          "digest-mismatch",
        ],
        [
          "has a digest header that is none",
          (_, response) => {
            response.writeHead(200, {
              ...json,
              "Docker-Content-Digest": "sha256:\u001b[2J".replace("\u001b", "x"),
            });
            response.end('{"schemaVersion":2,"manifests":[]}');
            return true;
          },
          "digest-invalid",
        ],
        [
          "sends a page",
          (_, response) => {
            response.writeHead(200, { "Content-Type": "text/html" });
            response.end("<html>log in</html>");
            return true;
          },
          "not-a-registry",
        ],
        [
          "sends nothing",
          (_, response) => {
            response.writeHead(200, json).end();
            return true;
          },
          "not-a-registry",
        ],
        [
          "sends JSON that is no manifest",
          (_, response) => {
            response.writeHead(200, { "Content-Type": "application/json" });
            response.end('{"hello":"world"}');
            return true;
          },
          "manifest-invalid",
        ],
        [
          "sends what can be read as two things",
          (_, response) => {
            response.writeHead(200, { "Content-Type": "application/json" });
            response.end('{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}');
            return true;
          },
          "manifest-invalid",
        ],
        [
          "says another type than the manifest",
          (_, response) => {
            response.writeHead(200, { "Content-Type": "application/vnd.oci.image.manifest.v1+json" });
            response.end(
              '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
            );
            return true;
          },
          "manifest-invalid",
        ],
        [
          "sends a Docker schema 1 manifest",
          (_, response) => {
            response.writeHead(200, {
              "Content-Type": "application/vnd.docker.distribution.manifest.v1+prettyjws",
            });
            response.end('{"schemaVersion":1,"fsLayers":[]}');
            return true;
          },
          "manifest-unsupported",
        ],
        [
          "announces 4 MiB and a byte",
          (_, response) => {
            response.writeHead(200, { ...json, "Content-Length": MAX_MANIFEST_BYTES + 1 });
            response.end(" ".repeat(MAX_MANIFEST_BYTES + 1));
            return true;
          },
          "too-large",
        ],
        [
          "sends 4 MiB and a byte unannounced",
          (_, response) => {
            response.writeHead(200, json);
            response.end(" ".repeat(MAX_MANIFEST_BYTES + 1));
            return true;
          },
          "too-large",
        ],
        [
          "drips",
          (_, response) => {
            response.writeHead(200, json);
            const timer = setInterval(() => response.write(" "), 10);
            response.on("close", () => clearInterval(timer));
            return true;
          },
          "timeout",
          { timeoutMs: 150 },
        ],
        ["never answers", () => true, "timeout", { timeoutMs: 100 }],
        [
          "redirects in a circle",
          (request, response) => {
            response.writeHead(307, { Location: request.url ?? "/" }).end();
            return true;
          },
          "redirect-refused",
        ],
        [
          "redirects to another scheme",
          (_, response) => {
            response.writeHead(307, { Location: "file:///etc/passwd" }).end();
            return true;
          },
          "redirect-refused",
        ],
        [
          "redirects with a password",
          (_, response) => {
            response.writeHead(307, { Location: "http://user:secret@127.0.0.1/" }).end();
            return true;
          },
          "redirect-refused",
        ],
        [
          "demands a login again and again",
          (_, response) => {
            response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
            return true;
          },
          "unauthorized",
          { credentials: login({ kind: "password", username: "me", password: "secret" }) },
        ],
        [
          "demands a login of nobody",
          (_, response) => {
            response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
            return true;
          },
          "unauthorized",
        ],
        [
          "denies",
          (_, response) => {
            response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"no"}]}');
            return true;
          },
          "unauthorized",
        ],
        [
          "knows no such image",
          (_, response) => {
            response
              .writeHead(404)
              .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"gone\\u001b[2J"}]}');
            return true;
          },
          "manifest-unknown",
        ],
        [
          "is in trouble",
          (_, response) => {
            response.writeHead(503).end("later");
            return true;
          },
          "registry-error",
        ],
        [
          "wants fewer requests",
          (_, response) => {
            response.writeHead(429, { "Retry-After": "3600" }).end();
            return true;
          },
          "rate-limited",
        ],
      ];
      test.each(cases)("%s", async (_, fault, code, options) => {
        const { source, registry } = await setting({ fault });
        const error = await rejection(source(options).resolve(LATEST));
        expect(error.code).toBe(code);
        expect(error.message).toContain(registry.host);
        expect(error.message).toContain("org/app");
        expect(`${error.message} ${error.help}`).not.toMatch(/secret|\u001b/);
      });

      test("sends other bytes under a digest", async () => {
        const { source, content, images } = await setting();
        const image = images[0] as JsonDescriptor;
        content.blobs.set(image.digest, new TextEncoder().encode(JSON.stringify({ schemaVersion: 2 })));
        const target = { tag: null, digest: image.digest };
        expect((await rejection(source().resolve(target))).code).toBe("digest-mismatch");
      });

      test("sends another size than the descriptor says", async () => {
        const { source, content } = await setting();
        const blob = content.blob("12345", "application/json");
        expect((await rejection(source().blob({ ...blob, size: 6 }, 100))).code).toBe("size-mismatch");
        expect((await rejection(source().blob({ ...blob, size: 3 }, 100))).code).toBe("too-large");
      });

      test("is not excused by having sent the content before: each descriptor's size counts", async () => {
        const { source, content, images } = await setting();
        const blob = content.blob("12345", "application/json");
        const one = source();
        await one.blob(blob, 100);
        expect((await rejection(one.blob({ ...blob, size: 4 }, 100))).code).toBe("size-mismatch");
        const image = images[0] as JsonDescriptor;
        const descriptor = plainDescriptor(image.mediaType, image.digest, image.size);
        await one.manifest(descriptor);
        expect((await rejection(one.manifest({ ...descriptor, size: image.size + 1 }))).code).toBe(
          "size-mismatch",
        );
      });

      test("is not there at all", async () => {
        const { source, registry } = await setting();
        const one = source();
        await registry.stop();
        running.splice(0);
        const error = await rejection(one.resolve(LATEST));
        expect(error.code).toBe("registry-unreachable");
        expect(isUnreachable(error)).toBe(true);
        expect(error.details.code).toBe("ECONNREFUSED");
      });

      test("follows no more redirects than it says", async () => {
        const { source, registry } = await setting({
          fault: (request, response) => {
            response.writeHead(302, { Location: `${request.url}x` }).end();
            return true;
          },
        });
        await rejection(source().resolve(LATEST));
        expect(registry.log).toHaveLength(MAX_REDIRECTS + 1);
      });
    });

    describe("a registry that can't be reached", () => {
      test.each([
        ["ENOTFOUND", /name/],
        ["ERR_SSL_WRONG_VERSION_NUMBER", /--plain-http/],
        ["DEPTH_ZERO_SELF_SIGNED_CERT", /NODE_EXTRA_CA_CERTS/],
        ["CERT_HAS_EXPIRED", /certificate/],
        ["ECONNREFUSED", /port/],
      ])("for %s is an error that says what to do, at once", async (code, help) => {
        let calls = 0;
        const fetch = (): Promise<never> => {
          calls++;
          const cause = Object.assign(new Error(`it says ${code}`), { code });
          return Promise.reject(new TypeError("fetch failed", { cause }));
        };
        const { source } = await setting();
        const error = await rejection(source({ fetch }).resolve(LATEST));
        expect(error).toMatchObject({ code: "registry-unreachable", details: { code } });
        expect(error.message).toContain(`it says ${code}`);
        expect(error.help).toMatch(help);
        expect(calls).toBe(1);
      });
    });

    describe("trying again", () => {
      function failing(times: number, status: number, headers: Record<string, string> = {}): Fault {
        let left = times;
        return (_, response) => {
          if (left-- <= 0) return false;
          response.writeHead(status, headers).end();
          return true;
        };
      }

      test.each([429, 500, 502, 503, 504, 408])("%i is tried again, each time later", async (status) => {
        const { source, index, waits } = await setting({ fault: failing(3, status) });
        expect((await source().resolve(LATEST)).descriptor.digest).toBe(index.digest);
        expect(waits).toEqual([150, 300, 600]);
      });

      test("as late as the registry says", async () => {
        const { source, waits } = await setting({ fault: failing(1, 429, { "Retry-After": "7" }) });
        await source().resolve(LATEST);
        expect(waits).toEqual([7000]);
      });

      test("not at all where the registry says an hour", async () => {
        const { source, waits, registry } = await setting({
          fault: failing(1, 429, { "Retry-After": "3600" }),
        });
        const error = await rejection(source().resolve(LATEST));
        expect(error.details.retryAfterSeconds).toBe(3600);
        expect(waits).toEqual([]);
        expect(registry.log).toHaveLength(1);
      });

      test("a number of times, and then no more", async () => {
        const { source, registry } = await setting({ fault: failing(100, 503) });
        await rejection(source().resolve(LATEST));
        expect(registry.log).toHaveLength(4);
      });

      test.each([400, 404, 401, 501])("%i is final", async (status) => {
        const { source, registry } = await setting({ fault: failing(100, status) });
        await rejection(source().resolve(LATEST));
        expect(registry.log).toHaveLength(1);
      });

      test("a connection that broke is made again", async () => {
        let broken = false;
        const { source, index } = await setting({
          fault: (request) => {
            if (broken) return false;
            broken = true;
            request.socket.destroy();
            return true;
          },
        });
        expect((await source().resolve(LATEST)).descriptor.digest).toBe(index.digest);
      });
    });
  });
}
