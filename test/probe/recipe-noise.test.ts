/** The recipes that hostfit brings along, on files that hold what no kernel would write: truncated, huge, binary, full of strange characters. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { probe } from "../../src/probe/probe.ts";
import { filesOf } from "./files.ts";
import { fixture, parseTree } from "./tree.ts";

/** A fixture's files, without its links. */
function contentsOf(name: string): Record<string, Buffer> {
  return Object.fromEntries(
    parseTree(fixture(name)).flatMap((entry) => (entry.kind === "file" ? [[entry.path, entry.bytes]] : [])),
  );
}

describe("no content of a file makes a recipe throw, or give what isn't text", () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        "\0",
        "\n\n\n",
        "=",
        ":",
        "\r\n",
        "\ufffd",
        "__proto__=x\n",
        "\u2028",
        '"',
        "\t: ",
        "{}",
        "- [",
      )
      .map((text) => Buffer.from(text)),
    fc.constantFrom("x", "= : ", "7f454c46", "\n").map((text) => Buffer.from(text.repeat(20_000))),
  );
  const edits = fc.array(fc.record({ file: fc.nat(), at: fc.nat(4_000), cut: fc.nat(4_000), noise }), {
    minLength: 1,
    maxLength: 40,
  });

  it.each(["xeon-v2", "zen4", "gpu-node", "infiniband", "s390x", "wsl2"])(
    "%s",
    { timeout: 60_000 },
    async (name) => {
      const good = contentsOf(`${name}.tree`);
      const paths = Object.keys(good);
      await fc.assert(
        fc.asyncProperty(edits, async (changes) => {
          const contents = { ...good };
          for (const { file, at, cut, noise: added } of changes) {
            const path = paths[file % paths.length] as string;
            const bytes = contents[path] as Buffer;
            const from = at % (bytes.length + 1);
            contents[path] = Buffer.concat([bytes.subarray(0, from), added, bytes.subarray(from + cut)]);
          }
          const { host } = await probe({ files: filesOf(contents), env: {} });
          const { attributes: sets, instances } = host.features;
          const values = [
            ...Object.values(sets).map(({ elements }) => elements),
            ...Object.values(instances).flatMap(({ elements }) => elements.map((one) => one.attributes)),
          ].flatMap((elements) => Object.values(elements));
          expect(values.filter((value) => typeof value !== "string")).toEqual([]);
        }),
        { numRuns: 25 },
      );
    },
  );
});
