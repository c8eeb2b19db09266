import { describe, expect, test } from "vitest";
import { parseChallenges } from "../../src/registry/challenge.ts";
import { mapBounded } from "../../src/registry/concurrency.ts";
import { ContentCache } from "../../src/registry/content-cache.ts";
import {
  isBadInput,
  isUnreachable,
  printable,
  REGISTRY_ERRORS,
  RegistryError,
} from "../../src/registry/errors.ts";
import { isLayerType } from "../../src/registry/media-types.ts";
import { admitRedirect } from "../../src/registry/redirect.ts";
import { nextPage } from "../../src/registry/referrers.ts";
import { retryDelay } from "../../src/registry/retry.ts";
import { SingleFlight } from "../../src/registry/single-flight.ts";

describe("a WWW-Authenticate header", () => {
  test.each<[string, [string, Record<string, string>][]]>([
    ["", []],
    ['Basic realm="r"', [["basic", { realm: "r" }]]],
    [
      'Bearer realm="https://auth.example/token",service="reg.example",scope="repository:a/b:pull,push"',
      [
        [
          "bearer",
          { realm: "https://auth.example/token", service: "reg.example", scope: "repository:a/b:pull,push" },
        ],
      ],
    ],
    [
      'Basic realm="a, b", BEARER Realm="c\\"d" , service=plain',
      [
        ["basic", { realm: "a, b" }],
        ["bearer", { realm: 'c"d', service: "plain" }],
      ],
    ],
    [
      "Negotiate, Basic",
      [
        ["negotiate", {}],
        ["basic", {}],
      ],
    ],
    ['Bearer realm="x",realm="y"', [["bearer", { realm: "x" }]]],
    ['Bearer realm="never closed', [["bearer", {}]]],
    ["=x", []],
    ['Bearer __proto__="x"', [["bearer", { ["__proto__"]: "x" }]]],
  ])("%s", (header, expected) => {
    const found = parseChallenges(header).map(({ scheme, parameters }) => [
      scheme,
      Object.entries(parameters),
    ]);
    expect(found).toEqual(expected.map(([scheme, parameters]) => [scheme, Object.entries(parameters)]));
  });
});

describe("a Link header's next page", () => {
  test.each([
    [null, null],
    ["", null],
    ['</v2/a?last=x>; rel="next"', "/v2/a?last=x"],
    ["<https://r.example/v2/a>; rel=next", "https://r.example/v2/a"],
    ['</a>; rel="prev", </b>; rel="next"', "/b"],
    ['</a>; title="x"; rel="last next"', "/a"],
    ['</a>; rel="prev"', null],
    ['</a>; rel="nextish"', null],
    ["</a>", null],
  ])("%s", (header, expected) => {
    expect(nextPage(header)).toBe(expected);
  });
});

describe("a redirect", () => {
  const from = new URL("https://registry.example/v2/a");
  test.each([
    ["/elsewhere", "https://registry.example/elsewhere"],
    ["https://cdn.example/x?signature=1", "https://cdn.example/x?signature=1"],
    ["//cdn.example/x", "https://cdn.example/x"],
    ["https://10.0.0.1/x", "https://10.0.0.1/x"],
  ])("to %s is followed", (location, expected) => {
    expect(admitRedirect(from, location, 0, 5, "x").href).toBe(expected);
  });

  test.each([
    "http://registry.example/x",
    "ftp://registry.example/x",
    "data:text/plain,x",
    "https://me:secret@cdn.example/",
    "https://localhost/x",
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://0x7f000001/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://169.254.169.254/latest/meta-data",
    "https://[fe80::1]/x",
    "https://0.0.0.0/x",
    "https://",
  ])("to %s is refused", (location) => {
    const call = (): unknown => admitRedirect(from, location, 0, 5, "x");
    expect(call).toThrow(RegistryError);
    expect(call).not.toThrow(/secret/);
  });

  test("from this machine to this machine is followed", () => {
    const local = new URL("http://localhost:5000/v2/a");
    expect(admitRedirect(local, "http://127.0.0.1:9000/x", 0, 5, "x").host).toBe("127.0.0.1:9000");
  });
});

describe("the wait before another attempt", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  test.each<[number, string | null, number, number]>([
    [1, null, 0, 100],
    [1, null, 1, 200],
    [3, null, 0.5, 600],
    [30, null, 1, 20_000],
    [1, "3", 0, 3000],
    [1, " 0 ", 0, 0],
    [1, "Thu, 01 Jan 2026 00:00:09 GMT", 0, 9000],
    [1, "Thu, 01 Jan 2015 00:00:09 GMT", 0, 0],
    [1, "soon", 0, 100],
    [1, "-1", 0, 0],
  ])("after attempt %i with Retry-After %s and jitter %f is %i ms", (attempt, header, random, expected) => {
    expect(retryDelay(attempt, header, () => random, now)).toBe(expected);
  });
});

describe("work that is shared", () => {
  test("runs once, and again after it ended", async () => {
    const flights = new SingleFlight<number>();
    let runs = 0;
    const start = (): Promise<number> => Promise.resolve(++runs);
    expect(
      await Promise.all([flights.run("k", undefined, start), flights.run("k", undefined, start)]),
    ).toEqual([1, 1]);
    expect(await flights.run("k", undefined, start)).toBe(2);
  });

  test("fails for all who wait, and is tried anew by the next", async () => {
    const flights = new SingleFlight<number>();
    const failing = (): Promise<number> => Promise.reject(new Error("no"));
    const both = [flights.run("k", undefined, failing), flights.run("k", undefined, failing)];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await flights.run("k", undefined, () => Promise.resolve(1))).toBe(1);
  });

  test("is ended when nobody waits any more, and not joined afterwards", async () => {
    const flights = new SingleFlight<number>();
    const ended: boolean[] = [];
    const endless = (signal: AbortSignal): Promise<number> =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          ended.push(true);
          reject(signal.reason);
        });
      });
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [flights.run("k", first.signal, endless), flights.run("k", second.signal, endless)];
    first.abort();
    await Promise.allSettled([both[0]]);
    expect(ended).toEqual([]);
    second.abort();
    await Promise.allSettled(both);
    expect(ended).toEqual([true]);
    expect(await flights.run("k", undefined, () => Promise.resolve(1))).toBe(1);
  });
});

describe("calls side by side", () => {
  test("are as many as allowed, and their results in order", async () => {
    let under = 0;
    let most = 0;
    const results = await mapBounded([5, 1, 4, 2, 3], 2, async (n) => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, n));
      under--;
      return n * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  test("stop after the first that fails", async () => {
    const begun: number[] = [];
    const all = mapBounded([1, 2, 3, 4, 5, 6], 2, async (n) => {
      begun.push(n);
      if (n === 2) throw new Error("two");
      await new Promise((resolve) => setTimeout(resolve, 1));
    });
    await expect(all).rejects.toThrow("two");
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(begun).toEqual([1, 2]);
  });
});

test("verified content is kept within its bytes, what was used longest ago goes first", () => {
  const cache = new ContentCache(100);
  const put = (name: string, size: number): void =>
    cache.set(`sha256:${name}`, { bytes: new Uint8Array(size), mediaType: null });
  const has = (...names: string[]): boolean[] =>
    names.map((name) => cache.get(`sha256:${name}`) !== undefined);
  put("a", 25);
  put("b", 25);
  put("c", 25);
  put("d", 25);
  expect(has("a")).toEqual([true]);
  put("e", 25);
  expect(has("a", "b", "c", "d", "e")).toEqual([true, false, true, true, true]);
  put("large", 26);
  expect(has("large", "a")).toEqual([false, true]);
});

test.each([
  ["application/vnd.oci.image.layer.v1.tar+gzip", true],
  ["application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", true],
  ["application/vnd.docker.image.rootfs.diff.tar.gzip", true],
  ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", true],
  ["application/vnd.wasm.content.layer.v1+wasm", true],
  ["application/wasm", true],
  ["application/x-tar", true],
  ["application/octet-stream", true],
  ["application/vnd.oci.image.config.v1+json", false],
  ["application/vnd.docker.container.image.v1+json", false],
  ["application/vnd.oci.empty.v1+json", false],
  ["application/vnd.hostfit.requirements.v1+json", false],
  ["application/vnd.nfd.image-compatibility.spec.v1alpha1+yaml", false],
  ["application/vnd.dev.sigstore.bundle.v0.3+json", false],
  ["application/vnd.dev.cosign.simplesigning.v1+json", false],
  ["application/spdx+json", false],
  ["application/vnd.example.target+json", false],
])("%s is a layer: %s", (mediaType, expected) => {
  expect(isLayerType(mediaType)).toBe(expected);
});

describe("errors", () => {
  test("lie on one side, each", () => {
    for (const [code, side] of Object.entries(REGISTRY_ERRORS)) {
      const error = new RegistryError(code as keyof typeof REGISTRY_ERRORS, "x");
      expect([code, isUnreachable(error), isBadInput(error)]).toEqual([
        code,
        side === "unreachable",
        side === "bad-input",
      ]);
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
    expect([isUnreachable(new Error("x")), isBadInput(new Error("x"))]).toEqual([false, false]);
  });

  test("show a stranger's text without what moves the cursor or turns the line", () => {
    expect(printable("a\u001b[2J\u0000\u202eb\u2028c\r\nd")).toBe("a?[2J??b?c??d");
    expect(printable("ä€😀")).toBe("ä€😀");
    expect(printable("x".repeat(300), 10)).toBe("xxxxxxxxxx...");
  });
});
