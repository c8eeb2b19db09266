import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import { RegistryError } from "../../src/registry/errors.ts";
import { readManifest } from "../../src/registry/manifest.ts";
import { OCI_INDEX } from "../../src/registry/media-types.ts";
import type { Referrers, Resolved, Source } from "../../src/registry/source.ts";
import { Content } from "./content.ts";

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** JSON that keeps the shape of manifests, with anything in any place. */
const jsonish = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      OCI_INDEX,
      "application/vnd.oci.image.manifest.v1+json",
      `sha256:${"a".repeat(64)}`,
      2,
      -1,
      1e300,
      "true",
      null,
      {},
      [],
    ),
    fc.dictionary(
      fc.constantFrom(
        "schemaVersion",
        "mediaType",
        "digest",
        "size",
        "manifests",
        "config",
        "layers",
        "annotations",
        "platform",
        "os",
        "os.features",
        "subject",
        "artifactType",
        "data",
        "io.hostfit.requirements",
        "io.hostfit.requirements.digest",
        "io.hostfit.requirements.consult",
        "__proto__",
      ),
      tie("value"),
      { maxKeys: 6 },
    ),
    fc.array(tie("value"), { maxLength: 4 }),
  ),
}));

describe("whatever an index says", () => {
  const content = new Content();
  const { images } = content.platforms([{ os: "linux", architecture: "amd64" }]);

  /** A source that answers everything with one manifest, or not at all. */
  function source(manifest: unknown): Source {
    const resolve = async (): Promise<Resolved> => {
      const bytes = encode(manifest);
      const digest = content.blob(bytes, OCI_INDEX).digest;
      const parsed = readManifest(bytes, null, "here");
      const { mediaType, size } = { mediaType: parsed.mediaType, size: bytes.length };
      const base = { annotations: {}, platform: null, artifactType: null, data: null };
      return { descriptor: { mediaType, digest, size, ...base }, bytes, manifest: parsed };
    };
    const referrers = async (): Promise<Referrers> => ({ descriptors: [], from: "api" });
    const missing = (): Promise<never> => Promise.reject(new RegistryError("blob-unknown", "not here"));
    return {
      kind: "registry",
      name: "here",
      resolve,
      manifest: resolve,
      head: missing,
      blob: missing,
      referrers,
    };
  }

  test("reading it gives candidates, notes or a RegistryError, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(jsonish.value, fc.boolean(), async (value, inEntry) => {
        const manifest = inEntry
          ? {
              schemaVersion: 2,
              mediaType: OCI_INDEX,
              manifests: [value, { ...images[0], annotations: value }],
            }
          : value;
        try {
          const from = source(manifest);
          const list = await candidatesOf(from, await from.resolve({ tag: null, digest: null }));
          const documents = await documentsFor(from, list, { now: 0 });
          expect(documents.candidates).toHaveLength(list.candidates.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RegistryError);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("nesting that would exhaust a stack is read or refused", () => {
    const deep = `{"manifests":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const read = (): unknown => readManifest(new TextEncoder().encode(deep), OCI_INDEX, "here");
    try {
      expect(read()).toMatchObject({ kind: "index" });
    } catch (error) {
      expect(error).toBeInstanceOf(RegistryError);
    }
  });

  test.each([
    ["bytes that are no UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["nothing", new Uint8Array(0)],
    ["a number", encode(1)],
    ["null", encode(null)],
  ])("%s are not JSON of a manifest", (_, bytes) => {
    expect(() => readManifest(bytes, OCI_INDEX, "here")).toThrow(RegistryError);
  });
});
