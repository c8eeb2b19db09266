/** Attaching that ends in the middle, at every request that it makes: what a reader finds then, and what doing it again does. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { attachDocument } from "../../src/author/publish/attach.ts";
import { documentBlob } from "../../src/registry/artifact.ts";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import { LayoutSource } from "../../src/registry/layout.ts";
import { openSource, openWriter } from "../../src/registry/open.ts";
import { parseReference, type Reference } from "../../src/registry/reference.ts";
import type { RegistryOptions } from "../../src/registry/registry.ts";
import type { Source } from "../../src/registry/source.ts";
import { Content, temporaryFolder } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";

const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

const OLD = '{"of":"before"}';
const NEW = '{"of":"now"}';
const OPTIONS: RegistryOptions = {
  credentials: { credentialsFor: () => Promise.resolve({ kind: "anonymous" }) },
  sleep: () => Promise.resolve(),
  attempts: 1,
};

function attach(image: Reference, text: string, signal?: AbortSignal) {
  return attachDocument({
    images: [image],
    open: (reference) => openWriter(reference, OPTIONS).writer,
    which: { kind: "named" },
    compose: async () => ({
      document: await documentBlob(new TextEncoder().encode(text), "native"),
      included: [],
    }),
    title: "a.json",
    created: "2026-01-01T00:00:00Z",
    older: "keep",
    mode: "write",
    ...(signal === undefined ? {} : { signal }),
  });
}

/** What a reader takes for the image's document. */
async function found(image: Reference, source: Source = openSource(image, OPTIONS).source): Promise<string> {
  const documents = await documentsFor(source, await candidatesOf(source, await source.resolve(image)));
  const outcome = documents.indexes[0]?.outcome;
  if (outcome?.status !== "winners") return outcome?.status ?? "";
  return outcome.winners
    .map((one) => (one.kind === "document" ? new TextDecoder().decode(one.bytes) : one.error.code))
    .join();
}

/** A registry with an image that has a document already, and who is told of each request. */
async function setting(fake: FakeOptions) {
  const content = new Content();
  content.tag("1", content.platforms([{ os: "linux", architecture: "amd64" }]).index);
  let watch: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  const registry = await FakeRegistry.start(content, {
    writes: true,
    deletes: true,
    ...fake,
    fault: (request, response) => watch(request, response),
  });
  running.push(registry);
  const image = parseReference(`${registry.host}/org/app:1`);
  await attach(image, OLD);
  return {
    image,
    /** From here on every request is counted; the one of this number breaks off, before or after it was done. */
    breakAt: (number: number, when: "before" | "after", controller: AbortController) => {
      let count = 0;
      watch = (request, response) => {
        if (++count !== number) return false;
        if (when === "before") {
          controller.abort();
          response.destroy();
          return true;
        }
        // It is done, and nobody hears of it.
        request.on("end", () => setImmediate(() => controller.abort()));
        return false;
      };
      return () => count;
    },
    mend: () => {
      watch = () => false;
    },
  };
}

describe.each<[string, FakeOptions]>([
  ["a registry that lists by itself", { ociSubject: true }],
  ["a registry with a list under a tag", { referrersApi: false }],
  ["a registry with a list under a tag, and ETags", { referrersApi: false, conditional: true }],
])("attaching to %s, interrupted", (_kind, fake) => {
  test.each(["before", "after"] as const)(
    "at any request, %s it is done: a reader finds one document or the other, whole, and doing it again does it",
    async (when) => {
      for (let number = 1; ; number++) {
        const { image, breakAt, mend } = await setting(fake);
        const controller = new AbortController();
        const count = breakAt(number, when, controller);
        const outcome = await attach(image, NEW, controller.signal).then(
          () => "attached",
          () => "interrupted",
        );
        mend();
        const seen = await found(image);
        expect([OLD, NEW], `request ${number}`).toContain(seen);
        // Whoever was told that it is done finds it.
        if (outcome === "attached") expect(seen).toBe(NEW);
        const [again] = await attach(image, NEW);
        expect(["attached", "unchanged"]).toContain(again?.outcome);
        expect(await found(image), `request ${number}`).toBe(NEW);
        expect((await attach(image, NEW))[0]?.outcome).toBe("unchanged");
        if (count() < number) break;
        expect(number).toBeLessThan(60);
      }
    },
    60_000,
  );
});

test("a layout that is written to is whole whenever it is read", async () => {
  const content = new Content();
  content.tag("1", content.platforms([{ os: "linux", architecture: "amd64" }]).index);
  const folder = content.writeLayout(temporaryFolder());
  const image = parseReference(`oci:${folder}:1`);
  await attach(image, OLD);
  const writing = attach(image, NEW).then(() => true);
  let ended = false;
  void writing.then(() => {
    ended = true;
  });
  const seen = new Set<string>();
  while (!ended) {
    seen.add(await found(image, new LayoutSource(folder)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  seen.add(await found(image, new LayoutSource(folder)));
  expect([...seen].filter((text) => text !== OLD && text !== NEW)).toEqual([]);
  expect(seen.has(NEW)).toBe(true);
});
