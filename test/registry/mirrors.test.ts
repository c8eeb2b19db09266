import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parseReference, type RegistryReference } from "../../src/registry/reference.ts";
import { readRegistriesConf } from "../../src/registry/registries-conf.ts";
import { hostfit } from "../cli/harness.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { type FakeOptions, FakeRegistry } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";

const NOWHERE = "/nonexistent";
const running: FakeRegistry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((registry) => registry.stop()));
});

function fileWith(text: string): string {
  const file = join(temporaryFolder(), "registries.conf");
  writeFileSync(file, text);
  return file;
}

/** What a file says of an image: `mirror NAME`, `primary NAME (insecure)`. */
async function locations(text: string, image: string): Promise<readonly string[]> {
  const conf = await readRegistriesConf({ CONTAINERS_REGISTRIES_CONF: fileWith(text) });
  const reference = parseReference(image) as RegistryReference;
  return (conf?.locationsOf(reference) ?? []).map(({ role, insecure, reference: at }) => {
    const { domain, repository, tag, digest } = at;
    const name = `${domain}/${repository}${tag === null ? "" : `:${tag}`}${digest === null ? "" : `@${digest.slice(7, 10)}`}`;
    return `${role} ${name}${insecure === "allowed" ? " (insecure)" : ""}`;
  });
}

const DIGEST = `sha256:${"a".repeat(64)}`;
const MAN_PAGE = `
unqualified-search-registries = ["example.com"]
[[registry]]
prefix = "example.com/foo"
insecure = false
blocked = false
location = "internal-registry-for-example.com/bar"
[[registry.mirror]]
location = "example-mirror-0.local/mirror-for-foo"
[[registry.mirror]]
location = "example-mirror-1.local/mirrors/foo"
insecure = true
`;

describe("registries.conf says where images are", () => {
  test.each([
    [
      "the manual's example",
      MAN_PAGE,
      "example.com/foo/image:latest",
      [
        "mirror example-mirror-0.local/mirror-for-foo/image:latest",
        "mirror example-mirror-1.local/mirrors/foo/image:latest (insecure)",
        "primary internal-registry-for-example.com/bar/image:latest",
      ],
    ],
    ["a name that only begins alike", MAN_PAGE, "example.com/foobar:1", ["primary example.com/foobar:1"]],
    [
      "a prefix that isn't said is the location",
      '[[registry]]\nlocation = "a.example"\ninsecure = true',
      "a.example/x:1",
      ["primary a.example/x:1 (insecure)"],
    ],
    [
      "the longest prefix counts",
      '[[registry]]\nprefix = "a.example"\nlocation = "b.example"\n[[registry]]\nprefix = "a.example/x/y"\nlocation = "c.example/z"',
      "a.example/x/y/app:1",
      ["primary c.example/z/app:1"],
    ],
    [
      "any host below a domain",
      '[[registry]]\nprefix = "*.example"\nlocation = "cache.local"',
      "a.b.example/x:1",
      ["primary cache.local/x:1"],
    ],
    [
      "but not the domain",
      '[[registry]]\nprefix = "*.example.org"\nlocation = "cache.local"',
      "example.org/x:1",
      ["primary example.org/x:1"],
    ],
    [
      "docker.io by its full name",
      '[[registry]]\nprefix = "docker.io/library"\nlocation = "hub.local/lib"',
      "alpine",
      ["primary hub.local/lib/alpine:latest"],
    ],
    [
      "mirrors for digests alone",
      '[[registry]]\nlocation = "a.example"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "m.local"',
      "a.example/x:1",
      ["primary a.example/x:1"],
    ],
    [
      "and where there is one",
      '[[registry]]\nlocation = "a.example"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "m.local"',
      `a.example/x@${DIGEST}`,
      ["mirror m.local/x@aaa", "primary a.example/x@aaa"],
    ],
    [
      "pull-from-mirror, mirror by mirror",
      '[[registry]]\nlocation = "a.example"\n[[registry.mirror]]\nlocation = "t.local"\npull-from-mirror = "tag-only"\n[[registry.mirror]]\nlocation = "d.local"\npull-from-mirror = "digest-only"\n[[registry.mirror]]\nlocation = "all.local"\npull-from-mirror = "all"',
      "a.example/x:1",
      ["mirror t.local/x:1", "mirror all.local/x:1", "primary a.example/x:1"],
    ],
    [
      "a prefix with a tag",
      '[[registry]]\nprefix = "a.example/x:1"\nlocation = "b.example/y:2"',
      "a.example/x:1",
      ["primary b.example/y:2"],
    ],
  ])("%s", async (_what, text, image, expected) => {
    expect(await locations(text, image)).toEqual(expected);
  });

  test("what is blocked is an error", async () => {
    const asked = locations(
      '[[registry]]\nprefix = "a.example/secret"\nblocked = true',
      "a.example/secret/x:1",
    );
    expect((await rejection(asked)).code).toBe("registry-blocked");
  });

  test.each([
    ["no TOML", "[[registry]]\nlocation = "],
    ["no names", "[[registry]]\ninsecure = true"],
    [
      "a mirror without a place",
      '[[registry]]\nlocation = "a.example"\n[[registry.mirror]]\ninsecure = true',
    ],
    ["a word for a truth value", '[[registry]]\nlocation = "a.example"\nblocked = "yes"'],
    [
      "a word that isn't one",
      '[[registry]]\nlocation = "a.example"\n[[registry.mirror]]\nlocation = "b"\npull-from-mirror = "never"',
    ],
  ])("%s is an error with its place", async (_what, text) => {
    const file = fileWith(text);
    const error = await rejection(readRegistriesConf({ CONTAINERS_REGISTRIES_CONF: file }));
    expect(error.code).toBe("registries-conf-invalid");
    expect(error.message).toContain(file);
  });

  test("the user's file stands for the system's, and later drop-ins for earlier tables", async () => {
    const home = temporaryFolder();
    const system = temporaryFolder();
    const write = (folder: string, name: string, text: string): void => {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    };
    const table = (location: string): string =>
      `[[registry]]\nprefix = "a.example"\nlocation = "${location}"\n`;
    const where = async (): Promise<string | undefined> => {
      const conf = await readRegistriesConf({ HOME: home }, system);
      return conf?.locationsOf(parseReference("a.example/x") as RegistryReference)[0]?.reference.domain;
    };
    expect(await where()).toBeUndefined();
    write(system, "registries.conf", table("system.local"));
    expect(await where()).toBe("system.local");
    write(home, ".config/containers/registries.conf", table("user.local"));
    expect(await where()).toBe("user.local");
    write(system, "registries.conf.d/10-a.conf", table("first.local"));
    write(system, "registries.conf.d/20-b.conf", table("second.local"));
    write(system, "registries.conf.d/30-c.txt", table("third.local"));
    expect(await where()).toBe("second.local");
    write(home, ".config/containers/registries.conf.d/a.conf", table("own.local"));
    expect(await where()).toBe("own.local");
  });

  test("nothing to read says nothing", async () => {
    expect(await readRegistriesConf({ CONTAINERS_REGISTRIES_CONF: NOWHERE })).toBeNull();
    expect(await readRegistriesConf({}, NOWHERE)).toBeNull();
    expect(await readRegistriesConf({ CONTAINERS_REGISTRIES_CONF: fileWith("# nothing\n") })).toBeNull();
  });
});

const NEEDS = (version: string) =>
  JSON.stringify({
    apiVersion: "hostfit/v1.0",
    kind: "Requirements",
    requires: { "kernel.version": { full: { version } } },
  });

/** An image; the same bytes wherever it is made. */
function image(document: string | null): { content: Content; index: JsonDescriptor } {
  const content = new Content();
  const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
  content.tag("1", index);
  if (document !== null) content.artifact(index, { revision: 1, document });
  return { content, index };
}

async function serve(content: Content, options: FakeOptions = {}): Promise<FakeRegistry> {
  const registry = await FakeRegistry.start(content, options);
  running.push(registry);
  return registry;
}

/** Judges `a.example/app:1`, which is really kept at one place and mirrored at others. */
async function check(primary: string, mirrors: readonly string[], ...more: readonly string[]) {
  const text = [
    `[[registry]]\nprefix = "a.example"\nlocation = "${primary}"`,
    ...mirrors.map((mirror) => `[[registry.mirror]]\nlocation = "${mirror}"`),
  ].join("\n");
  const env = { CONTAINERS_REGISTRIES_CONF: fileWith(text), HOSTFIT_CACHE: "off" };
  const argv = ["check", "a.example/app:1", "--facts", "examples/hosts/gpu.yaml", "-o", "json", ...more];
  const { status, stdout, stderr } = await hostfit(argv, { env });
  return { status, code: stderr === "" ? null : (JSON.parse(stderr) as { code: string }).code, stdout };
}

const FAILING: FakeOptions = {
  fault: (_request, response) => {
    response.writeHead(403).end("{}");
    return true;
  },
};

describe("an image with mirrors", () => {
  test("comes from the first that has it, and keeps its name", async () => {
    const empty = await serve(new Content());
    const mirror = await serve(image(null).content);
    const primary = await serve(image(NEEDS(">=99")).content);
    const { status, stdout } = await check(primary.host, [empty.host, mirror.host]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout).image.reference).toBe("a.example/app:1");
    expect(empty.log.filter((line) => line.includes("/manifests/1"))).toHaveLength(1);
    expect(mirror.log.filter((line) => line.includes("/manifests/1"))).toHaveLength(1);
    expect(primary.log.filter((line) => line.includes("/manifests/1"))).toEqual([]);
  });

  test("has its documents from where it is really kept, though the mirror has none", async () => {
    const mirror = await serve(image(null).content);
    const primary = await serve(image(NEEDS(">=99")).content);
    expect((await check(primary.host, [mirror.host])).status).toBe(1);
  });

  test("and those of the mirror too", async () => {
    const mirror = await serve(image(NEEDS(">=99")).content);
    const primary = await serve(image(null).content);
    expect((await check(primary.host, [mirror.host])).status).toBe(1);
  });

  test("a mirror without documents is no image without documents", async () => {
    const mirror = await serve(image(null).content);
    const primary = await serve(image(NEEDS(">=99")).content, FAILING);
    expect(await check(primary.host, [mirror.host])).toMatchObject({ status: 5, code: "mirror-incomplete" });
  });

  test("the policy may accept it, and what the mirror has counts", async () => {
    const mirror = await serve(image(NEEDS(">=99")).content);
    const primary = await serve(image(NEEDS(">=1")).content, FAILING);
    const policy = join(temporaryFolder(), "policy.yaml");
    writeFileSync(policy, "apiVersion: hostfit/v1.0\nkind: Policy\nonMissing: accept\n");
    // The variant itself has no document there, which is only known because the policy says so.
    expect((await check(primary.host, [mirror.host])).code).toBe("mirror-incomplete");
    expect((await check(primary.host, [mirror.host], "--policy", policy)).status).toBe(1);
  });

  test("that nobody has says what the registry says", async () => {
    const [mirror, primary] = [await serve(new Content()), await serve(new Content())];
    expect(await check(primary.host, [mirror.host])).toMatchObject({ status: 4, code: "manifest-unknown" });
  });

  test("a mirror that lies is passed over", async () => {
    const mirror = await serve(image(null).content, {
      fault: (_request, response) => {
        response.writeHead(200, { "Docker-Content-Digest": DIGEST }).end("{}");
        return true;
      },
    });
    const primary = await serve(image(NEEDS(">=1")).content);
    expect((await check(primary.host, [mirror.host])).status).toBe(0);
  });

  test("a login for the registry doesn't go to its mirror", async () => {
    const mirror = await serve(image(NEEDS(">=1")).content, {
      fault: (_request, response) => {
        response.writeHead(401, { "WWW-Authenticate": "Basic realm=x" }).end();
        return true;
      },
    });
    const primary = await serve(image(NEEDS(">=1")).content);
    const text = `[[registry]]\nprefix = "a.example"\nlocation = "${primary.host}"\n[[registry.mirror]]\nlocation = "${mirror.host}"`;
    const env = {
      CONTAINERS_REGISTRIES_CONF: fileWith(text),
      HOSTFIT_CACHE: "off",
      HOSTFIT_USERNAME: "me",
      HOSTFIT_PASSWORD: "s3cret",
    };
    const argv = ["check", "a.example/app:1", "--facts", "examples/hosts/gpu.yaml"];
    expect((await hostfit(argv, { env })).status).toBe(0);
    expect(mirror.authorizations.filter((one) => one !== "")).toEqual([]);
  });

  test("what is blocked isn't asked for", async () => {
    const primary = await serve(image(NEEDS(">=1")).content);
    const text = `[[registry]]\nprefix = "${primary.host}/org"\nblocked = true`;
    const env = { CONTAINERS_REGISTRIES_CONF: fileWith(text), HOSTFIT_CACHE: "off" };
    const { status, stderr } = await hostfit(["inspect", `${primary.host}/org/app:1`], { env });
    expect([status, primary.log]).toEqual([5, []]);
    expect(stderr).toContain("error registry-blocked");
  });
});
