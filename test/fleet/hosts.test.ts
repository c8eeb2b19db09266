import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { HostfitError } from "../../src/errors.ts";
import { type FleetHost, readHosts } from "../../src/fleet/hosts.ts";
import { Omissions } from "../../src/fleet/left-out.ts";
import type { JsonMap } from "../../src/probe/elsewhere/described.ts";
import { temporaryFolder } from "../registry/content.ts";
import { attributes, list, node, nodeFeature } from "./cluster.ts";

const folder = temporaryFolder();

function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function read(
  path: string,
  { keepGoing = false, patch = null }: { keepGoing?: boolean; patch?: JsonMap | null } = {},
): Promise<{ hosts: FleetHost[]; leftOut: string[] }> {
  const omissions = new Omissions(keepGoing);
  const hosts: FleetHost[] = [];
  const input = { path, cwd: "/", read: (one: string) => readFile(one), patch, omissions };
  for await (const host of readHosts(input)) hosts.push(host);
  return { hosts, leftOut: omissions.list.map(({ item, code }) => `${item.replace(folder, "")} ${code}`) };
}

async function refusal(path: string): Promise<string> {
  return read(path).then(
    () => "none",
    (error: HostfitError) => `${error.code}: ${error.message.replaceAll(folder, "")}`,
  );
}

const host = (name?: string): object => ({
  apiVersion: "hostfit/v1.0",
  kind: "Host",
  ...(name === undefined ? {} : { name }),
  features: attributes("kernel.version", { full: "6.1.0" }),
});

describe("hosts of a fleet", () => {
  test("a Host document, in JSON and in YAML, is handed on as it was written", async () => {
    const json = file("one.json", `{ "kind": "Host", "apiVersion": "hostfit/v1.0", "name": "n1" }`);
    const found = await read(json);
    expect(found.hosts.map(({ name }) => name)).toEqual(["n1"]);
    expect(new TextDecoder().decode(found.hosts[0]?.json ?? new Uint8Array())).toBe(
      `{ "kind": "Host", "apiVersion": "hostfit/v1.0", "name": "n1" }`,
    );
    const yaml = file("two.yaml", "apiVersion: hostfit/v1.0\nkind: Host\nname: n2\n");
    expect((await read(yaml)).hosts[0]).toMatchObject({ name: "n2", facts: { kind: "Host" } });
  });

  test("a host without a name is called as its file", async () => {
    expect((await read(file("node-7.json", host()))).hosts[0]?.name).toBe("node-7");
  });

  test("a folder has a host for each file, in the order of their names", async () => {
    const many = join(folder, "many");
    mkdirSync(many);
    for (const name of ["b", "a", "c"]) writeFileSync(join(many, `${name}.json`), JSON.stringify(host(name)));
    writeFileSync(join(many, "README.txt"), "not a host");
    expect((await read(many)).hosts.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  test("one JSON document a line", async () => {
    const lines = file("lines.json", `${JSON.stringify(host("x"))}\n${JSON.stringify(host("y"))}\n`);
    expect((await read(lines)).hosts.map(({ name }) => name)).toEqual(["x", "y"]);
  });

  test("NodeFeature objects are joined by node: NFD's own namespace first, then by name", async () => {
    const objects = list([
      nodeFeature("n1", attributes("a.b", { x: "late", z: "3" }), { name: "a-vendor", namespace: "vendor" }),
      nodeFeature("n2", attributes("a.b", { x: "other" })),
      nodeFeature("n1", {
        ...attributes("a.b", { x: "early", y: "2" }),
        instances: { "pci.device": { elements: [{ attributes: { vendor: "10de" } }] } },
      }),
    ]);
    const { hosts } = await read(file("nodefeatures.json", objects));
    expect(hosts.map(({ name }) => name)).toEqual(["n1", "n2"]);
    expect(hosts[0]?.facts).toMatchObject({
      kind: "Host",
      features: {
        attributes: { "a.b": { elements: { x: "late", y: "2", z: "3" } } },
        instances: { "pci.device": { elements: [{ attributes: { vendor: "10de" } }] } },
      },
    });
  });

  test("the API's own list leaves the kind to the list", async () => {
    const { kind: _, ...bare } = nodeFeature("n1", attributes("a.b", { x: "1" })) as { kind: string };
    const { hosts } = await read(file("api.json", { kind: "NodeFeatureList", items: [bare] }));
    expect(hosts.map(({ name }) => name)).toEqual(["n1"]);
  });

  test("Nodes are known by their labels, which never deny", async () => {
    const nodes = list([
      node("n1", { "feature.node.kubernetes.io/cpu-cpuid.AVX2": "true" }, "5.14.0-427.el9"),
      node("n2", {}),
    ]);
    const { hosts } = await read(file("nodes.json", nodes));
    expect(hosts[0]?.facts).toMatchObject({
      name: "n1",
      platforms: [{ os: "linux", architecture: "amd64" }],
      features: {
        flags: { "cpu.cpuid": { elements: { AVX2: {} }, scope: ["AVX2"] } },
        attributes: { "kernel.version": { elements: { full: "5.14.0-427.el9" } } },
      },
    });
    expect(hosts.map(({ name }) => name)).toEqual(["n1", "n2"]);
  });

  test("a Node and its NodeFeature objects are one host, of which the objects say more", async () => {
    const both = list([
      nodeFeature("n1", {
        flags: { "cpu.cpuid": { elements: { AVX2: {}, FMA3: {} } } },
        ...attributes("kernel.version", { full: "6.5.0", major: "6" }),
      }),
      node("n1", { "feature.node.kubernetes.io/cpu-cpuid.AVX2": "true" }),
    ]);
    const { hosts } = await read(file("both.json", both));
    expect(hosts).toHaveLength(1);
    expect(hosts[0]?.facts).toMatchObject({
      platforms: [{ os: "linux", architecture: "amd64" }],
      features: {
        flags: { "cpu.cpuid": { elements: { AVX2: {}, FMA3: {} } } },
        attributes: { "kernel.version": { elements: { full: "6.5.0", major: "6" } } },
      },
    });
  });

  test("a patch is laid over every host", async () => {
    const patch = { features: attributes("kernel.version", { full: "6.12.0" }) } as JsonMap;
    const { hosts } = await read(file("patched.json", host("n1")), { patch });
    expect(hosts[0]).toMatchObject({
      json: null,
      facts: { features: { attributes: { "kernel.version": { elements: { full: "6.12.0" } } } } },
    });
  });
});

describe("what is wrong with hosts", () => {
  test.each<[string, () => string, string]>([
    ["no facts", () => file("pod.json", { kind: "Pod", metadata: {} }), "not-a-host: /pod.json: it is a Pod"],
    ["an empty list", () => file("empty.json", list([])), "no-hosts: /empty.json holds no host"],
    ["a text", () => file("text.json", "hello"), "invalid-json: /text.json is not JSON"],
    [
      "a name twice",
      () => file("twice.json", [host("n"), host("n")]),
      "duplicate-host: /twice.json: n: there is a host n already, from /twice.json",
    ],
    [
      "a node without features",
      () => file("bare.json", list([nodeFeature("n9", {})])),
      "host-without-features: /bare.json: the node n9 has no features",
    ],
    [
      "a folder without a host",
      () => {
        mkdirSync(join(folder, "nothing"));
        return join(folder, "nothing");
      },
      "no-hosts: /nothing holds no .json or .yaml file",
    ],
  ])("%s is an error that names the item", async (_, path, expected) => {
    expect(await refusal(path())).toContain(expected);
  });

  test("with keepGoing the rest is read, and what was left out is known", async () => {
    const objects = [host("a"), { kind: "Pod" }, host("a"), nodeFeature("n9", {}), host("b")];
    const { hosts, leftOut } = await read(file("mixed.json", objects), { keepGoing: true });
    expect(hosts.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(leftOut).toEqual([
      "/mixed.json: item 1 not-a-host",
      "/mixed.json: a duplicate-host",
      "/mixed.json: n9 host-without-features",
    ]);
  });
});
