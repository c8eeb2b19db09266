import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import { openSource, openWriter } from "../../src/registry/open.ts";
import { formatReference, parseReference } from "../../src/registry/reference.ts";
import { hostfit } from "../cli/harness.ts";
import { describeWith } from "../tools.ts";
import { Content, temporaryFolder } from "./content.ts";
import { rejection } from "./rejection.ts";

const folder = temporaryFolder();

/** An archive made by tar, of a layout with a document. */
function archive(name: string, ...options: string[]): string {
  const content = new Content();
  const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
  content.tag("1", index);
  const artifact = content.artifact(index, { revision: 1, document: '{"in":"archive"}' });
  const layout = content.writeLayout(join(folder, name), [
    { ...index, annotations: { "org.opencontainers.image.ref.name": "1" } },
    artifact,
  ]);
  const file = join(folder, `${name}.tar`);
  execFileSync("tar", ["-C", layout, ...options, "-cf", file, "."]);
  return file;
}

describe("a reference to an archive", () => {
  test.each(["oci-archive:a.tar", "oci-archive:a.tar:1", `oci-archive:a.tar@sha256:${"0".repeat(64)}`])(
    "%s",
    (text) => {
      expect(parseReference(text)).toMatchObject({ kind: "layout", directory: "a.tar", archive: true });
      expect(formatReference(parseReference(text))).toBe(text);
    },
  );
});

describeWith("tar", "an archive of a layout", () => {
  test.each([
    ["ustar", ["--format=ustar"]],
    ["gnu", ["--format=gnu"]],
    ["pax", ["--format=pax"]],
    ["long names, gnu", ["--format=gnu", `--transform=s,^\\./blobs,./${"x".repeat(120)}/../blobs,`]],
  ] as const)("is read as a folder is (%s)", async (name, options) => {
    // What can't be found under its name is missing, however long the names are.
    const found = async (): Promise<unknown> => {
      const { source, reference } = openSource(
        `oci-archive:${archive(name.replace(/\W+/g, "-"), ...options)}:1`,
      );
      const documents = await documentsFor(
        source,
        await candidatesOf(source, await source.resolve(reference)),
      );
      return documents.indexes[0]?.outcome;
    };
    if (name.startsWith("long")) expect((await rejection(found())).code).toBe("manifest-unknown");
    else
      expect(await found()).toMatchObject({
        status: "winners",
        winners: [{ kind: "document", revision: 1 }],
      });
  });

  test("commands read it, and say that it can't be written", async () => {
    const file = archive("commands");
    expect((await hostfit(["list", `oci-archive:${file}:1`])).stdout).toContain("counts");
    expect((await hostfit(["pull", `oci-archive:${file}:1`])).stdout).toBe('{"in":"archive"}');
    expect((await hostfit(["detach", "--all", `oci-archive:${file}:1`])).stderr).toContain(
      "error write-refused",
    );
    expect(() => openWriter(`oci-archive:${file}`)).toThrow(/only be read/);
  });

  test.each<[string, (file: string) => void, string]>([
    ["is cut off", (file) => truncateSync(file, 1024 + 512 + 100), "layout-invalid"],
    ["is compressed", (file) => writeFileSync(file, gzipSync(readFileSync(file))), "layout-invalid"],
    ["is something else", (file) => writeFileSync(file, "x".repeat(2000)), "layout-invalid"],
    ["is empty", (file) => writeFileSync(file, ""), "layout-invalid"],
    [
      "has other bytes than the digest says",
      (file) => {
        const bytes = readFileSync(file);
        const at = bytes.indexOf(
          '"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest',
        );
        bytes[bytes.indexOf("linux", at)] = 0x4c;
        writeFileSync(file, bytes);
      },
      "digest-mismatch",
    ],
  ])("that %s is refused", async (what, damage, code) => {
    const file = archive(what.replace(/\W+/g, "-"));
    damage(file);
    const { source, reference } = openSource(`oci-archive:${file}:1`);
    const asked = source.resolve(reference).then((resolved) => candidatesOf(source, resolved));
    expect((await rejection(asked)).code).toBe(code);
  });

  test("one that isn't there is told as that", async () => {
    const { source, reference } = openSource(`oci-archive:${join(folder, "nowhere.tar")}`);
    expect((await rejection(source.resolve(reference))).code).toBe("layout-invalid");
  });
});
