import { Content, type JsonDescriptor } from "../registry/content.ts";

export const PLATFORMS = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "amd64", variant: "v3" },
  { os: "linux", architecture: "arm64" },
] as const;

/** A document that demands a kernel and prefers what it was compiled for. */
export function requirements(weight: number, kernel = ">=4.18"): Record<string, unknown> {
  return {
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    requires: { "kernel.version": { full: { version: kernel } } },
    prefers: [{ name: "kernels", weight, when: { "cpu.cpuid": ["AVX2"] } }],
  };
}

export interface TestImage {
  readonly content: Content;
  readonly index: JsonDescriptor;
  readonly images: readonly JsonDescriptor[];
}

/** An image of three variants, tagged `1`, whose documents stand in its index. */
export function imageWithInlineDocuments(): TestImage {
  const content = new Content();
  const { index, images } = content.platforms(PLATFORMS, (position) => ({
    annotations: { "io.hostfit.requirements": JSON.stringify(requirements(10 * (position + 1))) },
  }));
  content.tag("1", index);
  return { content, index, images };
}

/** An image of three variants, tagged `1`, whose documents are attached to them. */
export function imageWithAttachedDocuments(): TestImage {
  const content = new Content();
  const { index, images } = content.platforms(PLATFORMS);
  content.tag("1", index);
  images.forEach((image, position) => {
    content.artifact(image, { document: JSON.stringify(requirements(10 * (position + 1))), revision: 1 });
  });
  return { content, index, images };
}

/** The digests of everything that is a layer of one of the images. */
export function layersOf({ content, images }: TestImage): readonly string[] {
  return images.flatMap(({ digest }) => {
    const manifest = JSON.parse(new TextDecoder().decode(content.blobs.get(digest))) as {
      layers: { digest: string }[];
    };
    return manifest.layers.map((layer) => layer.digest);
  });
}
