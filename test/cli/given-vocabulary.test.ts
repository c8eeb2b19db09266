/** `--vocabulary` on every command that takes it: from a file, and from where it is published. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Content } from "../registry/content.ts";
import { FakeRegistry } from "../registry/fake-registry.ts";
import { hostfit } from "./harness.ts";

const MPICH = "examples/vocabularies/mpich.yaml";
const NEEDS = "examples/vocabularies/needs-mpich.yaml";
const IMAGE = "oci:examples/lammps";
const FEATURE = "org.example.mpi/library.mpich";

const folder = mkdtempSync(join(tmpdir(), "hostfit-given-vocabulary-"));
const root = join(folder, "root");
mkdirSync(join(root, "opt/mpich/4.2.1/etc"), { recursive: true });
writeFileSync(join(root, "opt/mpich/4.2.1/etc/build.conf"), "device=ch4:ofi\n");
mkdirSync(join(root, "proc/sys/kernel"), { recursive: true });
writeFileSync(join(root, "proc/sys/kernel/arch"), "x86_64\n");

const needs = join(folder, "needs.yaml");
writeFileSync(
  needs,
  `apiVersion: hostfit/v1.0\nkind: Requirements\nrequires: { ${FEATURE}: { some: { version: { version: ">=4.2" } } } }\n`,
);

let registry: FakeRegistry;
let reference: string;
const env = { HOSTFIT_CACHE: join(folder, "cache") };

beforeAll(async () => {
  registry = await FakeRegistry.start(new Content(), { writes: true });
  reference = `${registry.host}/vocabularies/mpi:1`;
  const { status, stderr } = await hostfit(["vocabulary", "publish", MPICH, reference]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

const places: readonly (readonly [string, () => string])[] = [
  ["a file", () => MPICH],
  ["a registry", () => reference],
];

describe.each(places)("a vocabulary in %s", (_where, place) => {
  const run = (...argv: string[]) => hostfit([...argv, "--vocabulary", place()], { env });

  test("probe reads its features", async () => {
    const { stdout } = await run("probe", "-q", "-o", "json", "--host-root", root, "--only", FEATURE);
    expect(JSON.parse(stdout).features.instances).toEqual({
      [FEATURE]: { elements: [{ attributes: { device: "ch4:ofi", version: "4.2.1" } }] },
    });
  });

  test.each([
    ["check", ["check", "--requirements", needs]],
    ["check of an image", ["check", IMAGE, "--requirements", needs]],
    ["select", ["select", IMAGE, "--requirements", needs]],
    ["rank", ["rank", IMAGE, "--requirements", needs]],
  ])("%s judges by what it probes", async (_command, argv) => {
    const line = [...argv, "--host-root", root];
    expect((await run(...line)).status).toBe(0);
    expect((await hostfit(line, { env })).status).toBe(2);
  });

  test("lint and explain know it", async () => {
    expect((await run("lint", NEEDS)).stdout).toContain(FEATURE);
    expect((await hostfit(["lint", NEEDS])).stdout).not.toContain(FEATURE);
    expect((await run("explain", "library.mpich")).stdout).toContain("Installations of MPICH");
  });
});

describe("a vocabulary in a registry", () => {
  const argv = () => ["check", "--requirements", needs, "--host-root", root, "--vocabulary", reference];

  test("is kept: its blob is asked for once, and not at all offline", async () => {
    const cache = { env: { HOSTFIT_CACHE: join(folder, "kept") } };
    const blobs = () =>
      registry.log.filter((line) => line.startsWith("GET") && line.includes("/blobs/")).length;
    const before = blobs();
    expect((await hostfit(argv(), cache)).status).toBe(0);
    expect((await hostfit(argv(), cache)).status).toBe(0);
    expect(blobs()).toBe(before + 1);
    const asked = registry.log.length;
    expect((await hostfit([...argv(), "--offline"], cache)).status).toBe(0);
    expect(registry.log.length).toBe(asked);
    const nothing = { env: { HOSTFIT_CACHE: join(folder, "nothing") } };
    expect((await hostfit([...argv(), "--offline"], nothing)).status).toBe(5);
  });

  test("gets nothing of the login for the image's registry, and its own where it alone is named", async () => {
    const images = await FakeRegistry.start(new Content());
    const login = ["--username", "me", "--password-stdin"];
    const image = ["select", `${images.host}/app:1`, "--vocabulary", reference, ...login];
    const from = registry.authorizations.length;
    await hostfit(image, { env: {}, stdin: "secret" });
    expect(registry.authorizations.slice(from).length).toBeGreaterThan(0);
    expect(registry.authorizations.slice(from).filter((one) => one !== "")).toEqual([]);
    await images.stop();
  });

  test("may read where vocabularies from elsewhere may, and is refused otherwise", async () => {
    const file = join(folder, "curious.yaml");
    writeFileSync(
      file,
      "apiVersion: hostfit/v1.0\nkind: Vocabulary\ndomain: org.example.x\nversion: 1.0.0\nfeatures: { a.b: { kind: attributes, description: x, names: { c: {} }, probe: { attributes: { c: /etc/shadow } } } }\n",
    );
    const { status, stderr } = await hostfit(["probe", "--host-root", root, "--vocabulary", file]);
    expect([status, stderr]).toEqual([4, expect.stringContaining("not-allowed")]);
  });

  test("that isn't one, or isn't there, is an error", async () => {
    const image = await hostfit(["probe", "--vocabulary", IMAGE]);
    expect([image.status, image.stderr]).toEqual([4, expect.stringContaining("no-vocabulary")]);
    const gone = await hostfit(["probe", "--vocabulary", `${registry.host}/vocabularies/mpi:none`], {
      env: {},
    });
    expect(gone.status).toBe(4);
  });
});

describe("mistakes", () => {
  test("facts that are given aren't probed, so a vocabulary beside them is one", async () => {
    const facts = ["--facts", "examples/hosts/gpu.yaml", "--vocabulary", MPICH];
    for (const line of [
      ["select", IMAGE, ...facts],
      ["check", "--requirements", needs, ...facts],
    ]) {
      const { status, stderr } = await hostfit(line);
      expect([status, stderr]).toEqual([3, expect.stringContaining("--facts probes nothing")]);
    }
    expect((await hostfit(["lint", NEEDS, ...facts])).status).toBe(0);
  });

  test("standard input is one file", async () => {
    expect((await hostfit(["probe", "--vocabulary", "-", "--vocabulary", "-"])).status).toBe(3);
  });
});

describe("whose host it is, and what could not be seen", () => {
  test("a folder that was probed is named, this machine is itself", async () => {
    const line = ["check", "--requirements", needs, "-o", "json"];
    const under = await hostfit([...line, "--host-root", root, "--vocabulary", MPICH]);
    expect(JSON.parse(under.stdout).host.origin).toBe(root);
    expect(JSON.parse((await hostfit([...line, "--vocabulary", MPICH])).stdout).host.origin).toBe("probe");
    const text = await hostfit(["select", IMAGE, "--host-root", root]);
    expect(text.stdout).toContain(`host   ${root}`);
    expect(text.stdout).not.toContain("this machine");
  });

  test("an answer that isn't settled is told with the probe's notes, unless it is quiet", async () => {
    const line = [
      "check",
      "--requirements",
      needs,
      "--host-root",
      join(folder, "empty"),
      "--vocabulary",
      MPICH,
    ];
    mkdirSync(join(folder, "empty"));
    const { status, stderr } = await hostfit(line);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`note: ${FEATURE}: /opt: `)]);
    expect((await hostfit([...line, "-q"])).stderr).toBe("");
    const settled = await hostfit([
      "check",
      "--requirements",
      needs,
      "--host-root",
      root,
      "--vocabulary",
      MPICH,
    ]);
    expect([settled.status, settled.stderr]).toEqual([0, ""]);
  });

  test("an administrator's file that isn't understood is always told", async () => {
    mkdirSync(join(root, "etc/hostfit/facts.d"), { recursive: true });
    writeFileSync(join(root, "etc/hostfit/facts.d/bad.yaml"), "x: [");
    const { status, stderr } = await hostfit([
      "check",
      "--requirements",
      needs,
      "--host-root",
      root,
      "--vocabulary",
      MPICH,
    ]);
    rmSync(join(root, "etc"), { recursive: true });
    expect([status, stderr]).toEqual([0, expect.stringContaining("/etc/hostfit/facts.d/bad.yaml: ")]);
  });
});
