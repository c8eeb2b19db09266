import { afterAll, beforeAll, expect, test } from "vitest";
import { DiskStore } from "../../src/registry/disk-store.ts";
import { documentsFor, type ImageDocuments } from "../../src/registry/documents.ts";
import { openImage } from "../../src/select/open-image.ts";
import { describeWith } from "../tools.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import {
  type RegistryServer,
  startCrane,
  startDockerRegistry,
  startReferrersRegistry,
  startZot,
} from "./servers.ts";

/**
 * A `fetch` in lock step: what is asked is held until nobody asks any more, and answered all at once. So the number of
 * steps is that of the round trips which had to wait for one another, however fast the registry is.
 */
function counting(): { fetch: typeof globalThis.fetch; rounds: () => number } {
  const held: (() => Promise<() => void>)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let rounds = 0;
  const step = async (): Promise<void> => {
    rounds++;
    const answers = await Promise.all(held.splice(0).map((ask) => ask()));
    for (const answer of answers) answer();
  };
  return {
    rounds: () => rounds,
    fetch: (input, init) =>
      new Promise((resolve, reject) => {
        held.push(async () => {
          try {
            const answer = await fetch(input, init);
            const { status, headers } = answer;
            const body = await answer.arrayBuffer();
            const bodyless = init?.method === "HEAD" || body.byteLength === 0;
            return () => resolve(new Response(bodyless ? null : body, { status, headers }));
          } catch (error) {
            return () => reject(error);
          }
        });
        clearTimeout(timer);
        timer = setTimeout(() => void step(), 30);
      }),
  };
}

const NOBODY = { credentialsFor: () => Promise.resolve({ kind: "anonymous" as const }) };
const LARGE = JSON.stringify({ description: "x".repeat(5000) });

for (const [program, start, hasApi] of [
  ["referrers-registry", startReferrersRegistry, true],
  ["zot-registry", startZot, true],
  ["crane", startCrane, false],
  ["docker-registry", startDockerRegistry, false],
] as const) {
  describeWith(program, `round trips to ${program}`, () => {
    let server: RegistryServer;
    beforeAll(async () => {
      server = await start();
      const push = async (
        name: string,
        extra: (content: Content, index: JsonDescriptor, image: JsonDescriptor) => void,
      ) => {
        const content = new Content();
        const { index, images } = content.platforms([{ os: "linux", architecture: "amd64" }]);
        content.tag("1", index);
        extra(content, index, images[0] ?? index);
        if (!hasApi) {
          for (const subject of [index, ...images]) {
            if (content.subjects.has(subject.digest)) content.tagReferrers(subject);
          }
        }
        await content.push(`http://${server.host}`, name);
      };
      await push("org/large", (content, index, image) => {
        content.artifact(index, { revision: 1, document: LARGE });
        content.artifact(image, { revision: 1, document: `${LARGE} ` });
      });
      await push("org/small", (content, index) => {
        content.artifact(index, { revision: 1, document: "{}", data: true });
      });
      await push("org/many", (content, index) => {
        for (let revision = 1; revision <= 12; revision++)
          content.artifact(index, { revision, document: LARGE });
      });
      await push("org/none", () => undefined);
      await push("org/single", (content, _index, image) => {
        content.tag("1", image);
        content.artifact(image, { revision: 1, document: LARGE });
      });
      await push("org/nested", (content, index, image) => {
        content.tag("1", content.index([index]));
        content.artifact(image, { revision: 1, document: LARGE });
      });
    });
    afterAll(() => server?.stop());

    /** Looks for an image's documents as a command does, and counts. */
    async function look(name: string, store: DiskStore | null) {
      const { fetch, rounds } = counting();
      const { source, list } = await openImage({
        reference: `${server.host}/${name}:1`,
        registry: { credentials: NOBODY, fetch, ...(store === null ? {} : { store }) },
      });
      const found = await documentsFor(source, list);
      return { rounds: rounds(), documents: winnersOf(found) };
    }

    test.each([
      ["org/large", 4, 2],
      ["org/small", 3, 1],
      ["org/many", 4, 1],
      ["org/none", 2, 0],
      ["org/single", 4, 1],
      ["org/nested", 5, 1],
    ])(
      "%s: at most %i on a cold cache, for an image with an attached document",
      async (name, limit, documents) => {
        const cold = await look(name, null);
        expect(cold.documents).toHaveLength(documents);
        expect(cold.rounds).toBeLessThanOrEqual(limit);
      },
    );

    test.each([["org/large"], ["org/small"], ["org/many"], ["org/none"], ["org/single"], ["org/nested"]])(
      "%s: one on a warm cache, in another process",
      async (name) => {
        const folder = temporaryFolder();
        const cold = await look(name, new DiskStore(folder));
        const warm = await look(name, new DiskStore(folder));
        expect(warm).toEqual({ rounds: 1, documents: cold.documents });
      },
    );

    test("on a warm cache a new document is seen, and a tag that was moved", async () => {
      const folder = temporaryFolder();
      const content = new Content();
      const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
      content.tag("1", index);
      await content.push(`http://${server.host}`, "org/moving");
      expect((await look("org/moving", new DiskStore(folder))).documents).toEqual([]);
      content.artifact(index, { revision: 1, document: LARGE });
      if (!hasApi) content.tagReferrers(index);
      await content.push(`http://${server.host}`, "org/moving");
      const documented = await look("org/moving", new DiskStore(folder));
      expect(documented.documents).toHaveLength(1);
      // The two questions at once, and what is new.
      expect(documented.rounds).toBe(3);
      content.tag("1", content.index([{ ...content.image({ os: "linux", architecture: "arm64" }) }]));
      await content.push(`http://${server.host}`, "org/moving");
      expect((await look("org/moving", new DiskStore(folder))).documents).toEqual([]);
    });
  });
}

function winnersOf(found: ImageDocuments): readonly string[] {
  return [...found.indexes, ...found.candidates].flatMap(({ outcome }) =>
    outcome.status === "winners"
      ? outcome.winners.map((one) => ("digest" in one ? one.digest : "malformed"))
      : [],
  );
}
