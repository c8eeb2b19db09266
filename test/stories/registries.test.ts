import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostfit } from "../cli/harness.ts";
import { FakeRegistry } from "../registry/fake-registry.ts";
import { imageWithAttachedDocuments, imageWithInlineDocuments, layersOf, type TestImage } from "./image.ts";

const FACTS = ["--facts", "examples/hosts/gpu.yaml"];
const inline = imageWithInlineDocuments();
const attached = imageWithAttachedDocuments();
const tagged = imageWithAttachedDocuments();
for (const image of tagged.images) tagged.content.tagReferrers(image);

const registries: Record<"inline" | "attached" | "old", FakeRegistry> = {} as never;

beforeAll(async () => {
  registries.inline = await FakeRegistry.start(inline.content);
  registries.attached = await FakeRegistry.start(attached.content);
  registries.old = await FakeRegistry.start(tagged.content, { referrersApi: false });
});
afterAll(() => Promise.all(Object.values(registries).map((registry) => registry.stop())));

/** Runs a command on an image of a registry, and gives the requests that it made. */
async function ask(name: keyof typeof registries, command: string, ...more: string[]) {
  const registry = registries[name];
  const before = registry.log.length;
  const outcome = await hostfit([command, `${registry.host}/org/image:1`, ...more]);
  return { ...outcome, requests: registry.log.slice(before) };
}

function expectNoLayer(image: TestImage, requests: readonly string[]): void {
  for (const layer of layersOf(image)) expect(requests.join("\n")).not.toContain(layer);
}

describe("SR-3: an image is selected from its index alone", () => {
  test("with documents in the index: one manifest request and nothing else", async () => {
    const { status, requests } = await ask("inline", "select", ...FACTS);
    expect(status).toBe(0);
    expect(requests).toEqual(["GET /v2/org/image/manifests/1"]);
  });

  test.each(["check", "rank", "inspect"])("and so does %s", async (command) => {
    const { status, requests } = await ask("inline", command, ...(command === "inspect" ? [] : FACTS));
    expect(status).toBe(0);
    const asked = requests.filter(
      (request) => !request.includes("/referrers/") && !request.includes("/manifests/sha256-"),
    );
    // Inspection also looks for what does not count, to show it.
    expect(command === "inspect" ? asked : requests).toEqual(["GET /v2/org/image/manifests/1"]);
  });

  test("gives a digest that the index lists", async () => {
    const { stdout } = await ask("inline", "select", "-q", ...FACTS);
    expect(stdout).toBe(`${registries.inline.host}/org/image@${inline.images[1]?.digest}\n`);
  });
});

describe("TW-1: the document is got without pulling any layer", () => {
  test.each(["select", "check", "rank", "inspect", "lint"])(
    "%s fetches manifests and documents only",
    async (command) => {
      const { status, requests } = await ask("attached", command, ...(command === "inspect" ? [] : FACTS));
      expect(status).toBe(0);
      expect(requests.length).toBeGreaterThan(1);
      expectNoLayer(attached, requests);
    },
  );

  test("inspect prints the document itself", async () => {
    const { stdout } = await ask("attached", "inspect", "-o", "json");
    const { candidates } = JSON.parse(stdout) as { candidates: { documents: { content: unknown }[] }[] };
    expect(candidates[0]?.documents[0]?.content).toMatchObject({ kind: "Requirements" });
  });
});

describe("DE-2: the check needs no layers, neither downloaded nor executed", () => {
  test("a registry that refuses every layer doesn't matter", async () => {
    const refusing = await FakeRegistry.start(attached.content, {
      fault: (_request, response, url) => {
        if (!layersOf(attached).some((layer) => url.pathname.includes(layer))) return false;
        response.writeHead(500).end();
        return true;
      },
    });
    try {
      expect((await hostfit(["check", `${refusing.host}/org/image:1`, ...FACTS])).status).toBe(0);
    } finally {
      await refusing.stop();
    }
  });
});

describe("RM-1: people inspect what an image needs, to find the one that fits", () => {
  test("inspect shows variants, documents, where they come from, and who wrote what", async () => {
    const { stdout } = await ask("attached", "inspect");
    for (const image of attached.images) expect(stdout).toContain(image.digest);
    expect(stdout).toContain("linux/amd64/v3");
    expect(stdout.match(/attached by sha256:\w{12}, native, revision 1/g)).toHaveLength(3);
  });

  test("what doesn't count is shown with the reason", async () => {
    const { content, images } = imageWithAttachedDocuments();
    const [first] = images;
    if (first !== undefined) content.artifact(first, { document: "{}", revision: 0 });
    const registry = await FakeRegistry.start(content);
    try {
      const { stdout } = await hostfit(["inspect", `${registry.host}/org/image:1`]);
      expect(stdout).toMatch(/doesn't count: attached sha256:\w{12}: there is a higher revision/);
    } finally {
      await registry.stop();
    }
  });
});

describe("RM-2: nothing depends on a registry's being changed", () => {
  test("a registry without the referrers API gives the same answer by its referrers tags", async () => {
    const answers = await Promise.all(
      (["attached", "old"] as const).map(async (name) => {
        const { stdout } = await ask(name, "rank", ...FACTS, "-o", "json");
        const { candidates } = JSON.parse(stdout) as { candidates: { reference: string }[] };
        return candidates.map(({ reference, ...rest }) => ({
          ...rest,
          reference: reference.replace(/^[^/]*/, ""),
        }));
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(registries.old.log.some((request) => request.includes("/manifests/sha256-"))).toBe(true);
  });

  test("nothing is ever written", () => {
    const methods = Object.values(registries).flatMap(({ log }) =>
      log.map((request) => request.split(" ")[0]),
    );
    expect(new Set(methods)).toEqual(new Set(["GET"]));
  });
});
