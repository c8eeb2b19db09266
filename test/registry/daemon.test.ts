import { type ChildProcess, spawn } from "node:child_process";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { daemonSocket } from "../../src/registry/daemon-socket.ts";
import { formatReference, parseReference } from "../../src/registry/reference.ts";
import { hostfit } from "../cli/harness.ts";
import { describeWith } from "../tools.ts";
import { Content, type JsonDescriptor, temporaryFolder } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";
import { rejection } from "./rejection.ts";

const ID = `sha256:${"1".repeat(64)}`;
const FACTS = ["--facts", "examples/hosts/gpu.yaml"];

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ending.splice(0).map((end) => end()));
});

/** A daemon on a socket, as the Engine API's ImageInspect has it. */
async function daemon(images: Record<string, unknown>, fault?: (response: ServerResponse) => void) {
  const socket = join(temporaryFolder(), "docker.sock");
  const log: string[] = [];
  const server: Server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`);
    if (fault !== undefined) return fault(response);
    const name = /^\/images\/(.+)\/json$/.exec(request.url ?? "")?.[1] ?? "";
    const image = images[decodeURIComponent(name)];
    response.writeHead(image === undefined ? 404 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(image ?? { message: `No such image: ${name}` }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  ending.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { env: { DOCKER_HOST: `unix://${socket}`, HOSTFIT_CACHE: "off" }, log };
}

const BUILT = {
  Id: ID,
  RepoTags: ["app:1"],
  RepoDigests: [],
  Os: "linux",
  Architecture: "amd64",
  Variant: "",
};

async function registry(): Promise<{ host: string; log: readonly string[]; index: JsonDescriptor }> {
  const content = new Content();
  const { index } = content.platforms([{ os: "linux", architecture: "amd64" }]);
  content.artifact(index, {
    revision: 1,
    document:
      '{"apiVersion":"hostfit/v1.0","kind":"Requirements","requires":{"kernel.version":{"full":{"version":">=99"}}}}',
  });
  const server = await FakeRegistry.start(content);
  ending.push(() => server.stop());
  return { host: server.host, log: server.log, index };
}

describe("an image of Docker's daemon", () => {
  test("that was built here is judged by its platform, and named by its id", async () => {
    const { env, log } = await daemon({ "app:1": BUILT });
    const chosen = await hostfit(["select", "-q", "docker-daemon:app:1", ...FACTS], { env });
    expect(chosen).toMatchObject({ status: 0, stdout: `docker-daemon:app:1@${ID}\n` });
    expect(log).toEqual(["GET /images/app:1/json"]);
    const again = await hostfit(["select", "-q", chosen.stdout.trim(), ...FACTS], { env });
    expect(again.stdout).toBe(chosen.stdout);
    const arm = await hostfit(["check", "docker-daemon:app:1", "--facts", "examples/hosts/arm.yaml"], {
      env,
    });
    expect(arm.status).toBe(1);
  });

  test("by its id", async () => {
    const { env } = await daemon({ [ID]: BUILT });
    expect((await hostfit(["check", `docker-daemon:${ID}`, ...FACTS], { env })).status).toBe(0);
  });

  test("that was pulled has its documents where it is from", async () => {
    const { host, log, index } = await registry();
    const image = { ...BUILT, RepoDigests: [`${host}/org/app@${index.digest}`] };
    const { env } = await daemon({ [`${host}/org/app:1`]: image });
    const { status, stdout } = await hostfit(
      ["check", `docker-daemon:${host}/org/app:1`, ...FACTS, "-o", "json"],
      { env },
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout).image).toMatchObject({ digest: index.digest });
    expect(log.some((line) => line.includes(`/manifests/${index.digest}`))).toBe(true);
    expect(log.some((line) => line.includes("/manifests/1"))).toBe(false);
  });

  test("whose registry can't be asked is no image without documents", async () => {
    const image = { ...BUILT, RepoDigests: [`127.0.0.1:9/org/app@${ID}`] };
    const { env } = await daemon({ "app:1": image });
    const { status, stderr } = await hostfit(["check", "docker-daemon:app:1", ...FACTS], { env });
    expect(status).toBe(5);
    expect(stderr).toContain("error registry-unreachable");
  });

  test("that has a name in a registry which doesn't know it was only built here", async () => {
    const { host } = await registry();
    const image = { ...BUILT, RepoDigests: [`${host}/org/app@sha256:${"2".repeat(64)}`] };
    const { env } = await daemon({ "app:1": image });
    expect((await hostfit(["check", "docker-daemon:app:1", ...FACTS], { env })).status).toBe(0);
  });

  test("can't be written to", async () => {
    const { env, log } = await daemon({ "app:1": BUILT });
    const { status, stderr } = await hostfit(
      ["attach", "examples/lammps-src/amd64.yaml", "docker-daemon:app:1"],
      { env },
    );
    expect([status, log]).toEqual([5, []]);
    expect(stderr).toContain("error write-refused");
  });

  test.each([
    ["there is no such image", undefined, 4, "manifest-unknown"],
    [
      "the daemon fails",
      (response: ServerResponse) => response.writeHead(500).end('{"message":"it broke"}'),
      5,
      "daemon-unreachable",
    ],
    [
      "the answer is a page",
      (response: ServerResponse) => response.writeHead(200).end("<html>"),
      4,
      "not-json",
    ],
    [
      "the answer says nothing",
      (response: ServerResponse) => response.writeHead(200).end("{}"),
      4,
      "manifest-unknown",
    ],
    [
      "the answer has no end",
      (response: ServerResponse) => response.writeHead(200).end(" ".repeat(4 * 1024 * 1024 + 1)),
      4,
      "too-large",
    ],
    [
      "the answer breaks off",
      (response: ServerResponse) => {
        response.writeHead(200, { "Content-Length": "100" }).write("{");
        response.destroy();
      },
      5,
      "daemon-unreachable",
    ],
  ] as const)("%s", async (_what, fault, status, code) => {
    const { env } = await daemon({}, fault as ((response: ServerResponse) => void) | undefined);
    const outcome = await hostfit(["check", "docker-daemon:app:1", ...FACTS], { env });
    expect(outcome.stderr).toContain(`error ${code}`);
    expect(outcome.status).toBe(status);
  });

  test("without a daemon the socket is named", async () => {
    const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock", HOSTFIT_CACHE: "off" };
    const { status, stderr } = await hostfit(["check", "docker-daemon:app:1", ...FACTS], { env });
    expect(status).toBe(5);
    expect(stderr).toContain("Docker's daemon at /nonexistent/docker.sock can't be asked: ENOENT");
  });

  test("a daemon elsewhere is not asked", async () => {
    expect(
      (await rejection(Promise.resolve().then(() => daemonSocket({ DOCKER_HOST: "tcp://10.0.0.1:2375" }))))
        .code,
    ).toBe("daemon-invalid");
    expect(daemonSocket({})).toBe("/var/run/docker.sock");
  });

  test.each([
    "docker-daemon:alpine:3",
    "docker-daemon:a.example/x/y:1",
    `docker-daemon:${ID}`,
    `docker-daemon:app:1@${ID}`,
  ])("%s is a reference", (text) => {
    expect(formatReference(parseReference(text))).toBe(text);
  });

  test.each([
    "docker-daemon:",
    "docker-daemon:Alpine",
    "docker-daemon:docker-daemon:a",
    "docker-daemon:oci:x",
    "docker-daemon:../json",
  ])("%s is none", async (text) => {
    expect((await rejection(Promise.resolve().then(() => parseReference(text)))).code).toBe(
      "reference-invalid",
    );
  });
});

/** Milliseconds within which Docker's daemon must answer. */
const START_LIMIT_MS = 30_000;

describeWith("dockerd", "Docker's own daemon", () => {
  const folder = temporaryFolder();
  const socket = join(folder, "docker.sock");
  let child: ChildProcess;
  let output = "";

  const post = (path: string, body: Uint8Array): Promise<number> =>
    new Promise((resolve, reject) => {
      const asked = request({
        socketPath: socket,
        path,
        method: "POST",
        headers: { "Content-Type": "application/x-tar" },
      });
      asked.on("response", (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
      });
      asked.on("error", reject);
      asked.end(body);
    });

  beforeAll(async () => {
    const own = [
      "--data-root",
      join(folder, "data"),
      "--exec-root",
      join(folder, "exec"),
      "--pidfile",
      join(folder, "pid"),
    ];
    const alone = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs"];
    child = spawn("dockerd", ["-H", `unix://${socket}`, ...own, ...alone], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-2000);
      });
    }
    const limit = Date.now() + START_LIMIT_MS;
    while (child.exitCode === null && Date.now() < limit && !output.includes("API listen on")) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }, START_LIMIT_MS + 5000);
  afterAll(async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }, START_LIMIT_MS);

  test("gives what was built there, by name and by id", async (context) => {
    // It needs rights that not every machine gives; the daemon above stands for it there.
    if (child.exitCode !== null) context.skip(`dockerd doesn't run here: ${output}`);
    // An archive without files: two blocks of zeros.
    expect(await post("/images/create?fromSrc=-&repo=app&tag=1", new Uint8Array(1024))).toBe(200);
    const env = { DOCKER_HOST: `unix://${socket}`, HOSTFIT_CACHE: "off" };
    const chosen = await hostfit(["select", "-q", "docker-daemon:app:1", ...FACTS], { env });
    expect(chosen).toMatchObject({ status: 0 });
    expect(chosen.stdout).toMatch(/^docker-daemon:app:1@sha256:[a-f0-9]{64}\n$/);
    const id = chosen.stdout.trim().replace(/^.*@/, "");
    expect((await hostfit(["check", `docker-daemon:${id}`, ...FACTS], { env })).status).toBe(0);
    const none = await hostfit(["check", "docker-daemon:app:2", ...FACTS], { env });
    expect(none.stderr).toContain("error manifest-unknown");
  });
});
