import { afterAll, beforeAll, expect, test } from "vitest";
import { candidatesOf } from "../../src/registry/candidates.ts";
import { documentsFor } from "../../src/registry/documents.ts";
import { openSource } from "../../src/registry/open.ts";
import { describeWith } from "../tools.ts";
import { Content, type JsonDescriptor } from "./content.ts";
import { type RegistryServer, startCrane, startDockerRegistry, startReferrersRegistry } from "./servers.ts";

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
    });
    afterAll(() => server?.stop());

    test.each([
      ["org/large", 4, 2],
      ["org/small", 3, 1],
      ["org/many", 4, 1],
      ["org/none", 2, 0],
    ])("%s: at most %i for an image with an attached document", async (name, limit, documents) => {
      const { fetch, rounds } = counting();
      const { source, reference } = openSource(`${server.host}/${name}:1`, { credentials: NOBODY, fetch });
      const list = await candidatesOf(source, await source.resolve(reference));
      const found = await documentsFor(source, list);
      const winners = [...found.indexes, ...found.candidates].filter(
        ({ outcome }) => outcome.status === "winners",
      );
      expect(winners).toHaveLength(documents);
      expect(rounds()).toBeLessThanOrEqual(limit);
    });
  });
}
