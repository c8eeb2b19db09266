import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  algorithmOf,
  digestOf,
  hexOf,
  isDigest,
  parseDigest,
  verifyContent,
} from "../../src/registry/digest.ts";
import { rejection } from "./rejection.ts";

const EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("a digest", () => {
  test.each([
    [EMPTY, true],
    [`sha512:${"0".repeat(128)}`, true],
    [EMPTY.toUpperCase(), false],
    [EMPTY.slice(0, -1), false],
    [`${EMPTY}0`, false],
    [`sha512:${"0".repeat(64)}`, false],
    [`sha1:${"0".repeat(40)}`, false],
    [`sha256:${"0".repeat(62)}/.`, false],
    [`${EMPTY}\n`, false],
    ["", false],
    [null, false],
    [["sha256"], false],
  ])("%j: %s", (text, expected) => {
    expect(isDigest(text)).toBe(expected);
  });

  test("says its algorithm and its hexadecimal part", () => {
    const long = parseDigest(`sha512:${"ab".repeat(64)}`);
    expect([algorithmOf(long), hexOf(long)]).toEqual(["sha512", "ab".repeat(64)]);
    expect([algorithmOf(EMPTY), hexOf(EMPTY)]).toEqual(["sha256", EMPTY.slice(7)]);
  });

  test("that is none is an error that shows no control characters", () => {
    expect(() => parseDigest("\u001b[2Jx", "the file")).toThrow('the file: "?[2Jx" is not a digest');
  });

  test("is what OpenSSL says it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        for (const algorithm of ["sha256", "sha512"] as const) {
          const hex = createHash(algorithm).update(bytes).digest("hex");
          expect(await digestOf(bytes, algorithm)).toBe(`${algorithm}:${hex}`);
        }
      }),
    );
  });
});

describe("content", () => {
  const bytes = new TextEncoder().encode("content");
  test("of the right digest and size is let through", async () => {
    for (const algorithm of ["sha256", "sha512"] as const) {
      const digest = await digestOf(bytes, algorithm);
      await verifyContent(bytes, { digest, size: 7 }, "here");
      await verifyContent(bytes, { digest }, "here");
    }
  });

  test("of another size is refused before it is hashed", async () => {
    const error = await rejection(verifyContent(bytes, { digest: EMPTY, size: 0 }, "here"));
    expect(error.code).toBe("size-mismatch");
    expect(error.details).toMatchObject({ expected: 0, found: 7 });
  });

  test("of another digest is refused with both", async () => {
    const error = await rejection(verifyContent(bytes, { digest: EMPTY }, "here"));
    expect(error.code).toBe("digest-mismatch");
    expect(error.message).toContain(EMPTY);
    expect(error.message).toContain(await digestOf(bytes));
  });
});
