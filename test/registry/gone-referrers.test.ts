/** What a referrers tag lists and somebody deleted without hostfit: registries take no list that names it any more. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { requirements } from "../stories/image.ts";
import { describeWith } from "../tools.ts";
import { Content, temporaryFolder } from "./content.ts";
import { type RegistryServer, startCrane, startDockerRegistry } from "./servers.ts";

interface Attached {
  readonly attachments: readonly { readonly artifact: string; readonly revision: number }[];
}

const PLACES = [
  ["docker-registry", () => startDockerRegistry(true)],
  ["crane", startCrane],
] as const;

for (const [program, start] of PLACES) {
  describeWith(program, `where ${program} lists documents that were deleted`, () => {
    const folder = temporaryFolder();
    let server: RegistryServer;
    let image: string;
    let lost: string;
    let count = 0;

    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());

    const attach = async (level: number, ...more: string[]): Promise<Attached> => {
      const file = join(folder, `needs-${level}.json`);
      writeFileSync(file, JSON.stringify(requirements(level)));
      const outcome = await hostfit(["attach", file, image, "-o", "json", ...more]);
      expect(outcome).toMatchObject({ status: 0, stderr: "" });
      return JSON.parse(outcome.stdout) as Attached;
    };
    const listed = async (): Promise<readonly { artifact: string; counts: boolean }[]> => {
      const { stdout, status } = await hostfit(["list", image, "-o", "json"]);
      expect(status).toBe(0);
      return (JSON.parse(stdout) as { documents: { artifact: string; counts: boolean }[] }).documents;
    };

    beforeEach(async () => {
      const name = `org/app-${++count}`;
      const content = new Content();
      const { index } = content.platforms([{ os: "linux", architecture: "amd64" }], () => ({
        annotations: { count: String(count) },
      }));
      content.tag("1", index);
      await content.push(`http://${server.host}`, name);
      image = `${server.host}/${name}:1`;
      await attach(1);
      lost = (await attach(2)).attachments[0]?.artifact ?? "";
      const answer = await fetch(`http://${server.host}/v2/${name}/manifests/${lost}`, { method: "DELETE" });
      expect(answer.status).toBe(202);
    });

    test("a new one is attached, and comes after the one that is gone", async () => {
      const { attachments } = await attach(3);
      expect(attachments).toMatchObject([{ revision: 3 }]);
      const counts = (await listed()).filter((document) => document.counts);
      expect(counts.map(({ artifact }) => artifact)).toEqual([attachments[0]?.artifact]);
    });

    test("the one that was there before is attached anew: the one that is gone stood in its way", async () => {
      expect((await attach(1)).attachments).toMatchObject([{ revision: 3 }]);
    });

    test("detach takes it off the list", async () => {
      expect(await hostfit(["detach", "-q", image, lost])).toMatchObject({ status: 0, stderr: "" });
      expect((await listed()).map(({ artifact, counts }) => [artifact === lost, counts])).toEqual([
        [false, true],
      ]);
    });

    test("detach --all leaves nothing", async () => {
      expect(await hostfit(["detach", "-q", image, "--all"])).toMatchObject({ status: 0, stderr: "" });
      expect(await listed()).toEqual([]);
    });
  });
}
