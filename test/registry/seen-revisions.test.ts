import { afterEach, describe, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";

const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

const NEEDS = JSON.stringify({ apiVersion: "hostfit/v1.0", kind: "Requirements" });

/** An image whose list of artifacts changes. */
async function image(): Promise<{
  list: () => Promise<readonly string[]>;
  check: () => Promise<readonly string[]>;
  content: Content;
  index: JsonDescriptor;
}> {
  const content = new Content();
  const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
  content.tag("1", index);
  const registry = await FakeRegistry.start(content);
  running.push(registry);
  const env = { HOSTFIT_CACHE: temporaryFolder() };
  const notes = async (...argv: string[]): Promise<readonly string[]> => {
    const { stdout } = await hostfit([...argv, "-o", "json"], { env });
    const { notes } = JSON.parse(stdout) as { notes: { code: string; message: string }[] };
    return notes.filter(({ code }) => code === "revision-went-back").map(({ message }) => message);
  };
  return {
    content,
    index,
    list: () => notes("list", `${registry.host}/org/app:1`),
    check: () => notes("select", `${registry.host}/org/app:1`, "--facts", "examples/hosts/gpu.yaml"),
  };
}

describe("an old revision after a newer one was seen is reported", () => {
  test("by list and by select, and no longer once it is there again", async () => {
    const { content, index, list, check } = await image();
    const old = content.artifact(index, { revision: 1, document: NEEDS });
    expect([await list(), await check()]).toEqual([[], []]);
    const newer = content.artifact(index, { revision: 2, document: `${NEEDS} ` });
    expect([await check(), await list()]).toEqual([[], []]);
    const entries = content.subjects.get(index.digest) ?? [];
    content.subjects.set(
      index.digest,
      entries.filter(({ digest }) => digest === old.digest),
    );
    for (const ask of [list, check]) {
      const [told = "", ...more] = await ask();
      expect(more).toEqual([]);
      expect(told).toContain("the document of revision 1 counts for");
      expect(told).toContain(`where one of revision 2 (${newer.digest}) was seen before`);
    }
    content.subjects.set(index.digest, entries);
    expect([await list(), await check()]).toEqual([[], []]);
  });

  test("and so is none at all", async () => {
    const { content, index, list } = await image();
    content.artifact(index, { revision: 7, document: NEEDS });
    await list();
    content.subjects.delete(index.digest);
    expect(await list()).toEqual([expect.stringContaining("there is no document of")]);
  });

  test("a document that says no revision takes nothing away from what was seen", async () => {
    const { content, index, list } = await image();
    content.artifact(index, { revision: 3, document: NEEDS });
    await list();
    content.subjects.delete(index.digest);
    content.artifact(index, { document: NEEDS });
    expect(await list()).toEqual([expect.stringContaining("the document of revision 0 counts")]);
    expect(await list()).toHaveLength(1);
  });
});
