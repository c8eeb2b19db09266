import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { attachDocument } from "../../src/author/publish/attach.ts";
import { embedDocuments } from "../../src/author/publish/embed.ts";
import { documentBlob } from "../../src/registry/artifact.ts";
import type { LayoutSource } from "../../src/registry/layout.ts";
import { openWriter } from "../../src/registry/open.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { Content, temporaryFolder } from "./content.ts";

/** The schemas of image-spec v1.1.1 (Apache-2.0), as they are in its `schema/`. */
const FOLDER = new URL("image-spec/", import.meta.url);
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
for (const file of readdirSync(FOLDER)) {
  // Draft 4's `id` and `$schema` are none of ajv's; nothing else in these differs between the drafts.
  const text = readFileSync(new URL(file, FOLDER), "utf8");
  ajv.addSchema(
    JSON.parse(text, (key, value: unknown) =>
      (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value,
    ),
    file,
  );
}

function expectValid(schema: string, bytes: Uint8Array): void {
  const validate = ajv.getSchema(schema);
  expect(validate, schema).toBeDefined();
  validate?.(JSON.parse(new TextDecoder().decode(bytes)));
  expect(validate?.errors ?? []).toEqual([]);
}

describe("what is written is valid under image-spec", () => {
  const image = () => {
    const content = new Content();
    content.tag("1", content.platforms([{ os: "linux", architecture: "amd64" }]).index);
    return parseReference(`oci:${content.writeLayout(temporaryFolder())}:1`);
  };

  test.each([
    ["native", '{"a":1}'],
    ["native", JSON.stringify({ large: "x".repeat(5000) })],
    ["nfd", "version: v1alpha1\n"],
  ] as const)("an artifact with a document (%s)", async (dialect, text) => {
    const reference = image();
    const { writer } = openWriter(reference);
    const document = await documentBlob(new TextEncoder().encode(text), dialect);
    const [attached] = await attachDocument({
      images: [reference],
      open: () => writer,
      which: { kind: "named" },
      compose: () => Promise.resolve({ document, included: [] }),
      title: "a.json",
      created: "2026-01-01T00:00:00Z",
      older: "keep",
      mode: "write",
    });
    const { bytes } = await writer.source.resolve({ tag: null, digest: attached?.artifact ?? null });
    expectValid("image-manifest-schema.json", bytes);
    const { annotations, layers } = JSON.parse(new TextDecoder().decode(bytes));
    expect(annotations).toEqual({
      "io.hostfit.revision": "1",
      "org.opencontainers.image.created": "2026-01-01T00:00:00Z",
      "org.opencontainers.image.title": "a.json",
      "org.opencontainers.image.version": "1",
    });
    expect(layers[0].data).toBe(text.length > 4096 ? undefined : btoa(text));
  });

  test.each(["inline", "digest", "consult"] as const)("an index with documents (%s)", async (form) => {
    const reference = image();
    const { writer } = openWriter(reference);
    await embedDocuments({
      image: reference,
      writer,
      tag: "2",
      form,
      document: await documentBlob(new TextEncoder().encode("{}"), "native"),
      which: { kind: "all-platforms" },
      title: "a.json",
      created: "2026-01-01T00:00:00Z",
      mode: "write",
    });
    const { bytes } = await writer.source.resolve({ tag: "2", digest: null });
    expectValid("image-index-schema.json", bytes);
    const { directory } = writer.source as LayoutSource;
    expectValid("image-index-schema.json", readFileSync(`${directory}/index.json`));
  });

  test("and the schemas do refuse", () => {
    const bytes = new TextEncoder().encode('{"schemaVersion":2,"layers":[]}');
    expect(() => expectValid("image-manifest-schema.json", bytes)).toThrow();
  });
});
