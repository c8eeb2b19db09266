/** Every vector, in every runtime for JavaScript, with the package as it is installed. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Installation, installPackage } from "../package/installation.ts";
import { describeIf, describeWith, describeWithPackage, hasProgram, RUNTIMES } from "../tools.ts";
import { openInFirefox, startChromium } from "./conformance/browsers.ts";
import type { Run as Outcome, PageResult } from "./conformance/page-program.ts";
import { type PageServer, servePage } from "./conformance/page-server.ts";
import { bundleProgram } from "./conformance/programs.ts";
import { prove, RUNS, type Run, readTable } from "./conformance/readme-table.ts";
import { misuseCases, nodeReport, vectorFiles } from "./conformance/reference.ts";
import type { Report } from "./conformance/report.ts";
import { startWorker } from "./conformance/workerd.ts";

let installed: Installation;
let vectors: string;
let wanted: Report;
let misused: readonly string[];
beforeAll(async () => {
  installed = installPackage();
  vectors = JSON.stringify({ files: vectorFiles(), misuse: misuseCases() });
  writeFileSync(join(installed.folder, "vectors.json"), vectors);
  await bundleProgram("command-line-program", installed.folder, {
    platform: "node",
    external: ["hostfit"],
  });
  wanted = await nodeReport();
  misused = misuseCases().map(({ name, expect: { from, code } }) => `${name}: as expected: ${from} ${code}`);
});
afterAll(() => installed?.remove());

const PACKAGES: readonly { name: Run; from: string; command: readonly string[] }[] = [
  { name: "Node 22", from: "node22", command: [join(RUNTIMES, "node22/bin/node")] },
  { name: "Node 24", from: "node24", command: [join(RUNTIMES, "node24/bin/node")] },
  { name: "Deno", from: "deno", command: [join(RUNTIMES, ".bin/deno"), "run", "--allow-read=."] },
  { name: "Bun", from: "bun", command: [join(RUNTIMES, ".bin/bun"), "run"] },
];

function runProgram([program, ...args]: readonly string[]): Outcome {
  const told = execFileSync(program!, [...args, "command-line-program.js"], {
    cwd: installed.folder,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    // Nothing of the machine's own settings, and nothing fetched.
    env: { PATH: process.env["PATH"] ?? "", HOME: installed.folder, DENO_NO_UPDATE_CHECK: "1" },
  });
  return JSON.parse(told) as Outcome;
}

describe("this Node", () => {
  test("answers as the vectors say", () => {
    expect(wanted.wrong).toEqual([]);
    expect(wanted.total).toBeGreaterThan(1500);
  });

  test("answers alike with the package as it is installed, loaded with a promise and at once", () => {
    expect(runProgram([process.execPath])).toEqual({ reports: [wanted, wanted], misuse: misused });
    const run = RUNS.find((name) => name === `Node ${process.versions.node.split(".")[0]}`);
    if (run !== undefined) proveInstalled(run, INSTALLED);
  });
});

const INSTALLED = "the installed package, loaded with a promise and at once";

/** After a run whose reports were those of the sources. */
function proveInstalled(run: Run, where: string): void {
  const { total, wrong } = wanted;
  prove({
    run,
    binding: "JavaScript",
    where,
    right: total - wrong.length,
    total,
    same: "every one, as it is parsed",
  });
}

for (const { name, from, command } of PACKAGES) {
  describeWithPackage(from, name, () => {
    test("answers as Node does, byte for byte", () => {
      expect(runProgram(command)).toEqual({ reports: [wanted, wanted], misuse: misused });
      proveInstalled(name, INSTALLED);
    });
  });
}

describeWithPackage("workerd", "workerd", () => {
  test("answers as Node does, byte for byte, with the module that the embedder gives", async () => {
    const worker = await startWorker(installed.folder);
    try {
      const response = await fetch(worker.url, { method: "POST", body: vectors });
      expect(await response.json()).toEqual([wanted, wanted]);
      proveInstalled("workerd", "the installed package with a module that the embedder gives");
    } finally {
      worker.stop();
    }
  });

  test("refuses bytes, which it may not compile, and to go without a module", async () => {
    const worker = await startWorker(installed.folder);
    try {
      const body = readFileSync(join(installed.folder, "hostfit.wasm"));
      const response = await fetch(`${worker.url}refusals`, { method: "POST", body });
      expect(await response.json()).toEqual([
        { name: "LoadError", code: "compile-forbidden" },
        { name: "MisuseError", code: "no-module" },
      ]);
    } finally {
      worker.stop();
    }
  });
});

/** The page with the installed package, unbundled but for the program itself. */
async function serveVectors(): Promise<PageServer> {
  const { folder } = installed;
  // As a bundler does it for pages, but for the wasm, which it copies.
  const script = await bundleProgram("page-program", folder, { platform: "browser" });
  return servePage(
    {
      "/page-program.js": readFileSync(script),
      "/hostfit.wasm": readFileSync(join(folder, "node_modules/hostfit/dist/hostfit.wasm")),
      "/vectors.json": vectors,
    },
    "/page-program.js",
  );
}

const PAGE = "a page and a worker, under `script-src 'self' 'wasm-unsafe-eval'`";

function expectPage(told: string): void {
  const { page, worker, blocked, error } = JSON.parse(told) as PageResult;
  const run = { reports: [wanted], misuse: misused };
  expect({ page, worker, blocked, error }).toEqual({ page: run, worker: run, blocked: [], error: undefined });
}

describeWith("chromium", "Chromium", () => {
  describeWithPackage("playwright-core", "the vectors in Chromium, driven by playwright", () => {
    test("answers as Node does in a page and in a worker, under a strict policy", async () => {
      const server = await serveVectors();
      const browser = await startChromium();
      try {
        await (await browser.newPage()).goto(server.url);
        expectPage(await server.result);
        proveInstalled("Chromium", PAGE);
      } finally {
        await browser.close();
        server.close();
      }
    });
  });
});

describeIf(hasProgram("firefox-esr"), "firefox-esr", "Firefox", () => {
  test("answers as Node does in a page and in a worker, under a strict policy", async () => {
    const server = await serveVectors();
    const close = openInFirefox(server.url);
    try {
      expectPage(await server.result);
      proveInstalled("Firefox", PAGE);
    } finally {
      await close();
      server.close();
    }
  });
});

test("the README tells of nothing that no test runs", () => {
  expect([...readTable().keys()].filter((name) => !RUNS.some((run) => run === name))).toEqual([]);
});
