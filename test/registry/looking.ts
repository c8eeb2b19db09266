import { afterEach } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { type DocumentsOptions, documentsFor, type ImageDocuments } from "../../src/registry/documents.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { parseReference } from "../../src/registry/reference.ts";
import { RegistrySource } from "../../src/registry/registry.ts";
import type { Source } from "../../src/registry/source.ts";
import { type Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";

export const AMD64 = { os: "linux", architecture: "amd64" };
export const ARM64 = { os: "linux", architecture: "arm64" };
export const NOW = Date.parse("2026-06-01T00:00:00Z");
export const INLINE = "io.hostfit.requirements";
export const PINNED = "io.hostfit.requirements.digest";
export const CONSULT = "io.hostfit.requirements.consult";

/** Registries that are stopped after each test. */
export const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

/** The documents of an image in a layout that lists all its manifests. */
export async function inLayout(
  content: Content,
  root: JsonDescriptor,
  options: DocumentsOptions = {},
): Promise<ImageDocuments> {
  const entries = [...content.manifests].map(([digest, mediaType]) => ({
    digest,
    mediaType,
    size: content.blobs.get(digest)?.length ?? 0,
  }));
  return look(new LayoutSource(content.writeLayout(temporaryFolder(), entries)), root, options);
}

/** The documents of an image in a source. */
export async function look(
  source: Source,
  root: JsonDescriptor,
  options: DocumentsOptions,
): Promise<ImageDocuments> {
  const resolved = await source.resolve({ tag: null, digest: root.digest });
  return documentsFor(source, await candidatesOf(source, resolved), { now: NOW, ...options });
}

/** An image served by a registry, its documents, and how many requests it took. */
export async function inRegistry(
  content: Content,
  root: JsonDescriptor,
  fake: FakeOptions = {},
  options: DocumentsOptions = {},
): Promise<{ documents: ImageDocuments; log: readonly string[] }> {
  const registry = await FakeRegistry.start(content, fake);
  running.push(registry);
  const reference = parseReference(`${registry.host}/org/app`);
  if (reference.kind !== "registry") throw new Error("unexpected reference");
  const source = new RegistrySource(reference, { sleep: () => Promise.resolve() });
  return { documents: await look(source, root, options), log: registry.log };
}

/** What the outcomes are, in short. */
export function short(documents: ImageDocuments): { indexes: unknown[]; candidates: unknown[] } {
  const one = ({ outcome }: ImageDocuments["indexes"][number]): unknown => {
    if (outcome.status === "winners") {
      return outcome.winners.map((winner) =>
        winner.kind === "document"
          ? `${winner.origin}: ${new TextDecoder().decode(winner.bytes)}`
          : `${winner.origin}, malformed: ${winner.error.code}`,
      );
    }
    if (outcome.status === "none") return `none in ${outcome.looked}`;
    if (outcome.status === "failed") return `failed: ${outcome.error.code}`;
    return `missing, demanded by ${outcome.by}`;
  };
  return { indexes: documents.indexes.map(one), candidates: documents.candidates.map(one) };
}
