import { describe, expect, it } from "vitest";
import { probe } from "../../src/probe/probe.ts";
import { fixture, withTree } from "./tree.ts";

/** The time at which the feature files' expiry is judged. */
const NOW = new Date("2026-01-01T00:00:00Z");

const HOSTS = [
  { name: "xeon-v2", title: "an old bare-metal server whose kernel can't name all that its processor has" },
  { name: "zen4", title: "a host for confidential guests with Kata, WebAssembly and an emulator" },
  { name: "gpu-node", title: "a cluster's node with two GPUs", env: { NODE_NAME: "gpu-03.cluster" } },
  { name: "graviton3", title: "an arm64 guest with Docker" },
  { name: "raspberry-pi", title: "an Armv8 board with a 32-bit kernel" },
  { name: "power9", title: "a POWER9 whose features only the auxiliary vector would tell" },
  { name: "s390x", title: "a guest of z/VM" },
  { name: "infiniband", title: "a node of an HPC cluster with InfiniBand, GPUs, MPI and CDI" },
  { name: "wsl2", title: "a kernel with four numbers and a GPU that /proc does not name" },
  { name: "sandbox", title: "a container that sees half of /sys" },
];

describe("a probe of a captured host gives its facts in full, and says what it could not read", () => {
  for (const { name, title, env } of HOSTS) {
    it(`${name}: ${title}`, async () => {
      const { host, notes } = await withTree(fixture(`${name}.tree`), (root) =>
        probe({ root, env: env ?? {}, now: NOW }),
      );
      expect(JSON.parse(JSON.stringify({ host, notes }))).toEqual(JSON.parse(fixture(`${name}.json`)));
    });
  }

  it("gives the same bytes when asked twice", async () => {
    await withTree(fixture("gpu-node.tree"), async (root) => {
      const once = JSON.stringify(await probe({ root, env: {}, now: NOW }));
      expect(JSON.stringify(await probe({ root, env: {}, now: NOW }))).toBe(once);
    });
  });
});
