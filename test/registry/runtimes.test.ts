/** The client in every runtime that has `fetch` and Web Crypto: one bundle, one loopback registry, one answer. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChromium } from "../bindings/conformance/browsers.ts";
import { describeWith, describeWithPackage, RUNTIMES } from "../tools.ts";
import { Content, temporaryFolder } from "./content.ts";
import { FakeRegistry } from "./fake-registry.ts";
import { askRegistries, type ClientReport } from "./runtimes/client.ts";

const run = promisify(execFile);
const folder = temporaryFolder();
const registries: FakeRegistry[] = [];
let hosts: readonly [string, string, string];
let wanted: ClientReport;

async function bundle(name: "command-line-program" | "page-program" | "worker-program"): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`runtimes/${name}.ts`, import.meta.url))],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    format: "esm",
    // INVARIANT: nothing of Node's is in what the client is made of; this build fails where it is.
    platform: "neutral",
    logLevel: "warning",
  });
}

beforeAll(async () => {
  await Promise.all([bundle("command-line-program"), bundle("page-program"), bundle("worker-program")]);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const content = new Content();
  const { index, images } = content.platforms([
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64", variant: "v8" },
  ]);
  content.tag("1", index);
  content.artifact(index, { revision: 1, document: '{"revision":1}' });
  content.artifact(index, { revision: 2, document: '{"revision":2}' });
  content.artifact(images[1] ?? index, { revision: 1, document: '{"on":"arm64"}', data: true });
  const locked = await FakeRegistry.start(content, {
    pageSize: 1,
    fault: (request, response, url) => {
      if (url.pathname === "/page" || url.pathname === "/page-program.js")
        return page(url.pathname, response);
      if (request.headers.authorization === `Basic ${btoa("me:s3cret")}`) return undefined;
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
      return true;
    },
  });
  const liar = await FakeRegistry.start(content, {
    fault: (_request, response) => {
      // A page from elsewhere may ask it, and see this header.
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Access-Control-Allow-Headers", "*");
      response.setHeader("Access-Control-Expose-Headers", "Docker-Content-Digest");
      response.writeHead(200, { "Docker-Content-Digest": `sha256:${"0".repeat(64)}` }).end("{}");
      return true;
    },
  });
  const mover = await FakeRegistry.start(content, {
    fault: (_request, response, url) => {
      response.writeHead(307, { Location: `${url.pathname}?${Math.random()}` }).end();
      return true;
    },
  });
  registries.push(locked, liar, mover);
  hosts = [locked.host, liar.host, mover.host];
  wanted = await askRegistries(...hosts);
});
afterAll(async () => {
  await Promise.all(registries.map((registry) => registry.stop()));
});

test("this Node finds everything, and fails as it should", () => {
  expect(wanted).toMatchObject({
    candidates: [{ platform: { architecture: "amd64" } }, { platform: { variant: "v8" } }],
    documents: ['{"revision":2}', '{"on":"arm64"}'],
    failures: {
      "no such tag": "manifest-unknown",
      "a wrong digest": "digest-mismatch",
      "a redirect without end": "redirect-refused",
      "nobody there": "registry-unreachable",
    },
  });
});

const COMMANDS: readonly {
  readonly name: string;
  readonly from: string;
  readonly command: readonly string[];
}[] = [
  { name: "Node 22", from: "node22", command: [join(RUNTIMES, "node22/bin/node")] },
  { name: "Node 24", from: "node24", command: [join(RUNTIMES, "node24/bin/node")] },
  { name: "Deno", from: "deno", command: [join(RUNTIMES, ".bin/deno"), "run", "--allow-net=127.0.0.1"] },
  { name: "Bun", from: "bun", command: [join(RUNTIMES, ".bin/bun"), "run"] },
];

for (const { name, from, command } of COMMANDS) {
  describeWithPackage(from, `the client in ${name}`, () => {
    test("gives what Node gives", async () => {
      const [program = "", ...parameters] = command;
      const { stdout } = await run(program, [...parameters, "command-line-program.js", ...hosts], {
        cwd: folder,
        env: { PATH: process.env["PATH"] ?? "", HOME: folder, DENO_NO_UPDATE_CHECK: "1" },
      });
      expect(JSON.parse(stdout)).toEqual(wanted);
    }, 60_000);
  });
}

describe("a worker", () => {
  describeWithPackage("workerd", "the client in workerd", () => {
    let child: ChildProcess;
    let url = "";
    beforeAll(async () => {
      const port = await freePort();
      url = `http://127.0.0.1:${port}/`;
      writeFileSync(join(folder, "worker.capnp"), workerConfig(port));
      child = spawn(join(RUNTIMES, ".bin/workerd"), ["serve", "worker.capnp"], {
        cwd: folder,
        stdio: "ignore",
      });
      for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
        const ready = await fetch(url).then(
          () => true,
          () => false,
        );
        if (ready) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("workerd doesn't answer");
    }, 60_000);
    afterAll(() => {
      child?.kill("SIGKILL");
    });

    test("gives what Node gives", async () => {
      const [host, liar, mover] = hosts;
      const answer = await fetch(`${url}?${new URLSearchParams({ host, liar, mover })}`);
      expect(JSON.parse(await answer.text())).toEqual(wanted);
    });
  });
});

describeWith("chromium", "a page", () => {
  describeWithPackage("playwright-core", "the client in Chromium", () => {
    test("gives what Node gives; a browser bounds redirects by itself, and says nothing of them", async () => {
      const [host, liar, mover] = hosts;
      const browser = await startChromium();
      try {
        const shown = await browser.newPage();
        await shown.goto(`http://${host}/page?${new URLSearchParams({ liar, mover })}`);
        await shown.waitForSelector("#loaded");
        const report = await shown.evaluate<ClientReport>("globalThis.asked");
        const failures = { ...wanted.failures, "a redirect without end": "registry-unreachable" };
        expect(report).toEqual({ ...wanted, failures });
      } finally {
        await browser.close();
      }
    }, 60_000);
  });
});

/** The page and its program, where the registry is. */
function page(path: string, response: ServerResponse): true {
  if (path === "/page") {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end('<script type="module" src="/page-program.js"></script><p id="loaded">loaded</p>');
  } else {
    response.writeHead(200, { "Content-Type": "text/javascript" });
    response.end(readFileSync(join(folder, "page-program.js")));
  }
  return true;
}

/** Workers may not ask this machine unless it is said. */
function workerConfig(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ],
);
const worker :Workerd.Worker = (
  modules = [ (name = "worker", esModule = embed "worker-program.js") ],
  compatibilityDate = "2025-01-01",
);
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
