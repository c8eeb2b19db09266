import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Content } from "../registry/content.ts";
import {
  type Attached,
  answer,
  folder,
  type Listed,
  layout,
  NEEDS,
  NFD,
  OTHER,
} from "./documents-and-images.ts";
import { hostfit } from "./harness.ts";

function imageOf(salt: string): Content {
  const content = new Content();
  const { index } = content.platforms([{ os: "linux", architecture: "amd64" }], () => ({
    annotations: { salt },
  }));
  content.tag("1", index);
  return content;
}

describe("IA-6 and IA-4: inheritance and groups", () => {
  const base = (image: string): string => image.replace(/:1$/, "");
  const NAMED = join(folder, "base.yaml");
  writeFileSync(
    NAMED,
    "apiVersion: hostfit/v1.0\nkind: Requirements\nname: ubi10\nrequires: { kernel.version: { full: { version: '>=5.14' } } }\n",
  );

  test("what the base requires is copied in, pinned, and the reasons say where it is from", async () => {
    const [one, two] = [layout(), layout()];
    const attached = await answer<Attached>("attachment", "attach", NAMED, one);
    const made = await answer<{ attachments: { included: { origin: string; digest: string }[] }[] }>(
      "attachment",
      "attach",
      NEEDS,
      two,
      "--include",
      one,
    );
    const [included] = made.attachments[0]?.included ?? [];
    expect(included?.digest).toBe(attached.attachments[0]?.document);
    expect(included?.origin).toMatch(/^oci:.*:1@sha256:/);
    const { stdout, status } = await hostfit(["select", two, "--facts", "examples/hosts/old.yaml"]);
    expect(status).toBe(1);
    expect(stdout).toContain(`included from ${included?.origin}`);
    expect(stdout).toContain("ubi10");
  });

  test("what is included through another comes along with its path", async () => {
    const [one, two, three] = [layout(), layout(), layout()];
    await answer("attachment", "attach", NAMED, one);
    await answer("attachment", "attach", NEEDS, two, "--include", one);
    const made = await answer<{ attachments: { included: { origin: string }[] }[] }>(
      "attachment",
      "attach",
      OTHER,
      three,
      "--include",
      two,
    );
    expect(made.attachments[0]?.included.map(({ origin }) => origin.split(" > ").length)).toEqual([1, 2]);
    const { stdout } = await hostfit(["pull", three]);
    expect((await hostfit(["lint", "-"], { stdin: stdout })).stdout).toBe("(stdin): nothing wrong\n");
  });

  test("a pushed document is included, and list --stale finds who has an old one of it", async () => {
    const image = layout();
    const group = `${base(layout())}:group`;
    await answer("push", "push", NAMED, group);
    await answer("attachment", "attach", NEEDS, image, "--include", group);
    expect((await hostfit(["list", "--stale", "-q", image])).stdout).toBe("");
    const current = await answer<{ includes: { state: string }[] }>(
      "document-list",
      "list",
      "--stale",
      image,
    );
    expect(current.includes.map(({ state }) => state)).toEqual(["current"]);
  });

  test("list --stale tells a newer document of the base", async () => {
    const [one, two] = [layout(), layout()];
    await answer("attachment", "attach", NAMED, one);
    await answer("attachment", "attach", NEEDS, two, "--include", one);
    await answer("attachment", "attach", OTHER, one);
    const { includes } = await answer<{ includes: { state: string; now: string[] }[] }>(
      "document-list",
      "list",
      "--stale",
      two,
    );
    expect(includes).toMatchObject([{ state: "newer" }]);
    expect((await hostfit(["list", "--stale", two])).stdout).toContain("stale: there is a newer one");
    // Attaching anew brings it up to date, in place of the old one.
    const pulled = join(folder, "again.json");
    await hostfit(["pull", two, "--file", pulled, "-q"]);
    await answer("attachment", "attach", pulled, two, "--include", one);
    const fresh = await answer<{ includes: { state: string }[] }>("document-list", "list", "--stale", two);
    expect(fresh.includes.map(({ state }) => state)).toEqual(["current"]);
  });

  test.each([
    ["an image that includes itself", ["--include", "SELF"], "include-cycle"],
    ["an image without documents", ["--include", "BARE"], "nothing-to-include"],
    ["NFD's document", ["--include", "NFD"], "include-dialect"],
    ["an image that names no base", ["--from-base"], "base-unknown"],
  ] as const)("%s is refused, and nothing is written", async (_what, argv, code) => {
    const [image, bare, nfd] = [layout(), layout(), layout()];
    await answer("attachment", "attach", NFD, nfd);
    const words = { SELF: image, BARE: bare, NFD: nfd } as Readonly<Record<string, string>>;
    const outcome = await hostfit(["attach", NEEDS, image, ...argv.map((word) => words[word] ?? word)]);
    expect(outcome).toMatchObject({ status: 4, stdout: "" });
    expect(outcome.stderr).toContain(`error ${code}`);
    expect((await answer<Listed>("document-list", "list", image)).documents).toEqual([]);
  });

  test("an image can't include its own document through another's", async () => {
    // Layouts of the same content have the same digests: another image is one of other content.
    const [one, two] = [layout(), layout(imageOf("another"))];
    await answer("attachment", "attach", NAMED, one);
    await answer("attachment", "attach", NEEDS, two, "--include", one);
    const before = await answer<Listed>("document-list", "list", one);
    const outcome = await hostfit(["attach", OTHER, one, "--include", two]);
    expect(outcome).toMatchObject({ status: 4, stdout: "" });
    expect(outcome.stderr).toContain("error include-cycle");
    expect(await answer<Listed>("document-list", "list", one)).toEqual(before);
  });

  test("numbers keep their spelling on the way", async () => {
    const [one, two] = [layout(), layout()];
    const spelled = join(folder, "spelled.json");
    writeFileSync(
      spelled,
      '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"a.b":{"v":"1.10","w":1.10}}}',
    );
    await answer("attachment", "attach", spelled, one);
    await answer("attachment", "attach", NEEDS, two, "--include", one);
    expect((await hostfit(["pull", two])).stdout).toContain('"requires":{"a.b":{"v":"1.10","w":1.10}}');
  });
});
