import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Content, temporaryFolder } from "../registry/content.ts";
import { FakeRegistry } from "../registry/fake-registry.ts";
import { hostfit } from "./harness.ts";

const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

const NEEDS = '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"cpu.cpuid":["AVX2"]}}';

/** An image that says it was built on `team/base:1` of the same registry, whose document is attached. */
async function images() {
  const folder = temporaryFolder();
  const content = new Content();
  const base = content.image({ os: "linux", architecture: "amd64", of: "base" });
  content.artifact(base, { revision: 1, document: NEEDS });
  content.tag("base", base);
  const registry = await FakeRegistry.start(content, { writes: true });
  running.push(registry);
  const annotations = { "org.opencontainers.image.base.name": `${registry.host}/team/base:base` };
  content.tag("app", content.image({ os: "linux", architecture: "amd64" }, { annotations }));
  const needs = join(folder, "needs.json");
  writeFileSync(needs, NEEDS);
  const policy = (allow: readonly string[] | null): string => {
    const file = join(folder, "policy.json");
    const bases = allow === null ? {} : { bases: { allow } };
    writeFileSync(file, JSON.stringify({ apiVersion: "hostfit/v1.0", kind: "Policy", ...bases }));
    return file;
  };
  const attach = (...more: string[]) =>
    hostfit(["attach", needs, `${registry.host}/team/app:app`, "--from-base", "--dry-run", ...more], {
      env: { HOSTFIT_CACHE: "off" },
    });
  return { host: registry.host, log: registry.log, policy, attach };
}

describe("what an image says of its base is followed", () => {
  test("where the policy lists the repository, or a path above it", async () => {
    const { host, policy, attach } = await images();
    for (const allow of [[`${host}/team/base`], ["a.example", `${host}/team/`], [host]]) {
      expect(await attach("--policy", policy(allow))).toMatchObject({ status: 0 });
    }
  });

  test("nowhere else, and nobody is asked", async () => {
    const { host, log, policy, attach } = await images();
    for (const allow of [[], [`${host}/team/bas`], ["a.example"], [""], null]) {
      const { status, stderr } = await attach("--policy", policy(allow));
      expect(status).toBe(6);
      expect(stderr).toContain("error refused-by-policy");
    }
    expect(log.filter((line) => line.includes("/team/base/"))).toEqual([]);
  });

  test("without a policy because --from-base says so", async () => {
    const { attach } = await images();
    expect((await attach()).status).toBe(0);
  });
});
