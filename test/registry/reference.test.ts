import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RegistryError } from "../../src/registry/errors.ts";
import {
  apiHostOf,
  formatReference,
  formatWithDigest,
  isLoopback,
  parseReference,
} from "../../src/registry/reference.ts";

const HEX = "a".repeat(64);
const DIGEST = `sha256:${HEX}` as const;
const DIGEST_512 = `sha512:${"b".repeat(128)}` as const;

describe("a reference to a registry", () => {
  // text, domain, repository, tag, digest, in full
  const forms: [string, string, string, string | null, string | null][] = [
    ["alpine", "docker.io", "library/alpine", "latest", null],
    ["alpine:3.20", "docker.io", "library/alpine", "3.20", null],
    [`alpine@${DIGEST}`, "docker.io", "library/alpine", null, DIGEST],
    [`alpine:3.20@${DIGEST}`, "docker.io", "library/alpine", "3.20", DIGEST],
    [`alpine@${DIGEST_512}`, "docker.io", "library/alpine", null, DIGEST_512],
    ["org/app", "docker.io", "org/app", "latest", null],
    ["docker.io/alpine", "docker.io", "library/alpine", "latest", null],
    ["index.docker.io/alpine", "docker.io", "library/alpine", "latest", null],
    ["docker.io/org/app", "docker.io", "org/app", "latest", null],
    ["ghcr.io/org/team/app:1", "ghcr.io", "org/team/app", "1", null],
    ["quay.io/app", "quay.io", "app", "latest", null],
    ["localhost/app", "localhost", "app", "latest", null],
    ["localhost:5000/app:v1", "localhost:5000", "app", "v1", null],
    ["registry:5000/app", "registry:5000", "app", "latest", null],
    ["127.0.0.1:5000/a/b", "127.0.0.1:5000", "a/b", "latest", null],
    ["[::1]:5000/app", "[::1]:5000", "app", "latest", null],
    ["[2001:db8::1]/app:x", "[2001:db8::1]", "app", "x", null],
    ["Upper/app", "Upper", "app", "latest", null],
    ["my-registry.example.org/a-b/c__d/e.f_g", "my-registry.example.org", "a-b/c__d/e.f_g", "latest", null],
    ["localhost:5000", "docker.io", "library/localhost", "5000", null],
    ["app:_tag.with-all", "docker.io", "library/app", "_tag.with-all", null],
    [`app:${"t".repeat(128)}`, "docker.io", "library/app", "t".repeat(128), null],
  ];
  test.each(forms)("%s", (text, domain, repository, tag, digest) => {
    const reference = parseReference(text);
    expect(reference).toEqual({ kind: "registry", domain, repository, tag, digest });
    expect(parseReference(formatReference(reference))).toEqual(reference);
  });

  test.each([
    ["", "is empty"],
    ["Alpine", "capital letters"],
    ["docker.io/Alpine", "capital letters"],
    ["docker://alpine", "docker://"],
    ["https://ghcr.io/org/app", "https://"],
    [HEX, "bare digest"],
    [`alpine@sha256:${"a".repeat(63)}`, "after its @"],
    [`alpine@sha256:${"A".repeat(64)}`, "after its @"],
    [`alpine@md5:${"a".repeat(32)}`, "after its @"],
    ["alpine@", "after its @"],
    ["alpine:", "the tag"],
    ["alpine:-x", "the tag"],
    [`app:${"t".repeat(129)}`, "the tag"],
    ["alpine:a:b", "the tag"],
    ["a//b", "the path"],
    ["/a", "the path"],
    ["a/", "the path"],
    ["a___b", "the path"],
    ["a..b", "the path"],
    ["-a", "the path"],
    ["example.org/../x", "the path"],
    ["example.org/%2e%2e/x", "the path"],
    ["exa_mple.org:5000/x", "host belongs"],
    ["-example.org/x", "host belongs"],
    ["example.org:99999/x", "the port"],
    ["example.org:0/x", "the port"],
    ["user:secret@example.org/x", "after its @"],
    ["al pine", "a space"],
    ["alpine\n", "a space"],
    [`example.org/${"a".repeat(256)}`, "255 characters"],
    ["a".repeat(5000), "4096 characters"],
  ])("%s is refused: %s", (text, why) => {
    expect(() => parseReference(text)).toThrow(why);
    expect(code(() => parseReference(text))).toBe("reference-invalid");
  });

  test("a password that somebody wrote into a reference is not repeated", () => {
    for (const text of ["user:secret@example.org/x", "https://user:secret@example.org/x"]) {
      expect(() => parseReference(text)).toThrow(/\*\*\*@example\.org/);
      expect(() => parseReference(text)).not.toThrow(/secret/);
    }
  });

  test("Docker Hub's API is on another host than its name", () => {
    const reference = parseReference("alpine");
    expect(reference.kind === "registry" && apiHostOf(reference)).toBe("registry-1.docker.io");
  });

  test("the canonical form of a chosen manifest is repository@digest", () => {
    expect(formatWithDigest(parseReference("alpine:3"), DIGEST)).toBe(`docker.io/library/alpine@${DIGEST}`);
    expect(formatWithDigest(parseReference("oci:some/dir:3"), DIGEST)).toBe(`oci:some/dir@${DIGEST}`);
  });

  test("parsing never throws anything but its own error, and never takes long", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9.:/@_-]{0,200}$/)), (text) => {
        try {
          const reference = parseReference(text);
          expect(parseReference(formatReference(reference))).toEqual(reference);
        } catch (error) {
          expect(error).toBeInstanceOf(RegistryError);
        }
      }),
    );
  });
});

describe("a reference to a layout", () => {
  const forms: [string, string, string | null, string | null][] = [
    ["oci:dir", "dir", null, null],
    ["oci:/abs/dir:v1", "/abs/dir", "v1", null],
    [`oci:dir@${DIGEST}`, "dir", null, DIGEST],
    [`oci:dir:v1@${DIGEST}`, "dir", "v1", DIGEST],
    ["oci:dir:docker.io/library/alpine:3.20", "dir", "docker.io/library/alpine:3.20", null],
    ["oci:./with space", "./with space", null, null],
    ["oci:C:\\images\\x:v1", "C:\\images\\x", "v1", null],
    ["oci:C:/images/x", "C:/images/x", null, null],
    ["oci:dir@host", "dir@host", null, null],
  ];
  test.each(forms)("%s", (text, directory, tag, digest) => {
    const reference = parseReference(text);
    expect(reference).toEqual({ kind: "layout", directory, tag, digest });
    expect(formatReference(reference)).toBe(text);
  });

  test.each([
    ["oci:", "names no folder"],
    ["oci::tag", "names no folder"],
    ["oci:dir:", "without a tag"],
    ["oci://dir", "oci://"],
    ["oci:dir@sha256:abc", "almost a digest"],
  ])("%s is refused: %s", (text, why) => {
    expect(() => parseReference(text)).toThrow(why);
  });
});

test.each([
  ["localhost", true],
  ["localhost:5000", true],
  ["a.localhost:1", true],
  ["127.0.0.1:80", true],
  ["127.9.9.9", true],
  ["[::1]:5000", true],
  ["localhost.example.org", false],
  ["127.0.0.1.example.org", false],
  ["10.0.0.1", false],
  ["[::2]", false],
])("%s is this machine: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

function code(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
  }
  return "no error";
}
